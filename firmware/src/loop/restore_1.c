/* Store layout 1: sections { u16 id, u16 layout, u32 length }, one struct for all figures, and a definition blob of fixed parts. The bytes
 * of models are the same as now. Offsets are those of the structs of that time, on a 32-bit board. */
#include <string.h>

#include "edge_trainer/definition.h"
#include "loop/persistence.h"
#include "loop/trainer_state.h"
#include "support/crc.h"

typedef struct section_1 {
  uint16_t id, layout;
  uint32_t length;
} section_1;
enum { META_1 = 1, DEFINITION_1, RUNNING_1, PREVIOUS_1, SAMPLES_1, PATTERNS_1 };

/* Copies `count` bytes from byte `from` of the old struct to byte `to` of the new one. */
typedef struct move {
  uint8_t to, from, count;
} move;

static void copy_moved(void *to, const uint8_t *from, const move *moves, uint32_t count) {
  uint32_t i;
  for (i = 0; i < count; i++) memcpy((uint8_t *)to + moves[i].to, from + moves[i].from, moves[i].count);
}
#define COPY(to, from, moves) copy_moved(to, from, moves, sizeof(moves) / sizeof((moves)[0]))

static bool find(const et_store *store, uint16_t id, section_1 *section, uint32_t *at) {
  uint32_t next = 0;
  while (et_store_read(store, next, section, sizeof *section)) {
    *at = next + (uint32_t)sizeof *section;
    if (section->length > store->length - *at) return false;
    if (section->id == id) return true;
    next = *at + section->length;
  }
  return false;
}

/* The struct of figures: counters 60 bytes, saves, log_next, then the u16s from byte 68, the bytes from 94, the key from 100. */
#define META_BYTES_1 116u

bool et_restore_1_structs(const et_store *store, et_saved *saved) {
  static const move generations[] = {{0, 68, 10}};
  static const move stitching[] = {{0, 78, 12}, {12, 97, 1}};
  static const move policy[] = {{0, 92, 2}, {2, 95, 2}};
  static const move identity[] = {{0, 60, 8}, {8, 100, 16}, {24, 98, 1}, {25, 94, 1}};
  uint8_t meta[META_BYTES_1] = {0};
  section_1 section;
  uint32_t at;
  if (!find(store, META_1, &section, &at) || section.length < sizeof meta || !et_store_read(store, at, meta, sizeof meta)) return false;
  memcpy(&saved->counters, meta, sizeof saved->counters);
  COPY(&saved->identity, meta, identity);
  COPY(&saved->policy, meta, policy);
  COPY(&saved->generations, meta, generations);
  COPY(&saved->stitching, meta, stitching);
  memcpy(&saved->alarm.number, meta + 90, 2);
  return true;
}

/* Room for a section behind `*end` of the arena; NULL when there is none. */
static uint8_t *append_section(const et_trainer *trainer, const et_section_format *format, uint32_t length, uint32_t *end) {
  const et_section section = {format->id, format->layout, length, 0};
  uint8_t *at = trainer->core.port->arena + *end;
  if (trainer->core.port->arena_bytes - *end < sizeof section + length + 4u) return NULL;
  memcpy(at, &section, sizeof section);
  memset(at + sizeof section, 0, length);
  *end += (uint32_t)sizeof section + length;
  return at + sizeof section;
}

/* The section's bytes are complete. */
static void seal_section(uint8_t *bytes) {
  et_section *section = (et_section *)(void *)(bytes - sizeof(et_section));
  section->crc = et_crc32(0u, bytes, section->length);
}

#define FIXED_BYTES_1 108u
#define PARAMETERS_AT_1 60u
#define IDENTIFIED_AT_1 58u /* 1 = an identity part follows the tables, as the identity section has it now */

static uint32_t identity_bytes(const uint8_t *fixed) { return fixed[IDENTIFIED_AT_1] == 1u ? ET_IDENTITY_BYTES(fixed[6], fixed[7]) : 0u; }

static bool write_moved(const et_trainer *trainer, const et_section_format *format, const uint8_t *fixed, const move *moves, uint32_t count,
                        uint32_t *end) {
  uint8_t *bytes = append_section(trainer, format, format->bytes, end);
  if (bytes == NULL) return false;
  copy_moved(bytes, fixed, moves, count);
  seal_section(bytes);
  return true;
}
#define WRITE(format, moves) write_moved(trainer, format, fixed, moves, sizeof(moves) / sizeof((moves)[0]), end)

/* A table, which lies at `at` in the store. */
static bool write_table(const et_trainer *trainer, const et_section_format *format, uint32_t at, uint32_t length, uint32_t *end) {
  uint8_t *bytes = append_section(trainer, format, length, end);
  if (bytes == NULL || !et_store_read(&trainer->persistence.store, at, bytes, length)) return false;
  seal_section(bytes);
  return true;
}

static bool write_all(const et_trainer *trainer, const uint8_t *fixed, uint32_t tables_at, uint32_t *end) {
  static const move core[] = {{0, 3, 1}, {1, 6, 5}, {6, 22, 1}, {7, 11, 1}, {8, 12, 2}, {10, 56, 2}, {12, 52, 4}};
  static const move feedback[] = {{0, 24, 8}, {8, 16, 4}, {12, 14, 2}, {14, 20, 2}};
  static const move stitching[] = {{0, 32, 2}, {2, 34, 1}};
  static const move training[] = {{0, 36, 8}, {8, 48, 4}, {12, 35, 1}};
  static const et_section_format identity = {ET_SECTION_IDENTITY_ID, ET_SECTION_IDENTITY_LAYOUT, 1, 0, NULL};
  const uint32_t features = fixed[6], classes = fixed[7];
  const et_model_ops *model = et_model_find(fixed[3]);
  if (model == NULL || model->section->bytes > FIXED_BYTES_1 - PARAMETERS_AT_1) return false;
  const move parameters[] = {{0, PARAMETERS_AT_1, (uint8_t)model->section->bytes}};
  return WRITE(&et_section_core, core) && write_table(trainer, &et_section_classes, tables_at, 4u * classes, end) &&
         write_table(trainer, &et_section_features, tables_at + 4u * classes, 4u * features, end) &&
         WRITE(&et_section_feedback, feedback) && WRITE(&et_section_stitching, stitching) && WRITE(&et_section_training, training) &&
         (identity_bytes(fixed) == 0u ||
          write_table(trainer, &identity, tables_at + 4u * (classes + features), identity_bytes(fixed), end)) &&
         WRITE(model->section, parameters);
}

bool et_restore_1_definition(const et_trainer *trainer, uint32_t *length) {
  const et_store *store = &trainer->persistence.store;
  uint8_t *arena = trainer->core.port->arena;
  uint8_t fixed[FIXED_BYTES_1];
  et_definition_head head = {ET_DEFINITION_MAGIC, ET_DEFINITION_LAYOUT, 0};
  uint32_t at, crc, end = sizeof head;
  section_1 section;
  *length = 0;
  if (!find(store, DEFINITION_1, &section, &at) || section.length == 0u) return true; /* none was deployed */
  if (section.length < sizeof fixed + 4u || !et_store_read(store, at, fixed, sizeof fixed)) return false;
  if (section.length != sizeof fixed + 4u * ((uint32_t)fixed[6] + fixed[7]) + identity_bytes(fixed) + 4u) return false;
  if (!write_all(trainer, fixed, at + (uint32_t)sizeof fixed, &end)) return false;
  head.length = end + 4u;
  memcpy(arena, &head, sizeof head);
  crc = et_crc32(0u, arena, end);
  memcpy(arena + end, &crc, 4u);
  *length = head.length;
  return true;
}

/* Samples were stamped without an order in time beside them, and stamps went round: they are numbered anew. */
static void renumber_samples(et_trainer *trainer) {
  const et_core *core = &trainer->core;
  et_saved_stitching *saved = &trainer->persistence.saved.stitching;
  uint16_t *by_time = et_by_time(core), *stamps = et_orders(core);
  uint16_t i, at;
  for (i = 0; i < saved->samples; i++) {
    const uint16_t age = (uint16_t)(saved->order_next - stamps[i]);
    for (at = i; at != 0u && (uint16_t)(saved->order_next - stamps[by_time[at - 1u]]) < age; at--) by_time[at] = by_time[at - 1u];
    by_time[at] = i;
  }
  for (i = 0; i < saved->samples; i++) stamps[by_time[i]] = i;
  saved->order_next = saved->samples;
}

/* The data set lay as now, without the order in time and what voices have earned. */
bool et_restore_1_samples(et_trainer *trainer) {
  const et_core *core = &trainer->core;
  const et_memory_layout *layout = &core->deployment.layout;
  const et_store *store = &trainer->persistence.store;
  const uint32_t first = layout->by_time - layout->held_counts, second = layout->models - layout->held_out;
  section_1 section;
  uint32_t at;
  if (!find(store, SAMPLES_1, &section, &at) || section.length != first + second) return false;
  if (!et_store_read(store, at, et_at(core, layout->held_counts), first) ||
      !et_store_read(store, at + first, et_at(core, layout->held_out), second))
    return false;
  renumber_samples(trainer);
  return true;
}

bool et_restore_1_bytes(const et_store *store, uint16_t id, void *bytes, uint32_t length) {
  static const uint8_t before[] = {RUNNING_1, PREVIOUS_1, SAMPLES_1, PATTERNS_1};
  section_1 section;
  uint32_t at;
  if (id < ET_SAVED_RUNNING_ID || id > ET_SAVED_PATTERNS_ID || !find(store, before[id - ET_SAVED_RUNNING_ID], &section, &at)) return false;
  return section.length == length && et_store_read(store, at, bytes, length);
}
