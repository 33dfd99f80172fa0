#include "models/stream/signal.h"

#include <string.h>

bool et_signal_decimate(et_signal *signal, unsigned channels, unsigned factor, const int16_t *values, int16_t *mean_of) {
  if (factor <= 1) {
    memcpy(mean_of, values, channels * sizeof *mean_of);
    return true;
  }
  for (unsigned k = 0; k < channels; k++) signal->sum[k] += values[k];
  if (++signal->decimated < factor) return false;
  for (unsigned k = 0; k < channels; k++) mean_of[k] = (int16_t)(signal->sum[k] / (int32_t)factor);
  et_signal_gap(signal);
  return true;
}

void et_signal_gap(et_signal *signal) {
  memset(signal->sum, 0, sizeof signal->sum);
  signal->decimated = 0;
}

unsigned et_signal_shift(unsigned window) {
  unsigned shift = 0;
  while ((1u << shift) < window) shift++;
  return shift;
}

void et_signal_centre(et_signal *signal, unsigned channels, unsigned window, const int16_t *values, int32_t *deviation) {
  const unsigned shift = et_signal_shift(window);
  if (signal->settled < UINT16_MAX) signal->settled++;
  const bool starting = signal->settled < (1u << shift);
  for (unsigned k = 0; k < channels; k++) {
    const int32_t difference = values[k] * 16384 - signal->mean[k];
    signal->mean[k] += starting ? difference / signal->settled : (difference + (1 << shift >> 1)) >> shift;
    deviation[k] = values[k] * 16384 - signal->mean[k];
  }
}
