#include "models/stream/watch.h"

#include <string.h>

#include "models/stream/learning.h"
#include "support/blocks.h"

/* Deviations of one slice: some ten thousand instructions without an FPU. */
#define DEVIATIONS_A_SLICE 32u
/* Work units of scoring in one slice. */
#define SCORE_WORK 2048u

uint32_t et_watch_bytes(unsigned dimensions) {
  return et_up_to_8((uint32_t)sizeof(et_watch)) + et_up_to_8(et_anomaly_bytes(dimensions)) + et_up_to_8(2u * ET_WATCH_ROWS * dimensions) +
         8u * dimensions;
}

void et_watch_view_of(void *memory, unsigned dimensions, et_watch_view *view) {
  uint8_t *at = memory;
  view->watch = memory;
  at += et_up_to_8((uint32_t)sizeof(et_watch));
  view->event = (et_anomaly *)(void *)at;
  at += et_up_to_8(et_anomaly_bytes(dimensions));
  view->rows = (int16_t *)(void *)at;
  at += et_up_to_8(2u * ET_WATCH_ROWS * dimensions);
  view->scratch = (float *)(void *)at;
  view->dimensions = dimensions;
}

static void add_row(const et_watch_view *view, uint8_t regime, const float *features) {
  et_watch *w = view->watch;
  int16_t *row = view->rows + w->row_at * view->dimensions;
  for (unsigned i = 0; i < view->dimensions; i++) row[i] = et_row_of(features[i]);
  w->row_at = (uint8_t)((w->row_at + 1u) % ET_WATCH_ROWS);
  if (w->rows < ET_WATCH_ROWS) w->rows++;
  w->regime = regime;
}

/* A run of windows without one over the threshold whose evidence taken together is none. */
static void count_calm(et_watch *w, bool over, float step) {
  w->calm_sum += step;
  if (over || w->calm_sum > 0.0f) {
    w->calm_sum = 0.0f;
    w->calm_run = 0;
  } else if (w->calm_run < UINT8_MAX) {
    w->calm_run++;
  }
}

static void sum_up(const et_watch_view *view, const et_healthy *healthy, float score) {
  et_watch *w = view->watch;
  const float most = ET_WATCH_STEP_MAX * (float)view->alarm_on;
  float step = et_healthy_deviate(healthy, score) - ET_WATCH_ALLOWANCE;
  if (!(step < ET_WATCH_STEP_MAX)) step = ET_WATCH_STEP_MAX;
  w->cusum += step;
  if (w->cusum < 0.0f) w->cusum = 0.0f;
  if (w->cusum > most) w->cusum = most;
  count_calm(w, score > healthy->threshold, step);
  if (!w->alarm && w->cusum >= most) {
    w->alarm = true;
    et_anomaly_begin(view->event, view->dimensions);
  } else if (w->alarm && w->calm_run >= view->alarm_off) {
    w->alarm = false;
    w->cusum = 0.0f;
    et_anomaly_end(view->event);
  }
}

void et_watch_window(const et_watch_view *view, const et_healthy *healthy, uint8_t regime, const float *features, float score) {
  et_watch *w = view->watch;
  if (score > healthy->threshold) {
    if (!w->alarm && w->cusum <= 0.0f) w->rows = w->row_at = 0; /* evidence begins anew */
    add_row(view, regime, features);
  }
  sum_up(view, healthy, score);
  if (!w->alarm) return;
  w->deviating = (uint16_t)view->dimensions;
  et_anomaly_window(view->event);
}

bool et_watch_slice(const et_watch_view *view, const et_healthy *healthy, const float *features) {
  et_watch *w = view->watch;
  for (unsigned i = 0; w->deviating > 0u; i++) {
    if (i == DEVIATIONS_A_SLICE) return true;
    const unsigned k = --w->deviating;
    view->scratch[k] = (features[k] - et_healthy_mean(healthy)[k]) / et_healthy_spread(healthy)[k];
  }
  return et_anomaly_slice(view->event, view->scratch, &view->table);
}

void et_watch_report(const et_watch_view *view, et_stream_result *result) {
  const uint8_t pattern = view->event->pattern;
  result->alarm = view->watch->alarm;
  result->pattern = pattern;
  result->new_pattern = view->event->fresh;
  result->pattern_seen = pattern > 0 ? et_pattern_at(&view->table, pattern - 1u)->hits : 0u;
}

static void withdraw_event(const et_watch_view *view) {
  if (view->event->pattern > 0 || view->event->open) et_anomaly_false(view->event, &view->table);
}

static void begin_anew(et_watch *w) {
  w->alarm = false;
  w->cusum = 0.0f;
  w->calm_sum = 0.0f;
  w->calm_run = 0;
  w->rows = w->row_at = 0;
}

void et_watch_dismiss(const et_watch_view *view) {
  if (view->watch->alarm) withdraw_event(view); /* not the event of an alarm that is over */
  begin_anew(view->watch);
}

et_error et_watch_judge(const et_watch_view *view, bool false_alarm) {
  et_watch *w = view->watch;
  if (w->rows == 0) return ET_TICKET_UNKNOWN;
  if (!false_alarm) {
    et_anomaly_confirm(view->event, &view->table);
    return ET_OK;
  }
  withdraw_event(view);
  w->answered = w->rows;
  w->stitching = (uint8_t)(2u * w->rows);
  w->stitch = (et_healthy_stitching){0};
  w->scoring = (et_healthy_scoring){0};
  w->log_scores = 0.0f;
  begin_anew(w);
  return ET_OK;
}

/* The false alarm's windows are healthy: scores like theirs are no evidence from now on. One over the threshold always is. */
static void raise_level(const et_watch *w, et_healthy *healthy) {
  const float most = et_healthy_log(healthy->threshold) - ET_WATCH_ALLOWANCE * healthy->log_spread;
  float level = w->log_scores / (float)w->answered;
  if (level > most) level = most;
  if (level > healthy->log_mean) healthy->log_mean = level;
}

bool et_watch_stitch(const et_watch_view *view, et_healthy *healthy) {
  et_watch *w = view->watch;
  if (w->stitching == 0) return false;
  const bool learns = w->stitching > w->answered;
  const int16_t *row = view->rows + (w->stitching - (learns ? w->answered : 0u) - 1u) * view->dimensions;
  float *features = view->scratch, *vector = features + view->dimensions;
  if (w->stitch.column == 0 && w->stitch.feature == 0 && w->scoring.row == 0) {
    for (unsigned i = 0; i < view->dimensions; i++) features[i] = ET_ROW_UNIT * (float)row[i];
  }
  float score = 0.0f;
  if (!healthy->valid) {
    w->stitching = 0;
  } else if (learns) {
    if (!et_healthy_stitch(healthy, features, ET_WATCH_WEIGHT, vector, &w->stitch)) return true;
    w->stitch = (et_healthy_stitching){0};
    w->stitching--;
  } else if (et_healthy_score(healthy, features, vector, &w->scoring, SCORE_WORK, &score)) {
    w->scoring = (et_healthy_scoring){0};
    w->log_scores += et_healthy_log(score);
    if (--w->stitching == 0) raise_level(w, healthy);
  }
  return true;
}

et_error et_watch_merge(const et_watch_view *view, uint8_t into, uint8_t from) {
  const et_error error = et_pattern_merge(&view->table, into, from);
  if (error == ET_OK && view->event->pattern == from) view->event->pattern = into;
  return error;
}

et_error et_watch_forget(const et_watch_view *view, uint8_t pattern) {
  const et_error error = et_pattern_forget(&view->table, pattern);
  if (error == ET_OK && view->event->pattern == pattern) view->event->pattern = 0;
  return error;
}

void et_watch_info(const et_watch_view *view, uint8_t pattern, uint16_t *hits, bool *confirmed) {
  const bool known = pattern >= 1u && pattern <= view->table.places;
  *hits = known ? et_pattern_at(&view->table, pattern - 1u)->hits : 0u;
  *confirmed = known && et_pattern_at(&view->table, pattern - 1u)->confirmed != 0u;
}

et_error et_watch_load(const et_watch_view *view, const uint8_t *bytes) {
  if (view->event->open) return ET_ALARM_ACTIVE;
  if (!et_patterns_valid(bytes, &view->table)) return ET_MODEL_CONTENT;
  memcpy(view->table.bytes, bytes, et_watch_table_bytes(view));
  view->event->pattern = 0; /* the last alarm's number meant another table */
  return ET_OK;
}
