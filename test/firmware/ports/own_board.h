/* A board that measures by itself, in a program without a wire: its clock, the noise of its sensor, and the definition that the program is
 * given in hexadecimal. */
#ifndef TEST_OWN_BOARD_H
#define TEST_OWN_BOARD_H

#include <stdlib.h>

#include "../check.h"
#include "loop/trainer_state.h"

#define PERIOD_US 2500u /* 400 samples a second */

static et_trainer trainer;
static et_port port;
static uint32_t now_us, measured_us, taken, noise = 1;

static uint32_t clock_us(void *user) {
  (void)user;
  return now_us;
}

static uint32_t clock_ms(void *user) {
  (void)user;
  return now_us / 1000u;
}

/* Whether the next sample is due; it is taken then. */
static bool is_due(void) {
  if (now_us - measured_us < PERIOD_US) return false;
  measured_us += PERIOD_US;
  taken++;
  return true;
}

/* From -100 to 100. */
static double random_mg(void) {
  noise = noise * 1664525u + 1013904223u;
  return 200.0 * ((double)(noise >> 8) / 16777216.0 - 0.5);
}

/* Works for 100 us. */
static void work(void) {
  (void)et_trainer_work(&trainer);
  now_us += 100u;
}

/* Begins with what is set in `port`, and deploys. */
static void begin(uint64_t *arena, uint32_t arena_bytes, const char *hex) {
  static uint8_t blob[1024];
  uint32_t length = 0;
  for (; hex[0] != 0 && hex[1] != 0; hex += 2) {
    const char digits[3] = {hex[0], hex[1], 0};
    CHECK(length < sizeof blob);
    blob[length++] = (uint8_t)strtoul(digits, NULL, 16);
  }
  port.board = "test";
  port.clock_ms = clock_ms;
  port.clock_us = clock_us;
  port.arena = (uint8_t *)arena;
  port.arena_bytes = arena_bytes;
  et_trainer_begin(&trainer, &port);
  CHECK(et_trainer_deploy(&trainer, blob, length) == ET_OK);
}

#endif
