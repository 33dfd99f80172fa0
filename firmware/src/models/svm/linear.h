/* Linear SVM: layout of a generation, and what its two halves (decision, training) share. */
#ifndef ET_MODELS_SVM_LINEAR_H
#define ET_MODELS_SVM_LINEAR_H

#include "models/svm/common.h"
#include "models/svm/scale.h"
#include "support/blocks.h"

/* A generation: header, then for each pair of classes an et_svm_linear_pair and its n weights (int16, or int32 with STANDARD
 * scaling, whose folded weights spread over more octaves), padded to four bytes.
 * Decision value of a pair, for a stored row q (int8 or int16):
 *   f = (D + bias) 2^-exponent,  D = sum v[j] q[j] (int8), sum v[j] q[j] >> 8 (int16).
 * Limits that keep D + bias in 32 bits (checked by validate): int16 weights need none (120 * 2^15 * 2^7 < 2^29, and
 * 120 * 2^15 * 2^15 / 2^8 < 2^29); for int32 weights sum |v[j]| <= ET_SVM_LINEAR_WEIGHTS_MAX; |bias| <= 2^30 in all. */
#define ET_SVM_LINEAR_LAYOUT 1u
#define ET_SVM_LINEAR_WEIGHTS_MAX ((int32_t)1 << 22) /* times 2^7, or times 2^15 / 2^8: 2^29 */
#define ET_SVM_LINEAR_BIAS_MAX ((int32_t)1 << 30)
#define ET_SVM_LINEAR_WIDE_SHIFT 8
#define ET_SVM_LINEAR_CAPACITY_MAX 0x2000u /* samples: an index shares 16 bits with three flags during a training */

typedef struct et_svm_linear_header {
  uint8_t layout; /* ET_SVM_LINEAR_LAYOUT; 0 = untrained */
  uint8_t classes;
  uint8_t features;
  uint8_t weight_bytes; /* 2 or 4 */
} et_svm_linear_header;

typedef struct et_svm_linear_pair {
  int32_t bias;
  int8_t exponent; /* -32..40 */
  uint8_t trained; /* 0: a class of the pair had no samples, the pair has no vote */
  uint16_t reserved;
} et_svm_linear_pair;

static inline uint8_t et_svm_linear_weight_bytes(const et_definition *definition) {
  return definition->core->scaling == ET_SCALING_STANDARD ? 4u : 2u;
}
static inline uint32_t et_svm_linear_pair_bytes(const et_definition *definition) {
  const uint32_t weights = (uint32_t)definition->core->features * et_svm_linear_weight_bytes(definition);
  return (uint32_t)sizeof(et_svm_linear_pair) + et_up_to_4(weights);
}
static inline uint32_t et_svm_linear_pair_offset(const et_definition *definition, uint16_t pair) {
  return (uint32_t)sizeof(et_svm_linear_header) + pair * et_svm_linear_pair_bytes(definition);
}
static inline uint32_t et_svm_linear_bytes(const et_definition *definition) {
  return et_svm_linear_pair_offset(definition, et_svm_pairs(definition->core->classes));
}

uint32_t et_svm_linear_work_bytes(const et_definition *definition);
et_error et_svm_linear_train_begin(const et_model_context *context, const et_sample_set *set, const void *running, void *candidate);
et_error et_svm_linear_train_step(const et_model_context *context, uint32_t budget, uint16_t *progress_permille);
void et_svm_linear_train_end(const et_model_context *context, bool cancelled, et_train_report *report);

static inline float et_svm_magnitude(float v) { return v < 0.0f ? -v : v; }
static inline int32_t et_svm_nearest(float v) { return (int32_t)(v < 0.0f ? v - 0.5f : v + 0.5f); }

/* Quantise the weights of one trained pair. `weights` (n, per unit of the stored feature) and `bias` are real numbers; the
 * exponent is the largest that keeps the limits above. */
void et_svm_linear_store_pair(et_svm_linear_pair *pair, uint8_t weight_bytes, uint16_t n, bool wide, const float *weights, float bias);

void et_svm_linear_convert(const et_model_context *context, void *model, uint8_t feature, const et_range_map *map);

extern const et_model_ops et_svm_linear;

#endif
