/* The blocks that decide from stitched samples. */
#ifndef ET_DECIDE_H
#define ET_DECIDE_H

#include "loop/core/core.h"
#include "loop/core/loop_ops.h"
#include "loop/decide/data_set.h"
#include "loop/decide/feedback.h"
#include "loop/decide/io.h"
#include "loop/decide/local_io.h"
#include "loop/decide/outputs.h"
#include "loop/decide/sample_ring.h"
#include "loop/decide/speaking.h"
#include "loop/decide/stitching.h"
#include "loop/decide/train_on_demand.h"

typedef struct et_decide {
  et_core *core;
  et_io io;
#if ET_WITH_LOCAL_IO
  et_local local;
#endif
#if ET_WITH_ARRAY
  et_sample_ring ring;
#endif
  et_speaking speaking;
  et_feedback feedback;
  et_stitching stitching;
  et_on_demand on_demand;
} et_decide;

/* Features in register order: what the board has measured by itself, or the input block. */
static inline const int16_t *et_features_of(const et_core *core, bool own) {
  return ET_WITH_LOCAL_IO != 0 && own ? et_measured(core) : et_input(core);
}
/* Those that the decision asked for last is about. */
static inline const int16_t *et_asked(const et_decide *decide) { return et_features_of(decide->core, decide->io.own); }

extern const et_loop_ops et_decide_ops;

#endif
