/* IO block (Edge2Train): features in, decision and actuation value out, each under a ticket. */
#ifndef ET_IO_H
#define ET_IO_H

#include "edge_trainer/contract.h"
#include "edge_trainer/switches.h"
#include "loop/core/staging.h"
#include "loop/core/ticket.h"

struct et_decide;

typedef struct et_io {
  uint16_t ticket;  /* in the input block */
  uint8_t next;     /* ring position */
  et_ticket shown;  /* the decision in the decision block */
  uint8_t deciding; /* ring index, from 1, of the decision that is being made in slices; 0 = none */
  uint16_t cursor;  /* how far it has come */
  bool own;         /* the decision asked for last is about what the board has measured by itself, not about the input block */
  et_write_sequence words;
#if ET_WITH_ARRAY
  et_staging staged; /* the array that comes in, see decide/array.h */
  bool arriving;     /* no ticket has named it yet */
#endif
} et_io;

/* Decide for the features in the input block under `number` (1..65535). The same number with the same features returns the same answer
 * and runs nothing twice, as long as the same generation runs and a request named the number within ET_REPEAT_SECONDS; else it is a new
 * decision, which takes the place of the old one. One that takes longer than ET_DECISION_WORK is made in slices afterwards and shown when
 * it is made; only one at a time is. Errors: BUSY (another one is being made), NO_DEFINITION, NOT_SUPPORTED (stream models),
 * TICKET_ZERO, TICKET_TAKEN, FEATURE_RANGE (*detail = feature register), INPUT_OTHER; nothing changes then. */
et_error et_io_infer(struct et_decide *decide, uint16_t number, uint16_t *detail);

/* The same for what the board has measured by itself. */
et_error et_io_infer_own(struct et_decide *decide, uint16_t number, uint16_t *detail);

/* One bounded slice of a decision that is being made; false when there is none. */
bool et_io_slice(struct et_decide *decide);

/* Ticket of the decision that is being made; 0 = none. */
uint16_t et_io_deciding(const struct et_decide *decide);

/* Drops the decision that is being made, because its model or definition goes: its ticket is free again, and its array must come again. */
void et_io_abandon(struct et_decide *decide);

/* Ring index of the ticket, or -1. */
int16_t et_io_find(const struct et_decide *decide, uint16_t number);

/* The next number behind `after` that no known decision has. */
uint16_t et_io_next_ticket(const struct et_decide *decide, uint16_t after);

/* Whether the decision shown is that of `number`, which a request named within ET_REPEAT_SECONDS: its ticket alone is a repeat. */
bool et_io_repeats(struct et_decide *decide, uint16_t number);

/* Tickets that wait for feedback. */
uint16_t et_io_pending(const struct et_decide *decide);

/* Actuation value of a class, or the first continuous output of the decision shown; 0 without a definition. */
int16_t et_io_actuation(const struct et_decide *decide, uint8_t output_class);

/* Discard reason `reason` came up: it spoils every decision that waits. */
void et_io_spoil(struct et_decide *decide, et_discard_reason reason);

#endif
