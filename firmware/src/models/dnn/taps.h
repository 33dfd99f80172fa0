/* The part of a kernel that lies over the input. */
#ifndef ET_DNN_TAPS_H
#define ET_DNN_TAPS_H

#include "models/dnn/parts.h"

typedef struct et_dnn_taps {
  int32_t top, left; /* where the kernel's first tap lies, may be outside */
  uint32_t y_from, y_to, x_from, x_to;
} et_dnn_taps;

static inline et_dnn_taps et_dnn_taps_at(const et_dnn_node *node, uint32_t oy, uint32_t ox) {
  et_dnn_taps taps;
  taps.top = (int32_t)(oy * node->layer.stride_h) - node->pad_top;
  taps.left = (int32_t)(ox * node->layer.stride_w) - node->pad_left;
  const int32_t below = taps.top + node->layer.kernel_h - node->in.h, beyond = taps.left + node->layer.kernel_w - node->in.w;
  taps.y_from = taps.top < 0 ? (uint32_t)-taps.top : 0;
  taps.x_from = taps.left < 0 ? (uint32_t)-taps.left : 0;
  const int32_t y_to = node->layer.kernel_h - (below > 0 ? below : 0), x_to = node->layer.kernel_w - (beyond > 0 ? beyond : 0);
  taps.y_to = y_to > 0 ? (uint32_t)y_to : 0;
  taps.x_to = x_to > 0 ? (uint32_t)x_to : 0;
  return taps;
}

static inline uint32_t et_dnn_taps_count(const et_dnn_taps *taps) {
  return taps->y_to > taps->y_from && taps->x_to > taps->x_from ? (taps->y_to - taps->y_from) * (taps->x_to - taps->x_from) : 0;
}

/* Weights of a depthwise convolution: all are trained, or none. */
static inline uint32_t et_dnn_depthwise_weights(const et_dnn_node *node) {
  return node->flags & ET_DNN_WEIGHTS ? node->weights : node->rest;
}

/* The position before the fused pool from which output `element` came. */
static inline void et_dnn_position_of(const et_dnn_node *node, const uint8_t *argmax, uint32_t element, uint32_t *y, uint32_t *x) {
  const uint32_t position = element / node->out.c;
  *y = position / node->out.w;
  *x = position % node->out.w;
  if (node->pool_h * node->pool_w == 1) return;
  const uint32_t which = (uint32_t)(argmax[element >> 2] >> (2u * (element & 3u))) & 3u;
  *y = *y * node->pool_h + which / node->pool_w;
  *x = *x * node->pool_w + which % node->pool_w;
}

#endif
