/* Positions of a convolution in groups of four, and their inputs as columns. */
#include "models/dnn/taps.h"
#include "models/dnn/view.h"
#include "models/kernels/columns.h"
#include "support/blocks.h"

/* For each row of a kernel, beside its values. */
#define RUN_UNITS 10u

enum { CLEAR, GATHER, THERE }; /* the cursor's row */

void et_dnn_view_of(const et_dnn *net, uint8_t k, et_dnn_view *view) {
  const et_dnn_node *node = &net->plan->nodes[k];
  memset(view, 0, sizeof *view);
  view->node = node;
  view->row = node->row;
  view->channels = node->out.c;
  view->trained = et_dnn_trained_rows(node);
  view->positions = (uint32_t)node->pool_h * node->pool_w;
  view->f32 = et_dnn_is_float(node);
  view->input = et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  view->weights = et_dnn_at(net, node->weights);
  view->rest = et_dnn_at(net, node->rest);
  view->biases = et_dnn_at(net, node->biases);
  view->scratch = et_dnn_buffer_or_null(net, k, ET_DNN_FORWARD_SCRATCH);
  view->sink = et_dnn_sink_of(net, k);
  view->argmax = (uint8_t *)et_dnn_buffer_or_null(net, k, ET_DNN_ARGMAX);
  if (view->f32) return;
  view->scales = (const float *)et_dnn_at(net, node->scales);
  view->input_zero = et_dnn_range_of(net, node->input)->zero;
  view->input_scale = et_dnn_range_of(net, node->input)->scale;
  if (view->sink.floats) return;
  view->multipliers = (const int32_t *)et_dnn_at(net, node->multipliers);
  view->shifts = (const int8_t *)et_dnn_at(net, node->shifts);
}

uint32_t et_dnn_groups(const et_dnn_view *view) {
  const et_dnn_node *node = view->node;
  if (view->positions > 1) return (uint32_t)node->out.h * node->out.w;
  return ((uint32_t)node->mid.h * node->mid.w + 3u) / 4u;
}

static void group_at(const et_dnn_view *view, uint32_t number, et_dnn_group *group) {
  const et_dnn_node *node = view->node;
  group->number = number;
  if (view->positions > 1) {
    const uint32_t row = number / node->out.w, top = row * node->pool_h, left = (number - row * node->out.w) * node->pool_w;
    group->positions = view->positions;
    for (uint32_t j = 0, y = top; y < top + node->pool_h; y++)
      for (uint32_t x = left; x < left + node->pool_w; x++, j++) {
        group->y[j] = (uint16_t)y;
        group->x[j] = (uint16_t)x;
      }
    return;
  }
  const uint32_t all = (uint32_t)node->mid.h * node->mid.w, first = number * 4u;
  group->positions = all - first < 4u ? all - first : 4u;
  uint32_t y = first / node->mid.w, x = first - y * node->mid.w;
  for (uint32_t j = 0; j < group->positions; j++) {
    group->y[j] = (uint16_t)y;
    group->x[j] = (uint16_t)x;
    if (++x == node->mid.w) {
      x = 0;
      y++;
    }
  }
}

static void place_column(const et_dnn_view *view, uint32_t at, uint32_t n, uint32_t place, uint32_t j) {
  if (!view->f32) {
    et_gather((const int8_t *)view->input + at, view->input_zero, n, (int16_t *)view->scratch + 4u * j, place, 16);
    return;
  }
  float *column = (float *)view->scratch + 4u * place + j;
  const float *input = (const float *)view->input + at;
  for (uint32_t i = 0; i < n; i++) column[4u * i] = input[i];
}

/* One column: the inputs under the kernel at one position; what lies outside counts as zero. */
static void gather_at_edge(const et_dnn_view *view, uint32_t oy, uint32_t ox, uint32_t j) {
  const et_dnn_node *node = view->node;
  const et_dnn_taps taps = et_dnn_taps_at(node, oy, ox);
  if (et_dnn_taps_count(&taps) == 0) return;
  const uint32_t channels = node->in.c, n = (taps.x_to - taps.x_from) * channels;
  for (uint32_t ky = taps.y_from; ky < taps.y_to; ky++) {
    const uint32_t y = (uint32_t)(taps.top + (int32_t)ky), x = (uint32_t)(taps.left + (int32_t)taps.x_from);
    place_column(view, (y * node->in.w + x) * channels, n, (ky * node->layer.kernel_w + taps.x_from) * channels, j);
  }
}

/* Where the kernel's first tap lies over the input; false: part of the kernel lies outside. */
static bool first_tap(const et_dnn_node *node, uint32_t oy, uint32_t ox, uint32_t *at) {
  const int32_t top = (int32_t)(oy * node->layer.stride_h) - node->pad_top, left = (int32_t)(ox * node->layer.stride_w) - node->pad_left;
  *at = ((uint32_t)top * node->in.w + (uint32_t)left) * node->in.c;
  return top >= 0 && left >= 0 && top + node->layer.kernel_h <= node->in.h && left + node->layer.kernel_w <= node->in.w;
}

/* Short rows that fill no blocks, four columns at once. */
static void gather_short(const et_dnn_view *view, const uint32_t corners[4]) {
  const et_dnn_node *node = view->node;
  const uint32_t n = (uint32_t)node->layer.kernel_w * node->in.c, step = (uint32_t)node->in.w * node->in.c;
  const int32_t zero = view->input_zero;
  const int8_t *a = (const int8_t *)view->input + corners[0], *b = (const int8_t *)view->input + corners[1];
  const int8_t *c = (const int8_t *)view->input + corners[2], *d = (const int8_t *)view->input + corners[3];
  uint32_t k = 0;
  for (uint32_t ky = 0; ky < node->layer.kernel_h; ky++) {
    for (uint32_t i = 0; i < n; i++, k++) {
      int16_t *to = (int16_t *)view->scratch + 4u * (k & ~3u) + (et_column_order(k) & 3u);
      to[0] = (int16_t)(a[i] - zero);
      to[4] = (int16_t)(b[i] - zero);
      to[8] = (int16_t)(c[i] - zero);
      to[12] = (int16_t)(d[i] - zero);
    }
    a += step;
    b += step;
    c += step;
    d += step;
  }
}

/* All columns at once. */
static void gather_whole(const et_dnn_view *view, const et_dnn_group *group, bool inside, const uint32_t corners[4]) {
  const et_dnn_node *node = view->node;
  const uint32_t n = (uint32_t)node->layer.kernel_w * node->in.c, step = (uint32_t)node->in.w * node->in.c;
  if (inside && group->positions == 4 && !view->f32 && (n & 3u) != 0 && n < 16u) {
    gather_short(view, corners);
    return;
  }
  for (uint32_t j = 0; j < group->positions; j++) {
    if (!inside) gather_at_edge(view, group->y[j], group->x[j], j);
    else
      for (uint32_t ky = 0; ky < node->layer.kernel_h; ky++) place_column(view, corners[j] + ky * step, n, ky * n, j);
  }
}

/* The next stretch of long columns, one behind the other; at most a row of the kernel. */
static void gather_stretch(const et_dnn_view *view, const et_dnn_group *group, et_dnn_cursor *cursor, uint32_t *budget) {
  const et_dnn_node *node = view->node;
  const uint32_t channels = node->in.c, run = (uint32_t)node->layer.kernel_w * channels;
  const uint32_t j = cursor->within / view->row, place = cursor->within - j * view->row, ky = place / run, at = place - ky * run;
  const uint32_t to = at + et_dnn_least(run - at, ET_DNN_STRETCH);
  const et_dnn_taps taps = et_dnn_taps_at(node, group->y[j], group->x[j]);
  const uint32_t first = taps.x_from * channels > at ? taps.x_from * channels : at, last = et_dnn_least(taps.x_to * channels, to);
  if (ky >= taps.y_from && ky < taps.y_to && first < last) {
    const int32_t left = (taps.top + (int32_t)ky) * node->in.w + taps.left; /* below zero: the first channels lie outside */
    place_column(view, (uint32_t)(left * (int32_t)channels + (int32_t)first), last - first, ky * run + first, j);
  }
  cursor->within += to - at;
  et_dnn_spend_moving(node, budget, (to - at) / 2u + RUN_UNITS);
}

/* What lies outside, and what fills up the last block, is zero; the first group clears it, later ones only when they reach outside. */
bool et_dnn_gather_group(const et_dnn_view *view, uint32_t number, et_dnn_group *group, et_dnn_cursor *cursor, uint32_t *budget) {
  const et_dnn_node *node = view->node;
  uint32_t corners[4] = {0, 0, 0, 0};
  group_at(view, number, group);
  if (cursor->row == THERE) return true;
  bool inside = group->positions == 4;
  for (uint32_t j = 0; j < group->positions; j++) inside &= first_tap(node, group->y[j], group->x[j], &corners[j]);
  const uint32_t bytes = 4u * et_up_to_4(view->row) * (view->f32 ? 4u : 2u), units = 2u * view->row + 4u * RUN_UNITS * node->layer.kernel_h;
  const bool clears = cursor->row == CLEAR && (number == 0 || !inside);
  if (clears && !et_dnn_clear(node, cursor, view->scratch, bytes, budget)) return false;
  cursor->row = GATHER;
  if (units <= ET_DNN_STRETCH) {
    gather_whole(view, group, inside, corners);
    et_dnn_spend_moving(node, budget, units);
  } else {
    while (cursor->within < group->positions * view->row) {
      if (*budget == 0) return false;
      gather_stretch(view, group, cursor, budget);
    }
    cursor->within = 0;
  }
  cursor->row = THERE;
  return true;
}
