/* Start rule: what the plant had before anybody learned. It decides alone until other voices have proved better.
 *
 * A rule is an index and steps: the index is a feature as it stands in its register (a dead band, a design table) or the predicted mean
 * vote of ISO 7730 in 1/1000; the class is that of the first step whose end the index does not pass. Or it is a constant class, or the
 * PLC's own choice, which a feature carries as the class's code. */
#ifndef ET_START_RULE_H
#define ET_START_RULE_H

#include "edge_trainer/definition.h"

#define ET_RULE_SHIFT_MOST 16000

/* The rule's word for the features in the plant's registers, its steps moved by `shift`; ET_SILENT when it has none. The rule names
 * features and classes as they are stored; `definition` says where the plant has them. */
uint8_t et_start_rule_say(const et_start_rule *rule, const et_definition *definition, const int16_t *input, int16_t shift);

/* The same where the plant has `current`: a step is left only `hysteresis` past its end, unless its class is the default one. */
uint8_t et_start_rule_stay(const et_start_rule *rule, const et_definition *definition, const int16_t *input, int16_t shift,
                           uint8_t current);

/* Where the steps must go after `truth` came where the rule gave `proposed`: 1 = up, -1 = down, 0 = they are right. */
int32_t et_start_rule_towards(const et_start_rule *rule, uint8_t proposed, uint8_t truth);

/* Whether the rule fits so many features and classes. */
bool et_start_rule_valid(const et_start_rule *rule, uint8_t features, uint8_t classes);

/* Predicted mean vote, ISO 7730:2005 (1) to (4), in 1/1000, cut to +-3000; no external work. */
int16_t et_predicted_mean_vote(const float inputs[ET_PMV_INPUTS]);

#endif
