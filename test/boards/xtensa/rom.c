/* The arithmetic that lies in the ROM of an ESP8266 and that Debian's compiler for its core leaves out: integers of 64 bits, division, and
 * IEEE 754 single precision, rounded to the nearest, ties to even. Floats come and go as their bits, as the core has no others. */
#include <stdint.h>

#define SIGN 0x80000000u
#define INFINITE 0x7F800000u
#define HIDDEN 0x00800000u
#define FRACTION 0x007FFFFFu
#define NOT_A_NUMBER 0x7FC00000u
#define EXTRA 3 /* bits below the last one while a sum is made: guard, round, sticky */

uint64_t __muldi3(uint64_t a, uint64_t b);
uint32_t __udivsi3(uint32_t a, uint32_t b);
uint32_t __umodsi3(uint32_t a, uint32_t b);
int32_t __divsi3(int32_t a, int32_t b);
uint32_t __addsf3(uint32_t a, uint32_t b);
uint32_t __subsf3(uint32_t a, uint32_t b);
uint32_t __mulsf3(uint32_t a, uint32_t b);
uint32_t __fixunssfsi(uint32_t a);
uint32_t __floatsisf(int32_t a);
uint32_t __floatunsisf(uint32_t a);

/* 32 by 32 bits from products of 16 by 16, which the core's multiplier gives whole. */
static uint64_t wide_product(uint32_t a, uint32_t b) {
  const uint32_t low = (a & 0xFFFFu) * (b & 0xFFFFu), high = (a >> 16) * (b >> 16);
  const uint64_t middle = (uint64_t)((a >> 16) * (b & 0xFFFFu)) + (a & 0xFFFFu) * (b >> 16);
  return ((uint64_t)high << 32) + (middle << 16) + low;
}

uint64_t __muldi3(uint64_t a, uint64_t b) {
  const uint32_t al = (uint32_t)a, ah = (uint32_t)(a >> 32), bl = (uint32_t)b, bh = (uint32_t)(b >> 32);
  return wide_product(al, bl) + ((uint64_t)(al * bh + ah * bl) << 32);
}

uint32_t __udivsi3(uint32_t a, uint32_t b) {
  uint32_t quotient = 0, rest = 0;
  for (int bit = 31; bit >= 0; bit--) {
    const uint32_t carry = rest >> 31;
    rest = rest << 1 | (a >> bit & 1u);
    if (carry == 0u && rest < b) continue;
    rest -= b;
    quotient |= 1u << bit;
  }
  return quotient;
}

uint32_t __umodsi3(uint32_t a, uint32_t b) { return a - b * __udivsi3(a, b); }

/* A value of `significand` * 2^(exponent - 150 - EXTRA), with sign. `significand` below 2^(25 + EXTRA). */
static uint32_t rounded(uint32_t sign, int32_t exponent, uint32_t significand) {
  uint32_t last;
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
  last = significand & ((1u << EXTRA) - 1u);
  significand >>= EXTRA;
  if (last > 1u << (EXTRA - 1) || (last == 1u << (EXTRA - 1) && (significand & 1u) != 0u)) significand++;
  /* What rounds up to the next power of two carries into the exponent; a subnormal has none. */
  significand += (uint32_t)(exponent - 1) << 23;
  return sign | (significand >= INFINITE ? INFINITE : significand);
}

static int32_t exponent_of(uint32_t a) {
  const int32_t exponent = (int32_t)((a & INFINITE) >> 23);
  return exponent == 0 ? 1 : exponent;
}

static uint32_t significand_of(uint32_t a) { return (a & FRACTION) | ((a & INFINITE) != 0u ? HIDDEN : 0u); }

uint32_t __addsf3(uint32_t a, uint32_t b) {
  uint32_t x, y, apart;
  int32_t exponent;
  if ((a & ~SIGN) < (b & ~SIGN)) {
    const uint32_t t = a;
    a = b;
    b = t;
  }
  if ((a & ~SIGN) > INFINITE) return NOT_A_NUMBER;
  if ((a & ~SIGN) == INFINITE) return (b & ~SIGN) == INFINITE && ((a ^ b) & SIGN) != 0u ? NOT_A_NUMBER : a;
  exponent = exponent_of(a);
  apart = (uint32_t)(exponent - exponent_of(b));
  x = significand_of(a) << EXTRA;
  y = significand_of(b) << EXTRA;
  if (apart > 26u) y = y != 0u;
  else if (apart > 0u) y = y >> apart | ((y & ((1u << apart) - 1u)) != 0u);
  if (((a ^ b) & SIGN) == 0u) return rounded(a & SIGN, exponent, x + y);
  return rounded(x == y ? 0u : a & SIGN, exponent, x - y);
}

uint32_t __subsf3(uint32_t a, uint32_t b) { return __addsf3(a, b ^ SIGN); }

uint32_t __mulsf3(uint32_t a, uint32_t b) {
  const uint32_t sign = (a ^ b) & SIGN;
  uint64_t product;
  int32_t exponent;
  a &= ~SIGN;
  b &= ~SIGN;
  if (a > INFINITE || b > INFINITE) return NOT_A_NUMBER;
  if (a == INFINITE || b == INFINITE) return a == 0u || b == 0u ? NOT_A_NUMBER : sign | INFINITE;
  product = wide_product(significand_of(a), significand_of(b));
  if (product == 0u) return sign;
  exponent = exponent_of(a) + exponent_of(b) - 150 + EXTRA;
  for (; product >= (uint64_t)HIDDEN << (EXTRA + 1); exponent++) product = product >> 1 | (product & 1u);
  return rounded(sign, exponent, (uint32_t)product);
}

uint32_t __fixunssfsi(uint32_t a) {
  const int32_t shift = exponent_of(a) - 150;
  if ((a & SIGN) != 0u || shift < -24) return 0;
  if (shift > 8) return 0xFFFFFFFFu;
  return shift < 0 ? significand_of(a) >> -shift : significand_of(a) << shift;
}

uint32_t __floatunsisf(uint32_t a) {
  int32_t exponent = 150 + EXTRA;
  for (; a >= HIDDEN << (EXTRA + 1); exponent++) a = a >> 1 | (a & 1u);
  return rounded(0, exponent, a);
}

uint32_t __floatsisf(int32_t a) {
  const uint32_t magnitude = a < 0 ? 0u - (uint32_t)a : (uint32_t)a;
  return __floatunsisf(magnitude) | (a < 0 ? SIGN : 0u);
}

int32_t __divsi3(int32_t a, int32_t b) {
  const uint32_t quotient = __udivsi3(a < 0 ? 0u - (uint32_t)a : (uint32_t)a, b < 0 ? 0u - (uint32_t)b : (uint32_t)b);
  return (int32_t)((a < 0) == (b < 0) ? quotient : 0u - quotient);
}
