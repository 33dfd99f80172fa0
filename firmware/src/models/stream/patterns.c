#include "models/stream/patterns.h"

#include <math.h>
#include <string.h>

#define MEAN_UNIT 256.0f
#define VARIANCE_UNIT 64.0f
#define MEAN_MAX 127.0f
#define VARIANCE_MAX 1023.0f
/* Half a healthy standard deviation: an event of a few like windows must not look infinitely sharp. */
#define VARIANCE_MIN 0.25f
#define EVENTS_MAX 16u
/* Features of one slice: some twenty thousand instructions without an FPU. */
#define FEATURES_A_SLICE 16u

enum { DONE, TAKE, MATCH, STORE, BLEND };

static float clip(float value, float limit) { return value > limit ? limit : value < -limit ? -limit : value == value ? value : 0.0f; }

static int16_t *pattern_means(et_pattern *pattern) { return (int16_t *)(void *)(pattern + 1); }
static uint16_t *variances(et_pattern *pattern, unsigned features) { return (uint16_t *)(void *)(pattern_means(pattern) + features); }
static float *event_means(const et_anomaly *event) { return (float *)(uintptr_t)(event + 1); }
static float *event_squares(const et_anomaly *event, unsigned features) { return event_means(event) + features; }

static float event_variance(const et_anomaly *event, unsigned features, unsigned i) {
  return event->windows > 1 ? event_squares(event, features)[i] / (float)(event->windows - 1) : 0.0f;
}

static float mean_of(et_pattern *pattern, unsigned i) { return (float)pattern_means(pattern)[i] / MEAN_UNIT; }
static float variance_of(et_pattern *pattern, unsigned features, unsigned i) {
  return (float)variances(pattern, features)[i] / VARIANCE_UNIT;
}

void et_anomaly_begin(et_anomaly *event, unsigned features) {
  memset(event, 0, et_anomaly_bytes(features));
  event->open = true;
}

static void store(et_pattern *pattern, unsigned features, unsigned i, float mean, float variance) {
  pattern_means(pattern)[i] = (int16_t)(clip(mean, MEAN_MAX) * MEAN_UNIT);
  variances(pattern, features)[i] = (uint16_t)(clip(variance, VARIANCE_MAX) * VARIANCE_UNIT);
}

/* Move a pattern's mean and variance by `weight` (0..1] towards others. */
static void blend(et_pattern *pattern, unsigned features, unsigned i, float mean, float variance, float weight) {
  const float old_mean = mean_of(pattern, i), old_variance = variance_of(pattern, features, i);
  const float difference = mean - old_mean;
  store(pattern, features, i, old_mean + weight * difference,
        (1.0f - weight) * old_variance + weight * variance + weight * (1.0f - weight) * difference * difference);
}

/* A free place, else the unconfirmed pattern met least often, else none. */
static unsigned find_place(const et_pattern_table *table) {
  unsigned best = table->places;
  for (unsigned p = 0; p < table->places; p++) {
    const et_pattern *pattern = et_pattern_at(table, p);
    if (pattern->hits == 0) return p;
    if (!pattern->confirmed && (best == table->places || pattern->hits < et_pattern_at(table, best)->hits)) best = p;
  }
  return best;
}

static void begin_task(et_anomaly *event, uint8_t task) {
  event->task = task;
  event->at = 0;
}

static void begin_match(et_anomaly *event, const et_pattern_table *table) {
  event->assigned = true;
  event->place = 0;
  event->nearest = table->places;
  event->least = ET_PATTERN_SAME;
  event->sum = 0.0f;
  begin_task(event, MATCH);
}

/* After a window: is it time to assign, or is the event over? */
static void next_task(et_anomaly *event, const et_pattern_table *table) {
  event->task = DONE;
  if (!event->assigned && event->windows >= ET_ANOMALY_WINDOWS) {
    begin_match(event, table);
    return;
  }
  if (!event->ending) return;
  if (event->windows >= ET_ANOMALY_FEWEST && !event->assigned) {
    begin_match(event, table);
    return;
  }
  event->open = event->ending = false;
  if (event->pattern == 0) return;
  et_pattern *pattern = et_pattern_at(table, event->pattern - 1u);
  if (!event->fresh && pattern->events < EVENTS_MAX) pattern->events++;
  begin_task(event, event->fresh ? STORE : BLEND);
}

void et_anomaly_window(et_anomaly *event) {
  if (!event->open || event->windows == UINT16_MAX) return;
  event->windows++;
  begin_task(event, TAKE);
}

void et_anomaly_end(et_anomaly *event) {
  if (!event->open) return;
  event->ending = true;
}

static void add_window(const et_anomaly *event, const float *deviations, unsigned features, unsigned i) {
  float *mean = event_means(event), *square = event_squares(event, features);
  const float value = clip(deviations[i], MEAN_MAX), before = value - mean[i];
  mean[i] += before / (float)event->windows;
  square[i] += before * (value - mean[i]);
}

/* One feature's part of the squared distance to the pattern in a place. */
static float squared_difference(const et_anomaly *event, const et_pattern_table *table, unsigned i) {
  const unsigned n = table->features;
  et_pattern *pattern = et_pattern_at(table, event->place);
  const float difference = event_means(event)[i] - mean_of(pattern, i);
  const float pooled = 0.5f * (event_variance(event, n, i) + variance_of(pattern, n, i)) + VARIANCE_MIN;
  return difference * difference / pooled;
}

/* All places are compared: the nearest, or a place of its own. */
static void assign(et_anomaly *event, const et_pattern_table *table) {
  et_pattern *pattern = NULL;
  event->task = DONE;
  if (event->nearest < table->places) {
    pattern = et_pattern_at(table, event->nearest);
    if (pattern->hits < UINT16_MAX) pattern->hits++;
    event->pattern = (uint8_t)(event->nearest + 1u);
  } else {
    event->fresh = true;
    const unsigned place = find_place(table);
    if (place == table->places) return;
    pattern = et_pattern_at(table, place);
    memset(pattern, 0, et_pattern_bytes(table->features));
    pattern->hits = pattern->events = 1;
    event->pattern = (uint8_t)(place + 1u);
    begin_task(event, STORE);
  }
  if (event->confirmed) pattern->confirmed = 1;
}

static void match_slice(et_anomaly *event, const et_pattern_table *table) {
  const unsigned n = table->features;
  while (event->place < table->places && et_pattern_at(table, event->place)->hits == 0) event->place++;
  if (event->place >= table->places) {
    assign(event, table);
    return;
  }
  for (unsigned i = 0; i < FEATURES_A_SLICE && event->at < n; i++) event->sum += squared_difference(event, table, event->at++);
  if (event->at < n) return;
  const float distance = sqrtf(event->sum / (float)n);
  if (distance < event->least) {
    event->least = distance;
    event->nearest = event->place;
  }
  event->place++;
  event->sum = 0.0f;
  event->at = 0;
}

/* A feature's work of the present task. */
static void work_on(et_anomaly *event, const float *deviations, const et_pattern_table *table, unsigned i) {
  const unsigned n = table->features;
  if (event->task == TAKE) {
    add_window(event, deviations, n, i);
    return;
  }
  et_pattern *pattern = et_pattern_at(table, event->pattern - 1u);
  if (event->task == STORE) store(pattern, n, i, event_means(event)[i], event_variance(event, n, i));
  else blend(pattern, n, i, event_means(event)[i], event_variance(event, n, i), 1.0f / (float)pattern->events);
}

bool et_anomaly_slice(et_anomaly *event, const float *deviations, const et_pattern_table *table) {
  if (event->task == DONE) {
    if (!event->ending) return false;
    next_task(event, table);
    return true;
  }
  if (event->task == MATCH) {
    match_slice(event, table);
    return true;
  }
  const bool taking = event->task == TAKE;
  for (unsigned i = 0; i < FEATURES_A_SLICE && event->at < table->features; i++) work_on(event, deviations, table, event->at++);
  if (event->at < table->features) return true;
  if (taking) next_task(event, table);
  else event->task = DONE;
  return true;
}

void et_anomaly_false(et_anomaly *event, const et_pattern_table *table) {
  event->open = event->ending = false;
  event->task = DONE;
  if (event->pattern == 0 || event->pattern > table->places) return;
  et_pattern *pattern = et_pattern_at(table, event->pattern - 1u);
  if (pattern->hits > 0) pattern->hits--;
  if (pattern->hits == 0) memset(pattern, 0, et_pattern_bytes(table->features));
  event->pattern = 0;
}

void et_anomaly_confirm(et_anomaly *event, const et_pattern_table *table) {
  event->confirmed = true;
  if (event->pattern > 0 && event->pattern <= table->places) et_pattern_at(table, event->pattern - 1u)->confirmed = 1;
}

static et_pattern *find(const et_pattern_table *table, uint8_t pattern) {
  if (pattern < 1 || pattern > table->places) return 0;
  et_pattern *found = et_pattern_at(table, pattern - 1u);
  return found->hits > 0 ? found : 0;
}

et_error et_pattern_merge(const et_pattern_table *table, uint8_t into, uint8_t from) {
  et_pattern *a = find(table, into), *b = find(table, from);
  if (!a || !b || a == b) return ET_VALUE;
  const uint32_t hits = (uint32_t)a->hits + b->hits;
  const float weight = (float)b->hits / (float)hits;
  const unsigned n = table->features;
  for (unsigned i = 0; i < n; i++) blend(a, n, i, mean_of(b, i), variance_of(b, n, i), weight);
  a->hits = (uint16_t)(hits > UINT16_MAX ? UINT16_MAX : hits);
  a->events = (uint8_t)(a->events + b->events > (int)EVENTS_MAX ? (int)EVENTS_MAX : a->events + b->events);
  a->confirmed = a->confirmed || b->confirmed;
  memset(b, 0, et_pattern_bytes(n));
  return ET_OK;
}

et_error et_pattern_forget(const et_pattern_table *table, uint8_t pattern) {
  et_pattern *p = find(table, pattern);
  if (!p) return ET_VALUE;
  memset(p, 0, et_pattern_bytes(table->features));
  return ET_OK;
}

bool et_patterns_valid(const uint8_t *bytes, const et_pattern_table *table) {
  const unsigned n = table->features;
  for (unsigned p = 0; p < table->places; p++, bytes += et_pattern_bytes(n)) {
    et_pattern pattern;
    memcpy(&pattern, bytes, sizeof pattern);
    if (pattern.confirmed > 1u || pattern.events > EVENTS_MAX || (pattern.hits != 0u && pattern.events == 0u)) return false;
    for (unsigned i = 0; i < n; i++) {
      int16_t mean;
      uint16_t variance;
      memcpy(&mean, bytes + sizeof pattern + 2u * i, sizeof mean);
      memcpy(&variance, bytes + sizeof pattern + 2u * (n + i), sizeof variance);
      if ((float)variance > VARIANCE_MAX * VARIANCE_UNIT || fabsf((float)mean) > MEAN_MAX * MEAN_UNIT) return false;
    }
  }
  return true;
}
