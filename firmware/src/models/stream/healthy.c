#include "models/stream/healthy.h"

#include <math.h>
#include <string.h>

#include "models/kernels/arithmetic.h"
#include "models/kernels/exact.h"

/* Features of one slice of stitching: some fifteen thousand instructions without an FPU. */
#define FEATURES_A_SLICE 12u

uint32_t et_healthy_bytes(const et_healthy_shape *shape) {
  const uint32_t factor = shape->covariance == ET_COVARIANCE_FULL ? et_healthy_packed(shape->scored) : 0u;
  return (uint32_t)sizeof(et_healthy) + 4u * (2u * shape->dimensions + factor);
}

void et_healthy_clear(et_healthy *healthy, const et_healthy_shape *shape) {
  memset(healthy, 0, et_healthy_bytes(shape));
  healthy->dimensions = shape->dimensions;
  healthy->scored = shape->scored;
  healthy->covariance = shape->covariance;
}

/* Row i of y = L^-1 (f - m). */
static float solve_row(const et_healthy *healthy, const float *features, float *solved, unsigned i) {
  const float deviation = features[i] - et_healthy_mean(healthy)[i];
  if (healthy->covariance != ET_COVARIANCE_FULL) return deviation / et_healthy_spread(healthy)[i];
  const float *row = et_healthy_factor(healthy) + et_healthy_packed(i);
  float even = 0.0f, odd = 0.0f;
  unsigned j = 0;
  for (; j + 2 <= i; j += 2) {
    even = et_madd(row[j], solved[j], even);
    odd = et_madd(row[j + 1], solved[j + 1], odd);
  }
  if (j < i) even = et_madd(row[j], solved[j], even);
  solved[i] = (deviation - (even + odd)) / row[i];
  return solved[i];
}

bool et_healthy_score(const et_healthy *healthy, const float *features, float *solved, et_healthy_scoring *scoring, uint32_t budget,
                      float *score) {
  uint32_t work = 0;
  while (scoring->row < healthy->scored) {
    const unsigned i = scoring->row++;
    const float y = solve_row(healthy, features, solved, i);
    if (healthy->covariance == ET_COVARIANCE_LARGEST) scoring->square = y * y > scoring->square ? y * y : scoring->square;
    else scoring->square = et_madd(y, y, scoring->square);
    work += (healthy->covariance == ET_COVARIANCE_FULL ? i + 4u : 4u) * ET_FLOAT_WORK;
    if (work >= budget && scoring->row < healthy->scored) return false;
  }
  *score = sqrtf(healthy->covariance == ET_COVARIANCE_LARGEST ? scoring->square : scoring->square / (float)healthy->scored);
  return true;
}

float et_healthy_baseline(const et_healthy *healthy, float log_rms) { return fabsf(log_rms - healthy->rms_mean) / healthy->rms_spread; }

float et_healthy_log(float score) { return et_logarithm(score + 1.0e-6f); }

float et_healthy_deviate(const et_healthy *healthy, float score) {
  return (et_healthy_log(score) - healthy->log_mean) / healthy->log_spread;
}

/* Column j of L L' <- (1 - w) L L' + v v'. */
static void update_column(et_healthy *healthy, float keep, float *v, unsigned j) {
  float *factor = et_healthy_factor(healthy);
  float *diagonal = factor + et_healthy_packed(j) + j;
  const float before = *diagonal * keep;
  const float after = sqrtf(before * before + v[j] * v[j]);
  const float c = after / before, s = v[j] / before;
  *diagonal = after;
  for (unsigned i = j + 1; i < healthy->scored; i++) {
    float *element = factor + et_healthy_packed(i) + j;
    *element = (*element * keep + s * v[i]) / c;
    v[i] = c * v[i] - s * *element;
  }
}

bool et_healthy_stitch(et_healthy *healthy, const float *features, float weight, float *vector, et_healthy_stitching *stitching) {
  if (stitching->feature < healthy->dimensions) {
    float *mean = et_healthy_mean(healthy), *spread = et_healthy_spread(healthy);
    const float share = sqrtf(weight * (1.0f - weight));
    for (unsigned k = 0; k < FEATURES_A_SLICE && stitching->feature < healthy->dimensions; k++) {
      const unsigned i = stitching->feature++;
      vector[i] = share * (features[i] - mean[i]);
      mean[i] += weight * (features[i] - mean[i]);
      spread[i] = sqrtf((1.0f - weight) * spread[i] * spread[i] + vector[i] * vector[i]);
    }
    return stitching->feature >= healthy->dimensions && healthy->covariance != ET_COVARIANCE_FULL;
  }
  update_column(healthy, sqrtf(1.0f - weight), vector, stitching->column);
  return ++stitching->column >= healthy->scored;
}

static bool finite_all(const float *values, uint32_t count, float most) {
  for (uint32_t i = 0; i < count; i++) {
    if (!(fabsf(values[i]) <= most)) return false;
  }
  return true;
}

static bool positive(float value) { return value > 0.0f && value <= 1.0e9f; }

bool et_healthy_valid(const et_healthy *healthy, const et_healthy_shape *shape) {
  if (healthy->dimensions != shape->dimensions || healthy->scored != shape->scored || healthy->covariance != shape->covariance ||
      healthy->valid > 1u)
    return false;
  if (healthy->valid == 0u) return true;
  if (!positive(healthy->threshold) || !finite_all(&healthy->log_mean, 1, 1.0e3f) || !positive(healthy->log_spread) ||
      !finite_all(&healthy->rms_mean, 1, 1.0e3f) || !positive(healthy->rms_spread) || !positive(healthy->rms_threshold) ||
      healthy->context_least > healthy->context_most || !finite_all(et_healthy_mean(healthy), shape->dimensions, 1.0e6f))
    return false;
  for (unsigned i = 0; i < shape->dimensions; i++) {
    if (!positive(et_healthy_spread(healthy)[i])) return false;
  }
  if (shape->covariance != ET_COVARIANCE_FULL) return true;
  const float *row = et_healthy_factor(healthy);
  for (unsigned i = 0; i < shape->scored; row += ++i) {
    if (!finite_all(row, i, 1.0e6f) || !positive(row[i])) return false;
  }
  return true;
}
