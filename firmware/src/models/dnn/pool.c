/* Maximum and average pools. A maximum that its convolution takes along is in convolve.c. */
#include "models/dnn/parts.h"
#include "models/dnn/taps.h"

#define FINISH_UNITS 10u
#define TAP_UNITS 2u

/* Mean to nearest, ties away from zero. */
static int8_t mean_byte(int32_t sum, int32_t count) { return (int8_t)(sum >= 0 ? (sum + count / 2) / count : (sum - count / 2) / count); }

/* At most 255 taps (et_dnn_shape_up). */
static void maximum(const et_dnn *net, const et_dnn_node *node, const et_dnn_taps *taps, uint32_t element, uint32_t c) {
  const void *input = et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  const uint8_t k = (uint8_t)(node - net->plan->nodes);
  uint8_t *argmax = (uint8_t *)et_dnn_buffer_or_null(net, k, ET_DNN_ARGMAX);
  const bool f32 = et_dnn_is_float(node);
  uint32_t best = 0, which = 0;
  bool first = true;
  for (uint32_t ky = taps->y_from; ky < taps->y_to; ky++) {
    uint32_t at = et_dnn_row_input(node, taps, ky) + c;
    for (uint32_t kx = taps->x_from; kx < taps->x_to; kx++, at += node->in.c) {
      const bool larger =
          f32 ? ((const float *)input)[at] > ((const float *)input)[best] : ((const int8_t *)input)[at] > ((const int8_t *)input)[best];
      if (!first && !larger) continue;
      first = false;
      best = at;
      which = ky * node->layer.kernel_w + kx;
    }
  }
  void *out = et_dnn_buffer_at(net, k, ET_DNN_ACTIVATION);
  if (f32) ((float *)out)[element] = ((const float *)input)[best];
  else ((int8_t *)out)[element] = ((const int8_t *)input)[best];
  if (argmax != NULL) argmax[element] = (uint8_t)which;
}

/* A stretch of the taps; the cursor keeps their sum. */
static void average(const et_dnn *net, const et_dnn_node *node, const et_dnn_taps *taps, et_dnn_cursor *cursor, uint32_t c,
                    uint32_t *budget) {
  const void *input = et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  void *out = et_dnn_buffer_at(net, cursor->node, ET_DNN_ACTIVATION);
  const bool f32 = et_dnn_is_float(node);
  const uint32_t count = et_dnn_taps_count(taps);
  const et_dnn_part part = et_dnn_part_at(taps, 1u, cursor->within, et_dnn_stretch(node, TAP_UNITS));
  float real = cursor->within == 0 || !f32 ? 0.0f : cursor->sums.real[0];
  int32_t sum = cursor->within == 0 || f32 ? 0 : cursor->sums.whole[0];
  for (uint32_t ky = part.y_from; ky < part.y_to; ky++) {
    uint32_t at = et_dnn_row_input(node, taps, ky) + part.at * node->in.c + c;
    for (uint32_t i = 0; i < part.n; i++, at += node->in.c) {
      if (f32) real += ((const float *)input)[at];
      else sum += ((const int8_t *)input)[at];
    }
  }
  if (!part.last) {
    if (f32) cursor->sums.real[0] = real;
    else cursor->sums.whole[0] = sum;
  } else if (f32) {
    ((float *)out)[cursor->at] = real / (float)count;
  } else {
    ((int8_t *)out)[cursor->at] = mean_byte(sum, (int32_t)count);
  }
  (void)et_dnn_part_done(cursor, &part, TAP_UNITS, budget);
}

static bool pool(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget, bool max) {
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const uint32_t end = et_dnn_elements(node->out);
  while (cursor->at < end) {
    if (*budget == 0) return false;
    const uint32_t position = cursor->at / node->out.c, c = cursor->at % node->out.c;
    const et_dnn_taps taps = et_dnn_taps_at(node, position / node->out.w, position % node->out.w);
    if (max) maximum(net, node, &taps, cursor->at, c);
    else average(net, node, &taps, cursor, c, budget);
    if (cursor->within == 0) cursor->at++;
    et_dnn_spend(budget, (max ? TAP_UNITS * et_dnn_taps_count(&taps) : 0u) + FINISH_UNITS);
  }
  return true;
}

bool et_dnn_max_pool(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) { return pool(net, cursor, budget, true); }
bool et_dnn_average_pool(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) { return pool(net, cursor, budget, false); }
