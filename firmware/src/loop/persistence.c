#include "loop/persistence.h"

#include <string.h>

#include "loop/commands.h"
#include "loop/core/log.h"
#include "loop/decide/train_on_demand.h"
#include "loop/trainer_state.h"

/* Bytes written in one slice. */
#define ET_SAVE_STEP 128u

/* Payload: sections { u16 id, u16 layout, u32 length } in this order. A reader skips what it does not know and takes what it knows
 * as far as it goes, so that an older or newer firmware reads the state too; what is missing keeps its default. */
enum { SECTION_META = 1, SECTION_DEFINITION, SECTION_RUNNING, SECTION_PREVIOUS, SECTION_SAMPLES, SECTION_PATTERNS, SECTION_END };
#define SECTION_LAYOUT 1u

typedef struct et_section {
  uint16_t id;
  uint16_t layout;
  uint32_t length;
} et_section;

static void capture(const et_trainer *trainer, et_saved *saved) {
  const et_core *core = &trainer->core;
  memset(saved, 0, sizeof *saved);
  saved->counters = core->counters;
  saved->saves = trainer->persistence.saves + 1u;
  saved->log_next = core->log.next;
  saved->generation = core->generations.number;
  saved->previous_generation = core->generations.previous_number;
  saved->next_generation = core->generations.next_number;
  saved->running_accuracy = core->generations.accuracy;
  saved->previous_accuracy = core->generations.previous_accuracy;
  saved->samples = trainer->decide.stitching.samples;
  saved->samples_new = trainer->decide.stitching.samples_new;
  saved->held_out_total = trainer->decide.stitching.held_out_total;
  saved->order_next = trainer->decide.stitching.order_next;
  saved->share_debt = trainer->decide.stitching.share_debt;
  saved->failed_trainings = trainer->decide.on_demand.failed_trainings;
  saved->alarm_number = trainer->stream.alarm.number;
  saved->set_point = trainer->decide.feedback.set_point;
  saved->unit = trainer->unit;
  saved->mode = core->training.mode;
  saved->mode_before_freeze = core->training.mode_before_freeze;
  saved->drift = trainer->decide.on_demand.drift;
  saved->key_set = core->lock.key_set;
  memcpy(saved->key, core->lock.key, sizeof saved->key);
}

static const void *patterns(const et_trainer *trainer, uint32_t *length) {
  const et_core *core = &trainer->core;
  uint32_t offset = 0;
  *length = 0;
  if (!et_is_stream(core)) return core->port->arena;
  core->deployment.model->stream->patterns_span(&core->deployment.context, &offset, length);
  return (const uint8_t *)core->deployment.context.shared + offset;
}

/* Where a section's bytes are in memory, and how many. */
static void *span(et_trainer *trainer, uint8_t section, uint32_t *length) {
  et_core *core = &trainer->core;
  const et_memory_layout *layout = &core->deployment.layout;
  *length = 0;
  if (section == SECTION_META) {
    *length = sizeof trainer->persistence.saved;
    return &trainer->persistence.saved;
  }
  if (core->deployment.model == NULL) return core->port->arena;
  switch (section) {
  case SECTION_DEFINITION: *length = core->deployment.definition.fixed->length; return et_at(core, layout->definition);
  case SECTION_RUNNING: *length = layout->model_bytes; return et_generation(core, core->generations.running);
  case SECTION_PREVIOUS:
    *length = core->generations.previous_number == 0u ? 0u : layout->model_bytes;
    return et_generation(core, core->generations.previous);
  case SECTION_SAMPLES: *length = layout->models - layout->voices; return et_at(core, layout->voices);
  default: return (void *)(uintptr_t)patterns(trainer, length);
  }
}

static uint32_t payload_bytes(et_trainer *trainer) {
  uint32_t total = 0, length;
  uint8_t section;
  for (section = SECTION_META; section < SECTION_END; section++) {
    (void)span(trainer, section, &length);
    total += (uint32_t)sizeof(et_section) + length;
  }
  return total;
}

static bool due(const et_trainer *trainer) {
  const et_core *core = &trainer->core;
  const uint32_t interval_s = core->deployment.model == NULL ? 0u : core->deployment.definition.fixed->save_interval_s;
  if (core->changes.urgent) return true;
  if (interval_s == 0u) return core->changes.important;
  return core->changes.wanted && et_now_ms(core) - trainer->persistence.saved_ms >= 1000u * interval_s;
}

static void failed(et_trainer *trainer, et_error error) {
  et_core *core = &trainer->core;
  core->job.phase = ET_JOB_NONE;
  core->changes.wanted = core->changes.important = core->changes.urgent = core->changes.noted = false;
  trainer->persistence.saved_ms = et_now_ms(core); /* the next try waits its interval */
  core->log.error = (uint16_t)error;
  if (!trainer->persistence.fault) et_log(core, ET_EVENT_SAVE_FAILED, (uint16_t)error, 0);
  trainer->persistence.fault = true;
}

static void start(et_trainer *trainer) {
  et_core *core = &trainer->core;
  if (payload_bytes(trainer) > et_store_slot_bytes(&trainer->persistence.store)) {
    failed(trainer, ET_STORE_FULL);
    return;
  }
  core->changes.wanted = core->changes.important = core->changes.urgent = core->changes.noted = false;
  memset(&core->job, 0, sizeof core->job);
  core->job.phase = ET_JOB_SAVE;
  trainer->persistence.section = 0;
  trainer->persistence.at = 0;
  trainer->persistence.generations = core->changes.generations;
  capture(trainer, &trainer->persistence.saved);
  et_store_begin(&trainer->persistence.store);
}

static void finish(et_trainer *trainer) {
  et_core *core = &trainer->core;
  const et_error error = et_store_end(&trainer->persistence.store);
  if (error != ET_OK) {
    failed(trainer, error);
    return;
  }
  core->job.phase = ET_JOB_NONE;
  trainer->persistence.saves = trainer->persistence.saved.saves;
  trainer->persistence.saved_ms = et_now_ms(core);
  trainer->persistence.fault = false;
}

bool et_persistence_slice(et_trainer *trainer) {
  et_core *core = &trainer->core;
  uint32_t length, step;
  const uint8_t *bytes;
  if (core->job.phase == ET_JOB_SAVE && trainer->persistence.generations != core->changes.generations) {
    /* What is being saved has changed under it: the slot before stays the newest, and the save starts over. */
    core->job.phase = ET_JOB_NONE;
    core->changes.wanted = core->changes.urgent = true;
  }
  if (core->job.phase == ET_JOB_NONE) {
    if (trainer->persistence.store.slot_bytes == 0u) {
      core->changes.wanted = core->changes.important = core->changes.urgent = core->changes.noted = false;
      return false;
    }
    if (!due(trainer)) return false;
    start(trainer);
    return true;
  }
  if (core->job.phase != ET_JOB_SAVE) return false;
  if (trainer->persistence.section == 0u) {
    if (et_store_erase_step(&trainer->persistence.store)) trainer->persistence.section = SECTION_META;
    return true;
  }
  if (trainer->persistence.section == SECTION_END) {
    if (et_store_verify_step(&trainer->persistence.store)) finish(trainer);
    return true;
  }
  bytes = span(trainer, trainer->persistence.section, &length);
  if (trainer->persistence.at == 0u) {
    const et_section section = { trainer->persistence.section, SECTION_LAYOUT, length };
    et_store_put(&trainer->persistence.store, &section, sizeof section);
  }
  step = length - trainer->persistence.at < ET_SAVE_STEP ? length - trainer->persistence.at : ET_SAVE_STEP;
  et_store_put(&trainer->persistence.store, bytes + trainer->persistence.at, step);
  trainer->persistence.at += step;
  if (trainer->persistence.at == length) {
    trainer->persistence.section++;
    trainer->persistence.at = 0;
  }
  core->job.progress = (uint16_t)(trainer->persistence.section * 1000u / SECTION_END);
  return true;
}

/* ---- Start-up ---- */

/* Offset of a section's bytes in the payload; false when it is not there. */
static bool find_section(const et_trainer *trainer, uint16_t id, uint32_t *offset, uint32_t *length) {
  et_section section;
  uint32_t at = 0;
  while (et_store_read(&trainer->persistence.store, at, &section, sizeof section)) {
    at += (uint32_t)sizeof section;
    if (section.id == id) {
      *offset = at;
      *length = section.length;
      return section.length <= trainer->persistence.store.length - at;
    }
    if (section.length > trainer->persistence.store.length - at) return false;
    at += section.length;
  }
  return false;
}

/* A section whose length must be as expected. */
static bool take(et_trainer *trainer, uint8_t id) {
  uint32_t expected, offset, length;
  void *bytes = span(trainer, id, &expected);
  return find_section(trainer, id, &offset, &length) && length == expected &&
         et_store_read(&trainer->persistence.store, offset, bytes, length);
}

static bool take_definition(et_trainer *trainer) {
  et_core *core = &trainer->core;
  et_definition definition;
  et_memory_layout layout;
  uint32_t offset, length;
  uint16_t detail;
  if (!find_section(trainer, SECTION_DEFINITION, &offset, &length) || length == 0u) return true; /* none was deployed */
  if (length > core->port->arena_bytes || !et_store_read(&trainer->persistence.store, offset, core->port->arena, length)) return false;
  if (et_definition_check(core->port->arena, length, &definition, &detail) != ET_OK) return false;
  if (et_memory_plan(&definition, core->port->arena_bytes, &layout) != ET_OK) return false;
  et_install(trainer, &definition, &layout);
  return true;
}

static void restore(et_trainer *trainer) {
  et_core *core = &trainer->core;
  const et_saved *saved = &trainer->persistence.saved;
  core->counters = saved->counters;
  trainer->decide.feedback.set_point = saved->set_point;
  core->training.mode = saved->mode;
  core->training.mode_before_freeze = saved->mode_before_freeze;
  trainer->stream.alarm.number = saved->alarm_number;
  core->generations.next_number = saved->next_generation;
  if (!et_is_stream(core) && take(trainer, SECTION_SAMPLES) && saved->samples <= core->deployment.definition.fixed->capacity) {
    trainer->decide.stitching.samples = saved->samples;
    trainer->decide.stitching.samples_new = saved->samples_new;
    trainer->decide.stitching.held_out_total = saved->held_out_total;
    trainer->decide.stitching.order_next = saved->order_next;
    trainer->decide.stitching.share_debt = saved->share_debt;
    trainer->decide.on_demand.failed_trainings = saved->failed_trainings;
    trainer->decide.on_demand.drift = saved->drift != 0u;
  }
  if (et_is_stream(core)) (void)take(trainer, SECTION_PATTERNS);
  else if (!et_voices_valid(et_voices_of(core), core->deployment.definition.fixed->classes)) et_speaking_begin(&trainer->decide);
  if (saved->generation != 0u && take(trainer, SECTION_RUNNING) &&
      core->deployment.model->validate(&core->deployment.context, et_generation(core, core->generations.running)) == ET_OK) {
    core->generations.number = saved->generation;
    core->generations.accuracy = saved->running_accuracy;
    core->generations.previous_number = saved->previous_generation; /* span() asks for it */
    if (saved->previous_generation != 0u && take(trainer, SECTION_PREVIOUS) &&
        core->deployment.model->validate(&core->deployment.context, et_generation(core, core->generations.previous)) == ET_OK)
      core->generations.previous_accuracy = saved->previous_accuracy;
    else
      core->generations.previous_number = 0;
  } else {
    core->deployment.model->blank(&core->deployment.context, et_generation(core, core->generations.running));
  }
}

void et_persistence_load(et_trainer *trainer) {
  et_core *core = &trainer->core;
  uint32_t offset, length;
  trainer->persistence.start_reason = (uint8_t)et_store_open(&trainer->persistence.store, core->port);
  if (trainer->persistence.store.active > 1u) return;
  memset(&trainer->persistence.saved, 0, sizeof trainer->persistence.saved);
  if (!find_section(trainer, SECTION_META, &offset, &length)) {
    trainer->persistence.start_reason = ET_START_REASON_DEFAULTS_CORRUPT;
    return;
  }
  /* An older firmware saved less of it: the rest keeps its default, and that is told. */
  if (length < sizeof trainer->persistence.saved) trainer->persistence.start_reason = ET_START_REASON_MIGRATED;
  (void)et_store_read(&trainer->persistence.store, offset, &trainer->persistence.saved, length < sizeof trainer->persistence.saved ? length : (uint32_t)sizeof trainer->persistence.saved);
  trainer->persistence.saves = trainer->persistence.saved.saves;
  core->log.next = trainer->persistence.saved.log_next;
  if (trainer->persistence.saved.unit >= 1u && trainer->persistence.saved.unit <= 247u) trainer->unit = trainer->persistence.saved.unit;
  memcpy(core->lock.key, trainer->persistence.saved.key, sizeof core->lock.key);
  core->lock.key_set = trainer->persistence.saved.key_set != 0u;
  if (!take_definition(trainer)) {
    et_uninstall(trainer);
    trainer->persistence.start_reason = ET_START_REASON_DEFAULTS_CORRUPT;
    return;
  }
  if (core->deployment.model == NULL) return;
  restore(trainer);
  /* Nobody is waiting yet: the fingerprint is known before the first answer. */
  while (et_generations_fingerprint_slice(core)) continue;
}
