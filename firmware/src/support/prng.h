/* A small pseudo-random generator: xorshift32 (Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8(14), 2003, triple
 * 13, 17, 5). Period 2^32 - 1, one word of state, the same sequence on every board. Not for secrets. */
#ifndef ET_PRNG_H
#define ET_PRNG_H

#include <stdint.h>

typedef struct et_prng {
  uint32_t state; /* never 0 */
} et_prng;

/* Any seed is good; nearby seeds give unrelated sequences. */
void et_prng_seed(et_prng *prng, uint32_t seed);

/* One step of a bare state, never 0; inline for the loops in which a call would cost more than the step. */
static inline uint32_t et_xorshift32(uint32_t *state) {
  uint32_t x = *state;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  *state = x;
  return x;
}

/* 1..2^32 - 1, each once in a period. */
uint32_t et_prng_next(et_prng *prng);

/* 0..below - 1, below >= 1; off from uniform by at most below / 2^32. */
uint16_t et_prng_below(et_prng *prng, uint16_t below);

#endif
