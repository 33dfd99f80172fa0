/* What floating point costs on this core. */
#ifndef ET_KERNELS_ARITHMETIC_H
#define ET_KERNELS_ARITHMETIC_H

#include "models/kernels/exact.h"

/* What a floating point multiply-accumulate costs in work units (the interface's: one multiply-accumulate with its loads, some
 * five to seven instructions): in software it takes about ninety. */
#if defined(__SOFTFP__) || defined(__AVR__) || defined(ET_ESN_FIXED)
#define ET_FLOAT_WORK 13u
#else
#define ET_FLOAT_WORK 1u
#endif

#endif
