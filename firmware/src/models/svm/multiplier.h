/* A sample's multiplier alpha as it is kept between trainings: a 16-bit floating number, 5-bit exponent and 11-bit mantissa,
 *   value = mantissa (exponent 0), else (2048 + mantissa) 2^(exponent - 1), in units of C 2^-30,
 * ordered like its codes, up to 4095 C. Relative to the definition's C, so that the class weights, which follow the data
 * set, do not change what a stored code means. Solvers work with alpha as an integer in units of C 2^(drop - 30). */
#ifndef ET_MODELS_SVM_MULTIPLIER_H
#define ET_MODELS_SVM_MULTIPLIER_H

#include <stdint.h>
#include <string.h>

#define ET_SVM_MULTIPLIER_BITS 30

static inline uint32_t et_svm_top_bit(uint32_t v) { /* v > 0 */
#if defined(__GNUC__) && __SIZEOF_INT__ >= 4
  return 31u - (uint32_t)__builtin_clz(v);
#elif defined(__GNUC__) && __SIZEOF_LONG__ == 4 /* int has 16 bits */
  return 31u - (uint32_t)__builtin_clzl(v);
#else
  uint32_t bit = 0;
  while (v >>= 1) bit++;
  return bit;
#endif
}

static inline int32_t et_svm_multiplier_decode(uint16_t code, uint8_t drop) {
  const uint32_t exponent = (uint32_t)code >> 11;
  if (exponent == 0) return (int32_t)((uint32_t)code >> drop);
  const uint32_t mantissa = (code & 2047u) | 2048u;
  const int shift = (int)exponent - 1 - (int)drop;
  return (int32_t)(shift >= 0 ? mantissa << shift : mantissa >> -shift);
}

/* The nearest code, *alpha becoming the value that it stands for; 0 < alpha < 2^28, drop <= 15. */
static inline uint16_t et_svm_multiplier_encode(int32_t *alpha, uint8_t drop) {
  const uint32_t v = (uint32_t)*alpha, top = et_svm_top_bit(v);
  if (top < 11) return (uint16_t)(top + drop < 11 ? v << drop : ((top + drop - 11u) << 11) + (v << (11 - top)));
  const uint32_t shift = top - 11, mantissa = (v + (((uint32_t)1 << shift) >> 1)) >> shift;
  *alpha = (int32_t)(mantissa << shift);
  return (uint16_t)(((shift + drop) << 11) + mantissa); /* rounded up to 4096 it carries into the exponent, as it should */
}

/* The same for solvers in float: alpha / C, 0..4095. */
static inline float et_svm_multiplier_to_float(uint16_t code) {
  const uint32_t exponent = (uint32_t)code >> 11;
  if (exponent == 0) return (float)code * (1.0f / 1073741824.0f);
  /* (2048 + mantissa) 2^(exponent - 1) 2^-30 = 1.mantissa 2^(exponent - 20), put together from its bits. */
  const uint32_t bits = ((exponent - 20u + 127u) << 23) | (((uint32_t)code & 2047u) << 12);
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
static inline uint16_t et_svm_multiplier_from_float(float ratio) {
  if (!(ratio > 0.0f)) return 0;
  if (ratio < 2048.0f / 1073741824.0f) return (uint16_t)(ratio * 1073741824.0f + 0.5f);
  uint32_t bits;
  memcpy(&bits, &ratio, sizeof bits);
  const uint32_t rounded = bits + (1u << 11); /* may carry into the exponent, as it should */
  const uint32_t exponent = (rounded >> 23) - 127u + 20u;
  return exponent > 31u ? 65535u : (uint16_t)((exponent << 11) | ((rounded >> 12) & 2047u));
}

#endif
