/* The least around a program on QEMU's machine sim: a stack, and the simulator's calls write and exit. */
#include <stdint.h>

#include "say.h"

enum { EXIT = 1, WRITE = 4 };

void et_reset(void);
int main(void);
void begin(void);

static int32_t call(int32_t what, int32_t first, intptr_t second, int32_t third) {
  register int32_t a2 __asm__("a2") = what;
  register int32_t a3 __asm__("a3") = first;
  register intptr_t a4 __asm__("a4") = second;
  register int32_t a5 __asm__("a5") = third;
  __asm__ volatile("simcall" : "+r"(a2), "+r"(a3) : "r"(a4), "r"(a5) : "memory");
  return a2;
}

void say(const char *text, uint32_t length) { (void)call(WRITE, 1, (intptr_t)text, (int32_t)length); }

__attribute__((noreturn)) void begin(void) {
  const int result = main();
  for (;;) (void)call(EXIT, result, 0, 0);
}

/* The core begins at the first byte; what it loads lies before the instruction that loads it. */
__asm__(".section .vectors, \"ax\"\n.global et_reset\net_reset:\n\tj 1f\n\t.align 4\n\t.literal_position\n"
        "1:\tmovi a1, et_stack_top\n\tmovi a0, begin\n\tjx a0\n\t.text");
