#include "loop/commands.h"

#include <string.h>

#include "loop/bulk.h"
#include "loop/core/lock.h"
#include "loop/core/log.h"
#include "loop/decide/feedback.h"
#include "loop/decide/stitching.h"
#include "loop/decide/voices_record.h"
#include "loop/line.h"
#include "loop/redeploy.h"
#include "loop/trainer_state.h"
#include "support/crc.h"

static et_error commit_model(et_trainer *trainer) {
  et_core *core = &trainer->core;
  const et_model_header *header = &trainer->bulk.staged_header;
  et_error error = et_upload_complete(core, ET_OBJECT_MODEL_STAGED);
  if (error != ET_OK) return error;
  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (header->magic != ET_MODEL_MAGIC || header->layout != ET_MODEL_LAYOUT) return ET_MODEL_VERSION;
  if (header->family != core->deployment.definition.core->model || header->length != core->deployment.layout.model_bytes ||
      header->shape != et_shape_fingerprint(&core->deployment.definition))
    return ET_MODEL_SHAPE;
  if (header->crc != core->staging.crc) return ET_MODEL_CRC;
  error = core->deployment.model->validate(&core->deployment.context, et_generation(core, core->generations.candidate));
  if (error != ET_OK) return error;
  et_upload_forget(core);
  et_generations_promote(core, header->accuracy);
  et_log(core, ET_EVENT_MODEL_RESTORED, header->accuracy, 65535u);
  core->generations.fingerprint = header->crc; /* just checked */
  core->changes.urgent = true;
  return ET_OK;
}

static et_error commit_patterns(et_trainer *trainer) {
  et_core *core = &trainer->core;
  const uint8_t *staged = et_at(core, core->deployment.layout.staging);
  et_error error = et_upload_complete(core, ET_OBJECT_PATTERNS_STAGED);
  if (error != ET_OK) return error;
  if (!et_is_stream(core)) return ET_NOT_SUPPORTED;
  /* A learning phase that began since has overwritten it. */
  if (et_crc32(0u, staged, core->staging.total) != core->staging.crc) return ET_INCOMPLETE;
  error = et_stream_patterns_load(core->deployment.model->stream, &core->deployment.context, staged);
  if (error != ET_OK) return error;
  et_upload_forget(core);
  core->changes.wanted = core->changes.urgent = true;
  core->changes.edits++;
  et_log(core, ET_EVENT_PATTERNS_RESTORED, 0, 0);
  return ET_OK;
}

static et_error commit_voices(et_trainer *trainer) {
  et_core *core = &trainer->core;
  const uint8_t *staged = et_at(core, core->deployment.layout.staging);
  et_error error = et_upload_complete(core, ET_OBJECT_VOICES_STAGED);
  if (error != ET_OK) return error;
  if (core->staging.total != et_voices_record_bytes(core)) return ET_MODEL_SHAPE; /* another definition was deployed since */
  /* A job that began since has overwritten it. */
  if (et_crc32(0u, staged, core->staging.total) != core->staging.crc) return ET_INCOMPLETE;
  error = et_voices_record_load(core, staged);
  if (error != ET_OK) return error;
  et_upload_forget(core);
  core->changes.wanted = core->changes.urgent = true;
  core->changes.edits++;
  return ET_OK;
}

static et_error reset_model(et_trainer *trainer) {
  et_core *core = &trainer->core;
  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (core->job.phase == ET_JOB_SAVE) return ET_BUSY;
  et_trainer_cancel(trainer);
  et_forget_models(trainer);
  core->changes.wanted = core->changes.important = true;
  return ET_OK;
}

static et_error clear_dataset(et_trainer *trainer) {
  et_core *core = &trainer->core;
  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (core->job.phase == ET_JOB_SAVE) return ET_BUSY;
  et_trainer_cancel(trainer);
  et_stitch_clear(&trainer->decide);
  core->changes.wanted = core->changes.important = true;
  et_log(core, ET_EVENT_DATASET_CLEARED, 0, 0);
  return ET_OK;
}

static et_error pattern_command(et_trainer *trainer, uint16_t code, uint32_t argument) {
  et_core *core = &trainer->core;
  const uint8_t first = (uint8_t)(argument >> 8), second = (uint8_t)argument;
  if (!et_is_stream(core)) return ET_NOT_SUPPORTED;
  core->changes.wanted = core->changes.important = true;
  core->changes.edits++;
  if (code == ET_COMMAND_PATTERN_MERGE)
    return et_stream_pattern_merge(core->deployment.model->stream, &core->deployment.context, first, second);
  return et_stream_pattern_forget(core->deployment.model->stream, &core->deployment.context, second);
}

static et_error run(et_trainer *trainer, uint16_t code, uint32_t argument) {
  et_core *core = &trainer->core;
  trainer->commands.detail = 0;
  switch (code) {
  case ET_COMMAND_TRAIN: return et_trainer_start(trainer, 0u);
  case ET_COMMAND_CANCEL: et_trainer_cancel(trainer); return ET_OK;
  case ET_COMMAND_EVALUATE: return trainer->ops->evaluate(trainer->loop);
  case ET_COMMAND_ROLL_BACK: return et_generations_roll_back(core, ET_EVENT_ROLLED_BACK);
  case ET_COMMAND_SET_MODE: return argument > 65535u ? ET_VALUE : et_trainer_set_mode(trainer, (uint16_t)argument, ET_FROZEN_BY_MANAGEMENT);
  case ET_COMMAND_SAVE: return et_trainer_save(trainer);
  case ET_COMMAND_CLEAR_DATASET: return clear_dataset(trainer);
  case ET_COMMAND_RESET_MODEL: return reset_model(trainer);
  case ET_COMMAND_RESET_COUNTERS: memset(&core->counters, 0, sizeof core->counters); return ET_OK;
  case ET_COMMAND_COMMIT_DEFINITION: return et_redeploy(trainer);
  case ET_COMMAND_COMMIT_MODEL: return commit_model(trainer);
  case ET_COMMAND_RESTART: trainer->restart_pending = true; return ET_OK;
  case ET_COMMAND_FACTORY_RESET:
    if (et_store_erase(&trainer->persistence.store) != ET_OK) return ET_STORE_FAILED;
    et_trainer_cancel(trainer);
    et_local_leave(&trainer->decide, NULL);
    et_uninstall(trainer);
    memset(&core->lock, 0, sizeof core->lock);
    trainer->persistence.notes.journal.slot = 2; /* nothing is saved any more */
    core->changes.wanted = core->changes.important = core->changes.urgent = core->changes.noted = false;
    et_log(core, ET_EVENT_FACTORY_RESET, 0, 0);
    return ET_OK;
  case ET_COMMAND_LEARN:
    if (!et_is_stream(core)) return ET_NOT_SUPPORTED;
    return et_trainer_start(trainer, argument);
  case ET_COMMAND_TRUST_FEEDBACK:
    if (core->deployment.model == NULL) return ET_NO_DEFINITION;
    if (et_is_stream(core)) return ET_NOT_SUPPORTED;
    et_suspicion_trust(&trainer->decide.feedback.watch, et_stillness_of(core), et_plain_features(&core->deployment.definition));
    et_log(core, ET_EVENT_SUSPICION, ET_SUSPICION_NONE, 0);
    return ET_OK;
  case ET_COMMAND_PATTERN_MERGE:
  case ET_COMMAND_PATTERN_FORGET: return pattern_command(trainer, code, argument);
  case ET_COMMAND_COMMIT_PATTERNS: return commit_patterns(trainer);
  case ET_COMMAND_COMMIT_VOICES: return commit_voices(trainer);
  case ET_COMMAND_LOCK: et_lock_now(core); return ET_OK;
  case ET_COMMAND_SET_UNIT:
    if (argument < 1u || argument > 247u) return ET_VALUE;
    trainer->unit = (uint8_t)argument;
    core->changes.wanted = core->changes.urgent = true;
    return ET_OK;
  case ET_COMMAND_BOOT_LOADER:
    if (core->port->boot_loader == NULL) return ET_BOARD_CANNOT;
    trainer->leaving = true;
    trainer->leaving_ms = et_now_ms(core);
    return ET_OK;
  case ET_COMMAND_SET_LINE: return et_line_set(trainer, argument);
  default: return ET_COMMAND_UNKNOWN;
  }
}

/* The command that this number stands for, or -1. */
static int16_t find_known(const et_trainer *trainer, uint16_t ticket) {
  uint8_t i;
  for (i = 0; i < ET_COMMANDS_KNOWN; i++) {
    const et_command_record *known = &trainer->commands.known[i];
    if (known->ticket == ticket && et_now_ms(&trainer->core) - known->heard_ms < 1000u * ET_REPEAT_SECONDS) return i;
  }
  return -1;
}

et_error et_command_run(et_trainer *trainer, uint32_t argument, uint16_t code, uint16_t ticket, const uint8_t *proof) {
  et_core *core = &trainer->core;
  et_commands *commands = &trainer->commands;
  et_command_record *record;
  int16_t known;
  et_error error;
  if (ticket == 0u) return ET_TICKET_ZERO;
  known = find_known(trainer, ticket);
  if (known >= 0) {
    record = &commands->known[known];
    if (code != record->code || argument != record->argument) return ET_TICKET_TAKEN;
    record->heard_ms = et_now_ms(core);
    commands->shown = (uint8_t)known;
    core->repeats++;
    return ET_OK;
  }
  error = code == ET_COMMAND_LOCK ? ET_OK : et_lock_prove(core, argument, code, ticket, proof);
  if (error != ET_OK) return error;
  commands->shown = commands->next;
  commands->next = (uint8_t)((commands->next + 1u) % ET_COMMANDS_KNOWN);
  record = &commands->known[commands->shown];
  record->argument = argument;
  record->code = code;
  record->ticket = ticket;
  record->heard_ms = et_now_ms(core);
  record->result = (uint16_t)run(trainer, code, argument);
  record->detail = commands->detail;
  if (record->result != ET_OK) {
    core->log.error = record->result;
    core->log.error_detail = (uint16_t)record->detail;
  }
  return ET_OK;
}
