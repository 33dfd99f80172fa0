/* Kernel SVM: layout of a generation, and what its two halves (decision, training) share. */
#ifndef ET_MODELS_SVM_KERNEL_H
#define ET_MODELS_SVM_KERNEL_H

#include "models/svm/common.h"
#include "models/svm/kernel_function.h"
#include "models/svm/scale.h"

/* A generation: header; the scales of all features (STANDARD only); a bias for each pair of classes; the support vectors.
 * A support vector is stored once for all pairs: its class, classes - 1 multipliers as models/svm/multiplier.h codes (place:
 * et_svm_slot; 0 = not in that pair), then its stored row; padded to four bytes. Its sign in a pair follows from its class.
 *   f of a pair = C sum over its support vectors of y alpha / C K(row, q) + bias */
#define ET_SVM_KERNEL_LAYOUT 1u
#define ET_SVM_KERNEL_BIAS_MAX 1e30f

typedef struct et_svm_kernel_header {
  uint8_t layout; /* ET_SVM_KERNEL_LAYOUT; 0 = untrained */
  uint8_t classes;
  uint8_t features;
  uint8_t kernel;
  uint16_t rows; /* support vectors */
  uint16_t reserved;
} et_svm_kernel_header;

typedef struct et_svm_kernel_bias {
  float bias;
  uint32_t trained; /* 0: a class of the pair had no samples, the pair has no vote; else 1 */
} et_svm_kernel_bias;

/* Places within the block, from the definition. */
typedef struct et_svm_kernel_places {
  uint32_t scale, biases, rows; /* byte offsets */
  uint32_t row_bytes;           /* one support vector */
  uint32_t row_features;        /* offset of its features */
  uint16_t rows_most;
  uint32_t bytes;
} et_svm_kernel_places;
void et_svm_kernel_find_places(const et_definition *definition, et_svm_kernel_places *places);

uint32_t et_svm_kernel_work_bytes(const et_definition *definition);
et_error et_svm_kernel_train_begin(const et_model_context *context, const et_sample_set *set, const void *running, void *candidate);
et_error et_svm_kernel_train_step(const et_model_context *context, uint32_t budget, uint16_t *progress_permille);
void et_svm_kernel_train_end(const et_model_context *context, bool cancelled, et_train_report *report);

extern const et_model_ops et_svm_kernel_ops;

#endif
