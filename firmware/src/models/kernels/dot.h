/* Dot products of the SVMs: the plain C reference, and beside it the version for cores with the DSP extension
 * (Cortex-M4, M7, M33: two 16-bit products per instruction). Both give the same bits; which one et_dot_16x8 and _16x16
 * use is decided when the firmware is compiled. */
#ifndef ET_KERNELS_DOT_H
#define ET_KERNELS_DOT_H

#include <stdint.h>

/* Sum of w[j] x[j], n >= 1. The caller guarantees that the sum fits (models/svm/linear_job.h argues how); every partial sum then fits too,
 * because the guarantee is on the sum of the magnitudes. */
static inline int32_t et_dot_32x8_from(int32_t sum, const int32_t *w, const int8_t *x, uint32_t n) {
  /* Four products a round: on cores without cache and branch prediction the loop's own instructions cost as much as the
   * products. Inlined: with four features the call costs as much again. */
  uint32_t rest = n & 3u;
  if (rest != 0) {
    do sum += *w++ * *x++;
    while (--rest != 0);
    if (n < 4u) return sum;
  }
  n >>= 2;
  do {
    sum += *w++ * *x++;
    sum += *w++ * *x++;
    sum += *w++ * *x++;
    sum += *w++ * *x++;
  } while (--n != 0);
  return sum;
}
static inline int32_t et_dot_32x8(const int32_t *w, const int8_t *x, uint32_t n) { return et_dot_32x8_from(0, w, x, n); }

/* Sum of w[j] x[j] for 16-bit features; |w[j]| < 2^31, n <= 120: at most 2^53. */
int64_t et_dot_32x16(const int32_t *w, const int16_t *x, uint16_t n);

/* Inference kernels, 16-bit weights. 8-bit features: |sum| <= 120 * 2^15 * 2^7 < 2^29. 16-bit ones: < 2^37. */
int32_t et_dot_16x8_reference(const int16_t *v, const int8_t *x, uint16_t n);
int64_t et_dot_16x16_reference(const int16_t *v, const int16_t *x, uint16_t n);
int32_t et_dot_16x8(const int16_t *v, const int8_t *x, uint16_t n);
int64_t et_dot_16x16(const int16_t *v, const int16_t *x, uint16_t n);

#endif
