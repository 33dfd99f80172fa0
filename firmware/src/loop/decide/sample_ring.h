/* The array as a window of a stream: its newest values lie in a ring, a byte each, where an array that a master sends would lie. Samples come
 * in frames over the wire or from the board's own sensor; a gap and a pause empty the ring, because what was before is no neighbour of what
 * comes after. */
#ifndef ET_SAMPLE_RING_H
#define ET_SAMPLE_RING_H

#include "edge_trainer/contract.h"
#include "edge_trainer/switches.h"

struct et_decide;

typedef struct et_sample_ring {
  uint16_t next_sequence; /* of the sample that comes next */
  uint16_t at;            /* place of the value that comes next */
  uint16_t held;          /* values, at most those of a window */
  uint32_t lost;          /* samples missing by sequence number, since the definition came */
  uint32_t came_ms;       /* when the last sample came */
  uint32_t pause_ms;      /* from the arrival before it to that one */
  bool started, stopped;
} et_sample_ring;

#if ET_WITH_ARRAY
/* Take one frame: `count` samples of all channels, `values` as big-endian registers. A value outside its range counts as the nearest bound. A
 * frame already taken changes nothing. Errors: VALUE. */
et_error et_ring_receive(struct et_decide *decide, uint16_t sequence, uint16_t count, const uint8_t *values, uint16_t registers);

/* Takes what the board's own sensor has, and logs a stream that has stopped; false = neither. */
bool et_ring_slice(struct et_decide *decide);

/* Whether there is a whole window, of a stream that goes on, which has reached the sample `named` (NULL: whatever came last). Errors:
 * WINDOW_STOPPED (*detail = seconds since the last sample), WINDOW_SHORT (*detail = samples held), WINDOW_BEHIND (*detail = next_sequence). */
et_error et_ring_ready(const struct et_decide *decide, const int16_t *named, uint16_t *detail);

/* The newest window, the oldest value first. */
void et_ring_copy(const struct et_decide *decide, uint8_t *to);

/* Number of the sample that came last: what names the newest window. */
int16_t et_ring_newest(const struct et_decide *decide);

/* Samples held. */
uint16_t et_ring_samples(const struct et_decide *decide);

/* The next sample begins a new window. */
void et_ring_empty(struct et_decide *decide);

/* Another definition: a new stream, too. */
void et_ring_begin(struct et_decide *decide);
#else
#define et_ring_receive(decide, sequence, count, values, registers) ET_NOT_SUPPORTED
#define et_ring_slice(decide) false
#define et_ring_ready(decide, named, detail) ((void)(named), (void)(detail), ET_OK)
#define et_ring_copy(decide, to) ((void)(to))
#define et_ring_newest(decide) 0
#define et_ring_samples(decide) 0u
#define et_ring_empty(decide) ((void)(decide))
#define et_ring_begin(decide) ((void)(decide))
#endif

#endif
