#include "loop/access.h"

#include "loop/trainer_state.h"

/* What stays open while a key is set: the definition says. */
static et_write_level open_level(const et_core *core) {
  if (core->deployment.model == NULL) return ET_WRITE_OUTCOME;
  switch (core->deployment.definition.training->process_writes) {
  case ET_PROCESS_WRITES_DECIDE: return ET_WRITE_DECIDE;
  case ET_PROCESS_WRITES_ALL: return ET_WRITE_TEACH;
  default: return ET_WRITE_OUTCOME;
  }
}

et_error et_may_process(et_trainer *trainer, et_write_level level) {
  et_core *core = &trainer->core;
  if (trainer->server.broadcast && level > ET_WRITE_OUTCOME) return ET_BROADCAST;
  if (!core->lock.key_set || level <= open_level(core)) return ET_OK;
  if (!et_lock_open(core)) return ET_PROCESS_CLOSED;
  et_lock_keep_open(core); /* who has opened an upload teaches, too */
  return ET_OK;
}

et_error et_may_manage(const et_trainer *trainer) { return trainer->server.broadcast ? ET_BROADCAST : ET_OK; }

et_error et_may_upload(et_trainer *trainer) {
  if (trainer->server.broadcast) return ET_BROADCAST;
  return et_lock_open(&trainer->core) ? ET_OK : ET_LOCKED;
}
