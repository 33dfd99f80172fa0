/* The double arithmetic of rom_double.c beside that of this computer: random operands, subnormals, neighbours, halves of a last bit. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../../firmware/check.h"

/* Its functions have the names of this computer's own. */
#define __adddf3 rom_adddf3
#define __subdf3 rom_subdf3
#define __muldf3 rom_muldf3
#define __divdf3 rom_divdf3
#define __extendsfdf2 rom_extendsfdf2
#define __umoddi3 rom_umoddi3
#include "rom_double.c"

#define ROUNDS 1000000u

static uint64_t state = 88172645463325252u;

/* xorshift64 (Marsaglia 2003). */
static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static double value_of(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static bool is(uint64_t bits, double value) {
  uint64_t expected;
  memcpy(&expected, &value, sizeof expected);
  return isnan(value) ? isnan(value_of(bits)) : bits == expected;
}

static uint64_t with_exponent(uint64_t bits, uint64_t least, uint64_t count) {
  return (bits & (SIGN | FRACTION)) | (least + next() % count) << 52;
}

static void operands(uint32_t round, uint64_t *a, uint64_t *b) {
  *a = next();
  *b = next();
  switch (round % 6u) {
  case 1: *b = (*a & INFINITE) ^ (*b & (SIGN | FRACTION)); break; /* of a size */
  case 2: *a &= SIGN | FRACTION; break;                           /* subnormal */
  case 3:                                                         /* sums whose parts overlap */
    *a = with_exponent(*a, 1023, 40);
    *b = with_exponent(*b, 1023, 40);
    break;
  case 4: /* few bits: ties */
    *a = (*a & (SIGN | INFINITE)) | (next() & 3u) << 50;
    *b = (*b & (SIGN | INFINITE)) | (next() & 7u) << 49;
    break;
  case 5: /* results that become subnormal */
    *a = with_exponent(*a, 0, 60);
    *b = with_exponent(*b, 1000, 60);
    break;
  default: break;
  }
}

int main(void) {
  for (uint32_t round = 0; round < ROUNDS; round++) {
    uint64_t a, b;
    uint32_t narrow;
    float single;
    operands(round, &a, &b);
    EXPECT(is(rom_adddf3(a, b), value_of(a) + value_of(b)), "%a + %a", value_of(a), value_of(b));
    EXPECT(is(rom_subdf3(a, b), value_of(a) - value_of(b)), "%a - %a", value_of(a), value_of(b));
    EXPECT(is(rom_muldf3(a, b), value_of(a) * value_of(b)), "%a * %a", value_of(a), value_of(b));
    EXPECT(is(rom_divdf3(a, b), value_of(a) / value_of(b)), "%a / %a", value_of(a), value_of(b));
    narrow = (uint32_t)a;
    memcpy(&single, &narrow, sizeof single);
    EXPECT(is(rom_extendsfdf2(narrow), (double)single), "%a", (double)single);
    b = b >> (round % 63u) | 1u;
    CHECK(rom_umoddi3(a, b) == a % b);
  }
  printf("as on this computer\n");
  return 0;
}
