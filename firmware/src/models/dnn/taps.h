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

/* A stretch of what lies under the kernel's part over the input: all of it, some rows of taps, or part of a row. */
typedef struct et_dnn_part {
  uint32_t y_from, y_to; /* rows of the kernel */
  uint32_t at, n;        /* of each row: where it begins, how many */
  bool last;
} et_dnn_part;

/* Of a row of taps, beside its numbers. */
#define ET_DNN_ROW_UNITS 8u

/* From `within` on, about `most`; `each`: numbers of a tap, all channels or one. */
static inline et_dnn_part et_dnn_part_at(const et_dnn_taps *taps, uint32_t each, uint32_t within, uint32_t most) {
  const uint32_t length = (taps->x_to - taps->x_from) * each, rows = most / (length + ET_DNN_ROW_UNITS);
  et_dnn_part part = {taps->y_from, taps->y_to, 0, length, true};
  if (taps->y_to - taps->y_from <= rows) return part;
  part.y_from += within / length;
  part.at = within % length;
  part.n = et_dnn_least(length - part.at, most);
  part.y_to = part.y_from + (part.at == 0 && rows > 1u ? et_dnn_least(taps->y_to - part.y_from, rows) : 1u);
  part.last = part.y_to == taps->y_to && part.at + part.n == length;
  return part;
}

/* The cursor behind a part whose numbers take `units` each; how many they were. */
static inline uint32_t et_dnn_part_done(et_dnn_cursor *cursor, const et_dnn_part *part, uint32_t units, uint32_t *budget) {
  const uint32_t rows = part->y_to - part->y_from, n = rows * part->n;
  cursor->within = part->last ? 0 : cursor->within + n;
  et_dnn_spend(budget, n * units + rows * ET_DNN_ROW_UNITS);
  return n;
}

/* The first channel that the first tap of a row of the kernel reads. */
static inline uint32_t et_dnn_row_input(const et_dnn_node *node, const et_dnn_taps *taps, uint32_t y) {
  return ((uint32_t)(taps->top + (int32_t)y) * node->in.w + (uint32_t)(taps->left + (int32_t)taps->x_from)) * node->in.c;
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
