/* A board that measures by itself, in a program without a wire: the definition (hexadecimal, first argument) is all it gets. It has to
 * begin to learn by itself, to be silent while the machine is healthy, and to raise the alarm when it is not. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "own_board.h"

#define ARENA 131072u

static double fault;
static uint64_t arena[ARENA / 8u];

/* Two channels of a turning machine in mg; a fault rattles on both. */
static bool sample(void *user, int16_t *values, uint8_t channels) {
  double random[2];
  (void)user;
  CHECK(channels == 2);
  if (!is_due()) return false;
  for (int i = 0; i < 2; i++) random[i] = random_mg();
  const double phase = 0.37 * taken, rattle = 800.0 * fault * sin(1.93 * taken);
  values[0] = (int16_t)(1000.0 * sin(phase) + random[0] + rattle);
  values[1] = (int16_t)(700.0 * cos(phase) + random[1] - rattle);
  return true;
}

/* Works until `count` more samples were taken; the clock goes on in steps of 100 us. Bounded: each sample takes 25 of them. */
static void run(uint32_t count) {
  const uint32_t until = taken + count;
  for (uint32_t round = 0; taken < until; round++) {
    CHECK(round < 60u * count);
    work();
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
  const int16_t nothing = 0;
  et_answer answer;
  CHECK(argc == 2);
  port.sample = sample;
  begin(arena, ARENA, argv[1]);
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
