/* The correlation family behind the model interface. */
#include "models/correlation/model.h"

#include <math.h>
#include <string.h>

#include "support/blocks.h"

static const et_correlation_parameters *parameters_of(const et_definition *definition) { return et_correlation_of(definition); }

static unsigned channels_of(const et_definition *definition) {
  return definition->core->features - (parameters_of(definition)->context != 0u ? 1u : 0u);
}

static et_healthy_shape shape_of(const et_definition *definition) {
  const unsigned channels = channels_of(definition);
  const uint16_t d = (uint16_t)(channels * (parameters_of(definition)->lags + 1u) + channels * (channels - 1u) / 2u);
  return (et_healthy_shape){d, d, parameters_of(definition)->covariance};
}

static uint32_t table_bytes(const et_definition *definition) {
  return parameters_of(definition)->patterns * et_pattern_bytes(shape_of(definition).dimensions);
}

void et_correlation_view_of(const et_model_context *context, et_correlation_view *view) {
  const et_correlation_parameters *p = parameters_of(context->definition);
  view->parameters = p;
  view->inputs = context->definition->core->features;
  view->channels = channels_of(context->definition);
  view->context = (int)p->context - 1;
  view->lags = p->lags;
  view->blocks = (unsigned)p->window / p->hop;
  view->shape = shape_of(context->definition);
  view->regime_bytes = et_healthy_bytes(&view->shape);
  const unsigned d = view->shape.dimensions;
  uint8_t *at = et_align_8((uint8_t *)context->shared + table_bytes(context->definition));
  view->stream = (et_correlation_stream *)(void *)at;
  at += et_up_to_8((uint32_t)sizeof(et_correlation_stream));
  view->products = (int64_t *)(void *)at;
  at += 8u * d;
  view->ring = (float *)(void *)at;
  at += et_up_to_8(4u * view->blocks * (d + view->inputs));
  view->features = (float *)(void *)at;
  view->solved = view->features + d;
  at += 8u * d;
  et_watch_view_of(at, d, &view->watch);
  view->watch.table = (et_pattern_table){context->shared, p->patterns, (uint16_t)d};
  view->watch.alarm_on = p->alarm_on;
  view->watch.alarm_off = p->alarm_off;
  at += et_watch_bytes(d);
  view->history = (int16_t *)(void *)at;
  view->learning = et_align_8(context->work);
}

static et_error check(const et_definition *definition, uint16_t *detail) {
  const et_correlation_parameters *p = parameters_of(definition);
#define FIELD(condition, name)                                     \
  if (!(condition)) {                                              \
    *detail = (uint16_t)offsetof(et_correlation_parameters, name); \
    return ET_DEFINITION_FIELD;                                    \
  }
  FIELD(p->context <= definition->core->features && (p->context == 0u || definition->core->features > 1u), context)
  FIELD(p->window > p->lags, window)
  /* A window is a whole number of hops, so that its sums are those of its blocks. */
  FIELD(p->hop <= p->window && p->window % p->hop == 0u && p->window / p->hop <= ET_CORRELATION_BLOCKS_MAX, hop)
  FIELD(p->score_every <= p->window / p->hop, score_every)
#undef FIELD
  return ET_OK;
}

static uint32_t block_bytes(const et_definition *definition) {
  const et_healthy_shape shape = shape_of(definition);
  return (uint32_t)sizeof(et_correlation_block) + parameters_of(definition)->regimes * et_healthy_bytes(&shape);
}

static void need(const et_definition *definition, et_memory_need *memory) {
  const et_correlation_parameters *p = parameters_of(definition);
  const et_healthy_shape shape = shape_of(definition);
  const uint32_t d = shape.dimensions, blocks = (uint32_t)p->window / p->hop;
  memset(memory, 0, sizeof *memory);
  memory->model_bytes = block_bytes(definition);
  memory->shared_bytes = table_bytes(definition) + ET_SLACK_8 + et_up_to_8((uint32_t)sizeof(et_correlation_stream)) + 8u * d +
                         et_up_to_8(4u * blocks * (d + definition->core->features)) + 8u * d + et_watch_bytes(d) +
                         2u * channels_of(definition) * p->lags;
  memory->work_bytes = ET_SLACK_8 + et_learning_bytes(&shape);
}

static void blank(const et_model_context *context, void *model) { memset(model, 0, block_bytes(context->definition)); }

static et_error validate(const et_model_context *context, const void *model) {
  et_correlation_view view;
  et_correlation_view_of(context, &view);
  const et_correlation_block *block = model;
  if (block->valid == 0u) return et_all_zero(model, block_bytes(context->definition)) ? ET_OK : ET_MODEL_CONTENT;
  if (block->valid != 1u || block->regimes != view.parameters->regimes || block->dimensions != view.shape.dimensions)
    return ET_MODEL_CONTENT;
  bool any = false;
  for (unsigned r = 0; r < block->regimes; r++) {
    const et_healthy *healthy = et_correlation_regime(&view, block, r);
    if (!et_healthy_valid(healthy, &view.shape)) return ET_MODEL_CONTENT;
    any = any || healthy->valid != 0u;
  }
  return any ? ET_OK : ET_MODEL_CONTENT;
}

static et_stream_phase phase(const et_model_context *context) {
  et_correlation_view view;
  et_correlation_view_of(context, &view);
  return (et_stream_phase)view.stream->phase;
}

static bool unfinished(const et_model_context *context, void *running, void *candidate, et_stream_result *result, bool *complete) {
  et_correlation_view view;
  et_correlation_view_of(context, &view);
  et_correlation_stream *s = view.stream;
  et_correlation_block *block = running;
  *complete = false;
  if (view.watch.watch->stitching != 0u) {
    if (block->valid != 1u || view.watch.watch->regime >= block->regimes) view.watch.watch->stitching = 0;
    else return et_watch_stitch(&view.watch, et_correlation_regime(&view, block, view.watch.watch->regime));
  }
  if (et_correlation_window_step(&view, block, result, complete)) return true;
  if (!s->slice) return false;
  s->slice = false;
  if (!et_correlation_learn_slice(&view, candidate)) return false;
  result->learning = s->phase == ET_STREAM_CALIBRATING;
  return true;
}

static bool background(const et_model_context *context, void *running, void *candidate) {
  et_correlation_view view;
  et_correlation_view_of(context, &view);
  (void)running;
  return et_correlation_learn_slice(&view, candidate);
}

static bool watch(const et_model_context *context, const void *running, et_watch_view *view) {
  et_correlation_view own;
  et_correlation_view_of(context, &own);
  *view = own.watch;
  return running != NULL && ((const et_correlation_block *)running)->valid == 1u;
}

static const et_stream_ops stream = {
    .learn = et_correlation_learn,
    .sample = et_correlation_sample,
    .unfinished = unfinished,
    .gap = et_correlation_gap,
    .phase = phase,
    .background = background,
    .watch = watch,
};

const et_model_ops et_correlation = {
    .family = ET_MODEL_CORRELATION,
    .section = &et_section_correlation,
    .check = check,
    .need = need,
    .blank = blank,
    .train_end = et_correlation_train_end,
    .validate = validate,
    .stream = &stream,
};
