/* What a trainer has done since it was commissioned. */
#ifndef ET_COUNTERS_H
#define ET_COUNTERS_H

#include "edge_trainer/contract.h"

typedef struct et_counters {
  uint32_t inferences, judged, satisfied, stitched, replaced;
  uint32_t trainings, promoted, rejected, rolled_back;
  uint32_t discarded[6]; /* per et_discard_reason */
} et_counters;

#endif
