/* The backward pass through a node: the error of its input from that of its output.
 *
 * Errors are scattered: every output's error, times its weights, is added to the sums of the inputs under its kernel. Only the rows of
 * inputs that the present row of outputs can reach have sums, a band that moves down; a row that is complete becomes bytes. Errors that
 * are zero cost a look.
 *
 * int8: an output's error e stands for e * scale[c] once its weights are meant; scales differ by channel, so e is multiplied by
 * 16 scale[c] / (largest scale) first. 127 * 16 * 128 * terms <= 2^31 (ET_DNN_ERROR_TERMS_MAX).
 *
 * Sums have the format of the node, errors that of the layer which gave the tensor: where they differ a complete sum is converted. */
#include "models/dnn/parts.h"
#include "models/dnn/taps.h"
#include "models/kernels/columns.h"
#include "models/kernels/multiplier.h"
#include "support/blocks.h"

#define READ_UNITS 3u
#define FLUSH_UNITS 5u
#define RATIO_UNITS 20u
#define SCALE_UNITS 4u
#define TAP_UNITS 3u
#define ONE_UNITS 12u
#define SIXTEENTHS 16
/* A float error becomes whole parts of an error byte. */
#define PARTS 65536.0f

enum { LARGEST, RATIOS, CLEAR, ADD, FLUSH };

typedef struct et_dnn_band {
  float *largest_scale;
  uint16_t *ratios; /* 2^15 scale / largest scale, by channel */
  void *sums;
  uint32_t rows, step; /* rows of inputs in the band, and between two rows of outputs */
} et_dnn_band;

static bool weighted(const et_dnn_node *node) { return node->operation == ET_DNN_DO_CONVOLVE || node->operation == ET_DNN_DO_DEPTHWISE; }

static et_dnn_band band_of(const et_dnn_pass *pass) {
  const et_dnn *net = pass->net;
  const et_dnn_node *node = &net->plan->nodes[pass->cursor->node];
  uint8_t *at = (uint8_t *)et_dnn_buffer_at(net, pass->cursor->node, ET_DNN_ERROR_SCRATCH);
  et_dnn_band band = {NULL, NULL, at, (uint32_t)(node->pool_h - 1u) * node->layer.stride_h + node->layer.kernel_h,
                      (uint32_t)node->pool_h * node->layer.stride_h};
  if (weighted(node) && !et_dnn_is_float(node)) {
    band.largest_scale = (float *)(void *)at;
    band.ratios = (uint16_t *)(void *)(at + 4);
    band.sums = at + 4 + et_up_to_4(2u * node->out.c);
  }
  return band;
}

/* Whether a later node reads the tensor too: then its error is already there, and this one is added. */
static bool error_is_shared(const et_dnn_plan *plan, uint8_t k, uint8_t tensor) {
  if (!(plan->nodes[tensor].flags & ET_DNN_SHARED)) return false;
  for (uint8_t j = (uint8_t)(k + 1u); j <= plan->logits; j++) {
    const et_dnn_node *node = &plan->nodes[j];
    if (node->operation == ET_DNN_DO_NOTHING) continue;
    if (node->input == tensor || (node->operation == ET_DNN_DO_ADD && node->other == tensor)) return true;
  }
  return false;
}

typedef struct et_dnn_target {
  uint8_t tensor;
  bool adds;
  bool floats;  /* errors are floats: the layer that takes them computes in them */
  bool crosses; /* the sums are of the other format: `convert` makes them this one's */
  float convert;
  float unit, factor; /* of whole sums: `factor` of `unit`, in units of the output's error scale */
  et_multiplier multiplier;
  et_dnn_bounds bounds;
  uint8_t activation;
  const uint8_t *mask;
  const void *activations;
  bool float_activations;
  void *errors;
} et_dnn_target;

float et_dnn_error_unit(const et_dnn *net, uint8_t tensor) {
  return tensor == net->plan->logits ? 1.0f : et_dnn_range_of(net, tensor)->error_unit;
}

/* Where errors go, and by what the sums are multiplied to become bytes: `factor` is a sum's unit in units of this node's error. */
static et_dnn_target target_of(const et_dnn_pass *pass, uint8_t tensor, float factor) {
  const et_dnn *net = pass->net;
  et_dnn_target target = {.tensor = tensor, .adds = error_is_shared(net->plan, pass->cursor->node, tensor)};
  target.activation = net->plan->nodes[tensor].layer.activation;
  target.mask = (const uint8_t *)et_dnn_buffer_or_null(net, tensor, ET_DNN_MASK);
  target.activations = et_dnn_buffer_at(net, tensor, ET_DNN_ACTIVATION);
  target.errors = et_dnn_buffer_at(net, tensor, ET_DNN_ERROR);
  target.float_activations = et_dnn_gives_floats(&net->plan->nodes[tensor]);
  if (!target.float_activations) target.bounds = et_dnn_bounds_of(net, tensor);
  const bool from_floats = et_dnn_is_float(&net->plan->nodes[pass->cursor->node]);
  target.floats = et_dnn_is_float(&net->plan->nodes[tensor]);
  target.crosses = target.floats != from_floats;
  if (from_floats && target.floats) return target;
  et_dnn_range *range = et_dnn_range_of(net, tensor);
  target.unit = et_dnn_error_unit(net, pass->cursor->node);
  target.factor = factor;
  if (target.floats) {
    target.convert = target.unit * factor * pass->error_scale;
    return target;
  }
  /* Not known yet: a guess that the first passes put right. */
  if (!(range->error_unit > 0.0f)) range->error_unit = from_floats ? 1.0f : target.unit * factor * (SIXTEENTHS * 128.0f);
  if (from_floats) {
    target.unit = range->error_unit;
    target.factor = 1.0f / PARTS;
    target.convert = PARTS / (target.unit * pass->error_scale);
  }
  target.multiplier = et_multiplier_of_float(target.unit * target.factor / range->error_unit);
  return target;
}

static bool passes_activation(const et_dnn_target *target, uint32_t i) {
  if (target->activation == ET_DNN_LINEAR) return true;
  if (target->mask != NULL) return ((uint32_t)target->mask[i >> 3] >> (i & 7u)) & 1u;
  if (target->float_activations) {
    const float value = ((const float *)target->activations)[i];
    return value > 0.0f && (target->activation != ET_DNN_RELU6 || value < 6.0f);
  }
  const int8_t value = ((const int8_t *)target->activations)[i];
  return value > target->bounds.low && value < (target->bounds.high < 127 ? target->bounds.high : 128);
}

static void write_q8(const et_dnn_target *target, uint32_t i, int32_t sum, int32_t *largest) {
  int32_t value = 0;
  if (passes_activation(target, i)) {
    const int32_t magnitude = sum < 0 ? -sum : sum;
    if (magnitude > *largest) *largest = magnitude;
    if (sum != 0) value = et_multiply(sum, target->multiplier.factor, target->multiplier.shift);
  }
  int8_t *error = (int8_t *)target->errors + i;
  if (target->adds) value += *error;
  *error = (int8_t)(value > 127 ? 127 : value < -127 ? -127 : value);
}

static void write_f32(const et_dnn_target *target, uint32_t i, float sum) {
  float *error = (float *)target->errors + i;
  const float value = passes_activation(target, i) ? sum : 0.0f;
  *error = target->adds ? *error + value : value;
}

/* A sum as the node has it: `whole` or `real`. */
static void write(const et_dnn_target *target, uint32_t i, int32_t whole, float real, int32_t *largest) {
  if (target->crosses && target->floats) real = (float)whole * target->convert;
  if (target->crosses && !target->floats) whole = real != 0.0f ? et_dnn_nearest(real * target->convert) : 0;
  if (target->floats) write_f32(target, i, real);
  else write_q8(target, i, whole, largest);
}

/* The largest sum that was seen moves the range of the errors. */
static void follow_error_range(const et_dnn_pass *pass, const et_dnn_target *target) {
  if (target->floats || pass->cursor->largest == 0) return;
  et_dnn_range *range = et_dnn_range_of(pass->net, target->tensor);
  et_dnn_mean_in(&range->error_largest, &range->error_seen, (float)pass->cursor->largest * target->unit * target->factor);
}

/* The largest scale of the channels, then their ratios to it. */
static bool compare_scales(const et_dnn_pass *pass, const et_dnn_band *band, uint32_t *budget) {
  et_dnn_cursor *cursor = pass->cursor;
  const et_dnn_node *node = &pass->net->plan->nodes[cursor->node];
  float *largest = band->largest_scale;
  if (largest == NULL) return true;
  const float *scales = (const float *)et_dnn_at(pass->net, node->scales);
  for (; cursor->phase == LARGEST && cursor->at < node->out.c; cursor->at++) {
    if (*budget == 0) return false;
    if (cursor->at == 0 || scales[cursor->at] > *largest) *largest = scales[cursor->at];
    et_dnn_spend(budget, SCALE_UNITS);
  }
  if (cursor->phase == LARGEST) {
    cursor->phase = RATIOS;
    cursor->at = 0;
  }
  for (; cursor->phase == RATIOS && cursor->at < node->out.c; cursor->at++) {
    if (*budget == 0) return false;
    band->ratios[cursor->at] = (uint16_t)(scales[cursor->at] / *largest * 32768.0f + 0.5f);
    et_dnn_spend(budget, RATIO_UNITS);
  }
  return true;
}

static bool prepare(et_dnn_pass *pass, const et_dnn_band *band, uint32_t *budget) {
  et_dnn_cursor *cursor = pass->cursor;
  const et_dnn_node *node = &pass->net->plan->nodes[cursor->node];
  if (!compare_scales(pass, band, budget)) return false;
  cursor->phase = CLEAR;
  cursor->at = 0;
  if (!et_dnn_clear(node, cursor, band->sums, 4u * band->rows * node->in.w * node->in.c, budget)) return false;
  cursor->phase = ADD;
  cursor->largest = 0;
  return true;
}

static int32_t scaled_error(const et_dnn_band *band, uint32_t c, int32_t e) {
  return band->ratios == NULL ? e * SIXTEENTHS : (e * band->ratios[c] + (1 << 10)) >> 11;
}

/* Adds one output's error to the band, a stretch of its taps from the cursor on; how many multiply-accumulates. */
static uint32_t convolution(et_dnn_pass *pass, const et_dnn_band *band, uint32_t element, int32_t whole, float real, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const uint32_t c = element % node->out.c, channels = node->in.c;
  uint32_t y, x;
  et_dnn_position_of(node, (const uint8_t *)et_dnn_buffer_or_null(net, cursor->node, ET_DNN_ARGMAX), element, &y, &x);
  const et_dnn_taps taps = et_dnn_taps_at(node, y, x);
  if (et_dnn_taps_count(&taps) == 0) return 0;
  const et_dnn_part part = et_dnn_part_at(&taps, channels, cursor->within, et_dnn_stretch(node, 1u));
  for (uint32_t ky = part.y_from; ky < part.y_to; ky++) {
    const uint32_t row = (uint32_t)(taps.top + (int32_t)ky) % band->rows;
    const uint32_t to = (row * node->in.w + (uint32_t)(taps.left + (int32_t)taps.x_from)) * channels + part.at;
    const uint32_t from = (ky * node->layer.kernel_w + taps.x_from) * channels + part.at;
    if (et_dnn_is_float(node)) et_axpy_f32((float *)band->sums + to, et_dnn_row_f32(net, node, c) + from, real, part.n);
    else et_axpy_q8((int32_t *)band->sums + to, et_dnn_row_q8(net, node, c) + from, whole, part.n);
  }
  return et_dnn_part_done(cursor, &part, 1u, budget);
}

static void add_one(const et_dnn_node *node, const et_dnn_band *band, uint32_t at, int32_t whole, float real) {
  if (et_dnn_is_float(node)) ((float *)band->sums)[at] += real;
  else ((int32_t *)band->sums)[at] += whole;
}

static uint32_t one_channel(et_dnn_pass *pass, const et_dnn_band *band, uint32_t element, int32_t whole, float real, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const bool depthwise = node->operation == ET_DNN_DO_DEPTHWISE;
  const uint32_t c = element % node->out.c, position = element / node->out.c;
  const et_dnn_taps taps = et_dnn_taps_at(node, position / node->out.w, position % node->out.w);
  const uint32_t count = et_dnn_taps_count(&taps), input = depthwise ? c / node->layer.outputs : c;
  const uint8_t *argmax = (const uint8_t *)et_dnn_buffer_or_null(net, cursor->node, ET_DNN_ARGMAX);
  const void *weights = depthwise ? et_dnn_at(net, et_dnn_depthwise_weights(node)) : NULL;
  if (node->operation == ET_DNN_DO_AVERAGE && count > 0) {
    /* At an edge fewer inputs share the error; the band's unit is that of a whole kernel. */
    real /= (float)count;
    whole = whole * node->layer.kernel_h * node->layer.kernel_w / (int32_t)count;
  }
  if (count == 0) return 0;
  const et_dnn_part part = et_dnn_part_at(&taps, 1u, cursor->within, et_dnn_stretch(node, TAP_UNITS));
  for (uint32_t ky = part.y_from; ky < part.y_to; ky++) {
    const uint32_t row = (uint32_t)(taps.top + (int32_t)ky) % band->rows;
    uint32_t tap = ky * node->layer.kernel_w + taps.x_from + part.at;
    uint32_t to = (row * node->in.w + (uint32_t)(taps.left + (int32_t)taps.x_from) + part.at) * node->in.c + input;
    for (uint32_t i = 0; i < part.n; i++, tap++, to += node->in.c) {
      if (node->operation == ET_DNN_DO_MAX && argmax[element] != tap) continue;
      if (!depthwise) add_one(node, band, to, whole, real);
      else if (et_dnn_is_float(node)) add_one(node, band, to, 0, real * ((const float *)weights)[tap * node->out.c + c]);
      else add_one(node, band, to, whole * ((const int8_t *)weights)[tap * node->out.c + c], 0.0f);
    }
  }
  return et_dnn_part_done(cursor, &part, TAP_UNITS, budget);
}

static bool add_row(et_dnn_pass *pass, const et_dnn_band *band, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const bool f32 = et_dnn_is_float(node), convolves = node->operation == ET_DNN_DO_CONVOLVE;
  const uint32_t length = (uint32_t)node->out.w * node->out.c, start = cursor->row * length;
  const void *errors = et_dnn_buffer_at(net, cursor->node, ET_DNN_ERROR);
  for (; cursor->at < length; cursor->at++) {
    if (*budget == 0) return false;
    const uint32_t element = start + cursor->at;
    const float real = f32 ? ((const float *)errors)[element] : 0.0f;
    const int32_t e = f32 ? 0 : ((const int8_t *)errors)[element];
    et_dnn_spend(budget, READ_UNITS);
    if (pass->skip && (f32 ? real == 0.0f : e == 0)) continue;
    const int32_t whole = f32 ? 0 : scaled_error(band, element % node->out.c, e);
    et_dnn_spend(budget, ONE_UNITS);
    do {
      const uint32_t macs =
          convolves ? convolution(pass, band, element, whole, real, budget) : one_channel(pass, band, element, whole, real, budget);
      pass->macs += weighted(node) ? macs : 0;
      if (cursor->within != 0 && *budget == 0) return false;
    } while (cursor->within != 0);
  }
  cursor->phase = FLUSH;
  cursor->at = 0;
  return true;
}

/* Rows of inputs that no later row of outputs reaches, from .. to - 1. */
static void complete_rows(const et_dnn_node *node, const et_dnn_band *band, uint32_t row, uint32_t *from, uint32_t *to) {
  const int32_t before = (int32_t)(row * band->step) - node->pad_top, after = before + (int32_t)band->step;
  *from = before > 0 ? (uint32_t)before : 0;
  *to = row + 1u == node->out.h || after > node->in.h ? node->in.h : after > 0 ? (uint32_t)after : 0;
  if (row + 1u < node->out.h && after > node->in.h) *to = node->in.h;
  if (*from > *to) *from = *to;
}

static bool flush_rows(et_dnn_pass *pass, const et_dnn_band *band, float factor, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const et_dnn_target target = target_of(pass, node->input, factor);
  const uint32_t length = (uint32_t)node->in.w * node->in.c;
  uint32_t from, to;
  complete_rows(node, band, cursor->row, &from, &to);
  const uint32_t end = (to - from) * length;
  const bool f32 = et_dnn_is_float(node);
  while (cursor->at < end) {
    if (*budget == 0) return false;
    const uint32_t y = from + cursor->at / length, start = cursor->at % length;
    const uint32_t fit = *budget / FLUSH_UNITS + 1u, stop = length - start < fit ? length : start + fit;
    const uint32_t sums = y % band->rows * length;
    for (uint32_t i = start; i < stop; i++) {
      if (f32) write(&target, y * length + i, 0, ((const float *)band->sums)[sums + i], &cursor->largest);
      else write(&target, y * length + i, ((const int32_t *)band->sums)[sums + i], 0.0f, &cursor->largest);
    }
    memset((uint8_t *)band->sums + 4u * (sums + start), 0, 4u * (stop - start));
    et_dnn_spend(budget, (stop - start) * FLUSH_UNITS);
    cursor->at += stop - start;
  }
  cursor->phase = ADD;
  cursor->at = 0;
  cursor->row++;
  return true;
}

static bool through_band(et_dnn_pass *pass, uint32_t *budget) {
  et_dnn_cursor *cursor = pass->cursor;
  const et_dnn_node *node = &pass->net->plan->nodes[cursor->node];
  const et_dnn_band band = band_of(pass);
  if (cursor->phase < ADD && !prepare(pass, &band, budget)) return false;
  float factor = 1.0f / (float)SIXTEENTHS;
  if (band.largest_scale != NULL) factor *= *band.largest_scale;
  if (node->operation == ET_DNN_DO_AVERAGE) factor /= (float)(node->layer.kernel_h * node->layer.kernel_w);
  while (cursor->row < node->out.h) {
    if (cursor->phase == ADD && !add_row(pass, &band, budget)) return false;
    if (!flush_rows(pass, &band, factor, budget)) return false;
  }
  const et_dnn_target target = target_of(pass, node->input, factor);
  follow_error_range(pass, &target);
  return true;
}

/* Through an add the error goes to both as it is. */
static bool through_add(et_dnn_pass *pass, uint32_t *budget) {
  const et_dnn *net = pass->net;
  et_dnn_cursor *cursor = pass->cursor;
  const et_dnn_node *node = &net->plan->nodes[cursor->node];
  const uint32_t end = et_dnn_elements(node->out);
  const void *errors = et_dnn_buffer_at(net, cursor->node, ET_DNN_ERROR);
  for (; cursor->phase < 2; cursor->phase++, cursor->at = 0, cursor->largest = 0) {
    const uint8_t tensor = cursor->phase == 0 ? node->input : node->other;
    if (!(net->plan->nodes[tensor].flags & ET_DNN_WANTS_ERROR)) continue;
    et_dnn_target target = target_of(pass, tensor, 1.0f / (float)SIXTEENTHS);
    if (cursor->phase == 1 && node->other == node->input) target.adds = true;
    for (; cursor->at < end; cursor->at++) {
      if (*budget == 0) return false;
      if (et_dnn_is_float(node)) write(&target, cursor->at, 0, ((const float *)errors)[cursor->at], &cursor->largest);
      else write(&target, cursor->at, ((const int8_t *)errors)[cursor->at] * SIXTEENTHS, 0.0f, &cursor->largest);
      et_dnn_spend(budget, FLUSH_UNITS);
    }
    follow_error_range(pass, &target);
  }
  return true;
}

bool et_dnn_error_node(et_dnn_pass *pass, uint32_t *budget) {
  const et_dnn_node *node = &pass->net->plan->nodes[pass->cursor->node];
  if (!(node->flags & ET_DNN_PASSES_ERROR)) return true;
  if (node->operation == ET_DNN_DO_ADD) return through_add(pass, budget);
  return through_band(pass, budget);
}
