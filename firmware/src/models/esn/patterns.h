/* Which anomaly is this? Leader clustering (Hartigan, "Clustering algorithms", 1975, chapter 3) of alarm events, with a bounded
 * number of leaders.
 *
 * An event is the run of windows of one alarm. Its signature is, per channel, how far log residual energy and log signal energy
 * are from healthy, in healthy standard deviations: mean and variance over the event's windows. Two events are the same pattern
 * when their signatures differ by less than one standard deviation of their own scatter, the root mean square over the
 * 2 K components of Cohen's d ("Statistical power analysis", 1988): d = 1 is where two distributions begin to stand apart. */
#ifndef ET_ESN_PATTERNS_H
#define ET_ESN_PATTERNS_H

#include <stdbool.h>
#include <stdint.h>

#include "edge_trainer/contract.h"

#define ET_ESN_COMPONENTS (2u * ET_CHANNELS_MAX)
/* Windows of an event after which it is assigned to a pattern (or when it ends, if there were at least the fewest). */
#define ET_ESN_EVENT_WINDOWS 48u
#define ET_ESN_EVENT_FEWEST 4u
#define ET_ESN_SAME 1.0f

/* One place of the table; place i is pattern number i + 1. Fixed layout: it is what a backup holds. */
typedef struct et_esn_pattern {
  uint16_t hits;       /* events; 0 = free place */
  uint8_t confirmed;   /* 1 = the operator said it is real */
  uint8_t events;      /* how many events the mean is made of, at most 16: later ones move it by 1 / 16 */
  int16_t mean[ET_ESN_COMPONENTS];     /* residual K, then energy K; Q8 standard deviations */
  uint16_t variance[ET_ESN_COMPONENTS]; /* Q6 */
} et_esn_pattern;

typedef struct et_esn_event {
  bool open;
  uint8_t pattern;     /* 1.. of this or the last event; 0 = not assigned (yet, or no place) */
  bool fresh;          /* no known pattern was near */
  bool assigned;
  bool confirmed;      /* the operator's word came before the assignment */
  uint16_t skip;       /* windows still to leave out: they began before the alarm did */
  uint16_t windows;
  float mean[ET_ESN_COMPONENTS];
  float square[ET_ESN_COMPONENTS]; /* sum of squared deviations */
} et_esn_event;

void et_esn_event_begin(et_esn_event *event, uint16_t skip);
/* One window of an open event, 2 K components; assigns it once there are enough. Returns true when that happened now. */
bool et_esn_event_window(et_esn_event *event, const float *components, unsigned count, et_esn_pattern *table, unsigned places);
/* The alarm is over: assign if not done, let the pattern learn from the whole event. */
void et_esn_event_end(et_esn_event *event, unsigned count, et_esn_pattern *table, unsigned places);
/* It was a false alarm: its pattern loses the hit, and its place if that was the only one. */
void et_esn_event_false(et_esn_event *event, et_esn_pattern *table, unsigned places);

/* It was real: its pattern, now or once it is assigned, counts as confirmed and is not displaced by new ones. */
void et_esn_event_confirm(et_esn_event *event, et_esn_pattern *table, unsigned places);

/* Patterns are numbered 1..places. ET_VALUE when a number names no pattern. */
et_error et_esn_pattern_merge(et_esn_pattern *table, unsigned places, unsigned count, uint8_t into, uint8_t from);
et_error et_esn_pattern_forget(et_esn_pattern *table, unsigned places, uint8_t pattern);
/* Whether serialised bytes are a table: they may come from anywhere. */
bool et_esn_patterns_valid(const uint8_t *bytes, unsigned places);
/* Distance of an event to a pattern, for display and tests. */
float et_esn_pattern_distance(const et_esn_event *event, const et_esn_pattern *pattern, unsigned count);

#endif
