/* Samples of a stream, from the wire or the board's own sensor. */
#ifndef ET_QUEUE_H
#define ET_QUEUE_H

#include "edge_trainer/contract.h"

typedef struct et_queue {
  uint16_t next_sequence, window_sequence;
  uint16_t count, at; /* samples of the frame, and how many of them are worked on */
  uint32_t lost;
  bool started, stopped;
  uint32_t sampled_ms; /* when the last sample came */
} et_queue;

#endif
