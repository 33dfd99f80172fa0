/* The update of a node's weights and biases, one output channel at a time: its gradient, then W -= rate * gradient. Gradients of one
 * channel live at a time.
 *
 * int8: a weight is a byte and a residual byte, together M = 256 W + R of 16 bits with the channel's scale: w = scale M / 256.
 * The gradient of w is s_x s_e G, so M -= rate s_x s_e 256 / scale * G: the step of the real weight, which is what quantization-aware
 * scaling arrives at from the gradient of the bytes (Lin et al. 2022, section 3.1). That gradient itself is s_x s_e scale G: `unscaled`
 * follows it, for comparison. */
#include "models/dnn/parts.h"
#include "models/dnn/taps.h"
#include "models/kernels/columns.h"
#include "models/kernels/multiplier.h"

#define MASTER_LIMIT 32512
#define READ_UNITS 3u
#define TAP_UNITS 2u
#define ONE_UNITS 12u
#define APPLY_UNITS 3u
#define CHANNEL_UNITS 30u
#define BEGIN_UNITS 8u
#define FACTOR_LIMIT 1e9f
#define BIAS_LIMIT 1e9f

enum { BEGIN, GATHER, APPLY, HALVE };

/* Gradient of the cursor's channel from one output's error, or a stretch of it. */
static uint32_t gather_one(et_dnn_pass *pass, const et_dnn_node *node, uint32_t element, int32_t e, float real, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  const bool f32 = et_dnn_is_float(node), depthwise = node->operation == ET_DNN_DO_DEPTHWISE;
  void *gradient = et_dnn_buffer_or_null(net, cursor->node, ET_DNN_UPDATE_SCRATCH);
  const void *input = et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  const int32_t zero = et_dnn_range_of(net, node->input)->zero;
  uint32_t y, x;
  et_dnn_position_of(node, (const uint8_t *)et_dnn_buffer_or_null(net, cursor->node, ET_DNN_ARGMAX), element, &y, &x);
  const et_dnn_taps taps = et_dnn_taps_at(node, y, x);
  if (et_dnn_taps_count(&taps) == 0) return 0;
  const uint32_t channels = node->in.c, each = depthwise ? 1u : channels;
  const et_dnn_part part = et_dnn_part_at(&taps, each, cursor->within, et_dnn_stretch(node, TAP_UNITS));
  for (uint32_t ky = part.y_from; ky < part.y_to; ky++) {
    uint32_t at = et_dnn_row_input(node, &taps, ky), to = (ky * node->layer.kernel_w + taps.x_from) * each + part.at;
    if (depthwise) {
      at += part.at * channels + element % node->out.c / node->layer.outputs;
      for (uint32_t i = 0; i < part.n; i++, to++, at += channels) {
        if (f32) ((float *)gradient)[to] += real * ((const float *)input)[at];
        else ((int32_t *)gradient)[to] += e * (((const int8_t *)input)[at] - zero);
      }
    } else if (f32) {
      et_axpy_f32((float *)gradient + to, (const float *)input + at + part.at, real, part.n);
    } else {
      et_axpy_zero_q8((int32_t *)gradient + to, (const int8_t *)input + at + part.at, zero, e, part.n);
    }
  }
  return et_dnn_part_done(cursor, &part, depthwise ? TAP_UNITS : 1u, budget);
}

/* Sum of the channel's errors so far: in the cursor, as an integer or the bits of a float. */
static float real_sum(const et_dnn_cursor *cursor) {
  float sum;
  memcpy(&sum, &cursor->largest, sizeof sum);
  return sum;
}

static void sum_up(et_dnn_cursor *cursor, bool f32, int32_t e, float real) {
  cursor->found = true;
  if (f32) {
    const float sum = real_sum(cursor) + real;
    memcpy(&cursor->largest, &sum, sizeof sum);
  } else {
    cursor->largest += e;
  }
}

static bool gather(et_dnn_pass *pass, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const bool f32 = et_dnn_is_float(node), whole = cursor->row < et_dnn_trained_rows(node) && !et_dnn_is_dense(node);
  const uint32_t positions = (uint32_t)node->out.h * node->out.w;
  const void *errors = et_dnn_buffer_at(net, cursor->node, ET_DNN_ERROR);
  for (; cursor->at < positions; cursor->at++) {
    if (*budget == 0) return false;
    const uint32_t element = cursor->at * node->out.c + cursor->row;
    const float real = f32 ? ((const float *)errors)[element] : 0.0f;
    const int32_t e = f32 ? 0 : ((const int8_t *)errors)[element];
    et_dnn_spend(budget, READ_UNITS);
    if (pass->skip && (f32 ? real == 0.0f : e == 0)) continue;
    if (cursor->within == 0) sum_up(cursor, f32, e, real);
    if (!whole) continue;
    et_dnn_spend(budget, ONE_UNITS);
    do {
      pass->macs += gather_one(pass, node, element, e, real, budget);
      if (cursor->within != 0 && *budget == 0) return false;
    } while (cursor->within != 0);
  }
  cursor->at = 0;
  cursor->phase = APPLY;
  return true;
}

/* Moves a master by `delta`; true when it would leave its 16 bits. */
static inline bool move_master(int8_t *weight, int8_t *residual, int32_t delta) {
  int32_t master = *weight * 256 + *residual - delta;
  const bool beyond = master > MASTER_LIMIT || master < -MASTER_LIMIT;
  if (beyond) master = master > 0 ? MASTER_LIMIT : -MASTER_LIMIT;
  const int32_t high = (master + 128) >> 8;
  *weight = (int8_t)high;
  *residual = (int8_t)(master - high * 256);
  return beyond;
}

/* Where a channel's weights lie: first, and the step from one to the next. */
static void channel_weights(const et_dnn_node *node, uint32_t c, uint32_t *first, uint32_t *step) {
  const bool depthwise = node->operation == ET_DNN_DO_DEPTHWISE;
  *first = depthwise ? c : c * node->row;
  *step = depthwise ? node->out.c : 1u;
}

/* The gradient of a dense layer is the error times the input, so that none is kept. */
static inline int32_t gradient_q8(const int32_t *gradient, const int8_t *input, int32_t zero, int32_t e, uint32_t i) {
  return gradient != NULL ? gradient[i] : e * (input[i] - zero);
}

static bool apply_q8(et_dnn_pass *pass, const et_dnn_node *node, float factor, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  uint32_t first, step;
  channel_weights(node, cursor->row, &first, &step);
  int8_t *weights = (int8_t *)et_dnn_at(net, node->weights) + first, *residuals = (int8_t *)et_dnn_at(net, node->residuals) + first;
  const int32_t *gradient = (const int32_t *)et_dnn_buffer_or_null(net, cursor->node, ET_DNN_UPDATE_SCRATCH);
  const int8_t *input = (const int8_t *)et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  const int32_t zero = et_dnn_range_of(net, node->input)->zero, e = cursor->largest;
  const et_multiplier multiplier = et_multiplier_of_float(factor);
  const uint32_t fit = *budget / APPLY_UNITS + 1u, end = node->row - cursor->at < fit ? node->row : cursor->at + fit;
  bool beyond = false;
  for (uint32_t i = cursor->at; i < end; i++) {
    const int32_t g = gradient_q8(gradient, input, zero, e, i);
    if (g == 0) continue;
    beyond |= move_master(&weights[i * step], &residuals[i * step], et_multiply(g, multiplier.factor, multiplier.shift));
  }
  et_dnn_spend(budget, (end - cursor->at) * APPLY_UNITS);
  cursor->at = end;
  if (beyond) cursor->beyond = true;
  return end == node->row;
}

static bool apply_f32(et_dnn_pass *pass, const et_dnn_node *node, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  uint32_t first, step;
  channel_weights(node, cursor->row, &first, &step);
  float *weights = (float *)et_dnn_at(net, node->weights) + first;
  const float *gradient = (const float *)et_dnn_buffer_or_null(net, cursor->node, ET_DNN_UPDATE_SCRATCH);
  const float *input = (const float *)et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  const float e = real_sum(cursor);
  const uint32_t fit = *budget / APPLY_UNITS + 1u, end = node->row - cursor->at < fit ? node->row : cursor->at + fit;
  for (uint32_t i = cursor->at; i < end; i++) weights[i * step] -= pass->rate * (gradient != NULL ? gradient[i] : e * input[i]);
  et_dnn_spend(budget, (end - cursor->at) * APPLY_UNITS);
  cursor->at = end;
  return end == node->row;
}

/* A channel that has reached the end of its range gets twice the scale. */
static bool halve_channel(et_dnn_pass *pass, const et_dnn_node *node, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  uint32_t first, step;
  channel_weights(node, cursor->row, &first, &step);
  int8_t *weights = (int8_t *)et_dnn_at(net, node->weights) + first, *residuals = (int8_t *)et_dnn_at(net, node->residuals) + first;
  for (; cursor->at < node->row; cursor->at++) {
    if (*budget == 0) return false;
    int8_t *weight = &weights[cursor->at * step], *residual = &residuals[cursor->at * step];
    const int32_t master = *weight * 256 + *residual;
    (void)move_master(weight, residual, master - master / 2);
    et_dnn_spend(budget, APPLY_UNITS);
  }
  ((float *)et_dnn_at(net, node->scales))[cursor->row] *= 2.0f;
  ((int32_t *)et_dnn_at(net, node->biases))[cursor->row] /= 2;
  et_dnn_refresh_channel(net, cursor->node, cursor->row);
  return true;
}

static bool is_finite(float value) { return value > -FACTOR_LIMIT && value < FACTOR_LIMIT; }

static void move_bias(et_dnn_pass *pass, const et_dnn_node *node, float unit) {
  const et_dnn *net = pass->net;
  const uint32_t c = pass->cursor->row;
  if (et_dnn_is_float(node)) {
    float *bias = (float *)et_dnn_at(net, node->biases) + c;
    *bias -= pass->rate * real_sum(pass->cursor);
    if (!is_finite(*bias)) pass->failed = true;
    return;
  }
  int32_t *bias = (int32_t *)et_dnn_at(net, node->biases) + c;
  const float scale = et_dnn_range_of(net, node->input)->scale * ((const float *)et_dnn_at(net, node->scales))[c];
  const float gradient = unit * (float)pass->cursor->largest;
  const float moved = (float)*bias - pass->rate * (pass->unscaled ? gradient * scale : gradient / scale);
  if (!is_finite(unit) || moved != moved) {
    pass->failed = true;
    return;
  }
  *bias = (int32_t)(moved > BIAS_LIMIT ? BIAS_LIMIT : moved < -BIAS_LIMIT ? -BIAS_LIMIT : moved + (moved < 0.0f ? -0.5f : 0.5f));
}

/* True when the channel is done. */
static bool update_channel(et_dnn_pass *pass, const et_dnn_node *node, float unit, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  const bool f32 = et_dnn_is_float(node), weights = cursor->row < et_dnn_trained_rows(node);
  if (cursor->phase == BEGIN) {
    void *gradient = et_dnn_buffer_or_null(net, cursor->node, ET_DNN_UPDATE_SCRATCH);
    if (weights && gradient != NULL && !et_dnn_clear(node, cursor, gradient, 4u * node->row, budget)) return false;
    et_dnn_spend(budget, BEGIN_UNITS);
    cursor->largest = 0;
    cursor->found = false;
    cursor->beyond = false;
    cursor->phase = GATHER;
  }
  if (cursor->phase == GATHER) {
    if (!gather(pass, budget)) return false;
    if (!cursor->found && pass->skip) return true;
    move_bias(pass, node, unit);
    et_dnn_spend(budget, CHANNEL_UNITS);
    if (!weights || pass->failed) return true;
    if (et_dnn_is_dense(node)) pass->macs += node->row;
  }
  if (cursor->phase == APPLY) {
    const float scale = f32 ? 1.0f : ((const float *)et_dnn_at(net, node->scales))[cursor->row];
    const float step = pass->rate * unit * et_dnn_range_of(net, node->input)->scale * 256.0f;
    const float factor = pass->unscaled ? step * scale : step / scale;
    while (!(f32 ? apply_f32(pass, node, budget) : apply_q8(pass, node, factor, budget)))
      if (*budget == 0) return false;
    if (!cursor->beyond) return true;
    cursor->phase = HALVE;
    cursor->at = 0;
  }
  return halve_channel(pass, node, budget);
}

bool et_dnn_update_node(et_dnn_pass *pass, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  if (!(node->flags & ET_DNN_BIASES)) return true;
  const float unit = et_dnn_is_float(node) ? 1.0f : pass->error_scale * et_dnn_error_unit(net, cursor->node);
  while (cursor->row < node->out.c) {
    if (*budget == 0) return false;
    if (!update_channel(pass, node, unit, budget)) return false;
    cursor->row++;
    cursor->at = 0;
    cursor->phase = BEGIN;
    if (pass->failed) return true;
  }
  return true;
}
