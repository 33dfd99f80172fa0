#include "objects.h"

#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "decisions.h"
#include "input.h"
#include "modbus/register_table.h"
#include "support/bytes.h"
#include "support/crc.h"

#define WINDOW_WORDS (6u + ET_PAGE_BYTES / 2u)
#define LESSONS_MOST 24u /* of a data set that is restored */

static struct {
  uint16_t object;
  uint32_t length;
  uint8_t bytes[sizeof(et_model_header) + ARENA_BYTES];
} kept;

void objects_begin(void) { memset(&kept, 0, sizeof kept); }

void upload(uint16_t object, const uint8_t *bytes, uint32_t total) {
  uint16_t page;
  for (page = 0; (uint32_t)page * ET_PAGE_BYTES < total; page++) {
    const uint32_t at = (uint32_t)page * ET_PAGE_BYTES;
    const uint32_t length = total - at < ET_PAGE_BYTES ? total - at : ET_PAGE_BYTES;
    uint16_t words[WINDOW_WORDS] = {object, page, (uint16_t)(total >> 16), (uint16_t)total, (uint16_t)length};
    uint8_t head[10];
    uint32_t i;
    for (i = 0; i < 5u; i++) et_put_be16(head + 2u * i, words[i]);
    words[5] = et_crc16(et_crc16(ET_CRC16_START, head, sizeof head), bytes + at, length);
    for (i = 0; i < length; i++) words[6u + i / 2u] |= (uint16_t)(bytes[at + i] << (i % 2u == 0u ? 8 : 0));
    write_words(ET_A_BULK_OBJECT, words, 6u + (length + 1u) / 2u);
  }
}

/* ---- Models and patterns ---- */

void upload_model(bool variant) {
  static uint8_t bytes[sizeof(et_model_header) + ARENA_BYTES];
  const et_core *core = &board.trainer.core;
  et_model_header header;
  uint32_t changes = next_byte() & 15u, length;
  (void)variant;
  if (core->deployment.model == NULL) return;
  length = core->deployment.layout.model_bytes;
  memcpy(bytes + sizeof header, et_generation(core, core->generations.running), length);
  for (; changes != 0u && length != 0u; changes--) {
    const uint32_t at = (uint32_t)next_word() % length;
    bytes[sizeof header + at] = next_byte();
  }
  memset(&header, 0, sizeof header);
  header.magic = ET_MODEL_MAGIC;
  header.layout = ET_MODEL_LAYOUT;
  header.family = core->deployment.definition.core->model;
  header.shape = et_shape_fingerprint(&core->deployment.definition);
  header.length = length;
  header.crc = et_crc32(0u, bytes + sizeof header, length);
  memcpy(bytes, &header, sizeof header);
  upload(ET_OBJECT_MODEL_STAGED, bytes, (uint32_t)sizeof header + length);
  command(ET_COMMAND_COMMIT_MODEL, 0);
}

void upload_patterns(bool variant) {
  uint8_t bytes[1024];
  const uint32_t length = next_word() % sizeof bytes;
  (void)variant;
  next_bytes(bytes, length);
  upload(ET_OBJECT_PATTERNS_STAGED, bytes, length);
  command(ET_COMMAND_COMMIT_PATTERNS, 0);
}

/* ---- Backups ---- */

/* One page into `kept`; false when there is none. */
static bool read_page(uint16_t object, uint16_t page) {
  const uint16_t selected[2] = {object, page};
  const uint8_t *window = board.answer + 3;
  uint16_t length;
  write_words(ET_A_BULK_OBJECT, selected, 2u);
  if (board.answer_length == 0u || (board.answer[1] & 0x80u) != 0u) return false;
  ask(3u, ET_A_BULK_OBJECT, WINDOW_WORDS);
  if (board.answer_length != 5u + 2u * WINDOW_WORDS || et_be16(window) != object || et_be16(window + 2) != page) return false;
  length = et_be16(window + 8);
  if (length > ET_PAGE_BYTES || et_crc16(et_crc16(ET_CRC16_START, window, 10u), window + 12, length) != et_be16(window + 10)) abort();
  if (length == 0u || kept.length + length > sizeof kept.bytes) return false;
  memcpy(kept.bytes + kept.length, window + 12, length);
  kept.length += length;
  return kept.length < et_be32(window + 4);
}

void back_up(bool variant) {
  uint16_t page = 0;
  (void)variant;
  kept.object = next_byte() % (ET_OBJECT_INPUT + 1u);
  kept.length = 0;
  while (read_page(kept.object, page)) page++;
}

/* Teaches the samples of a data set again, in register units. */
static void restore_data_set(void) {
  const et_core *core = &board.trainer.core;
  uint32_t at = 12u, lessons;
  for (lessons = 0; lessons < LESSONS_MOST && core->deployment.model != NULL && !et_is_stream(core); lessons++) {
    const et_definition *definition = &core->deployment.definition;
    const bool narrow = definition->core->storage == ET_STORAGE_INT8;
    int16_t features[ET_FEATURES_MAX];
    uint8_t i;
    if (et_array_count(definition) != 0u || at + 4u + core->deployment.layout.feature_bytes > kept.length) return;
    for (i = 0; i < definition->core->features; i++) {
      const et_feature_entry *feature = &definition->features[i];
      const uint8_t *stored = kept.bytes + at + 4u + (narrow ? 1u : 2u) * (uint32_t)i;
      const int32_t value = narrow ? (int8_t)stored[0] : (int16_t)et_le16(stored), full = narrow ? 127 : 32767;
      features[et_feature_position(definition, i)] =
          (int16_t)(feature->min + (int32_t)((int64_t)(value + full) * (feature->max - feature->min) / (2 * full)));
    }
    decide_about(features);
    teach(kept.bytes[at]);
    at += 4u + core->deployment.layout.feature_bytes + 2u * (uint32_t)et_output_count(definition);
  }
}

/* A model's checksum is right again. */
static void seal_model(void) {
  et_model_header header;
  if (kept.length < sizeof header) return;
  memcpy(&header, kept.bytes, sizeof header);
  header.crc = et_crc32(0u, kept.bytes + sizeof header, kept.length - (uint32_t)sizeof header);
  memcpy(kept.bytes, &header, sizeof header);
}

static void put_back(uint16_t object, uint16_t code) {
  upload(object, kept.bytes, kept.length);
  command(code, 0);
}

void restore(bool variant) {
  if (kept.length == 0u) return;
  if (variant) {
    const uint32_t at = (uint32_t)next_word() % kept.length;
    kept.bytes[at] = next_byte();
  }
  switch (kept.object) {
  case ET_OBJECT_DEFINITION: put_back(ET_OBJECT_DEFINITION_STAGED, ET_COMMAND_COMMIT_DEFINITION); break;
  case ET_OBJECT_MODEL_RUNNING:
  case ET_OBJECT_MODEL_PREVIOUS:
    if (variant) seal_model();
    put_back(ET_OBJECT_MODEL_STAGED, ET_COMMAND_COMMIT_MODEL);
    break;
  case ET_OBJECT_DATASET: restore_data_set(); break;
  case ET_OBJECT_PATTERNS: put_back(ET_OBJECT_PATTERNS_STAGED, ET_COMMAND_COMMIT_PATTERNS); break;
  case ET_OBJECT_VOICES: put_back(ET_OBJECT_VOICES_STAGED, ET_COMMAND_COMMIT_VOICES); break;
  default: break;
  }
}
