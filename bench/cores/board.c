#include "board.h"

#include <stddef.h>
#include <string.h>

extern uint32_t stack_top, data_load, data_start, data_end, bss_start, bss_end;
int main(void);
_Noreturn void reset(void);

#ifdef BOARD_MICROBIT
#define NRF_TIMER0 0x40008000u /* 16 MHz, 32 bits */
#define REGISTER(offset) (*(volatile uint32_t *)(uintptr_t)(NRF_TIMER0 + (offset)))
static void start_timer(void) {
  REGISTER(0x508) = 3; /* BITMODE: 32 bit */
  REGISTER(0x510) = 0; /* PRESCALER */
  REGISTER(0x000) = 1; /* START */
}
uint32_t board_ticks(void) {
  REGISTER(0x040) = 1; /* CAPTURE[0] */
  return REGISTER(0x540);
}
#else
#define CMSDK_TIMER0 0x40000000u /* 25 MHz, counts down */
#define REGISTER(offset) (*(volatile uint32_t *)(uintptr_t)(CMSDK_TIMER0 + (offset)))
static void start_timer(void) {
  REGISTER(0x8) = 0xffffffffu; /* RELOAD */
  REGISTER(0x4) = 0xffffffffu; /* VALUE */
  REGISTER(0x0) = 1;           /* CTRL: enable */
}
uint32_t board_ticks(void) { return ~REGISTER(0x4); }
#endif

/* Semihosting: SYS_WRITE0 prints a string, SYS_EXIT ends the emulator. */
static void semihost(uint32_t operation, const void *argument) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void board_report(const char *name, uint32_t value) {
  char line[64];
  size_t length = strlen(name);
  memcpy(line, name, length);
  line[length++] = ' ';
  char digits[10];
  size_t count = 0;
  do digits[count++] = (char)('0' + value % 10u);
  while ((value /= 10u) != 0);
  while (count > 0) line[length++] = digits[--count];
  line[length++] = '\n';
  line[length] = '\0';
  semihost(0x04, line);
}

_Noreturn void board_stop(void) {
  semihost(0x18, (const void *)(uintptr_t)0x20026u);
  for (;;) {}
}

_Noreturn void reset(void) {
#ifdef __ARM_FP
  *(volatile uint32_t *)0xE000ED88u |= 0xfu << 20; /* CPACR: the floating point unit */
  __asm__ volatile("dsb\nisb");
#endif
  memcpy(&data_start, &data_load, (size_t)((uint8_t *)&data_end - (uint8_t *)&data_start));
  memset(&bss_start, 0, (size_t)((uint8_t *)&bss_end - (uint8_t *)&bss_start));
  start_timer();
  (void)main();
  board_stop();
}

static void fault(void) {
  board_report("fault", 1);
  board_stop();
}

__attribute__((section(".vectors"), used)) static void (*const vectors[])(void) = {
    (void (*)(void))(uintptr_t)&stack_top, reset, fault, fault, fault, fault, fault};
