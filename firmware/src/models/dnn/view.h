/* A convolution or dense layer with all that its inner loops need, looked up once a slice. */
#ifndef ET_DNN_VIEW_H
#define ET_DNN_VIEW_H

#include "models/dnn/parts.h"

typedef struct et_dnn_view {
  const et_dnn_node *node;
  uint32_t row, channels, trained, positions; /* weights a row, rows, rows that are trained, positions of a fused pool */
  const void *input, *weights, *rest, *biases;
  const float *scales;
  const int32_t *multipliers;
  const int8_t *shifts;
  void *scratch;
  uint8_t *argmax;
  et_dnn_sink sink;
  int32_t input_zero;
  float input_scale;
  bool f32;
} et_dnn_view;

void et_dnn_view_of(const et_dnn *net, uint8_t k, et_dnn_view *view);

static inline const int8_t *et_dnn_view_row_q8(const et_dnn_view *view, uint32_t c) {
  if (c < view->trained) return (const int8_t *)view->weights + c * view->row;
  return (const int8_t *)view->rest + (c - view->trained) * view->row;
}
static inline const float *et_dnn_view_row_f32(const et_dnn_view *view, uint32_t c) {
  if (c < view->trained) return (const float *)view->weights + c * view->row;
  return (const float *)view->rest + (c - view->trained) * view->row;
}

/* Up to four positions that are worked on together: those of a fused pool, or neighbours. */
typedef struct et_dnn_group {
  uint32_t number, positions;
  uint16_t y[4], x[4];
} et_dnn_group;

uint32_t et_dnn_groups(const et_dnn_view *view);
/* Group `number`, its inputs as columns in the scratch; true when all are there, which the cursor's row then says. */
bool et_dnn_gather_group(const et_dnn_view *view, uint32_t number, et_dnn_group *group, et_dnn_cursor *cursor, uint32_t *budget);

#endif
