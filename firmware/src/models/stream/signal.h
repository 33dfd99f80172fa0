/* The front of every stream family: decimation, and the deviation from a running mean. Gravity and the mounting of the sensor are no
 * vibration. */
#ifndef ET_STREAM_SIGNAL_H
#define ET_STREAM_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "edge_trainer/contract.h"

/* Variance of the rounding of a register value, units squared. */
#define ET_ROUNDING_VARIANCE (1.0f / 12.0f)

typedef struct et_signal {
  uint16_t settled; /* samples the mean has seen, saturating */
  uint8_t decimated;
  int32_t sum[ET_CHANNELS_MAX];  /* of the samples of one decimated one */
  int32_t mean[ET_CHANNELS_MAX]; /* Q14 register units */
} et_signal;

/* True when `values` completed a decimated sample, the mean of `factor`, which is left in `mean_of`. */
bool et_signal_decimate(et_signal *signal, unsigned channels, unsigned factor, const int16_t *values, int16_t *mean_of);
/* Samples are missing: a decimated sample begins anew. */
void et_signal_gap(et_signal *signal);
/* Samples over which the mean runs: `window`, up to the next power of two, as its logarithm. */
unsigned et_signal_shift(unsigned window);
/* Deviation from the running mean, Q14. At the start the mean is that of all samples so far. */
void et_signal_centre(et_signal *signal, unsigned channels, unsigned window, const int16_t *values, int32_t *deviation);

/* A deviation in whole register units. Where a window's mean is taken out again, this rounding costs nothing. */
static inline int16_t et_signal_whole(int32_t q14) {
  const int32_t whole = (q14 + 8192) >> 14;
  return (int16_t)(whole > INT16_MAX ? INT16_MAX : whole < -INT16_MAX ? -INT16_MAX : whole);
}

#endif
