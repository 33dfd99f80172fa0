/* Memory of an ATmega2560: 8 kB of SRAM hold data and bss from the bottom (the C library fills them), then the arena, then the stack,
 * which grows down from the end towards the arena (memory.ld). */
#include <avr/io.h>

#include "common/board.h"

#define OWN_FRAME 16u
#define PAINT 0xC5u

extern uint8_t et_stack_bottom[], et_stack_top[], et_arena_start[], et_arena_end[];

void et_memory_begin(void) {
  const uint8_t *here = (const uint8_t *)(SP - OWN_FRAME);
  for (uint8_t *at = et_stack_bottom; at < here; at++) *at = PAINT;
}

uint16_t et_stack_free(void *user) {
  const uint8_t *at = et_stack_bottom;
  (void)user;
  while (at < et_stack_top && *at == PAINT) at++;
  return (uint16_t)(at - et_stack_bottom);
}

uint8_t *et_arena(void) { return et_arena_start; }
uint32_t et_arena_bytes(void) { return (uint32_t)(et_arena_end - et_arena_start); }
