/* Convolution and dense layer, forward. Positions are taken in groups of up to four: the positions of a fused pool, or neighbours. The
 * inputs of a group are gathered into columns once, then every row of weights meets them. */
#include "models/dnn/parts.h"
#include "models/dnn/taps.h"
#include "models/kernels/columns.h"
#include "models/kernels/multiplier.h"

#define FINISH_UNITS 8u

typedef struct et_dnn_group {
  uint32_t positions;
  uint16_t y[4], x[4];
} et_dnn_group;

static bool pooled(const et_dnn_node *node) { return node->pool_h * node->pool_w > 1; }

static uint32_t groups_of(const et_dnn_node *node) {
  if (pooled(node)) return (uint32_t)node->out.h * node->out.w;
  return ((uint32_t)node->mid.h * node->mid.w + 3u) / 4u;
}

static void group_at(const et_dnn_node *node, uint32_t number, et_dnn_group *group) {
  if (pooled(node)) {
    const uint32_t top = number / node->out.w * node->pool_h, left = number % node->out.w * node->pool_w;
    group->positions = (uint32_t)node->pool_h * node->pool_w;
    for (uint32_t j = 0; j < group->positions; j++) {
      group->y[j] = (uint16_t)(top + j / node->pool_w);
      group->x[j] = (uint16_t)(left + j % node->pool_w);
    }
    return;
  }
  const uint32_t all = (uint32_t)node->mid.h * node->mid.w, first = number * 4u;
  group->positions = all - first < 4u ? all - first : 4u;
  uint32_t y = first / node->mid.w, x = first % node->mid.w;
  for (uint32_t j = 0; j < group->positions; j++) {
    group->y[j] = (uint16_t)y;
    group->x[j] = (uint16_t)x;
    if (++x == node->mid.w) {
      x = 0;
      y++;
    }
  }
}

/* One column: the inputs under the kernel at one position; what lies outside counts as zero. */
static void gather(const et_dnn *net, const et_dnn_node *node, uint32_t oy, uint32_t ox, uint32_t j) {
  const uint8_t k = (uint8_t)(node - net->plan->nodes);
  const et_dnn_taps taps = et_dnn_taps_at(node, oy, ox);
  const uint32_t channels = node->in.c, n = et_dnn_taps_count(&taps) > 0 ? (taps.x_to - taps.x_from) * channels : 0;
  void *columns = et_dnn_buffer_at(net, k, ET_DNN_FORWARD_SCRATCH);
  const void *input = et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  for (uint32_t ky = taps.y_from; ky < taps.y_to && n > 0; ky++) {
    const uint32_t y = (uint32_t)(taps.top + (int32_t)ky), x = (uint32_t)(taps.left + (int32_t)taps.x_from);
    const uint32_t at = (y * node->in.w + x) * channels, place = (ky * node->layer.kernel_w + taps.x_from) * channels;
    if (et_dnn_is_float(net->plan)) {
      float *column = (float *)columns + j;
      for (uint32_t i = 0; i < n; i++) column[4u * (place + i)] = ((const float *)input)[at + i];
    } else {
      et_gather((const int8_t *)input + at, et_dnn_range_of(net, node->input)->zero, n, (int16_t *)columns + 4u * j, place, 16);
    }
  }
}

static bool inside(const et_dnn_node *node, const et_dnn_group *group) {
  for (uint32_t j = 0; j < group->positions; j++) {
    const int32_t top = (int32_t)(group->y[j] * node->layer.stride_h) - node->pad_top;
    const int32_t left = (int32_t)(group->x[j] * node->layer.stride_w) - node->pad_left;
    if (top < 0 || left < 0 || top + node->layer.kernel_h > node->in.h || left + node->layer.kernel_w > node->in.w) return false;
  }
  return group->positions == 4;
}

/* What lies outside, and what fills up the last block, is zero; the first group clears it, later ones only when they reach outside. */
static void gather_group(const et_dnn *net, const et_dnn_node *node, const et_dnn_group *group, bool first) {
  if (first || !inside(node, group)) {
    const uint8_t k = (uint8_t)(node - net->plan->nodes);
    const uint32_t bytes = 4u * ((node->row + 3u) & ~3u) * (et_dnn_is_float(net->plan) ? 4u : 2u);
    memset(et_dnn_buffer_at(net, k, ET_DNN_FORWARD_SCRATCH), 0, bytes);
  }
  for (uint32_t j = 0; j < group->positions; j++) gather(net, node, group->y[j], group->x[j], j);
}

static void keep_argmax(const et_dnn *net, uint8_t k, uint32_t element, uint32_t which) {
  uint8_t *argmax = (uint8_t *)et_dnn_buffer_at(net, k, ET_DNN_ARGMAX);
  if (argmax == NULL) return;
  const uint32_t shift = 2u * (element & 3u);
  argmax[element >> 2] = (uint8_t)((argmax[element >> 2] & ~(3u << shift)) | (which << shift));
}

/* What a row's sums become, int8 networks. */
static void finish_q8(const et_dnn *net, uint8_t k, const et_dnn_bounds *bounds, uint32_t first, uint32_t positions, uint32_t c,
                      const int32_t *acc, int32_t *largest) {
  const et_dnn_node *node = &net->plan->nodes[k];
  if (node->flags & ET_DNN_RAW) {
    const float scale = et_dnn_range_of(net, node->input)->scale * ((const float *)et_dnn_at(net, node->scales))[c];
    for (uint32_t j = 0; j < positions; j++)
      ((float *)et_dnn_buffer_at(net, k, ET_DNN_ACTIVATION))[(first + j) * node->out.c + c] = scale * (float)acc[j];
    return;
  }
  const int32_t multiplier = ((const int32_t *)et_dnn_at(net, node->multipliers))[c];
  const int shift = ((const int8_t *)et_dnn_at(net, node->shifts))[c];
  const int32_t zero = et_dnn_range_of(net, k)->zero;
  int8_t *out = (int8_t *)et_dnn_buffer_at(net, k, ET_DNN_ACTIVATION);
  uint8_t *mask = (uint8_t *)et_dnn_buffer_at(net, k, ET_DNN_MASK);
  for (uint32_t j = 0; j < positions; j++) {
    const uint32_t element = (first + j) * node->out.c + c;
    const int8_t value = et_dnn_byte(et_multiply(acc[j], multiplier, shift), zero, *bounds, largest);
    out[element] = value;
    if (mask != NULL) et_dnn_set_bit(mask, element, value > bounds->low && value < (bounds->high < 127 ? bounds->high : 128));
  }
}

static void finish_f32(const et_dnn *net, uint8_t k, uint32_t first, uint32_t positions, uint32_t c, const float *acc) {
  const et_dnn_node *node = &net->plan->nodes[k];
  float *out = (float *)et_dnn_buffer_at(net, k, ET_DNN_ACTIVATION);
  uint8_t *mask = (uint8_t *)et_dnn_buffer_at(net, k, ET_DNN_MASK);
  for (uint32_t j = 0; j < positions; j++) {
    const uint32_t element = (first + j) * node->out.c + c;
    float value = acc[j];
    if (node->layer.activation != ET_DNN_LINEAR && value < 0.0f) value = 0.0f;
    if (node->layer.activation == ET_DNN_RELU6 && value > 6.0f) value = 6.0f;
    out[element] = value;
    if (mask != NULL) et_dnn_set_bit(mask, element, value > 0.0f && (node->layer.activation != ET_DNN_RELU6 || value < 6.0f));
  }
}

/* One row of weights over a group: of a pool only the largest sum goes on. Multipliers are not negative, so that the largest sum is
 * the largest activation. */
static void row_q8(const et_dnn *net, uint8_t k, const et_dnn_bounds *bounds, const et_dnn_group *group, uint32_t number, uint32_t c,
                   int32_t *largest) {
  const et_dnn_node *node = &net->plan->nodes[k];
  const int32_t bias = ((const int32_t *)et_dnn_at(net, node->biases))[c];
  int32_t acc[4] = {bias, bias, bias, bias};
  et_dot_columns(et_dnn_row_q8(net, node, c), (const int16_t *)et_dnn_buffer_at(net, k, ET_DNN_FORWARD_SCRATCH), node->row, acc);
  if (!pooled(node)) {
    finish_q8(net, k, bounds, number * 4u, group->positions, c, acc, largest);
    return;
  }
  uint32_t best = 0;
  for (uint32_t j = 1; j < group->positions; j++)
    if (acc[j] > acc[best]) best = j;
  keep_argmax(net, k, number * node->out.c + c, best);
  finish_q8(net, k, bounds, number, 1, c, &acc[best], largest);
}

static void row_f32(const et_dnn *net, uint8_t k, const et_dnn_group *group, uint32_t number, uint32_t c) {
  const et_dnn_node *node = &net->plan->nodes[k];
  const float bias = ((const float *)et_dnn_at(net, node->biases))[c];
  float acc[4] = {bias, bias, bias, bias};
  et_dot_columns_f32(et_dnn_row_f32(net, node, c), (const float *)et_dnn_buffer_at(net, k, ET_DNN_FORWARD_SCRATCH), node->row, acc);
  if (!pooled(node)) {
    finish_f32(net, k, number * 4u, group->positions, c, acc);
    return;
  }
  uint32_t best = 0;
  for (uint32_t j = 1; j < group->positions; j++)
    if (acc[j] > acc[best]) best = j;
  keep_argmax(net, k, number * node->out.c + c, best);
  finish_f32(net, k, number, 1, c, &acc[best]);
}

/* A dense layer: one column, rows by fours where they lie together. */
static bool dense(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) {
  const uint8_t k = cursor->node;
  const et_dnn_node *node = &net->plan->nodes[k];
  const et_dnn_bounds bounds = et_dnn_bounds_of(net, k);
  const uint32_t trained = et_dnn_trained_rows(node);
  int16_t *column = (int16_t *)et_dnn_buffer_at(net, k, ET_DNN_FORWARD_SCRATCH);
  const void *input = et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  const int32_t *biases = (const int32_t *)et_dnn_at(net, node->biases);
  if (cursor->at == 0 && !et_dnn_is_float(net->plan)) {
    et_gather((const int8_t *)input, et_dnn_range_of(net, node->input)->zero, node->row, column, 0, 4);
    et_dnn_spend(budget, node->row / 2u);
  }
  while (cursor->at < node->out.c) {
    const uint32_t c = cursor->at;
    if (et_dnn_is_float(net->plan)) {
      const float acc = ((const float *)et_dnn_at(net, node->biases))[c] + et_dot_f32(et_dnn_row_f32(net, node, c), (const float *)input, node->row);
      finish_f32(net, k, 0, 1, c, &acc);
      cursor->at++;
    } else {
      const uint32_t end = c < trained ? trained : node->out.c;
      const uint32_t rows = end - c >= 4 ? 4 : 1;
      int32_t acc[4];
      for (uint32_t j = 0; j < rows; j++) acc[j] = biases[c + j];
      const int8_t *w = et_dnn_row_q8(net, node, c);
      if (rows == 4)
        et_dot_rows(w, node->row, column, node->row, acc);
      else
        acc[0] += et_dot_column(w, column, node->row);
      for (uint32_t j = 0; j < rows; j++) finish_q8(net, k, &bounds, 0, 1, c + j, &acc[j], &cursor->largest);
      cursor->at += rows;
    }
    et_dnn_spend(budget, (cursor->at - c) * (node->row + FINISH_UNITS));
    if (*budget == 0 && cursor->at < node->out.c) return false;
  }
  return true;
}

bool et_dnn_convolve(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) {
  const uint8_t k = cursor->node;
  const et_dnn_node *node = &net->plan->nodes[k];
  if (et_dnn_is_dense(node)) return dense(net, cursor, budget);
  const et_dnn_bounds bounds = et_dnn_bounds_of(net, k);
  const uint32_t groups = groups_of(node), channels = node->out.c;
  et_dnn_group group;
  uint32_t number = cursor->at / channels, c = cursor->at % channels;
  bool gathered = c != 0;
  if (gathered) group_at(node, number, &group);
  while (number < groups) {
    if (!gathered) {
      group_at(node, number, &group);
      gather_group(net, node, &group, number == 0);
      et_dnn_spend(budget, 2u * node->row);
      gathered = true;
    }
    /* At least one row, or a small budget would only ever gather. */
    do {
      if (et_dnn_is_float(net->plan))
        row_f32(net, k, &group, number, c);
      else
        row_q8(net, k, &bounds, &group, number, c, &cursor->largest);
      c++;
      et_dnn_spend(budget, group.positions * node->row + FINISH_UNITS * (pooled(node) ? 2u : group.positions));
    } while (c < channels && *budget > 0);
    if (c == channels) {
      c = 0;
      number++;
      gathered = false;
    }
    cursor->at = number * channels + c;
    if (*budget == 0 && number < groups) return false;
  }
  return true;
}
