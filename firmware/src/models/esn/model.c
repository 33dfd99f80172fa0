/* The echo state network behind the model interface. */
#include "models/esn/model.h"

#include <math.h>
#include <string.h>

static bool in_range(float value, float least, float most) { return value >= least && value <= most; }

static et_error check(const et_definition *definition, uint16_t *detail) {
  const et_esn_parameters *p = et_esn_of(definition);
#define FIELD(condition, name)                              \
  if (!(condition)) {                                       \
    *detail = (uint16_t)offsetof(et_esn_parameters, name);  \
    return ET_DEFINITION_FIELD;                             \
  }
  /* A window is a whole number of hops, so that its sums are those of its blocks. */
  FIELD(p->hop <= p->window && p->window % p->hop == 0u && p->window / p->hop <= ET_ESN_BLOCKS_MAX, hop)
  /* Scale and signs, washout, and at least as many pairs as there are weights to a channel. */
  FIELD(p->learning_samples >= ET_ESN_SIGN_DRAWS * ET_ESN_SIGN_LAGS + p->washout + p->units + 1u &&
            p->learning_samples / 4u * 3u >= p->washout + p->units + 1u,
        learning_samples)
#undef FIELD
  return ET_OK;
}

static void need(const et_definition *definition, et_memory_need *memory) {
  memset(memory, 0, sizeof *memory);
  memory->model_bytes = et_esn_block_bytes(definition);
  memory->shared_bytes = et_esn_shared_bytes(definition);
  memory->work_bytes = et_esn_work_bytes(definition);
}

static void blank(const et_model_context *context, void *model) {
  memset(model, 0, et_esn_block_bytes(context->definition));
}

static et_error train_begin(const et_model_context *context, const et_sample_set *set, const void *running, void *candidate) {
  (void)context;
  (void)set;
  (void)running;
  (void)candidate;
  return ET_NOT_SUPPORTED; /* it learns from the stream: see stream.h, learn() */
}

static bool finite_all(const float *values, uint32_t count, float most) {
  for (uint32_t i = 0; i < count; i++) {
    if (!(fabsf(values[i]) <= most)) return false;
  }
  return true;
}

static bool positive_all(const float *values, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!(values[i] > 0.0f && values[i] <= 1.0e9f)) return false;
  }
  return true;
}

static bool tail_valid(const et_esn_tail *tail) {
  return tail->over <= tail->seen && tail->seen > 0u && finite_all(&tail->start, 1, 1.0e9f) &&
         finite_all(&tail->threshold, 1, 1.0e9f) && finite_all(&tail->sum, 1, 1.0e9f) && finite_all(&tail->square, 1, 1.0e18f) &&
         in_range(tail->credit, 0.0f, ET_ESN_CREDIT);
}

static et_error validate(const et_model_context *context, const void *model) {
  const et_definition *definition = context->definition;
  const et_esn_block *block = model;
  const uint32_t channels = definition->core->features, weights = channels * (et_esn_of(definition)->units + 1u);
  if (block->stamp == 0u) { /* untrained: nothing else may be in it */
    const uint8_t *bytes = model;
    for (uint32_t i = 0; i < et_esn_block_bytes(definition); i++) {
      if (bytes[i] != 0) return ET_MODEL_CONTENT;
    }
    return ET_OK;
  }
  if (block->units != et_esn_of(definition)->units || block->channels != channels || block->seed != definition->core->seed) {
    return ET_MODEL_CONTENT;
  }
  const bool valid = block->valid == 1 && block->sign_draw < ET_ESN_SIGN_DRAWS && block->rows >= 2u && block->rows <= ET_ESN_ROWS &&
                     block->stride >= 1u && block->next < block->rows && finite_all(block->centre, 2, 1.0e3f) &&
                     positive_all(block->spread, 2) && finite_all(block->inverse, 3, 1.0e9f) &&
                     block->inverse[0] * block->inverse[2] > block->inverse[1] * block->inverse[1] && block->inverse[0] > 0.0f &&
                     finite_all(&block->rms_centre, 1, 1.0e3f) && positive_all(&block->rms_spread, 1) &&
                     tail_valid(&block->score) && tail_valid(&block->baseline) && positive_all(et_esn_scale(block), channels) &&
                     finite_all(et_esn_scale(block), channels, 2.0f) && /* half a register unit at least */
                     finite_all(et_esn_residual_mean(block), channels, 1.0e3f) &&
                     positive_all(et_esn_residual_spread(block), channels) &&
                     finite_all(et_esn_energy_mean(block), channels, 1.0e3f) &&
                     positive_all(et_esn_energy_spread(block), channels) && et_esn_weights_valid(et_esn_weights(block), weights);
  return valid ? ET_OK : ET_MODEL_CONTENT;
}

static et_stream_phase phase(const et_model_context *context) {
  et_esn_view view;
  et_esn_view_of(context, &view);
  return (et_stream_phase)view.stream->phase;
}

static et_error pattern_merge(const et_model_context *context, uint8_t into, uint8_t from) {
  et_esn_view view;
  et_esn_view_of(context, &view);
  const et_error error =
      et_esn_pattern_merge(view.patterns, view.parameters->patterns, 2u * view.channels, into, from);
  if (error == ET_OK && view.stream->event.pattern == from) view.stream->event.pattern = into;
  return error;
}

static et_error pattern_forget(const et_model_context *context, uint8_t pattern) {
  et_esn_view view;
  et_esn_view_of(context, &view);
  const et_error error = et_esn_pattern_forget(view.patterns, view.parameters->patterns, pattern);
  if (error == ET_OK && view.stream->event.pattern == pattern) view.stream->event.pattern = 0;
  return error;
}

static void pattern_info(const et_model_context *context, uint8_t pattern, uint16_t *hits, bool *confirmed) {
  et_esn_view view;
  et_esn_view_of(context, &view);
  const bool known = pattern >= 1u && pattern <= view.parameters->patterns;
  *hits = known ? view.patterns[pattern - 1u].hits : 0u;
  *confirmed = known && view.patterns[pattern - 1u].confirmed != 0u;
}

static void patterns_span(const et_model_context *context, uint32_t *offset, uint32_t *length) {
  *offset = 0;
  *length = et_esn_of(context->definition)->patterns * (uint32_t)sizeof(et_esn_pattern);
}

static et_error patterns_load(const et_model_context *context, const uint8_t *bytes) {
  et_esn_view view;
  et_esn_view_of(context, &view);
  if (view.stream->event.open) return ET_ALARM_ACTIVE;
  if (!et_esn_patterns_valid(bytes, view.parameters->patterns)) return ET_MODEL_CONTENT;
  memcpy(view.patterns, bytes, view.parameters->patterns * sizeof(et_esn_pattern));
  view.stream->event.pattern = 0; /* the last alarm's number meant another table */
  return ET_OK;
}

static const et_stream_ops stream = {
    .learn = et_esn_learn,
    .sample = et_esn_sample,
    .unfinished = et_esn_unfinished,
    .gap = et_esn_gap,
    .phase = phase,
    .background = et_esn_background,
    .judge = et_esn_judge,
    .pattern_merge = pattern_merge,
    .pattern_forget = pattern_forget,
    .pattern_info = pattern_info,
    .patterns_span = patterns_span,
    .patterns_load = patterns_load,
};

const et_model_ops et_esn = {
    .family = ET_MODEL_ESN,
    .section = &et_section_esn,
    .check = check,
    .need = need,
    .blank = blank,
    .infer = NULL,
    .train_begin = train_begin,
    .train_step = et_esn_train_step,
    .train_end = et_esn_train_end,
    .validate = validate,
    .stream = &stream,
};
