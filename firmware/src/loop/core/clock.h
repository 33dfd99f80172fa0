/* Time since start, past the wrap of the millisecond clock; time and starts in all. */
#ifndef ET_CLOCK_H
#define ET_CLOCK_H

#include "edge_trainer/contract.h"

typedef struct et_clock {
  uint32_t uptime_s, rest_ms, seen_ms;
  uint32_t operating_s;
  uint16_t boots;
} et_clock;

#endif
