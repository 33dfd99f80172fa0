/* The bytes that the fuzzer gives; behind their end all are zero. */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void input_begin(const uint8_t *bytes, size_t length);
bool input_ends(void);
uint8_t next_byte(void);
uint16_t next_word(void);
/* Fills `bytes`, and gives how many of them were there. */
size_t next_bytes(uint8_t *bytes, size_t most);

#endif
