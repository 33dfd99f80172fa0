/* One generation of an echo state network: a flat block without pointers, the same bytes in RAM, store and backup and the same
 * layout in the float and the fixed-point build.
 *
 *   et_esn_block | scale K | weights K (N + 1) | et_healthy (what healthy windows look like)
 *
 * What moves while scoring (an adapting readout) lives in the shared memory, so a generation keeps its fingerprint. */
#ifndef ET_ESN_BLOCK_H
#define ET_ESN_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "edge_trainer/esn_parameters.h"
#include "models/stream/healthy.h"

typedef struct et_esn_block {
  uint32_t stamp; /* identity of this generation among those in memory; 0 = untrained */
  uint32_t seed;  /* of the definition it was learned under: with another one the weights mean nothing */
  uint16_t units;
  uint8_t channels;
  uint8_t valid;     /* 1 = learned, and healthy windows known */
  uint8_t sign_draw; /* 0..ET_ESN_SIGN_DRAWS - 1 */
  uint8_t constant;  /* bit k: channel k did not move while learning */
  uint16_t boosts;   /* pivots of the solver raised to the ridge: the Gram matrix was not positive definite to rounding */
} et_esn_block;

static inline unsigned et_esn_n(const et_definition *definition) { return et_esn_of(definition)->units + 1u; }

/* The vector of a window: per channel the log residual energy, the log energy of the state, and, to tell patterns apart, per channel
 * the log energy of the signal. */
static inline et_healthy_shape et_esn_shape(const et_definition *definition) {
  const uint16_t channels = definition->core->features;
  return (et_healthy_shape){(uint16_t)(2u * channels + 1u), (uint16_t)(channels + 1u), ET_COVARIANCE_FULL};
}

static inline uint32_t et_esn_block_bytes(const et_definition *definition) {
  const uint32_t channels = definition->core->features;
  const et_healthy_shape shape = et_esn_shape(definition);
  return (uint32_t)sizeof(et_esn_block) + 4u * (channels + channels * et_esn_n(definition)) + et_healthy_bytes(&shape);
}

/* Parts behind the head; const is the caller's affair, as with strchr. */
static inline float *et_esn_scale(const et_esn_block *block) { return (float *)(uintptr_t)(block + 1); }
static inline float *et_esn_weights(const et_esn_block *block) { return et_esn_scale(block) + block->channels; }
static inline et_healthy *et_esn_healthy(const et_esn_block *block) {
  return (et_healthy *)(void *)(et_esn_weights(block) + (uint32_t)block->channels * (block->units + 1u));
}

#endif
