#include "memory_board.h"

#include <stdlib.h>
#include <string.h>

/* The wire is quiet for that long behind what is on it: longer than the pause that ends a frame at any speed. */
#define QUIET_US 20000u

memory_board hardware;

static uint16_t receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us) {
  const uint16_t length = hardware.line_length < capacity ? hardware.line_length : capacity;
  (void)user;
  if (length != 0u) {
    memcpy(bytes, hardware.line, length);
    hardware.line += length;
  }
  hardware.line_length = (uint16_t)(hardware.line_length - length);
  *silence_us = hardware.line_length != 0u ? 0u : QUIET_US;
  return length;
}

static bool sending(void *user) {
  (void)user;
  return false;
}

/* How many of the bytes are still written. */
static uint32_t powered(uint32_t length) {
  const uint32_t kept = length < hardware.power ? length : hardware.power;
  if (hardware.power != UINT32_MAX) hardware.power -= kept;
  if (kept < length) hardware.dead = true;
  return kept;
}

static bool nvm_read(void *user, uint32_t offset, void *bytes, uint32_t length) {
  (void)user;
  if (offset > hardware.flash_bytes || length > hardware.flash_bytes - offset) abort();
  memcpy(bytes, hardware.flash + offset, length);
  return true;
}

static bool nvm_write(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  const uint8_t *from = bytes;
  uint32_t i, kept;
  (void)user;
  if (offset > hardware.flash_bytes || length > hardware.flash_bytes - offset || offset % 4u != 0u || length % 4u != 0u) abort();
  kept = powered(length);
  for (i = 0; i < kept; i++) hardware.flash[offset + i] &= from[i];
  return true;
}

static bool nvm_erase(void *user, uint32_t offset) {
  (void)user;
  if (offset % FLASH_PAGE != 0u || offset >= hardware.flash_bytes) abort();
  memset(hardware.flash + offset, 0xff, powered(FLASH_PAGE));
  return true;
}

void hardware_new(uint32_t pages) {
  hardware.flash_bytes = pages * FLASH_PAGE;
  memset(hardware.flash, 0xff, sizeof hardware.flash);
  hardware_on();
}

void hardware_on(void) {
  hardware.dead = false;
  hardware.power = UINT32_MAX;
  hardware.line_length = 0;
}

void hardware_connect(et_port *port, uint32_t cycles) {
  port->receive = receive;
  port->sending = sending;
  port->nvm = (et_nvm){hardware.flash_bytes, FLASH_PAGE, 4, nvm_read, nvm_write, nvm_erase, cycles};
}
