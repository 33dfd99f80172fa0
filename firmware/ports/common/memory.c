/* The memory of a board whose linker script includes sections.ld: start values, stack paint, arena. */
#include <stddef.h>
#include <string.h>

#include "common/board.h"

extern uint32_t et_stack_bottom[], et_stack_top[], et_data_load[], et_data_start[], et_data_end[], et_bss_start[], et_bss_end[];
extern uint8_t et_arena_start[], et_arena_end[];

#define PAINT 0xDEADBEEFu
#define OWN_FRAME 32 /* words below the frame address that this function itself may use */

void et_memory_begin(void) {
  const uint32_t *here = __builtin_frame_address(0);
  for (uint32_t *word = et_stack_bottom; word < here - OWN_FRAME; word++) *word = PAINT;
  memcpy(et_data_start, et_data_load, (size_t)((uint8_t *)et_data_end - (uint8_t *)et_data_start));
  memset(et_bss_start, 0, (size_t)((uint8_t *)et_bss_end - (uint8_t *)et_bss_start));
}

uint16_t et_stack_free(void *user) {
  const uint32_t *word = et_stack_bottom;
  (void)user;
  while (word < et_stack_top && *word == PAINT) word++;
  return (uint16_t)((const uint8_t *)word - (const uint8_t *)et_stack_bottom);
}

uint8_t *et_arena(void) { return et_arena_start; }
uint32_t et_arena_bytes(void) { return (uint32_t)(et_arena_end - et_arena_start); }
