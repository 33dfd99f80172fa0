/* One generation of an echo state network: a flat block without pointers, the same bytes in RAM, store and backup and the same
 * layout in the float and the fixed-point build.
 *
 *   et_esn_block | scale K | residual mean K, sd K | energy mean K, sd K | weights K (N + 1) | rows ET_ESN_ROWS, 3 int16 each
 *
 * Everything that moves while scoring (drift, the online part of the threshold, an adapting readout) lives in the shared
 * memory, so a generation keeps its fingerprint. */
#ifndef ET_ESN_BLOCK_H
#define ET_ESN_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "edge_trainer/esn_parameters.h"
#include "models/esn/threshold.h"

/* Calibration windows kept. More than the least calibration of 100, so that that one is kept whole. */
#define ET_ESN_ROWS 112u

/* What the score is made of, per window, as kept for calibration: natural logarithms, Q10. */
typedef struct et_esn_row {
  int16_t residual; /* mean over channels of log residual energy: the log of their geometric mean, so no channel needs a unit */
  int16_t state;    /* log energy of the state */
  int16_t rms;      /* baseline: log RMS of the signal, mean removed, all channels together */
} et_esn_row;

typedef struct et_esn_block {
  uint32_t stamp;      /* identity of this generation among those in memory; 0 = untrained */
  uint32_t seed;       /* of the definition it was learned under: with another one the weights mean nothing */
  uint16_t units;
  uint8_t channels;
  uint8_t valid;       /* 1 = learned and calibrated */
  uint8_t sign_draw;   /* 0..ET_ESN_SIGN_DRAWS - 1 */
  uint8_t constant;    /* bit k: channel k did not move while learning */
  uint16_t boosts;     /* pivots of the solver raised to the ridge: the Gram matrix was not positive definite to rounding */
  uint32_t windows;    /* calibration windows seen */
  uint16_t rows;       /* of them kept, 0..ET_ESN_ROWS */
  uint16_t stride;     /* every stride-th window was kept */
  uint16_t next;       /* place the next false alarm is stitched into */
  uint16_t reserved;
  float centre[2];     /* mean of residual and state over healthy windows */
  float spread[2];     /* their standard deviations */
  float inverse[3];    /* inverse covariance, packed lower triangle */
  float rms_centre;
  float rms_spread;
  et_esn_tail score;   /* threshold of the score */
  et_esn_tail baseline;
} et_esn_block;

static inline unsigned et_esn_n(const et_definition *definition) { return et_esn_of(definition)->units + 1u; }

static inline uint32_t et_esn_block_bytes(const et_definition *definition) {
  const uint32_t channels = definition->core->features;
  return (uint32_t)sizeof(et_esn_block) + 4u * (5u * channels + channels * et_esn_n(definition)) +
         (uint32_t)(ET_ESN_ROWS * sizeof(et_esn_row));
}

/* Parts behind the head; const is the caller's affair, as with strchr. */
static inline float *et_esn_scale(const et_esn_block *block) { return (float *)(uintptr_t)(block + 1); }
static inline float *et_esn_residual_mean(const et_esn_block *block) { return et_esn_scale(block) + block->channels; }
static inline float *et_esn_residual_spread(const et_esn_block *block) { return et_esn_scale(block) + 2 * block->channels; }
static inline float *et_esn_energy_mean(const et_esn_block *block) { return et_esn_scale(block) + 3 * block->channels; }
static inline float *et_esn_energy_spread(const et_esn_block *block) { return et_esn_scale(block) + 4 * block->channels; }
static inline float *et_esn_weights(const et_esn_block *block) { return et_esn_scale(block) + 5 * block->channels; }
static inline et_esn_row *et_esn_rows(const et_esn_block *block) {
  return (et_esn_row *)(void *)(et_esn_weights(block) + (uint32_t)block->channels * (block->units + 1u));
}

#endif
