#include "support/prng.h"

void et_prng_seed(et_prng *prng, uint32_t seed) {
  /* Two multiply and fold rounds spread neighbouring seeds over the cycle. */
  seed = (seed ^ (seed >> 16)) * 0x7feb352du;
  seed = (seed ^ (seed >> 15)) * 0x846ca68bu;
  seed ^= seed >> 16;
  prng->state = seed == 0u ? 0x9e3779b9u : seed;
}

uint32_t et_prng_next(et_prng *prng) { return et_xorshift32(&prng->state); }

uint16_t et_prng_below(et_prng *prng, uint16_t below) { return (uint16_t)(((uint64_t)et_prng_next(prng) * below) >> 32); }
