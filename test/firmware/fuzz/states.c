#include "states.h"

#include <string.h>

#include "../memory_board.h"
#include "board.h"
#include "input.h"
#include "invariants.h"
#include "support/bytes.h"
#include "support/crc.h"

/* The header of a slot, behind which `length` bytes lie already. */
static void write_header(uint8_t *slot, uint32_t layout, uint32_t sequence, uint32_t length) {
  const uint32_t fields[5] = {0x53545445u, layout, sequence, length, et_crc32(0u, slot + ET_STORE_HEADER_BYTES, length)};
  uint32_t i;
  memset(slot, 0, ET_STORE_HEADER_BYTES);
  for (i = 0; i < 5u; i++) et_put_le32(slot + 4u * i, fields[i]);
  et_put_le32(slot + 28, et_crc32(0u, slot, 28u));
}

void recover(void) {
  const uint8_t shape = next_byte();
  const uint32_t slot_bytes = hardware.flash_bytes / 2u, at = (shape & 1u) * slot_bytes;
  memset(hardware.flash, (shape & 2u) != 0u ? 0 : 0xff, hardware.flash_bytes);
  if ((shape & 4u) != 0u) {
    next_bytes(hardware.flash, hardware.flash_bytes);
  } else {
    const uint16_t sequence = next_word();
    const size_t length = next_bytes(hardware.flash + at + ET_STORE_HEADER_BYTES, slot_bytes - ET_STORE_HEADER_BYTES);
    write_header(hardware.flash + at, (shape & 8u) != 0u ? 2u : 1u, sequence, (uint32_t)length);
  }
  board_start();
  command(ET_COMMAND_SAVE, 0);
  board_run(ROUNDS_MOST);
  board_start();
  board_run(ROUNDS_MOST);
  check(&board.trainer);
}

/* ---- Store layout 1: see loop/restore_1.c for what lies where ---- */

#define META_BYTES 116u
#define FIXED_BYTES 108u
#define PARAMETERS_AT 60u
enum { META = 1, DEFINITION, RUNNING, PREVIOUS, SAMPLES };

static uint8_t state[FLASH_BYTES_MOST / 2u];
static uint32_t end;

/* A section of `length` bytes; where they lie, or NULL when there is no room. */
static uint8_t *add(uint16_t id, uint32_t length) {
  uint8_t *at = state + end;
  if (length > sizeof state - 8u - end) return NULL;
  et_put_le16(at, id);
  et_put_le16(at + 2, 1);
  et_put_le32(at + 4, length);
  memset(at + 8, 0, length);
  end += 8u + length;
  return at + 8;
}

static void add_meta(const et_trainer *trainer) {
  const et_core *core = &trainer->core;
  const et_stitching *stitching = &trainer->decide.stitching;
  uint8_t *meta = add(META, META_BYTES);
  const uint16_t figures[] = {core->generations.number,
                              core->generations.previous_number,
                              core->generations.next_number,
                              core->generations.accuracy,
                              core->generations.previous_accuracy,
                              stitching->samples,
                              stitching->samples_new,
                              stitching->held_out_total,
                              stitching->order_next,
                              stitching->share_debt,
                              trainer->decide.on_demand.failed_trainings};
  uint32_t i;
  memcpy(meta, &core->counters, sizeof core->counters);
  for (i = 0; i < sizeof figures / sizeof figures[0]; i++) et_put_le16(meta + 68u + 2u * i, figures[i]);
  et_put_le16(meta + 92, (uint16_t)trainer->decide.feedback.set_point);
  meta[94] = trainer->unit;
  meta[95] = core->training.mode;
  meta[96] = core->training.mode_before_freeze;
}

/* From byte `from` of a section to byte `to` of the fixed part. */
static void move_field(uint8_t *fixed, uint8_t to, const void *section, uint8_t from, uint8_t count) {
  memcpy(fixed + to, (const uint8_t *)section + from, count);
}

static void add_definition(const et_definition *definition, const et_model_ops *model, bool changed) {
  const et_definition_core *core = definition->core;
  const uint32_t features = 4u * (uint32_t)core->features, classes = 4u * (uint32_t)core->classes;
  const uint32_t identity = definition->identity == NULL ? 0u : ET_IDENTITY_BYTES(core->features, core->classes);
  const uint32_t length = FIXED_BYTES + classes + features + identity + 4u;
  uint8_t *fixed = add(DEFINITION, length);
  move_field(fixed, 3, core, 0, 1);
  move_field(fixed, 6, core, 1, 5);
  move_field(fixed, 22, core, 6, 1);
  move_field(fixed, 11, core, 7, 1);
  move_field(fixed, 12, core, 8, 2);
  move_field(fixed, 56, core, 10, 2);
  move_field(fixed, 52, core, 12, 4);
  move_field(fixed, 24, definition->feedback, 0, 8);
  move_field(fixed, 16, definition->feedback, 8, 4);
  move_field(fixed, 14, definition->feedback, 12, 2);
  move_field(fixed, 20, definition->feedback, 14, 2);
  move_field(fixed, 32, definition->stitching, 0, 2);
  move_field(fixed, 34, definition->stitching, 2, 1);
  move_field(fixed, 36, definition->training, 0, 8);
  move_field(fixed, 48, definition->training, 8, 4);
  move_field(fixed, 35, definition->training, 12, 1);
  fixed[58] = identity != 0u ? 1 : 0;
  if (model->section->bytes <= FIXED_BYTES - PARAMETERS_AT) memcpy(fixed + PARAMETERS_AT, definition->parameters, model->section->bytes);
  memcpy(fixed + FIXED_BYTES, definition->classes, classes);
  memcpy(fixed + FIXED_BYTES + classes, definition->features, features);
  if (identity != 0u) memcpy(fixed + FIXED_BYTES + classes + features, definition->identity, identity);
  if (changed) {
    const uint32_t at = next_word() % length;
    fixed[at] = next_byte();
  }
}

static void add_bytes(uint16_t id, const uint8_t *bytes, uint32_t length) {
  uint8_t *at = add(id, length);
  if (at != NULL) memcpy(at, bytes, length);
}

/* The order in time was not stored then. */
static void add_samples(const et_core *core) {
  const et_memory_layout *layout = &core->deployment.layout;
  const uint32_t first = layout->by_time - layout->held_counts, second = layout->models - layout->held_out;
  uint8_t *at = add(SAMPLES, first + second);
  if (at == NULL) return;
  memcpy(at, et_at(core, layout->held_counts), first);
  memcpy(at + first, et_at(core, layout->held_out), second);
}

void start_from_state_1(bool variant) {
  const et_core *core = &board.trainer.core;
  const uint32_t slot_bytes = hardware.flash_bytes / 2u;
  if (core->deployment.model == NULL) return;
  end = 0;
  add_meta(&board.trainer);
  add_definition(&core->deployment.definition, core->deployment.model, variant);
  add_bytes(RUNNING, et_generation(core, core->generations.running), core->deployment.layout.model_bytes);
  add_bytes(PREVIOUS, et_generation(core, core->generations.previous), core->deployment.layout.model_bytes);
  if (!et_is_stream(core)) add_samples(core);
  if (end > slot_bytes - ET_STORE_HEADER_BYTES) return;
  memset(hardware.flash, 0xff, hardware.flash_bytes);
  memcpy(hardware.flash + ET_STORE_HEADER_BYTES, state, end);
  write_header(hardware.flash, 1, 1, end);
  board_start();
  board_run(ROUNDS_MOST);
}
