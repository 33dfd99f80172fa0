#include "models/dnn/family.h"

#include <string.h>

#include "models/dnn/parts.h"
#include "models/kernels/arithmetic.h"
#include "models/kernels/exponential.h"
#include "support/blocks.h"
#include "support/crc.h"
#include "support/register_value.h"

/* The blob holds layers as the network takes them. */
ET_STORED(layer_bytes, sizeof(et_layer_entry) == sizeof(et_dnn_layer));
ET_STORED(layer_kind, offsetof(et_layer_entry, kind) == offsetof(et_dnn_layer, kind));
ET_STORED(layer_activation, offsetof(et_layer_entry, activation) == offsetof(et_dnn_layer, activation));
ET_STORED(layer_padding, offsetof(et_layer_entry, padding) == offsetof(et_dnn_layer, padding));
ET_STORED(layer_update, offsetof(et_layer_entry, update) == offsetof(et_dnn_layer, update));
ET_STORED(layer_kernel_h, offsetof(et_layer_entry, kernel_h) == offsetof(et_dnn_layer, kernel_h));
ET_STORED(layer_kernel_w, offsetof(et_layer_entry, kernel_w) == offsetof(et_dnn_layer, kernel_w));
ET_STORED(layer_stride_h, offsetof(et_layer_entry, stride_h) == offsetof(et_dnn_layer, stride_h));
ET_STORED(layer_stride_w, offsetof(et_layer_entry, stride_w) == offsetof(et_dnn_layer, stride_w));
ET_STORED(layer_outputs, offsetof(et_layer_entry, outputs) == offsetof(et_dnn_layer, outputs));
ET_STORED(layer_trained_rows, offsetof(et_layer_entry, trained_rows) == offsetof(et_dnn_layer, trained_rows));
ET_STORED(layer_input, offsetof(et_layer_entry, input) == offsetof(et_dnn_layer, input));
ET_STORED(layer_other, offsetof(et_layer_entry, other) == offsetof(et_dnn_layer, other));
ET_STORED(layer_dense, (int)ET_LAYER_DENSE == (int)ET_DNN_DENSE && (int)ET_LAYER_SOFTMAX == (int)ET_DNN_SOFTMAX);
ET_STORED(layer_relu6, (int)ET_ACTIVATION_RELU6 == (int)ET_DNN_RELU6 && (int)ET_PADDING_SAME == (int)ET_DNN_SAME);
ET_STORED(layer_all, (int)ET_UPDATE_ALL == (int)ET_DNN_ALL && (int)ET_NUMBER_FORMAT_F32 == (int)ET_DNN_F32);
ET_STORED(layer_format, offsetof(et_layer_entry, format) == offsetof(et_dnn_layer, format));
ET_STORED(layer_f32, (int)ET_LAYER_FORMAT_NETWORK == (int)ET_DNN_AS_NETWORK && (int)ET_LAYER_FORMAT_F32 == (int)ET_DNN_LAYER_F32);
ET_STORED(layers_most, ET_LAYERS_MAX <= ET_DNN_LAYERS_MAX);

/* The compiled network of decisions, in the shared memory; its nodes lie behind it, then the buffers. */
typedef struct et_dnn_program {
  const void *self;     /* where it was made: it holds pointers, and the arena moves when a definition is replaced */
  const void *blob;     /* of the definition that it was made from, */
  uint32_t fingerprint; /* and its checksum */
  bool places;          /* the order of the inputs means something */
  bool placed;          /* its buffers have their places */
  et_dnn_rest rest;
  et_train_curve curve;
  et_dnn_plan plan;
  et_dnn_node nodes[];
} et_dnn_program;

static uint32_t program_bytes(const et_definition *definition) {
  return ET_POINTER_SLACK + (uint32_t)sizeof(et_dnn_program) + (definition->entry_count + 1u) * (uint32_t)sizeof(et_dnn_node);
}

et_dnn_node et_dnn_draft[ET_LAYERS_MAX + 1u];

static et_dnn_network network_of(const et_definition *definition) {
  const et_dnn_parameters *parameters = et_dnn_of(definition);
  et_dnn_network network;
  memset(&network, 0, sizeof network);
  network.height = parameters->height;
  network.channels = parameters->channels;
  network.width = parameters->width;
  const uint32_t column = (uint32_t)parameters->height * parameters->channels;
  if (network.width == 0u && column != 0u) network.width = (uint16_t)(et_row_values(definition) / column);
  network.format = parameters->format;
  network.head = definition->output_count != 0u ? ET_DNN_VALUES : ET_DNN_CLASSES;
  network.input_scale = parameters->input_scale != 0.0f ? parameters->input_scale : 1.0f / 127.0f;
  network.input_zero = (int8_t)parameters->input_zero;
  network.fixed_ranges = parameters->fixed_ranges != 0u;
  network.layer_count = (uint8_t)definition->entry_count;
  network.layers = definition->entries;
  return network;
}

void et_dnn_shape_definition(const et_definition *definition, bool training, et_dnn_node *nodes, et_dnn_plan *plan) {
  const et_dnn_network network = network_of(definition);
  (void)et_dnn_shape_up(&network, training, nodes, plan);
}

et_dnn_status et_dnn_compile_definition(const et_definition *definition, bool training, et_dnn_node *nodes, et_dnn_plan *plan) {
  const et_dnn_network network = network_of(definition);
  return et_dnn_compile(&network, training, nodes, plan);
}

/* The plan without its buffers; the nodes are those of `et_dnn_draft`. */
static et_dnn_status shape_up(const et_definition *definition, et_dnn_plan *plan) {
  const et_dnn_network network = network_of(definition);
  return et_dnn_shape_up(&network, true, et_dnn_draft, plan);
}

/* ---- What the loop asks of a definition ---- */

static et_error check(const et_definition *definition, uint16_t *detail) {
  const et_dnn_parameters *parameters = et_dnn_of(definition);
  const et_dnn_layer *layers = definition->entries;
  et_dnn_plan plan;
  uint32_t inputs;
  *detail = 0;
  if (definition->core->storage != ET_STORAGE_INT8) *detail = et_field_from(definition, &definition->core->storage);
  else if (definition->core->scaling != ET_SCALING_RANGE) *detail = et_field_from(definition, &definition->core->scaling);
  else if (parameters->lambda_max < parameters->lambda_min) *detail = (uint16_t)offsetof(et_dnn_parameters, lambda_max);
  if (*detail != 0u) return ET_DEFINITION_FIELD;
  *detail = (uint16_t)offsetof(et_dnn_parameters, width);
  inputs = (uint32_t)parameters->height * parameters->channels;
  if (inputs > et_row_values(definition)) return ET_DEFINITION_FIELD;
  inputs *= parameters->width != 0u ? parameters->width : et_row_values(definition) / inputs;
  if (inputs != et_row_values(definition)) return ET_DEFINITION_FIELD;
  if (shape_up(definition, &plan) != ET_DNN_OK) {
    *detail = et_field_from(definition, &layers[plan.layer == 0u ? 0u : plan.layer - 1u]);
    return ET_DEFINITION_FIELD;
  }
  *detail = et_field_from(definition, &layers[definition->entry_count - 1]);
  const uint8_t wanted = definition->output_count != 0u ? definition->output_count : definition->core->classes;
  return et_dnn_outputs(&plan) == wanted ? ET_OK : ET_DEFINITION_FIELD;
}

/* Where a decision stands. */
#define CURSOR_BYTES (et_up_to_4((uint32_t)sizeof(et_dnn_cursor)))

static void need(const et_definition *definition, et_memory_need *need) {
  et_dnn_plan plan;
  (void)et_dnn_compile_definition(definition, false, et_dnn_draft, &plan);
  need->work_bytes = CURSOR_BYTES + et_up_to_4(plan.work_bytes) + et_dnn_room_bytes(definition);
  need->shared_bytes = program_bytes(definition) + need->work_bytes;
  (void)et_dnn_compile_definition(definition, true, et_dnn_draft, &plan);
  need->model_bytes = et_dnn_generation_bytes(&plan);
  need->sample_bytes = 0;
  if (et_dnn_train_work_bytes(definition, &plan) > need->work_bytes) need->work_bytes = et_dnn_train_work_bytes(definition, &plan);
}

/* Shapes make the numbers; rates and ends of trainings do not. Where neighbours matter, the places of the features do. */
static uint32_t meaning(const et_definition *definition, uint32_t crc) {
  const et_dnn_parameters *parameters = et_dnn_of(definition);
  et_dnn_parameters shape;
  et_dnn_plan plan;
  memset(&shape, 0, sizeof shape);
  shape.input_scale = parameters->input_scale;
  shape.height = parameters->height;
  shape.width = parameters->width;
  shape.channels = parameters->channels;
  shape.input_zero = parameters->input_zero;
  shape.format = parameters->format;
  shape.fixed_ranges = parameters->fixed_ranges;
  crc = et_crc32(crc, (const uint8_t *)&shape, (uint32_t)sizeof shape);
  for (uint8_t i = 0; i < definition->output_count; i++) { /* a number of the network is a place in the output's range */
    const et_output *output = &definition->outputs[i];
    crc = et_crc32(crc, (const uint8_t *)&output->min, 2u);
    crc = et_crc32(crc, (const uint8_t *)&output->max, 2u);
    crc = et_crc32(crc, (const uint8_t *)&output->identity, 4u);
    crc = et_crc32(crc, (const uint8_t *)&output->scale, 4u);
  }
  crc = et_crc32(crc, definition->entries, definition->entry_count * (uint32_t)sizeof(et_dnn_layer));
  (void)shape_up(definition, &plan);
  if (definition->positions == NULL || et_array_count(definition) != 0u || !et_dnn_reads_places(&plan)) return crc;
  return et_crc32(crc, definition->positions, definition->core->features);
}

/* ---- Decisions ---- */

/* What is kept beside the plan of decisions, forgotten with the definition. */
static et_dnn_program *program_of(const et_model_context *context) {
  const et_definition *definition = context->definition;
  et_dnn_program *program = et_align_pointers(context->shared);
  if (program->self == program && program->blob == definition->blob && program->fingerprint == definition->fingerprint) return program;
  memset(program, 0, sizeof *program);
  program->self = program;
  program->blob = definition->blob;
  program->fingerprint = definition->fingerprint;
  return program;
}

/* The plan of decisions, made where it is not yet. */
static et_dnn_program *planned(const et_model_context *context) {
  et_dnn_program *program = program_of(context);
  if (program->plan.nodes != NULL) return program;
  et_dnn_shape_definition(context->definition, false, program->nodes, &program->plan);
  program->places = et_dnn_reads_places(&program->plan);
  return program;
}

et_dnn_rest *et_dnn_rest_of(const et_model_context *context) { return &program_of(context)->rest; }
et_train_curve *et_dnn_curve_of(const et_model_context *context) { return &program_of(context)->curve; }
static const et_train_curve *train_curve(const et_model_context *context) { return et_dnn_curve_of(context); }

static bool has_floats(const et_dnn_plan *plan) {
  for (uint8_t k = 0; k <= plan->network.layer_count; k++)
    if (et_dnn_is_float(&plan->nodes[k]) || et_dnn_gives_floats(&plan->nodes[k])) return true;
  return false;
}

uint32_t et_dnn_budget(const et_dnn_plan *plan, uint32_t budget) {
  if (!has_floats(plan)) return budget;
  return budget > ET_FLOAT_WORK ? budget / ET_FLOAT_WORK : 1u;
}

static uint8_t *behind_program(const et_model_context *context) { return (uint8_t *)context->shared + program_bytes(context->definition); }

uint32_t et_dnn_room_bytes(const et_definition *definition) { return et_up_to_4(et_plain_features(definition)); }

const int8_t *et_dnn_inputs(const et_definition *definition, bool places, const void *features, int8_t *room) {
  const int8_t *row = features;
  if (!places || definition->positions == NULL || et_array_count(definition) != 0u) return row;
  for (uint8_t i = 0; i < definition->core->features; i++) room[et_feature_position(definition, i)] = row[i];
  return room;
}

static void blank(const et_model_context *context, void *model) { memset(model, 0, et_dnn_generation_bytes(&planned(context)->plan)); }

/* A generation is only read by decisions, but the net of a training writes it. */
static et_dnn net_of(const et_dnn_plan *plan, const void *model, void *work) {
  union {
    const void *read;
    void *write;
  } generation = {.read = model};
  return et_dnn_net(plan, generation.write, work);
}

static bool untrained(const et_model_context *context, const void *model, et_decision *decision) {
  if (((const et_dnn_stamp *)model)->layout != 0u) return false;
  decision->output_class = context->definition->core->default_class;
  decision->confidence = 0;
  return true;
}

/* Continuous outputs: -1 and 1 are the ends of the range. */
static void outputs(const et_model_context *context, void *scratch, const void *model, int16_t *values) {
  et_dnn_program *program = planned(context);
  uint8_t *place = scratch != NULL ? scratch : behind_program(context);
  const et_dnn net = net_of(&program->plan, model, place + CURSOR_BYTES);
  for (uint8_t i = 0; i < context->definition->output_count; i++) {
    const et_output *output = &context->definition->outputs[i];
    const float half = 0.5f * (float)((int32_t)output->max - output->min), middle = 0.5f * (float)((int32_t)output->max + output->min);
    const float value = middle + half * et_dnn_output(&net, i);
    /* A number that is none fails both comparisons and becomes the least value. */
    values[i] = value >= (float)output->max ? output->max : value > (float)output->min ? et_register_value(value) : output->min;
  }
}

/* The largest output; its probability among all, in permille, is the confidence. */
static void read_decision(const et_dnn *net, et_decision *decision) {
  if (net->plan->network.head == ET_DNN_VALUES) {
    decision->output_class = 0;
    decision->confidence = 1000;
    return;
  }
  const uint16_t best = et_dnn_largest_output(net), count = et_dnn_outputs(net->plan);
  const float largest = et_dnn_output(net, best);
  float share = largest;
  if (net->plan->logits == net->plan->output) {
    float sum = 0.0f;
    for (uint16_t i = 0; i < count; i++) sum += et_exponential(et_dnn_output(net, i) - largest);
    share = 1.0f / sum;
  }
  decision->output_class = (uint8_t)best;
  decision->confidence = (uint16_t)(1000.0f * share + 0.5f);
  if (!(share > 0.001f)) decision->confidence = 1; /* 0 means untrained */
  if (decision->confidence > 1000u) decision->confidence = 1000u;
}

/* `scratch`: where the decision stands, then the buffers of the plan, then one row of inputs. */
static bool infer_step(const et_model_context *context, void *scratch, const void *model, const void *features, uint16_t *cursor,
                       uint32_t budget, et_decision *decision) {
  et_dnn_program *program = planned(context);
  uint8_t *place = scratch != NULL ? scratch : behind_program(context);
  et_dnn_cursor *state = (et_dnn_cursor *)(void *)place;
  uint8_t *work = place + CURSOR_BYTES;
  if (untrained(context, model, decision)) return true;
  if (!program->placed) {
    program->placed = et_dnn_place_step(&program->plan, budget);
    if (budget != UINT32_MAX) return false;
  }
  const et_dnn net = net_of(&program->plan, model, work);
  if (*cursor == 0u) {
    int8_t *room = (int8_t *)work + et_up_to_4(program->plan.work_bytes);
    et_dnn_infer_begin(et_dnn_inputs(context->definition, program->places, features, room), state);
  }
  *cursor = 1;
  if (et_dnn_infer_step(&net, state, et_dnn_budget(&program->plan, budget)) == ET_DNN_BUSY) return false;
  read_decision(&net, decision);
  return true;
}

static void infer(const et_model_context *context, const void *model, const void *features, et_decision *decision) {
  uint16_t cursor = 0;
  while (!infer_step(context, NULL, model, features, &cursor, UINT32_MAX, decision)) continue;
}

/* Beside the sums: what it takes to go from layer to layer. */
#define LAYER_UNITS 32u

static uint32_t cost(const et_model_context *context) {
  const et_dnn_plan *plan = &planned(context)->plan;
  const uint32_t units = plan->forward_macs + LAYER_UNITS * (plan->network.layer_count + 1u);
  if (!has_floats(plan)) return units;
  return units < UINT32_MAX / ET_FLOAT_WORK ? units * ET_FLOAT_WORK : UINT32_MAX;
}

static et_error validate(const et_model_context *context, const void *model) {
  const et_dnn_plan *plan = &planned(context)->plan;
  const et_dnn_stamp *stamp = model;
  if (stamp->layout == 0u) return et_all_zero(model, et_dnn_generation_bytes(plan)) ? ET_OK : ET_MODEL_CONTENT;
  if (stamp->layout != ET_DNN_GENERATION_LAYOUT || stamp->format != plan->network.format || stamp->layers != plan->network.layer_count ||
      stamp->reserved != 0u)
    return ET_MODEL_CONTENT;
  const et_dnn net = net_of(plan, model, behind_program(context));
  return et_dnn_valid(&net) ? ET_OK : ET_MODEL_CONTENT;
}

const et_model_ops et_dnn_family = {
    .family = ET_MODEL_DNN,
    .section = &et_section_dnn,
    .list = &et_section_layers,
    .list_most = ET_LAYERS_MAX,
    .arrays = true,
    .check = check,
    .need = need,
    .meaning = meaning,
    .blank = blank,
    .infer = infer,
    .infer_step = infer_step,
    .outputs = outputs,
    .cost = cost,
    .train_begin = et_dnn_family_train_begin,
    .train_step = et_dnn_family_train_step,
    .train_end = et_dnn_family_train_end,
    .train_curve = train_curve,
    .validate = validate,
};
