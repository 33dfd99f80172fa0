/* The loop that the board closes by itself: at each interval it reads its own channels, tells what became of its last decision, decides, and
 * drives its own output. A channel that fails, or a feature out of its range, drives the fail-safe class instead until all is well again. */
#ifndef ET_LOCAL_IO_H
#define ET_LOCAL_IO_H

#include "edge_trainer/definition.h"
#include "edge_trainer/port.h"
#include "loop/core/ticket.h"

struct et_decide;

typedef struct et_local {
  uint32_t due_ms; /* when the next decision is */
  uint16_t ticket; /* of the last one; 0 = none */
  uint16_t judged; /* the last decision that an outcome may still judge; 0 = none, or it was not in force */
  int16_t value;   /* that the output was driven with last */
  uint8_t state;   /* et_local_state */
  uint8_t channel; /* that it is about */
  bool started;    /* due_ms holds */
  bool drives;     /* the output was driven since the start */
} et_local;

#if ET_WITH_LOCAL_IO
/* Whether the board has the channels that the definition names. Errors: BOARD_CANNOT (*detail = the channel that it lacks). */
et_error et_local_fits(const et_port *port, const et_definition *definition, uint16_t *detail);

/* What is due now; false = nothing. */
bool et_local_slice(struct et_decide *decide);

/* After each decision: one of the board's own drives the output. */
void et_local_decided(struct et_decide *decide, const et_ticket *ticket);

/* The definition is about to give way to `after` (NULL = none). An output that nobody drives from then on gets the fail-safe value. */
void et_local_leave(struct et_decide *decide, const et_definition *after);
#else
#define et_local_fits(port, definition, detail) ET_OK
#define et_local_slice(decide) false
#define et_local_decided(decide, ticket) ((void)0)
#define et_local_leave(decide, after) ((void)0)
#endif

#endif
