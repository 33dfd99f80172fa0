#include "definitions.h"

#include <string.h>

#include "board.h"
#include "input.h"
#include "objects.h"
#include "support/crc.h"

#define OPTIONAL 8u /* sections that a definition may lack */

static uint64_t words[(ET_DEFINITION_BYTES_MAX + 64u) / 8u];
static uint8_t *const blob = (uint8_t *)words;
static uint32_t end;

static void begin(void) {
  memset(words, 0, sizeof words);
  end = sizeof(et_definition_head);
}

/* A section of `count` entries; now and then it has one more or less, another number, or another layout. */
static void add_section(uint16_t id, uint16_t layout, uint32_t entry_bytes, uint32_t count) {
  const uint8_t odd = (next_byte() & 31u) == 0u ? next_byte() : 0u;
  et_section section = {id, layout, 0, 0};
  if ((odd & 1u) != 0u) count++;
  if ((odd & 2u) != 0u && count != 0u) count--;
  if ((odd & 4u) != 0u) section.id = next_byte();
  if ((odd & 8u) != 0u) section.layout++;
  section.length = count * entry_bytes;
  if (end + sizeof section + section.length + 4u > ET_DEFINITION_BYTES_MAX) return;
  next_bytes(blob + end + sizeof section, section.length);
  section.crc = et_crc32(0u, blob + end + sizeof section, section.length);
  memcpy(blob + end, &section, sizeof section);
  end += (uint32_t)sizeof section + section.length;
}

static void add_entries(const et_section_format *format, uint32_t count) { add_section(format->id, format->layout, format->bytes, count); }

/* Bit k of `present`: section number ET_SECTION_IDENTITY_ID + k. */
static void add_optional(uint8_t present, const et_definition_core *core) {
  const uint32_t bytes[OPTIONAL] = {ET_IDENTITY_BYTES(core->features, core->classes),
                                    sizeof(et_start_rule),
                                    sizeof(et_plant_limits),
                                    sizeof(et_output),
                                    sizeof(et_tracking),
                                    ET_LOCAL_IO_BYTES(core->features),
                                    sizeof(et_array),
                                    sizeof(et_array_stream)};
  uint16_t i;
  for (i = 0; i < OPTIONAL; i++) {
    const uint16_t id = (uint16_t)(ET_SECTION_IDENTITY_ID + i);
    if (((unsigned)present >> i & 1u) == 0u) continue;
    add_section(id, 1, bytes[i], id == ET_SECTION_OUTPUTS_ID ? 1u + next_byte() % ET_OUTPUTS_MAX : 1u);
  }
}

/* Checksums are set right: a random one would only ever test the checksum. */
static void seal(void) {
  const et_definition_head head = {ET_DEFINITION_MAGIC, ET_DEFINITION_LAYOUT, end + 4u};
  uint32_t crc;
  memcpy(blob, &head, sizeof head);
  crc = et_crc32(0u, blob, end);
  memcpy(blob + end, &crc, 4u);
}

void upload_definition(bool variant) {
  et_definition_core core;
  const et_model_ops *model;
  uint8_t present;
  (void)variant;
  begin();
  add_entries(&et_section_core, 1);
  memcpy(&core, blob + sizeof(et_definition_head) + sizeof(et_section), sizeof core);
  present = next_byte();
  model = et_model_find(core.model);
  add_entries(&et_section_classes, core.classes);
  add_entries(&et_section_features, core.features);
  add_entries(&et_section_feedback, 1);
  add_entries(&et_section_stitching, 1);
  add_entries(&et_section_training, 1);
  add_entries(model != NULL ? model->section : &et_section_core, 1);
  if (model != NULL && model->list != NULL) add_entries(model->list, 1u + (uint32_t)next_byte() % model->list_most);
  add_optional(present, &core);
  seal();
  upload(ET_OBJECT_DEFINITION_STAGED, blob, end + 4u);
  command(ET_COMMAND_COMMIT_DEFINITION, 0);
}

/* One byte becomes another, or two neighbours of four bytes change places. */
static void change_bytes(uint8_t *bytes, uint32_t length) {
  const uint32_t at = (uint32_t)next_word() % length;
  const uint8_t way = next_byte() & 3u, value = next_byte();
  uint8_t four[4];
  if (way == 0u) bytes[at] = value;
  else if (way == 1u) bytes[at]++;
  else if (way == 2u) bytes[at]--;
  else if (at / 4u * 4u + 8u <= length) {
    uint8_t *first = bytes + at / 4u * 4u;
    memcpy(four, first, 4);
    memcpy(first, first + 4, 4);
    memcpy(first + 4, four, 4);
  }
}

/* Changes what is in a section, and makes its checksum right. */
static void change_section(uint8_t number) {
  uint32_t at = sizeof(et_definition_head);
  et_section section;
  for (;; number--) {
    memcpy(&section, blob + at, sizeof section);
    if (number == 0u || at + sizeof section + section.length >= end) break;
    at += (uint32_t)sizeof section + section.length;
  }
  if (section.length == 0u) return;
  change_bytes(blob + at + sizeof section, section.length);
  section.crc = et_crc32(0u, blob + at + sizeof section, section.length);
  memcpy(blob + at, &section, sizeof section);
}

void change_definition(bool variant) {
  const et_definition *running = &board.trainer.core.deployment.definition;
  uint8_t changes;
  if (board.trainer.core.deployment.model == NULL) return;
  begin();
  memcpy(blob, running->blob, running->length);
  end = running->length - 4u;
  for (changes = 1u + (next_byte() & 3u); changes != 0u; changes--) change_section(next_byte() % ET_DEFINITION_SECTIONS_MOST);
  seal();
  if (variant) {
    (void)et_trainer_deploy(&board.trainer, blob, end + 4u);
    return;
  }
  upload(ET_OBJECT_DEFINITION_STAGED, blob, end + 4u);
  command(ET_COMMAND_COMMIT_DEFINITION, 0);
}
