/* The autoencoder behind the model interface. */
#include "models/autoencoder/model.h"

#include <math.h>
#include <string.h>

#include "models/dnn/family.h"
#include "support/blocks.h"

static const et_autoencoder_parameters *parameters_of(const et_definition *definition) { return et_autoencoder_of(definition); }

static unsigned inputs_of(const et_definition *definition) {
  return (unsigned)parameters_of(definition)->window * definition->core->features;
}

static et_healthy_shape shape_of(const et_definition *definition) {
  const uint16_t channels = definition->core->features;
  return (et_healthy_shape){(uint16_t)(2u * channels), (uint16_t)(2u * channels), ET_COVARIANCE_FULL};
}

static uint32_t table_bytes(const et_definition *definition) {
  return parameters_of(definition)->patterns * et_pattern_bytes(shape_of(definition).dimensions);
}

static et_dnn_layer dense(uint32_t units, et_dnn_activation activation) {
  return (et_dnn_layer){.kind = ET_DNN_DENSE, .outputs = (uint16_t)units, .activation = (uint8_t)activation, .update = ET_DNN_ALL};
}

static et_dnn_network network_of(const et_definition *definition, et_dnn_layer *layers) {
  const et_autoencoder_parameters *p = parameters_of(definition);
  uint8_t count = 0;
  if (p->hidden > 0) layers[count++] = dense(p->hidden, ET_DNN_RELU);
  layers[count++] = dense(p->code, ET_DNN_LINEAR);
  if (p->hidden > 0) layers[count++] = dense(p->hidden, ET_DNN_RELU);
  layers[count++] = dense(inputs_of(definition), ET_DNN_LINEAR);
  return (et_dnn_network){.height = 1,
                          .width = (uint16_t)inputs_of(definition),
                          .channels = 1,
                          .format = p->format,
                          .head = ET_DNN_RECONSTRUCTION,
                          .input_scale = ET_AUTOENCODER_UNIT,
                          .layer_count = count,
                          .layers = layers};
}

void et_autoencoder_make(const et_definition *definition, bool training, et_autoencoder_program *program) {
  memset(program, 0, sizeof *program);
  const et_dnn_network network = network_of(definition, program->layers);
  (void)et_dnn_compile(&network, training, program->nodes, &program->plan); /* dense layers of checked sizes */
  program->fingerprint = definition->fingerprint;
  program->self = program;
}

const et_dnn_plan *et_autoencoder_plan(const et_autoencoder_view *view) {
  et_autoencoder_program *program = view->program;
  if (program->self != program || program->fingerprint != view->definition->fingerprint)
    et_autoencoder_make(view->definition, false, program);
  return &program->plan;
}

uint32_t et_autoencoder_recorded_most(const et_definition *definition) {
  const et_autoencoder_parameters *p = parameters_of(definition);
  return p->window + (p->learning - 1u) * p->hop;
}

et_healthy *et_autoencoder_healthy(const et_autoencoder_view *view, const et_autoencoder_block *block) {
  return (et_healthy *)(void *)(et_autoencoder_scale(block) + view->channels);
}

uint8_t *et_autoencoder_network(const et_autoencoder_view *view, const et_autoencoder_block *block) {
  return (uint8_t *)et_autoencoder_healthy(view, block) + et_healthy_bytes(&view->shape);
}

/* What depends on the plan. */
typedef struct et_autoencoder_sizes {
  uint32_t model, work, training_work;
} et_autoencoder_sizes;

static et_autoencoder_sizes sizes_of(const et_definition *definition) {
  const et_healthy_shape shape = shape_of(definition);
  et_dnn_layer layers[ET_AUTOENCODER_LAYERS_MAX];
  const et_dnn_network network = network_of(definition, layers);
  et_dnn_plan plan;
  et_autoencoder_sizes sizes;
  (void)et_dnn_compile(&network, false, et_dnn_draft, &plan);
  sizes.work = et_up_to_8(plan.work_bytes);
  (void)et_dnn_compile(&network, true, et_dnn_draft, &plan);
  sizes.training_work = et_up_to_8(plan.work_bytes);
  sizes.model = (uint32_t)sizeof(et_autoencoder_block) + 4u * definition->core->features + et_healthy_bytes(&shape) + plan.model_bytes;
  return sizes;
}

void et_autoencoder_view_of(const et_model_context *context, et_autoencoder_view *view) {
  const et_definition *definition = context->definition;
  const et_autoencoder_parameters *p = parameters_of(definition);
  view->definition = definition;
  view->parameters = p;
  view->channels = definition->core->features;
  view->inputs = inputs_of(definition);
  view->blocks = (unsigned)p->window / p->hop;
  view->shape = shape_of(definition);
  const unsigned d = view->shape.dimensions;
  uint8_t *at = et_align_8((uint8_t *)context->shared + table_bytes(definition));
  view->stream = (et_autoencoder_stream *)(void *)at;
  at += et_up_to_8((uint32_t)sizeof(et_autoencoder_stream));
  et_watch_view_of(at, d, &view->watch);
  view->watch.table = (et_pattern_table){context->shared, p->patterns, (uint16_t)d};
  view->watch.alarm_on = p->alarm_on;
  view->watch.alarm_off = p->alarm_off;
  at += et_up_to_8(et_watch_bytes(d));
  view->features = (float *)(void *)at;
  view->solved = view->features + d;
  at += 8u * d;
  view->program = (et_autoencoder_program *)(void *)at;
  at += et_up_to_8((uint32_t)sizeof(et_autoencoder_program));
  view->frames = (int16_t *)(void *)at;
  at += et_up_to_8(2u * view->inputs);
  view->coded = (int8_t *)at;
  view->work = at + et_up_to_8(view->inputs); /* last: its size is the plan's */
  view->job = et_align_8(context->work);
  at = (uint8_t *)view->job + et_up_to_8((uint32_t)sizeof(et_autoencoder_job));
  view->learning = (et_learning *)(void *)at;
  at += et_up_to_8(et_learning_bytes(&view->shape));
  view->recording.starts = (uint32_t *)(void *)at;
  at += et_up_to_8(4u * p->learning);
  view->recording.samples = (int8_t *)at;
  view->recording.channels = view->channels;
  view->job_work = at + et_up_to_8(et_autoencoder_recorded_most(definition) * view->channels);
}

static et_error check(const et_definition *definition, uint16_t *detail) {
  const et_autoencoder_parameters *p = parameters_of(definition);
#define FIELD(condition, name)                                     \
  if (!(condition)) {                                              \
    *detail = (uint16_t)offsetof(et_autoencoder_parameters, name); \
    return ET_DEFINITION_FIELD;                                    \
  }
  FIELD(inputs_of(definition) <= ET_AUTOENCODER_INPUTS_MAX, window)
  FIELD(p->hop <= p->window && p->window % p->hop == 0u && p->window / p->hop <= ET_AUTOENCODER_BLOCKS_MAX, hop)
  FIELD(p->score_every <= p->window / p->hop, score_every)
  FIELD(p->code < inputs_of(definition), code)
  /* The last third, without the windows that share samples with those before. */
  FIELD(p->learning / 3u >= ET_LEARNING_WINDOWS_MIN + (uint32_t)p->window / p->hop, learning)
#undef FIELD
  return ET_OK;
}

static void need(const et_definition *definition, et_memory_need *memory) {
  const et_autoencoder_sizes sizes = sizes_of(definition);
  const et_healthy_shape shape = shape_of(definition);
  const uint32_t d = shape.dimensions, inputs = inputs_of(definition);
  memset(memory, 0, sizeof *memory);
  memory->model_bytes = sizes.model;
  memory->shared_bytes = table_bytes(definition) + ET_SLACK_8 + et_up_to_8((uint32_t)sizeof(et_autoencoder_stream)) +
                         et_up_to_8(et_watch_bytes(d)) + 8u * d + et_up_to_8((uint32_t)sizeof(et_autoencoder_program)) +
                         et_up_to_8(2u * inputs) + et_up_to_8(inputs) + sizes.work;
  memory->work_bytes = ET_SLACK_8 + et_up_to_8((uint32_t)sizeof(et_autoencoder_job)) + et_up_to_8(et_learning_bytes(&shape)) +
                       et_up_to_8(4u * parameters_of(definition)->learning) +
                       et_up_to_8(et_autoencoder_recorded_most(definition) * definition->core->features) + sizes.training_work;
}

static void blank(const et_model_context *context, void *model) { memset(model, 0, sizes_of(context->definition).model); }

static et_error validate(const et_model_context *context, const void *model) {
  et_autoencoder_view view;
  et_autoencoder_view_of(context, &view);
  const et_autoencoder_block *block = model;
  if (block->valid == 0u) return et_all_zero(model, sizes_of(context->definition).model) ? ET_OK : ET_MODEL_CONTENT;
  if (block->valid != 1u || block->channels != view.channels || block->window != view.parameters->window) return ET_MODEL_CONTENT;
  for (unsigned k = 0; k < view.channels; k++) {
    const float scale = et_autoencoder_scale(block)[k];
    if (!(scale > 0.0f && scale <= 4.0f)) return ET_MODEL_CONTENT; /* the rounding of a register alone gives 3.5 */
  }
  const et_healthy *healthy = et_autoencoder_healthy(&view, block);
  if (!et_healthy_valid(healthy, &view.shape) || healthy->valid != 1u) return ET_MODEL_CONTENT;
  const et_dnn net = {et_autoencoder_plan(&view), et_autoencoder_network(&view, block), NULL, view.work};
  return et_dnn_valid(&net) ? ET_OK : ET_MODEL_CONTENT;
}

static et_stream_phase phase(const et_model_context *context) {
  et_autoencoder_view view;
  et_autoencoder_view_of(context, &view);
  return (et_stream_phase)view.stream->phase;
}

static bool unfinished(const et_model_context *context, void *running, void *candidate, et_stream_result *result, bool *complete) {
  et_autoencoder_view view;
  et_autoencoder_view_of(context, &view);
  et_autoencoder_stream *s = view.stream;
  et_autoencoder_block *block = running;
  *complete = false;
  if (view.watch.watch->stitching != 0u) {
    if (block->valid != 1u) view.watch.watch->stitching = 0;
    else return et_watch_stitch(&view.watch, et_autoencoder_healthy(&view, block));
  }
  if (et_autoencoder_window_step(&view, block, candidate, result, complete)) return true;
  if (!s->slice) return false;
  s->slice = false;
  if (!et_autoencoder_learn_slice(&view, candidate)) return false;
  result->learning = s->phase == ET_STREAM_CALIBRATING;
  return true;
}

static bool background(const et_model_context *context, void *running, void *candidate) {
  et_autoencoder_view view;
  et_autoencoder_view_of(context, &view);
  (void)running;
  return et_autoencoder_learn_slice(&view, candidate);
}

static bool watch(const et_model_context *context, const void *running, et_watch_view *view) {
  et_autoencoder_view own;
  et_autoencoder_view_of(context, &own);
  *view = own.watch;
  return running != NULL && ((const et_autoencoder_block *)running)->valid == 1u;
}

static const et_stream_ops stream = {
    .learn = et_autoencoder_learn,
    .sample = et_autoencoder_sample,
    .unfinished = unfinished,
    .gap = et_autoencoder_gap,
    .phase = phase,
    .background = background,
    .watch = watch,
};

const et_model_ops et_autoencoder = {
    .family = ET_MODEL_AUTOENCODER,
    .section = &et_section_autoencoder,
    .check = check,
    .need = need,
    .blank = blank,
    .train_end = et_autoencoder_train_end,
    .validate = validate,
    .stream = &stream,
};
