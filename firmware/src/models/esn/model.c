/* The echo state network behind the model interface. */
#include "models/esn/model.h"

#include <math.h>
#include <string.h>

#include "support/blocks.h"

static et_error check(const et_definition *definition, uint16_t *detail) {
  const et_esn_parameters *p = et_esn_of(definition);
#define FIELD(condition, name)                             \
  if (!(condition)) {                                      \
    *detail = (uint16_t)offsetof(et_esn_parameters, name); \
    return ET_DEFINITION_FIELD;                            \
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

static void blank(const et_model_context *context, void *model) { memset(model, 0, et_esn_block_bytes(context->definition)); }

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

static et_error validate(const et_model_context *context, const void *model) {
  const et_definition *definition = context->definition;
  const et_esn_block *block = model;
  const uint32_t channels = definition->core->features, weights = channels * (et_esn_of(definition)->units + 1u);
  if (block->stamp == 0u) return et_all_zero(model, et_esn_block_bytes(definition)) ? ET_OK : ET_MODEL_CONTENT;
  if (block->units != et_esn_of(definition)->units || block->channels != channels || block->seed != definition->core->seed) {
    return ET_MODEL_CONTENT;
  }
  const et_healthy_shape shape = et_esn_shape(definition);
  const et_healthy *healthy = et_esn_healthy(block);
  const bool valid = block->valid == 1 && block->sign_draw < ET_ESN_SIGN_DRAWS && positive_all(et_esn_scale(block), channels) &&
                     finite_all(et_esn_scale(block), channels, 2.0f) && /* half a register unit at least */
                     et_esn_weights_valid(et_esn_weights(block), weights) && healthy->valid == 1u && et_healthy_valid(healthy, &shape);
  return valid ? ET_OK : ET_MODEL_CONTENT;
}

static et_stream_phase phase(const et_model_context *context) {
  et_esn_view view;
  et_esn_view_of(context, &view);
  return (et_stream_phase)view.stream->phase;
}

static bool watch(const et_model_context *context, const void *running, et_watch_view *view) {
  et_esn_view own;
  et_esn_view_of(context, &own);
  *view = own.watch;
  return running != NULL && ((const et_esn_block *)running)->valid == 1u;
}

static const et_stream_ops stream = {
    .learn = et_esn_learn,
    .sample = et_esn_sample,
    .unfinished = et_esn_unfinished,
    .gap = et_esn_gap,
    .phase = phase,
    .background = et_esn_background,
    .watch = watch,
};

const et_model_ops et_esn = {
    .family = ET_MODEL_ESN,
    .section = &et_section_esn,
    .check = check,
    .need = need,
    .blank = blank,
    .train_step = et_esn_train_step,
    .train_end = et_esn_train_end,
    .validate = validate,
    .stream = &stream,
};
