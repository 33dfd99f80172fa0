#include "loop/commands.h"

#include <string.h>

#include "loop/bulk.h"
#include "loop/core/change.h"
#include "loop/core/lock.h"
#include "loop/core/log.h"
#include "loop/decide/feedback.h"
#include "loop/decide/stitching.h"
#include "loop/save_policy.h"
#include "loop/trainer_state.h"
#include "support/crc.h"

static void forget_learning(et_trainer *trainer) {
  et_core *core = &trainer->core;
  core->generations.number = core->generations.previous_number = core->generations.next_number = 0;
  core->generations.accuracy = core->generations.previous_accuracy = 65535u;
  core->generations.fingerprint = core->generations.previous_fingerprint = core->generations.fingerprint_at = core->generations.fingerprint_crc = 0;
  core->window.at = core->window.filled = core->window.good = 0;
  trainer->decide.on_demand.failed_trainings = 0;
  trainer->decide.on_demand.drift = trainer->decide.feedback.unsatisfied = false;
  et_speaking_begin(&trainer->decide);
  trainer->decide.on_demand.evaluated_samples = trainer->decide.on_demand.evaluated_generation = 0;
  memset(trainer->decide.on_demand.candidate_evaluation, 0, sizeof trainer->decide.on_demand.candidate_evaluation);
  memset(&core->training.report, 0, sizeof core->training.report);
}

/* The definition and the data set stay; the models are as on the first day. */
static void forget_models(et_trainer *trainer) {
  et_core *core = &trainer->core;
  forget_learning(trainer);
  memset(et_confusion(core, 0), 0, 4u * (uint32_t)core->deployment.definition.core->classes * core->deployment.definition.core->classes);
  memset(et_generation(core, 0), 0, 3u * ((core->deployment.layout.model_bytes + 3u) & ~3u));
  memset(core->deployment.context.shared, 0, core->deployment.layout.shared_bytes);
  core->deployment.model->blank(&core->deployment.context, et_generation(core, core->generations.running));
}

void et_uninstall(et_trainer *trainer) {
  et_core *core = &trainer->core;
  core->changes.replaced = true;
  core->deployment.model = NULL;
  et_trainer_pick_loop(trainer);
  memset(&core->deployment.definition, 0, sizeof core->deployment.definition);
  memset(&core->deployment.layout, 0, sizeof core->deployment.layout); /* staging at 0: the whole arena is free */
  memset(&core->job, 0, sizeof core->job);
  memset(&trainer->decide.io.shown, 0, sizeof trainer->decide.io.shown);
  trainer->decide.stitching.samples = trainer->decide.stitching.samples_new = trainer->decide.stitching.held_out_total = 0;
  et_upload_forget(core);
  forget_learning(trainer);
}

void et_install(et_trainer *trainer, const et_definition *definition, const et_memory_layout *layout) {
  et_core *core = &trainer->core;
  const uint32_t after = (definition->length + 3u) & ~3u;
  et_uninstall(trainer);
  core->deployment.definition = *definition;
  core->deployment.layout = *layout;
  core->deployment.model = et_model_find(definition->core->model);
  et_trainer_pick_loop(trainer);
  memset(core->port->arena + after, 0, layout->total - after);
  core->deployment.context.definition = &core->deployment.definition;
  core->deployment.context.shared = et_at(core, layout->shared);
  core->deployment.context.work = et_at(core, layout->work);
  core->generations.running = 0;
  core->generations.candidate = 1;
  core->generations.previous = 2;
  core->deployment.model->blank(&core->deployment.context, et_generation(core, 0));
  trainer->decide.feedback.set_point = definition->feedback->set_point;
  core->training.mode = core->training.mode_before_freeze = definition->training->mode;
  core->training.frozen_by = definition->training->mode == ET_MODE_FROZEN ? ET_FROZEN_BY_MANAGEMENT : ET_FROZEN_BY_NOBODY;
  trainer->decide.io.next = 0;
  trainer->decide.io.ticket = core->outcome.ticket = 0;
  core->outcome.judgement = ET_JUDGEMENT_NONE;
  core->outcome.truth = ET_NO_TRUTH;
  trainer->stream.queue.next_sequence = trainer->stream.queue.count = trainer->stream.queue.at = 0;
  trainer->stream.queue.lost = 0;
  trainer->stream.queue.started = trainer->stream.queue.stopped = trainer->stream.alarm.raised = trainer->stream.alarm.had_new_pattern = false;
  trainer->stream.alarm.number = trainer->stream.alarm.judged = 0;
  memset(&core->counters, 0, sizeof core->counters);
#ifndef ET_WITHOUT_STREAM
  memset(&trainer->stream.alarm.result, 0, sizeof trainer->stream.alarm.result);
#endif
  et_stitch_clear(&trainer->decide);
  et_speaking_begin(&trainer->decide);
}

/* Models of the new definition, for samples that stay: converted, or blank. */
static void carry_models(et_trainer *trainer, const et_definition *after, const et_change *change) {
  et_core *core = &trainer->core;
  const et_definition *before = &core->deployment.definition;
  const et_model_context *context = &core->deployment.context;
  const et_model_ops *model = core->deployment.model;
  uint8_t i;
  if (change->models == ET_FATE_DISCARDED) {
    const uint16_t next = core->generations.next_number; /* a number is given once */
    forget_models(trainer);
    core->generations.next_number = next;
    trainer->decide.stitching.samples_new = trainer->decide.stitching.samples; /* a training begins when the policy allows */
    return;
  }
  if (change->models == ET_FATE_KEPT) return;
  for (i = 0; i < before->core->features; i++) {
    if (et_change_of_range(before, after, i)) {
      const et_range_map map = et_range_map_of(before, after, i);
      model->convert(context, et_generation(core, core->generations.running), i, &map);
      if (core->generations.previous_number != 0u) model->convert(context, et_generation(core, core->generations.previous), i, &map);
    }
  }
  core->generations.fingerprint = core->generations.fingerprint_at = core->generations.fingerprint_crc = 0;
  core->generations.previous_fingerprint =
      core->generations.previous_number == 0u
          ? 0u
          : et_crc32(0u, et_generation(core, core->generations.previous), core->deployment.layout.model_bytes);
}

/* The new definition takes over what was learned: same identities, same places in memory. */
static void carry_over(et_trainer *trainer, const et_definition *after, const et_change *change) {
  et_core *core = &trainer->core;
  et_definition *definition = &core->deployment.definition;
  const int16_t set_point = definition->feedback->set_point;
  const uint16_t accuracy_window = definition->training->accuracy_window;
  const uint8_t mode = definition->training->mode;
  uint16_t detail;
  carry_models(trainer, after, change);
  if (change->samples == ET_FATE_CONVERTED) et_data_set_convert(&trainer->decide, after);
  memmove(et_at(core, core->deployment.layout.definition), after->blob, after->length);
  /* Checked a moment ago at its other place. */
  (void)et_definition_check(et_at(core, core->deployment.layout.definition), after->length, definition, &detail);
  if (change->labels != ET_FATE_KEPT || definition->feedback->set_point != set_point)
    et_feedback_set_point(&trainer->decide, definition->feedback->set_point);
  if (definition->training->mode != mode) (void)et_trainer_set_mode(trainer, definition->training->mode, ET_FROZEN_BY_MANAGEMENT);
  if (change->labels != ET_FATE_KEPT || definition->training->accuracy_window != accuracy_window)
    core->window.at = core->window.filled = core->window.good = 0;
}

static et_error commit_definition(et_trainer *trainer) {
  et_core *core = &trainer->core;
  const uint8_t *staged = et_at(core, core->deployment.layout.staging);
  et_definition definition;
  et_memory_layout layout;
  et_change change;
  uint16_t detail = 0;
  et_error error = et_upload_complete(core, ET_OBJECT_DEFINITION_STAGED);
  if (error != ET_OK) return error;
  if (core->job.phase == ET_JOB_SAVE) return ET_BUSY;
  error = et_definition_check(staged, core->staging.total, &definition, &detail);
  trainer->commands.detail = detail;
  if (error != ET_OK) return error;
  error = et_memory_plan(&definition, core->port->arena_bytes, &layout);
  if (error != ET_OK) {
    trainer->commands.detail = layout.total;
    return error;
  }
  if (core->deployment.model != NULL && definition.fingerprint == core->deployment.definition.fingerprint) {
    et_upload_forget(core); /* the very same: nothing to do */
    return ET_OK;
  }
  et_change_find(core->deployment.model == NULL ? NULL : &core->deployment.definition, &definition, core->port->arena_bytes, &change);
  if (change.samples != ET_FATE_DISCARDED) {
    carry_over(trainer, &definition, &change);
    et_upload_forget(core);
  } else {
    memmove(core->port->arena, staged, definition.length);
    /* Checked a moment ago at its other place. */
    (void)et_definition_check(core->port->arena, definition.length, &definition, &detail);
    et_install(trainer, &definition, &layout);
  }
  core->changes.wanted = core->changes.urgent = true;
  et_log(core, ET_EVENT_DEFINITION, (uint16_t)(definition.fingerprint >> 16), (uint16_t)definition.fingerprint);
  return ET_OK;
}

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
  error = core->deployment.model->stream->patterns_load(&core->deployment.context, staged);
  if (error != ET_OK) return error;
  et_upload_forget(core);
  core->changes.wanted = core->changes.urgent = true;
  core->changes.edits++;
  et_log(core, ET_EVENT_PATTERNS_RESTORED, 0, 0);
  return ET_OK;
}

static et_error reset_model(et_trainer *trainer) {
  et_core *core = &trainer->core;
  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (core->job.phase == ET_JOB_SAVE) return ET_BUSY;
  et_trainer_cancel(trainer);
  forget_models(trainer);
  core->changes.wanted = true;
  return ET_OK;
}

static et_error clear_dataset(et_trainer *trainer) {
  et_core *core = &trainer->core;
  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (core->job.phase == ET_JOB_SAVE) return ET_BUSY;
  et_trainer_cancel(trainer);
  et_stitch_clear(&trainer->decide);
  core->changes.wanted = true;
  et_log(core, ET_EVENT_DATASET_CLEARED, 0, 0);
  return ET_OK;
}

static et_error pattern_command(et_trainer *trainer, uint16_t code, uint32_t argument) {
  et_core *core = &trainer->core;
  const uint8_t first = (uint8_t)(argument >> 8), second = (uint8_t)argument;
  if (!et_is_stream(core)) return ET_NOT_SUPPORTED;
  core->changes.wanted = true;
  core->changes.edits++;
  if (code == ET_COMMAND_PATTERN_MERGE) return core->deployment.model->stream->pattern_merge(&core->deployment.context, first, second);
  return core->deployment.model->stream->pattern_forget(&core->deployment.context, second);
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
  case ET_COMMAND_SAVE:
    if (core->port->nvm.size == 0u) return ET_NO_STORE;
    trainer->commands.detail = et_save_wait_s(trainer);
    if (trainer->commands.detail != 0u) return ET_WEAR;
    core->changes.wanted = core->changes.urgent = true;
    return ET_OK;
  case ET_COMMAND_CLEAR_DATASET: return clear_dataset(trainer);
  case ET_COMMAND_RESET_MODEL: return reset_model(trainer);
  case ET_COMMAND_RESET_COUNTERS: memset(&core->counters, 0, sizeof core->counters); return ET_OK;
  case ET_COMMAND_COMMIT_DEFINITION: return commit_definition(trainer);
  case ET_COMMAND_COMMIT_MODEL: return commit_model(trainer);
  case ET_COMMAND_RESTART: trainer->restart_pending = true; return ET_OK;
  case ET_COMMAND_FACTORY_RESET:
    if (et_store_erase(&trainer->persistence.store) != ET_OK) return ET_STORE_FAILED;
    et_trainer_cancel(trainer);
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
    et_suspicion_trust(&trainer->decide.feedback.watch);
    et_log(core, ET_EVENT_SUSPICION, ET_SUSPICION_NONE, 0);
    return ET_OK;
  case ET_COMMAND_PATTERN_MERGE:
  case ET_COMMAND_PATTERN_FORGET: return pattern_command(trainer, code, argument);
  case ET_COMMAND_COMMIT_PATTERNS: return commit_patterns(trainer);
  case ET_COMMAND_LOCK: et_lock_now(core); return ET_OK;
  case ET_COMMAND_SET_UNIT:
    if (argument < 1u || argument > 247u) return ET_VALUE;
    trainer->unit = (uint8_t)argument;
    core->changes.wanted = core->changes.urgent = true;
    return ET_OK;
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
