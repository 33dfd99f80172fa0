/* libFuzzer target over the whole trainer: frame parser, register dispatch, definition and model decoders, jobs, store and its recovery.
 *
 * The first byte chooses between a life of the board (operations, each a byte and what it takes of the rest) and a start from a memory
 * that holds anything. Checksums are set right where a random one would only ever test the checksum. */
#include <stdlib.h>
#include <string.h>

#include "../memory_board.h"
#include "loop/bulk.h"
#include "loop/trainer_state.h"
#include "modbus/register_table.h"
#include "support/crc.h"

#define ARENA_BYTES 24576u
#define PAGES 64u
#define ROUNDS_MOST 400u /* of jobs per operation: an input stays short */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static et_trainer trainer;
static et_port port;
static union {
  uint64_t aligned;
  uint8_t bytes[ARENA_BYTES];
} arena;
static uint64_t now_us;
static uint16_t command_ticket, decision_ticket, sequence;

static const uint8_t *input;
static size_t left;

static uint8_t next_byte(void) {
  if (left == 0u) return 0;
  left--;
  return *input++;
}
static uint16_t next_word(void) {
  const uint8_t high = next_byte();
  return (uint16_t)(high << 8 | next_byte());
}
/* Up to `most` bytes; those that are not there are zero. */
static size_t next_bytes(uint8_t *bytes, size_t most) {
  const size_t count = left < most ? left : most;
  memset(bytes, 0, most);
  if (count != 0u) {
    memcpy(bytes, input, count);
    input += count;
  }
  left -= count;
  return count;
}

static uint32_t clock_us(void *user) {
  (void)user;
  return (uint32_t)now_us;
}
static uint32_t clock_ms(void *user) {
  (void)user;
  return (uint32_t)(now_us / 1000u);
}
static void send(void *user, const uint8_t *bytes, uint16_t length) {
  (void)user;
  /* What goes out is a frame: of a unit, with a good checksum, and no longer than a frame may be. */
  if (length < 4u || length > ET_MODBUS_FRAME_MAX || et_crc16(ET_CRC16_START, bytes, length) != 0u) abort();
}

/* What must hold whatever happened. */
static void check(void) {
  uint32_t i, held = 0, counted = 0;
  const et_definition *definition = &trainer.core.deployment.definition;
  if (trainer.unit < 1u || trainer.unit > 247u || trainer.core.training.mode > ET_MODE_FROZEN) abort();
  if (trainer.core.deployment.model == NULL) return;
  if (trainer.core.generations.running > 2u || trainer.core.generations.candidate > 2u || trainer.core.generations.previous > 2u ||
      trainer.core.generations.running == trainer.core.generations.candidate ||
      trainer.core.generations.running == trainer.core.generations.previous ||
      trainer.core.generations.candidate == trainer.core.generations.previous)
    abort();
  if (trainer.core.deployment.layout.total > ARENA_BYTES) abort();
  if (trainer.core.generations.previous_number != 0u && trainer.core.generations.number == 0u) abort();
  if (et_is_stream(&trainer.core)) return;
  if (trainer.decide.stitching.samples > definition->core->capacity || trainer.core.window.good > trainer.core.window.filled ||
      trainer.core.window.filled > definition->training->accuracy_window)
    abort();
  for (i = 0; i < trainer.decide.stitching.samples; i++) {
    if (et_is_held_out(&trainer.core, (uint16_t)i)) held++;
    if (et_labels(&trainer.core)[i] >= definition->core->classes) abort();
  }
  if (held != trainer.decide.stitching.held_out_total) abort();
  for (i = 0; i < 2u * definition->core->classes; i++) counted += et_class_counts(&trainer.core)[i];
  if (counted != trainer.decide.stitching.samples) abort();
  if (trainer.core.counters.satisfied > trainer.core.counters.judged) abort();
}

static void start(void) {
  hardware_on();
  sequence = 0;
  et_trainer_begin(&trainer, &port);
  check();
}

/* Rounds until there is nothing to do, or `most`. */
static void run(uint32_t most) {
  uint32_t i;
  for (i = 0; i < most; i++) {
    const bool more = et_trainer_poll(&trainer);
    now_us += 50u;
    if (hardware.dead) {
      start();
      return;
    }
    if (!more && hardware.line_length == 0u) return;
  }
}

static void bytes_arrive(const uint8_t *bytes, size_t length) {
  hardware.line = bytes;
  hardware.line_length = (uint16_t)length;
  run(4u);
  hardware.line_length = 0;
  check();
}

static void frame(uint8_t *bytes, size_t length) {
  const uint16_t crc = et_crc16(ET_CRC16_START, bytes, (uint32_t)length);
  bytes[length] = (uint8_t)crc;
  bytes[length + 1u] = (uint8_t)(crc >> 8);
  bytes_arrive(bytes, length + 2u);
}

/* Function 16, `count` registers. */
static void write_words(uint16_t address, const uint16_t *words, size_t count) {
  uint8_t bytes[260];
  size_t i;
  bytes[0] = trainer.unit;
  bytes[1] = 16;
  bytes[2] = (uint8_t)(address >> 8);
  bytes[3] = (uint8_t)address;
  bytes[4] = 0;
  bytes[5] = (uint8_t)count;
  bytes[6] = (uint8_t)(2u * count);
  for (i = 0; i < count; i++) {
    bytes[7u + 2u * i] = (uint8_t)(words[i] >> 8);
    bytes[8u + 2u * i] = (uint8_t)words[i];
  }
  frame(bytes, 7u + 2u * count);
}

static void ask(uint8_t function, uint16_t address, uint8_t quantity) {
  uint8_t bytes[8];
  bytes[0] = trainer.unit;
  bytes[1] = function;
  bytes[2] = (uint8_t)(address >> 8);
  bytes[3] = (uint8_t)address;
  bytes[4] = 0;
  bytes[5] = quantity;
  frame(bytes, 6u);
}

/* Whatever came before, everything can be read. */
static void read_everything(void) {
  size_t i;
  hardware.power = UINT32_MAX;
  for (i = 0; i < ET_REGISTER_COUNT; i++) {
    const et_register_entry *entry = &et_register_table[i];
    ask(3u, entry->address, (uint8_t)(entry->words < 125u ? entry->words : 125u));
  }
  ask(1u, 0, ET_COIL_COUNT);
  ask(2u, 0, ET_INPUT_CLASS_IS);
}

static void command(uint16_t code, uint32_t argument) {
  const uint16_t words[4] = {(uint16_t)(argument >> 16), (uint16_t)argument, code, ++command_ticket};
  write_words(ET_A_COMMAND_ARGUMENT, words, 4u);
}

static void upload(uint16_t object, const uint8_t *bytes, uint32_t total) {
  uint16_t page;
  for (page = 0; (uint32_t)page * ET_PAGE_BYTES < total; page++) {
    const uint32_t at = (uint32_t)page * ET_PAGE_BYTES;
    const uint32_t length = total - at < ET_PAGE_BYTES ? total - at : ET_PAGE_BYTES;
    uint16_t words[6u + ET_PAGE_BYTES / 2u];
    uint8_t head[10];
    uint32_t i;
    words[0] = object;
    words[1] = page;
    words[2] = (uint16_t)(total >> 16);
    words[3] = (uint16_t)total;
    words[4] = (uint16_t)length;
    for (i = 0; i < 5u; i++) {
      head[2u * i] = (uint8_t)(words[i] >> 8);
      head[2u * i + 1u] = (uint8_t)words[i];
    }
    words[5] = et_crc16(et_crc16(ET_CRC16_START, head, sizeof head), bytes + at, length);
    for (i = 0; i < (length + 1u) / 2u; i++)
      words[6u + i] = (uint16_t)(bytes[at + 2u * i] << 8 | (2u * i + 1u < length ? bytes[at + 2u * i + 1u] : 0u));
    write_words(ET_A_BULK_OBJECT, words, 6u + (length + 1u) / 2u);
  }
}

/* Bytes as they come, in sections that add up, each with its checksum right: what is in them is the fuzzer's. */
static void upload_definition(void) {
  static const et_section_format *const formats[] = {&et_section_core,     &et_section_classes,   &et_section_features,
                                                     &et_section_feedback, &et_section_stitching, &et_section_training};
  static uint64_t words[(ET_DEFINITION_BYTES_MAX + 64u) / 8u];
  uint8_t *blob = (uint8_t *)words;
  et_definition_head head = {ET_DEFINITION_MAGIC, ET_DEFINITION_LAYOUT, 0};
  et_definition_core core;
  const et_model_ops *model;
  uint32_t end = sizeof head, crc, i;
  memset(&core, 0, sizeof core);
  next_bytes((uint8_t *)&core, sizeof core);
  model = et_model_find(core.model);
  for (i = 0; i < (model != NULL && model->list != NULL ? 8u : 7u); i++) {
    const et_section_format *format = i < 6u ? formats[i] : i == 7u ? model->list : model != NULL ? model->section : &et_section_core;
    const uint32_t count = i == 1u ? core.classes : i == 2u ? core.features : i == 7u ? 1u + (uint32_t)next_byte() % model->list_most : 1u;
    et_section section = {format->id, format->layout, count * format->bytes, 0};
    if (end + sizeof section + section.length + 4u > ET_DEFINITION_BYTES_MAX) break;
    if (i == 0u) memcpy(blob + end + sizeof section, &core, sizeof core);
    else next_bytes(blob + end + sizeof section, section.length);
    section.crc = et_crc32(0u, blob + end + sizeof section, section.length);
    if ((next_byte() & 31u) == 0u) section.length += next_byte() & 7u; /* and sometimes they do not */
    if ((next_byte() & 31u) == 0u) section.id = next_byte();
    memcpy(blob + end, &section, sizeof section);
    end += (uint32_t)sizeof section + count * format->bytes;
  }
  head.length = end + 4u;
  memcpy(blob, &head, sizeof head);
  crc = et_crc32(0u, blob, end);
  memcpy(blob + end, &crc, 4u);
  upload(ET_OBJECT_DEFINITION_STAGED, blob, end + 4u);
  command(ET_COMMAND_COMMIT_DEFINITION, 0);
}

/* The running model, or nothing, with some bytes changed. */
static void upload_model(void) {
  static uint8_t bytes[sizeof(et_model_header) + ARENA_BYTES];
  et_model_header header;
  uint32_t changes = next_byte() & 15u, length;
  if (trainer.core.deployment.model == NULL) return;
  length = trainer.core.deployment.layout.model_bytes;
  memcpy(bytes + sizeof header, et_generation(&trainer.core, trainer.core.generations.running), length);
  for (; changes != 0u && length != 0u; changes--) {
    const uint32_t at = (uint32_t)next_word() % length;
    bytes[sizeof header + at] = next_byte();
  }
  memset(&header, 0, sizeof header);
  header.magic = ET_MODEL_MAGIC;
  header.layout = ET_MODEL_LAYOUT;
  header.family = trainer.core.deployment.definition.core->model;
  header.shape = et_shape_fingerprint(&trainer.core.deployment.definition);
  header.length = length;
  header.crc = et_crc32(0u, bytes + sizeof header, length);
  memcpy(bytes, &header, sizeof header);
  upload(ET_OBJECT_MODEL_STAGED, bytes, (uint32_t)sizeof header + length);
  command(ET_COMMAND_COMMIT_MODEL, 0);
}

static void upload_patterns(void) {
  uint8_t bytes[1024];
  const uint32_t length = next_word() % sizeof bytes;
  next_bytes(bytes, length);
  upload(ET_OBJECT_PATTERNS_STAGED, bytes, length);
  command(ET_COMMAND_COMMIT_PATTERNS, 0);
}

static void infer(void) {
  uint16_t words[1u + ET_FEATURES_MAX];
  uint8_t i, count;
  if (trainer.core.deployment.model == NULL || et_is_stream(&trainer.core)) return;
  count = trainer.core.deployment.definition.core->features;
  words[0] = ++decision_ticket;
  for (i = 0; i < count; i++) {
    /* Mostly within the range. */
    const int32_t low = trainer.core.deployment.definition.features[i].min, high = trainer.core.deployment.definition.features[i].max;
    words[1u + i] = (uint16_t)(low + (int32_t)((uint32_t)(high - low) * next_byte() / 255u));
  }
  write_words(ET_A_TICKET, words, 1u + count);
}

static void feedback(uint16_t ticket, uint16_t kind, uint16_t value) {
  const uint16_t words[3] = {ticket, kind, value};
  write_words(ET_A_FEEDBACK_TICKET, words, 3u);
}

static void stream(void) {
  uint16_t words[2u + ET_FEATURES_MAX];
  const uint8_t gap = next_byte(), shape = next_byte();
  uint16_t count, i;
  if (trainer.core.deployment.model == NULL || !et_is_stream(&trainer.core)) return;
  count = (uint16_t)(ET_FEATURES_MAX / trainer.core.deployment.definition.core->features);
  sequence = (uint16_t)(trainer.stream.queue.next_sequence + (gap > 250u ? gap : 0u));
  words[0] = sequence;
  words[1] = count;
  for (i = 0; i < count * trainer.core.deployment.definition.core->features; i++) {
    static uint32_t noise = 1;
    noise = noise * 1664525u + 1013904223u;
    words[2u + i] = (uint16_t)((shape & 128u) != 0u ? next_word() : (uint16_t)(int16_t)((int32_t)(noise >> 22) * (int32_t)(shape & 63u)));
  }
  write_words(ET_A_SAMPLE_SEQUENCE, words, 2u + (size_t)count * trainer.core.deployment.definition.core->features);
  run(ROUNDS_MOST);
}

static void life(void) {
  uint8_t bytes[300];
  uint32_t operations;
  start();
  for (operations = 0; left != 0u && operations < 200u; operations++) {
    const uint8_t operation = next_byte();
    switch (operation & 15u) {
    case 0: {
      const size_t length = next_byte();
      bytes_arrive(bytes, next_bytes(bytes, length));
      break;
    }
    case 1: {
      const size_t length = 1u + next_byte() % 254u;
      next_bytes(bytes + 1, length);
      bytes[0] = (operation & 16u) != 0u ? 0u : trainer.unit;
      frame(bytes, 1u + length);
      break;
    }
    case 2: run(ROUNDS_MOST); break;
    case 3: now_us += (uint64_t)next_word() * 16000u; break;
    case 4: start(); break;
    case 5: hardware.power = next_word(); break;
    case 6: upload_definition(); break;
    case 7: upload_model(); break;
    case 8: upload_patterns(); break;
    case 9: {
      const uint8_t code = next_byte();
      command(code & 31u, (operation & 16u) != 0u ? (uint32_t)next_word() << 16 | next_word() : next_byte());
      break;
    }
    case 10: infer(); break;
    case 11: {
      const uint8_t kind = next_byte();
      feedback((uint16_t)(decision_ticket - (kind >> 4)), kind & 7u, (operation & 16u) != 0u ? next_word() : next_byte());
      break;
    }
    case 12: { /* a lesson: the way to a data set */
      infer();
      feedback(decision_ticket, ET_FEEDBACK_KIND_TEACH, next_byte());
      break;
    }
    case 13: stream(); break;
    case 14: { /* a read of anything */
      const uint16_t address = next_word();
      ask((operation & 16u) != 0u ? 4u : 3u, address, (uint8_t)(1u + next_byte() % 125u));
      break;
    }
    default: command(ET_COMMAND_TRAIN, 0); break;
    }
    check();
  }
  run(ROUNDS_MOST);
  read_everything();
  check();
}

/* A memory that holds anything, in a slot that says it is whole. */
static void recovery(void) {
  const uint8_t shape = next_byte();
  const uint32_t slot_bytes = hardware.flash_bytes / 2u, slot = (shape & 1u) * slot_bytes;
  memset(hardware.flash, (shape & 2u) != 0u ? 0u : 0xff, hardware.flash_bytes);
  if ((shape & 4u) != 0u) {
    next_bytes(hardware.flash, hardware.flash_bytes);
  } else {
    uint8_t *header = hardware.flash + slot;
    const uint32_t length = (uint32_t)next_bytes(hardware.flash + slot + ET_STORE_HEADER_BYTES, slot_bytes - ET_STORE_HEADER_BYTES);
    const uint32_t fields[5] = {0x53545445u, 1u, next_word(), length, et_crc32(0u, header + ET_STORE_HEADER_BYTES, length)};
    uint32_t crc;
    memset(header, 0, ET_STORE_HEADER_BYTES);
    memcpy(header, fields, sizeof fields);
    crc = et_crc32(0u, header, 28u);
    memcpy(header + 28, &crc, 4u);
  }
  start();
  command(ET_COMMAND_SAVE, 0);
  run(ROUNDS_MOST);
  start();
  run(ROUNDS_MOST);
  check();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  input = data;
  left = size;
  now_us = 0;
  command_ticket = decision_ticket = 0;
  memset(&port, 0, sizeof port);
  port.board = "fuzz";
  port.serial_number = 1;
  port.clock_ms = clock_ms;
  port.clock_us = clock_us;
  port.send = send;
  hardware_new(PAGES);
  hardware_connect(&port, 0);
  port.arena = arena.bytes;
  port.arena_bytes = sizeof arena.bytes;
  if ((next_byte() & 1u) != 0u) recovery();
  else life();
  return 0;
}
