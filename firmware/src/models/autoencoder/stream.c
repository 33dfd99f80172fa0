/* The path of one sample: decimation, mean, the window. */
#include <string.h>

#include "models/autoencoder/model.h"

uint16_t et_autoencoder_settling(const et_autoencoder_view *view) { return (uint16_t)(1u << et_signal_shift(view->parameters->window)); }

/* One more sample of the window; a full one makes room for a hop first. */
static void add_frame(const et_autoencoder_view *view, const int32_t *deviation) {
  et_autoencoder_stream *s = view->stream;
  const et_autoencoder_parameters *p = view->parameters;
  if (s->filled == p->window) {
    s->filled = (uint16_t)(p->window - p->hop);
    memmove(view->frames, view->frames + p->hop * view->channels, s->filled * view->channels * sizeof *view->frames);
  }
  int16_t *now = view->frames + s->filled * view->channels;
  for (unsigned k = 0; k < view->channels; k++) now[k] = et_signal_whole(deviation[k]);
  if (s->unheard > 0) s->unheard--;
  if (++s->filled < p->window) return;
  if (s->since < UINT8_MAX) s->since++;
  if (s->since_watched < UINT8_MAX) s->since_watched++;
  if (s->phase == ET_STREAM_LEARNING || s->since >= p->score_every) et_autoencoder_window_begin(view);
}

bool et_autoencoder_sample(const et_model_context *context, void *running_block, void *candidate, const int16_t *values,
                           et_stream_result *result) {
  et_autoencoder_view view;
  et_autoencoder_view_of(context, &view);
  et_autoencoder_stream *s = view.stream;
  const et_autoencoder_block *running = running_block;
  int16_t sample[ET_CHANNELS_MAX];
  int32_t deviation[ET_CHANNELS_MAX];
  (void)candidate;
  if (!et_signal_decimate(&s->signal, view.channels, view.parameters->decimation, values, sample)) return false;
  if (!s->started) {
    s->started = true;
    s->settle = et_autoencoder_settling(&view);
  }
  et_signal_centre(&s->signal, view.channels, view.parameters->window, sample, deviation);
  if (s->phase == ET_STREAM_IDLE && running->valid == 1) s->phase = ET_STREAM_SCORING;
  s->slice = true;
  if (s->settle > 0) s->settle--;
  else add_frame(&view, deviation);
  result->learning = s->phase == ET_STREAM_LEARNING || s->phase == ET_STREAM_CALIBRATING;
  return false; /* a window is complete in a slice after this */
}

void et_autoencoder_gap(const et_model_context *context) {
  et_autoencoder_view view;
  et_autoencoder_view_of(context, &view);
  et_signal_gap(&view.stream->signal);
  view.stream->filled = 0;
  et_autoencoder_learn_gap(&view);
}
