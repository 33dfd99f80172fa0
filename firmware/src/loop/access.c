#include "loop/access.h"

#include "loop/trainer_state.h"

et_error et_may_process(const et_trainer *trainer, et_write_level level) {
  const et_core *core = &trainer->core;
  if (trainer->server.broadcast && level > ET_WRITE_OUTCOME) return ET_BROADCAST;
  if (core->lock.key_set && level > (et_write_level)ET_PROCESS_WRITES_OUTCOME) return ET_PROCESS_CLOSED;
  return ET_OK;
}

et_error et_may_manage(const et_trainer *trainer) { return trainer->server.broadcast ? ET_BROADCAST : ET_OK; }

et_error et_may_upload(et_trainer *trainer) {
  if (trainer->server.broadcast) return ET_BROADCAST;
  return et_lock_open(&trainer->core) ? ET_OK : ET_LOCKED;
}
