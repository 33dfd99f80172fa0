/* What a finished window means: score, threshold, alarm with hysteresis, event, pattern; and the operator's answer. */
#include <string.h>

#include "models/esn/model.h"

static void components_of(const et_esn_view *view, const et_esn_block *running, const et_esn_signature *signature,
                          float *components, et_stream_result *result) {
  for (unsigned k = 0; k < view->channels; k++) {
    result->residuals[k] = (signature->residual[k] - et_esn_residual_mean(running)[k]) / et_esn_residual_spread(running)[k];
    result->energies[k] = (signature->energy[k] - et_esn_energy_mean(running)[k]) / et_esn_energy_spread(running)[k];
    components[k] = result->residuals[k];
    components[view->channels + k] = result->energies[k];
  }
}

static void raise_or_end(const et_esn_view *view, bool over) {
  et_esn_stream *s = view->stream;
  const et_esn_parameters *p = view->parameters;
  if (over) {
    s->under_run = 0;
    if (s->over_run < UINT8_MAX) s->over_run++;
  } else {
    s->over_run = 0;
    if (s->under_run < UINT8_MAX) s->under_run++;
  }
  if (!s->alarm && over && s->over_run >= p->alarm_on) {
    s->alarm = true;
    /* Windows that began before the first one over the threshold still hold healthy samples. */
    et_esn_event_begin(&s->event, (uint16_t)(s->over_run < view->blocks ? view->blocks - s->over_run : 0u));
  } else if (s->alarm && s->under_run >= p->alarm_off) {
    s->alarm = false;
    et_esn_event_end(&s->event, 2u * view->channels, view->patterns, p->patterns);
  }
}

void et_esn_window(const et_esn_view *view, et_esn_block *running, bool scored, const et_esn_signature *signature,
                   et_stream_result *result) {
  et_esn_stream *s = view->stream;
  const et_esn_parameters *p = view->parameters;
  s->windows++;
  result->windows = s->windows;
  result->calibrated = scored;
  if (!scored) return;

  float components[ET_ESN_COMPONENTS];
  components_of(view, running, signature, components, result);
  const et_esn_row row = et_esn_row_of(signature, view->channels);
  result->score = et_esn_score(running, s->drift, row);
  result->baseline_score = et_esn_baseline(running, row);
  const bool over = et_esn_tail_judge(&s->score, result->score, p->false_alarm);
  (void)et_esn_tail_judge(&s->baseline, result->baseline_score, p->false_alarm);
  result->threshold = s->score.threshold;
  result->baseline_threshold = s->baseline.threshold;

  if (over && !s->alarm && s->over_run == 0) s->alarm_rows = s->alarm_row_at = 0;
  raise_or_end(view, over);
  if (over) {
    s->alarm_row[s->alarm_row_at] = row;
    s->alarm_row_at = (uint8_t)((s->alarm_row_at + 1u) % ET_ESN_ALARM_ROWS);
    if (s->alarm_rows < ET_ESN_ALARM_ROWS) s->alarm_rows++;
    if (s->alarm) (void)et_esn_event_window(&s->event, components, 2u * view->channels, view->patterns, p->patterns);
  } else if (!s->alarm) {
    et_esn_follow(running, s->drift, row);
  }
  result->alarm = s->alarm;
  result->pattern = s->event.pattern;
  result->new_pattern = s->event.fresh;
  result->pattern_seen = s->event.pattern > 0 ? view->patterns[s->event.pattern - 1u].hits : 0u;
}

/* A false alarm's windows take the places of old calibration windows, spread over the whole store, and the healthy mean,
 * covariance and thresholds are computed again from it (from these rows alone: what a long calibration had counted beyond them is
 * given up for what the operator knows). */
static void stitch_healthy(const et_esn_view *view, et_esn_block *running) {
  et_esn_stream *s = view->stream;
  et_esn_row *rows = et_esn_rows(running);
  for (unsigned i = 0; i < s->alarm_rows; i++) {
    rows[running->next] = s->alarm_row[i];
    running->next = (uint16_t)((running->next + 7u) % running->rows); /* 7 and the usual 100 to 112 rows: no place twice soon */
  }
  s->recalibrate = true;
}

et_error et_esn_judge(const et_model_context *context, void *running_block, bool false_alarm) {
  et_esn_view view;
  et_esn_view_of(context, &view);
  et_esn_stream *s = view.stream;
  et_esn_block *running = running_block;
  const uint8_t places = view.parameters->patterns;
  if (s->alarm_rows == 0 || !running->valid || running->rows == 0) return ET_TICKET_UNKNOWN; /* there was no alarm */
  if (!false_alarm) {
    et_esn_event_confirm(&s->event, view.patterns, places);
    return ET_OK;
  }
  if (s->event.pattern > 0 || s->event.open) et_esn_event_false(&s->event, view.patterns, places);
  stitch_healthy(&view, running);
  s->alarm = false;
  s->over_run = s->under_run = 0;
  s->alarm_rows = s->alarm_row_at = 0;
  return ET_OK;
}
