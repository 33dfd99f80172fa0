/* Blocks of memory and the parts that they are cut into. A block begins at a multiple of four; a part that needs more aligns itself. */
#ifndef ET_BLOCKS_H
#define ET_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

static inline uint32_t et_up_to_4(uint32_t bytes) { return (bytes + 3u) & ~3u; }
static inline uint32_t et_up_to_8(uint32_t bytes) { return (bytes + 7u) & ~7u; }

/* For 64-bit sums. A block needs ET_SLACK_8 bytes more for it. */
#define ET_SLACK_8 8u
static inline void *et_align_8(void *memory) { return (void *)(((uintptr_t)memory + 7u) & ~(uintptr_t)7u); }

/* For structs that hold pointers. A block needs ET_POINTER_SLACK bytes more for it: none on a board. */
#define ET_POINTER_SLACK (sizeof(void *) > 4u ? 4u : 0u)
static inline void *et_align_pointers(void *memory) { return ET_POINTER_SLACK == 0u ? memory : et_align_8(memory); }

/* The next part of `bytes` from `*at` on. */
static inline void *et_cut_4(uint8_t **at, uint32_t bytes) {
  void *part = *at;
  *at += et_up_to_4(bytes);
  return part;
}

/* An untrained generation is zeros alone. */
bool et_all_zero(const void *block, uint32_t bytes);

#endif
