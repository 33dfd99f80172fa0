/* The voices of a deployed definition: what each says before a decision, and what each learns when the truth comes. */
#ifndef ET_SPEAKING_H
#define ET_SPEAKING_H

#include "loop/core/ticket.h"

struct et_decide;

typedef struct et_speaking {
  uint32_t since_ms; /* when the plant was given its present class */
  uint8_t current;   /* that class */
  bool given;        /* there is one; of continuous outputs: values were given since the start */
  uint8_t leader;    /* voice that has been right most often */
} et_speaking;

/* Ask the voices that need no model about the features that the decision is about. */
void et_ask(struct et_decide *decide, et_ticket *ticket);
/* Ask the models at once; `stored`: the features as they see them. */
void et_ask_models(struct et_decide *decide, const uint8_t *stored, et_ticket *ticket);
/* All voices have spoken: decide. Fills class, confidence and who decided. */
void et_speak(struct et_decide *decide, et_ticket *ticket);
/* The plant has this class from now on. */
void et_speaking_given(struct et_decide *decide, uint8_t output_class);

/* The truth of the ticket came: every table counts what was proposed before it. `lesson`: somebody taught it, in an order of their own. */
void et_speaking_learn(struct et_decide *decide, const et_ticket *ticket, bool lesson);

/* The models are gone: what they had earned goes with them; the rules and the last truth keep theirs. */
void et_speaking_forget_models(struct et_decide *decide);
/* The start rule is another one: it and what followed it have earned nothing yet. */
void et_speaking_forget_rule(struct et_decide *decide);

/* Nobody has earned anything yet. */
void et_speaking_begin(struct et_decide *decide);

#endif
