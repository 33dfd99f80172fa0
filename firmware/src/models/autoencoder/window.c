/* A complete window: its levels, what condition the machine is in, its reconstruction, the verdict. */
#include <math.h>

#include "models/autoencoder/model.h"
#include "models/kernels/exact.h"
#include "models/stream/condition.h"

/* Values made bytes in one slice: some fifteen thousand instructions without an FPU. */
#define ENCODED_A_SLICE 96u

enum { DONE, LEVELS, CONDITION, ENCODE, RECONSTRUCT, VERDICT, WATCH };

void et_autoencoder_window_begin(const et_autoencoder_view *view) {
  view->stream->stage = LEVELS;
  view->stream->part = 0;
}

static float *energy_of(const et_autoencoder_view *view, unsigned k) { return view->features + view->channels + k; }

/* Below 2^15 each, at most 256 of them. */
static void measure_level(const et_autoencoder_view *view, unsigned k) {
  const int64_t n = view->parameters->window;
  int64_t sum = 0, square = 0;
  for (unsigned i = k; i < view->inputs; i += view->channels) {
    sum += view->frames[i];
    square += (int32_t)view->frames[i] * view->frames[i];
  }
  view->solved[k] = (float)(n * square - sum * sum) / (float)(n * n);
  *energy_of(view, k) = et_logarithm(view->solved[k] + ET_ROUNDING_VARIANCE);
}

static bool is_off(const et_autoencoder_view *view, const et_autoencoder_block *running) {
  const et_autoencoder_stream *s = view->stream;
  const float reach = et_logarithm(ET_AUTOENCODER_OFF_SHARE);
  if (s->constant == (1u << view->channels) - 1u) return true;
  if (s->phase == ET_STREAM_LEARNING && s->log_rms < et_autoencoder_quiet(view) + reach) return true;
  return running->valid == 1 && s->log_rms < et_autoencoder_healthy(view, running)->rms_mean + reach;
}

/* What can be said before any score; true when the window is to be scored. */
static bool conditions(const et_autoencoder_view *view, const et_autoencoder_block *running, et_autoencoder_block *candidate,
                       et_stream_result *result, bool *complete) {
  et_autoencoder_stream *s = view->stream;
  float all = 0.0f;
  for (unsigned k = 0; k < view->channels; k++) all += view->solved[k] + ET_ROUNDING_VARIANCE;
  s->log_rms = 0.5f * et_logarithm(all);
  s->constant = et_constant_channels(view->solved, view->channels);
  const bool off = is_off(view, running);
  result->conditions = (uint8_t)(off ? ET_CONDITION_OFF : s->constant != 0 ? ET_CONDITION_CONSTANT : 0u);
  result->constant = (uint8_t)(off ? 0u : s->constant);
  const bool learned = s->phase == ET_STREAM_LEARNING && result->conditions == 0 && s->unheard == 0;
  if (learned) et_autoencoder_learn_window(view, candidate);
  else et_autoencoder_learn_gap(view);
  const bool due = s->since >= view->parameters->score_every;
  if (learned || due) {
    result->windows = ++s->windows;
    result->calibrated = false;
    *complete = true;
  }
  if (!due || running->valid != 1) return false;
  s->since = 0;
  if (result->conditions != 0) return false;
  *complete = false; /* the verdict is */
  return true;
}

/* True when all values are bytes. */
static bool encode_slice(const et_autoencoder_view *view, const et_autoencoder_block *running) {
  et_autoencoder_stream *s = view->stream;
  const unsigned left = view->inputs - s->part, count = left < ENCODED_A_SLICE ? left : ENCODED_A_SLICE;
  et_autoencoder_encode(view, et_autoencoder_scale(running), view->coded, s->part, count);
  s->part = (uint16_t)(s->part + count);
  return s->part == view->inputs;
}

static bool reconstruct_slice(const et_autoencoder_view *view, const et_autoencoder_block *running) {
  const et_dnn net = {et_autoencoder_plan(view), et_autoencoder_network(view, running), NULL, view->work};
  return et_autoencoder_reconstruct(&net, view->coded, view->channels, &view->stream->pass, et_autoencoder_budget(view));
}

static void verdict(const et_autoencoder_view *view, const et_autoencoder_block *running, et_stream_result *result) {
  et_autoencoder_stream *s = view->stream;
  const et_healthy *healthy = et_autoencoder_healthy(view, running);
  const float *mean = et_healthy_mean(healthy), *spread = et_healthy_spread(healthy);
  s->scoring = (et_healthy_scoring){0};
  for (unsigned k = 0; k < view->channels; k++) {
    const unsigned energy = view->channels + k;
    view->features[k] = et_autoencoder_residual(view, &s->pass, k);
    result->residuals[k] = (view->features[k] - mean[k]) / spread[k];
    result->energies[k] = (view->features[energy] - mean[energy]) / spread[energy];
  }
  (void)et_healthy_score(healthy, view->features, view->solved, &s->scoring, UINT32_MAX,
                         &result->score); /* 16 features at most: one slice */
  result->threshold = healthy->threshold;
  result->baseline_score = et_healthy_baseline(healthy, s->log_rms);
  result->baseline_threshold = healthy->rms_threshold;
  result->calibrated = true;
  result->regime = 1;
  if (s->since_watched < view->blocks) return;
  s->since_watched = 0;
  et_watch_window(&view->watch, healthy, 0, view->features, result->score);
}

static void enter_stage(et_autoencoder_stream *s, uint8_t stage) {
  s->stage = stage;
  s->part = 0;
}

bool et_autoencoder_window_step(const et_autoencoder_view *view, et_autoencoder_block *running, et_autoencoder_block *candidate,
                                et_stream_result *result, bool *complete) {
  et_autoencoder_stream *s = view->stream;
  switch (s->stage) {
  case DONE: return false;
  case LEVELS:
    measure_level(view, s->part);
    if (++s->part >= view->channels) enter_stage(s, CONDITION);
    return true;
  case CONDITION: enter_stage(s, conditions(view, running, candidate, result, complete) ? ENCODE : DONE); return true;
  case ENCODE:
    if (!encode_slice(view, running)) return true;
    s->pass = (et_autoencoder_pass){0};
    enter_stage(s, RECONSTRUCT);
    return true;
  case RECONSTRUCT:
    if (reconstruct_slice(view, running)) enter_stage(s, VERDICT);
    return true;
  case VERDICT:
    verdict(view, running, result);
    enter_stage(s, WATCH);
    return true;
  default:
    if (et_watch_slice(&view->watch, et_autoencoder_healthy(view, running), view->features)) return true;
    et_watch_report(&view->watch, result);
    enter_stage(s, DONE);
    *complete = true;
    return true;
  }
}
