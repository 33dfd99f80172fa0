/* The learning phase of a process: products of every sample of its first part, in slices the ridge regression, then the residuals of the
 * second part. */
#include <math.h>
#include <string.h>

#include "models/process/model.h"
#include "models/kernels/arithmetic.h"
#include "models/kernels/exact.h"

#define LEARNING_WORK 2048u
/* Of finding the next step. */
#define STEP_WORK 12u
/* A channel that moves less than half a register unit does not move. */
#define DEVIATION_MIN 0.5f
/* Residual means are not trusted to be narrower than this, in standard deviations of the channel. */
#define SPREAD_MIN 1.0e-3f
/* Windows measured before their scores say how scores are distributed. */
#define WINDOWS_FIRST 20u

enum { PRODUCTS, SCALE, CONVERT, FACTOR, FORWARD, BACKWARD, MEASURE };

static bool is_short(const et_process_view *view) { return view->parameters->learning <= ET_PROCESS_ROWS; }

/* Samples that are fitted. */
static uint32_t fitted(const et_process_view *view) {
  return is_short(view) ? view->parameters->learning : view->parameters->learning / 2u;
}

void et_process_learn_begin(const et_process_view *view) {
  memset(view->job, 0, sizeof *view->job);
  memset(view->cross, 0, 8u * view->regressors * view->channels);
  memset(view->gram, 0, 8u * et_healthy_packed(view->regressors));
  view->stream->phase = ET_STREAM_LEARNING;
}

et_error et_process_learn(const et_model_context *context, const void *running, void *candidate, uint8_t regime) {
  et_process_view view;
  et_process_view_of(context, &view);
  et_process_block *block = candidate;
  (void)running;
  if (regime > 1u) return ET_VALUE; /* no bank */
  if (view.watch.watch->alarm) return ET_ALARM_ACTIVE;
  memset(block, 0, sizeof *block);
  block->channels = (uint8_t)view.channels;
  block->lags = (uint8_t)view.lags;
  et_healthy_clear(et_process_healthy(block), &view.shape);
  et_process_learn_begin(&view);
  return ET_OK;
}

void et_process_learn_gap(const et_process_view *view) {
  et_process_job *job = view->job;
  const uint8_t phase = view->stream->phase;
  if (phase != ET_STREAM_LEARNING && phase != ET_STREAM_CALIBRATING) return;
  job->known = 0;
  job->filled = job->at = 0;
  job->waiting = false;
  if (phase == ET_STREAM_LEARNING && is_short(view)) et_process_learn_begin(view); /* the kept samples must follow each other */
}

void et_process_learn_sample(const et_process_view *view) {
  et_process_job *job = view->job;
  const int16_t *now = view->stream->now;
  if (view->stream->phase == ET_STREAM_CALIBRATING) {
    job->waiting = !is_short(view);
    return;
  }
  if (job->samples == 0) memcpy(job->origin, now, view->channels * sizeof *now);
  for (unsigned k = 0; k < view->channels; k++) {
    const int32_t d = now[k] - job->origin[k];
    job->sum[k] += d;
    job->square[k] += (int64_t)d * d;
  }
  if (is_short(view)) memcpy(view->rows + job->samples * view->channels, now, view->channels * sizeof *now);
  job->samples++;
  job->row = 0;
  job->waiting = true;
}

static void next_stage(et_process_job *job, uint8_t stage) {
  job->stage = stage;
  job->row = job->column = 0;
}

/* Regressor i of the last sample, deviation from the origin: the channels of the newest past sample first, at the end 1. */
static int32_t regressor(const et_process_view *view, unsigned i) {
  if (i == view->regressors - 1u) return 1;
  return view->past[i] - view->job->origin[i % view->channels];
}

/* A row of the Gram matrix; below 2^32 each, at most a million of them. */
static void add_row(const et_process_view *view) {
  et_process_job *job = view->job;
  const unsigned i = job->row;
  const int64_t x = regressor(view, i);
  int64_t *gram = view->gram + et_healthy_packed(i), *cross = view->cross + i * view->channels;
  for (unsigned j = 0; j <= i; j++) gram[j] += x * regressor(view, j);
  for (unsigned k = 0; k < view->channels; k++) cross[k] += x * (view->stream->now[k] - job->origin[k]);
}

/* The last sample's products; the phase is over with the last sample to be fitted. */
static void products_slice(const et_process_view *view) {
  et_process_job *job = view->job;
  if (job->known >= view->lags) {
    for (uint32_t work = 0; job->row < view->regressors && work < LEARNING_WORK; job->row++) {
      add_row(view);
      work += 4u * (job->row + view->channels);
    }
    if (job->row < view->regressors) return;
  } else {
    job->known++;
  }
  job->waiting = false;
  et_process_push(view, view->past, view->stream->now);
  if (job->samples < fitted(view)) return;
  view->stream->phase = ET_STREAM_CALIBRATING;
  next_stage(job, SCALE);
}

/* Mean and deviation of each channel; true when at least one moves. */
static bool find_scale(const et_process_view *view, et_process_block *block) {
  et_process_job *job = view->job;
  const float n = (float)job->samples;
  for (unsigned k = 0; k < view->channels; k++) {
    const float mean = (float)job->sum[k] / n;
    const float variance = (float)job->square[k] / n - mean * mean;
    const bool constant = !(variance >= DEVIATION_MIN * DEVIATION_MIN);
    et_process_mean(view, block)[k] = (float)job->origin[k] + mean;
    et_process_scale(view, block)[k] = constant ? 0.0f : 1.0f / sqrtf(variance);
    if (constant) block->constant |= (uint8_t)(1u << k);
  }
  return block->constant != (1u << view->channels) - 1u;
}

/* A row of the Gram matrix and of the cross products, in deviations from the mean: x' = (x - m) s, and 1 stays 1. */
static uint32_t convert_row(const et_process_view *view, et_process_block *block) {
  et_process_job *job = view->job;
  const unsigned i = job->row, last = view->regressors - 1u;
  const float *scale = et_process_scale(view, block), *mean = et_process_mean(view, block);
  const int64_t *ones = view->gram + et_healthy_packed(last); /* sums of the regressors; ones[last]: how many */
  const float count = (float)ones[last];
  const float mi = i < last ? mean[i % view->channels] - (float)job->origin[i % view->channels] : 0.0f;
  const float si = i < last ? scale[i % view->channels] : 1.0f;
  float *row = view->factor + et_healthy_packed(i);
  for (unsigned j = 0; j <= i; j++) {
    const float mj = j < last ? mean[j % view->channels] - (float)job->origin[j % view->channels] : 0.0f;
    const float sj = j < last ? scale[j % view->channels] : 1.0f;
    const float moved = (float)view->gram[et_healthy_packed(i) + j] - mi * (float)ones[j] - mj * (float)ones[i] + mi * mj * count;
    row[j] = moved * si * sj;
  }
  job->ridge += row[i];
  for (unsigned k = 0; k < view->channels; k++) {
    const float mk = mean[k] - (float)job->origin[k];
    const float of_target = (float)view->cross[last * view->channels + k];
    const float moved = (float)view->cross[i * view->channels + k] - mi * of_target - mk * ((float)ones[i] - mi * count);
    et_process_weights(view, block, k)[i] = moved * si * scale[k];
  }
  if (++job->row == view->regressors) {
    job->ridge *= view->parameters->ridge / (float)view->regressors;
    if (!(job->ridge > 0.0f)) job->ridge = 1.0e-6f;
    next_stage(job, FACTOR);
  }
  return (6u * i + 8u * view->channels) * ET_FLOAT_WORK;
}

/* Element (row, column) of the Cholesky factor, rows first. */
static uint32_t factorise(const et_process_view *view) {
  et_process_job *job = view->job;
  const unsigned i = job->row, j = job->column;
  float *li = view->factor + et_healthy_packed(i);
  const float *lj = view->factor + et_healthy_packed(j);
  float dot = 0.0f;
  for (unsigned k = 0; k < j; k++) dot = et_madd(li[k], lj[k], dot);
  if (j < i) {
    li[j] = (li[j] - dot) / lj[j];
    job->column++;
  } else {
    const float pivot = li[i] + job->ridge - dot;
    li[i] = sqrtf(pivot > 0.5f * job->ridge ? pivot : 0.5f * job->ridge);
    job->column = 0;
    if (++job->row == view->regressors) next_stage(job, FORWARD);
  }
  return (j + 4u) * ET_FLOAT_WORK;
}

static uint32_t forward_row(const et_process_view *view, et_process_block *block) {
  et_process_job *job = view->job;
  const unsigned i = job->row;
  const float *l = view->factor + et_healthy_packed(i);
  float *b = et_process_weights(view, block, job->column);
  float dot = 0.0f;
  for (unsigned k = 0; k < i; k++) dot = et_madd(l[k], b[k], dot);
  b[i] = (b[i] - dot) / l[i];
  if (++job->row == view->regressors) {
    job->row = 0;
    if (++job->column == view->channels) next_stage(job, BACKWARD);
  }
  return (i + 4u) * ET_FLOAT_WORK;
}

/* From the last unknown, taking each found one out of all earlier equations: the factor is read by rows. */
static uint32_t backward_row(const et_process_view *view, et_process_block *block) {
  et_process_job *job = view->job;
  const unsigned i = view->regressors - 1u - job->row;
  const float *l = view->factor + et_healthy_packed(i);
  float *b = et_process_weights(view, block, job->column);
  b[i] /= l[i];
  for (unsigned k = 0; k < i; k++) b[k] = et_madd(-l[k], b[i], b[k]);
  if (++job->row == view->regressors) {
    job->row = 0;
    if (++job->column == view->channels) next_stage(job, MEASURE);
  }
  return (i + 4u) * ET_FLOAT_WORK;
}

/* A mean of residuals into the statistics of its channel (Welford 1962). */
static void add_window(const et_process_view *view, et_process_block *block, const int16_t *now) {
  et_process_job *job = view->job;
  et_healthy *healthy = et_process_healthy(block);
  float *mean = et_healthy_mean(healthy), *square = et_healthy_spread(healthy), largest = 0.0f;
  job->averaged = (uint16_t)(job->averaged < UINT16_MAX ? job->averaged + 1u : UINT16_MAX);
  for (unsigned k = 0; k < view->channels; k++) {
    const float average = et_process_average(view, view->learning_ring, k), before = average - mean[k];
    mean[k] += before / (float)job->averaged;
    square[k] += before * (average - mean[k]);
    if (job->averaged == 1u || average < job->least[k]) job->least[k] = average;
    if (job->averaged == 1u || average > job->most[k]) job->most[k] = average;
    const float variance = square[k] / (float)job->averaged, deviation = average - mean[k];
    if (variance > SPREAD_MIN * SPREAD_MIN && deviation * deviation > largest * variance) largest = deviation * deviation / variance;
  }
  if (job->averaged > WINDOWS_FIRST) et_moments_add(&job->moments, sqrtf(largest));
  const float level = et_process_level(view, block, now);
  if (level > job->highest) job->highest = level;
}

/* The residual of one channel of one sample; `now` came after `past`. True when that was the last channel. */
static bool measure_channel(const et_process_view *view, et_process_block *block, const int16_t *now) {
  et_process_job *job = view->job;
  view->learning_ring[job->at * view->channels + job->column] = et_process_residual(view, block, job->column, now, view->past);
  if (++job->column < view->channels) return false;
  job->column = 0;
  job->at = (uint8_t)((job->at + 1u) % view->parameters->window);
  if (job->filled < view->parameters->window) job->filled++;
  if (job->filled == view->parameters->window) add_window(view, block, now);
  et_process_push(view, view->past, now);
  return true;
}

/* One channel of the sample that came, or of the next one kept. True when the last sample of the phase is measured. */
static bool measure_slice(const et_process_view *view, et_process_block *block) {
  et_process_job *job = view->job;
  const bool kept = is_short(view);
  const int16_t *now = kept ? view->rows + job->row * view->channels : view->stream->now;
  if (kept && job->row == 0 && job->column == 0) job->known = 0;
  if (job->known < view->lags) {
    job->known++;
    et_process_push(view, view->past, now);
  } else if (!measure_channel(view, block, now)) {
    return false;
  }
  job->waiting = false;
  if (kept) return ++job->row >= job->samples;
  return ++job->samples >= view->parameters->learning && job->averaged > 2u * WINDOWS_FIRST;
}

/* Threshold, and the distribution that the CUSUM judges by: as wide as the learned scores, and moved so that the threshold stands where
 * one healthy window of a hundred would be. */
static void finish(const et_process_view *view, et_process_block *block) {
  et_process_job *job = view->job;
  et_healthy *healthy = et_process_healthy(block);
  float *mean = et_healthy_mean(healthy), *spread = et_healthy_spread(healthy), largest = 0.0f;
  for (unsigned k = 0; k < view->channels; k++) {
    const float deviation = sqrtf(spread[k] / (float)job->averaged);
    /* A channel that did not move while learning is never judged. */
    spread[k] = ((unsigned)block->constant >> k & 1u) != 0u ? 1.0f : deviation > SPREAD_MIN ? deviation : SPREAD_MIN;
    const float above = (job->most[k] - mean[k]) / spread[k], below = (mean[k] - job->least[k]) / spread[k];
    if (above > largest) largest = above;
    if (below > largest) largest = below;
  }
  const float n = (float)job->moments.count, log = job->moments.log / n, variance = job->moments.log_square / n - log * log;
  healthy->threshold = view->parameters->margin * largest;
  healthy->log_spread = variance > 4.0e-4f ? sqrtf(variance) : 0.02f;
  healthy->log_mean = et_logarithm(healthy->threshold) - et_normal_deviate(0.01f) * healthy->log_spread;
  healthy->rms_mean = 0.0f;
  healthy->rms_spread = 1.0f;
  healthy->rms_threshold = view->parameters->margin * job->highest;
  healthy->rows = job->averaged;
  healthy->windows = job->samples;
  healthy->valid = 1;
  block->valid = 1;
}

static uint32_t solve_step(const et_process_view *view, et_process_block *block) {
  switch (view->job->stage) {
  case SCALE:
    if (find_scale(view, block)) {
      next_stage(view->job, CONVERT);
    } else { /* nothing moves: the machine is off, and what follows may be it */
      block->constant = 0;
      et_process_learn_begin(view);
      return LEARNING_WORK;
    }
    return 8u * view->channels * ET_FLOAT_WORK;
  case CONVERT: return convert_row(view, block);
  case FACTOR: return factorise(view);
  case FORWARD: return forward_row(view, block);
  default: return backward_row(view, block);
  }
}

/* Samples that come while the regression is solved are only neighbours of those to come. */
static void pass_by(const et_process_view *view) {
  view->job->waiting = false;
  et_process_push(view, view->past, view->stream->now);
}

bool et_process_learn_slice(const et_process_view *view, et_process_block *block) {
  et_process_stream *s = view->stream;
  et_process_job *job = view->job;
  if (s->phase == ET_STREAM_LEARNING && job->waiting) {
    products_slice(view);
    return true;
  }
  if (s->phase != ET_STREAM_CALIBRATING) return false;
  if (job->stage != MEASURE) {
    if (job->waiting) pass_by(view);
    for (uint32_t work = 0; work < LEARNING_WORK && job->stage != MEASURE; work += STEP_WORK) work += solve_step(view, block);
    return true;
  }
  if (!is_short(view) && !job->waiting) return false;
  if (measure_slice(view, block)) {
    finish(view, block);
    s->filled = s->at = 0; /* what is in the ring is of the generation before */
    s->phase = ET_STREAM_SCORING;
  }
  return true;
}
