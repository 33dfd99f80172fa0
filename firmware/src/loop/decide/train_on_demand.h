/* Train-on-demand block (Edge2Train): decides when to train, runs the job in bounded slices beside the loop, evaluates the
 * candidate where samples are held out, and installs it: how much its word counts is the voices' business. */
#ifndef ET_TRAIN_ON_DEMAND_H
#define ET_TRAIN_ON_DEMAND_H

#include "edge_trainer/contract.h"

struct et_decide;

typedef struct et_on_demand {
  uint16_t failed_trainings; /* in a row without reaching the threshold: drift */
  bool drift;
  uint32_t trained_ms;
  struct {
    uint16_t accuracy, balanced_accuracy;
  } candidate; /* the last one, on the samples held out */
  uint16_t evaluated_samples, evaluated_generation;
} et_on_demand;

/* Start a training now. Errors: NO_DEFINITION, BUSY, FROZEN, TOO_FEW_SAMPLES, SINGLE_CLASS, INCOMPLETE (an upload is going on). */
et_error et_train_start(struct et_decide *decide);
/* Evaluate the running model on the held-out samples now. Errors: NO_DEFINITION, BUSY, TOO_FEW_SAMPLES, NOT_SUPPORTED, INCOMPLETE. */
et_error et_train_evaluate(struct et_decide *decide);
/* Stop the running training or evaluation; the running model is untouched. */
void et_train_cancel(struct et_decide *decide);

/* One bounded slice: of the running job, or the decision to start one. Returns true when a job is running. */
bool et_train_slice(struct et_decide *decide);

/* A judgement has just entered the window: the end of a drift. */
void et_train_judged(struct et_decide *decide);

et_state et_train_state(const struct et_decide *decide);

#endif
