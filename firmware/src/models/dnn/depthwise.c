/* Depthwise convolution: every channel has a kernel of its own. Weights lie by tap, all channels of a tap together. */
#include "models/dnn/parts.h"
#include "models/dnn/taps.h"
#include "models/kernels/multiplier.h"

#define FINISH_UNITS 12u
/* A tap of one channel alone. */
#define ALONE_UNITS 4u

/* Some channels at a position, and a stretch of the taps there. */
typedef struct et_dnn_block {
  et_dnn_taps taps;
  et_dnn_part part;
  uint32_t at; /* the position's first element */
  uint32_t from, to;
  bool first;
} et_dnn_block;

static void sums_q8(const et_dnn *net, const et_dnn_node *node, const et_dnn_block *block, int32_t *acc) {
  const uint32_t many = node->layer.outputs, channels = node->out.c, from = block->from, to = block->to;
  const int8_t *weights = (const int8_t *)et_dnn_at(net, et_dnn_depthwise_weights(node));
  const int8_t *input = (const int8_t *)et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  const int32_t zero = et_dnn_range_of(net, node->input)->zero;
  for (uint32_t ky = block->part.y_from; ky < block->part.y_to; ky++) {
    const int8_t *w = weights + (ky * node->layer.kernel_w + block->taps.x_from + block->part.at) * channels;
    const int8_t *x = input + et_dnn_row_input(node, &block->taps, ky) + block->part.at * node->in.c;
    for (uint32_t i = 0; i < block->part.n; i++, w += channels, x += node->in.c) {
      if (many == 1)
        for (uint32_t c = from; c < to; c++) acc[c] += (x[c] - zero) * w[c];
      else
        for (uint32_t c = from; c < to; c++) acc[c] += (x[c / many] - zero) * w[c];
    }
  }
}

static void sums_f32(const et_dnn *net, const et_dnn_node *node, const et_dnn_block *block, float *acc) {
  const uint32_t many = node->layer.outputs, channels = node->out.c;
  const float *weights = (const float *)et_dnn_at(net, et_dnn_depthwise_weights(node));
  const float *input = (const float *)et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  for (uint32_t ky = block->part.y_from; ky < block->part.y_to; ky++) {
    const float *w = weights + (ky * node->layer.kernel_w + block->taps.x_from + block->part.at) * channels;
    const float *x = input + et_dnn_row_input(node, &block->taps, ky) + block->part.at * node->in.c;
    for (uint32_t i = 0; i < block->part.n; i++, w += channels, x += node->in.c)
      for (uint32_t c = block->from; c < block->to; c++) acc[c] += x[c / many] * w[c];
  }
}

/* Sums stay in the scratch until the last tap. */
static void block_q8(const et_dnn *net, et_dnn_cursor *cursor, const et_dnn_block *block) {
  const uint8_t k = cursor->node;
  const et_dnn_node *node = &net->plan->nodes[k];
  const uint32_t at = block->at, from = block->from, to = block->to;
  int32_t *acc = (int32_t *)et_dnn_buffer_at(net, k, ET_DNN_FORWARD_SCRATCH);
  const int32_t *biases = (const int32_t *)et_dnn_at(net, node->biases);
  for (uint32_t c = from; block->first && c < to; c++) acc[c] = biases[c];
  sums_q8(net, node, block, acc);
  if (!block->part.last) return;
  const et_dnn_sink sink = et_dnn_sink_of(net, k);
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

static void block_f32(const et_dnn *net, et_dnn_cursor *cursor, const et_dnn_block *block) {
  const uint8_t k = cursor->node;
  const et_dnn_node *node = &net->plan->nodes[k];
  float *acc = (float *)et_dnn_buffer_at(net, k, ET_DNN_FORWARD_SCRATCH);
  const float *biases = (const float *)et_dnn_at(net, node->biases);
  for (uint32_t c = block->from; block->first && c < block->to; c++) acc[c] = biases[c];
  sums_f32(net, node, block, acc);
  if (!block->part.last) return;
  const et_dnn_sink sink = et_dnn_sink_of(net, k);
  for (uint32_t c = block->from; c < block->to; c++) et_dnn_give(&sink, block->at + c, acc[c], cursor);
}

/* As many channels as the budget has room for; where the kernel of one takes longer than a stretch, a stretch of its taps. */
bool et_dnn_depthwise(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) {
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const uint32_t channels = node->out.c, end = et_dnn_elements(node->out), each = 2u * node->row + FINISH_UNITS;
  const uint32_t most = et_dnn_stretch(node, ALONE_UNITS);
  const bool alone = node->layer.kernel_h * (node->layer.kernel_w + ET_DNN_ROW_UNITS) > most;
  while (cursor->at < end) {
    if (*budget == 0) return false;
    const uint32_t position = cursor->at / channels, from = cursor->at % channels, fit = *budget / each + 1u;
    et_dnn_block block = {.at = position * channels, .from = from, .first = cursor->within == 0};
    block.taps = et_dnn_taps_at(node, position / node->mid.w, position % node->mid.w);
    block.part = et_dnn_part_at(&block.taps, 1u, cursor->within, most);
    block.to = alone ? from + 1u : channels - from < fit ? channels : from + fit;
    if (et_dnn_is_float(node)) block_f32(net, cursor, &block);
    else block_q8(net, cursor, &block);
    (void)et_dnn_part_done(cursor, &block.part, alone ? ALONE_UNITS : 0u, budget);
    et_dnn_spend(budget, alone ? FINISH_UNITS : (block.to - from) * each);
    if (cursor->within == 0) cursor->at = block.at + block.to;
  }
  return true;
}
