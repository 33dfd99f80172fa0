#include "loop/commands.h"

#include <string.h>

#include "loop/bulk.h"
#include "loop/feedback.h"
#include "loop/lock.h"
#include "loop/log.h"
#include "loop/stitching.h"
#include "loop/stream_loop.h"
#include "loop/train_on_demand.h"
#include "support/crc.h"

static void forget_learning(et_trainer *trainer) {
  trainer->generation = trainer->previous_generation = trainer->next_generation = 0;
  trainer->running_accuracy = trainer->previous_accuracy = 65535u;
  trainer->model_fingerprint = trainer->previous_fingerprint = trainer->fingerprint_at = trainer->fingerprint_crc = 0;
  trainer->window_at = trainer->window_filled = trainer->window_good = 0;
  trainer->failed_trainings = 0;
  trainer->drift = trainer->unsatisfied = false;
  trainer->trial_judged = trainer->trial_good = 0;
  trainer->window_before_promotion = 65535u;
  trainer->evaluated_samples = trainer->evaluated_generation = 0;
  memset(trainer->candidate_evaluation, 0, sizeof trainer->candidate_evaluation);
  memset(&trainer->report, 0, sizeof trainer->report);
}

void et_uninstall(et_trainer *trainer) {
  trainer->model = NULL;
  memset(&trainer->definition, 0, sizeof trainer->definition);
  memset(&trainer->layout, 0, sizeof trainer->layout); /* staging at 0: the whole arena is free */
  memset(&trainer->job, 0, sizeof trainer->job);
  memset(&trainer->shown, 0, sizeof trainer->shown);
  trainer->samples = trainer->samples_new = trainer->held_out_total = 0;
  et_bulk_forget(trainer);
  forget_learning(trainer);
}

void et_install(et_trainer *trainer, const et_definition *definition, const et_memory_layout *layout) {
  const uint32_t after = (definition->fixed->length + 3u) & ~3u;
  et_uninstall(trainer);
  trainer->definition = *definition;
  trainer->layout = *layout;
  trainer->model = et_model_find(definition->fixed->model);
  memset(trainer->port->arena + after, 0, layout->total - after);
  trainer->context.definition = &trainer->definition;
  trainer->context.shared = et_at(trainer, layout->shared);
  trainer->context.work = et_at(trainer, layout->work);
  trainer->running = 0;
  trainer->candidate = 1;
  trainer->previous = 2;
  trainer->model->blank(&trainer->context, et_generation(trainer, 0));
  trainer->set_point = definition->fixed->set_point;
  trainer->mode = trainer->mode_before_freeze = definition->fixed->mode;
  trainer->ticket_next = 0;
  trainer->input_ticket = trainer->feedback_ticket = 0;
  trainer->feedback_judgement = ET_JUDGEMENT_NONE;
  trainer->feedback_truth = ET_NO_TRUTH;
  trainer->next_sequence = trainer->queue_count = trainer->queue_at = 0;
  trainer->samples_lost = 0;
  trainer->stream_started = trainer->stream_stopped = trainer->had_alarm = trainer->had_new_pattern = false;
  trainer->alarm_number = trainer->alarm_judged = 0;
  memset(&trainer->counters, 0, sizeof trainer->counters);
#ifndef ET_WITHOUT_STREAM
  memset(&trainer->result, 0, sizeof trainer->result);
#endif
  et_stitch_clear(trainer);
}

static et_error commit_definition(et_trainer *trainer) {
  const uint8_t *staged = et_at(trainer, trainer->layout.staging);
  et_definition definition;
  et_memory_layout layout;
  uint16_t detail = 0;
  et_error error = et_bulk_complete(trainer, ET_OBJECT_DEFINITION_STAGED);
  if (error != ET_OK) return error;
  if (trainer->job.phase == ET_JOB_SAVE) return ET_BUSY;
  error = et_definition_check(staged, trainer->staging.total, &definition, &detail);
  trainer->command_detail = detail;
  if (error != ET_OK) return error;
  error = et_memory_plan(&definition, trainer->port->arena_bytes, &layout);
  if (error != ET_OK) {
    trainer->command_detail = layout.total;
    return error;
  }
  if (trainer->model != NULL && definition.fingerprint == trainer->definition.fingerprint) {
    et_bulk_forget(trainer); /* the very same: nothing to do */
    return ET_OK;
  }
  if (trainer->model != NULL && et_definition_same_shape(&definition, &trainer->definition) &&
      memcmp(&layout, &trainer->layout, sizeof layout) == 0) {
    /* Only policies differ: data set and model stay. */
    const int16_t set_point = trainer->definition.fixed->set_point;
    memcpy(et_at(trainer, layout.definition), staged, definition.fixed->length);
    trainer->definition.fingerprint = definition.fingerprint;
    if (trainer->definition.fixed->set_point != set_point) et_feedback_set_point(trainer, trainer->definition.fixed->set_point);
    (void)et_train_set_mode(trainer, trainer->definition.fixed->mode);
    trainer->window_at = trainer->window_filled = trainer->window_good = 0;
    et_bulk_forget(trainer);
  } else {
    memmove(trainer->port->arena, staged, definition.fixed->length);
    /* Checked a moment ago at its other place. */
    (void)et_definition_check(trainer->port->arena, definition.fixed->length, &definition, &detail);
    et_install(trainer, &definition, &layout);
  }
  trainer->save_wanted = trainer->save_urgent = true;
  et_log(trainer, ET_EVENT_DEFINITION, (uint16_t)(definition.fingerprint >> 16), (uint16_t)definition.fingerprint);
  return ET_OK;
}

static et_error commit_model(et_trainer *trainer) {
  const et_model_header *header = &trainer->staged_header;
  et_error error = et_bulk_complete(trainer, ET_OBJECT_MODEL_STAGED);
  if (error != ET_OK) return error;
  if (trainer->model == NULL) return ET_NO_DEFINITION;
  if (header->magic != ET_MODEL_MAGIC || header->layout != ET_MODEL_LAYOUT) return ET_MODEL_VERSION;
  if (header->family != trainer->definition.fixed->model || header->length != trainer->layout.model_bytes ||
      header->shape != et_shape_fingerprint(&trainer->definition))
    return ET_MODEL_SHAPE;
  if (header->crc != trainer->staging.crc) return ET_MODEL_CRC;
  error = trainer->model->validate(&trainer->context, et_generation(trainer, trainer->candidate));
  if (error != ET_OK) return error;
  et_bulk_forget(trainer);
  et_train_promote(trainer, header->accuracy, ET_EVENT_MODEL_RESTORED);
  trainer->model_fingerprint = header->crc; /* just checked */
  trainer->save_urgent = true;
  return ET_OK;
}

static et_error commit_patterns(et_trainer *trainer) {
  const uint8_t *staged = et_at(trainer, trainer->layout.staging);
  et_error error = et_bulk_complete(trainer, ET_OBJECT_PATTERNS_STAGED);
  if (error != ET_OK) return error;
  if (!et_is_stream(trainer)) return ET_NOT_SUPPORTED;
  /* A learning phase that began since has overwritten it. */
  if (et_crc32(0u, staged, trainer->staging.total) != trainer->staging.crc) return ET_INCOMPLETE;
  error = trainer->model->stream->patterns_load(&trainer->context, staged);
  if (error != ET_OK) return error;
  et_bulk_forget(trainer);
  trainer->save_wanted = trainer->save_urgent = true;
  et_log(trainer, ET_EVENT_PATTERNS_RESTORED, 0, 0);
  return ET_OK;
}

static et_error reset_model(et_trainer *trainer) {
  if (trainer->model == NULL) return ET_NO_DEFINITION;
  if (trainer->job.phase == ET_JOB_SAVE) return ET_BUSY;
  et_train_cancel(trainer);
  forget_learning(trainer);
  memset(et_generation(trainer, 0), 0, 3u * ((trainer->layout.model_bytes + 3u) & ~3u));
  memset(trainer->context.shared, 0, trainer->layout.shared_bytes);
  trainer->model->blank(&trainer->context, et_generation(trainer, trainer->running));
  trainer->save_wanted = true;
  return ET_OK;
}

static et_error clear_dataset(et_trainer *trainer) {
  if (trainer->model == NULL) return ET_NO_DEFINITION;
  if (trainer->job.phase == ET_JOB_SAVE) return ET_BUSY;
  et_train_cancel(trainer);
  et_stitch_clear(trainer);
  trainer->save_wanted = true;
  et_log(trainer, ET_EVENT_DATASET_CLEARED, 0, 0);
  return ET_OK;
}

static et_error pattern_command(et_trainer *trainer, uint16_t code, uint32_t argument) {
  const uint8_t first = (uint8_t)(argument >> 8), second = (uint8_t)argument;
  if (!et_is_stream(trainer)) return ET_NOT_SUPPORTED;
  trainer->save_wanted = true;
  if (code == ET_COMMAND_PATTERN_MERGE) return trainer->model->stream->pattern_merge(&trainer->context, first, second);
  return trainer->model->stream->pattern_forget(&trainer->context, second);
}

static et_error run(et_trainer *trainer, uint16_t code, uint32_t argument) {
  trainer->command_detail = 0;
  switch (code) {
  case ET_COMMAND_TRAIN: return et_train_start(trainer);
  case ET_COMMAND_CANCEL: et_train_cancel(trainer); return ET_OK;
  case ET_COMMAND_EVALUATE: return et_train_evaluate(trainer);
  case ET_COMMAND_ROLL_BACK: return et_train_roll_back(trainer, ET_EVENT_ROLLED_BACK);
  case ET_COMMAND_SET_MODE: return argument > 65535u ? ET_VALUE : et_train_set_mode(trainer, (uint16_t)argument);
  case ET_COMMAND_SAVE:
    if (trainer->port->nvm.size == 0u) return ET_NO_STORE;
    trainer->save_wanted = trainer->save_urgent = true;
    return ET_OK;
  case ET_COMMAND_CLEAR_DATASET: return clear_dataset(trainer);
  case ET_COMMAND_RESET_MODEL: return reset_model(trainer);
  case ET_COMMAND_RESET_COUNTERS: memset(&trainer->counters, 0, sizeof trainer->counters); return ET_OK;
  case ET_COMMAND_COMMIT_DEFINITION: return commit_definition(trainer);
  case ET_COMMAND_COMMIT_MODEL: return commit_model(trainer);
  case ET_COMMAND_RESTART: trainer->restart_pending = true; return ET_OK;
  case ET_COMMAND_FACTORY_RESET:
    if (et_store_erase(&trainer->store) != ET_OK) return ET_STORE_FAILED;
    et_train_cancel(trainer);
    et_uninstall(trainer);
    memset(&trainer->lock, 0, sizeof trainer->lock);
    trainer->save_wanted = trainer->save_urgent = false;
    et_log(trainer, ET_EVENT_FACTORY_RESET, 0, 0);
    return ET_OK;
  case ET_COMMAND_LEARN:
    if (!et_is_stream(trainer)) return ET_NOT_SUPPORTED;
    return trainer->mode == ET_MODE_FROZEN ? ET_FROZEN : et_stream_learn(trainer);
  case ET_COMMAND_PATTERN_MERGE:
  case ET_COMMAND_PATTERN_FORGET: return pattern_command(trainer, code, argument);
  case ET_COMMAND_COMMIT_PATTERNS: return commit_patterns(trainer);
  case ET_COMMAND_LOCK: et_lock_now(trainer); return ET_OK;
  default: return ET_COMMAND_UNKNOWN;
  }
}

et_error et_command_run(et_trainer *trainer, uint16_t ticket) {
  if (ticket == 0u) return ET_TICKET_ZERO;
  if (ticket == trainer->command_done) {
    trainer->repeats++;
    return ET_OK;
  }
  trainer->command_done = ticket;
  trainer->command_result = (uint16_t)run(trainer, trainer->command_code, trainer->command_argument);
  if (trainer->command_result != ET_OK) {
    trainer->last_error = trainer->command_result;
    trainer->last_error_detail = (uint16_t)trainer->command_detail;
  }
  return ET_OK;
}
