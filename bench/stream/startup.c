/* Start-up of a bare Cortex-M3/M4F on the MPS2 boards that QEMU emulates: vectors, data, bss, floating point unit. */
#include <stdint.h>
#include <string.h>

extern uint32_t stack_top, data_load, data_start, data_end, bss_start, bss_end;
int main(void);
void reset(void);

void reset(void) {
#ifdef __ARM_FP
  *(volatile uint32_t *)0xE000ED88u |= 0xfu << 20; /* CPACR: full access to CP10 and CP11 */
  __asm__ volatile("dsb\nisb");
#endif
  memcpy(&data_start, &data_load, (size_t)((uint8_t *)&data_end - (uint8_t *)&data_start));
  memset(&bss_start, 0, (size_t)((uint8_t *)&bss_end - (uint8_t *)&bss_start));
  (void)main();
  for (;;) {}
}

static void fault(void) {
  for (;;) {}
}

__attribute__((section(".vectors"), used)) static void (*const vectors[])(void) = {
    (void (*)(void))(uintptr_t)&stack_top, reset, fault, fault, fault, fault, fault};
