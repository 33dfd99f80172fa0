#include "models/svm/kernel.h"

#include <string.h>

#include "models/svm/multiplier.h"
#include "support/blocks.h"

static et_error check(const et_definition *definition, uint16_t *detail) {
  const et_svm_parameters *parameters = et_svm_of(definition);
  if (parameters->gamma != 0.0f && parameters->gamma < 1e-6f) *detail = (uint16_t)offsetof(et_svm_parameters, gamma);
  else if (parameters->kernel == ET_KERNEL_POLYNOMIAL && parameters->degree < 1u) *detail = (uint16_t)offsetof(et_svm_parameters, degree);
  else if (parameters->sv_budget == 1u) *detail = (uint16_t)offsetof(et_svm_parameters, sv_budget); /* one of each class at least */
  else return ET_OK;
  return ET_DEFINITION_FIELD;
}

void et_svm_kernel_find_places(const et_definition *definition, et_svm_kernel_places *places) {
  const uint32_t pairs = et_svm_pairs(definition->core->classes);
  const uint32_t feature_bytes = definition->core->storage == ET_STORAGE_INT8 ? 1u : 2u;
  uint32_t most = definition->core->capacity;
  if (et_svm_of(definition)->sv_budget > 0 && pairs * et_svm_of(definition)->sv_budget < most) {
    most = pairs * et_svm_of(definition)->sv_budget;
  }
  places->scale = (uint32_t)sizeof(et_svm_kernel_header);
  places->biases = places->scale;
  if (definition->core->scaling == ET_SCALING_STANDARD) {
    places->biases += et_up_to_4(definition->core->features * (uint32_t)sizeof(et_svm_scale));
  }
  places->rows = places->biases + pairs * (uint32_t)sizeof(et_svm_kernel_bias);
  places->row_features = 2u + 2u * (definition->core->classes - 1u);
  places->row_bytes = et_up_to_4(places->row_features + definition->core->features * feature_bytes);
  places->rows_most = (uint16_t)most;
  places->bytes = places->rows + most * places->row_bytes;
}

static uint32_t scaled_row_bytes(const et_definition *definition) { return et_up_to_4(2u * definition->core->features); }

/* Bytes of the scratch: a sum per pair, and two scaled rows. */
static uint32_t scratch_bytes(const et_definition *definition) {
  return 4u * et_svm_pairs(definition->core->classes) +
         (definition->core->scaling == ET_SCALING_STANDARD ? 2u * scaled_row_bytes(definition) : 0u);
}

static void need(const et_definition *definition, et_memory_need *need) {
  et_svm_kernel_places places;
  et_svm_kernel_find_places(definition, &places);
  need->model_bytes = places.bytes;
  need->shared_bytes = scratch_bytes(definition); /* the stack of a small board has no room for it */
  need->sample_bytes = 2u * (definition->core->classes - 1u);
  need->work_bytes = et_svm_kernel_work_bytes(definition);
  if (need->work_bytes < scratch_bytes(definition)) need->work_bytes = scratch_bytes(definition);
}

static void blank(const et_model_context *context, void *model) {
  et_svm_kernel_places places;
  et_svm_kernel_find_places(context->definition, &places);
  memset(model, 0, places.bytes);
}

static int32_t to_margin(float f) { /* saturates; a NaN counts as the boundary */
  if (f >= 128.0f) return ET_SVM_MARGIN_MAX;
  if (f <= -128.0f) return -ET_SVM_MARGIN_MAX;
  return f == f ? (int32_t)(f * (float)ET_SVM_MARGIN_ONE) : 0;
}

/* A decision under way. Its scratch lies in the shared memory for the loop, in the workspace for an evaluation, which the loop's own
 * decisions interrupt. */
typedef struct kernel_decision {
  const et_definition *definition;
  const uint8_t *block;
  const void *features;
  et_svm_kernel_places places;
  float *sums; /* of y alpha / C K, per pair */
  int16_t *z;  /* the features, scaled to unit variance */
  int16_t *z_row;
} kernel_decision;

static void decision_at(const et_model_context *context, const void *model, const void *features, void *scratch, kernel_decision *now) {
  now->definition = context->definition;
  now->block = model;
  now->features = features;
  et_svm_kernel_find_places(context->definition, &now->places);
  now->sums = scratch;
  now->z = (int16_t *)(void *)(now->sums + et_svm_pairs(context->definition->core->classes));
  now->z_row = now->z + scaled_row_bytes(context->definition) / 2u;
}

static const et_svm_scale *scale_of(const kernel_decision *now) {
  return (const et_svm_scale *)(const void *)(now->block + now->places.scale);
}

static void decision_begin(const kernel_decision *now) {
  const et_definition *definition = now->definition;
  if (definition->core->scaling == ET_SCALING_STANDARD)
    et_svm_scale_row(scale_of(now), now->features, definition->core->storage, definition->core->features, now->z);
  for (uint16_t p = 0; p < et_svm_pairs(definition->core->classes); p++) now->sums[p] = 0.0f;
}

/* Adds what the support vectors `from` to `to` say. */
static void decision_add(const kernel_decision *now, uint16_t from, uint16_t to) {
  const et_definition *definition = now->definition;
  const bool standard = definition->core->scaling == ET_SCALING_STANDARD;
  const uint8_t classes = definition->core->classes;
  et_svm_kernel_function function;
  et_svm_kernel_function_begin(now->definition, &function);
  for (uint16_t r = from; r < to; r++) {
    const uint8_t *row = now->block + now->places.rows + r * now->places.row_bytes;
    const uint16_t *codes = (const uint16_t *)(const void *)(row + 2);
    const uint8_t own = row[0];
    const void *stored = row + now->places.row_features;
    if (standard) et_svm_scale_row(scale_of(now), stored, definition->core->storage, definition->core->features, now->z_row);
    const float value = et_svm_kernel_value(&function, standard ? (const void *)now->z : now->features, standard ? now->z_row : stored);
    for (uint8_t other = 0; other < classes; other++) {
      if (other == own) continue;
      const uint16_t code = codes[et_svm_slot(own, other)];
      if (code == 0) continue;
      const uint8_t low = own < other ? own : other, high = own < other ? other : own;
      const uint32_t pair = (uint32_t)low * classes - low * (low + 1u) / 2u + (high - low - 1u);
      const float term = et_svm_multiplier_to_float(code) * value;
      now->sums[pair] += own < other ? term : -term;
    }
  }
}

static void decision_end(const kernel_decision *now, et_decision *decision) {
  const uint8_t classes = now->definition->core->classes;
  const et_svm_kernel_bias *biases = (const et_svm_kernel_bias *)(const void *)(now->block + now->places.biases);
  et_svm_votes votes;
  et_svm_votes_begin(&votes, classes);
  uint8_t positive = 0, negative = 1;
  uint16_t pair = 0;
  do {
    if (biases[pair].trained != 0) {
      const float f = et_svm_of(now->definition)->cost * now->sums[pair] + biases[pair].bias;
      et_svm_vote(&votes, positive, negative, to_margin(f));
    }
    pair++;
  } while (et_svm_next_pair(classes, &positive, &negative));
  et_svm_votes_decide(&votes, classes, decision);
}

/* Untrained: the default class. */
static bool untrained(const et_model_context *context, const void *model, et_decision *decision) {
  if (((const et_svm_kernel_header *)model)->layout != 0) return false;
  decision->output_class = context->definition->core->default_class;
  decision->confidence = 0;
  return true;
}

static void infer(const et_model_context *context, const void *model, const void *features, et_decision *decision) {
  kernel_decision now;
  if (untrained(context, model, decision)) return;
  decision_at(context, model, features, context->shared, &now);
  decision_begin(&now);
  decision_add(&now, 0, ((const et_svm_kernel_header *)model)->rows);
  decision_end(&now, decision);
}

static bool infer_step(const et_model_context *context, void *scratch, const void *model, const void *features, uint16_t *cursor,
                       uint32_t budget, et_decision *decision) {
  const et_definition *definition = context->definition;
  const uint16_t rows = ((const et_svm_kernel_header *)model)->rows;
  /* A kernel value, its exponential or power, and a term for every other class. */
  const uint32_t row_cost = definition->core->features + 32u + 4u * definition->core->classes;
  const uint32_t step = budget / row_cost + 1u;
  kernel_decision now;
  if (untrained(context, model, decision)) return true;
  decision_at(context, model, features, scratch != NULL ? scratch : context->shared, &now);
  if (*cursor == 0u) decision_begin(&now);
  const uint16_t to = (uint16_t)(*cursor + step < rows ? *cursor + step : rows);
  decision_add(&now, *cursor, to);
  *cursor = to;
  if (to < rows) return false;
  decision_end(&now, decision);
  return true;
}

static et_error validate(const et_model_context *context, const void *model) {
  const et_definition *definition = context->definition;
  const et_svm_kernel_header *header = model;
  const uint8_t *block = model;
  et_svm_kernel_places places;
  et_svm_kernel_find_places(context->definition, &places);
  if (header->layout == 0) return et_all_zero(model, places.bytes) ? ET_OK : ET_MODEL_CONTENT;
  if (header->layout != ET_SVM_KERNEL_LAYOUT || header->classes != definition->core->classes ||
      header->features != definition->core->features || header->kernel != et_svm_of(definition)->kernel ||
      header->rows > places.rows_most || header->reserved != 0) {
    return ET_MODEL_CONTENT;
  }
  if (definition->core->scaling == ET_SCALING_STANDARD) {
    const et_svm_scale *scale = (const et_svm_scale *)(const void *)(block + places.scale);
    for (uint8_t j = 0; j < definition->core->features; j++) {
      if (scale[j].multiplier > 16383u || scale[j].shift > 30u || scale[j].reserved != 0) return ET_MODEL_CONTENT;
    }
  }
  const et_svm_kernel_bias *biases = (const et_svm_kernel_bias *)(const void *)(block + places.biases);
  bool any = false;
  for (uint16_t p = 0; p < et_svm_pairs(definition->core->classes); p++) {
    if (!(biases[p].bias >= -ET_SVM_KERNEL_BIAS_MAX && biases[p].bias <= ET_SVM_KERNEL_BIAS_MAX) || biases[p].trained > 1)
      return ET_MODEL_CONTENT;
    any = any || biases[p].trained != 0;
  }
  for (uint16_t r = 0; r < header->rows; r++) {
    const uint8_t *row = block + places.rows + r * places.row_bytes;
    if (row[0] >= definition->core->classes || row[1] != 0) return ET_MODEL_CONTENT;
  }
  return any ? ET_OK : ET_MODEL_CONTENT;
}

const et_model_ops et_svm_kernel_ops = {
    .family = ET_MODEL_SVM_KERNEL,
    .section = &et_section_svm,
    .check = check,
    .need = need,
    .blank = blank,
    .infer = infer,
    .infer_step = infer_step,
    .train_begin = et_svm_kernel_train_begin,
    .train_step = et_svm_kernel_train_step,
    .train_end = et_svm_kernel_train_end,
    .validate = validate,
    .stream = NULL,
};
