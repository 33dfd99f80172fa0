/* Milliseconds and microseconds from SysTick. */
#ifndef ET_SYSTICK_CLOCK_H
#define ET_SYSTICK_CLOCK_H

#include <stdint.h>

/* Interrupt every millisecond of the processor clock, `hertz` <= 16.7 GHz / 1000, a multiple of 1 MHz. */
void et_systick_begin(uint32_t hertz);
uint32_t et_systick_ms(void *user); /* et_port.clock_ms */
uint32_t et_systick_us(void *user); /* et_port.clock_us; may be called from an interrupt */

#endif
