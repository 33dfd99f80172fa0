#include "loop/persistence.h"

#include <string.h>

#include "loop/commands.h"
#include "loop/log.h"
#include "loop/train_on_demand.h"

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
  memset(saved, 0, sizeof *saved);
  saved->counters = trainer->counters;
  saved->saves = trainer->saves + 1u;
  saved->log_next = trainer->log_next;
  saved->generation = trainer->generation;
  saved->previous_generation = trainer->previous_generation;
  saved->next_generation = trainer->next_generation;
  saved->running_accuracy = trainer->running_accuracy;
  saved->previous_accuracy = trainer->previous_accuracy;
  saved->samples = trainer->samples;
  saved->samples_new = trainer->samples_new;
  saved->held_out_total = trainer->held_out_total;
  saved->order_next = trainer->order_next;
  saved->share_debt = trainer->share_debt;
  saved->failed_trainings = trainer->failed_trainings;
  saved->alarm_number = trainer->alarm_number;
  saved->set_point = trainer->set_point;
  saved->unit = trainer->unit;
  saved->mode = trainer->mode;
  saved->mode_before_freeze = trainer->mode_before_freeze;
  saved->drift = trainer->drift;
  saved->key_set = trainer->lock.key_set;
  memcpy(saved->key, trainer->lock.key, sizeof saved->key);
  saved->trial_judged = trainer->trial_judged;
  saved->trial_good = trainer->trial_good;
  saved->window_before_promotion = trainer->window_before_promotion;
}

static const void *patterns(const et_trainer *trainer, uint32_t *length) {
  uint32_t offset = 0;
  *length = 0;
  if (!et_is_stream(trainer)) return trainer->port->arena;
  trainer->model->stream->patterns_span(&trainer->context, &offset, length);
  return (const uint8_t *)trainer->context.shared + offset;
}

/* Where a section's bytes are in memory, and how many. */
static void *span(et_trainer *trainer, uint8_t section, uint32_t *length) {
  const et_memory_layout *layout = &trainer->layout;
  *length = 0;
  if (section == SECTION_META) {
    *length = sizeof trainer->saved;
    return &trainer->saved;
  }
  if (trainer->model == NULL) return trainer->port->arena;
  switch (section) {
  case SECTION_DEFINITION: *length = trainer->definition.fixed->length; return et_at(trainer, layout->definition);
  case SECTION_RUNNING: *length = layout->model_bytes; return et_generation(trainer, trainer->running);
  case SECTION_PREVIOUS:
    *length = trainer->previous_generation == 0u ? 0u : layout->model_bytes;
    return et_generation(trainer, trainer->previous);
  case SECTION_SAMPLES: *length = layout->models - layout->held_counts; return et_at(trainer, layout->held_counts);
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
  const uint32_t interval_s = trainer->model == NULL ? 0u : trainer->definition.fixed->save_interval_s;
  if (trainer->save_urgent) return true;
  if (interval_s == 0u) return trainer->save_important;
  return trainer->save_wanted && et_now_ms(trainer) - trainer->saved_ms >= 1000u * interval_s;
}

static void failed(et_trainer *trainer, et_error error) {
  trainer->job.phase = ET_JOB_NONE;
  trainer->save_wanted = trainer->save_important = trainer->save_urgent = false;
  trainer->saved_ms = et_now_ms(trainer); /* the next try waits its interval */
  trainer->last_error = (uint16_t)error;
  if (!trainer->fault) et_log(trainer, ET_EVENT_SAVE_FAILED, (uint16_t)error, 0);
  trainer->fault = true;
}

static void start(et_trainer *trainer) {
  if (payload_bytes(trainer) > et_store_slot_bytes(&trainer->store)) {
    failed(trainer, ET_STORE_FULL);
    return;
  }
  trainer->save_wanted = trainer->save_important = trainer->save_urgent = false;
  memset(&trainer->job, 0, sizeof trainer->job);
  trainer->job.phase = ET_JOB_SAVE;
  trainer->save_section = 0;
  trainer->save_at = 0;
  capture(trainer, &trainer->saved);
  et_store_begin(&trainer->store);
}

static void finish(et_trainer *trainer) {
  const et_error error = et_store_end(&trainer->store);
  if (error != ET_OK) {
    failed(trainer, error);
    return;
  }
  trainer->job.phase = ET_JOB_NONE;
  trainer->saves = trainer->saved.saves;
  trainer->saved_ms = et_now_ms(trainer);
  trainer->fault = false;
}

bool et_persistence_slice(et_trainer *trainer) {
  uint32_t length, step;
  const uint8_t *bytes;
  if (trainer->job.phase == ET_JOB_NONE) {
    if (trainer->store.slot_bytes == 0u) {
      trainer->save_wanted = trainer->save_important = trainer->save_urgent = false;
      return false;
    }
    if (!due(trainer)) return false;
    start(trainer);
    return true;
  }
  if (trainer->job.phase != ET_JOB_SAVE) return false;
  if (trainer->save_section == 0u) {
    if (et_store_erase_step(&trainer->store)) trainer->save_section = SECTION_META;
    return true;
  }
  if (trainer->save_section == SECTION_END) {
    if (et_store_verify_step(&trainer->store)) finish(trainer);
    return true;
  }
  bytes = span(trainer, trainer->save_section, &length);
  if (trainer->save_at == 0u) {
    const et_section section = { trainer->save_section, SECTION_LAYOUT, length };
    et_store_put(&trainer->store, &section, sizeof section);
  }
  step = length - trainer->save_at < ET_SAVE_STEP ? length - trainer->save_at : ET_SAVE_STEP;
  et_store_put(&trainer->store, bytes + trainer->save_at, step);
  trainer->save_at += step;
  if (trainer->save_at == length) {
    trainer->save_section++;
    trainer->save_at = 0;
  }
  trainer->job.progress = (uint16_t)(trainer->save_section * 1000u / SECTION_END);
  return true;
}

void et_persistence_restart(et_trainer *trainer) {
  if (trainer->job.phase != ET_JOB_SAVE) return;
  trainer->job.phase = ET_JOB_NONE;
  trainer->save_wanted = trainer->save_urgent = true;
}

/* ---- Start-up ---- */

/* Offset of a section's bytes in the payload; false when it is not there. */
static bool find_section(const et_trainer *trainer, uint16_t id, uint32_t *offset, uint32_t *length) {
  et_section section;
  uint32_t at = 0;
  while (et_store_read(&trainer->store, at, &section, sizeof section)) {
    at += (uint32_t)sizeof section;
    if (section.id == id) {
      *offset = at;
      *length = section.length;
      return section.length <= trainer->store.length - at;
    }
    if (section.length > trainer->store.length - at) return false;
    at += section.length;
  }
  return false;
}

/* A section whose length must be as expected. */
static bool take(et_trainer *trainer, uint8_t id) {
  uint32_t expected, offset, length;
  void *bytes = span(trainer, id, &expected);
  return find_section(trainer, id, &offset, &length) && length == expected &&
         et_store_read(&trainer->store, offset, bytes, length);
}

static bool take_definition(et_trainer *trainer) {
  et_definition definition;
  et_memory_layout layout;
  uint32_t offset, length;
  uint16_t detail;
  if (!find_section(trainer, SECTION_DEFINITION, &offset, &length) || length == 0u) return true; /* none was deployed */
  if (length > trainer->port->arena_bytes || !et_store_read(&trainer->store, offset, trainer->port->arena, length)) return false;
  if (et_definition_check(trainer->port->arena, length, &definition, &detail) != ET_OK) return false;
  if (et_memory_plan(&definition, trainer->port->arena_bytes, &layout) != ET_OK) return false;
  et_install(trainer, &definition, &layout);
  return true;
}

static void restore(et_trainer *trainer) {
  const et_saved *saved = &trainer->saved;
  trainer->counters = saved->counters;
  trainer->set_point = saved->set_point;
  trainer->mode = saved->mode;
  trainer->mode_before_freeze = saved->mode_before_freeze;
  trainer->alarm_number = saved->alarm_number;
  trainer->next_generation = saved->next_generation;
  if (!et_is_stream(trainer) && take(trainer, SECTION_SAMPLES) && saved->samples <= trainer->definition.fixed->capacity) {
    trainer->samples = saved->samples;
    trainer->samples_new = saved->samples_new;
    trainer->held_out_total = saved->held_out_total;
    trainer->order_next = saved->order_next;
    trainer->share_debt = saved->share_debt;
    trainer->failed_trainings = saved->failed_trainings;
    trainer->drift = saved->drift != 0u;
  }
  if (et_is_stream(trainer)) (void)take(trainer, SECTION_PATTERNS);
  if (saved->generation != 0u && take(trainer, SECTION_RUNNING) &&
      trainer->model->validate(&trainer->context, et_generation(trainer, trainer->running)) == ET_OK) {
    trainer->generation = saved->generation;
    trainer->running_accuracy = saved->running_accuracy;
    trainer->previous_generation = saved->previous_generation; /* span() asks for it */
    if (saved->previous_generation != 0u && take(trainer, SECTION_PREVIOUS) &&
        trainer->model->validate(&trainer->context, et_generation(trainer, trainer->previous)) == ET_OK)
      trainer->previous_accuracy = saved->previous_accuracy;
    else
      trainer->previous_generation = 0;
    trainer->trial_judged = saved->trial_judged;
    trainer->trial_good = saved->trial_good;
    trainer->window_before_promotion = saved->window_before_promotion;
  } else {
    trainer->model->blank(&trainer->context, et_generation(trainer, trainer->running));
  }
}

void et_persistence_load(et_trainer *trainer) {
  uint32_t offset, length;
  trainer->start_reason = (uint8_t)et_store_open(&trainer->store, trainer->port);
  if (trainer->store.active > 1u) return;
  memset(&trainer->saved, 0, sizeof trainer->saved);
  if (!find_section(trainer, SECTION_META, &offset, &length)) {
    trainer->start_reason = ET_START_REASON_DEFAULTS_CORRUPT;
    return;
  }
  /* An older firmware saved less of it: the rest keeps its default, and that is told. */
  if (length < sizeof trainer->saved) trainer->start_reason = ET_START_REASON_MIGRATED;
  (void)et_store_read(&trainer->store, offset, &trainer->saved, length < sizeof trainer->saved ? length : (uint32_t)sizeof trainer->saved);
  trainer->saves = trainer->saved.saves;
  trainer->log_next = trainer->saved.log_next;
  if (trainer->saved.unit >= 1u && trainer->saved.unit <= 247u) trainer->unit = trainer->saved.unit;
  memcpy(trainer->lock.key, trainer->saved.key, sizeof trainer->lock.key);
  trainer->lock.key_set = trainer->saved.key_set != 0u;
  if (!take_definition(trainer)) {
    et_uninstall(trainer);
    trainer->start_reason = ET_START_REASON_DEFAULTS_CORRUPT;
    return;
  }
  if (trainer->model == NULL) return;
  restore(trainer);
  /* Nobody is waiting yet: the fingerprint is known before the first answer. */
  while (et_train_fingerprint_slice(trainer)) continue;
}
