#include "models/kernels/dot.h"

#include <string.h>

#if defined(__ARM_FEATURE_DSP) && __ARM_FEATURE_DSP == 1
#include <arm_acle.h>
#define HAVE_DSP 1
#else
#define HAVE_DSP 0
#endif

int64_t et_dot_32x16(const int32_t *w, const int16_t *x, uint16_t n) {
  int64_t sum = 0;
  for (uint16_t j = 0; j < n; j++) sum += (int64_t)w[j] * x[j];
  return sum;
}

int32_t et_dot_16x8_reference(const int16_t *v, const int8_t *x, uint16_t n) {
  int32_t sum = 0;
  uint16_t j = n;
  for (; j >= 4; j = (uint16_t)(j - 4), v += 4, x += 4) {
    sum += (int32_t)v[0] * x[0];
    sum += (int32_t)v[1] * x[1];
    sum += (int32_t)v[2] * x[2];
    sum += (int32_t)v[3] * x[3];
  }
  for (; j > 0; j--) sum += (int32_t)*v++ * *x++;
  return sum;
}

int64_t et_dot_16x16_reference(const int16_t *v, const int16_t *x, uint16_t n) {
  int64_t sum = 0;
  for (uint16_t j = 0; j < n; j++) sum += (int32_t)v[j] * x[j];
  return sum;
}

#if HAVE_DSP

static inline uint32_t load_word(const void *bytes) {
  uint32_t word; /* one LDR: these cores read unaligned words */
  memcpy(&word, bytes, sizeof word);
  return word;
}

int32_t et_dot_16x8(const int16_t *v, const int8_t *x, uint16_t n) {
  int32_t sum = 0;
  uint16_t j = n;
  for (; j >= 4; j = (uint16_t)(j - 4), v += 4, x += 4) {
    const uint32_t bytes = load_word(x);
    const uint32_t v01 = load_word(v), v23 = load_word(v + 2);
    const int16x2_t x02 = __sxtb16((int8x4_t)bytes);
    const int16x2_t x13 = __sxtb16((int8x4_t)((bytes >> 8) | (bytes << 24)));
    const int16x2_t v02 = (int16x2_t)((v01 & 0xffffu) | (v23 << 16));     /* PKHBT */
    const int16x2_t v13 = (int16x2_t)((v23 & 0xffff0000u) | (v01 >> 16)); /* PKHTB */
    sum = __smlad(x02, v02, sum);
    sum = __smlad(x13, v13, sum);
  }
  for (; j > 0; j--) sum += (int32_t)*v++ * *x++;
  return sum;
}

int64_t et_dot_16x16(const int16_t *v, const int16_t *x, uint16_t n) {
  int64_t sum = 0;
  uint16_t j = n;
  for (; j >= 2; j = (uint16_t)(j - 2), v += 2, x += 2) {
    sum = __smlald((int16x2_t)load_word(v), (int16x2_t)load_word(x), sum);
  }
  if (j > 0) sum += (int32_t)*v * *x;
  return sum;
}

#else

int32_t et_dot_16x8(const int16_t *v, const int8_t *x, uint16_t n) { return et_dot_16x8_reference(v, x, n); }

int64_t et_dot_16x16(const int16_t *v, const int16_t *x, uint16_t n) { return et_dot_16x16_reference(v, x, n); }

#endif
