/* Continuous outputs: values in place of a class. What is given, how near to its target it came, and which model takes over.
 *
 * The rest of the loop sees a definition with one class, of which all samples are. Values and targets lie in rows of the arena
 * (data_set.h), in register units and in the order of the outputs' identities; registers translate. */
#ifndef ET_OUTPUTS_H
#define ET_OUTPUTS_H

#include "loop/core/core.h"

struct et_decide;

/* The definition gives values, not classes. */
static inline bool et_gives_values(const et_core *core) {
  return core->deployment.model != NULL && et_output_count(&core->deployment.definition) != 0u;
}

/* The output whose register is `position`; 255 when there is none. */
uint8_t et_output_at(const et_definition *definition, uint16_t position);

/* The decision of the ticket at ring index `place`: what the running model has just made, or the initial values. */
void et_outputs_speak(struct et_decide *decide, uint8_t place);
/* The decision at `place` is the one shown. */
void et_outputs_show(const et_core *core, uint8_t place);

/* Targets come for the decision at `place`. */
void et_outputs_tell(const et_core *core, uint8_t place, const int16_t *targets);
/* The target of the only output by the rule tracking: what it gave, corrected by how far the outcome is off the set point, within its range. */
int16_t et_outputs_tracked(const et_core *core, int16_t set_point, int16_t given, int16_t outcome);
/* Whether they are the ones that came before. */
bool et_outputs_told(const et_core *core, uint8_t place, const int16_t *targets);
/* Every output is as near to its target as the definition wants it. */
bool et_outputs_met(const et_core *core, uint8_t place);

/* ---- Evaluation: the mean of the targets that are trained on, then the errors on the samples that are not ---- */

/* A bounded part of the mean; true when it is known. `job.cursor` 0 begins. */
bool et_outputs_mean_slice(et_core *core, uint16_t samples);
/* Errors are zero again. */
void et_outputs_begin_evaluation(et_core *core, bool candidate);
/* `model` has decided for a sample; NULL: there is none yet, and the initial values stand. */
void et_outputs_evaluate(et_core *core, bool candidate, const uint8_t *model, uint16_t sample);
/* 1000 less the mean absolute error in permille of the ranges, over `job.evaluated` samples. */
uint16_t et_outputs_accuracy(const et_core *core, bool candidate);
/* The same for the trivial rule, which always gives the mean. */
uint16_t et_outputs_mean_accuracy(const et_core *core);
/* The candidate's error is no larger than that of the running model; of the first one, smaller than that of the mean. */
bool et_outputs_takes_over(const et_core *core);
/* The errors of this model are those that registers show; nothing evaluated: none are. */
void et_outputs_show_errors(const et_core *core, bool candidate);
/* Forgets them, together with the models. */
void et_outputs_forget_errors(const et_core *core);

/* Targets and values in the register units of `after`. */
void et_outputs_convert(const et_core *core, const et_definition *after, uint16_t samples);

#endif
