/* Convolution and dense layer, forward. Positions are taken in groups of up to four: the positions of a fused pool, or neighbours. The
 * inputs of a group are gathered into columns once (gather.c), then every row of weights meets them; a long row in stretches, its sums
 * kept in the cursor. */
#include "models/dnn/view.h"
#include "models/kernels/columns.h"
#include "models/kernels/multiplier.h"

#define FINISH_UNITS 8u

static inline void keep_argmax(const et_dnn_view *view, uint32_t element, uint32_t which) {
  if (view->argmax == NULL) return;
  const uint32_t shift = 2u * (element & 3u);
  view->argmax[element >> 2] = (uint8_t)((view->argmax[element >> 2] & ~(3u << shift)) | (which << shift));
}

/* What a row's sums at `positions` neighbours become. */
static inline void finish_q8(const et_dnn_view *view, uint32_t first, uint32_t positions, uint32_t c, const int32_t *acc,
                             int32_t *largest) {
  const et_dnn_sink *sink = &view->sink;
  uint32_t element = first * view->channels + c;
  const int32_t multiplier = view->multipliers[c];
  const int shift = view->shifts[c];
  for (uint32_t j = 0; j < positions; j++, element += view->channels) {
    const int8_t value = et_dnn_byte(et_multiply(acc[j], multiplier, shift), sink->zero, sink->bounds, largest);
    ((int8_t *)sink->out)[element] = value;
    if (sink->mask != NULL) et_dnn_set_bit(sink->mask, element, value > sink->bounds.low && value < sink->pass_high);
  }
}

/* The same where floats are wanted of them. */
static inline void finish_q8_floats(const et_dnn_view *view, uint32_t first, uint32_t positions, uint32_t c, const int32_t *acc,
                                    et_dnn_cursor *cursor) {
  const float scale = view->input_scale * view->scales[c];
  uint32_t element = first * view->channels + c;
  for (uint32_t j = 0; j < positions; j++, element += view->channels) et_dnn_give(&view->sink, element, scale * (float)acc[j], cursor);
}

static inline void finish_f32(const et_dnn_view *view, uint32_t first, uint32_t positions, uint32_t c, const float *acc,
                              et_dnn_cursor *cursor) {
  uint32_t element = first * view->channels + c;
  for (uint32_t j = 0; j < positions; j++, element += view->channels) et_dnn_give(&view->sink, element, acc[j], cursor);
}

static inline uint32_t largest_of(const int32_t acc[4], uint32_t count) {
  uint32_t best = 0;
  for (uint32_t j = 1; j < count; j++)
    if (acc[j] > acc[best]) best = j;
  return best;
}

/* The usual 2 x 2, without a loop; the first among equals, as above. */
static inline uint32_t largest_of_four(const int32_t acc[4]) {
  const uint32_t upper = acc[1] > acc[0] ? 1u : 0u, lower = acc[3] > acc[2] ? 3u : 2u;
  return acc[lower] > acc[upper] ? lower : upper;
}

/* Rows from .. to - 1, which lie together, over a group of a fused pool: only the largest sum goes on. Multipliers are not negative, so
 * that the largest sum is the largest activation. Everything is held in locals: a store of bytes might change the view for all that
 * the compiler knows. */
static void pooled_rows_q8(const et_dnn_view *view, const et_dnn_group *group, uint32_t from, uint32_t to, int32_t *largest) {
  const uint32_t row = view->row, positions = view->positions, element = group->number * view->channels;
  const int16_t *columns = (const int16_t *)view->scratch;
  const int32_t *biases = (const int32_t *)view->biases, *multipliers = view->multipliers;
  const int8_t *shifts = view->shifts, *w = et_dnn_view_row_q8(view, from);
  int8_t *out = (int8_t *)view->sink.out + element;
  uint8_t *mask = view->sink.mask;
  const et_dnn_bounds bounds = view->sink.bounds;
  const int32_t zero = view->sink.zero, pass_high = view->sink.pass_high;
  int32_t seen = *largest;
  for (uint32_t c = from; c < to; c++, w += row) {
    const int32_t bias = biases[c];
    int32_t acc[4] = {bias, bias, bias, bias};
    et_dot_columns(w, columns, row, acc);
    const uint32_t best = positions == 4 ? largest_of_four(acc) : largest_of(acc, positions);
    const int8_t value = et_dnn_byte(et_multiply(acc[best], multipliers[c], shifts[c]), zero, bounds, &seen);
    out[c] = value;
    keep_argmax(view, element + c, best);
    if (mask != NULL) et_dnn_set_bit(mask, element + c, value > bounds.low && value < pass_high);
  }
  *largest = seen;
}

/* The same over neighbours. */
static void rows_q8(const et_dnn_view *view, const et_dnn_group *group, uint32_t from, uint32_t to, int32_t *largest) {
  const uint32_t row = view->row, positions = group->positions, first = group->number * 4u;
  const int16_t *columns = (const int16_t *)view->scratch;
  const int32_t *biases = (const int32_t *)view->biases;
  const int8_t *w = et_dnn_view_row_q8(view, from);
  int32_t seen = *largest;
  for (uint32_t c = from; c < to; c++, w += row) {
    const int32_t bias = biases[c];
    int32_t acc[4] = {bias, bias, bias, bias};
    et_dot_columns(w, columns, row, acc);
    finish_q8(view, first, positions, c, acc, &seen);
  }
  *largest = seen;
}

/* What the sums of a row over either become: the largest of a fused pool, or all. */
static void finish_group_q8(const et_dnn_view *view, const et_dnn_group *group, uint32_t c, const int32_t acc[4], et_dnn_cursor *cursor) {
  const uint32_t best = view->positions > 1 ? largest_of(acc, view->positions) : 0;
  const uint32_t first = view->positions > 1 ? group->number : group->number * 4u, count = view->positions > 1 ? 1u : group->positions;
  if (view->positions > 1) keep_argmax(view, group->number * view->channels + c, best);
  if (view->sink.floats) finish_q8_floats(view, first, count, c, &acc[best], cursor);
  else finish_q8(view, first, count, c, &acc[best], &cursor->largest);
}

static inline void finish_group_f32(const et_dnn_view *view, const et_dnn_group *group, uint32_t c, const float acc[4],
                                    et_dnn_cursor *cursor) {
  if (view->positions == 1) {
    finish_f32(view, group->number * 4u, group->positions, c, acc, cursor);
    return;
  }
  uint32_t best = 0;
  for (uint32_t j = 1; j < view->positions; j++)
    if (acc[j] > acc[best]) best = j;
  keep_argmax(view, group->number * view->channels + c, best);
  finish_f32(view, group->number, 1, c, &acc[best], cursor);
}

/* A row over either, in floats for the layers that want them. */
static void row_q8_floats(const et_dnn_view *view, const et_dnn_group *group, uint32_t c, et_dnn_cursor *cursor) {
  const int32_t bias = ((const int32_t *)view->biases)[c];
  int32_t acc[4] = {bias, bias, bias, bias};
  et_dot_columns(et_dnn_view_row_q8(view, c), (const int16_t *)view->scratch, view->row, acc);
  finish_group_q8(view, group, c, acc, cursor);
}

static inline void row_f32(const et_dnn_view *view, const et_dnn_group *group, uint32_t c, et_dnn_cursor *cursor) {
  const float bias = ((const float *)view->biases)[c];
  float acc[4] = {bias, bias, bias, bias};
  et_dot_columns_f32(et_dnn_view_row_f32(view, c), (const float *)view->scratch, view->row, acc);
  finish_group_f32(view, group, c, acc, cursor);
}

/* Rows that fit in a stretch. */
static void short_rows(const et_dnn_view *view, const et_dnn_group *group, uint32_t from, uint32_t to, et_dnn_cursor *cursor) {
  if (view->f32)
    for (uint32_t c = from; c < to; c++) row_f32(view, group, c, cursor);
  else if (view->sink.floats)
    for (uint32_t c = from; c < to; c++) row_q8_floats(view, group, c, cursor);
  else if (view->positions > 1) pooled_rows_q8(view, group, from, to, &cursor->largest);
  else rows_q8(view, group, from, to, &cursor->largest);
}

/* A stretch of row c; true when the row is done. */
static bool long_row(const et_dnn_view *view, const et_dnn_group *group, uint32_t c, et_dnn_cursor *cursor, uint32_t *budget) {
  const uint32_t at = cursor->within, n = et_dnn_least(view->row - at, et_dnn_stretch(view->node, 4u));
  int32_t *whole = cursor->sums.whole;
  float *real = cursor->sums.real;
  if (at == 0 && view->f32) real[0] = real[1] = real[2] = real[3] = ((const float *)view->biases)[c];
  if (at == 0 && !view->f32) whole[0] = whole[1] = whole[2] = whole[3] = ((const int32_t *)view->biases)[c];
  if (view->f32) et_dot_columns_f32(et_dnn_view_row_f32(view, c) + at, (const float *)view->scratch + 4u * at, n, real);
  else et_dot_columns(et_dnn_view_row_q8(view, c) + at, (const int16_t *)view->scratch + 4u * at, n, whole);
  et_dnn_spend(budget, 4u * n);
  cursor->within += n;
  if (cursor->within < view->row) return false;
  cursor->within = 0;
  if (view->f32) finish_group_f32(view, group, c, real, cursor);
  else finish_group_q8(view, group, c, whole, cursor);
  return true;
}

/* Inputs of a dense layer as one column, a stretch; true when it is there, which the cursor's row says. */
static bool gather_dense(const et_dnn_view *view, et_dnn_cursor *cursor, uint32_t *budget) {
  if (cursor->row != 0 || view->f32) return true;
  const uint32_t at = cursor->within, n = et_dnn_least(view->row - at, et_dnn_stretch(view->node, 1u));
  et_gather((const int8_t *)view->input + at, view->input_zero, n, (int16_t *)view->scratch, at, 4);
  et_dnn_spend(budget, n / 2u);
  cursor->within += n;
  if (cursor->within < view->row) return false;
  cursor->within = 0;
  cursor->row = 1;
  return true;
}

/* A stretch of a row of floats; how many rows are done. */
static uint32_t dense_row_f32(const et_dnn_view *view, uint32_t c, et_dnn_cursor *cursor, uint32_t *budget) {
  const uint32_t at = cursor->within, n = et_dnn_least(view->row - at, et_dnn_stretch(view->node, 1u));
  float *acc = cursor->sums.real;
  if (at == 0) acc[0] = acc[1] = 0.0f;
  et_dot_f32(et_dnn_view_row_f32(view, c) + at, (const float *)view->input + at, n, acc);
  et_dnn_spend(budget, n);
  cursor->within += n;
  if (cursor->within < view->row) return 0;
  const float sum = ((const float *)view->biases)[c] + (acc[0] + acc[1]);
  finish_f32(view, 0, 1, c, &sum, cursor);
  return 1;
}

/* The same of four rows of bytes together, where they lie together. */
static uint32_t dense_rows_q8(const et_dnn_view *view, uint32_t c, et_dnn_cursor *cursor, uint32_t *budget) {
  const uint32_t end = c < view->trained ? view->trained : view->channels, rows = end - c >= 4 ? 4 : 1;
  const uint32_t at = cursor->within,
                 n = et_dnn_least(view->row - at, rows == 4 ? et_dnn_stretch(view->node, 4u) : et_dnn_stretch(view->node, 1u));
  const int32_t *biases = (const int32_t *)view->biases;
  const int8_t *w = et_dnn_view_row_q8(view, c) + at;
  const int16_t *column = (const int16_t *)view->scratch + at;
  int32_t *acc = cursor->sums.whole;
  for (uint32_t j = 0; at == 0 && j < rows; j++) acc[j] = biases[c + j];
  if (rows == 4) et_dot_rows(w, view->row, column, n, acc);
  else acc[0] += et_dot_column(w, column, n);
  et_dnn_spend(budget, rows * n);
  cursor->within += n;
  if (cursor->within < view->row) return 0;
  for (uint32_t j = 0; j < rows; j++) {
    if (view->sink.floats) finish_q8_floats(view, 0, 1, c + j, &acc[j], cursor);
    else finish_q8(view, 0, 1, c + j, &acc[j], &cursor->largest);
  }
  return rows;
}

static bool dense(const et_dnn_view *view, et_dnn_cursor *cursor, uint32_t *budget) {
  while (!gather_dense(view, cursor, budget))
    if (*budget == 0) return false;
  while (cursor->at < view->channels) {
    if (*budget == 0) return false;
    const uint32_t c = cursor->at, rows = view->f32 ? dense_row_f32(view, c, cursor, budget) : dense_rows_q8(view, c, cursor, budget);
    if (rows == 0) continue;
    cursor->within = 0;
    cursor->at += rows;
    et_dnn_spend(budget, FINISH_UNITS * rows);
  }
  return true;
}

/* The rows of a group from c on, until the budget is spent; the row that comes next. */
static uint32_t rows_of_group(const et_dnn_view *view, const et_dnn_group *group, uint32_t c, et_dnn_cursor *cursor, uint32_t *budget) {
  const uint32_t channels = view->channels;
  const uint32_t each = group->positions * view->row + FINISH_UNITS * (view->positions > 1 ? 2u : group->positions);
  while (c<channels && * budget> 0) {
    if (view->row > et_dnn_stretch(view->node, 4u)) {
      c += long_row(view, group, c, cursor, budget);
      continue;
    }
    const uint32_t together = c < view->trained ? view->trained : channels, fit = *budget / each + 1u;
    const uint32_t to = together - c < fit ? together : c + fit;
    short_rows(view, group, c, to, cursor);
    et_dnn_spend(budget, (to - c) * each);
    c = to;
  }
  return c;
}

bool et_dnn_convolve(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget) {
  et_dnn_view view;
  et_dnn_view_of(net, cursor->node, &view);
  if (et_dnn_is_dense(view.node)) return dense(&view, cursor, budget);
  const uint32_t groups = et_dnn_groups(&view), channels = view.channels;
  uint32_t number = cursor->at / channels, c = cursor->at - number * channels;
  while (number < groups) {
    et_dnn_group group;
    if (*budget == 0 || !et_dnn_gather_group(&view, number, &group, cursor, budget)) return false;
    c = rows_of_group(&view, &group, c, cursor, budget);
    if (c == channels) {
      c = 0;
      number++;
      cursor->row = 0;
    }
    cursor->at = number * channels + c;
  }
  return true;
}
