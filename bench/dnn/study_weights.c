#include <math.h>

#include "models/dnn/taps.h"
#include "study.h"

#define MASTER_LIMIT 32512

void study_begin(study_weights *weights, const et_dnn_plan *plan) {
  uint32_t count = 0;
  for (uint8_t k = 1; k <= plan->network.layer_count; k++) {
    const et_dnn_node *node = &plan->nodes[k];
    weights->first[k] = count;
    if (!(node->flags & ET_DNN_WEIGHTS)) continue;
    if (node->operation != ET_DNN_DO_CONVOLVE) problem_stop("the study knows no gradient of this layer");
    count += et_dnn_trained_rows(node) * (node->row + 1u);
  }
  weights->gradient = problem_memory(count * sizeof(float));
  weights->velocity = problem_memory(count * sizeof(float));
}

/* The gradient that error `e` of one output gives, and its multiply-accumulates. */
static uint32_t gather_one(const et_dnn *net, const et_dnn_node *node, uint8_t k, uint32_t element, float e, float *gradient) {
  const void *input = et_dnn_buffer_at(net, node->input, ET_DNN_ACTIVATION);
  const et_dnn_range *range = et_dnn_range_of(net, node->input);
  const bool f32 = et_dnn_is_float(node);
  const float unit = f32 ? 1.0f : range->scale;
  uint32_t y, x;
  gradient[node->row] += e;
  et_dnn_position_of(node, et_dnn_buffer_or_null(net, k, ET_DNN_ARGMAX), element, &y, &x);
  const et_dnn_taps taps = et_dnn_taps_at(node, y, x);
  if (et_dnn_taps_count(&taps) == 0) return 0;
  const uint32_t channels = node->in.c, n = (taps.x_to - taps.x_from) * channels;
  for (uint32_t ky = taps.y_from; ky < taps.y_to; ky++) {
    const uint32_t at = ((uint32_t)(taps.top + (int32_t)ky) * node->in.w + (uint32_t)(taps.left + (int32_t)taps.x_from)) * channels;
    float *to = gradient + (ky * node->layer.kernel_w + taps.x_from) * channels;
    for (uint32_t i = 0; i < n; i++)
      to[i] += e * unit * (f32 ? ((const float *)input)[at + i] : (float)(((const int8_t *)input)[at + i] - range->zero));
  }
  return (taps.y_to - taps.y_from) * n;
}

void study_gather(study_weights *weights, et_dnn_pass *pass) {
  const et_dnn *net = pass->net;
  const uint8_t k = pass->cursor->node;
  const et_dnn_node *node = &net->plan->nodes[k];
  const void *errors = et_dnn_buffer_at(net, k, ET_DNN_ERROR);
  const bool f32 = et_dnn_is_float(node);
  const float unit = pass->error_scale * et_dnn_error_unit(net, k);
  if (!(node->flags & ET_DNN_WEIGHTS)) return;
  for (uint32_t element = 0; element < et_dnn_elements(node->out); element++) {
    const float e = f32 ? ((const float *)errors)[element] : unit * (float)((const int8_t *)errors)[element];
    if (e == 0.0f) continue;
    pass->macs += gather_one(net, node, k, element, e, weights->gradient + weights->first[k] + element % node->out.c * (node->row + 1u));
  }
}

void study_store(int8_t *weight, int8_t *residual, int32_t master) {
  const int32_t high = (master + 128) >> 8;
  *weight = (int8_t)high;
  *residual = (int8_t)(master - high * 256);
}

void study_double_scale(const et_dnn *net, uint8_t k, uint32_t c) {
  const et_dnn_node *node = &net->plan->nodes[k];
  int8_t *weights = (int8_t *)et_dnn_at(net, node->weights) + c * node->row;
  int8_t *residuals = (int8_t *)et_dnn_at(net, node->residuals) + c * node->row;
  for (uint32_t i = 0; i < node->row; i++) study_store(&weights[i], &residuals[i], (weights[i] * 256 + residuals[i]) / 2);
  ((float *)et_dnn_at(net, node->scales))[c] *= 2.0f;
  ((int32_t *)et_dnn_at(net, node->biases))[c] /= 2;
  et_dnn_refresh_channel(net, k, c);
}

static void standardise_row(float *gradient, uint32_t row) {
  double sum = 0, squares = 0;
  for (uint32_t i = 0; i < row; i++) sum += gradient[i];
  const double centre = sum / row;
  for (uint32_t i = 0; i < row; i++) squares += (gradient[i] - centre) * (gradient[i] - centre);
  const double deviation = sqrt(squares / row);
  if (deviation == 0) return;
  for (uint32_t i = 0; i < row; i++) gradient[i] = (float)((gradient[i] - centre) / deviation);
  gradient[row] = (float)(gradient[row] / deviation);
}

static void step_f32(const et_dnn *net, const et_dnn_node *node, uint32_t c, const float *velocity, float rate) {
  float *weights = (float *)et_dnn_at(net, node->weights) + c * node->row;
  for (uint32_t i = 0; i < node->row; i++) weights[i] -= rate * velocity[i];
  ((float *)et_dnn_at(net, node->biases))[c] -= rate * velocity[node->row];
}

static void step_q8(const et_dnn *net, uint8_t k, uint32_t c, const float *velocity, float rate) {
  const et_dnn_node *node = &net->plan->nodes[k];
  int8_t *weights = (int8_t *)et_dnn_at(net, node->weights) + c * node->row;
  int8_t *residuals = (int8_t *)et_dnn_at(net, node->residuals) + c * node->row;
  const float *scale = (const float *)et_dnn_at(net, node->scales) + c;
  bool fits;
  do {
    fits = true;
    for (uint32_t i = 0; i < node->row && fits; i++)
      fits = fabsf((float)(weights[i] * 256 + residuals[i]) - rate * velocity[i] * 256.0f / *scale) < MASTER_LIMIT;
    if (!fits) study_double_scale(net, k, c);
  } while (!fits && *scale < 1e30f);
  for (uint32_t i = 0; i < node->row; i++)
    study_store(&weights[i], &residuals[i], weights[i] * 256 + residuals[i] - (int32_t)lrintf(rate * velocity[i] * 256.0f / *scale));
  ((int32_t *)et_dnn_at(net, node->biases))[c] -=
      (int32_t)lrintf(rate * velocity[node->row] / (et_dnn_range_of(net, node->input)->scale * *scale));
}

void study_apply(study_weights *weights, const et_dnn *net, float rate, float part, float momentum, bool standardise) {
  for (uint8_t k = 1; k <= net->plan->network.layer_count; k++) {
    const et_dnn_node *node = &net->plan->nodes[k];
    for (uint32_t c = 0; c < et_dnn_trained_rows(node); c++) {
      float *gradient = weights->gradient + weights->first[k] + c * (node->row + 1u);
      float *velocity = weights->velocity + weights->first[k] + c * (node->row + 1u);
      if (standardise) standardise_row(gradient, node->row);
      for (uint32_t i = 0; i <= node->row; i++) velocity[i] = momentum * velocity[i] + gradient[i] * (standardise ? 1.0f : part);
      memset(gradient, 0, (node->row + 1u) * sizeof(float));
      if (et_dnn_is_float(node)) step_f32(net, node, c, velocity, rate);
      else step_q8(net, k, c, velocity, rate);
    }
  }
}
