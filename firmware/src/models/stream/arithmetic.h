/* a * b + c in one instruction where the core has one (ISO C forbids the compiler to fuse it by itself). Elsewhere fmaf() would be
 * a slow emulation, and the two roundings of a plain expression are just as good. */
#ifndef ET_STREAM_ARITHMETIC_H
#define ET_STREAM_ARITHMETIC_H

#include <math.h>

/* What a floating point multiply-accumulate costs in work units (the interface's: one multiply-accumulate with its loads, some
 * five to seven instructions): in software it takes about ninety. */
#if defined(__SOFTFP__) || defined(__AVR__) || defined(ET_ESN_FIXED)
#define ET_FLOAT_WORK 13u
#else
#define ET_FLOAT_WORK 1u
#endif

static inline float et_madd(float a, float b, float c) {
#if defined(__FP_FAST_FMAF) || defined(FP_FAST_FMAF)
  return fmaf(a, b, c);
#else
  return a * b + c;
#endif
}

#endif
