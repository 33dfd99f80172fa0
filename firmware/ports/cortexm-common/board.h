/* What a Cortex-M port gives to main(). */
#ifndef ET_BOARD_H
#define ET_BOARD_H

#include "edge_trainer/port.h"

/* Clocks, UART and timer on; returns the port. */
const et_port *et_board_begin(void);

/* Called once a round: tells the watchdog that the trainer still polls. */
void et_board_alive(void);

#endif
