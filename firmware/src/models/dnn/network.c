/* A network's generation: beginning, checking, asking. */
#include <math.h>

#include "models/dnn/loss.h"
#include "models/kernels/multiplier.h"
#include "support/prng.h"

/* Half of a weight's range: room to grow before its scale must double. */
#define BEGIN_LIMIT 64
/* Largest magnitude to be expected of an activation whose inputs reach 1, until samples tell. */
#define BEGIN_LARGEST 4.0f
/* Of a random weight. */
#define WEIGHT_UNITS 4u
#define SCALE_LEAST 1e-30f
#define SCALE_MOST 1e30f

/* Uniform in +-sqrt(6 / fan in): the variance 2 / fan in that keeps that of the activations behind a ReLU (He et al. 2015). */
static void initialise_weight(const et_dnn *net, const et_dnn_node *node, uint32_t i, uint32_t *random) {
  if (et_dnn_is_float(node)) {
    const float bound = sqrtf(6.0f / (float)node->row);
    ((float *)et_dnn_at(net, node->weights))[i] = bound * ((float)(et_xorshift32(random) >> 8) / 8388608.0f - 1.0f);
    return;
  }
  const int32_t master = (int32_t)(et_xorshift32(random) >> 17) - BEGIN_LIMIT * 256; /* 15 bits */
  const int32_t high = (master + 128) >> 8;
  ((int8_t *)et_dnn_at(net, node->weights))[i] = (int8_t)high;
  ((int8_t *)et_dnn_at(net, node->residuals))[i] = (int8_t)(master - high * 256);
}

static bool initialise_scales(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) {
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const float scale = sqrtf(6.0f / (float)node->row) / (float)BEGIN_LIMIT;
  if (et_dnn_is_float(node) || (node->scales & ET_DNN_FROZEN_PLACE)) return true;
  float *scales = (float *)et_dnn_at(net, node->scales);
  for (; cursor->within < node->out.c; cursor->within++) {
    if (*budget == 0) return false;
    scales[cursor->within] = scale;
    et_dnn_spend(budget, WEIGHT_UNITS);
  }
  cursor->within = 0;
  return true;
}

static void initialise_range(const et_dnn *net, uint8_t k) {
  et_dnn_range *range = et_dnn_range_of(net, k);
  const et_dnn_node *node = &net->plan->nodes[k];
  if (k == 0) {
    range->scale = net->plan->network.input_scale;
    range->zero = net->plan->network.input_zero;
    return;
  }
  if (!(node->flags & ET_DNN_ADAPTIVE)) {
    range->scale = 1.0f;
    if (node->operation == ET_DNN_DO_SOFTMAX) {
      range->scale = 1.0f / 256.0f;
      range->zero = -128;
    }
    return;
  }
  const bool linear = node->layer.activation == ET_DNN_LINEAR;
  range->zero = linear ? 0 : -128;
  range->scale = BEGIN_LARGEST / (linear ? 127.0f : 255.0f);
  range->stale = 1;
}

void et_dnn_initialise_begin(et_dnn_cursor *cursor, uint32_t seed, uint32_t *random) {
  et_prng prng;
  et_prng_seed(&prng, seed);
  *random = prng.state;
  memset(cursor, 0, sizeof *cursor);
}

enum { DRAW, SETTLE };

bool et_dnn_initialise_step(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *random, uint32_t budget) {
  const et_dnn_plan *plan = net->plan;
  for (; cursor->phase == DRAW && cursor->node <= plan->network.layer_count; cursor->node++, cursor->at = 0) {
    const et_dnn_node *node = &plan->nodes[cursor->node];
    const uint32_t count = et_dnn_trained_rows(node) * node->row;
    if (cursor->at == 0) initialise_range(net, cursor->node);
    for (; cursor->at < count; cursor->at++) {
      if (budget == 0) return false;
      initialise_weight(net, node, cursor->at, random);
      et_dnn_spend(&budget, WEIGHT_UNITS);
    }
    if (count > 0 && !initialise_scales(net, cursor, &budget)) return false;
  }
  if (cursor->phase == DRAW) *cursor = (et_dnn_cursor){.phase = SETTLE};
  return et_dnn_settle_step(net, cursor, &budget);
}

void et_dnn_initialise(const et_dnn *net, uint32_t seed) {
  et_dnn_cursor cursor;
  uint32_t random;
  memset(net->model, 0, net->plan->model_bytes);
  et_dnn_initialise_begin(&cursor, seed, &random);
  (void)et_dnn_initialise_step(net, &cursor, &random, UINT32_MAX);
}

bool et_dnn_settle_step(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) {
  const et_dnn_plan *plan = net->plan;
  for (; cursor->node <= plan->network.layer_count; cursor->node++) {
    et_dnn_pass_range(net, cursor->node);
    if (!et_dnn_refresh(net, cursor, budget)) return false;
  }
  return true;
}

void et_dnn_settle(const et_dnn *net) {
  et_dnn_cursor cursor = {0};
  uint32_t budget = UINT32_MAX;
  (void)et_dnn_settle_step(net, &cursor, &budget);
}

static bool sound(float value) { return value >= SCALE_LEAST && value <= SCALE_MOST; }

/* A magnitude that training keeps; false for what is no number. */
static bool is_magnitude(float value) { return value >= 0.0f && value <= SCALE_MOST; }

/* All of magnitudes that training keeps; by their bits, which are in the order of the magnitudes: a model has many. */
static bool finite_numbers(const float *values, uint32_t count) {
  const float most = SCALE_MOST;
  uint32_t most_bits;
  memcpy(&most_bits, &most, sizeof most_bits);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, &values[i], sizeof bits);
    if ((bits & 0x7fffffffu) > most_bits) return false;
  }
  return true;
}

static bool valid_f32(const et_dnn *net, const et_dnn_node *node) {
  const uint32_t trained = et_dnn_trained_rows(node), channels = node->out.c;
  return finite_numbers(et_dnn_at(net, node->weights), trained * node->row) &&
         finite_numbers(et_dnn_at(net, node->rest), (channels - trained) * node->row) &&
         finite_numbers(et_dnn_at(net, node->biases), channels);
}

static bool valid_q8(const et_dnn *net, const et_dnn_node *node) {
  /* Bias and products, of 255 times 128 at most each, fit in 32 bits; a row has at most ET_DNN_ROW_MAX. */
  const int32_t most = INT32_MAX - (int32_t)(node->row * (255u * 128u));
  for (uint32_t c = 0; c < node->out.c; c++) {
    const int32_t bias = ((const int32_t *)et_dnn_at(net, node->biases))[c];
    if (bias > most || bias < -most) return false;
    if (!sound(((const float *)et_dnn_at(net, node->scales))[c])) return false;
    if (et_dnn_gives_floats(node)) continue;
    const int8_t shift = ((const int8_t *)et_dnn_at(net, node->shifts))[c];
    if (shift < -31 || shift > 30 || ((const int32_t *)et_dnn_at(net, node->multipliers))[c] < 0) return false;
  }
  return true;
}

static bool valid_range(const et_dnn *net, uint8_t k) {
  const et_dnn_node *node = &net->plan->nodes[k];
  const et_dnn_range *range = et_dnn_range_of(net, k);
  if (!is_magnitude(range->largest) || !is_magnitude(range->error_largest) || !is_magnitude(range->error_unit) ||
      !is_magnitude(range->input_scale))
    return false;
  return node->owner != k || et_dnn_gives_floats(node) || sound(range->scale);
}

bool et_dnn_valid(const et_dnn *net) {
  const et_dnn_plan *plan = net->plan;
  for (uint8_t k = 0; k <= plan->network.layer_count; k++) {
    const et_dnn_node *node = &plan->nodes[k];
    const bool weights = node->operation == ET_DNN_DO_CONVOLVE || node->operation == ET_DNN_DO_DEPTHWISE;
    if (!valid_range(net, k)) return false;
    if (weights && !(et_dnn_is_float(node) ? valid_f32(net, node) : valid_q8(net, node))) return false;
  }
  return true;
}

void et_dnn_infer_begin(const int8_t *input, et_dnn_cursor *cursor) {
  memset(cursor, 0, sizeof *cursor);
  memcpy(cursor->input, &input, sizeof input);
}

et_dnn_status et_dnn_infer_step(const et_dnn *net, et_dnn_cursor *cursor, uint32_t budget) {
  while (cursor->node <= net->plan->network.layer_count) {
    if (!et_dnn_forward(net, cursor, &budget)) return ET_DNN_BUSY;
    cursor->node++;
    if (budget == 0 && cursor->node <= net->plan->network.layer_count) return ET_DNN_BUSY;
  }
  return ET_DNN_OK;
}

bool et_dnn_reads_places(const et_dnn_plan *plan) {
  for (uint8_t k = 1; k <= plan->network.layer_count; k++) {
    const et_dnn_node *node = &plan->nodes[k];
    if (node->operation == ET_DNN_DO_NOTHING || node->operation == ET_DNN_DO_ADD || node->input != 0) continue;
    if (!et_dnn_is_dense(node)) return true;
  }
  return false;
}

uint16_t et_dnn_outputs(const et_dnn_plan *plan) { return (uint16_t)et_dnn_elements(plan->nodes[plan->output].out); }

float et_dnn_value(const et_dnn *net, uint8_t k, uint32_t i) {
  const void *at = et_dnn_buffer_at(net, k, ET_DNN_ACTIVATION);
  if (et_dnn_gives_floats(&net->plan->nodes[k])) return ((const float *)at)[i];
  const et_dnn_range *range = et_dnn_range_of(net, k);
  return range->scale * (float)(((const int8_t *)at)[i] - range->zero);
}

float et_dnn_output(const et_dnn *net, uint16_t i) { return et_dnn_value(net, net->plan->output, i); }

uint16_t et_dnn_largest_output(const et_dnn *net) {
  uint16_t best = 0;
  for (uint16_t i = 1; i < et_dnn_outputs(net->plan); i++)
    if (et_dnn_output(net, i) > et_dnn_output(net, best)) best = i;
  return best;
}
