/* The process family behind the model interface. */
#include "models/process/model.h"

#include <math.h>
#include <string.h>

#include "support/blocks.h"

static const et_process_parameters *parameters_of(const et_definition *definition) { return et_process_of(definition); }

static unsigned regressors_of(const et_definition *definition) {
  return (unsigned)definition->core->features * parameters_of(definition)->lags + 1u;
}

static et_healthy_shape shape_of(const et_definition *definition) {
  const uint16_t channels = definition->core->features;
  return (et_healthy_shape){channels, channels, ET_COVARIANCE_LARGEST};
}

static uint32_t block_bytes(const et_definition *definition) {
  const et_healthy_shape shape = shape_of(definition);
  const uint32_t channels = definition->core->features;
  return (uint32_t)sizeof(et_process_block) + et_healthy_bytes(&shape) + 4u * channels * (2u + regressors_of(definition));
}

void et_process_view_of(const et_model_context *context, et_process_view *view) {
  const et_process_parameters *p = parameters_of(context->definition);
  const unsigned channels = context->definition->core->features;
  view->parameters = p;
  view->channels = channels;
  view->lags = p->lags;
  view->regressors = regressors_of(context->definition);
  view->shape = shape_of(context->definition);
  view->regime_bytes = et_healthy_bytes(&view->shape);
  uint8_t *at = et_align_8((uint8_t *)context->shared + p->patterns * et_pattern_bytes(channels));
  view->stream = (et_process_stream *)(void *)at;
  at += et_up_to_8((uint32_t)sizeof(et_process_stream));
  et_watch_view_of(at, channels, &view->watch);
  view->watch.table = (et_pattern_table){context->shared, p->patterns, (uint16_t)channels};
  view->watch.alarm_on = p->alarm_on;
  view->watch.alarm_off = p->alarm_off;
  at += et_watch_bytes(channels);
  view->ring = (float *)(void *)at;
  view->features = view->ring + p->window * channels;
  view->history = (int16_t *)(void *)(view->features + channels);

  view->job = et_align_8(context->work);
  view->cross = (int64_t *)(void *)((uint8_t *)view->job + et_up_to_8((uint32_t)sizeof(et_process_job)));
  view->gram = view->cross + view->regressors * channels;
  view->factor = (float *)(void *)(view->gram + et_healthy_packed(view->regressors));
  view->learning_ring = view->factor + et_healthy_packed(view->regressors);
  view->rows = (int16_t *)(void *)(view->learning_ring + p->window * channels);
  view->past = view->rows + ET_PROCESS_ROWS * channels;
}

float *et_process_mean(const et_process_view *view, const et_process_block *block) {
  return (float *)(void *)((uint8_t *)(uintptr_t)(block + 1) + view->regime_bytes);
}
float *et_process_scale(const et_process_view *view, const et_process_block *block) {
  return et_process_mean(view, block) + view->channels;
}
float *et_process_weights(const et_process_view *view, const et_process_block *block, unsigned channel) {
  return et_process_mean(view, block) + 2u * view->channels + channel * view->regressors;
}

static et_error check(const et_definition *definition, uint16_t *detail) {
  const et_process_parameters *p = parameters_of(definition);
#define FIELD(condition, name)                                 \
  if (!(condition)) {                                          \
    *detail = (uint16_t)offsetof(et_process_parameters, name); \
    return ET_DEFINITION_FIELD;                                \
  }
  /* Twice as many samples as a channel has weights. */
  FIELD(p->learning >= 2u * regressors_of(definition) + p->lags, learning)
#undef FIELD
  return ET_OK;
}

static void need(const et_definition *definition, et_memory_need *memory) {
  const et_process_parameters *p = parameters_of(definition);
  const uint32_t channels = definition->core->features, regressors = regressors_of(definition);
  const uint32_t packed = et_healthy_packed(regressors);
  memset(memory, 0, sizeof *memory);
  memory->model_bytes = block_bytes(definition);
  memory->shared_bytes = p->patterns * et_pattern_bytes(channels) + ET_SLACK_8 + et_up_to_8((uint32_t)sizeof(et_process_stream)) +
                         et_watch_bytes(channels) + 4u * channels * (p->window + 1u) + 2u * channels * p->lags;
  memory->work_bytes = ET_SLACK_8 + et_up_to_8((uint32_t)sizeof(et_process_job)) + 8u * regressors * channels + 12u * packed +
                       4u * p->window * channels + 2u * channels * (ET_PROCESS_ROWS + p->lags);
}

static void blank(const et_model_context *context, void *model) { memset(model, 0, block_bytes(context->definition)); }

static void train_end(const et_model_context *context, bool cancelled, et_train_report *report) {
  et_process_view view;
  et_process_view_of(context, &view);
  report->work = 0;
  report->iterations = view.job->samples;
  report->result = cancelled ? ET_CANCELLED : ET_OK;
  if (cancelled) view.stream->phase = ET_STREAM_IDLE; /* the next sample makes it SCORING when a generation runs */
}

static et_error validate(const et_model_context *context, const void *model) {
  et_process_view view;
  et_process_view_of(context, &view);
  const et_process_block *block = model;
  if (block->valid == 0u) return et_all_zero(model, block_bytes(context->definition)) ? ET_OK : ET_MODEL_CONTENT;
  if (block->valid != 1u || block->channels != view.channels || block->lags != view.lags || et_process_healthy(block)->valid != 1u ||
      !et_healthy_valid(et_process_healthy(block), &view.shape))
    return ET_MODEL_CONTENT;
  const float *values = et_process_mean(&view, block);
  for (unsigned i = 0; i < view.channels * (2u + view.regressors); i++) {
    if (!(fabsf(values[i]) <= 1.0e6f)) return ET_MODEL_CONTENT;
  }
  return ET_OK;
}

static et_stream_phase phase(const et_model_context *context) {
  et_process_view view;
  et_process_view_of(context, &view);
  return (et_stream_phase)view.stream->phase;
}

static bool unfinished(const et_model_context *context, void *running, void *candidate, et_stream_result *result, bool *complete) {
  et_process_view view;
  et_process_view_of(context, &view);
  et_process_block *block = running;
  *complete = false;
  if (view.watch.watch->stitching != 0u) return et_watch_stitch(&view.watch, et_process_healthy(block));
  if (et_process_step(&view, block, result, complete)) return true;
  const bool waiting = (view.stream->phase == ET_STREAM_LEARNING || view.stream->phase == ET_STREAM_CALIBRATING) && view.job->waiting;
  if (!view.stream->slice && !waiting) return false;
  view.stream->slice = false;
  if (!et_process_learn_slice(&view, candidate)) return false;
  result->learning = view.stream->phase == ET_STREAM_LEARNING || view.stream->phase == ET_STREAM_CALIBRATING;
  return true;
}

static bool background(const et_model_context *context, void *running, void *candidate) {
  et_process_view view;
  et_process_view_of(context, &view);
  (void)running;
  return et_process_learn_slice(&view, candidate);
}

static bool watch(const et_model_context *context, const void *running, et_watch_view *view) {
  et_process_view own;
  et_process_view_of(context, &own);
  *view = own.watch;
  return running != NULL && ((const et_process_block *)running)->valid == 1u;
}

static const et_stream_ops stream = {
    .learn = et_process_learn,
    .sample = et_process_sample,
    .unfinished = unfinished,
    .gap = et_process_gap,
    .phase = phase,
    .background = background,
    .watch = watch,
};

const et_model_ops et_process = {
    .family = ET_MODEL_PROCESS,
    .section = &et_section_process,
    .check = check,
    .need = need,
    .blank = blank,
    .train_end = train_end,
    .validate = validate,
    .stream = &stream,
};
