/* libFuzzer target over the whole trainer: frame parser, register dispatch, definition and model decoders, calls, jobs, own channels, store
 * and its recovery.
 *
 * The first byte chooses between a life of the board (operations, each a byte and what it takes of the rest) and a start from a memory
 * that holds anything, and what the board has. Checksums are set right where a random one would only ever test the checksum. */
#include <string.h>

#include "../memory_board.h"
#include "board.h"
#include "decisions.h"
#include "definitions.h"
#include "input.h"
#include "invariants.h"
#include "modbus/register_table.h"
#include "objects.h"
#include "states.h"

#define OPERATIONS_MOST 200u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void raw_bytes(bool variant) {
  uint8_t bytes[300];
  const size_t length = next_byte();
  (void)variant;
  bytes_arrive(bytes, next_bytes(bytes, length));
}

/* `variant`: to everybody. */
static void raw_frame(bool variant) {
  uint8_t bytes[300];
  const size_t length = 1u + next_byte() % 254u;
  next_bytes(bytes + 1, length);
  bytes[0] = variant ? 0u : board.trainer.unit;
  frame(bytes, 1u + length);
}

/* A read of anything. */
static void raw_read(bool variant) {
  const uint16_t address = next_word();
  ask(variant ? 4u : 3u, address, (uint16_t)(1u + next_byte() % 125u));
}

static void work(bool variant) {
  (void)variant;
  board_run(ROUNDS_MOST);
}

static void wait(bool variant) {
  (void)variant;
  board.now_us += (uint64_t)next_word() * 16000u;
}

/* Time goes by while the board works: its own loop decides again and again. */
static void live(bool variant) {
  const uint16_t step_ms = next_word();
  uint8_t steps = 1u + (next_byte() & 15u);
  (void)variant;
  for (; steps != 0u; steps--) {
    board.now_us += (uint64_t)step_ms * 1000u;
    board_run(8u);
    check(&board.trainer);
  }
}

static void power_cycle(bool variant) {
  (void)variant;
  board_start();
}

/* The last request again: its answer was lost. */
static void again(bool variant) {
  if (variant) board.now_us += (uint64_t)next_byte() * 500000u;
  frame_again();
}

/* How much the board works before the next request comes. */
static void hurry(bool variant) {
  (void)variant;
  board.rounds = 1u + (next_byte() & 3u);
}

/* The power goes after so many bytes written; `variant`: the store refuses so many times. */
static void lose_power(bool variant) {
  if (variant) board.refusals = next_byte();
  else hardware.power = next_word();
}

static void any_command(bool variant) {
  const uint8_t code = next_byte();
  command(code & 31u, variant ? (uint32_t)next_word() << 16 | next_word() : next_byte());
}

/* `variant`: under the number of the command before. */
static void train(bool variant) {
  if (variant) board.command_ticket--;
  command(ET_COMMAND_TRAIN, 0);
}

/* An input of the board gets another value, or it or an output fails. */
static void change_channel(bool variant) {
  const uint8_t channel = next_byte();
  if (variant) board.failing ^= (uint8_t)(1u << (channel & 7u));
  else board.inputs[channel % CHANNELS] = (int16_t)next_word();
}

static void own_samples(bool variant) {
  (void)variant;
  board.own_samples = next_byte();
  board_run(ROUNDS_MOST);
}

/* Sets the first key, answers the challenge, or changes the key; `variant`: with a wrong answer. */
static void use_lock(bool variant) {
  const et_lock *lock = &board.trainer.core.lock;
  const uint8_t way = next_byte();
  uint16_t words[16];
  uint8_t message[32], key[16], sealed[17] = {1};
  uint8_t i;
  memset(key, way >> 2, sizeof key);
  if ((way & 3u) == 0u) {
    for (i = 0; i < 8u; i++) words[i] = (uint16_t)(key[0] * 257u);
    write_words(ET_A_KEY, words, 8u);
    return;
  }
  ask(3u, ET_A_CHALLENGE, 8u);
  memcpy(message, lock->challenge, 16);
  message[16] = 1;
  et_siphash128(lock->key, message, 17u, sealed);
  for (i = 0; i < 16u; i++) sealed[i] ^= key[i];
  memcpy(message + 16, sealed, 16);
  et_siphash128(lock->key, message, (way & 3u) == 1u ? 16u : 32u, key);
  if (variant) key[0] ^= 1u;
  for (i = 0; i < 8u; i++) {
    words[i] = (uint16_t)(key[2u * i] << 8 | key[2u * i + 1u]);
    words[8u + i] = (uint16_t)(sealed[2u * i] << 8 | sealed[2u * i + 1u]);
  }
  write_words(ET_A_RESPONSE, words, (way & 3u) == 1u ? 8u : 16u);
}

/* Operation k is called by the byte (k & 15) | (k >> 4) << 5; bit 4 asks for its variant. tools/fuzz_seeds.mjs reads the names here. */
static void (*const operations[])(bool variant) = {
    raw_bytes,
    raw_frame,
    work,
    wait,
    power_cycle,
    lose_power,
    upload_definition,
    upload_model,
    upload_patterns,
    any_command,
    infer,
    judge,
    lesson,
    stream,
    raw_read,
    train,
    change_definition,
    judge_targets,
    move_set_point,
    write_coil,
    write_one,
    use_lock,
    call,
    back_up,
    restore,
    change_channel,
    own_samples,
    live,
    start_from_state_1,
    work_shift,
    hurry,
    again,
    word_by_word,
    write_and_read,
};

static void life(void) {
  uint32_t count;
  board_start();
  for (count = 0; !input_ends() && count < OPERATIONS_MOST; count++) {
    const uint8_t operation = next_byte();
    const uint32_t number = (operation & 15u) | ((unsigned)operation >> 5 << 4);
    operations[number % (sizeof operations / sizeof operations[0])]((operation & 16u) != 0u);
    check(&board.trainer);
  }
  board_run(ROUNDS_MOST);
  read_everything();
  check(&board.trainer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  uint8_t kind;
  input_begin(data, size);
  kind = next_byte();
  board_new(kind, next_byte());
  objects_begin();
  if ((kind & 1u) != 0u) recover();
  else life();
  return 0;
}
