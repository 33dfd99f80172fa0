/* Of the same ROM: IEEE 754 double precision, rounded to the nearest, ties to even, and division of 64 bits. */
#include <stdint.h>

#define SIGN 0x8000000000000000u
#define INFINITE 0x7FF0000000000000u
#define HIDDEN 0x0010000000000000u
#define FRACTION 0x000FFFFFFFFFFFFFu
#define NOT_A_NUMBER 0x7FF8000000000000u
#define EXTRA 3 /* bits below the last one while a result is made: guard, round, sticky */
#define BIAS 1075

uint64_t __adddf3(uint64_t a, uint64_t b);
uint64_t __subdf3(uint64_t a, uint64_t b);
uint64_t __muldf3(uint64_t a, uint64_t b);
uint64_t __divdf3(uint64_t a, uint64_t b);
uint64_t __extendsfdf2(uint32_t a);
uint64_t __umoddi3(uint64_t a, uint64_t b);

/* A value of `significand` * 2^(exponent - BIAS - EXTRA), with sign. `significand` below 2^(54 + EXTRA). */
static uint64_t rounded(uint64_t sign, int32_t exponent, uint64_t significand) {
  uint64_t last;
  if (significand == 0u) return sign;
  while (significand >= HIDDEN << (EXTRA + 1)) {
    significand = significand >> 1 | (significand & 1u);
    exponent++;
  }
  while (significand < HIDDEN << EXTRA && exponent > 1) {
    significand <<= 1;
    exponent--;
  }
  for (; exponent < 1; exponent++) significand = significand >> 1 | (significand & 1u);
  if (exponent > 2046) return sign | INFINITE;
  last = significand & ((1u << EXTRA) - 1u);
  significand >>= EXTRA;
  if (last > 1u << (EXTRA - 1) || (last == 1u << (EXTRA - 1) && (significand & 1u) != 0u)) significand++;
  /* What rounds up to the next power of two carries into the exponent; a subnormal has none. */
  return sign | (significand + ((uint64_t)(exponent - 1) << 52));
}

static int32_t exponent_of(uint64_t a) {
  const int32_t exponent = (int32_t)((a & INFINITE) >> 52);
  return exponent == 0 ? 1 : exponent;
}

static uint64_t significand_of(uint64_t a) { return (a & FRACTION) | ((a & INFINITE) != 0u ? HIDDEN : 0u); }

uint64_t __adddf3(uint64_t a, uint64_t b) {
  uint64_t x, y, apart;
  int32_t exponent;
  if ((a & ~SIGN) < (b & ~SIGN)) {
    const uint64_t t = a;
    a = b;
    b = t;
  }
  if ((a & ~SIGN) > INFINITE) return NOT_A_NUMBER;
  if ((a & ~SIGN) == INFINITE) return (b & ~SIGN) == INFINITE && ((a ^ b) & SIGN) != 0u ? NOT_A_NUMBER : a;
  exponent = exponent_of(a);
  apart = (uint64_t)(exponent - exponent_of(b));
  x = significand_of(a) << EXTRA;
  y = significand_of(b) << EXTRA;
  if (apart > 55u) y = y != 0u;
  else if (apart > 0u) y = y >> apart | ((y & (((uint64_t)1 << apart) - 1u)) != 0u);
  if (((a ^ b) & SIGN) == 0u) return rounded(a & SIGN, exponent, x + y);
  return rounded(x == y ? 0u : a & SIGN, exponent, x - y);
}

uint64_t __subdf3(uint64_t a, uint64_t b) { return __adddf3(a, b ^ SIGN); }

/* Both significands shifted up to bit 52: subnormals too. */
static uint64_t normal(uint64_t a, int32_t *exponent) {
  uint64_t significand = significand_of(a);
  *exponent = exponent_of(a);
  for (; significand < HIDDEN; significand <<= 1) (*exponent)--;
  return significand;
}

uint64_t __muldf3(uint64_t a, uint64_t b) {
  const uint64_t sign = (a ^ b) & SIGN;
  uint64_t x, y, product = 0;
  int32_t of_a, of_b;
  a &= ~SIGN;
  b &= ~SIGN;
  if (a > INFINITE || b > INFINITE) return NOT_A_NUMBER;
  if (a == INFINITE || b == INFINITE) return a == 0u || b == 0u ? NOT_A_NUMBER : sign | INFINITE;
  if (a == 0u || b == 0u) return sign;
  x = normal(a, &of_a);
  y = normal(b, &of_b);
  /* Bit by bit from the lowest; what falls out below stays as sticky. The product ends at bit 52 or 53, and EXTRA bits more. */
  for (int bit = 0; bit < 53; bit++) {
    if (bit > 0) product = product >> 1 | (product & 1u);
    if ((y >> bit & 1u) != 0u) product += x << EXTRA;
  }
  return rounded(sign, of_a + of_b - BIAS + 52, product);
}

uint64_t __divdf3(uint64_t a, uint64_t b) {
  const uint64_t sign = (a ^ b) & SIGN;
  uint64_t rest, divisor, quotient = 0;
  int32_t of_a, of_b;
  a &= ~SIGN;
  b &= ~SIGN;
  if (a > INFINITE || b > INFINITE || (a == INFINITE && b == INFINITE) || (a == 0u && b == 0u)) return NOT_A_NUMBER;
  if (a == INFINITE || b == 0u) return sign | INFINITE;
  if (a == 0u || b == INFINITE) return sign;
  rest = normal(a, &of_a);
  divisor = normal(b, &of_b);
  for (int bit = 0; bit < 54 + EXTRA; bit++) {
    quotient <<= 1;
    if (rest >= divisor) {
      rest -= divisor;
      quotient |= 1u;
    }
    rest <<= 1;
  }
  return rounded(sign, of_a - of_b + BIAS - 53, quotient | (rest != 0u));
}

uint64_t __extendsfdf2(uint32_t a) {
  const uint64_t sign = (uint64_t)(a >> 31) << 63;
  uint32_t fraction = a & 0x007FFFFFu;
  int32_t exponent = (int32_t)(a >> 23 & 255u);
  if (exponent == 255) return fraction != 0u ? NOT_A_NUMBER : sign | INFINITE;
  if (exponent == 0) {
    if (fraction == 0u) return sign;
    for (exponent = 1; (fraction & 0x00800000u) == 0u; fraction <<= 1) exponent--;
    fraction &= 0x007FFFFFu;
  }
  return sign | (uint64_t)(exponent + 896) << 52 | (uint64_t)fraction << 29;
}

uint64_t __umoddi3(uint64_t a, uint64_t b) {
  uint64_t rest = 0;
  for (int bit = 63; bit >= 0; bit--) {
    const uint64_t carry = rest >> 63;
    rest = rest << 1 | (a >> bit & 1u);
    if (carry != 0u || rest >= b) rest -= b;
  }
  return rest;
}
