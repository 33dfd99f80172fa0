/* The three generations of the model: running, candidate, previous. */
#ifndef ET_GENERATIONS_H
#define ET_GENERATIONS_H

#include "edge_trainer/contract.h"

typedef struct et_generations {
  uint8_t running, candidate, previous;          /* which of the three blocks */
  uint16_t number, previous_number, next_number; /* of the running generation; 0 = untrained */
  uint16_t accuracy, previous_accuracy;          /* held-out balanced accuracy, permille; 65535 = unknown */
  uint32_t fingerprint, previous_fingerprint;    /* CRC-32 of the blocks; 0 while it is being worked out, slice by slice */
  uint32_t fingerprint_at, fingerprint_crc;
} et_generations;

struct et_core;

/* Make the candidate block the running generation. `accuracy`: held-out balanced accuracy, permille; 65535 = not
 * evaluated. The caller logs it. */
void et_generations_promote(struct et_core *core, uint16_t accuracy);
/* Back to the previous generation. Errors: NO_DEFINITION, NO_PREVIOUS, BUSY. */
et_error et_generations_roll_back(struct et_core *core, et_event event);
/* One bounded slice of the running model's fingerprint; false when it is known. */
bool et_generations_fingerprint_slice(struct et_core *core);

#endif
