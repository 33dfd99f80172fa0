/* Floating point that gives the same bits on every board and on the host: single precision as it stands, each operation rounded by
 * itself, and functions made of additions and multiplications alone. Builds say -ffp-contract=off, so that no compiler fuses a product
 * and a sum where the core could; sqrtf, frexpf and ldexpf are exact by IEEE 754 and need nothing of their own. */
#ifndef ET_KERNELS_EXACT_H
#define ET_KERNELS_EXACT_H

#include <float.h>
#include <stdint.h>
#include <string.h>

#include "models/kernels/exponential.h"

#if !defined(FLT_EVAL_METHOD) || FLT_EVAL_METHOD != 0
#error "This compiler computes floats in a wider type: models would differ from those of other boards."
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

/* a * b + c, rounded twice. */
static inline float et_madd(float a, float b, float c) { return a * b + c; }

/* ln x. x > 0, relative error under 2e-7; 0 and less give -104, under the logarithm of every float. */
static inline float et_logarithm(float x) {
  uint32_t bits;
  int32_t exponent = 0;
  float mantissa, s, z, tail;
  if (!(x > 0.0f)) return -104.0f;
  if (x < FLT_MIN) { /* subnormal */
    x *= 8388608.0f;
    exponent = -23;
  }
  memcpy(&bits, &x, sizeof bits);
  exponent += (int32_t)(bits >> 23) - 127;
  bits = (bits & 0x007fffffu) | 0x3f800000u;
  memcpy(&mantissa, &bits, sizeof mantissa);
  if (mantissa > 1.41421356f) {
    mantissa *= 0.5f;
    exponent++;
  }
  /* ln m = 2 atanh s, s = (m - 1) / (m + 1), |s| <= 0.172. */
  s = (mantissa - 1.0f) / (mantissa + 1.0f);
  z = s * s;
  tail = z * (1.0f / 3.0f + z * (1.0f / 5.0f + z * (1.0f / 7.0f + z * (1.0f / 9.0f))));
  /* ln 2 in two parts, so that exponent ln 2 is exact. */
  return (float)exponent * 0.693359375f + (2.0f * s + (2.0f * s * tail - (float)exponent * 2.12194440e-4f));
}

/* x^n. */
static inline float et_power(float x, uint32_t n) {
  float result = 1.0f;
  for (; n != 0u; n >>= 1u) {
    if ((n & 1u) != 0u) result *= x;
    x *= x;
  }
  return result;
}

#endif
