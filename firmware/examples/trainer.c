/* A whole trainer with the least port that there can be: a clock, a line and an arena. Here the line is an array that holds one request,
 * as a master would send it (read the identity: unit 1, function 3, 4 registers from 512 on), and the answer is printed. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "edge_trainer/trainer.h"
#include "loop/trainer_state.h" /* the whole struct, so that it can be static */

#define ARENA_BYTES 32768u

static const uint8_t request[] = {0x01, 0x03, 0x02, 0x00, 0x00, 0x04, 0x45, 0xB1};
static bool answered;

static uint32_t clock_us(void *user) {
  (void)user;
  return (uint32_t)((uint64_t)clock() * 1000000u / CLOCKS_PER_SEC);
}

static uint32_t clock_ms(void *user) { return clock_us(user) / 1000u; }

static uint16_t receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us) {
  static bool sent;
  (void)user;
  *silence_us = 0;
  if (sent || capacity < sizeof request) return 0;
  sent = true;
  memcpy(bytes, request, sizeof request);
  return sizeof request;
}

static void send(void *user, const uint8_t *bytes, uint16_t length) {
  (void)user;
  for (uint16_t i = 0; i < length; i++) printf("%02X%s", bytes[i], i + 1u < length ? " " : "\n");
  answered = true;
}

static bool sending(void *user) {
  (void)user;
  return false;
}

int main(void) {
  static et_trainer trainer;
  static et_port port; /* what it has no callback for is not there: no store, no sensor */
  static uint64_t arena[ARENA_BYTES / sizeof(uint64_t)];
  port.board = "example";
  port.serial_number = 1;
  port.clock_ms = clock_ms;
  port.clock_us = clock_us;
  port.receive = receive;
  port.send = send;
  port.sending = sending;
  port.arena = (uint8_t *)arena;
  port.arena_bytes = ARENA_BYTES;
  et_trainer_begin(&trainer, &port);
  for (uint32_t round = 0; round < 1000u && !answered; round++) (void)et_trainer_poll(&trainer); /* a board: for ever */
  return answered ? 0 : 1;
}
