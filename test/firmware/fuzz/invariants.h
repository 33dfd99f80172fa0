/* What must hold whatever happened; what does not ends the program. */
#ifndef FUZZ_INVARIANTS_H
#define FUZZ_INVARIANTS_H

#include "loop/trainer_state.h"

void check(const et_trainer *trainer);
/* The output of the board's own loop gets this value. */
void check_driven(const et_trainer *trainer, int16_t value);
/* A decision was made: the code of its class, and its actuation value or first output. */
void check_decided(const et_trainer *trainer, uint8_t code, int16_t value);

#endif
