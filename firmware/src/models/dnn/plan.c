/* A network's plan: shapes, what is fused, what is trained, where the parameters lie. plan_memory.c places the buffers. */
#include "models/dnn/parts.h"
#include "support/blocks.h"

#define SIDE_MAX 4096u
#define ELEMENTS_MAX 0x00ffffffu

static bool has_weights(const et_dnn_node *node) { return node->operation == ET_DNN_DO_CONVOLVE || node->operation == ET_DNN_DO_DEPTHWISE; }

static et_dnn_status resolve_input(const et_dnn_plan *plan, uint8_t reference, uint8_t k, uint8_t *node) {
  uint8_t from = reference;
  if (reference == ET_DNN_PREVIOUS) from = (uint8_t)(k - 1u);
  if (reference == ET_DNN_NETWORK_INPUT) from = 0;
  if (from >= k) return ET_DNN_INPUT;
  *node = plan->nodes[from].owner;
  return ET_DNN_OK;
}

static bool window_output(uint16_t in, uint8_t kernel, uint8_t stride, uint8_t padding, uint16_t *out, uint8_t *before) {
  *before = 0;
  if (kernel == 0 || stride == 0) return false;
  if (padding == ET_DNN_VALID) {
    if (kernel > in) return false;
    *out = (uint16_t)((in - kernel) / stride + 1);
    return true;
  }
  *out = (uint16_t)((in + stride - 1u) / stride);
  const int32_t missing = (*out - 1) * stride + kernel - in;
  if (missing > 0) *before = (uint8_t)(missing / 2);
  return true;
}

static et_dnn_status window_shape(et_dnn_node *node) {
  et_dnn_layer *layer = &node->layer;
  if (layer->padding > ET_DNN_SAME) return ET_DNN_KIND;
  if (!window_output(node->in.h, layer->kernel_h, layer->stride_h, layer->padding, &node->mid.h, &node->pad_top) ||
      !window_output(node->in.w, layer->kernel_w, layer->stride_w, layer->padding, &node->mid.w, &node->pad_left))
    return ET_DNN_SHAPE;
  return ET_DNN_OK;
}

static et_dnn_status dense_shape(et_dnn_node *node) {
  const uint32_t inputs = et_dnn_elements(node->in);
  if (inputs > ET_DNN_ROW_MAX) return ET_DNN_LARGE;
  /* One position, whose only pixel holds all inputs. */
  node->in = (et_dnn_shape){1, 1, (uint16_t)inputs};
  node->mid = (et_dnn_shape){1, 1, node->layer.outputs};
  node->layer.kernel_h = node->layer.kernel_w = node->layer.stride_h = node->layer.stride_w = 1;
  node->layer.padding = ET_DNN_VALID;
  node->row = inputs;
  node->operation = ET_DNN_DO_CONVOLVE;
  return node->layer.outputs == 0 ? ET_DNN_SHAPE : ET_DNN_OK;
}

static et_dnn_status convolution_shape(et_dnn_node *node) {
  const bool depthwise = node->layer.kind == ET_DNN_DEPTHWISE;
  if (node->layer.outputs == 0) return ET_DNN_SHAPE;
  const et_dnn_status status = window_shape(node);
  if (status != ET_DNN_OK) return status;
  const uint32_t taps = (uint32_t)node->layer.kernel_h * node->layer.kernel_w;
  const uint32_t channels = depthwise ? (uint32_t)node->in.c * node->layer.outputs : node->layer.outputs;
  node->row = depthwise ? taps : taps * node->in.c;
  if (channels > UINT16_MAX || node->row > ET_DNN_ROW_MAX) return ET_DNN_LARGE;
  if (depthwise && node->layer.trained_rows != 0) return ET_DNN_KIND;
  node->mid.c = (uint16_t)channels;
  node->operation = depthwise ? ET_DNN_DO_DEPTHWISE : ET_DNN_DO_CONVOLVE;
  return ET_DNN_OK;
}

static et_dnn_status pool_shape(et_dnn_node *node) {
  if (node->layer.kind == ET_DNN_GLOBAL_AVERAGE_POOL) {
    if (node->in.h > UINT8_MAX || node->in.w > UINT8_MAX) return ET_DNN_LARGE;
    node->layer.kernel_h = (uint8_t)node->in.h;
    node->layer.kernel_w = (uint8_t)node->in.w;
  }
  if (node->layer.stride_h == 0) node->layer.stride_h = node->layer.kernel_h;
  if (node->layer.stride_w == 0) node->layer.stride_w = node->layer.kernel_w;
  node->mid.c = node->in.c;
  node->operation = node->layer.kind == ET_DNN_MAX_POOL ? ET_DNN_DO_MAX : ET_DNN_DO_AVERAGE;
  const et_dnn_status status = window_shape(node);
  if (status != ET_DNN_OK) return status;
  /* The argmax is a byte. */
  return (uint32_t)node->layer.kernel_h * node->layer.kernel_w > 255u && node->operation == ET_DNN_DO_MAX ? ET_DNN_LARGE : ET_DNN_OK;
}

static bool same_shape(et_dnn_shape a, et_dnn_shape b) { return a.h == b.h && a.w == b.w && a.c == b.c; }

static et_dnn_status plan_shape(const et_dnn_plan *plan, uint8_t k, et_dnn_node *node) {
  et_dnn_layer *layer = &node->layer;
  if (layer->activation > ET_DNN_RELU6 || layer->update > ET_DNN_ALL || layer->format > ET_DNN_LAYER_F32) return ET_DNN_KIND;
  if (layer->format != ET_DNN_AS_NETWORK && layer->kind > ET_DNN_DEPTHWISE) return ET_DNN_KIND;
  node->owner = k;
  node->pool_h = node->pool_w = 1;
  const bool pool = layer->kind >= ET_DNN_MAX_POOL && layer->kind <= ET_DNN_GLOBAL_AVERAGE_POOL;
  if (layer->activation != ET_DNN_LINEAR && layer->kind >= ET_DNN_MAX_POOL && layer->kind != ET_DNN_ADD) return ET_DNN_KIND;
  if (layer->stride_h == 0 && !pool) layer->stride_h = 1;
  if (layer->stride_w == 0 && !pool) layer->stride_w = 1;
  et_dnn_status status = ET_DNN_OK;
  switch (layer->kind) {
  case ET_DNN_DENSE: status = dense_shape(node); break;
  case ET_DNN_CONV:
  case ET_DNN_DEPTHWISE: status = convolution_shape(node); break;
  case ET_DNN_MAX_POOL:
  case ET_DNN_AVERAGE_POOL:
  case ET_DNN_GLOBAL_AVERAGE_POOL: status = pool_shape(node); break;
  case ET_DNN_FLATTEN:
    if (et_dnn_elements(node->in) > UINT16_MAX) return ET_DNN_LARGE;
    node->mid = (et_dnn_shape){1, 1, (uint16_t)et_dnn_elements(node->in)};
    node->operation = ET_DNN_DO_NOTHING;
    node->owner = node->input;
    break;
  case ET_DNN_ADD:
    if (!same_shape(node->in, plan->nodes[node->other].out)) return ET_DNN_SHAPE;
    node->mid = node->in;
    node->operation = ET_DNN_DO_ADD;
    break;
  case ET_DNN_SOFTMAX:
    node->mid = node->in;
    node->operation = ET_DNN_DO_SOFTMAX;
    break;
  default: return ET_DNN_KIND;
  }
  node->out = node->mid;
  return status;
}

/* Shape that a layer reads: through a flatten the tensor of an earlier node in another shape. */
static et_dnn_shape read_shape(const et_dnn_plan *plan, uint8_t reference, uint8_t k) {
  if (reference == ET_DNN_PREVIOUS) return plan->nodes[k - 1].out;
  if (reference == ET_DNN_NETWORK_INPUT) return plan->nodes[0].out;
  return plan->nodes[reference].out;
}

static uint8_t readers(const et_dnn_plan *plan, uint8_t owner) {
  uint8_t count = 0;
  for (uint8_t k = 1; k <= plan->network.layer_count; k++) {
    const et_dnn_node *node = &plan->nodes[k];
    if (node->operation == ET_DNN_DO_NOTHING) continue;
    count = (uint8_t)(count + (node->input == owner) + (node->operation == ET_DNN_DO_ADD && node->other == owner));
  }
  return count;
}

/* A maximum over at most four neighbours that do not overlap is taken by the convolution before it: only the pooled activation and
 * two bits of argmax are kept. */
static void fuse_pools(et_dnn_plan *plan) {
  for (uint8_t k = 2; k <= plan->network.layer_count; k++) {
    et_dnn_node *pool = &plan->nodes[k], *before = &plan->nodes[k - 1];
    const et_dnn_layer *layer = &pool->layer;
    if (pool->operation != ET_DNN_DO_MAX || pool->input != k - 1 || before->operation != ET_DNN_DO_CONVOLVE) continue;
    if (layer->kernel_h * layer->kernel_w > 4 || layer->stride_h != layer->kernel_h || layer->stride_w != layer->kernel_w) continue;
    if (readers(plan, (uint8_t)(k - 1)) != 1 || pool->pad_top != 0 || pool->pad_left != 0) continue;
    if (pool->mid.h * layer->kernel_h > before->mid.h || pool->mid.w * layer->kernel_w > before->mid.w) continue;
    before->pool_h = layer->kernel_h;
    before->pool_w = layer->kernel_w;
    before->out = pool->out;
    pool->operation = ET_DNN_DO_NOTHING;
    pool->owner = (uint8_t)(k - 1);
    for (uint8_t j = k; j <= plan->network.layer_count; j++) {
      et_dnn_node *later = &plan->nodes[j];
      if (later->input == k) later->input = (uint8_t)(k - 1);
      if (later->other == k) later->other = (uint8_t)(k - 1);
      if (later->owner == k) later->owner = (uint8_t)(k - 1);
    }
  }
}

/* Does layer k compute in floats where nothing reads it: by its own word, or as the layer with weights that it works on. */
static bool own_floats(const et_dnn_plan *plan, uint8_t k) {
  while (k != 0 && !has_weights(&plan->nodes[k])) k = plan->nodes[k].input;
  const uint8_t format = k == 0 ? (uint8_t)ET_DNN_AS_NETWORK : plan->nodes[k].layer.format;
  return format == ET_DNN_AS_NETWORK ? plan->network.format == ET_DNN_F32 : format == ET_DNN_LAYER_F32;
}

/* Formats, from the last layer to the input. A tensor has the format of the layers that read it, which have to be of one mind; a layer
 * without weights computes as its readers do. */
static et_dnn_status mark_formats(et_dnn_plan *plan) {
  for (uint8_t k = (uint8_t)(plan->network.layer_count + 1u); k-- > 0;) {
    et_dnn_node *node = &plan->nodes[k];
    bool is_read = false, floats = own_floats(plan, k);
    if (has_weights(node) && floats) node->flags |= ET_DNN_IN_FLOATS;
    if (node->owner != k) continue;
    for (uint8_t j = (uint8_t)(k + 1u); j <= plan->network.layer_count; j++) {
      if (!et_dnn_reads(&plan->nodes[j], k)) continue;
      if (is_read && floats != et_dnn_is_float(&plan->nodes[j])) {
        plan->layer = j;
        return ET_DNN_FORMAT;
      }
      is_read = true;
      floats = et_dnn_is_float(&plan->nodes[j]);
    }
    if (floats) node->flags |= ET_DNN_GIVES_FLOATS | (has_weights(node) ? 0u : ET_DNN_IN_FLOATS);
  }
  return ET_DNN_OK;
}

/* Which errors are wanted: an error is needed for every tensor behind which, towards the input, something is trained. */
static void mark_training(et_dnn_plan *plan) {
  uint8_t reads[ET_DNN_LAYERS_MAX + 1u] = {0}; /* of each tensor */
  for (uint8_t k = 1; k <= plan->network.layer_count; k++) {
    const et_dnn_node *node = &plan->nodes[k];
    if (node->operation == ET_DNN_DO_NOTHING) continue;
    reads[node->input]++;
    if (node->operation == ET_DNN_DO_ADD) reads[node->other]++;
  }
  for (uint8_t k = 1; k <= plan->network.layer_count; k++) {
    et_dnn_node *node = &plan->nodes[k];
    if (node->operation == ET_DNN_DO_NOTHING || k > plan->logits) continue;
    if (has_weights(node) && node->layer.update != ET_DNN_FROZEN) {
      node->flags |= ET_DNN_BIASES;
      if (node->layer.update == ET_DNN_ALL) node->flags |= ET_DNN_WEIGHTS;
      if (plan->first_trained == 0) plan->first_trained = k;
    }
    const bool below = (plan->nodes[node->input].flags & ET_DNN_WANTS_ERROR) != 0 ||
                       (node->operation == ET_DNN_DO_ADD && (plan->nodes[node->other].flags & ET_DNN_WANTS_ERROR) != 0);
    if (below) node->flags |= ET_DNN_PASSES_ERROR;
    if (below || (node->flags & ET_DNN_BIASES) != 0) node->flags |= ET_DNN_WANTS_ERROR;
    if (reads[k] > 1) node->flags |= ET_DNN_SHARED;
  }
}

/* Ranges follow the data where nothing that is frozen was made for them. */
static void mark_ranges(et_dnn_plan *plan) {
  et_dnn_node *head = &plan->nodes[plan->logits];
  if (head->operation == ET_DNN_DO_CONVOLVE && (head->flags & ET_DNN_WEIGHTS) && et_dnn_trained_rows(head) == head->out.c &&
      readers(plan, plan->logits) == 0 && head->layer.activation == ET_DNN_LINEAR && head->pool_h * head->pool_w == 1)
    head->flags |= ET_DNN_GIVES_FLOATS;
  if (plan->network.fixed_ranges) return;
  for (uint8_t k = 1; k <= plan->network.layer_count; k++) {
    et_dnn_node *node = &plan->nodes[k];
    if (!et_dnn_gives_floats(node) && (has_weights(node) || node->operation == ET_DNN_DO_ADD)) node->flags |= ET_DNN_ADAPTIVE;
  }
}

typedef struct et_dnn_room {
  uint32_t model, frozen;
} et_dnn_room;

static uint32_t place(et_dnn_room *room, bool trained, uint32_t bytes) {
  uint32_t *end = trained ? &room->model : &room->frozen;
  const uint32_t at = *end;
  *end = et_up_to_4(at + bytes);
  return trained ? at : at | ET_DNN_FROZEN_PLACE;
}

static void place_parameters(et_dnn_plan *plan) {
  et_dnn_room room = {(uint32_t)sizeof(et_dnn_range) * (plan->network.layer_count + 1u), 0};
  for (uint8_t k = 1; k <= plan->network.layer_count; k++) {
    et_dnn_node *node = &plan->nodes[k];
    const bool f32 = et_dnn_is_float(node);
    const uint32_t size = f32 ? 4u : 1u;
    if (!has_weights(node)) continue;
    const uint32_t channels = node->out.c, trained = et_dnn_trained_rows(node);
    const bool weights = trained > 0;
    plan->parameters += channels * (node->row + 1u);
    /* The last row's last block may reach three bytes further. */
    node->weights = place(&room, true, trained > 0 ? trained * node->row * size + 3u : 0);
    /* Where nothing is frozen there may be no such block. */
    node->rest = place(&room, trained == channels, trained < channels ? (channels - trained) * node->row * size + 3u : 0);
    /* What follows from a range changes with it, also where the weights stay. */
    const bool follows = weights || (!f32 && !plan->network.fixed_ranges);
    node->biases = place(&room, (node->flags & ET_DNN_BIASES) != 0 || follows, channels * 4u);
    if (f32) continue;
    node->residuals = place(&room, true, trained * node->row);
    node->scales = place(&room, follows, channels * 4u);
    if (et_dnn_gives_floats(node)) continue;
    node->multipliers = place(&room, follows, channels * 4u);
    node->shifts = place(&room, follows, channels);
  }
  plan->model_bytes = room.model;
  plan->frozen_bytes = room.frozen;
}

static et_dnn_status check_head(et_dnn_plan *plan) {
  const uint8_t count = plan->network.layer_count;
  plan->output = plan->logits = plan->nodes[count].owner;
  for (uint8_t k = 1; k < count; k++)
    if (plan->nodes[k].operation == ET_DNN_DO_SOFTMAX) {
      plan->layer = k;
      return ET_DNN_HEAD;
    }
  if (plan->nodes[count].operation == ET_DNN_DO_SOFTMAX) plan->logits = plan->nodes[count].input;
  const uint32_t outputs = et_dnn_elements(plan->nodes[plan->output].out);
  const bool fits = plan->network.head == ET_DNN_CLASSES  ? outputs >= 2 && outputs <= UINT16_MAX && plan->logits != 0
                    : plan->network.head == ET_DNN_VALUES ? outputs <= ET_DNN_OUTPUTS_MAX && plan->logits == plan->output
                                                          : outputs == et_dnn_elements(plan->nodes[0].out) && plan->logits == plan->output;
  if (fits && plan->network.head <= ET_DNN_RECONSTRUCTION) return ET_DNN_OK;
  plan->layer = count;
  return ET_DNN_HEAD;
}

static et_dnn_status plan_nodes(et_dnn_plan *plan) {
  const et_dnn_network *network = &plan->network;
  et_dnn_node *input = &plan->nodes[0];
  memset(input, 0, sizeof *input);
  input->in = input->mid = input->out = (et_dnn_shape){network->height, network->width, network->channels};
  const uint32_t inputs = et_dnn_elements(input->out);
  if (inputs == 0) return ET_DNN_SHAPE;
  if (network->height > SIDE_MAX || network->width > SIDE_MAX || inputs > ELEMENTS_MAX) return ET_DNN_LARGE;
  for (uint8_t k = 1; k <= network->layer_count; k++) {
    et_dnn_node *node = &plan->nodes[k];
    const et_dnn_layer *layer = &network->layers[k - 1];
    memset(node, 0, sizeof *node);
    node->layer = *layer;
    plan->layer = k;
    et_dnn_status status = resolve_input(plan, layer->input, k, &node->input);
    if (status == ET_DNN_OK && layer->kind == ET_DNN_ADD) status = resolve_input(plan, layer->other, k, &node->other);
    if (status != ET_DNN_OK) return status;
    node->in = read_shape(plan, layer->input, k);
    if (layer->kind == ET_DNN_ADD && !same_shape(node->in, read_shape(plan, layer->other, k))) return ET_DNN_SHAPE;
    status = plan_shape(plan, k, node);
    if (status != ET_DNN_OK) return status;
    if (node->mid.h > SIDE_MAX || node->mid.w > SIDE_MAX) return ET_DNN_LARGE;
    if ((uint64_t)node->mid.h * node->mid.w * node->mid.c > ELEMENTS_MAX) return ET_DNN_LARGE;
    const uint32_t taps = (uint32_t)node->layer.kernel_h * node->layer.kernel_w;
    const uint32_t terms = taps * (node->operation == ET_DNN_DO_DEPTHWISE ? node->layer.outputs : node->mid.c);
    if (has_weights(node) && terms > ET_DNN_ERROR_TERMS_MAX) return ET_DNN_LARGE;
    if ((uint64_t)plan->parameters + (uint64_t)node->mid.c * (node->row + 1u) > ELEMENTS_MAX) return ET_DNN_LARGE;
  }
  plan->layer = 0;
  return ET_DNN_OK;
}

/* Bytes of the generation that a place takes which the layer has. */
static uint32_t placed(uint32_t at, uint32_t bytes) { return at & ET_DNN_FROZEN_PLACE ? 0u : et_up_to_4(bytes); }

void et_dnn_cost_of_layer(const et_dnn_plan *plan, uint8_t k, et_dnn_layer_cost *cost) {
  const et_dnn_node *node = &plan->nodes[k];
  memset(cost, 0, sizeof *cost);
  if (!has_weights(node)) return;
  const uint32_t channels = node->out.c, rows = et_dnn_trained_rows(node), weights = rows * node->row;
  cost->parameters = channels * (node->row + 1u);
  cost->trained = weights + (node->flags & ET_DNN_BIASES ? channels : 0u);
  cost->forward_macs = et_dnn_elements(node->mid) * node->row;
  if (node->flags & ET_DNN_WEIGHTS) cost->backward_macs += cost->forward_macs / channels * rows;
  if (node->flags & ET_DNN_PASSES_ERROR) cost->backward_macs += cost->forward_macs;
  if (weights > 0) cost->model_bytes = et_up_to_4(weights * (et_dnn_is_float(node) ? 4u : 1u) + 3u);
  cost->model_bytes += placed(node->biases, channels * 4u);
  if (et_dnn_is_float(node)) return;
  cost->model_bytes += et_up_to_4(weights) + placed(node->scales, channels * 4u);
  if (!et_dnn_gives_floats(node)) cost->model_bytes += placed(node->multipliers, channels * 4u) + placed(node->shifts, channels);
}

static void count_work(et_dnn_plan *plan) {
  for (uint8_t k = 1; k <= plan->network.layer_count; k++) {
    et_dnn_layer_cost cost;
    et_dnn_cost_of_layer(plan, k, &cost);
    plan->forward_macs += cost.forward_macs;
    plan->backward_macs += cost.backward_macs;
  }
}

et_dnn_status et_dnn_compile(const et_dnn_network *network, bool training, et_dnn_node *nodes, et_dnn_plan *plan) {
  const et_dnn_status status = et_dnn_shape_up(network, training, nodes, plan);
  if (status != ET_DNN_OK) return status;
  (void)et_dnn_place_step(plan, UINT32_MAX);
  return ET_DNN_OK;
}

et_dnn_status et_dnn_shape_up(const et_dnn_network *network, bool training, et_dnn_node *nodes, et_dnn_plan *plan) {
  memset(plan, 0, sizeof *plan);
  plan->network = *network;
  plan->nodes = nodes;
  plan->training = training;
  if (network->layer_count == 0 || network->format > ET_DNN_F32) return ET_DNN_KIND;
  if (network->layer_count > ET_DNN_LAYERS_MAX) return ET_DNN_LARGE;
  et_dnn_status status = plan_nodes(plan);
  if (status != ET_DNN_OK) return status;
  fuse_pools(plan);
  status = check_head(plan);
  if (status != ET_DNN_OK) return status;
  status = mark_formats(plan);
  if (status != ET_DNN_OK) return status;
  mark_training(plan);
  mark_ranges(plan);
  place_parameters(plan);
  count_work(plan);
  return ET_DNN_OK;
}
