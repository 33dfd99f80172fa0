/* The few functions of the standard library that the firmware calls: WebAssembly has instructions for most of them, and a library would
 * have to be compiled on each machine before the firmware is. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#ifdef __clang__
#define NO_CALL_OF_ITSELF(name) __attribute__((no_builtin(#name)))
#else
#define NO_CALL_OF_ITSELF(name)
#endif

#define FRACTION_BITS 52
#define EXPONENT_MASK 0x7FFu
#define BIAS 1023
/* Past these any float becomes zero or infinite: its least is 2^-149, its largest lies under 2^128. */
#define LARGEST_SHIFT 300

typedef union {
  double value;
  uint64_t bits;
} binary64;

void *memcpy(void *restrict to, const void *restrict from, size_t length) {
  __builtin_memcpy(to, from, length); /* the instruction memory.copy */
  return to;
}

void *memmove(void *to, const void *from, size_t length) {
  __builtin_memmove(to, from, length); /* memory.copy, which takes areas that overlap */
  return to;
}

void *memset(void *to, int value, size_t length) {
  __builtin_memset(to, value, length); /* memory.fill */
  return to;
}

NO_CALL_OF_ITSELF(memcmp) int memcmp(const void *left, const void *right, size_t length) {
  const uint8_t *a = left, *b = right;
  for (size_t i = 0; i < length; i++)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

NO_CALL_OF_ITSELF(strlen) size_t strlen(const char *text) {
  size_t length = 0;
  while (text[length] != '\0') length++;
  return length;
}

/* 2^exponent, for -1022 to 1023. */
static double power_of_two(int exponent) {
  const binary64 power = {.bits = (uint64_t)(exponent + BIAS) << FRACTION_BITS};
  return power.value;
}

double frexp(double value, int *exponent) {
  binary64 parts = {.value = value};
  int found = (int)(parts.bits >> FRACTION_BITS & EXPONENT_MASK);
  *exponent = 0;
  if (value == 0.0 || found == (int)EXPONENT_MASK) return value; /* zero, infinity, not a number */
  if (found == 0) {                                              /* subnormal */
    const double mantissa = frexp(value * power_of_two(FRACTION_BITS + 2), exponent);
    *exponent -= FRACTION_BITS + 2;
    return mantissa;
  }
  *exponent = found - (BIAS - 1);
  parts.bits = (parts.bits & ~((uint64_t)EXPONENT_MASK << FRACTION_BITS)) | (uint64_t)(BIAS - 1) << FRACTION_BITS;
  return parts.value;
}

/* A float is a double exactly. */
float frexpf(float value, int *exponent) { return (float)frexp((double)value, exponent); }

/* The product is exact in double, so only the step to float rounds. */
float ldexpf(float value, int exponent) {
  const int shift = exponent > LARGEST_SHIFT ? LARGEST_SHIFT : exponent < -LARGEST_SHIFT ? -LARGEST_SHIFT : exponent;
  return (float)((double)value * power_of_two(shift));
}
