/* A round with the wire. In a file of its own: a program that never polls links no registers. */
#include "loop/line.h"
#include "loop/registers.h"
#include "loop/trainer_state.h"

bool et_trainer_poll(et_trainer *trainer) {
  et_core *core = &trainer->core;
  const et_port *port = core->port;
  if (trainer->leaving && et_now_ms(core) - trainer->leaving_ms >= 1000u * ET_LEAVE_SECONDS) trainer->restart_pending = true;
  if (trainer->restart_pending) { /* the answer goes out first; what is asked meanwhile is for after the start */
    if (port->sending(port->user) || et_trainer_stop_slice(trainer)) return true;
    trainer->restart_pending = false;
    if (trainer->leaving) port->boot_loader(port->user);
    trainer->leaving = false;
    if (port->restart != NULL) {
      port->restart(port->user);
      return true;
    }
    et_line_end(trainer);
    et_trainer_begin(trainer, port);
    return true;
  }
  if (trainer->space.user == NULL) et_registers_space(trainer, &trainer->space);
  et_line_slice(trainer);
  (void)et_modbus_poll(&trainer->server, port, trainer->unit, &trainer->space);
  return et_trainer_work(trainer) || trainer->restart_pending;
}
