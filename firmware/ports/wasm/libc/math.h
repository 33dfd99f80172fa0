/* What the firmware uses of the standard library's header: see libc.c. */
#ifndef ET_WASM_MATH_H
#define ET_WASM_MATH_H

float frexpf(float value, int *exponent);
double frexp(double value, int *exponent);
float ldexpf(float value, int exponent);

#define INFINITY __builtin_inff()

/* One instruction each. */
#define sqrtf(x) __builtin_sqrtf(x)
#define fabsf(x) __builtin_fabsf(x)
#define floorf(x) __builtin_floorf(x)
#define floor(x) __builtin_floor(x)
#define copysignf(x, sign) __builtin_copysignf(x, sign)
#define isfinite(x) __builtin_isfinite(x)
#define isnan(x) __builtin_isnan(x)

#endif
