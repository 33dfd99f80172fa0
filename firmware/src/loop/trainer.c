#include "edge_trainer/trainer.h"

#include <string.h>

#include "loop/core/log.h"
#include "loop/line.h"
#include "loop/notes.h"
#include "loop/persistence.h"
#include "loop/redeploy.h"
#include "loop/trainer_state.h"

#define ET_DEFAULT_UNIT 1u

void et_trainer_begin(et_trainer *trainer, const et_port *port) {
  et_core *core = &trainer->core;
  memset(trainer, 0, sizeof *trainer);
  core->port = port;
  trainer->decide.core = trainer->stream.core = core;
  trainer->unit = ET_DEFAULT_UNIT;
  core->clock.seen_ms = port->clock_ms(port->user);
  et_modbus_begin(&trainer->server);
  et_uninstall(trainer);
  et_persistence_load(trainer);
  et_notes_load(trainer);
  et_line_begin(trainer);
  et_log(core, ET_EVENT_START, trainer->persistence.start_reason, trainer->persistence.refused);
}

void et_trainer_pick_loop(et_trainer *trainer) {
#if ET_WITH_STREAM
  if (et_is_stream(&trainer->core)) {
    trainer->ops = &et_stream_loop_ops;
    trainer->loop = &trainer->stream;
    return;
  }
#endif
  trainer->ops = &et_decide_ops;
  trainer->loop = &trainer->decide;
}

et_error et_trainer_set_mode(et_trainer *trainer, uint16_t mode, et_frozen_by by) {
  et_core *core = &trainer->core;
  if (mode > ET_MODE_FROZEN) return ET_VALUE;
  core->training.frozen_by = mode == ET_MODE_FROZEN ? (uint8_t)by : ET_FROZEN_BY_NOBODY;
  core->changes.noted = true;
  if (mode == core->training.mode) return ET_OK;
  if (mode == ET_MODE_FROZEN) {
    core->training.mode_before_freeze = core->training.mode;
    et_trainer_cancel(trainer);
  }
  core->training.mode = (uint8_t)mode;
  core->changes.wanted = true;
  et_log(core, ET_EVENT_MODE, mode, 0);
  return ET_OK;
}

/* Seconds since start, past the wrap of the millisecond clock. */
static void keep_time(et_trainer *trainer) {
  et_core *core = &trainer->core;
  const uint32_t now = et_now_ms(core);
  core->clock.rest_ms += now - core->clock.seen_ms;
  core->clock.seen_ms = now;
  core->clock.uptime_s += core->clock.rest_ms / 1000u;
  core->clock.operating_s += core->clock.rest_ms / 1000u;
  core->clock.rest_ms %= 1000u;
}

bool et_trainer_stop_slice(et_trainer *trainer) {
  et_changes *changes = &trainer->core.changes;
  if (et_job_runs(&trainer->core.job)) et_trainer_cancel(trainer);
  if (trainer->core.job.phase != ET_JOB_SAVE && (changes->wanted || changes->important)) changes->urgent = true;
  return et_notes_slice(trainer) || et_persistence_slice(trainer);
}

bool et_trainer_work(et_trainer *trainer) {
  keep_time(trainer);
  if (et_notes_slice(trainer)) return true;
  return trainer->ops->slice(trainer->loop) || et_generations_fingerprint_slice(&trainer->core) || et_persistence_slice(trainer);
}
