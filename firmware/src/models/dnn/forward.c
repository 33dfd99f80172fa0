/* A forward pass, node by node, and how the ranges of the activations follow the data. */
#include <math.h>

#include "models/dnn/parts.h"
#include "models/kernels/multiplier.h"

#define REFRESH_UNITS 40u
/* A range that is off by less stays as it is, so that multipliers are seldom made anew. */
#define RANGE_SLACK 0.125f
#define RANGE_LEAST 1e-6f
/* Loading an input: so many bytes a unit of work, so many units a number in floating point. */
#define LOAD_BYTES_A_UNIT 4u
#define LOAD_UNITS_A_FLOAT 8u

void et_dnn_mean_in(float *mean, uint16_t *seen, float value) {
  if (*seen < ET_DNN_MEAN_OVER) (*seen)++;
  *mean += (value - *mean) / (float)*seen;
}

et_dnn_bounds et_dnn_bounds_of(const et_dnn *net, uint8_t k) {
  const et_dnn_node *node = &net->plan->nodes[k];
  const et_dnn_range *range = et_dnn_range_of(net, k);
  et_dnn_bounds bounds = {-128, 127};
  if (node->layer.activation == ET_DNN_LINEAR) return bounds;
  if (range->zero > bounds.low) bounds.low = range->zero;
  if (node->layer.activation == ET_DNN_RELU6) {
    const float six = 6.0f / range->scale + 0.5f;
    const int32_t high = range->zero + (six < 255.0f ? (int32_t)six : 255);
    if (high < bounds.high) bounds.high = high;
  }
  return bounds;
}

void et_dnn_pass_range(const et_dnn *net, uint8_t k) {
  const et_dnn_node *node = &net->plan->nodes[k];
  if (et_dnn_gives_floats(node) || (node->operation != ET_DNN_DO_MAX && node->operation != ET_DNN_DO_AVERAGE)) return;
  et_dnn_range_of(net, k)->scale = et_dnn_range_of(net, node->input)->scale;
  et_dnn_range_of(net, k)->zero = et_dnn_range_of(net, node->input)->zero;
}

et_dnn_sink et_dnn_sink_of(const et_dnn *net, uint8_t k) {
  const et_dnn_node *node = &net->plan->nodes[k];
  et_dnn_sink sink = {.activation = node->layer.activation, .floats = et_dnn_gives_floats(node)};
  sink.out = et_dnn_buffer_at(net, k, ET_DNN_ACTIVATION);
  sink.mask = (uint8_t *)et_dnn_buffer_or_null(net, k, ET_DNN_MASK);
  if (sink.floats) return sink;
  sink.zero = et_dnn_range_of(net, k)->zero;
  sink.bounds = et_dnn_bounds_of(net, k);
  /* An activation at the end of int8 still passes its error; one at 6 does not. */
  sink.pass_high = sink.bounds.high < 127 ? sink.bounds.high : 128;
  if (et_dnn_is_float(node)) sink.per_unit = 1.0f / et_dnn_range_of(net, k)->scale;
  return sink;
}

void et_dnn_refresh_channel(const et_dnn *net, uint8_t k, uint32_t c) {
  const et_dnn_node *node = &net->plan->nodes[k];
  if (et_dnn_gives_floats(node)) return;
  const float scale = ((const float *)et_dnn_at(net, node->scales))[c];
  const float factor = et_dnn_range_of(net, node->input)->scale * scale / et_dnn_range_of(net, k)->scale;
  const et_multiplier multiplier = et_multiplier_of_float(factor);
  ((int32_t *)et_dnn_at(net, node->multipliers))[c] = multiplier.factor;
  ((int8_t *)et_dnn_at(net, node->shifts))[c] = multiplier.shift;
}

bool et_dnn_refresh(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) {
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  if (et_dnn_is_float(node)) return true;
  if (node->operation != ET_DNN_DO_CONVOLVE && node->operation != ET_DNN_DO_DEPTHWISE) return true;
  if (node->scales & ET_DNN_FROZEN_PLACE) return true;
  et_dnn_range *range = et_dnn_range_of(net, cursor->node);
  const float now = et_dnn_range_of(net, node->input)->scale;
  if (!range->stale && range->input_scale == now) return true;
  const float ratio = range->input_scale > 0.0f ? range->input_scale / now : 1.0f;
  int32_t *biases = (int32_t *)et_dnn_at(net, node->biases);
  while (cursor->at < node->out.c) {
    if (*budget == 0) return false;
    const float bias = (float)biases[cursor->at] * ratio;
    /* A bias beyond 2^30 would leave its sum no room. */
    biases[cursor->at] = (int32_t)(bias > 1e9f ? 1e9f : bias < -1e9f ? -1e9f : bias + (bias < 0.0f ? -0.5f : 0.5f));
    et_dnn_refresh_channel(net, cursor->node, cursor->at);
    cursor->at++;
    et_dnn_spend(budget, REFRESH_UNITS);
  }
  range->input_scale = now;
  range->stale = 0;
  cursor->at = 0;
  return true;
}

/* The largest sum that this sample gave, in units of the scale, moves the range. A range that was half or less of what is needed
 * follows at once. */
static void follow_range(const et_dnn *net, const et_dnn_cursor *cursor) {
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  if (!(node->flags & ET_DNN_ADAPTIVE)) return;
  et_dnn_range *range = et_dnn_range_of(net, cursor->node);
  const float steps = node->layer.activation == ET_DNN_LINEAR ? 127.0f : 255.0f;
  et_dnn_mean_in(&range->largest, &range->seen, (float)cursor->largest * range->scale);
  const float wanted = (range->largest > RANGE_LEAST ? range->largest : RANGE_LEAST) / steps;
  if (fabsf(wanted - range->scale) <= RANGE_SLACK * range->scale) return;
  range->scale = wanted;
  range->stale = 1;
}

/* The activation of node 0: the input's bytes, or the numbers that they stand for where layers read floats. An array can be long. */
static bool load_input(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) {
  const et_dnn_network *network = &net->plan->network;
  const et_dnn_node *node = &net->plan->nodes[0];
  const uint32_t left = et_dnn_elements(node->out) - cursor->at;
  const bool floats = et_dnn_gives_floats(node);
  const int8_t *input;
  uint32_t count = left;
  memcpy(&input, cursor->input, sizeof input);
  input += cursor->at;
  if (floats && *budget / LOAD_UNITS_A_FLOAT < left) count = *budget / LOAD_UNITS_A_FLOAT + 1u;
  if (!floats && *budget < left / LOAD_BYTES_A_UNIT) count = (*budget + 1u) * LOAD_BYTES_A_UNIT;
  if (floats) {
    float *to = (float *)et_dnn_buffer_at(net, 0, ET_DNN_ACTIVATION) + cursor->at;
    for (uint32_t i = 0; i < count; i++) to[i] = network->input_scale * (float)(input[i] - network->input_zero);
  } else {
    memcpy((int8_t *)et_dnn_buffer_at(net, 0, ET_DNN_ACTIVATION) + cursor->at, input, count);
  }
  cursor->at += count;
  et_dnn_spend(budget, floats ? count * LOAD_UNITS_A_FLOAT : count / LOAD_BYTES_A_UNIT);
  return count == left;
}

static bool run(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) {
  if (cursor->node == 0) return load_input(net, cursor, budget);
  switch (net->plan->nodes[cursor->node].operation) {
  case ET_DNN_DO_CONVOLVE: return et_dnn_convolve(net, cursor, budget);
  case ET_DNN_DO_DEPTHWISE: return et_dnn_depthwise(net, cursor, budget);
  case ET_DNN_DO_MAX: return et_dnn_max_pool(net, cursor, budget);
  case ET_DNN_DO_AVERAGE: return et_dnn_average_pool(net, cursor, budget);
  case ET_DNN_DO_ADD: return et_dnn_add(net, cursor, budget);
  case ET_DNN_DO_SOFTMAX: return et_dnn_softmax(net, cursor, budget);
  default: return true;
  }
}

bool et_dnn_forward(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) {
  if (cursor->phase == 0) {
    if (cursor->learns && !et_dnn_refresh(net, cursor, budget)) return false;
    if (cursor->learns) et_dnn_pass_range(net, cursor->node);
    cursor->phase = 1;
    cursor->largest = 0;
    cursor->row = 0;
  }
  if (!run(net, cursor, budget)) return false;
  if (cursor->learns) follow_range(net, cursor);
  cursor->phase = 0;
  cursor->at = 0;
  return true;
}
