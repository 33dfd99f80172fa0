/* STANDARD scaling: mean and deviation of every feature, learned from the samples that are trained on.
 * z = (q - mean) / deviation, as 16-bit fixed point with ET_SVM_Z_ONE = 1.0, cut at +-8 deviations. */
#ifndef ET_MODELS_SVM_SCALE_H
#define ET_MODELS_SVM_SCALE_H

#include "edge_trainer/model.h"

#define ET_SVM_Z_ONE 4096

/* z = (t * multiplier) >> shift with t = 256 q - mean (8-bit features) or q - mean (16-bit). multiplier < 2^14 and |t| <= 2^16,
 * so the product fits 31 bits. A feature that never varies has multiplier 0: it says nothing. */
typedef struct et_svm_scale {
  int16_t mean;
  uint16_t multiplier;
  uint8_t shift; /* 0..30 */
  uint8_t reserved;
} et_svm_scale;

/* Learn feature `j` from the samples of `set` that are not held out. One pass over the set. */
void et_svm_scale_learn(const et_definition *definition, const et_sample_set *set, uint16_t j, et_svm_scale *scale);

/* Scale one stored row (int8 or int16, n features) to z. */
void et_svm_scale_row(const et_svm_scale *scale, const void *row, uint8_t storage, uint16_t n, int16_t *z);

#endif
