/* A board that measures by itself: the definition (hexadecimal, first argument) is all it gets, no sample comes over the wire. It has to
 * begin to learn by itself, to be silent while the machine is healthy, and to raise the alarm when it is not. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../check.h"
#include "loop/redeploy.h"
#include "loop/trainer_state.h"

#define PERIOD_US 2500u /* 400 samples a second */
#define ARENA 131072u

static et_trainer trainer;
static et_port port;
static uint32_t now_us, measured_us, taken, noise = 1;
static double fault;
static uint64_t arena[ARENA / 8u];

static uint32_t clock_us(void *user) {
  (void)user;
  return now_us;
}

static uint32_t clock_ms(void *user) {
  (void)user;
  return now_us / 1000u;
}

static uint16_t receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us) {
  (void)user;
  (void)bytes;
  (void)capacity;
  *silence_us = UINT32_MAX;
  return 0;
}

static bool sending(void *user) {
  (void)user;
  return false;
}

/* Two channels of a turning machine in mg; a fault rattles on both. */
static bool sample(void *user, int16_t *values, uint8_t channels) {
  double random[2];
  (void)user;
  CHECK(channels == 2);
  if (now_us - measured_us < PERIOD_US) return false;
  measured_us += PERIOD_US;
  for (int i = 0; i < 2; i++) {
    noise = noise * 1664525u + 1013904223u;
    random[i] = 200.0 * ((double)(noise >> 8) / 16777216.0 - 0.5);
  }
  const double phase = 0.37 * taken, rattle = 800.0 * fault * sin(1.93 * taken);
  values[0] = (int16_t)(1000.0 * sin(phase) + random[0] + rattle);
  values[1] = (int16_t)(700.0 * cos(phase) + random[1] - rattle);
  taken++;
  return true;
}

/* Polls until `count` more samples were taken; the clock goes on in steps of 100 us. Bounded: each sample takes 25 of them. */
static void run(uint32_t count) {
  const uint32_t until = taken + count;
  for (uint32_t round = 0; taken < until; round++) {
    CHECK(round < 60u * count);
    (void)et_trainer_poll(&trainer);
    now_us += 100u;
  }
}

int main(int argc, char **argv) {
  static uint8_t blob[1024];
  uint32_t length = 0;
  CHECK(argc == 2);
  for (const char *hex = argv[1]; hex[0] != 0 && hex[1] != 0; hex += 2) {
    const char digits[3] = {hex[0], hex[1], 0};
    CHECK(length < sizeof blob);
    blob[length++] = (uint8_t)strtoul(digits, NULL, 16);
  }
  port.board = "test";
  port.clock_ms = clock_ms;
  port.clock_us = clock_us;
  port.receive = receive;
  port.sending = sending;
  port.sample = sample;
  port.arena = (uint8_t *)arena;
  port.arena_bytes = ARENA;
  et_trainer_begin(&trainer, &port);
  /* As a committed upload does: the definition lies at the beginning of the arena. */
  et_definition definition;
  et_memory_layout layout;
  uint16_t detail = 0;
  memcpy(port.arena, blob, length);
  CHECK(et_definition_check(port.arena, length, &definition, &detail) == ET_OK);
  CHECK(et_memory_plan(&definition, ARENA, &layout) == ET_OK);
  et_install(&trainer, &definition, &layout);
  CHECK(trainer.core.generations.number == 0);
  run(8000);
  printf("generation %u after %u samples\n", trainer.core.generations.number, taken);
  CHECK(trainer.core.generations.number == 1);
  CHECK(trainer.stream.alarm.result.calibrated && !trainer.stream.alarm.result.alarm);
  CHECK(trainer.core.counters.inferences == taken && trainer.stream.queue.lost == 0);
  fault = 1.0;
  run(1000);
  CHECK(trainer.stream.alarm.result.alarm);
  CHECK(trainer.stream.alarm.result.score > trainer.stream.alarm.result.threshold);
  fault = 0.0;
  run(2000);
  CHECK(!trainer.stream.alarm.result.alarm);
  printf("own sensor: learned, alarm, healthy again\n");
  return 0;
}
