/* Closed-loop feedback block (Edge2Train): an outcome arrives for a ticket; the rule turns it into satisfied or not and, if not,
 * into the ground truth. */
#ifndef ET_FEEDBACK_H
#define ET_FEEDBACK_H

#include "decision/suspicion.h"
#include "edge_trainer/contract.h"

struct et_decide;

typedef struct et_feedback {
  int16_t set_point;
  bool manual_override, sensor_fault, unsatisfied;
  et_feedback_watch watch;
} et_feedback;

/* Judge the decision under `number`; `values`: one, or the target of each continuous output, checked to be in range. The same feedback again returns the same judgement and changes nothing.
 * Errors: NO_DEFINITION, TICKET_UNKNOWN, TICKET_JUDGED, CLASS_UNKNOWN, VALUE, RULE_MISMATCH. Outcomes that cannot be judged
 * (spoiled, too early, expired) are no errors: they are discarded, counted per reason and never stitched. */
et_error et_feedback_judge(struct et_decide *decide, uint16_t number, uint16_t kind, const int16_t *values);

/* What the rule calls right for an outcome (rules DEAD_BAND and LIMIT): a satisfactory one makes the decision itself the truth. Beyond the band
 * after the class of the other side the truth is the default class, where that is neither of them. */
uint8_t et_feedback_truth(const struct et_decide *decide, uint8_t decided, int16_t outcome);

/* Set point or limit of the rule; a change spoils the decisions that wait. */
void et_feedback_set_point(struct et_decide *decide, int16_t set_point);

#endif
