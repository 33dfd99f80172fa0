/* A network over the window of a board that measures by itself and closes the loop, in a program without a wire: the definition (hexadecimal,
 * first argument) has a window of two channels. What it decides is learned from the windows of the moments that were taught; while its sensor
 * is silent, the fail-safe class drives the output. */
#include <math.h>
#include <stdio.h>

#include "own_board.h"

#define ARENA 65536u
#define SAMPLES 64u /* of the definition's window */

static bool faulty, silent;
static int16_t driven;
static uint64_t arena[ARENA / 8u];

/* Two channels of a turning machine in mg; a fault doubles its frequency. */
static bool sample(void *user, int16_t *values, uint8_t channels) {
  (void)user;
  CHECK(channels == 2);
  if (silent || !is_due()) return false;
  for (int i = 0; i < 2; i++) {
    const double phase = (faulty ? 0.7 : 0.35) * taken + i;
    values[i] = (int16_t)(1000.0 * sin(phase) + random_mg());
  }
  return true;
}

static bool drive(void *user, uint8_t channel, int16_t value) {
  (void)user;
  CHECK(channel == 0);
  driven = value;
  return true;
}

/* Works for so many milliseconds. */
static void run(uint32_t milliseconds) {
  for (uint32_t round = 0; round < 10u * milliseconds; round++) {
    work();
  }
}

/* The decision about the newest window, once a long one is made. */
static et_answer decide(void) {
  et_answer answer;
  CHECK(et_trainer_infer_window(&trainer, &answer) == ET_OK);
  while (answer.pending) {
    (void)et_trainer_work(&trainer);
    CHECK(et_trainer_answer(&trainer, answer.ticket, &answer) == ET_OK);
  }
  return answer;
}

int main(int argc, char **argv) {
  static const uint8_t bytes[2u * SAMPLES];
  et_answer answer;
  et_status status;
  CHECK(argc == 2);
  port.sample = sample;
  port.outputs = 1;
  port.drive_output = drive;
  begin(arena, ARENA, argv[1]);
  run(100);
  CHECK(et_trainer_infer_window(&trainer, &answer) == ET_WINDOW_SHORT && et_trainer_detail(&trainer) == taken && taken < SAMPLES);
  CHECK(et_trainer_infer_array(&trainer, bytes, &answer) == ET_INPUT_STREAMED);
  CHECK(driven == 9); /* the fail-safe class */
  run(400);
  CHECK(driven != 9);
  for (int lesson = 0; lesson < 40; lesson++) {
    const int16_t right = (int16_t)(lesson % 2);
    faulty = right != 0;
    run(300);
    answer = decide();
    CHECK(et_trainer_feedback(&trainer, answer.ticket, ET_FEEDBACK_KIND_TEACH, &right, NULL) == ET_OK);
  }
  CHECK(et_trainer_train(&trainer) == ET_OK);
  run(20000);
  et_trainer_status(&trainer, &status);
  CHECK(status.generation == 1 && status.samples == 40);
  for (int check = 0; check < 20; check++) {
    faulty = check % 2 != 0;
    run(400);
    answer = decide();
    CHECK(answer.output_class == check % 2 && driven == 5 * (check % 2));
  }
  CHECK(trainer.decide.ring.lost == 0 && trainer.decide.ring.next_sequence == (uint16_t)taken);
  silent = true;
  run(7000);
  CHECK(et_trainer_infer_window(&trainer, &answer) == ET_WINDOW_STOPPED && driven == 9);
  silent = false;
  measured_us = now_us;
  run(100);
  CHECK(et_trainer_infer_window(&trainer, &answer) == ET_WINDOW_SHORT && et_trainer_detail(&trainer) < SAMPLES && driven == 9);
  run(300);
  CHECK(driven == 5);
  printf("own window: learned, decided, silent, back\n");
  return 0;
}
