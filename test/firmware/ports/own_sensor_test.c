/* A board that measures by itself, in a program without a wire: the definition (hexadecimal, first argument) is all it gets. It has to
 * begin to learn by itself, to be silent while the machine is healthy, and to raise the alarm when it is not. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../check.h"
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

/* Works until `count` more samples were taken; the clock goes on in steps of 100 us. Bounded: each sample takes 25 of them. */
static void run(uint32_t count) {
  const uint32_t until = taken + count;
  for (uint32_t round = 0; taken < until; round++) {
    CHECK(round < 60u * count);
    (void)et_trainer_work(&trainer);
    now_us += 100u;
  }
}

static et_status now(void) {
  et_status status;
  et_trainer_status(&trainer, &status);
  return status;
}

static et_finding found(void) {
  et_finding finding;
  CHECK(et_trainer_finding(&trainer, &finding) == ET_OK);
  return finding;
}

int main(int argc, char **argv) {
  static uint8_t blob[1024];
  const int16_t nothing = 0;
  et_answer answer;
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
  port.sample = sample;
  port.arena = (uint8_t *)arena;
  port.arena_bytes = ARENA;
  et_trainer_begin(&trainer, &port);
  CHECK(et_trainer_deploy(&trainer, blob, length) == ET_OK);
  CHECK(now().generation == 0 && found().ticket == 0);
  run(8000);
  printf("generation %u after %u samples\n", now().generation, taken);
  CHECK(now().generation == 1 && found().calibrated && !found().alarm);
  CHECK(trainer.core.counters.inferences == taken && trainer.stream.queue.lost == 0);
  fault = 1.0;
  run(1000);
  CHECK(found().alarm && found().ticket != 0 && found().score > found().threshold);
  CHECK(et_trainer_feedback(&trainer, found().ticket, ET_FEEDBACK_KIND_CONFIRMED, &nothing, NULL) == ET_OK);
  CHECK(et_trainer_feedback(&trainer, found().ticket, ET_FEEDBACK_KIND_FALSE_ALARM, &nothing, NULL) == ET_TICKET_JUDGED);
  CHECK(et_trainer_infer(&trainer, &nothing, &answer) == ET_NOT_SUPPORTED);
  fault = 0.0;
  run(2000);
  CHECK(!found().alarm);
  printf("own sensor: learned, alarm, healthy again\n");
  return 0;
}
