/* A trainer on a board. */
#include "common/board.h"
#include "loop/trainer_state.h"

static et_trainer trainer;

int main(void) {
  const et_port *port = et_board_begin();
  et_trainer_begin(&trainer, port);
  for (;;) {
    et_board_alive();
    if (!et_trainer_poll(&trainer) && !port->sending(port->user)) et_board_wait();
  }
}
