#include "loop/decide/decide.h"
#include "loop/decide/relabel.h"

static bool work(void *loop) {
  return et_local_slice(loop) || et_io_slice(loop) || et_relabel_slice(loop) || et_stitch_waiting(loop) || et_train_slice(loop);
}
/* A sensor does not wait: its samples are taken beside the work. */
static bool slice(void *loop) {
  const bool sampled = et_ring_slice(loop);
  return work(loop) || sampled;
}
static et_error start(void *loop, uint32_t which) {
  (void)which; /* there is one training */
  return et_train_start(loop);
}
static et_error evaluate(void *loop) { return et_train_evaluate(loop); }
static void cancel(void *loop) { et_train_cancel(loop); }
static et_error judge(void *loop, uint16_t number, uint16_t kind, const int16_t *values) {
  return et_feedback_judge(loop, number, kind, values);
}
static et_state state(const void *loop) { return et_train_state(loop); }

const et_loop_ops et_decide_ops = {slice, start, evaluate, cancel, judge, state};
