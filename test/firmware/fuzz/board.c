#include "board.h"

#include <stdlib.h>
#include <string.h>

#include "../memory_board.h"
#include "invariants.h"
#include "modbus/register_table.h"
#include "support/bytes.h"
#include "support/crc.h"

#define PAGES 64u

fuzz_board board;

/* The sanitizer watches what is behind it: a smaller arena ends where this does. */
static union {
  uint64_t aligned;
  uint8_t bytes[ARENA_BYTES];
} arena;

/* ---- The port ---- */

static uint32_t clock_us(void *user) {
  (void)user;
  return (uint32_t)board.now_us;
}
static uint32_t clock_ms(void *user) {
  (void)user;
  return (uint32_t)(board.now_us / 1000u);
}
static void send(void *user, const uint8_t *bytes, uint16_t length) {
  (void)user;
  /* What goes out is a frame: of a unit, with a good checksum, and no longer than a frame may be. */
  if (length < 4u || length > ET_MODBUS_FRAME_MAX || et_crc16(ET_CRC16_START, bytes, length) != 0u) abort();
  memcpy(board.answer, bytes, length);
  board.answer_length = length;
}
static bool set_line(void *user, const et_line *line, bool apply) {
  (void)user;
  if (line->stop_bits > 2u || line->baud == 0u) return false;
  if (apply) board.port.line = *line;
  return true;
}
static bool own_sample(void *user, int16_t *values, uint8_t channels) {
  uint8_t i;
  (void)user;
  if (channels == 0u || channels > ET_CHANNELS_MAX) abort();
  if (board.own_samples == 0u) return false;
  board.own_samples--;
  for (i = 0; i < channels; i++) values[i] = (int16_t)((int32_t)(board_noise() >> 23) - 256);
  return true;
}
static bool read_input(void *user, uint8_t channel, int16_t *value) {
  (void)user;
  if (channel >= CHANNELS) abort();
  *value = board.inputs[channel];
  return ((unsigned)board.failing >> channel & 1u) == 0u;
}
static bool drive_output(void *user, uint8_t channel, int16_t value) {
  (void)user;
  if (channel >= CHANNELS) abort();
  check_driven(&board.trainer, value);
  return ((unsigned)board.failing >> (CHANNELS + channel) & 1u) == 0u;
}
static void actuate(void *user, uint8_t output_class, int16_t value) {
  (void)user;
  check_decided(&board.trainer, output_class, value);
}
static void restart(void *user) {
  (void)user;
  board_start();
}
static void give_random(void *user, uint8_t *bytes, uint16_t length) {
  (void)user;
  for (; length != 0u; length--) *bytes++ = (uint8_t)(board_noise() >> 24);
}
static void boot_loader(void *user) { (void)user; }

uint32_t board_noise(void) { return board.noise = board.noise * 1664525u + 1013904223u; }

/* ---- The store: the flash of the memory board, or an EEPROM, where any byte can be written at any time; both may refuse ---- */

static et_nvm flash;

static bool refuses(void) {
  if (board.refusals == 0u) return false;
  board.refusals--;
  return true;
}
static bool flash_write(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  if (length % board.port.nvm.write_bytes != 0u || offset % board.port.nvm.write_bytes != 0u) abort();
  return !refuses() && flash.write(user, offset, bytes, length);
}
static bool flash_erase(void *user, uint32_t offset) { return !refuses() && flash.erase(user, offset); }
static bool eeprom_write(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  (void)user;
  if (offset > hardware.flash_bytes || length > hardware.flash_bytes - offset) abort();
  if (refuses()) return false;
  if (hardware.power < length) hardware.dead = true;
  if (!hardware.dead) memcpy(hardware.flash + offset, bytes, length);
  if (hardware.power != UINT32_MAX) hardware.power = hardware.dead ? 0u : hardware.power - length;
  return true;
}

static void choose_store(et_nvm *nvm, uint8_t store) {
  flash = *nvm;
  nvm->write = flash_write;
  nvm->erase = flash_erase;
  switch (store & 3u) {
  case 1: nvm->size = 0; break;
  case 2:
    nvm->page_bytes = nvm->write_bytes = 1;
    nvm->write = eeprom_write;
    nvm->erase = NULL;
    break;
  case 3: nvm->write_bytes = 8; break;
  default: break;
  }
}

void board_new(uint8_t kind, uint8_t store) {
  static const uint32_t sizes[] = {ARENA_BYTES, ARENA_BYTES / 2u, ARENA_BYTES / 4u, ARENA_BYTES / 16u};
  et_port *port = &board.port;
  memset(&board, 0, sizeof board);
  board.noise = 1;
  board.rounds = 4;
  port->board = "fuzz";
  port->serial_number = 1;
  port->clock_ms = clock_ms;
  port->clock_us = clock_us;
  port->send = send;
  port->actuate = actuate;
  port->line.stop_bits = 1;
  hardware_new(PAGES);
  hardware_connect(port, 0);
  choose_store(&port->nvm, store);
  if ((kind & 2u) != 0u) {
    port->inputs = port->outputs = CHANNELS;
    port->read_input = read_input;
    port->drive_output = drive_output;
  }
  if ((kind & 4u) != 0u) port->sample = own_sample;
  port->arena_bytes = sizes[(unsigned)kind >> 3 & 3u];
  port->arena = arena.bytes + (ARENA_BYTES - port->arena_bytes);
  if ((kind & 32u) != 0u) {
    port->set_line = set_line;
    port->boot_loader = boot_loader;
    port->random = give_random;
    port->restart = restart;
  }
  if ((kind & 64u) != 0u) board.now_us = 1000u * (uint64_t)UINT32_MAX - 60000000u; /* clocks wrap in a minute */
}

void board_start(void) {
  hardware_on();
  et_trainer_begin(&board.trainer, &board.port);
  check(&board.trainer);
}

void board_run(uint32_t most) {
  uint32_t i;
  for (i = 0; i < most; i++) {
    const bool more = et_trainer_poll(&board.trainer);
    board.now_us += 50u;
    if (hardware.dead) {
      board_start();
      return;
    }
    if (!more && hardware.line_length == 0u) return;
  }
}

/* ---- The wire ---- */

void bytes_arrive(const uint8_t *bytes, size_t length) {
  board.answer_length = 0;
  hardware.line = bytes;
  hardware.line_length = (uint16_t)length;
  board_run(board.rounds);
  hardware.line_length = 0;
  check(&board.trainer);
}

void frame(uint8_t *bytes, size_t length) {
  const uint16_t crc = et_crc16(ET_CRC16_START, bytes, (uint32_t)length);
  bytes[length] = (uint8_t)crc;
  bytes[length + 1u] = (uint8_t)(crc >> 8);
  memcpy(board.request, bytes, length + 2u);
  board.request_length = (uint16_t)(length + 2u);
  bytes_arrive(bytes, length + 2u);
}

void frame_again(void) {
  uint8_t bytes[sizeof board.request];
  memcpy(bytes, board.request, sizeof bytes);
  bytes_arrive(bytes, board.request_length);
}

void write_words(uint16_t address, const uint16_t *words, size_t count) {
  uint8_t bytes[260];
  size_t i;
  bytes[0] = board.trainer.unit;
  bytes[1] = 16;
  et_put_be16(bytes + 2, address);
  bytes[4] = 0;
  bytes[5] = (uint8_t)count;
  bytes[6] = (uint8_t)(2u * count);
  for (i = 0; i < count; i++) et_put_be16(bytes + 7u + 2u * i, words[i]);
  frame(bytes, 7u + 2u * count);
}

void ask(uint8_t function, uint16_t address, uint16_t value) {
  uint8_t bytes[8];
  bytes[0] = board.trainer.unit;
  bytes[1] = function;
  et_put_be16(bytes + 2, address);
  et_put_be16(bytes + 4, value);
  frame(bytes, 6u);
}

void command(uint16_t code, uint32_t argument) {
  const et_lock *lock = &board.trainer.core.lock;
  uint16_t words[6] = {(uint16_t)(argument >> 16), (uint16_t)argument, code, ++board.command_ticket};
  uint8_t what[24], proof[16];
  if (!lock->key_set) {
    write_words(ET_A_COMMAND_ARGUMENT, words, 4u);
    return;
  }
  ask(3u, ET_A_CHALLENGE, 8u);
  memcpy(what, lock->challenge, 16);
  et_put_be32(what + 16, argument);
  et_put_be16(what + 20, code);
  et_put_be16(what + 22, board.command_ticket);
  et_siphash128(lock->key, what, sizeof what, proof);
  words[4] = et_be16(proof);
  words[5] = et_be16(proof + 2);
  write_words(ET_A_COMMAND_ARGUMENT, words, 6u);
}

void read_everything(void) {
  size_t i;
  hardware.power = UINT32_MAX;
  for (i = 0; i < ET_REGISTER_COUNT; i++) {
    const et_register_entry *entry = &et_register_table[i];
    ask(3u, entry->address, entry->words < 125u ? entry->words : 125u);
  }
  ask(1u, 0, ET_COIL_COUNT);
  ask(2u, 0, ET_INPUT_COUNT);
}
