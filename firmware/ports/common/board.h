/* What a port gives to main(), and what it gets from its linker script (sections.ld). */
#ifndef ET_BOARD_H
#define ET_BOARD_H

#include "edge_trainer/port.h"

/* Clocks, UART and timer on; returns the port. */
const et_port *et_board_begin(void);

/* Called once a round: tells the watchdog that the trainer still polls. */
void et_board_alive(void);

/* Nothing to compute, nothing to send: sleep until the next interrupt, 20 ms at most. */
void et_board_wait(void);

/* The first thing after a reset, on the stack of sections.ld: paints that stack, fills .data, clears .bss. */
void et_memory_begin(void);

/* et_port.stack_free: bytes of the stack that were never used since the start. */
uint16_t et_stack_free(void *user);

/* The arena: all SRAM that the linker left. */
uint8_t *et_arena(void);
uint32_t et_arena_bytes(void);

#endif
