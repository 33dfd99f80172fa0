#include "edge_trainer/trainer.h"

#include <string.h>

#include "loop/commands.h"
#include "loop/log.h"
#include "loop/persistence.h"
#include "loop/registers.h"
#include "loop/stitching.h"
#include "loop/train_on_demand.h"
#include "loop/trainer_state.h"

#define ET_DEFAULT_UNIT 1u

uint32_t et_ticket_bytes(void) { return (uint32_t)sizeof(et_ticket); }

void et_trainer_begin(et_trainer *trainer, const et_port *port) {
  memset(trainer, 0, sizeof *trainer);
  trainer->port = port;
  trainer->unit = ET_DEFAULT_UNIT;
  trainer->clock_seen_ms = port->clock_ms(port->user);
  et_modbus_begin(&trainer->server);
  et_registers_space(trainer, &trainer->space);
  et_uninstall(trainer);
  et_persistence_load(trainer);
  et_log(trainer, ET_EVENT_START, trainer->start_reason, 0);
}

/* Seconds since start, past the wrap of the millisecond clock. */
static void keep_time(et_trainer *trainer) {
  const uint32_t now = et_now_ms(trainer);
  trainer->uptime_rest_ms += now - trainer->clock_seen_ms;
  trainer->clock_seen_ms = now;
  trainer->uptime_s += trainer->uptime_rest_ms / 1000u;
  trainer->uptime_rest_ms %= 1000u;
}

bool et_trainer_poll(et_trainer *trainer) {
  const et_port *port = trainer->port;
  keep_time(trainer);
  if (trainer->restart_pending) { /* the answer goes out first; what is asked meanwhile is for after the start */
    if (port->sending(port->user)) return true;
    trainer->restart_pending = false;
    if (port->restart != NULL) port->restart(port->user);
    else et_trainer_begin(trainer, port);
    return true;
  }
  (void)et_modbus_poll(&trainer->server, port, trainer->unit, &trainer->space);
  return et_stitch_waiting(trainer) || et_train_slice(trainer) || et_train_fingerprint_slice(trainer) ||
         et_persistence_slice(trainer) || trainer->restart_pending;
}
