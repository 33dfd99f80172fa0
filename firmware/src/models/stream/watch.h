/* From scores to alarms, the same for every stream family.
 *
 * Windows that share samples confirm nothing: "three in a row" of windows that overlap by four fifths still raised two alarms in a
 * thousand healthy windows. So only windows that do not overlap count, and their evidence is summed (CUSUM: Page, "Continuous inspection
 * schemes", Biometrika 41, 1954) over the deviate z of the score's logarithm among healthy ones:
 *
 *   C <- max(0, C + min(z - 0.75, 4)),   alarm when C >= 4 alarm_on
 *
 * A step is capped at 4, so that no alarm is raised by fewer than alarm_on windows however bad they are; a fault that is only a little
 * worse than healthy adds up in time. The alarm ends after alarm_off windows in a row that are no evidence, z <= 0.75. Windows under the
 * threshold are not enough: where they raised the alarm, by their sum, it would end at once and come back. */
#ifndef ET_STREAM_WATCH_H
#define ET_STREAM_WATCH_H

#include "edge_trainer/stream.h"
#include "models/stream/healthy.h"
#include "models/stream/patterns.h"

#define ET_WATCH_ALLOWANCE 0.75f
#define ET_WATCH_STEP_MAX 4.0f
/* Windows of an alarm kept to be learned as healthy when it was a false one. */
#define ET_WATCH_ROWS 16u
/* Weight of each of them beside what was learned: one of a hundred rows. */
#define ET_WATCH_WEIGHT 0.01f

typedef struct et_watch {
  bool alarm;
  uint8_t calm_run;     /* windows in a row that were no evidence */
  uint8_t rows, row_at; /* windows kept: how many, place of the next */
  uint8_t regime;       /* of the last window kept */
  uint8_t answered;     /* windows of a false alarm */
  uint8_t stitching;    /* left to do: each is learned as healthy, then each is scored */
  uint16_t deviating;   /* features whose deviations are still to be worked out */
  float cusum;
  float calm_sum; /* evidence of the last calm_run windows together: none, or below */
  et_healthy_stitching stitch;
  et_healthy_scoring scoring;
  float log_scores; /* sum over those scored */
} et_watch;

/* Everything a call needs; the arrays lie behind each other in the family's shared memory. */
typedef struct et_watch_view {
  et_watch *watch;
  et_anomaly *event;
  int16_t *rows;  /* ET_WATCH_ROWS x dimensions */
  float *scratch; /* 2 x dimensions */
  et_pattern_table table;
  unsigned dimensions;
  uint8_t alarm_on, alarm_off;
} et_watch_view;

/* Bytes of watch, event, rows and scratch; the pattern table is apart, it is stored. */
uint32_t et_watch_bytes(unsigned dimensions);
/* Finds the parts from `memory` on (8-byte aligned). */
void et_watch_view_of(void *memory, unsigned dimensions, et_watch_view *view);

/* A scored window that shares no sample with the last one given here. `healthy`: the regime it was judged by. What it means for the
 * patterns follows in slices of et_watch_slice; then et_watch_report says it. */
void et_watch_window(const et_watch_view *view, const et_healthy *healthy, uint8_t regime, const float *features, float score);
/* False when nothing is left. */
bool et_watch_slice(const et_watch_view *view, const et_healthy *healthy, const float *features);
void et_watch_report(const et_watch_view *view, et_stream_result *result);
/* The operator's answer. A false alarm's windows are learned as healthy by et_watch_stitch. TICKET_UNKNOWN: there was no alarm. */
et_error et_watch_judge(const et_watch_view *view, bool false_alarm);
/* The alarm was a false one whose windows are learned elsewhere, as a regime of their own. */
void et_watch_dismiss(const et_watch_view *view);
/* One bounded slice of a false alarm's windows; `healthy` is the regime et_watch.regime of the running generation. False when nothing is left. */
bool et_watch_stitch(const et_watch_view *view, et_healthy *healthy);

/* The pattern table, as edge_trainer/stream.h says. */
et_error et_watch_merge(const et_watch_view *view, uint8_t into, uint8_t from);
et_error et_watch_forget(const et_watch_view *view, uint8_t pattern);
void et_watch_info(const et_watch_view *view, uint8_t pattern, uint16_t *hits, bool *confirmed);
static inline uint32_t et_watch_table_bytes(const et_watch_view *view) {
  return view->table.places * et_pattern_bytes(view->table.features);
}
/* Takes a whole table; ALARM_ACTIVE, MODEL_CONTENT: see et_stream_patterns_load. */
et_error et_watch_load(const et_watch_view *view, const uint8_t *bytes);
#endif
