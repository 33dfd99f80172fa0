/* The voices of a deployed definition: what each says before a decision, and what each learns when the truth comes. */
#ifndef ET_SPEAKING_H
#define ET_SPEAKING_H

#include "loop/core/ticket.h"

struct et_decide;

typedef struct et_speaking {
  uint32_t since_ms; /* when the plant was given its present class */
  uint8_t current;   /* that class */
  bool given;        /* there is one */
  uint8_t leader;    /* voice that has been right most often */
} et_speaking;

/* Ask all voices about the features in the input block, `stored` as a model sees them, and decide: fills class, confidence, and who
 * said what. */
void et_speak(struct et_decide *decide, const uint8_t *stored, et_ticket *ticket);

/* The truth of the ticket came: every table counts what was said before it. `lesson`: somebody taught it, in an order of their own. */
void et_hear(struct et_decide *decide, const et_ticket *ticket, bool lesson);

/* Nobody has earned anything yet. */
void et_speaking_begin(struct et_decide *decide);

#endif
