/* Following rule: the start rule with its steps moved by the truths, as a thermostat whose set point people move.
 *
 * The shift is an integrator, and one that may depend on the hour, the season, the day of the week: features of the definition, its
 * contexts. It is the sum of an offset that holds everywhere and, per context, of a straight line between 17 places spread evenly over
 * the feature's range. A wrong word moves the shift one step `follow` at most towards its truth, shared between the offset and the
 * places around by their part in it: normalised least mean squares (Widrow, Hoff) on the sign of the error, as for ranks (Crammer,
 * Singer, "Pranking with Ranking", NIPS 2001). The step is as long as the last errors agree, and at least a quarter: where truths
 * contradict each other around the right shift, it hardly moves (after Jacobs, "Increased rates of convergence", 1988). */
#ifndef ET_FOLLOWING_RULE_H
#define ET_FOLLOWING_RULE_H

#include "decision/start_rule.h"

#define ET_FOLLOWING_PLACES 17u

/* Saved as it is; `places`: int16 [contexts][17]. Offset and places in 1/256 of a step `follow`. */
typedef struct et_following {
  int32_t offset;
  int16_t shift; /* of the last word, units of the rule's index */
  int16_t trend; /* mean of the last errors, +-256: truths lay down, up, or both ways alike */
  int16_t places[];
} et_following;

/* 0 for a rule that does not follow. */
uint32_t et_following_bytes(const et_start_rule *rule);

/* The shift for a decision whose features a model would see as `stored`: kept in `following->shift`. */
int16_t et_following_shift(et_following *following, const et_start_rule *rule, const et_definition *definition, const void *stored);

/* `truth` came for the decision with these features, whose class the rule had given as `proposed`. */
void et_following_learn(et_following *following, const et_start_rule *rule, const et_definition *definition, const void *stored,
                        uint8_t proposed, uint8_t truth);

#endif
