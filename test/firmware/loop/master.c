#include "master.h"

#include <string.h>

#include "../memory_board.h"
#include "../check.h"
#include "support/crc.h"

#define ARENA_BYTES 32768u
#define PAGES 128u
#define ROUNDS_MOST 400000u

board bench;
static uint64_t arena[ARENA_BYTES / 8u];
static uint8_t answer[ET_MODBUS_FRAME_MAX];
static uint16_t answer_length, command_ticket;

static uint32_t clock_us(void *user) { return (uint32_t)((board *)user)->now_us; }
static uint32_t clock_ms(void *user) { return (uint32_t)(((board *)user)->now_us / 1000u); }
static void send(void *user, const uint8_t *bytes, uint16_t length) {
  (void)user;
  CHECK(length >= 5u && length <= sizeof answer && et_crc16(ET_CRC16_START, bytes, length) == 0u);
  memcpy(answer, bytes, length);
  answer_length = length;
}
static bool set_line(void *user, const et_line *wanted, bool apply) {
  board *self = user;
  if (wanted->baud > 1000000u) return false;
  if (apply) self->asked = self->port.line = *wanted;
  return true;
}
static void restart(void *user) { ((board *)user)->restarted = true; }

void boot(void) {
  memset(&bench.trainer, 0, sizeof bench.trainer);
  memset(arena, 0xa5, sizeof arena);
  bench.restarted = false;
  hardware_on();
  et_trainer_begin(&bench.trainer, &bench.port);
  settle();
}

void new_board(void) {
  memset(&bench, 0, sizeof bench);
  hardware_new(PAGES);
  command_ticket = 0;
  bench.port.user = &bench;
  bench.port.board = "bench";
  bench.port.serial_number = 7;
  bench.port.clock_ms = clock_ms;
  bench.port.clock_us = clock_us;
  bench.port.send = send;
  bench.port.set_line = set_line;
  bench.port.restart = restart;
  bench.port.line = (et_line){115200u, ET_PARITY_NONE, 1};
  hardware_connect(&bench.port, 10000000u);
  bench.port.arena = (uint8_t *)arena;
  bench.port.arena_bytes = sizeof arena;
  boot();
}

void settle(void) {
  uint32_t i;
  for (i = 0; i < ROUNDS_MOST; i++) {
    const bool more = et_trainer_poll(&bench.trainer);
    bench.now_us += 50u;
    if (!more && hardware.line_length == 0u && bench.trainer.core.job.phase == ET_JOB_NONE) return;
  }
  CHECK(!"it never settles");
}

void later(uint32_t ms) {
  bench.now_us += 1000u * (uint64_t)ms;
  settle();
}

/* Sends a request; `answer` has what came. */
static void ask(uint8_t *bytes, size_t length) {
  const uint16_t crc = et_crc16(ET_CRC16_START, bytes, (uint32_t)length);
  uint32_t i;
  bytes[length] = (uint8_t)crc;
  bytes[length + 1u] = (uint8_t)(crc >> 8);
  hardware.line = bytes;
  hardware.line_length = (uint16_t)(length + 2u);
  answer_length = 0;
  for (i = 0; i < 1000u && answer_length == 0u; i++) {
    (void)et_trainer_poll(&bench.trainer);
    bench.now_us += 50u;
  }
  CHECK(answer_length != 0u && answer[0] == bytes[0] && (answer[1] & 0x7fu) == bytes[1]);
  bench.exception = (answer[1] & 0x80u) != 0u ? answer[2] : 0u;
}

static size_t head(uint8_t *bytes, uint8_t function, uint16_t address, uint16_t second) {
  bytes[0] = bench.trainer.unit;
  bytes[1] = function;
  bytes[2] = (uint8_t)(address >> 8);
  bytes[3] = (uint8_t)address;
  bytes[4] = (uint8_t)(second >> 8);
  bytes[5] = (uint8_t)second;
  return 6u;
}

void read_words(uint16_t address, uint16_t *words, uint8_t count) {
  uint8_t bytes[8], i;
  ask(bytes, head(bytes, 3, address, count));
  CHECK(bench.exception == 0u && answer[2] == 2u * count);
  for (i = 0; i < count; i++) words[i] = (uint16_t)(answer[3u + 2u * i] << 8 | answer[4u + 2u * i]);
}

uint16_t word_at(uint16_t address) {
  uint16_t word;
  read_words(address, &word, 1);
  return word;
}

uint32_t long_at(uint16_t address) {
  uint16_t words[2];
  read_words(address, words, 2);
  return (uint32_t)words[0] << 16 | words[1];
}

bool bit_at(uint8_t function, uint16_t address) {
  uint8_t bytes[8];
  ask(bytes, head(bytes, function, address, 1));
  CHECK(bench.exception == 0u);
  return (answer[3] & 1u) != 0u;
}

bool write_words(uint16_t address, const uint16_t *words, uint8_t count) {
  uint8_t bytes[ET_MODBUS_FRAME_MAX], i;
  size_t length = head(bytes, 16, address, count);
  bytes[length++] = (uint8_t)(2u * count);
  for (i = 0; i < count; i++) {
    bytes[length++] = (uint8_t)(words[i] >> 8);
    bytes[length++] = (uint8_t)words[i];
  }
  ask(bytes, length);
  return bench.exception == 0u;
}

bool write_word(uint16_t address, uint16_t value) {
  uint8_t bytes[8];
  ask(bytes, head(bytes, 6, address, value));
  return bench.exception == 0u;
}

bool write_coil(uint16_t address, bool on) {
  uint8_t bytes[8];
  ask(bytes, head(bytes, 5, address, on ? 0xff00u : 0u));
  return bench.exception == 0u;
}

uint16_t last_error(void) { return word_at(ET_A_LAST_ERROR); }

uint16_t command_again(uint16_t code, uint32_t argument, uint16_t ticket) {
  const uint16_t words[4] = {(uint16_t)(argument >> 16), (uint16_t)argument, code, ticket};
  settle(); /* a save goes first: commands that would change what it writes are refused */
  if (!write_words(ET_A_COMMAND_ARGUMENT, words, 4)) return last_error();
  CHECK(word_at(ET_A_COMMAND_DONE) == ticket);
  return word_at(ET_A_COMMAND_RESULT);
}

uint16_t command(uint16_t code, uint32_t argument) { return command_again(code, argument, ++command_ticket); }

static uint16_t page_crc(const uint16_t *words, const uint8_t *bytes, uint16_t length) {
  uint8_t first[10], i;
  for (i = 0; i < 5u; i++) {
    first[2u * i] = (uint8_t)(words[i] >> 8);
    first[2u * i + 1u] = (uint8_t)words[i];
  }
  return et_crc16(et_crc16(ET_CRC16_START, first, sizeof first), bytes, length);
}

uint32_t download(uint16_t object, uint8_t *bytes, uint32_t most) {
  uint32_t total = 0, at = 0;
  uint16_t page = 0;
  do {
    const uint16_t wanted[2] = {object, page};
    uint16_t words[6u + ET_PAGE_BYTES / 2u], i;
    CHECK(write_words(ET_A_BULK_OBJECT, wanted, 2));
    read_words(ET_A_BULK_OBJECT, words, 6u + ET_PAGE_BYTES / 2u);
    total = (uint32_t)words[2] << 16 | words[3];
    CHECK(words[0] == object && words[1] == page && total <= most);
    for (i = 0; i < words[4]; i++) bytes[at + i] = (uint8_t)((i & 1u) == 0u ? words[6u + i / 2u] >> 8 : words[6u + i / 2u]);
    CHECK(words[5] == page_crc(words, bytes + at, words[4]));
    at += words[4];
    page++;
  } while (at < total);
  return total;
}

bool upload(uint16_t object, const uint8_t *bytes, uint32_t total) {
  uint32_t at;
  for (at = 0; at < total; at += ET_PAGE_BYTES) {
    const uint16_t length = (uint16_t)(total - at < ET_PAGE_BYTES ? total - at : ET_PAGE_BYTES);
    uint16_t words[6u + ET_PAGE_BYTES / 2u] = {object, (uint16_t)(at / ET_PAGE_BYTES), (uint16_t)(total >> 16), (uint16_t)total, length};
    uint16_t i;
    words[5] = page_crc(words, bytes + at, length);
    for (i = 0; i < length; i++) words[6u + i / 2u] = (uint16_t)(words[6u + i / 2u] | bytes[at + i] << ((i & 1u) == 0u ? 8 : 0));
    if (!write_words(ET_A_BULK_OBJECT, words, (uint8_t)(6u + (length + 1u) / 2u))) return false;
  }
  return true;
}
