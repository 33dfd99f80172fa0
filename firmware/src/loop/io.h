/* IO block (Edge2Train): features in, decision and actuation value out, each under a ticket. */
#ifndef ET_IO_H
#define ET_IO_H

#include "loop/trainer_state.h"

/* Decide for the features in the input block under `number` (1..65535). The same number with the same features returns the
 * same answer and runs nothing twice. Errors: NO_DEFINITION, NOT_SUPPORTED (stream models), TICKET_ZERO, TICKET_TAKEN,
 * FEATURE_RANGE (*detail = feature index); nothing changes then. */
et_error et_io_infer(et_trainer *trainer, uint16_t number, uint16_t *detail);

/* Ring index of the ticket, or -1. */
int16_t et_io_find(const et_trainer *trainer, uint16_t number);

/* Tickets that wait for feedback. */
uint16_t et_io_pending(const et_trainer *trainer);

/* Actuation value of a class; 0 without a definition. */
int16_t et_io_actuation(const et_trainer *trainer, uint8_t output_class);

/* Discard reason `reason` came up: it spoils every decision that waits. */
void et_io_spoil(et_trainer *trainer, et_discard_reason reason);

#endif
