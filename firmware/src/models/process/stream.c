/* The path of one sample: residuals channel by channel, their means, the verdict. */
#include <math.h>
#include <string.h>

#include "models/process/model.h"
#include "models/kernels/arithmetic.h"

enum { DONE, RESIDUALS, VERDICT, WATCH };

float et_process_residual(const et_process_view *view, const et_process_block *block, unsigned channel, const int16_t *now,
                          const int16_t *past) {
  const float *mean = et_process_mean(view, block), *scale = et_process_scale(view, block);
  const float *w = et_process_weights(view, block, channel);
  float predicted = w[view->regressors - 1u];
  for (unsigned l = 0; l < view->lags; l++, w += view->channels, past += view->channels) {
    for (unsigned k = 0; k < view->channels; k++) predicted = et_madd(w[k], ((float)past[k] - mean[k]) * scale[k], predicted);
  }
  return ((float)now[channel] - mean[channel]) * scale[channel] - predicted;
}

void et_process_push(const et_process_view *view, int16_t *past, const int16_t *now) {
  memmove(past + view->channels, past, (view->lags - 1u) * view->channels * sizeof *past);
  memcpy(past, now, view->channels * sizeof *past);
}

float et_process_average(const et_process_view *view, const float *ring, unsigned channel) {
  const unsigned window = view->parameters->window;
  float sum = 0.0f;
  for (unsigned i = 0; i < window; i++) sum += ring[i * view->channels + channel];
  return sum / (float)window;
}

static float deviation(const et_process_view *view, const et_process_block *block, const int16_t *now, unsigned channel) {
  return ((float)now[channel] - et_process_mean(view, block)[channel]) * et_process_scale(view, block)[channel];
}

float et_process_level(const et_process_view *view, const et_process_block *block, const int16_t *now) {
  float square = 0.0f;
  for (unsigned k = 0; k < view->channels; k++) {
    const float z = deviation(view, block, now, k);
    square += z * z;
  }
  return sqrtf(square / (float)view->channels);
}

bool et_process_rests(const et_process_view *view) { return view->stream->still >= 2u * view->parameters->window; }

/* Samples like the one before are counted; what was learned before a rest is forgotten when the plant starts. */
static void watch_for_rest(const et_process_view *view, const int16_t *before) {
  et_process_stream *s = view->stream;
  if (memcmp(before, s->now, view->channels * sizeof *before) == 0) {
    if (s->still < UINT16_MAX) s->still++;
    return;
  }
  if (et_process_rests(view) && s->phase == ET_STREAM_LEARNING) et_process_learn_begin(view);
  s->still = 0;
}

bool et_process_sample(const et_model_context *context, void *running_block, void *candidate, const int16_t *values,
                       et_stream_result *result) {
  et_process_view view;
  et_process_view_of(context, &view);
  et_process_stream *s = view.stream;
  const et_process_block *running = running_block;
  int16_t before[ET_CHANNELS_MAX];
  (void)candidate;
  memcpy(before, s->now, sizeof before);
  if (!et_signal_decimate(&s->signal, view.channels, view.parameters->decimation, values, s->now)) return false;
  watch_for_rest(&view, before);
  result->conditions = (uint8_t)(et_process_rests(&view) ? ET_CONDITION_OFF : 0u);
  if (s->phase == ET_STREAM_IDLE && running->valid == 1) s->phase = ET_STREAM_SCORING;
  s->slice = true;
  if (s->phase == ET_STREAM_LEARNING || s->phase == ET_STREAM_CALIBRATING) et_process_learn_sample(&view);
  if (s->since_watched < UINT8_MAX) s->since_watched++;
  if (running->valid == 1 && s->known >= view.lags) {
    s->stage = RESIDUALS;
    s->part = 0;
  } else {
    if (s->known < view.lags) s->known++;
    et_process_push(&view, view.history, s->now);
  }
  result->learning = s->phase == ET_STREAM_LEARNING || s->phase == ET_STREAM_CALIBRATING;
  return false; /* a window is complete in a slice after this */
}

/* Where the residuals are now; of another generation nothing is known. */
static void take_features(const et_process_view *view, const et_process_block *running) {
  et_process_stream *s = view->stream;
  if (s->followed_of != running) {
    s->followed_of = running;
    memset(s->followed, 0, sizeof s->followed);
  }
  for (unsigned k = 0; k < view->channels; k++) view->features[k] = et_process_average(view, view->ring, k) - s->followed[k];
}

/* The centre goes after a quiet window that counts for the alarm. Its memory is as many of them as the learning phase measured. */
static void follow(const et_process_view *view, const et_healthy *healthy, float score) {
  et_process_stream *s = view->stream;
  if (view->watch.watch->alarm || !(score < ET_PROCESS_QUIET * healthy->threshold)) return;
  const float share =
      (float)view->parameters->window / (float)(healthy->rows > view->parameters->window ? healthy->rows : view->parameters->window);
  for (unsigned k = 0; k < view->channels; k++) {
    const float most = healthy->threshold * et_healthy_spread(healthy)[k];
    float moved = s->followed[k] + share * (view->features[k] - et_healthy_mean(healthy)[k]);
    if (moved > most) moved = most;
    if (moved < -most) moved = -most;
    s->followed[k] = moved;
  }
}

static void verdict(const et_process_view *view, const et_process_block *running, et_stream_result *result) {
  et_process_stream *s = view->stream;
  const et_healthy *healthy = et_process_healthy(running);
  et_healthy_scoring scoring = {0};
  take_features(view, running);
  for (unsigned k = 0; k < view->channels; k++) {
    result->residuals[k] = (view->features[k] - et_healthy_mean(healthy)[k]) / et_healthy_spread(healthy)[k];
    result->energies[k] = deviation(view, running, s->now, k);
  }
  /* A channel each: one slice. */
  (void)et_healthy_score(healthy, view->features, view->watch.scratch, &scoring, UINT32_MAX, &result->score);
  result->threshold = healthy->threshold;
  result->baseline_score = et_healthy_baseline(healthy, et_process_level(view, running, s->now));
  result->baseline_threshold = healthy->rms_threshold;
  result->windows = ++s->windows;
  result->calibrated = true;
  result->constant = running->constant;
  result->regime = 1;
  if (s->since_watched < view->parameters->window) return;
  s->since_watched = 0;
  et_watch_window(&view->watch, healthy, 0, view->features, result->score);
  follow(view, healthy, result->score);
}

bool et_process_step(const et_process_view *view, et_process_block *running, et_stream_result *result, bool *complete) {
  et_process_stream *s = view->stream;
  if (s->stage == RESIDUALS) {
    view->ring[s->at * view->channels + s->part] = et_process_residual(view, running, s->part, s->now, view->history);
    if (++s->part < view->channels) return true;
    et_process_push(view, view->history, s->now);
    s->at = (uint8_t)((s->at + 1u) % view->parameters->window);
    if (s->filled < view->parameters->window) s->filled++;
    s->stage = s->filled == view->parameters->window && !et_process_rests(view) ? VERDICT : DONE;
    return true;
  }
  if (s->stage == VERDICT) {
    verdict(view, running, result);
    s->stage = WATCH;
    return true;
  }
  if (s->stage != WATCH) return false;
  if (et_watch_slice(&view->watch, et_process_healthy(running), view->features)) return true;
  et_watch_report(&view->watch, result);
  s->stage = DONE;
  *complete = true;
  return true;
}

void et_process_gap(const et_model_context *context) {
  et_process_view view;
  et_process_view_of(context, &view);
  et_signal_gap(&view.stream->signal);
  view.stream->known = 0;
  view.stream->filled = view.stream->at = 0;
  view.stream->stage = DONE;
  et_process_learn_gap(&view);
}
