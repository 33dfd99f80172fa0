/* A trainer on a Cortex-M board. */
#include "cortexm-common/board.h"
#include "cortexm-common/cortexm.h"
#include "loop/trainer_state.h"

static et_trainer trainer;

int main(void) {
  const et_port *port = et_board_begin();
  et_trainer_begin(&trainer, port);
  for (;;) {
    et_board_alive();
    /* Nothing to compute and nothing to send: sleep until the next byte or the next millisecond. */
    if (!et_trainer_poll(&trainer) && !port->sending(port->user)) et_wait_for_interrupt();
  }
}
