/* What each way of deciding gives to the loop: from stitched samples (decide/), or from a stream (stream/). */
#ifndef ET_LOOP_OPS_H
#define ET_LOOP_OPS_H

#include "edge_trainer/contract.h"

typedef struct et_loop_ops {
  /* One bounded slice of the work that is due; false = none is due. */
  bool (*slice)(void *loop);
  /* Start a training; `which`: of a stream, the place of the bank to learn. Errors: NO_DEFINITION, BUSY, FROZEN, INCOMPLETE (an upload is going on), what the model says. */
  et_error (*start)(void *loop, uint32_t which);
  /* Evaluate the running model. Errors: as start, NOT_SUPPORTED. */
  et_error (*evaluate)(void *loop);
  /* Stop the running training or evaluation; the running model is untouched. */
  void (*cancel)(void *loop);
  /* Judge decision or alarm `number`. `values`: one, or the target of each continuous output. */
  et_error (*judge)(void *loop, uint16_t number, uint16_t kind, const int16_t *values);
  et_state (*state)(const void *loop);
} et_loop_ops;

#endif
