#include "models/stream/learning.h"

#include <math.h>
#include <string.h>

#include "models/kernels/arithmetic.h"
#include "models/kernels/exact.h"
#include "support/blocks.h"

/* Work units of finding the next step. */
#define STEP_WORK 12u
/* Multiply-accumulates that a score is worth in the moments: most of them the logarithm. */
#define MOMENTS_WORK 40u

enum { TAKING, MEANS, COVARIANCE, FACTOR, SCORES };

/* Standard deviations of features are not trusted below this: a test signal from a generator has none at all. */
#define SPREAD_MIN 0.01f
/* Nor the scores of a machine that is too regular: as far as its features' spread is healthy. */
#define THRESHOLD_MIN 1.0f
#define LOG_SPREAD_MIN 0.05f

int16_t et_row_of(float value) {
  const float scaled = value / ET_ROW_UNIT;
  if (!(scaled > -32000.0f)) return -32000;
  if (scaled > 32000.0f) return 32000;
  return (int16_t)(scaled + (scaled < 0.0f ? -0.5f : 0.5f));
}

void et_moments_add(et_moments *m, float score) {
  const float square = score * score, log = et_healthy_log(score);
  m->count++;
  m->square += square;
  m->fourth += square * square;
  m->log += log;
  m->log_square += log * log;
}

float et_normal_deviate(float q) {
  const float t = sqrtf(-2.0f * et_logarithm(q));
  return t - (2.515517f + t * (0.802853f + t * 0.010328f)) / (1.0f + t * (1.432788f + t * (0.189269f + t * 0.001308f)));
}

float et_moments_threshold(const et_moments *m, float q) {
  const float n = (float)m->count, mean = m->square / n;
  const float variance = m->fourth / n - mean * mean;
  if (!(variance > 1.0e-6f * mean * mean)) return sqrtf(mean) * 1.1f + 1.0e-6f; /* all alike: a tenth of margin */
  const float ninth = variance / (9.0f * mean * mean);                          /* of the reciprocal of the gamma's shape */
  const float root = 1.0f - ninth + et_normal_deviate(q) * sqrtf(ninth);
  return sqrtf(mean * root * root * root);
}

static uint16_t room_of(const et_healthy_shape *shape) {
  return shape->covariance == ET_COVARIANCE_FULL ? ET_LEARNING_ROWS_FULL : ET_LEARNING_ROWS_DIAGONAL;
}

static uint32_t rows_bytes(unsigned room, unsigned dimensions) { return et_up_to_4(2u * room * (dimensions + 1u)); }

uint32_t et_learning_bytes(const et_healthy_shape *shape) {
  return (uint32_t)sizeof(et_learning) + rows_bytes(room_of(shape), shape->dimensions) + 8u * shape->dimensions;
}

static int16_t *row_at(et_learning *learning, unsigned dimensions, unsigned row) {
  return (int16_t *)(void *)(learning + 1) + row * (dimensions + 1u);
}

static float *scratch(et_learning *learning, unsigned dimensions) {
  return (float *)(void *)((uint8_t *)(learning + 1) + rows_bytes(learning->room, dimensions));
}

void et_learning_begin(et_learning *learning, const et_healthy_shape *shape, uint8_t overlap) {
  memset(learning, 0, sizeof *learning);
  learning->room = room_of(shape);
  learning->stride = 1;
  learning->overlap = overlap;
  learning->context_least = INT16_MAX;
  learning->context_most = INT16_MIN;
}

/* Which window of a stride is kept. */
static uint32_t draw_kept(uint32_t cell, uint32_t stride) {
  uint32_t x = cell * 2654435761u + stride;
  x ^= x >> 15;
  x *= 0x85ebca6bu;
  return (x >> 16) % stride;
}

static void halve_rows(et_learning *learning, unsigned dimensions) {
  for (unsigned i = 0; i < learning->rows / 2u; i++) {
    const unsigned kept = 2u * i + (draw_kept(i, 3u) & 1u);
    if (kept != i) memcpy(row_at(learning, dimensions, i), row_at(learning, dimensions, kept), 2u * (dimensions + 1u));
  }
  learning->rows /= 2u;
  learning->stride = (uint16_t)(learning->stride * 2u);
}

void et_learning_window(et_learning *learning, const et_healthy_shape *shape, const float *features, float log_rms, int16_t context) {
  const unsigned d = shape->dimensions;
  if (learning->rows == learning->room) halve_rows(learning, d);
  const uint32_t cell = learning->windows / learning->stride;
  if (learning->windows % learning->stride == draw_kept(cell, learning->stride)) {
    int16_t *row = row_at(learning, d, learning->rows++);
    for (unsigned i = 0; i < d; i++) row[i] = et_row_of(features[i]);
    row[d] = et_row_of(log_rms);
  }
  learning->windows++;
  if (context < learning->context_least) learning->context_least = context;
  if (context > learning->context_most) learning->context_most = context;
}

/* Rows of the block left out, and those that the gap leaves out with it. */
typedef struct span {
  unsigned first, last, from, to; /* scored: first <= row < last; not learned: from <= row < to */
} span;

static span left_out(const et_learning *learning) {
  const unsigned n = learning->rows, b = learning->part;
  if (b >= ET_LEARNING_BLOCKS) return (span){0, 0, 0, 0};
  const unsigned gap = (learning->overlap - 1u + learning->stride - 1u) / learning->stride;
  const unsigned first = n * b / ET_LEARNING_BLOCKS, last = n * (b + 1u) / ET_LEARNING_BLOCKS;
  return (span){first, last, first > gap ? first - gap : 0u, last + gap < n ? last + gap : n};
}

static void next_stage(et_learning *learning, uint8_t stage, unsigned row) {
  learning->stage = stage;
  learning->row = (uint16_t)row;
  learning->column = 0;
}

/* Sums of at most 112 integers below 2^15 are exact in float. */
static uint32_t add_means(et_learning *learning, et_healthy *healthy) {
  const unsigned d = healthy->dimensions;
  const span out = left_out(learning);
  float *mean = et_healthy_mean(healthy);
  if (learning->row == 0) {
    memset(mean, 0, d * sizeof *mean);
    learning->used = 0;
  }
  if (learning->row < out.from || learning->row >= out.to) {
    const int16_t *row = row_at(learning, d, learning->row);
    for (unsigned i = 0; i < d; i++) mean[i] += (float)row[i];
    learning->used++;
  }
  if (++learning->row < learning->rows) return d * ET_FLOAT_WORK;
  for (unsigned i = 0; i < d; i++) mean[i] *= ET_ROW_UNIT / (float)learning->used;
  memset(et_healthy_spread(healthy), 0, d * sizeof(float));
  if (healthy->covariance == ET_COVARIANCE_FULL) memset(et_healthy_factor(healthy), 0, et_healthy_packed(healthy->scored) * sizeof(float));
  next_stage(learning, COVARIANCE, 0);
  return 2u * d * ET_FLOAT_WORK + et_healthy_packed(healthy->scored) / 4u;
}

static void load_row(et_learning *learning, const et_healthy *healthy, float *deviation) {
  const unsigned d = healthy->dimensions;
  const int16_t *row = row_at(learning, d, learning->row);
  for (unsigned i = 0; i < d; i++) deviation[i] = ET_ROW_UNIT * (float)row[i] - et_healthy_mean(healthy)[i];
}

/* One row of the outer product of one window. */
static uint32_t add_products(et_learning *learning, et_healthy *healthy) {
  const unsigned d = healthy->dimensions, i = learning->column;
  const span out = left_out(learning);
  float *deviation = scratch(learning, d);
  uint32_t work = 2u;
  if (learning->row >= out.from && learning->row < out.to) {
    learning->column = healthy->dimensions;
  } else {
    if (i == 0) load_row(learning, healthy, deviation);
    if (healthy->covariance == ET_COVARIANCE_FULL && i < healthy->scored) {
      float *packed = et_healthy_factor(healthy) + et_healthy_packed(i);
      for (unsigned j = 0; j <= i; j++) packed[j] = et_madd(deviation[i], deviation[j], packed[j]);
      work += i * ET_FLOAT_WORK;
    }
    et_healthy_spread(healthy)[i] = et_madd(deviation[i], deviation[i], et_healthy_spread(healthy)[i]);
    work += (i == 0 ? d + 2u : 2u) * ET_FLOAT_WORK;
    learning->column++;
  }
  if (learning->column < d) return work;
  learning->column = 0;
  if (++learning->row < learning->rows) return work;
  const float share = 1.0f / (float)(learning->used - 1u);
  for (unsigned k = 0; k < d; k++) et_healthy_spread(healthy)[k] = sqrtf(share * et_healthy_spread(healthy)[k] + SPREAD_MIN * SPREAD_MIN);
  next_stage(learning, FACTOR, 0);
  return work + 4u * d * ET_FLOAT_WORK;
}

/* Element (row, column) of the Cholesky factor, rows first, of the shrunk covariance. */
static uint32_t factorise(et_learning *learning, et_healthy *healthy) {
  const span out = left_out(learning);
  if (healthy->covariance == ET_COVARIANCE_DIAGONAL) {
    next_stage(learning, SCORES, out.first);
    return 1;
  }
  const unsigned i = learning->row, j = learning->column;
  const float share = (1.0f - ET_HEALTHY_SHRINKAGE) / (float)(learning->used - 1u);
  float *li = et_healthy_factor(healthy) + et_healthy_packed(i);
  const float *lj = et_healthy_factor(healthy) + et_healthy_packed(j);
  float dot = 0.0f;
  for (unsigned k = 0; k < j; k++) dot = et_madd(li[k], lj[k], dot);
  if (j < i) {
    li[j] = (share * li[j] - dot) / lj[j];
    learning->column++;
    return (j + 4u) * ET_FLOAT_WORK;
  }
  const float variance = et_healthy_spread(healthy)[i] * et_healthy_spread(healthy)[i];
  /* At least the shrinkage's share of the variance is left in exact arithmetic; below half of it is rounding. */
  const float least = 0.5f * ET_HEALTHY_SHRINKAGE * variance;
  li[i] = sqrtf(variance - dot > least ? variance - dot : least);
  learning->column = 0;
  if (++learning->row >= healthy->scored) next_stage(learning, SCORES, out.first);
  return (j + 4u) * ET_FLOAT_WORK;
}

/* Scores of the rows left out, by the fit without them. */
static uint32_t score_rows(et_learning *learning, et_healthy *healthy, uint32_t budget) {
  const unsigned d = healthy->dimensions;
  const span out = left_out(learning);
  float *features = scratch(learning, d), *solved = features + d, score;
  if (learning->row < out.last) {
    if (learning->scoring.row == 0) {
      const int16_t *row = row_at(learning, d, learning->row);
      for (unsigned i = 0; i < d; i++) features[i] = ET_ROW_UNIT * (float)row[i];
    }
    if (!et_healthy_score(healthy, features, solved, &learning->scoring, budget, &score)) return budget;
    const uint32_t work = (et_healthy_packed(healthy->scored) + MOMENTS_WORK) * ET_FLOAT_WORK;
    et_moments_add(&learning->moments, score);
    learning->scoring = (et_healthy_scoring){0};
    learning->row++;
    return work < budget ? work : budget;
  }
  learning->part++;
  next_stage(learning, MEANS, 0);
  return 4u;
}

static float rms_of(et_learning *learning, unsigned dimensions, unsigned row) {
  return ET_ROW_UNIT * (float)row_at(learning, dimensions, row)[dimensions];
}

/* What the eight blocks' scores say; mean and deviation of log RMS. Then `moments` is free for the baseline's. */
static uint32_t take_scores(et_learning *learning, et_healthy *healthy, float q) {
  const et_moments *m = &learning->moments;
  const float n = (float)m->count, mean = m->log / n, variance = m->log_square / n - mean * mean;
  const unsigned d = healthy->dimensions;
  healthy->threshold = et_moments_threshold(m, q);
  healthy->log_mean = mean;
  healthy->log_spread = variance > LOG_SPREAD_MIN * LOG_SPREAD_MIN ? sqrtf(variance) : LOG_SPREAD_MIN;
  if (healthy->threshold < THRESHOLD_MIN) { /* a signal without chance: its scores are nearly none, and their ratios mean nothing */
    healthy->threshold = THRESHOLD_MIN;
    healthy->log_mean = et_logarithm(THRESHOLD_MIN) - et_normal_deviate(q) * healthy->log_spread;
  }
  int64_t sum = 0, square = 0; /* exact: 112 integers below 2^15 */
  for (unsigned r = 0; r < learning->rows; r++) {
    const int32_t rms = row_at(learning, d, r)[d];
    sum += rms;
    square += rms * rms;
  }
  const float rows = (float)learning->rows;
  healthy->rms_mean = ET_ROW_UNIT * (float)sum / rows;
  const float centred = (float)((int64_t)learning->rows * square - sum * sum) / (rows * (rows - 1.0f));
  healthy->rms_spread = sqrtf(ET_ROW_UNIT * ET_ROW_UNIT * centred + SPREAD_MIN * SPREAD_MIN);
  learning->moments = (et_moments){0};
  return 4u * learning->rows;
}

/* One row's two-sided deviation of log RMS; after the last one the regime is complete. */
static uint32_t baseline_row(et_learning *learning, et_healthy *healthy, float q, bool *complete) {
  uint32_t work = MOMENTS_WORK * ET_FLOAT_WORK;
  if (learning->row == 0) work += take_scores(learning, healthy, q);
  et_moments_add(&learning->moments, et_healthy_baseline(healthy, rms_of(learning, healthy->dimensions, learning->row)));
  if (++learning->row < learning->rows) return work;
  healthy->rms_threshold = et_moments_threshold(&learning->moments, q);
  healthy->rows = learning->rows;
  healthy->windows = learning->windows;
  healthy->context_least = learning->context_least;
  healthy->context_most = learning->context_most;
  healthy->valid = 1;
  *complete = true;
  return work;
}

bool et_learning_step(et_learning *learning, et_healthy *healthy, float q, uint32_t budget) {
  bool complete = false;
  for (uint32_t work = 0; work < budget && !complete; work += STEP_WORK) {
    switch (learning->stage) {
    case TAKING:
      learning->part = 0;
      next_stage(learning, MEANS, 0);
      break;
    case MEANS: work += add_means(learning, healthy); break;
    case COVARIANCE: work += add_products(learning, healthy); break;
    case FACTOR: work += factorise(learning, healthy); break;
    default:
      if (learning->part < ET_LEARNING_BLOCKS) work += score_rows(learning, healthy, budget - work);
      else work += baseline_row(learning, healthy, q, &complete);
    }
  }
  return complete;
}
