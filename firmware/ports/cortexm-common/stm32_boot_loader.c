/* A watchdog that runs is stopped by a reset alone, and the boot loader wants clocks and peripherals as a reset leaves them. So the chip
 * restarts with two words at the bottom of its SRAM, which keeps them; the first thing after the reset looks for them there, before the
 * stack is painted. A power-on leaves both by chance once in 2^64. */
#include "cortexm-common/stm32_boot_loader.h"

#include "common/board.h"
#include "cortexm-common/cortexm.h"

#define MARK 0xB007104Du

extern volatile uint32_t et_stack_bottom[];

void et_stm32_boot_loader(void *user) {
  (void)user;
  (void)et_mask_interrupts();
  et_stack_bottom[0] = MARK;
  et_stack_bottom[1] = ~MARK;
  et_system_reset();
}

void et_reset_begins(void) {
  const uint32_t *vectors = (const uint32_t *)ET_SYSTEM_MEMORY;
  if (et_stack_bottom[0] != MARK || et_stack_bottom[1] != ~MARK) return;
  et_stack_bottom[0] = 0;
  SCB_VTOR = ET_SYSTEM_MEMORY;
  __asm__ volatile("msr msp, %0\n\tbx %1" : : "r"(vectors[0]), "r"(vectors[1]) : "memory");
}
