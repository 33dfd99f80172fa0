#include "models/kernels/multiplier.h"

#include <math.h>
#include <string.h>

et_multiplier et_multiplier_of(double factor) {
  et_multiplier none = {0, 0};
  if (!(factor > 0.0) || factor > 1e9) return none;
  int exponent;
  const double mantissa = frexp(factor, &exponent);
  int64_t q = (int64_t)floor(mantissa * 2147483648.0 + 0.5);
  if (q == INT64_C(1) << 31) {
    q /= 2;
    exponent++;
  }
  if (exponent < -31) return none;
  return (et_multiplier){(int32_t)q, (int8_t)exponent};
}

et_multiplier et_multiplier_of_float(float factor) {
  et_multiplier none = {0, 0};
  uint32_t bits;
  memcpy(&bits, &factor, sizeof bits);
  const int exponent = (int)(bits >> 23) - 126; /* a sign bit makes it too large */
  if (exponent < -31 || exponent > 30) return none;
  return (et_multiplier){(int32_t)(((bits & 0x7fffffu) | 0x800000u) << 7), (int8_t)exponent};
}
