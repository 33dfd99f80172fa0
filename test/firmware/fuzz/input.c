#include "input.h"

#include <string.h>

static const uint8_t *input;
static size_t left;

void input_begin(const uint8_t *bytes, size_t length) {
  input = bytes;
  left = length;
}

bool input_ends(void) { return left == 0u; }

uint8_t next_byte(void) {
  if (left == 0u) return 0;
  left--;
  return *input++;
}

uint16_t next_word(void) {
  const uint8_t high = next_byte();
  return (uint16_t)(high << 8 | next_byte());
}

size_t next_bytes(uint8_t *bytes, size_t most) {
  const size_t count = left < most ? left : most;
  memset(bytes, 0, most);
  if (count != 0u) {
    memcpy(bytes, input, count);
    input += count;
  }
  left -= count;
  return count;
}
