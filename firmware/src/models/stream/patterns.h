/* Which anomaly is this? Leader clustering (Hartigan, "Clustering algorithms", 1975, chapter 3) of alarm events, with a bounded
 * number of leaders.
 *
 * An event is the run of windows of one alarm. Its signature is, per feature of the window, how far it is from healthy, in healthy
 * standard deviations: mean and variance over the event's windows. Two events are the same pattern when their signatures differ by less
 * than one standard deviation of their own scatter, the root mean square over the features of Cohen's d ("Statistical power
 * analysis", 1988): d = 1 is where two distributions begin to stand apart. */
#ifndef ET_STREAM_PATTERNS_H
#define ET_STREAM_PATTERNS_H

#include <stdbool.h>
#include <stdint.h>

#include "edge_trainer/contract.h"

/* Windows, none sharing a sample with another, after which an event is assigned to a pattern (or when it ends, if there were at least
 * the fewest). */
#define ET_ANOMALY_WINDOWS 8u
#define ET_ANOMALY_FEWEST 2u
#define ET_PATTERN_SAME 1.0f

/* One place of the table, followed by int16 means (Q8 standard deviations) and uint16 variances (Q6), one of each a feature. Place i is
 * pattern i + 1. This is what a backup holds. */
typedef struct et_pattern {
  uint16_t hits;     /* events; 0 = free place */
  uint8_t confirmed; /* 1 = the operator confirmed it */
  uint8_t events;    /* how many events the mean is made of, at most 16: later ones move it by 1 / 16 */
} et_pattern;

typedef struct et_pattern_table {
  uint8_t *bytes;
  uint8_t places;
  uint16_t features;
} et_pattern_table;

static inline uint32_t et_pattern_bytes(unsigned features) { return (uint32_t)sizeof(et_pattern) + 4u * features; }
static inline et_pattern *et_pattern_at(const et_pattern_table *table, unsigned place) {
  return (et_pattern *)(void *)(table->bytes + place * et_pattern_bytes(table->features));
}

/* Followed by features floats of means and as many sums of squared deviations. */
typedef struct et_anomaly {
  bool open;
  uint8_t pattern; /* 1.. of this or the last event; 0 = not assigned (yet, or no place) */
  bool fresh;      /* no known pattern was near */
  bool assigned;
  bool confirmed; /* the operator's word came before the assignment */
  bool ending;    /* the alarm is over */
  uint16_t windows;
  uint8_t task;  /* what the last window left to do, feature by feature */
  uint8_t place; /* of the table, that it is compared with */
  uint16_t at;
  uint8_t nearest; /* place, of those compared so far */
  float sum, least;
} et_anomaly;

static inline uint32_t et_anomaly_bytes(unsigned features) { return (uint32_t)sizeof(et_anomaly) + 8u * features; }

void et_anomaly_begin(et_anomaly *event, unsigned features);
/* One more window of an open event, and the end of the alarm: what is to be done follows in slices. */
void et_anomaly_window(et_anomaly *event);
void et_anomaly_end(et_anomaly *event);
/* One bounded slice: the window's deviations into the event, the event compared with a pattern, a pattern learning from it. An event is
 * assigned to a pattern once it has windows enough, or when it ends. False when nothing is left. */
bool et_anomaly_slice(et_anomaly *event, const float *deviations, const et_pattern_table *table);
/* It was a false alarm: its pattern loses the hit, and its place if that was the only one. */
void et_anomaly_false(et_anomaly *event, const et_pattern_table *table);
/* It was real: its pattern, now or once it is assigned, counts as confirmed and is not displaced by new ones. */
void et_anomaly_confirm(et_anomaly *event, const et_pattern_table *table);

/* Patterns are numbered 1..places. ET_VALUE when a number names no pattern. */
et_error et_pattern_merge(const et_pattern_table *table, uint8_t into, uint8_t from);
et_error et_pattern_forget(const et_pattern_table *table, uint8_t pattern);
/* Whether serialised bytes are a table: they may come from anywhere. */
bool et_patterns_valid(const uint8_t *bytes, const et_pattern_table *table);

#endif
