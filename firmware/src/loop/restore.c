#include <string.h>

#include "loop/decide/relabel.h"
#include "loop/persistence.h"
#include "loop/redeploy.h"
#include "loop/trainer_state.h"
#include "support/crc.h"

/* Bytes read at a time. */
#define ET_RESTORE_STEP 64u

/* The section `id` of the state, its layout as given and its checksum right; `*at` is where its bytes begin. */
static bool find_section(const et_store *store, uint16_t id, uint16_t layout, et_section *section, uint32_t *at) {
  uint8_t bytes[ET_RESTORE_STEP];
  uint32_t next = 0, done, crc = 0;
  while (et_store_read(store, next, section, sizeof *section)) {
    next += (uint32_t)sizeof *section;
    if (section->length > store->length - next) return false;
    if (section->id == id) {
      *at = next;
      for (done = 0; done < section->length;) {
        const uint32_t left = section->length - done, step = left < sizeof bytes ? left : (uint32_t)sizeof bytes;
        if (!et_store_read(store, next + done, bytes, step)) return false;
        crc = et_crc32(crc, bytes, step);
        done += step;
      }
      return section->layout == layout && section->crc == crc;
    }
    next += section->length;
  }
  return false;
}

static bool is_known(uint16_t id) {
  uint8_t place;
  for (place = 1; place <= ET_SAVED_SECTIONS; place++)
    if (et_saved_id(place) == id) return true;
  return false;
}

static uint16_t layout_of(uint16_t id) {
  uint8_t place;
  for (place = 1; place < ET_SAVED_SECTIONS && et_saved_id(place) != id;) place++;
  return et_saved_layout(place);
}

/* Number of a section that this firmware does not know and must not skip, or 0. */
static uint16_t unknown_section(const et_store *store) {
  et_section section;
  uint32_t at = 0;
  while (et_store_read(store, at, &section, sizeof section)) {
    if (section.id < ET_SECTION_OPTIONAL && !is_known(section.id)) return section.id;
    at += (uint32_t)sizeof section;
    if (section.length > store->length - at) return 0;
    at += section.length;
  }
  return 0;
}

static bool is_state_1(const et_store *store) { return ET_WITH_STATE_1 != 0 && store->layout == 1u; }

/* Read a section whose length must be as the trainer expects; in a state of layout 1, the same bytes from there. */
static bool read_section(et_trainer *trainer, uint16_t id) {
  const et_store *store = &trainer->persistence.store;
  et_section section;
  uint32_t expected, at;
  void *bytes = et_saved_span(trainer, id, &expected);
  if (is_state_1(store) && id == ET_SAVED_SAMPLES_ID) return et_restore_1_samples(trainer);
  /* Stream models scored by other features then: neither a model nor a pattern means now what it meant. It learns anew. */
  if (is_state_1(store) && et_is_stream(&trainer->core)) return false;
  if (is_state_1(store)) return et_restore_1_bytes(store, id, bytes, expected);
  if (!find_section(store, id, layout_of(id), &section, &at) || section.length != expected) return false;
  return et_store_read(store, at, bytes, expected);
}

/* The structs that hold a state together; false and `refused` when one is not there as it must be. */
static bool restore_structs(et_trainer *trainer) {
  et_persistence *persistence = &trainer->persistence;
  static const uint16_t needed[] = {ET_SAVED_IDENTITY_ID,    ET_SAVED_COUNTERS_ID,  ET_SAVED_POLICY_ID,
                                    ET_SAVED_GENERATIONS_ID, ET_SAVED_STITCHING_ID, ET_SAVED_ALARM_ID};
  uint32_t i;
  if (is_state_1(&persistence->store)) return et_restore_1_structs(&persistence->store, &persistence->saved);
  persistence->refused = unknown_section(&persistence->store);
  if (persistence->refused != 0u) return false;
  for (i = 0; i < sizeof needed / sizeof needed[0]; i++) {
    if (read_section(trainer, needed[i])) continue;
    persistence->refused = needed[i];
    return false;
  }
  return true;
}

static bool restore_definition(et_trainer *trainer) {
  et_core *core = &trainer->core;
  const et_store *store = &trainer->persistence.store;
  et_definition definition;
  et_memory_layout layout;
  et_section section;
  uint32_t at, length = 0;
  uint16_t detail;
  if (is_state_1(store)) {
    if (!et_restore_1_definition(trainer, &length)) return false;
  } else {
    if (!find_section(store, ET_SAVED_DEFINITION_ID, ET_SAVED_DEFINITION_LAYOUT, &section, &at)) return false;
    length = section.length;
    if (length > core->port->arena_bytes || !et_store_read(store, at, core->port->arena, length)) return false;
  }
  if (length == 0u) return true; /* none was deployed */
  if (et_definition_check(core->port->arena, length, &definition, &detail) != ET_OK) return false;
  if (et_memory_plan(&definition, core->port->arena_bytes, &layout) != ET_OK) return false;
  et_install(trainer, &definition, &layout);
  return true;
}

static void restore_samples(et_trainer *trainer) {
  const et_saved_stitching *saved = &trainer->persistence.saved.stitching;
  et_stitching *stitching = &trainer->decide.stitching;
  if (saved->samples > trainer->core.deployment.definition.core->capacity || !read_section(trainer, ET_SAVED_SAMPLES_ID)) return;
  stitching->samples = saved->samples;
  stitching->samples_new = saved->samples_new;
  stitching->held_out_total = saved->held_out_total;
  stitching->order_next = saved->order_next;
  stitching->share_debt = saved->share_debt;
  trainer->decide.on_demand.failed_trainings = saved->failed_trainings;
  trainer->decide.on_demand.drift = saved->drift != 0u;
}

/* A generation's block, read and found valid. */
static bool restore_generation(et_trainer *trainer, uint16_t id, uint8_t block) {
  const et_deployment *deployment = &trainer->core.deployment;
  return read_section(trainer, id) && deployment->model->validate(&deployment->context, et_generation(&trainer->core, block)) == ET_OK;
}

static void restore_generations(et_trainer *trainer) {
  const et_saved_generations *saved = &trainer->persistence.saved.generations;
  et_generations *generations = &trainer->core.generations;
  generations->next_number = saved->next_number;
  if (saved->number == 0u || !restore_generation(trainer, ET_SAVED_RUNNING_ID, generations->running)) {
    trainer->core.deployment.model->blank(&trainer->core.deployment.context, et_generation(&trainer->core, generations->running));
    return;
  }
  generations->number = saved->number;
  generations->accuracy = saved->accuracy;
  generations->previous_number = saved->previous_number; /* et_saved_span asks for it */
  if (saved->previous_number != 0u && restore_generation(trainer, ET_SAVED_PREVIOUS_ID, generations->previous))
    generations->previous_accuracy = saved->previous_accuracy;
  else generations->previous_number = 0;
}

void et_persistence_load(et_trainer *trainer) {
  et_core *core = &trainer->core;
  et_persistence *persistence = &trainer->persistence;
  et_saved *saved = &persistence->saved;
  persistence->start_reason = (uint8_t)et_store_open(&persistence->store, core->port);
  if (persistence->store.active > 1u) return;
  memset(saved, 0, sizeof *saved);
  if (!restore_structs(trainer)) {
    persistence->start_reason = ET_START_REASON_DEFAULTS_CORRUPT;
    return;
  }
  if (persistence->store.layout == 1u) persistence->start_reason = ET_START_REASON_MIGRATED;
  persistence->saves = saved->identity.saves;
  core->log.next = core->log.first = saved->identity.log_next;
  if (saved->identity.unit >= 1u && saved->identity.unit <= 247u) trainer->unit = saved->identity.unit;
  memcpy(core->lock.key, saved->identity.key, sizeof core->lock.key);
  core->lock.key_set = saved->identity.key_set != 0u;
  if (!restore_definition(trainer)) {
    et_uninstall(trainer);
    persistence->start_reason = ET_START_REASON_DEFAULTS_CORRUPT;
    persistence->refused = ET_SAVED_DEFINITION_ID;
    return;
  }
  if (core->deployment.model == NULL) return;
  core->counters = saved->counters;
  trainer->decide.feedback.set_point = saved->policy.set_point;
  core->training.mode = saved->policy.mode;
  core->training.mode_before_freeze = saved->policy.mode_before_freeze;
  trainer->stream.alarm.number = saved->alarm.number;
  if (et_is_stream(core)) (void)read_section(trainer, ET_SAVED_PATTERNS_ID);
  else restore_samples(trainer);
  if (!et_is_stream(core) && !(read_section(trainer, ET_SAVED_STANDING_ID) && et_standing_valid(et_standing_of(core))))
    et_standing_forget(et_standing_of(core));
  if (!et_is_stream(core) && !et_voices_valid(et_voices_of(core), core->deployment.definition.core->classes))
    et_speaking_begin(&trainer->decide);
  et_relabel_begin(&trainer->decide); /* a power cut may have come in the middle of it */
  restore_generations(trainer);
  /* Nobody is waiting yet: the fingerprint is known before the first answer. */
  while (et_generations_fingerprint_slice(core)) continue;
}
