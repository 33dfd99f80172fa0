/* The sum of two tensors, forward: both are brought to a common scale with 20 more bits, as TensorFlow Lite does. */
#include "models/dnn/parts.h"
#include "models/kernels/multiplier.h"

#define FINISH_UNITS 8u
#define HEADROOM_BITS 20

static void add_q8(const et_dnn *net, et_dnn_cursor *cursor, uint32_t end) {
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const et_dnn_range *range_a = et_dnn_range_of(net, node->input), *range_b = et_dnn_range_of(net, node->other);
  const et_dnn_range *range_out = et_dnn_range_of(net, cursor->node);
  const double twice = 2.0 * (range_a->scale > range_b->scale ? (double)range_a->scale : (double)range_b->scale);
  const et_multiplier first = et_multiplier_of((double)range_a->scale / twice), second = et_multiplier_of((double)range_b->scale / twice);
  const et_multiplier sum = et_multiplier_of(twice / ((double)((int32_t)1 << HEADROOM_BITS) * (double)range_out->scale));
  const et_dnn_bounds bounds = et_dnn_bounds_of(net, cursor->node);
  const int8_t *a = (const int8_t *)et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  const int8_t *b = (const int8_t *)et_dnn_buffer_at(net, node->other, ET_DNN_ACTIVATION);
  int8_t *out = (int8_t *)et_dnn_buffer_at(net, cursor->node, ET_DNN_ACTIVATION);
  uint8_t *mask = (uint8_t *)et_dnn_buffer_or_null(net, cursor->node, ET_DNN_MASK);
  for (uint32_t i = cursor->at; i < end; i++) {
    /* At most 255 2^20 each. */
    const int32_t x = et_multiply((a[i] - range_a->zero) * ((int32_t)1 << HEADROOM_BITS), first.factor, first.shift);
    const int32_t y = et_multiply((b[i] - range_b->zero) * ((int32_t)1 << HEADROOM_BITS), second.factor, second.shift);
    out[i] = et_dnn_byte(et_multiply(x + y, sum.factor, sum.shift), range_out->zero, bounds, &cursor->largest);
    if (mask != NULL) et_dnn_set_bit(mask, i, out[i] > bounds.low && out[i] < (bounds.high < 127 ? bounds.high : 128));
  }
}

static void add_f32(const et_dnn *net, et_dnn_cursor *cursor, uint32_t end) {
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const float *a = (const float *)et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  const float *b = (const float *)et_dnn_buffer_at(net, node->other, ET_DNN_ACTIVATION);
  const et_dnn_sink sink = et_dnn_sink_of(net, cursor->node);
  for (uint32_t i = cursor->at; i < end; i++) et_dnn_give(&sink, i, a[i] + b[i], cursor);
}

bool et_dnn_add(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) {
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const uint32_t all = et_dnn_elements(node->out);
  while (cursor->at < all) {
    if (*budget == 0) return false;
    const uint32_t fit = *budget / FINISH_UNITS + 1u, end = all - cursor->at < fit ? all : cursor->at + fit;
    if (et_dnn_is_float(node)) add_f32(net, cursor, end);
    else add_q8(net, cursor, end);
    et_dnn_spend(budget, (end - cursor->at) * FINISH_UNITS);
    cursor->at = end;
  }
  return true;
}
