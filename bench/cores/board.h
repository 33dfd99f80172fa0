/* The bare board under a program: a timer that counts instructions and a way to report. QEMU runs with -icount shift=0,
 * one instruction a nanosecond of the board's time, so a timer at f Hz ticks every 1e9 / f instructions. */
#ifndef BENCH_CORES_BOARD_H
#define BENCH_CORES_BOARD_H

#include <stdint.h>

uint32_t board_ticks(void); /* wraps at 2^32 */
void board_report(const char *name, uint32_t value);
_Noreturn void board_stop(void);

#endif
