/* Data stitching block (Edge2Train): features, decision and ground truth become a training sample. */
#ifndef ET_STITCHING_H
#define ET_STITCHING_H

#include "loop/trainer_state.h"

/* Stitch the judged ticket at ring index `place`. `always`: unsatisfactory or taught; else the configured share is taken.
 * While a job holds the data set, a sample that would replace another waits in its ticket. */
void et_stitch(et_trainer *trainer, uint8_t place, bool always);

/* Whether a sample waits. */
bool et_stitch_pending(const et_trainer *trainer);

/* One bounded slice of stitching what waited, once no job holds the data set; false when there is nothing. */
bool et_stitch_waiting(et_trainer *trainer);

/* Forget all samples. */
void et_stitch_clear(et_trainer *trainer);

/* The data set as models see it. */
void et_stitch_set(const et_trainer *trainer, et_sample_set *set);

#endif
