/* Maximum and average pools. A maximum that its convolution takes along is in convolve.c. */
#include "models/dnn/parts.h"
#include "models/dnn/taps.h"

#define FINISH_UNITS 10u

/* Mean to nearest, ties away from zero. */
static int8_t mean_byte(int32_t sum, int32_t count) { return (int8_t)(sum >= 0 ? (sum + count / 2) / count : (sum - count / 2) / count); }

static void maximum(const et_dnn *net, const et_dnn_node *node, const et_dnn_taps *taps, uint32_t element, uint32_t c) {
  const void *input = et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  const uint8_t k = (uint8_t)(node - net->plan->nodes);
  uint8_t *argmax = (uint8_t *)et_dnn_buffer_or_null(net, k, ET_DNN_ARGMAX);
  const bool f32 = et_dnn_is_float(node);
  uint32_t best = 0, which = 0;
  for (uint32_t ky = taps->y_from; ky < taps->y_to; ky++)
    for (uint32_t kx = taps->x_from; kx < taps->x_to; kx++) {
      const uint32_t y = (uint32_t)(taps->top + (int32_t)ky), x = (uint32_t)(taps->left + (int32_t)kx);
      const uint32_t at = (y * node->in.w + x) * node->in.c + c;
      const bool first = ky == taps->y_from && kx == taps->x_from;
      const bool larger =
          f32 ? ((const float *)input)[at] > ((const float *)input)[best] : ((const int8_t *)input)[at] > ((const int8_t *)input)[best];
      if (!first && !larger) continue;
      best = at;
      which = ky * node->layer.kernel_w + kx;
    }
  void *out = et_dnn_buffer_at(net, k, ET_DNN_ACTIVATION);
  if (f32) ((float *)out)[element] = ((const float *)input)[best];
  else ((int8_t *)out)[element] = ((const int8_t *)input)[best];
  if (argmax != NULL) argmax[element] = (uint8_t)which;
}

static void average(const et_dnn *net, const et_dnn_node *node, const et_dnn_taps *taps, uint32_t element, uint32_t c) {
  const void *input = et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  void *out = et_dnn_buffer_at(net, (uint8_t)(node - net->plan->nodes), ET_DNN_ACTIVATION);
  const bool f32 = et_dnn_is_float(node);
  float real = 0;
  int32_t sum = 0;
  for (uint32_t ky = taps->y_from; ky < taps->y_to; ky++)
    for (uint32_t kx = taps->x_from; kx < taps->x_to; kx++) {
      const uint32_t y = (uint32_t)(taps->top + (int32_t)ky), x = (uint32_t)(taps->left + (int32_t)kx);
      const uint32_t at = (y * node->in.w + x) * node->in.c + c;
      if (f32) real += ((const float *)input)[at];
      else sum += ((const int8_t *)input)[at];
    }
  const uint32_t count = et_dnn_taps_count(taps);
  if (f32) ((float *)out)[element] = real / (float)count;
  else ((int8_t *)out)[element] = mean_byte(sum, (int32_t)count);
}

static bool pool(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget, bool max) {
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const uint32_t end = et_dnn_elements(node->out), each = 2u * node->layer.kernel_h * node->layer.kernel_w + FINISH_UNITS;
  while (cursor->at < end) {
    if (*budget == 0) return false;
    const uint32_t position = cursor->at / node->out.c, c = cursor->at % node->out.c;
    const et_dnn_taps taps = et_dnn_taps_at(node, position / node->out.w, position % node->out.w);
    if (max) maximum(net, node, &taps, cursor->at, c);
    else average(net, node, &taps, cursor->at, c);
    cursor->at++;
    et_dnn_spend(budget, each);
  }
  return true;
}

bool et_dnn_max_pool(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) { return pool(net, cursor, budget, true); }
bool et_dnn_average_pool(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) { return pool(net, cursor, budget, false); }
