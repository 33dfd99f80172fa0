/* Real factors as integers: M = q 2^(e - 31) with q in [2^30, 2^31), the arithmetic of TensorFlow Lite's int8 kernels to the bit
 * (Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018, section 2.2). */
#ifndef ET_KERNELS_MULTIPLIER_H
#define ET_KERNELS_MULTIPLIER_H

#include <stdint.h>

typedef struct et_multiplier {
  int32_t factor; /* q, 0 = nothing is left of it */
  int8_t shift;   /* e, -31..30 */
} et_multiplier;

/* The nearest multiplier of a factor >= 0. */
et_multiplier et_multiplier_of(double factor);
/* The same for a float, in integers: for boards without double. */
et_multiplier et_multiplier_of_float(float factor);

/* (a q) / 2^31 to nearest, halves up, as a doubling high multiplication rounds. */
static inline int32_t et_multiply_high(int32_t a, int32_t q) {
  const int64_t product = (int64_t)a * q;
  /* Adding 1 - 2^30 and dividing towards zero is, for a negative product, adding 2^30 and shifting down. */
  return (int32_t)((product + (INT64_C(1) << 30)) >> 31);
}

/* v / 2^n to nearest, ties away from zero; n 0..31, v > -2^31. Below zero one less makes a tie fall downwards; the last bit is rounded
 * after the others are gone, so that nothing overflows. */
static inline int32_t et_divide_by_power(int32_t v, int n) {
  if (n == 0) return v;
  return (((v + (v >> 31)) >> (n - 1)) + 1) >> 1;
}

/* a M, rounded twice as the reference does. Wraps where a 2^e leaves 32 bits, as the reference does. */
static inline int32_t et_multiply(int32_t a, int32_t factor, int shift) {
  const int left = shift > 0 ? shift : 0, right = shift > 0 ? 0 : -shift;
  return et_divide_by_power(et_multiply_high((int32_t)((uint32_t)a << left), factor), right);
}

#endif
