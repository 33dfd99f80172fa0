#include "models/esn/patterns.h"

#include <math.h>
#include <string.h>

#define MEAN_UNIT 256.0f
#define VARIANCE_UNIT 64.0f
#define MEAN_MAX 127.0f
#define VARIANCE_MAX 1023.0f
/* Half a healthy standard deviation: an event of a few like windows must not look infinitely sharp. */
#define VARIANCE_MIN 0.25f
#define EVENTS_MAX 16u

static float clip(float value, float limit) {
  return value > limit ? limit : value < -limit ? -limit : value == value ? value : 0.0f;
}

static float event_variance(const et_esn_event *event, unsigned i) {
  return event->windows > 1 ? event->square[i] / (float)(event->windows - 1) : 0.0f;
}

void et_esn_event_begin(et_esn_event *event, uint16_t skip) {
  memset(event, 0, sizeof *event);
  event->open = true;
  event->skip = skip;
}

float et_esn_pattern_distance(const et_esn_event *event, const et_esn_pattern *pattern, unsigned count) {
  float sum = 0.0f;
  for (unsigned i = 0; i < count; i++) {
    const float difference = event->mean[i] - (float)pattern->mean[i] / MEAN_UNIT;
    const float pooled = 0.5f * (event_variance(event, i) + (float)pattern->variance[i] / VARIANCE_UNIT) + VARIANCE_MIN;
    sum += difference * difference / pooled;
  }
  return sqrtf(sum / (float)count);
}

static void store(et_esn_pattern *pattern, unsigned i, float mean, float variance) {
  pattern->mean[i] = (int16_t)(clip(mean, MEAN_MAX) * MEAN_UNIT);
  pattern->variance[i] = (uint16_t)(clip(variance, VARIANCE_MAX) * VARIANCE_UNIT);
}

/* Move a pattern's mean and variance by `weight` (0..1] towards others. */
static void blend(et_esn_pattern *pattern, unsigned i, float mean, float variance, float weight) {
  const float old_mean = (float)pattern->mean[i] / MEAN_UNIT, old_variance = (float)pattern->variance[i] / VARIANCE_UNIT;
  const float difference = mean - old_mean;
  store(pattern, i, old_mean + weight * difference,
        (1.0f - weight) * old_variance + weight * variance + weight * (1.0f - weight) * difference * difference);
}

static void place_event(const et_esn_event *event, et_esn_pattern *pattern, unsigned count) {
  for (unsigned i = 0; i < count; i++) store(pattern, i, event->mean[i], event_variance(event, i));
}

/* A free place, else the unconfirmed pattern met least often, else none. */
static unsigned find_place(const et_esn_pattern *table, unsigned places) {
  unsigned best = places;
  for (unsigned p = 0; p < places; p++) {
    if (table[p].hits == 0) return p;
    if (!table[p].confirmed && (best == places || table[p].hits < table[best].hits)) best = p;
  }
  return best;
}

static void match(et_esn_event *event, unsigned count, et_esn_pattern *table, unsigned places) {
  event->assigned = true;
  unsigned nearest = places;
  float least = ET_ESN_SAME;
  for (unsigned p = 0; p < places; p++) {
    if (table[p].hits == 0) continue;
    const float distance = et_esn_pattern_distance(event, &table[p], count);
    if (distance < least) {
      least = distance;
      nearest = p;
    }
  }
  if (nearest < places) {
    event->pattern = (uint8_t)(nearest + 1);
    if (table[nearest].hits < UINT16_MAX) table[nearest].hits++;
    return;
  }
  event->fresh = true;
  const unsigned place = find_place(table, places);
  if (place == places) return;
  memset(&table[place], 0, sizeof table[place]);
  table[place].hits = 1;
  place_event(event, &table[place], count);
  event->pattern = (uint8_t)(place + 1);
}

static void assign(et_esn_event *event, unsigned count, et_esn_pattern *table, unsigned places) {
  match(event, count, table, places);
  if (event->confirmed && event->pattern > 0) table[event->pattern - 1u].confirmed = 1;
}

bool et_esn_event_window(et_esn_event *event, const float *components, unsigned count, et_esn_pattern *table, unsigned places) {
  if (!event->open) return false;
  if (event->skip > 0) {
    event->skip--;
    return false;
  }
  if (event->windows == UINT16_MAX) return false;
  event->windows++;
  for (unsigned i = 0; i < count; i++) {
    const float value = clip(components[i], MEAN_MAX), before = value - event->mean[i];
    event->mean[i] += before / (float)event->windows;
    event->square[i] += before * (value - event->mean[i]);
  }
  if (event->assigned || event->windows < ET_ESN_EVENT_WINDOWS) return false;
  assign(event, count, table, places);
  return true;
}

void et_esn_event_end(et_esn_event *event, unsigned count, et_esn_pattern *table, unsigned places) {
  if (!event->open) return;
  event->open = false;
  if (event->windows < ET_ESN_EVENT_FEWEST) return;
  if (!event->assigned) assign(event, count, table, places);
  if (event->pattern == 0) return;
  et_esn_pattern *pattern = &table[event->pattern - 1u];
  if (event->fresh) {
    place_event(event, pattern, count);
    pattern->events = 1;
    return;
  }
  if (pattern->events < EVENTS_MAX) pattern->events++;
  for (unsigned i = 0; i < count; i++) {
    blend(pattern, i, event->mean[i], event_variance(event, i), 1.0f / (float)pattern->events);
  }
}

void et_esn_event_false(et_esn_event *event, et_esn_pattern *table, unsigned places) {
  event->open = false;
  if (event->pattern == 0 || event->pattern > places) return;
  et_esn_pattern *pattern = &table[event->pattern - 1u];
  if (pattern->hits > 0) pattern->hits--;
  if (pattern->hits == 0) memset(pattern, 0, sizeof *pattern);
  event->pattern = 0;
}

void et_esn_event_confirm(et_esn_event *event, et_esn_pattern *table, unsigned places) {
  event->confirmed = true;
  if (event->pattern > 0 && event->pattern <= places) table[event->pattern - 1u].confirmed = 1;
}

static et_esn_pattern *find(et_esn_pattern *table, unsigned places, uint8_t pattern) {
  return pattern >= 1 && pattern <= places && table[pattern - 1].hits > 0 ? &table[pattern - 1] : 0;
}

et_error et_esn_pattern_merge(et_esn_pattern *table, unsigned places, unsigned count, uint8_t into, uint8_t from) {
  et_esn_pattern *a = find(table, places, into), *b = find(table, places, from);
  if (!a || !b || a == b) return ET_VALUE;
  const uint32_t hits = (uint32_t)a->hits + b->hits;
  const float weight = (float)b->hits / (float)hits;
  for (unsigned i = 0; i < count; i++) {
    blend(a, i, (float)b->mean[i] / MEAN_UNIT, (float)b->variance[i] / VARIANCE_UNIT, weight);
  }
  a->hits = (uint16_t)(hits > UINT16_MAX ? UINT16_MAX : hits);
  a->events = (uint8_t)(a->events + b->events > (int)EVENTS_MAX ? (int)EVENTS_MAX : a->events + b->events);
  a->confirmed = a->confirmed || b->confirmed;
  memset(b, 0, sizeof *b);
  return ET_OK;
}

et_error et_esn_pattern_forget(et_esn_pattern *table, unsigned places, uint8_t pattern) {
  et_esn_pattern *p = find(table, places, pattern);
  if (!p) return ET_VALUE;
  memset(p, 0, sizeof *p);
  return ET_OK;
}

bool et_esn_patterns_valid(const uint8_t *bytes, unsigned places) {
  for (unsigned p = 0; p < places; p++) {
    et_esn_pattern pattern;
    memcpy(&pattern, bytes + p * sizeof pattern, sizeof pattern);
    if (pattern.confirmed > 1u || pattern.events > EVENTS_MAX || (pattern.hits != 0u && pattern.events == 0u)) return false;
    for (unsigned i = 0; i < ET_ESN_COMPONENTS; i++)
      if ((float)pattern.variance[i] > VARIANCE_MAX * VARIANCE_UNIT || fabsf((float)pattern.mean[i]) > MEAN_MAX * MEAN_UNIT) return false;
  }
  return true;
}
