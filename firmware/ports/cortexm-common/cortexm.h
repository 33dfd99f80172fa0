/* What every Cortex-M has: SysTick, NVIC, reset request, interrupt mask (ARMv6-M ARM B3.2..B3.4, ARMv7-M ARM B3.2..B3.4). */
#ifndef ET_CORTEXM_H
#define ET_CORTEXM_H

#include <stdbool.h>
#include <stdint.h>

#define ET_REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define SYST_CSR ET_REGISTER(0xE000E010u) /* bit 0 enable, 1 interrupt, 2 processor clock */
#define SYST_RVR ET_REGISTER(0xE000E014u)
#define SYST_CVR ET_REGISTER(0xE000E018u)
#define NVIC_ISER0 0xE000E100u
#define SCB_ICSR ET_REGISTER(0xE000ED04u) /* bit 26: SysTick pending */
#define SCB_VTOR ET_REGISTER(0xE000ED08u) /* not on a Cortex-M0 */
#define SCB_AIRCR ET_REGISTER(0xE000ED0Cu)

typedef void (*et_handler)(void);

static inline void et_enable_interrupt(uint32_t number) { ET_REGISTER(NVIC_ISER0 + 4u * (number >> 5)) = 1ul << (number & 31u); }

static inline uint32_t et_mask_interrupts(void) {
  uint32_t before;
  __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(before) : : "memory");
  return before;
}
static inline void et_unmask_interrupts(uint32_t before) { __asm__ volatile("msr primask, %0" : : "r"(before) : "memory"); }

static inline void et_system_reset(void) {
  __asm__ volatile("dsb" : : : "memory");
  SCB_AIRCR = 0x05FA0004u; /* VECTKEY, SYSRESETREQ */
  for (;;) {}
}

#endif
