/* The library of the WebAssembly port against the machine's own, bit by bit: at every edge, and at random. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define memcpy port_memcpy
#define memmove port_memmove
#define memset port_memset
#define memcmp port_memcmp
#define strlen port_strlen
#define frexp port_frexp
#define frexpf port_frexpf
#define ldexpf port_ldexpf
#include "../../../firmware/ports/wasm/libc/libc.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen
#undef frexp
#undef frexpf
#undef ldexpf

static unsigned checks, failures;

static void check(int good, const char *what, double value, int exponent) {
  checks++;
  if (good) return;
  failures++;
  printf("%s: %a, %d\n", what, value, exponent);
}

static void check_split(double value) {
  int ours = -7777, theirs = 0;
  const double mantissa = port_frexp(value, &ours), expected = frexp(value, &theirs);
  /* Of infinities and what is no number the standard leaves the exponent open. */
  const int same = isfinite(value) ? mantissa == expected && ours == theirs && !signbit(mantissa) == !signbit(expected)
                   : isnan(value)  ? isnan(mantissa)
                                   : mantissa == expected;
  check(same, "frexp", value, ours);
  const float narrow = (float)value;
  int ours_narrow = -7777, theirs_narrow = 0;
  const float got = port_frexpf(narrow, &ours_narrow), wanted = frexpf(narrow, &theirs_narrow);
  check(!isfinite(narrow) || (got == wanted && ours_narrow == theirs_narrow), "frexpf", (double)narrow, ours_narrow);
}

static void check_scale(float value, int exponent) {
  const float ours = port_ldexpf(value, exponent), theirs = ldexpf(value, exponent);
  check(memcmp(&ours, &theirs, sizeof ours) == 0, "ldexpf", (double)value, exponent);
}

static void check_bytes(void) {
  char text[] = "abcdefgh", other[] = "abcdefgh";
  check(port_strlen("") == 0 && port_strlen(text) == 8, "strlen", 0, 0);
  check(port_memcmp(text, other, 9) == 0 && port_memcmp("a\xFF", "a\x01", 2) > 0 && port_memcmp("a", "b", 1) < 0, "memcmp", 0, 0);
  check(port_memmove(text + 2, text, 6) == text + 2 && strcmp(text, "ababcdef") == 0, "memmove", 0, 0);
  check(port_memset(text + 1, 'x', 2) == text + 1 && strcmp(text, "axxbcdef") == 0, "memset", 0, 0);
  check(port_memcpy(text, other, 4) == text && strcmp(text, "abcdcdef") == 0, "memcpy", 0, 0);
}

int main(void) {
  static const double edges[] = {0.0,
                                 -0.0,
                                 1.0,
                                 -1.0,
                                 0.5,
                                 0.75,
                                 3.0,
                                 0x1p-1022,
                                 0x1p-1074,
                                 0x1.8p-1060,
                                 -0x1.fffffffffffffp1023,
                                 0x1p-126,
                                 0x1p-149,
                                 0x1.fffffep127,
                                 -0x1.000002p-126,
                                 (double)INFINITY,
                                 -(double)INFINITY,
                                 (double)NAN};
  static const int exponents[] = {0,    1,   -1,  23,  -23, 127, 128,  149,  -126, -149, -150,
                                  -151, 276, 277, 278, 300, 301, -299, -301, 5000, -5000};
  uint64_t state = 1;
  check_bytes();
  for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
    check_split(edges[i]);
    for (size_t k = 0; k < sizeof exponents / sizeof exponents[0]; k++)
      if (!isnan(edges[i])) check_scale((float)edges[i], exponents[k]);
  }
  for (int i = 0; i < 200000; i++) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const binary64 any = {.bits = state ^ state >> 29};
    check_split(any.value);
    const uint32_t bits = (uint32_t)(any.bits >> 13);
    float narrow;
    memcpy(&narrow, &bits, sizeof narrow);
    if (!isnan(narrow)) check_scale(narrow, (int)(state >> 50 & 0x3FF) - 512);
  }
  printf("%u checks, %u failures\n", checks, failures);
  return failures == 0 ? 0 : 1;
}
