/* Instructions of every call of et_trainer_poll on a bare Cortex-M3, the whole firmware in it, under recorded traffic (traffic.h): the
 * longest one for each kind of work. Counted by the timer of bench/cores/board.c under QEMU's -icount. Each request is worked off until
 * the trainer has nothing more to do, so that no slice of a job is missed. */
#include <string.h>

#include "board.h"
#include "loop/trainer_state.h"
#include "traffic.h" /* ARENA_BYTES; traffic: u16 length, little-endian, then the frame; ... */

#define NVM_BYTES (2u * ARENA_BYTES + 16384u)
#define PAGE_BYTES 1024u
#define TICKS_PER_US 25u
/* Rounds after a frame; a job that goes on longer (a stream that learns) goes on with the next one. */
#define ROUNDS_MOST 4000000u

typedef enum kind {
  REQUEST,
  STITCHING,
  TRAINING,
  EVALUATION,
  SAVING,
  STREAM_LEARNING,
  STREAM_SOLVING,
  STREAM_CALIBRATING,
  STREAM_SCORING,
  OTHER,
  KINDS
} kind;
static const char *const names[KINDS] = {"request",         "stitching",      "training",           "evaluation",     "saving",
                                         "stream_learning", "stream_solving", "stream_calibrating", "stream_scoring", "other"};

static et_trainer trainer;
static _Alignas(8) uint8_t arena[ARENA_BYTES];
static uint8_t nvm[NVM_BYTES];
static const uint8_t *incoming;
static uint16_t incoming_length;
static uint32_t answers;
static uint32_t longest[KINDS];

static uint32_t clock_us(void *user) {
  (void)user;
  return board_ticks() / TICKS_PER_US;
}
static uint32_t clock_ms(void *user) { return clock_us(user) / 1000u; }

static uint16_t receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us) {
  const uint16_t length = incoming_length < capacity ? incoming_length : capacity;
  (void)user;
  memcpy(bytes, incoming, length);
  incoming += length;
  incoming_length = (uint16_t)(incoming_length - length);
  *silence_us = 100000u;
  return length;
}
static void send(void *user, const uint8_t *bytes, uint16_t length) {
  (void)user;
  (void)bytes;
  (void)length;
  answers++;
}
static bool sending(void *user) {
  (void)user;
  return false;
}
static bool nvm_read(void *user, uint32_t offset, void *bytes, uint32_t length) {
  (void)user;
  memcpy(bytes, nvm + offset, length);
  return true;
}
static bool nvm_write(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  (void)user;
  memcpy(nvm + offset, bytes, length);
  return true;
}
static bool nvm_erase(void *user, uint32_t offset) {
  (void)user;
  memset(nvm + offset, 0xff, PAGE_BYTES);
  return true;
}

static kind kind_now(void) {
  uint8_t i;
  if (incoming_length != 0u) return REQUEST;
  switch (trainer.core.job.phase) {
  case ET_JOB_TRAIN: return TRAINING;
  case ET_JOB_EVALUATE_CANDIDATE:
  case ET_JOB_EVALUATE_RUNNING: return EVALUATION;
  case ET_JOB_SAVE: return SAVING;
  default: break;
  }
  if (trainer.core.deployment.model == NULL) return OTHER;
  if (et_is_stream(&trainer.core)) {
    switch (et_trainer_state(&trainer)) {
    case ET_STATE_LEARNING: return STREAM_LEARNING;
    case ET_STATE_TRAINING: return STREAM_SOLVING;
    case ET_STATE_CALIBRATING: return STREAM_CALIBRATING;
    default: return trainer.stream.queue.at < trainer.stream.queue.count ? STREAM_SCORING : OTHER;
    }
  }
  for (i = 0; i < trainer.core.deployment.definition.core->tickets; i++)
    if (et_tickets(&trainer.core)[i].to_stitch) return STITCHING;
  return OTHER;
}

static bool timed_poll(void) {
  const kind what = kind_now();
  const uint32_t start = board_ticks();
  const bool more = et_trainer_poll(&trainer);
  const uint32_t ticks = board_ticks() - start;
  if (ticks > longest[what]) longest[what] = ticks;
  return more;
}

int main(void) {
  static et_port port = {.board = "bench",
                         .serial_number = 1,
                         .clock_ms = clock_ms,
                         .clock_us = clock_us,
                         .receive = receive,
                         .send = send,
                         .sending = sending,
                         .nvm = {NVM_BYTES, PAGE_BYTES, 4, nvm_read, nvm_write, nvm_erase}};
  const uint8_t *at = traffic;
  uint32_t frames = 0, k;
  memset(nvm, 0xff, sizeof nvm);
  port.arena = arena;
  port.arena_bytes = sizeof arena;
  et_trainer_begin(&trainer, &port);
  while (at < traffic + sizeof traffic) {
    const uint16_t length = (uint16_t)(at[0] | at[1] << 8);
    uint32_t round;
    incoming = at + 2;
    incoming_length = length;
    for (round = 0; round < ROUNDS_MOST && timed_poll(); round++) continue;
    at += 2u + length;
    frames++;
  }
  for (k = 0; k < KINDS; k++) board_report(names[k], longest[k]);
  board_report("frames", frames);
  board_report("answers", answers);
  board_report("generation", trainer.core.generations.number);
  board_report("exceptions", trainer.server.exceptions);
  return 0;
}
