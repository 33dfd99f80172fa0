#include "models/esn/score.h"

#include <math.h>
#include <string.h>

#include "models/esn/arithmetic.h"

#define Q10 1024.0f
/* Standard deviations of logarithms are not trusted below this (2 %): a test signal from a generator has none at all. */
#define SPREAD_MIN 0.02f

static int16_t to_q10(float value) {
  const float scaled = value * Q10;
  if (!(scaled > -32000.0f)) return -32000;
  if (scaled > 32000.0f) return 32000;
  return (int16_t)(scaled + (scaled < 0.0f ? -0.5f : 0.5f));
}

et_esn_row et_esn_row_of(const et_esn_signature *signature, unsigned channels) {
  float residual = 0.0f;
  for (unsigned k = 0; k < channels; k++) residual += signature->residual[k];
  return (et_esn_row){.residual = to_q10(residual / (float)channels), .state = to_q10(signature->state), .rms = to_q10(signature->rms)};
}

void et_esn_calibration_clear(et_esn_block *block) {
  memset(et_esn_residual_mean(block), 0, 4u * block->channels * sizeof(float));
  block->windows = 0;
  block->rows = 0;
  block->stride = 1;
  block->next = 0;
}

/* Running mean and sum of squared deviations (Welford 1962). */
static void welford(float *mean, float *square, float value, float count) {
  const float before = value - *mean;
  *mean += before / count;
  *square += before * (value - *mean);
}

/* Which window of a stride is kept. */
static uint32_t draw(uint32_t cell, uint32_t stride) {
  uint32_t x = cell * 2654435761u + stride;
  x ^= x >> 15;
  x *= 0x85ebca6bu;
  return (x >> 16) % stride;
}

static void count_channels(et_esn_block *block, const et_esn_signature *signature) {
  block->windows++;
  const float count = (float)block->windows;
  for (unsigned k = 0; k < block->channels; k++) {
    welford(et_esn_residual_mean(block) + k, et_esn_residual_spread(block) + k, signature->residual[k], count);
    welford(et_esn_energy_mean(block) + k, et_esn_energy_spread(block) + k, signature->energy[k], count);
  }
}

void et_esn_calibration_window(et_esn_block *block, const et_esn_signature *signature) {
  et_esn_row *rows = et_esn_rows(block);
  if (block->rows == ET_ESN_ROWS && block->windows % block->stride == 0) {
    for (unsigned i = 0; i < ET_ESN_ROWS / 2; i++) rows[i] = rows[2 * i + (draw(i, 3u) & 1u)];
    block->rows = ET_ESN_ROWS / 2;
    block->stride = (uint16_t)(block->stride * 2u); /* an even number of rows: the old strides pair up exactly */
  }
  const uint32_t cell = block->windows / block->stride;
  if (block->windows % block->stride == draw(cell, block->stride)) rows[block->rows++] = et_esn_row_of(signature, block->channels);
  count_channels(block, signature);
}

uint32_t et_esn_estimating_windows(uint32_t windows) {
  const uint32_t half = windows / 2u;
  return windows < 2u * ET_ESN_ROWS ? windows : half;
}

void et_esn_threshold_window(et_esn_block *block, const et_esn_signature *signature) {
  static const float no_drift[2] = {0.0f, 0.0f};
  const et_esn_row row = et_esn_row_of(signature, block->channels);
  et_esn_tail_count(&block->score, et_esn_score(block, no_drift, row));
  et_esn_tail_count(&block->baseline, et_esn_baseline(block, row));
  count_channels(block, signature);
}

static float spread(float square, float count) {
  const float sd = count > 1.0f ? sqrtf(square / (count - 1.0f)) : 0.0f;
  return sd > SPREAD_MIN ? sd : SPREAD_MIN;
}

void et_esn_calibration_finish(et_esn_block *block, float q) {
  et_esn_tail_fit(&block->score, q);
  et_esn_tail_fit(&block->baseline, q);
  for (unsigned k = 0; k < block->channels; k++) {
    float *residual = et_esn_residual_spread(block) + k, *energy = et_esn_energy_spread(block) + k;
    *residual = spread(*residual, (float)block->windows);
    *energy = spread(*energy, (float)block->windows);
  }
}

void et_esn_calibration_begin(et_esn_calibration *c, const et_esn_block *block, unsigned overlap) {
  memset(c, 0, sizeof *c);
  c->gap = (uint8_t)((overlap - 1u + block->stride - 1u) / block->stride);
  c->independent = block->stride >= overlap ? 1.0f : (float)block->stride / (float)overlap;
  et_psquare_begin(&c->level, ET_ESN_TAIL_START);
  et_psquare_begin(&c->rms_level, ET_ESN_TAIL_START);
}

/* Sums over rows, exact: rows are integers. */
typedef struct moments {
  int32_t count;
  int32_t sum[3];
  int64_t square[3];
  int64_t product;
} moments;

static void take(moments *m, et_esn_row row, int32_t sign) {
  const int32_t f[3] = {row.residual, row.state, row.rms};
  for (unsigned i = 0; i < 3; i++) {
    m->sum[i] += sign * f[i];
    m->square[i] += sign * (f[i] * f[i]);
  }
  m->product += sign * (f[0] * f[1]);
  m->count += sign;
}

typedef struct shape {
  float centre[3], spread[3], inverse[3];
} shape;

/* n sum(ab) - sum(a) sum(b) is exact in 64 bits. */
static float covariance(int32_t n, int64_t product, int32_t a, int32_t b) {
  return (float)(n * product - (int64_t)a * b) / ((float)n * (float)(n - 1) * (Q10 * Q10));
}

static void shape_of(const moments *m, float independent, shape *s) {
  const int32_t n = m->count;
  float variance[3];
  for (unsigned i = 0; i < 3; i++) {
    s->centre[i] = (float)m->sum[i] / ((float)n * Q10);
    variance[i] = covariance(n, m->square[i], m->sum[i], m->sum[i]) + SPREAD_MIN * SPREAD_MIN;
    s->spread[i] = sqrtf(variance[i]);
  }
  /* The correlation of two features from few independent windows is shrunk towards none, by features / (windows + features). */
  const float shrink = 1.0f - 2.0f / (independent * (float)n + 2.0f);
  const float c = shrink * covariance(n, m->product, m->sum[0], m->sum[1]);
  const float determinant = variance[0] * variance[1] - c * c; /* > 0: |correlation| <= shrink < 1 */
  s->inverse[0] = variance[1] / determinant;
  s->inverse[1] = -c / determinant;
  s->inverse[2] = variance[0] / determinant;
}

static float distance(const float *inverse, float a, float b) {
  const float square = inverse[0] * a * a + 2.0f * inverse[1] * a * b + inverse[2] * b * b;
  return square > 0.0f ? sqrtf(square) : 0.0f;
}

/* Scores of row `i` by all rows but those around it. */
static void left_out(const et_esn_calibration *c, const et_esn_block *block, unsigned i, float *score, float *rms) {
  const et_esn_row *rows = et_esn_rows(block);
  moments m = {.count = block->rows, .product = c->product};
  memcpy(m.sum, c->sum, sizeof m.sum);
  memcpy(m.square, c->square, sizeof m.square);
  const unsigned first = i > c->gap ? i - c->gap : 0;
  for (unsigned j = first; j <= i + c->gap && j < block->rows; j++) take(&m, rows[j], -1);
  shape s;
  shape_of(&m, c->independent, &s);
  *score = distance(s.inverse, (float)rows[i].residual / Q10 - s.centre[0], (float)rows[i].state / Q10 - s.centre[1]);
  *rms = fabsf((float)rows[i].rms / Q10 - s.centre[2]) / s.spread[2];
}

bool et_esn_calibration_step(et_esn_calibration *c, et_esn_block *block, float q, uint32_t budget) {
  const et_esn_row *rows = et_esn_rows(block);
  /* Some thirty floating point operations for a row's shape and score, the quantile's twenty, and exact integer sums. */
  const uint32_t row_work = 50u * ET_ESN_FLOAT_WORK + 10u * (2u * c->gap + 1u);
  for (uint32_t work = 0; c->stage < 3 && work < budget;) {
    const unsigned i = c->row;
    if (c->stage == 0) {
      moments m = {.product = c->product};
      memcpy(m.sum, c->sum, sizeof m.sum);
      memcpy(m.square, c->square, sizeof m.square);
      take(&m, rows[i], 1);
      memcpy(c->sum, m.sum, sizeof m.sum);
      memcpy(c->square, m.square, sizeof m.square);
      c->product = m.product;
      work += 10;
    } else {
      float score, rms;
      left_out(c, block, i, &score, &rms);
      if (c->stage == 1) {
        et_psquare_add(&c->level, score);
        et_psquare_add(&c->rms_level, rms);
      } else {
        et_esn_tail_count(&block->score, score);
        et_esn_tail_count(&block->baseline, rms);
      }
      work += row_work;
    }
    if (++c->row < block->rows) continue;
    c->row = 0;
    if (++c->stage == 2) {
      et_esn_tail_begin(&block->score, et_psquare_value(&c->level));
      et_esn_tail_begin(&block->baseline, et_psquare_value(&c->rms_level));
    }
  }
  if (c->stage < 3) return false;
  moments m = {.count = block->rows, .product = c->product};
  memcpy(m.sum, c->sum, sizeof m.sum);
  memcpy(m.square, c->square, sizeof m.square);
  shape s;
  shape_of(&m, c->independent, &s);
  memcpy(block->centre, s.centre, sizeof block->centre);
  memcpy(block->spread, s.spread, sizeof block->spread);
  memcpy(block->inverse, s.inverse, sizeof block->inverse);
  block->rms_centre = s.centre[2];
  block->rms_spread = s.spread[2];
  et_esn_tail_fit(&block->score, q);
  et_esn_tail_fit(&block->baseline, q);
  return true;
}

float et_esn_score(const et_esn_block *block, const float *drift, et_esn_row row) {
  return distance(block->inverse, (float)row.residual / Q10 - block->centre[0] - drift[0],
                  (float)row.state / Q10 - block->centre[1] - drift[1]);
}

float et_esn_baseline(const et_esn_block *block, et_esn_row row) {
  return fabsf((float)row.rms / Q10 - block->rms_centre) / block->rms_spread;
}

void et_esn_follow(const et_esn_block *block, float *drift, et_esn_row row) {
  const float f[2] = {(float)row.residual / Q10, (float)row.state / Q10};
  for (unsigned i = 0; i < 2; i++) {
    const float moved = drift[i] + (f[i] - block->centre[i] - drift[i]) / ET_ESN_DRIFT_WINDOWS;
    drift[i] = moved > block->spread[i] ? block->spread[i] : moved < -block->spread[i] ? -block->spread[i] : moved;
  }
}
