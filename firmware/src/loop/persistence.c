#include "loop/persistence.h"

#include <string.h>

#include "loop/core/log.h"
#include "loop/save_policy.h"
#include "loop/trainer_state.h"
#include "support/crc.h"

/* Bytes measured or written in one slice. */
#define ET_SAVE_STEP 128u

static const uint16_t order[ET_SAVED_SECTIONS][2] = {
    {ET_SAVED_IDENTITY_ID, ET_SAVED_IDENTITY_LAYOUT},     {ET_SAVED_COUNTERS_ID, ET_SAVED_COUNTERS_LAYOUT},
    {ET_SAVED_POLICY_ID, ET_SAVED_POLICY_LAYOUT},         {ET_SAVED_GENERATIONS_ID, ET_SAVED_GENERATIONS_LAYOUT},
    {ET_SAVED_STITCHING_ID, ET_SAVED_STITCHING_LAYOUT},   {ET_SAVED_ALARM_ID, ET_SAVED_ALARM_LAYOUT},
    {ET_SAVED_DEFINITION_ID, ET_SAVED_DEFINITION_LAYOUT}, {ET_SAVED_RUNNING_ID, ET_SAVED_RUNNING_LAYOUT},
    {ET_SAVED_PREVIOUS_ID, ET_SAVED_PREVIOUS_LAYOUT},     {ET_SAVED_SAMPLES_ID, ET_SAVED_SAMPLES_LAYOUT},
    {ET_SAVED_PATTERNS_ID, ET_SAVED_PATTERNS_LAYOUT},     {ET_SAVED_STANDING_ID, ET_SAVED_STANDING_LAYOUT},
};

uint16_t et_saved_id(uint8_t place) { return order[place - 1u][0]; }
uint16_t et_saved_layout(uint8_t place) { return order[place - 1u][1]; }

static void capture(const et_trainer *trainer, et_saved *saved) {
  const et_core *core = &trainer->core;
  const et_generations *generations = &core->generations;
  const et_stitching *stitching = &trainer->decide.stitching;
  memset(saved, 0, sizeof *saved);
  saved->identity.saves = trainer->persistence.saves + 1u;
  saved->identity.log_next = core->log.next;
  memcpy(saved->identity.key, core->lock.key, sizeof saved->identity.key);
  saved->identity.key_set = core->lock.key_set;
  saved->identity.unit = trainer->unit;
  saved->counters = core->counters;
  saved->policy.set_point = trainer->decide.feedback.set_point;
  saved->policy.mode = core->training.mode;
  saved->policy.mode_before_freeze = core->training.mode_before_freeze;
  saved->generations.number = generations->number;
  saved->generations.previous_number = generations->previous_number;
  saved->generations.next_number = generations->next_number;
  saved->generations.accuracy = generations->accuracy;
  saved->generations.previous_accuracy = generations->previous_accuracy;
  saved->stitching.samples = stitching->samples;
  saved->stitching.samples_new = stitching->samples_new;
  saved->stitching.held_out_total = stitching->held_out_total;
  saved->stitching.order_next = stitching->order_next;
  saved->stitching.share_debt = stitching->share_debt;
  saved->stitching.failed_trainings = trainer->decide.on_demand.failed_trainings;
  saved->stitching.drift = trainer->decide.on_demand.drift;
  saved->alarm.number = trainer->stream.alarm.number;
}

static void *patterns(const et_core *core, uint32_t *length) {
  if (!et_is_stream(core)) return core->port->arena;
  return et_stream_patterns(core->deployment.model->stream, &core->deployment.context, length);
}

void *et_saved_span(et_trainer *trainer, uint16_t id, uint32_t *length) {
  const et_core *core = &trainer->core;
  const et_memory_layout *layout = &core->deployment.layout;
  et_saved *saved = &trainer->persistence.saved;
  *length = 0;
  switch (id) {
  case ET_SAVED_IDENTITY_ID: *length = sizeof saved->identity; return &saved->identity;
  case ET_SAVED_COUNTERS_ID: *length = sizeof saved->counters; return &saved->counters;
  case ET_SAVED_POLICY_ID: *length = sizeof saved->policy; return &saved->policy;
  case ET_SAVED_GENERATIONS_ID: *length = sizeof saved->generations; return &saved->generations;
  case ET_SAVED_STITCHING_ID: *length = sizeof saved->stitching; return &saved->stitching;
  case ET_SAVED_ALARM_ID: *length = sizeof saved->alarm; return &saved->alarm;
  default: break;
  }
  if (core->deployment.model == NULL) return core->port->arena;
  switch (id) {
  case ET_SAVED_DEFINITION_ID: *length = core->deployment.definition.length; return et_at(core, layout->definition);
  case ET_SAVED_RUNNING_ID: *length = layout->model_bytes; return et_generation(core, core->generations.running);
  case ET_SAVED_PREVIOUS_ID:
    *length = core->generations.previous_number == 0u ? 0u : layout->model_bytes;
    return et_generation(core, core->generations.previous);
  case ET_SAVED_SAMPLES_ID: *length = layout->models - layout->voices; return et_at(core, layout->voices);
  case ET_SAVED_STANDING_ID: *length = layout->voices - layout->standing; return et_at(core, layout->standing);
  default: return patterns(core, length);
  }
}

static uint32_t payload_bytes(et_trainer *trainer) {
  uint32_t total = 0, length;
  uint8_t place;
  for (place = 1; place <= ET_SAVED_SECTIONS; place++) {
    (void)et_saved_span(trainer, et_saved_id(place), &length);
    total += (uint32_t)sizeof(et_section) + length;
  }
  return total;
}

static void failed(et_trainer *trainer, et_error error) {
  et_core *core = &trainer->core;
  core->job.phase = ET_JOB_NONE;
  core->changes.wanted = core->changes.important = core->changes.urgent = false;
  trainer->persistence.saved_ms = et_now_ms(core); /* the next try waits its interval */
  core->log.error = (uint16_t)error;
  if (!trainer->persistence.fault) et_log(core, ET_EVENT_SAVE_FAILED, (uint16_t)error, 0);
  trainer->persistence.fault = true;
}

static void start(et_trainer *trainer) {
  et_core *core = &trainer->core;
  et_persistence *persistence = &trainer->persistence;
  if (payload_bytes(trainer) > et_store_slot_bytes(&persistence->store)) {
    failed(trainer, ET_STORE_FULL);
    return;
  }
  core->changes.wanted = core->changes.important = core->changes.urgent = false;
  memset(&core->job, 0, sizeof core->job);
  core->job.phase = ET_JOB_SAVE;
  persistence->section = 0;
  persistence->at = persistence->crc = 0;
  persistence->measured = false;
  persistence->edits = core->changes.edits;
  capture(trainer, &persistence->saved);
  persistence->begun++;
  et_store_begin(&persistence->store);
}

static void finish(et_trainer *trainer) {
  et_core *core = &trainer->core;
  et_notes sealed;
  const et_error error = et_notes_seal(trainer, &sealed) ? et_store_end(&trainer->persistence.store) : ET_STORE_FAILED;
  if (error != ET_OK) {
    failed(trainer, error);
    return;
  }
  trainer->core.job.phase = ET_JOB_NONE;
  trainer->persistence.saves = trainer->persistence.saved.identity.saves;
  trainer->persistence.saved_ms = et_now_ms(&trainer->core);
  trainer->persistence.fault = false;
  trainer->persistence.notes = sealed;
  core->changes.noted = core->changes.replaced = false;
}

/* Goes over the section twice: its checksum stands in front of it. */
static void section_slice(et_trainer *trainer) {
  et_persistence *persistence = &trainer->persistence;
  const uint16_t id = et_saved_id(persistence->section);
  uint32_t length, step;
  const uint8_t *bytes = et_saved_span(trainer, id, &length);
  step = length - persistence->at < ET_SAVE_STEP ? length - persistence->at : ET_SAVE_STEP;
  if (!persistence->measured) persistence->crc = et_crc32(persistence->crc, bytes + persistence->at, step);
  else et_store_put(&persistence->store, bytes + persistence->at, step);
  persistence->at += step;
  if (persistence->at != length) return;
  persistence->at = 0;
  if (!persistence->measured) {
    const et_section section = {id, et_saved_layout(persistence->section), length, persistence->crc};
    et_store_put(&persistence->store, &section, sizeof section);
    persistence->measured = true;
    return;
  }
  persistence->measured = false;
  persistence->crc = 0;
  persistence->section++;
}

bool et_persistence_slice(et_trainer *trainer) {
  et_core *core = &trainer->core;
  et_persistence *persistence = &trainer->persistence;
  if (core->job.phase == ET_JOB_SAVE && persistence->edits != core->changes.edits) {
    /* What is being saved has changed under it: the slot before stays the newest, and the save starts over. */
    core->job.phase = ET_JOB_NONE;
    core->changes.wanted = core->changes.urgent = true;
  }
  if (core->job.phase == ET_JOB_NONE) {
    if (persistence->store.slot_bytes == 0u) {
      core->changes.wanted = core->changes.important = core->changes.urgent = false;
      return false;
    }
    if (!et_save_due(trainer)) return false;
    start(trainer);
    return true;
  }
  if (core->job.phase != ET_JOB_SAVE) return false;
  if (persistence->section == 0u) {
    if (et_store_erase_step(&persistence->store)) persistence->section = 1;
    return true;
  }
  if (persistence->section > ET_SAVED_SECTIONS) {
    if (et_store_verify_step(&persistence->store)) finish(trainer);
    return true;
  }
  section_slice(trainer);
  core->job.progress = (uint16_t)(persistence->section * 1000u / (ET_SAVED_SECTIONS + 1u));
  return true;
}
