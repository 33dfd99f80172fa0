/* From reset to main(): vectors, FPU, memory; faults restart the board. */
#include "common/board.h"
#include "cortexm-common/cortexm.h"

extern uint32_t et_stack_top[];

void et_reset(void);
static void fault(void);
static void no_handler(void) {}
void et_systick_handler(void) __attribute__((weak, alias("no_handler")));
/* What a chip does before all else, with nothing set up but the stack pointer. */
void et_reset_begins(void) __attribute__((weak, alias("no_handler")));
int main(void);

/* First 16 vectors (ARMv6-M ARM B1.5.3); the port's interrupts follow in section .vectors_irq. */
__attribute__((section(".vectors"), used)) static const et_handler vectors[16] = {(et_handler)(uintptr_t)et_stack_top,
                                                                                  et_reset,
                                                                                  fault,
                                                                                  fault,
                                                                                  fault,
                                                                                  fault,
                                                                                  fault,
                                                                                  0,
                                                                                  0,
                                                                                  0,
                                                                                  0,
                                                                                  fault,
                                                                                  fault,
                                                                                  0,
                                                                                  fault,
                                                                                  et_systick_handler};

__attribute__((noreturn)) void et_reset(void) {
  et_reset_begins();
  __asm__ volatile("cpsid i" : : : "memory");
#ifdef __ARM_FP
  ET_REGISTER(0xE000ED88u) |= 0xFu << 20; /* CPACR: full access to CP10 and CP11 (ARMv7-M ARM B3.2.20) */
  __asm__ volatile("dsb\n\tisb" : : : "memory");
#endif
#if __ARM_ARCH >= 7
  SCB_VTOR = (uint32_t)(uintptr_t)vectors; /* a boot loader that started this firmware leaves its own there */
#endif
  et_memory_begin();
  __asm__ volatile("cpsie i" : : : "memory");
  (void)main();
  et_system_reset();
  for (;;) {}
}

/* State is in the store; starting again is the only answer that a board in a cabinet can give. */
static void fault(void) { et_system_reset(); }

void et_board_wait(void) { __asm__ volatile("wfi" : : : "memory"); }
