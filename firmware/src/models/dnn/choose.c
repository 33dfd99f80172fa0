/* Dynamic sparse update (Deutel et al. 2024): of a layer's rows or filters only those with the largest errors are kept. The errors of
 * the others become zero, so that what follows passes them over. */
#include "models/dnn/parts.h"

#define SELECT_UNITS 40u

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

/* The least magnitude that the `keep` largest have, by bisection: at least that many are kept. */
static uint32_t threshold(const uint32_t *sums, uint32_t count, uint32_t keep) {
  uint32_t low = 0, high = UINT32_MAX;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2u + 1u;
    uint32_t reach = 0;
    for (uint32_t c = 0; c < count; c++) reach += sums[c] >= middle;
    if (reach >= keep) low = middle;
    else high = middle - 1u;
  }
  return low;
}

bool et_dnn_keep_largest(et_dnn_pass *pass, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  const uint8_t k = cursor->node;
  const et_dnn_node *node = &net->plan->nodes[k];
  const uint32_t channels = node->out.c, end = et_dnn_elements(node->out);
  const uint32_t keep = (uint32_t)(pass->share * (float)channels + 0.999f);
  if (!(node->flags & ET_DNN_BIASES) || pass->share >= 1.0f || keep >= channels || k == net->plan->logits) return true;
  uint32_t *sums = (uint32_t *)et_dnn_buffer_at(net, k, ET_DNN_ERROR_SCRATCH);
  if (cursor->phase == 0) {
    if (cursor->at == 0) memset(sums, 0, 4u * channels);
    for (; cursor->at < end; cursor->at++) {
      if (*budget == 0) return false;
      sums[cursor->at % channels] += magnitude(net, k, cursor->at);
      et_dnn_spend(budget, 2u);
    }
    cursor->largest = (int32_t)threshold(sums, channels, keep > 0 ? keep : 1u);
    et_dnn_spend(budget, SELECT_UNITS * channels);
    cursor->phase = 1;
    cursor->at = 0;
  }
  void *errors = et_dnn_buffer_at(net, k, ET_DNN_ERROR);
  for (; cursor->at < end; cursor->at++) {
    if (*budget == 0) return false;
    et_dnn_spend(budget, 1);
    if (sums[cursor->at % channels] >= (uint32_t)cursor->largest) continue;
    if (et_dnn_is_float(node)) ((float *)errors)[cursor->at] = 0.0f;
    else ((int8_t *)errors)[cursor->at] = 0;
  }
  return true;
}
