/* This machine as a board: what a program reports, without a clock. */
#include <stdio.h>
#include <stdlib.h>

#include "board.h"

uint32_t board_ticks(void) { return 0; }
void board_report(const char *name, uint32_t value) { printf("%s %u\n", name, value); }
_Noreturn void board_stop(void) { exit(1); }
