/* Train-on-demand block (Edge2Train): decides when to train, runs the job in bounded slices beside the loop, evaluates the
 * candidate on the held-out samples, promotes it only if it is at least as good, and takes it back if the plant says otherwise. */
#ifndef ET_TRAIN_ON_DEMAND_H
#define ET_TRAIN_ON_DEMAND_H

#include "loop/trainer_state.h"

/* Start a training now. Errors: NO_DEFINITION, BUSY, FROZEN, TOO_FEW_SAMPLES, SINGLE_CLASS, INCOMPLETE (an upload is going on). */
et_error et_train_start(et_trainer *trainer);
/* Evaluate the running model on the held-out samples now. Errors: NO_DEFINITION, BUSY, TOO_FEW_SAMPLES, NOT_SUPPORTED, INCOMPLETE. */
et_error et_train_evaluate(et_trainer *trainer);
/* Stop the running training or evaluation; the running model is untouched. */
void et_train_cancel(et_trainer *trainer);
/* Back to the previous generation. Errors: NO_PREVIOUS, BUSY. */
et_error et_train_roll_back(et_trainer *trainer, et_event event);
/* Make the candidate block the running generation. `accuracy`: held-out balanced accuracy, permille. */
void et_train_promote(et_trainer *trainer, uint16_t accuracy, et_event event);
et_error et_train_set_mode(et_trainer *trainer, uint16_t mode);

/* One bounded slice: of the running job, or the decision to start one. Returns true when a job is running. */
bool et_train_slice(et_trainer *trainer);

/* One bounded slice of the running model's fingerprint; false when it is known. */
bool et_train_fingerprint_slice(et_trainer *trainer);

/* Whether a job holds the data set still. */
bool et_train_holds_samples(const et_trainer *trainer);
/* A judgement of a decision of `generation` has just entered the window: automatic rollback, drift. */
void et_train_judged(et_trainer *trainer, uint16_t generation, bool satisfied);

et_state et_train_state(const et_trainer *trainer);

#endif
