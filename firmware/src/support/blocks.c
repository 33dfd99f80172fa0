#include "support/blocks.h"

bool et_all_zero(const void *block, uint32_t bytes) {
  const uint8_t *byte = block;
  for (const uint8_t *end = byte + bytes; byte < end; byte++)
    if (*byte != 0u) return false;
  return true;
}
