/* Softmax, forward: the last layer of an imported classifier. Its training is the loss's (loss.c), from the logits. */
#include "models/dnn/parts.h"
#include "models/kernels/exponential.h"

#define UNITS 60u

static float logit(const et_dnn *net, const et_dnn_node *node, uint32_t i) {
  const void *input = et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  if (et_dnn_gives_floats(&net->plan->nodes[node->input])) return ((const float *)input)[i];
  return et_dnn_range_of(net, node->input)->scale * (float)((const int8_t *)input)[i];
}

/* All at once: a classifier's outputs are few. */
bool et_dnn_softmax(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) {
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const uint32_t count = et_dnn_elements(node->out);
  void *out = et_dnn_buffer_at(net, cursor->node, ET_DNN_ACTIVATION);
  float largest = logit(net, node, 0), sum = 0;
  for (uint32_t i = 1; i < count; i++) {
    const float value = logit(net, node, i);
    if (value > largest) largest = value;
  }
  for (uint32_t i = 0; i < count; i++) sum += et_exponential(logit(net, node, i) - largest);
  for (uint32_t i = 0; i < count; i++) {
    const float share = et_exponential(logit(net, node, i) - largest) / sum;
    if (et_dnn_is_float(node)) {
      ((float *)out)[i] = share;
      continue;
    }
    const et_dnn_range *range = et_dnn_range_of(net, cursor->node);
    const int32_t value = (int32_t)(share / range->scale + 0.5f) + range->zero;
    ((int8_t *)out)[i] = (int8_t)(value > 127 ? 127 : value);
  }
  et_dnn_spend(budget, UNITS * count);
  return true;
}
