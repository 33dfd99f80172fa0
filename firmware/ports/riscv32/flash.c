/* The machine's second flash bank: two 16-bit chips side by side with Intel's command set (CFI 01), sectors of 256 kB over both. A
 * command and a status stand in both halves of a word. */
#include <string.h>

#include "riscv32/riscv32.h"

#define STORE 0x22000000u
#define STORE_PAGE 0x40000u
#define STORE_BYTES (2u * STORE_PAGE)
#define STORE_CYCLES 100000u /* a common figure of such chips; QEMU's does not wear */

#define BOTH(command) (0x00010001u * (uint32_t)(command))
enum { READ_ARRAY = 0xFF, PROGRAM = 0x40, ERASE = 0x20, CONFIRM = 0xD0, CLEAR_STATUS = 0x50 };
enum { READY = 0x80, FAILED = 0x3A }; /* erase error, program error, voltage too low, sector locked */

static bool finished(uint32_t address) {
  uint32_t status = 0;
  for (uint32_t tries = 0; tries < 1000000u && (status & BOTH(READY)) != BOTH(READY); tries++) status = ET_REGISTER(address);
  const bool good = (status & BOTH(READY)) == BOTH(READY) && (status & BOTH(FAILED)) == 0u;
  ET_REGISTER(address) = BOTH(CLEAR_STATUS);
  ET_REGISTER(address) = BOTH(READ_ARRAY);
  return good;
}

static bool nvm_read(void *user, uint32_t offset, void *bytes, uint32_t length) {
  (void)user;
  memcpy(bytes, (const void *)(uintptr_t)(STORE + offset), length);
  return true;
}

static bool nvm_write(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  (void)user;
  for (uint32_t at = 0; at < length; at += 4u) {
    const uint32_t address = STORE + offset + at;
    uint32_t word;
    memcpy(&word, (const uint8_t *)bytes + at, 4u);
    ET_REGISTER(address) = BOTH(PROGRAM);
    ET_REGISTER(address) = word;
    if (!finished(address)) return false;
  }
  return memcmp((const void *)(uintptr_t)(STORE + offset), bytes, length) == 0;
}

static bool nvm_erase(void *user, uint32_t offset) {
  (void)user;
  ET_REGISTER(STORE + offset) = BOTH(ERASE);
  ET_REGISTER(STORE + offset) = BOTH(CONFIRM);
  return finished(STORE + offset) && ET_REGISTER(STORE + offset) == 0xFFFFFFFFu;
}

const et_nvm et_riscv32_flash = {STORE_BYTES, STORE_PAGE, 4u, nvm_read, nvm_write, nvm_erase, STORE_CYCLES};
