/* The path of one sample: decimation, mean, products of lags and channels, blocks. */
#include <string.h>

#include "models/correlation/model.h"

/* A product is below 2^30, a block has at most 1024 of them. */
static void add_products(const et_correlation_view *view, const int16_t *now) {
  int64_t *sum = view->products;
  for (unsigned k = 0; k < view->channels; k++) {
    int16_t *past = view->history + k * view->lags;
    const int32_t x = now[k];
    *sum++ += x * x;
    for (unsigned l = 0; l < view->lags; l++) *sum++ += x * past[l];
    memmove(past + 1, past, (view->lags - 1u) * sizeof *past);
    past[0] = now[k];
  }
  for (unsigned i = 1; i < view->channels; i++) {
    for (unsigned j = 0; j < i; j++) *sum++ += (int32_t)now[i] * now[j];
  }
}

uint16_t et_correlation_settling(const et_correlation_view *view) {
  return (uint16_t)((1u << et_signal_shift(view->parameters->window)) + view->lags);
}

static void close_block(const et_correlation_view *view) {
  et_correlation_stream *s = view->stream;
  const unsigned d = view->shape.dimensions;
  if (s->partial) {
    s->filled = 0;
    s->partial = false;
  } else {
    float *block = view->ring + s->at * (d + view->inputs);
    for (unsigned i = 0; i < d; i++) block[i] = (float)view->products[i];
    for (unsigned k = 0; k < view->inputs; k++) block[d + k] = (float)s->sum[k];
    s->at = (uint8_t)((s->at + 1u) % view->blocks);
    if (s->filled < view->blocks) s->filled++;
  }
  memset(view->products, 0, d * sizeof *view->products);
  memset(s->sum, 0, sizeof s->sum);
}

bool et_correlation_sample(const et_model_context *context, void *running_block, void *candidate, const int16_t *values,
                           et_stream_result *result) {
  et_correlation_view view;
  et_correlation_view_of(context, &view);
  et_correlation_stream *s = view.stream;
  const et_correlation_block *running = running_block;
  int16_t sample[ET_CHANNELS_MAX], now[ET_CHANNELS_MAX];
  int32_t deviation[ET_CHANNELS_MAX];
  (void)candidate;

  if (!et_signal_decimate(&s->signal, view.inputs, view.parameters->decimation, values, sample)) return false;
  if (!s->started) {
    s->started = true;
    s->partial = true;
    s->settle = et_correlation_settling(&view);
  }
  et_signal_centre(&s->signal, view.inputs, view.parameters->window, sample, deviation);
  unsigned judged = 0;
  for (unsigned k = 0; k < view.inputs; k++) {
    if ((int)k == view.context) continue;
    now[judged] = et_signal_whole(deviation[k]);
    s->sum[judged] += now[judged];
    judged++;
  }
  if (view.context >= 0) s->sum[view.channels] += sample[view.context];
  add_products(&view, now);
  if (s->settle > 0) {
    s->settle--;
    s->partial = true;
  }
  if (s->learning_settle > 0) s->learning_settle--;
  if (s->phase == ET_STREAM_IDLE && running->valid == 1) s->phase = ET_STREAM_SCORING;
  s->slice = true;
  if (++s->hop_at >= view.parameters->hop) {
    s->hop_at = 0;
    close_block(&view);
    if (s->since < UINT8_MAX) s->since++;
    if (s->since_watched < UINT8_MAX) s->since_watched++;
    if (s->filled == view.blocks && (s->phase == ET_STREAM_LEARNING || s->since >= view.parameters->score_every))
      et_correlation_window_begin(&view);
  }
  result->learning = s->phase == ET_STREAM_LEARNING || s->phase == ET_STREAM_CALIBRATING;
  return false; /* a window is complete in a slice after this */
}

void et_correlation_gap(const et_model_context *context) {
  et_correlation_view view;
  et_correlation_view_of(context, &view);
  et_correlation_stream *s = view.stream;
  et_signal_gap(&s->signal);
  memset(view.products, 0, view.shape.dimensions * sizeof *view.products);
  memset(s->sum, 0, sizeof s->sum);
  s->hop_at = 0;
  s->filled = 0;
  s->partial = true;
  if (s->settle < view.lags) s->settle = (uint16_t)view.lags;
}
