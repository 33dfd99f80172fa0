/* From reset to main(): FPU, .data, .bss, stack paint; faults restart the board. */
#include <stddef.h>
#include <string.h>

#include "cortexm-common/cortexm.h"
#include "cortexm-common/board.h"

extern uint32_t et_stack_bottom[], et_stack_top[], et_data_load[], et_data_start[], et_data_end[], et_bss_start[], et_bss_end[];
extern uint8_t et_arena_start[], et_arena_end[];

#define PAINT 0xDEADBEEFu

void et_reset(void);
static void fault(void);
static void no_handler(void) {}
void et_systick_handler(void) __attribute__((weak, alias("no_handler")));
int main(void);

/* First 16 vectors (ARMv6-M ARM B1.5.3); the port's interrupts follow in section .vectors_irq. */
__attribute__((section(".vectors"), used)) static const et_handler vectors[16] = {
  (et_handler)(uintptr_t)et_stack_top, et_reset, fault, fault, fault, fault, fault, 0, 0, 0, 0, fault, fault, 0, fault,
  et_systick_handler
};

__attribute__((noreturn)) void et_reset(void) {
  __asm__ volatile("cpsid i" : : : "memory");
#ifdef __ARM_FP
  ET_REGISTER(0xE000ED88u) |= 0xFu << 20; /* CPACR: full access to CP10 and CP11 (ARMv7-M ARM B3.2.20) */
  __asm__ volatile("dsb\n\tisb" : : : "memory");
#endif
  {
    uint32_t *word = et_stack_bottom;
    uint32_t *here;
    __asm__ volatile("mov %0, sp" : "=r"(here));
    while (word < here - 8) *word++ = PAINT;
  }
  memcpy(et_data_start, et_data_load, (size_t)((uint8_t *)et_data_end - (uint8_t *)et_data_start));
  memset(et_bss_start, 0, (size_t)((uint8_t *)et_bss_end - (uint8_t *)et_bss_start));
  __asm__ volatile("cpsie i" : : : "memory");
  (void)main();
  et_system_reset();
  for (;;) {
  }
}

/* State is in the store; starting again is the only answer that a board in a cabinet can give. */
static void fault(void) { et_system_reset(); }

uint16_t et_stack_free(void *user) {
  const uint32_t *word = et_stack_bottom;
  (void)user;
  while (word < et_stack_top && *word == PAINT) word++;
  return (uint16_t)((const uint8_t *)word - (const uint8_t *)et_stack_bottom);
}

uint8_t *et_arena(void) { return et_arena_start; }
uint32_t et_arena_bytes(void) { return (uint32_t)(et_arena_end - et_arena_start); }
