/* A complete window: its features, what condition the machine is in, its score in each regime, the verdict. */
#include <math.h>
#include <string.h>

#include "models/correlation/model.h"
#include "models/stream/condition.h"
#include "models/kernels/exact.h"

/* Work units of a score in one slice. */
#define SCORE_WORK 2048u

enum { DONE, CHANNELS, PAIRS, CONDITION, SCORES, VERDICT, WATCH };

void et_correlation_window_begin(const et_correlation_view *view) {
  view->stream->stage = CHANNELS;
  view->stream->part = 0;
}

static float over_blocks(const et_correlation_view *view, unsigned i) {
  float sum = 0.0f;
  for (unsigned b = 0; b < view->blocks; b++) sum += view->ring[b * (view->shape.dimensions + view->inputs) + i];
  return sum;
}

/* Covariance from a sum of products, the windows' means taken out. */
static float covariance(const et_correlation_view *view, unsigned product, float mean_a, float mean_b) {
  return over_blocks(view, product) / (float)view->parameters->window - mean_a * mean_b;
}

/* Where the variance and the mean of a channel wait for the pairs: `solved` is free until the scores. */
static float *variance_of(const et_correlation_view *view) { return view->solved; }
static float *mean_of(const et_correlation_view *view) { return view->solved + view->channels; }

static void channel_features(const et_correlation_view *view, unsigned k) {
  const unsigned first = k * (view->lags + 1u);
  const float mean = over_blocks(view, view->shape.dimensions + k) / (float)view->parameters->window;
  const float variance = covariance(view, first, mean, mean);
  float *features = view->features + first;
  variance_of(view)[k] = variance > 0.0f ? variance : 0.0f;
  mean_of(view)[k] = mean;
  const float measured = variance_of(view)[k] + ET_ROUNDING_VARIANCE;
  features[0] = et_logarithm(measured);
  for (unsigned l = 1; l <= view->lags; l++) features[l] = covariance(view, first + l, mean, mean) / measured;
}

static void pair_features(const et_correlation_view *view) {
  const float *variance = variance_of(view), *mean = mean_of(view);
  unsigned at = view->channels * (view->lags + 1u);
  float all = 0.0f;
  for (unsigned i = 0; i < view->channels; i++) {
    all += variance[i] + ET_ROUNDING_VARIANCE;
    for (unsigned j = 0; j < i; j++, at++) {
      const float product = (variance[i] + ET_ROUNDING_VARIANCE) * (variance[j] + ET_ROUNDING_VARIANCE);
      view->features[at] = covariance(view, at, mean[i], mean[j]) / sqrtf(product);
    }
  }
  view->stream->log_rms = 0.5f * et_logarithm(all);
}

static int16_t context_of(const et_correlation_view *view) {
  if (view->context < 0) return 0;
  const float mean = over_blocks(view, view->shape.dimensions + view->channels) / (float)view->parameters->window;
  return (int16_t)(mean < 0.0f ? mean - 0.5f : mean + 0.5f);
}

/* Far below everything that was learned: the machine does not run. */
static bool is_off(const et_correlation_view *view, const et_correlation_block *running) {
  const et_correlation_stream *s = view->stream;
  if (s->constant == (1u << view->channels) - 1u) return true;
  const float reach = et_logarithm(view->parameters->off_share);
  if (s->phase == ET_STREAM_LEARNING && s->log_rms < s->quiet + reach) return true;
  if (running->valid != 1) return false;
  float least = INFINITY;
  for (unsigned r = 0; r < running->regimes; r++) {
    const et_healthy *healthy = et_correlation_regime(view, running, r);
    if (healthy->valid && healthy->rms_mean < least) least = healthy->rms_mean;
  }
  return s->log_rms < least + reach;
}

static bool covers(const et_correlation_view *view, const et_healthy *healthy) {
  if (!healthy->valid) return false;
  if (view->context < 0) return true;
  const float context = (float)view->stream->context, tolerance = view->parameters->context_tolerance;
  return context >= (float)healthy->context_least - tolerance && context <= (float)healthy->context_most + tolerance;
}

static uint8_t next_regime(const et_correlation_view *view, const et_correlation_block *running, unsigned from) {
  while (from < running->regimes && !covers(view, et_correlation_regime(view, running, from))) from++;
  return (uint8_t)from;
}

/* Place among the values of a sample of the judged channel k: the context is none of them. */
static unsigned input_of(const et_correlation_view *view, unsigned k) {
  return k + (view->context >= 0 && k >= (unsigned)view->context ? 1u : 0u);
}

/* The verdict on a window without a score; true when scores are to follow. */
static bool conditions(const et_correlation_view *view, const et_correlation_block *running, et_stream_result *result, bool *complete) {
  et_correlation_stream *s = view->stream;
  s->context = context_of(view);
  s->constant = et_constant_channels(variance_of(view), view->channels);
  const bool off = is_off(view, running);
  result->conditions = (uint8_t)(off ? ET_CONDITION_OFF : s->constant != 0 ? ET_CONDITION_CONSTANT : 0u);
  result->constant = 0;
  for (unsigned k = 0; k < view->channels && !off; k++)
    if (((unsigned)s->constant >> k & 1u) != 0u) result->constant |= (uint8_t)(1u << input_of(view, k));
  const bool learned = s->phase == ET_STREAM_LEARNING && result->conditions == 0 && s->learning_settle == 0;
  if (learned) et_correlation_learn_window(view);
  const bool due = s->since >= view->parameters->score_every;
  if (learned || due) {
    result->windows = ++s->windows;
    result->calibrated = false;
    *complete = true;
  }
  if (!due || running->valid != 1) return false;
  s->since = 0;
  if (result->conditions != 0) return false;
  s->part = next_regime(view, running, 0);
  if (s->part >= running->regimes) {
    result->conditions = ET_CONDITION_NOT_LEARNED;
    return false;
  }
  s->scoring = (et_healthy_scoring){0};
  s->best = ET_REGIMES_MAX;
  *complete = false; /* the verdict is */
  return true;
}

/* A slice of the score in one regime; true when the last one is done. */
static bool score_slice(const et_correlation_view *view, const et_correlation_block *running) {
  et_correlation_stream *s = view->stream;
  const et_healthy *healthy = et_correlation_regime(view, running, s->part);
  float score;
  if (!et_healthy_score(healthy, view->features, view->solved, &s->scoring, SCORE_WORK, &score)) return false;
  if (s->best == ET_REGIMES_MAX || score * et_correlation_regime(view, running, s->best)->threshold < s->best_score * healthy->threshold) {
    s->best = s->part;
    s->best_score = score;
  }
  s->scoring = (et_healthy_scoring){0};
  s->part = next_regime(view, running, s->part + 1u);
  return s->part >= running->regimes;
}

/* How far a channel's level and shape are from healthy. */
static void by_channel(const et_correlation_view *view, const et_healthy *healthy, unsigned k, et_stream_result *result) {
  const float *mean = et_healthy_mean(healthy), *spread = et_healthy_spread(healthy), *features = view->features;
  unsigned i = k * (view->lags + 1u);
  result->energies[input_of(view, k)] = (features[i] - mean[i]) / spread[i];
  float square = 0.0f;
  for (unsigned l = 0; l < view->lags; l++) {
    i++;
    const float deviation = (features[i] - mean[i]) / spread[i];
    square += deviation * deviation;
  }
  result->residuals[input_of(view, k)] = sqrtf(square / (float)view->lags);
}

static void verdict(const et_correlation_view *view, const et_correlation_block *running, et_stream_result *result) {
  et_correlation_stream *s = view->stream;
  const et_healthy *healthy = et_correlation_regime(view, running, s->best);
  result->score = s->best_score;
  result->threshold = healthy->threshold;
  result->baseline_score = et_healthy_baseline(healthy, s->log_rms);
  result->baseline_threshold = healthy->rms_threshold;
  result->calibrated = true;
  result->regime = (uint8_t)(s->best + 1u);
  if (s->since_watched < view->blocks) return;
  s->since_watched = 0;
  if (et_correlation_learns_new(view, running)) return; /* the known regimes say nothing about the one that is being learned */
  et_watch_window(&view->watch, healthy, s->best, view->features, s->best_score);
}

/* Deviations of one channel, then what the window means for the alarm; false when nothing is left. */
static bool watch_slice(const et_correlation_view *view, const et_correlation_block *running, et_stream_result *result) {
  et_correlation_stream *s = view->stream;
  const et_healthy *healthy = et_correlation_regime(view, running, s->best);
  if (s->part < view->channels) {
    by_channel(view, healthy, s->part++, result);
    return true;
  }
  return et_watch_slice(&view->watch, healthy, view->features);
}

bool et_correlation_window_step(const et_correlation_view *view, et_correlation_block *running, et_stream_result *result, bool *complete) {
  et_correlation_stream *s = view->stream;
  switch (s->stage) {
  case DONE: return false;
  case CHANNELS:
    channel_features(view, s->part);
    if (++s->part >= view->channels) s->stage = PAIRS;
    return true;
  case PAIRS:
    pair_features(view);
    s->stage = CONDITION;
    return true;
  case CONDITION: s->stage = conditions(view, running, result, complete) ? SCORES : DONE; return true;
  case SCORES:
    if (score_slice(view, running)) s->stage = VERDICT;
    return true;
  case VERDICT:
    verdict(view, running, result);
    s->part = 0;
    s->stage = WATCH;
    return true;
  default:
    if (watch_slice(view, running, result)) return true;
    et_watch_report(&view->watch, result);
    s->stage = DONE;
    *complete = true;
    return true;
  }
}
