/* What keeps a window from being judged or learned: the machine is off, a channel is stuck, nobody taught this operating point. */
#ifndef ET_STREAM_CONDITION_H
#define ET_STREAM_CONDITION_H

#include <stdint.h>

/* A channel whose standard deviation within a window is less than half a register unit is constant. */
#define ET_CONSTANT_VARIANCE 0.25f

/* Mask of the channels that are constant, by their variances in squared register units. */
static inline uint8_t et_constant_channels(const float *variances, unsigned channels) {
  uint8_t mask = 0;
  for (unsigned k = 0; k < channels; k++) {
    if (!(variances[k] >= ET_CONSTANT_VARIANCE)) mask |= (uint8_t)(1u << k);
  }
  return mask;
}

#endif
