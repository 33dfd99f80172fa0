/* Stands in for the boot loader in the ROM of an STM32, which no emulator has: it takes the processor as a reset leaves it, answers the
 * first byte of AN3155, and starts the firmware again when told "go" ('g'). Its table has no handler for any interrupt. */
#include "cortexm-common/cortexm.h"

#define SR ET_REGISTER(ROM_USART + 0x00u)
#define DR ET_REGISTER(ROM_USART + 0x04u)
#define CR1 ET_REGISTER(ROM_USART + 0x0Cu)
#define ON 0x200Cu /* UE, TE, RE */
#define RECEIVED (1u << 5)

static void rom(void);
extern uint32_t et_stack_top[];

__attribute__((section(".system"), used)) static const et_handler table[2] = {(et_handler)(uintptr_t)et_stack_top, rom};

static void rom(void) {
  const uint32_t *firmware = (const uint32_t *)0x08000000u;
  uint32_t masked;
  __asm__ volatile("mrs %0, primask" : "=r"(masked));
  CR1 = ON;
  for (;;) {
    while ((SR & RECEIVED) == 0u) {}
    const uint32_t byte = DR & 0xFFu;
    if (byte == 0x7Fu) DR = masked == 0u ? 0x79u : 0x1Fu;
    if (byte == 'g') __asm__ volatile("msr msp, %0\n\tbx %1" : : "r"(firmware[0]), "r"(firmware[1]) : "memory");
  }
}
