/* A real number as a register holds it. */
#ifndef ET_REGISTER_VALUE_H
#define ET_REGISTER_VALUE_H

#include <stdint.h>

/* To nearest, halves away from 0, kept within 16 bits. `value` is no NaN. */
static inline int16_t et_register_value(float value) {
  if (value >= 32767.0f) return INT16_MAX;
  if (value <= -32768.0f) return INT16_MIN;
  return (int16_t)(value < 0.0f ? value - 0.5f : value + 0.5f);
}

#endif
