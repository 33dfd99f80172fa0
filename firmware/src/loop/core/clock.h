/* Time since start, past the wrap of the millisecond clock. */
#ifndef ET_CLOCK_H
#define ET_CLOCK_H

#include "edge_trainer/contract.h"

typedef struct et_clock {
  uint32_t uptime_s, rest_ms, seen_ms;
} et_clock;

#endif
