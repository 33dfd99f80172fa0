/* e^x with additions and multiplications alone: the same bits on every board. Relative error under 2e-7. */
#ifndef ET_KERNELS_EXPONENTIAL_H
#define ET_KERNELS_EXPONENTIAL_H

#include <stdint.h>
#include <string.h>

static inline float et_exponential(float x) {
  if (!(x > -87.0f)) return 0.0f;
  if (x > 88.0f) x = 88.0f; /* the largest float is not far beyond */
  /* x = n ln 2 + r, |r| <= ln 2 / 2; ln 2 in two parts, so that n ln 2 is exact. */
  const int32_t n = (int32_t)(x * 1.44269504f + (x < 0.0f ? -0.5f : 0.5f));
  const float r = (x - (float)n * 0.693359375f) + (float)n * 2.12194440e-4f;
  const float tail = r * (1.0f / 120.0f + r * (1.0f / 720.0f + r * (1.0f / 5040.0f)));
  const float series = 1.0f + r * (1.0f + r * (0.5f + r * (1.0f / 6.0f + r * (1.0f / 24.0f + tail))));
  const uint32_t bits = (uint32_t)(n + 127) << 23; /* 2^n, n >= -126 */
  float power;
  memcpy(&power, &bits, sizeof power);
  return series * power;
}

#endif
