#include "models/svm/linear.h"

#include <string.h>

#include "models/kernels/dot.h"
#include "support/blocks.h"

/* An index shares 16 bits with flags during a training. */
ET_STORED(linear_capacity, ET_CAPACITY_MAX <= ET_SVM_LINEAR_CAPACITY_MAX);

static void need(const et_definition *definition, et_memory_need *need) {
  need->model_bytes = et_svm_linear_bytes(definition);
  need->shared_bytes = 0;
  need->sample_bytes = 2u * (definition->core->classes - 1u); /* one multiplier per pair the sample takes part in */
  need->work_bytes = et_svm_linear_work_bytes(definition);
}

/* A linear model means the same whatever it was trained with. */
static uint32_t meaning(const et_definition *definition, uint32_t crc) {
  (void)definition;
  return crc;
}

static void blank(const et_model_context *context, void *model) { memset(model, 0, et_svm_linear_bytes(context->definition)); }

/* Decision value of one pair in 1/65536. */
static int32_t pair_margin(const et_svm_linear_pair *pair, const et_definition *definition, const void *features) {
  const uint16_t n = definition->core->features;
  const void *weights = pair + 1;
  int32_t sum;
  if (definition->core->storage == ET_STORAGE_INT8) {
    sum = definition->core->scaling == ET_SCALING_STANDARD ? et_dot_32x8(weights, features, n) : et_dot_16x8(weights, features, n);
  } else {
    const int64_t wide =
        definition->core->scaling == ET_SCALING_STANDARD ? et_dot_32x16(weights, features, n) : et_dot_16x16(weights, features, n);
    sum = (int32_t)(wide >> ET_SVM_LINEAR_WIDE_SHIFT);
  }
  sum += pair->bias; /* 2^29 + 2^30 */
  int shift = pair->exponent - 16;
  if (shift >= 0) return shift > 31 ? (sum < 0 ? -1 : 0) : sum >> shift;
  if (shift < -23) shift = -23;
  const int32_t most = ET_SVM_MARGIN_MAX >> -shift; /* what is beyond saturates in the vote anyway */
  if (sum > most) return ET_SVM_MARGIN_MAX;
  if (sum < -most) return -ET_SVM_MARGIN_MAX;
  return sum * ((int32_t)1 << -shift);
}

static void infer(const et_model_context *context, const void *model, const void *features, et_decision *decision) {
  const et_definition *definition = context->definition;
  const et_svm_linear_header *header = model;
  const uint8_t classes = definition->core->classes;
  if (header->layout == 0) {
    decision->output_class = definition->core->default_class;
    decision->confidence = 0;
    return;
  }
  const uint8_t *at = (const uint8_t *)model + sizeof *header;
  if (classes == 2) { /* no vote to count */
    const int32_t margin = pair_margin((const et_svm_linear_pair *)(const void *)at, definition, features);
    decision->output_class = margin > 0 ? 0 : 1;
    decision->confidence = et_svm_confidence(margin > 0 ? margin : -margin);
    return;
  }
  et_svm_votes votes;
  et_svm_votes_begin(&votes, classes);
  uint8_t positive = 0, negative = 1;
  do {
    const et_svm_linear_pair *pair = (const et_svm_linear_pair *)(const void *)at;
    if (pair->trained != 0) et_svm_vote(&votes, positive, negative, pair_margin(pair, definition, features));
    at += et_svm_linear_pair_bytes(definition);
  } while (et_svm_next_pair(classes, &positive, &negative));
  et_svm_votes_decide(&votes, classes, decision);
}

static et_error validate(const et_model_context *context, const void *model) {
  const et_definition *definition = context->definition;
  const et_svm_linear_header *header = model;
  if (header->layout == 0) return et_all_zero(model, et_svm_linear_bytes(definition)) ? ET_OK : ET_MODEL_CONTENT;
  if (header->layout != ET_SVM_LINEAR_LAYOUT || header->classes != definition->core->classes ||
      header->features != definition->core->features || header->weight_bytes != et_svm_linear_weight_bytes(definition)) {
    return ET_MODEL_CONTENT;
  }
  const uint8_t *at = (const uint8_t *)model + sizeof *header;
  bool any = false;
  for (uint16_t p = 0; p < et_svm_pairs(header->classes); p++, at += et_svm_linear_pair_bytes(definition)) {
    const et_svm_linear_pair *pair = (const et_svm_linear_pair *)(const void *)at;
    if (pair->trained > 1 || pair->reserved != 0 || pair->exponent < -32 || pair->exponent > 40) return ET_MODEL_CONTENT;
    if (pair->bias > ET_SVM_LINEAR_BIAS_MAX || pair->bias < -ET_SVM_LINEAR_BIAS_MAX) return ET_MODEL_CONTENT;
    any = any || pair->trained != 0;
    if (header->weight_bytes != 4) continue;
    const int32_t *weights = (const int32_t *)(const void *)(pair + 1);
    int64_t sum = 0;
    for (uint8_t j = 0; j < header->features; j++) sum += weights[j] < 0 ? -(int64_t)weights[j] : weights[j];
    if (sum > ET_SVM_LINEAR_WEIGHTS_MAX) return ET_MODEL_CONTENT;
  }
  return any ? ET_OK : ET_MODEL_CONTENT;
}

void et_svm_linear_store_pair(et_svm_linear_pair *pair, uint8_t weight_bytes, uint16_t n, bool wide, const float *weights, float bias) {
  float largest = 0.0f, total = 0.0f;
  for (uint16_t j = 0; j < n; j++) {
    const float v = et_svm_magnitude(weights[j]);
    if (v > largest) largest = v;
    total += v;
  }
  /* Room is left for rounding: each weight may grow by one half. The bias is in units of D, which for int16 features is
   * 2^8 coarser than the weights. */
  const float most = weight_bytes == 2 ? 32766.0f : (float)(ET_SVM_LINEAR_WEIGHTS_MAX - 64);
  const float load = weight_bytes == 2 ? largest : total;
  const float bias_most = (float)ET_SVM_LINEAR_BIAS_MAX * 0.9f;
  float scale = 1.0f; /* 2^exponent of D */
  int exponent = 0;
  const float lift = wide ? 256.0f : 1.0f; /* weights carry 2^(exponent + 8) then */
  while (exponent < 40 && load * lift * scale * 2.0f <= most && et_svm_magnitude(bias) * scale * 2.0f <= bias_most) {
    scale *= 2.0f;
    exponent++;
  }
  while (exponent > -32 && (load * lift * scale > most || et_svm_magnitude(bias) * scale > bias_most)) {
    scale *= 0.5f;
    exponent--;
  }
  const float factor = lift * scale;
  for (uint16_t j = 0; j < n; j++) {
    const int32_t v = et_svm_nearest(weights[j] * factor);
    if (weight_bytes == 2) ((int16_t *)(void *)(pair + 1))[j] = (int16_t)v;
    else ((int32_t *)(void *)(pair + 1))[j] = v;
  }
  pair->bias = et_svm_nearest(bias * scale);
  pair->exponent = (int8_t)exponent;
  pair->trained = 1;
  pair->reserved = 0;
}

const et_model_ops et_svm_linear = {
    .family = ET_MODEL_SVM_LINEAR,
    .section = &et_section_svm,
    .check = NULL,
    .need = need,
    .meaning = meaning,
    .blank = blank,
    .infer = infer,
    .train_begin = et_svm_linear_train_begin,
    .train_step = et_svm_linear_train_step,
    .train_end = et_svm_linear_train_end,
    .convert = et_svm_linear_convert,
    .validate = validate,
    .stream = NULL,
};
