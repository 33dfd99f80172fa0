/* Dynamic sparse update (Deutel et al. 2024): of a layer's rows or filters only those with the largest errors are kept. The errors of
 * the others become zero, so that what follows passes them over. */
#include "models/dnn/parts.h"

#define ADD_UNITS 2u
#define LOOK_UNITS 2u

static uint32_t magnitude(const et_dnn *net, uint8_t k, uint32_t element) {
  const void *errors = et_dnn_buffer_at(net, k, ET_DNN_ERROR);
  if (!et_dnn_is_float(&net->plan->nodes[k])) {
    const int32_t e = ((const int8_t *)errors)[element];
    return (uint32_t)(e < 0 ? -e : e);
  }
  const float e = ((const float *)errors)[element];
  const float part = (e < 0.0f ? -e : e) * 65536.0f;
  return part < 65535.0f ? (uint32_t)part : 65535u;
}

/* Sums of magnitudes by channel; true when all errors are in. */
static bool add_up(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *sums, uint32_t *budget) {
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const uint32_t channels = node->out.c, end = et_dnn_elements(node->out);
  for (; cursor->at < end; cursor->at++) {
    if (*budget == 0) return false;
    const uint32_t c = cursor->at % channels, found = magnitude(net, cursor->node, cursor->at);
    sums[c] = cursor->at < channels ? found : sums[c] + found;
    et_dnn_spend(budget, ADD_UNITS);
  }
  return true;
}

/* The least sum that the `keep` largest have, so that at least that many are kept: bit by bit from the highest, a pass over the sums for
 * each. The cursor's row counts the bits. */
static bool find_threshold(et_dnn_cursor *cursor, const uint32_t *sums, uint32_t count, uint32_t keep, uint32_t *budget) {
  while (cursor->row < 32u) {
    const uint32_t with_bit = (uint32_t)cursor->largest | UINT32_C(1) << (31u - cursor->row);
    int32_t reach = cursor->at == 0 ? 0 : cursor->sums.whole[0];
    for (; cursor->at<count && * budget> 0; cursor->at++, et_dnn_spend(budget, LOOK_UNITS)) reach += sums[cursor->at] >= with_bit;
    cursor->sums.whole[0] = reach;
    if (cursor->at < count) return false;
    if ((uint32_t)reach >= keep) cursor->largest = (int32_t)with_bit;
    cursor->row++;
    cursor->at = 0;
  }
  return true;
}

/* The errors of the other channels become zero. */
static bool drop(const et_dnn *net, et_dnn_cursor *cursor, const uint32_t *sums, uint32_t *budget) {
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const uint32_t channels = node->out.c, end = et_dnn_elements(node->out);
  void *errors = et_dnn_buffer_at(net, cursor->node, ET_DNN_ERROR);
  for (; cursor->at < end; cursor->at++) {
    if (*budget == 0) return false;
    et_dnn_spend(budget, 1);
    if (sums[cursor->at % channels] >= (uint32_t)cursor->largest) continue;
    if (et_dnn_is_float(node)) ((float *)errors)[cursor->at] = 0.0f;
    else ((int8_t *)errors)[cursor->at] = 0;
  }
  return true;
}

enum { ADD_UP, FIND, DROP };

bool et_dnn_keep_largest(et_dnn_pass *pass, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  const uint8_t k = cursor->node;
  const et_dnn_node *node = &net->plan->nodes[k];
  const uint32_t channels = node->out.c, keep = (uint32_t)(pass->share * (float)channels + 0.999f);
  if (!(node->flags & ET_DNN_BIASES) || pass->share >= 1.0f || keep >= channels || k == net->plan->logits) return true;
  uint32_t *sums = (uint32_t *)et_dnn_buffer_at(net, k, ET_DNN_ERROR_SCRATCH);
  if (cursor->phase == ADD_UP) {
    if (!add_up(net, cursor, sums, budget)) return false;
    cursor->phase = FIND;
    cursor->at = 0;
  }
  if (cursor->phase == FIND) {
    if (!find_threshold(cursor, sums, channels, keep > 0 ? keep : 1u, budget)) return false;
    cursor->phase = DROP;
  }
  return drop(net, cursor, sums, budget);
}
