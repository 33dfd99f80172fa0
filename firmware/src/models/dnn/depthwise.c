/* Depthwise convolution: every channel has a kernel of its own. Weights lie by tap, all channels of a tap together. */
#include "models/dnn/parts.h"
#include "models/dnn/taps.h"
#include "models/kernels/multiplier.h"

#define FINISH_UNITS 12u

static void sums_q8(const et_dnn *net, const et_dnn_node *node, const et_dnn_taps *taps, uint32_t from, uint32_t to, int32_t *acc) {
  const uint32_t many = node->layer.outputs, channels = node->out.c;
  const int8_t *weights = (const int8_t *)et_dnn_at(net, et_dnn_depthwise_weights(node));
  const int8_t *input = (const int8_t *)et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  const int32_t zero = et_dnn_range_of(net, node->input)->zero;
  for (uint32_t ky = taps->y_from; ky < taps->y_to; ky++)
    for (uint32_t kx = taps->x_from; kx < taps->x_to; kx++) {
      const int8_t *w = weights + (ky * node->layer.kernel_w + kx) * channels;
      const int8_t *x = input + ((uint32_t)(taps->top + (int32_t)ky) * node->in.w + (uint32_t)(taps->left + (int32_t)kx)) * node->in.c;
      if (many == 1)
        for (uint32_t c = from; c < to; c++) acc[c] += (x[c] - zero) * w[c];
      else
        for (uint32_t c = from; c < to; c++) acc[c] += (x[c / many] - zero) * w[c];
    }
}

static void sums_f32(const et_dnn *net, const et_dnn_node *node, const et_dnn_taps *taps, uint32_t from, uint32_t to, float *acc) {
  const uint32_t many = node->layer.outputs, channels = node->out.c;
  const float *weights = (const float *)et_dnn_at(net, et_dnn_depthwise_weights(node));
  const float *input = (const float *)et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  for (uint32_t ky = taps->y_from; ky < taps->y_to; ky++)
    for (uint32_t kx = taps->x_from; kx < taps->x_to; kx++) {
      const float *w = weights + (ky * node->layer.kernel_w + kx) * channels;
      const float *x = input + ((uint32_t)(taps->top + (int32_t)ky) * node->in.w + (uint32_t)(taps->left + (int32_t)kx)) * node->in.c;
      for (uint32_t c = from; c < to; c++) acc[c] += x[c / many] * w[c];
    }
}

static void position_q8(const et_dnn *net, et_dnn_cursor *cursor, const et_dnn_taps *taps, uint32_t at, uint32_t from, uint32_t to) {
  const uint8_t k = cursor->node;
  const et_dnn_node *node = &net->plan->nodes[k];
  int32_t *acc = (int32_t *)et_dnn_buffer_at(net, k, ET_DNN_FORWARD_SCRATCH);
  const int32_t *biases = (const int32_t *)et_dnn_at(net, node->biases);
  const et_dnn_sink sink = et_dnn_sink_of(net, k);
  for (uint32_t c = from; c < to; c++) acc[c] = biases[c];
  sums_q8(net, node, taps, from, to, acc);
  if (sink.floats) {
    const float *scales = (const float *)et_dnn_at(net, node->scales), input = et_dnn_range_of(net, node->input)->scale;
    for (uint32_t c = from; c < to; c++) et_dnn_give(&sink, at + c, input * scales[c] * (float)acc[c], cursor);
    return;
  }
  const int32_t *multipliers = (const int32_t *)et_dnn_at(net, node->multipliers);
  const int8_t *shifts = (const int8_t *)et_dnn_at(net, node->shifts);
  for (uint32_t c = from; c < to; c++) {
    const int8_t value = et_dnn_byte(et_multiply(acc[c], multipliers[c], shifts[c]), sink.zero, sink.bounds, &cursor->largest);
    ((int8_t *)sink.out)[at + c] = value;
    if (sink.mask != NULL) et_dnn_set_bit(sink.mask, at + c, value > sink.bounds.low && value < sink.pass_high);
  }
}

static void position_f32(const et_dnn *net, et_dnn_cursor *cursor, const et_dnn_taps *taps, uint32_t at, uint32_t from, uint32_t to) {
  const uint8_t k = cursor->node;
  const et_dnn_node *node = &net->plan->nodes[k];
  float *acc = (float *)et_dnn_buffer_at(net, k, ET_DNN_FORWARD_SCRATCH);
  const float *biases = (const float *)et_dnn_at(net, node->biases);
  const et_dnn_sink sink = et_dnn_sink_of(net, k);
  for (uint32_t c = from; c < to; c++) acc[c] = biases[c];
  sums_f32(net, node, taps, from, to, acc);
  for (uint32_t c = from; c < to; c++) et_dnn_give(&sink, at + c, acc[c], cursor);
}

bool et_dnn_depthwise(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) {
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const uint32_t channels = node->out.c, end = et_dnn_elements(node->out), each = 2u * node->row + FINISH_UNITS;
  while (cursor->at < end) {
    const uint32_t position = cursor->at / channels, from = cursor->at % channels;
    const uint32_t fit = *budget / each + 1u, to = channels - from < fit ? channels : from + fit;
    const et_dnn_taps taps = et_dnn_taps_at(node, position / node->mid.w, position % node->mid.w);
    if (et_dnn_is_float(node)) position_f32(net, cursor, &taps, position * channels, from, to);
    else position_q8(net, cursor, &taps, position * channels, from, to);
    cursor->at = position * channels + to;
    et_dnn_spend(budget, (to - from) * each);
    if (*budget == 0 && cursor->at < end) return false;
  }
  return true;
}
