#include "loop/train_on_demand.h"

#include <string.h>

#include "loop/bulk.h"
#include "loop/evaluation.h"
#include "loop/feedback.h"
#include "loop/log.h"
#include "loop/persistence.h"
#include "loop/stitching.h"
#include "loop/stream_loop.h"
#include "support/crc.h"

static bool is_running(const et_trainer *trainer) {
  return trainer->job.phase != ET_JOB_NONE && trainer->job.phase != ET_JOB_SAVE;
}

bool et_train_holds_samples(const et_trainer *trainer) { return trainer->job.phase != ET_JOB_NONE; }

et_state et_train_state(const et_trainer *trainer) {
  if (trainer->model == NULL) return ET_STATE_EMPTY;
  switch (trainer->job.phase) {
  case ET_JOB_TRAIN: return ET_STATE_TRAINING;
  case ET_JOB_EVALUATE_CANDIDATE:
  case ET_JOB_EVALUATE_RUNNING: return ET_STATE_EVALUATING;
  default: break;
  }
  /* A stream model goes on learning during a save, and that is what its master waits for. */
  if (et_is_stream(trainer) && et_stream_state(trainer) != ET_STATE_READY) return et_stream_state(trainer);
  return trainer->job.phase == ET_JOB_SAVE ? ET_STATE_SAVING : ET_STATE_READY;
}

/* ---- Start ---- */

et_error et_train_start(et_trainer *trainer) {
  et_sample_set set;
  et_error error;
  if (trainer->model == NULL) return ET_NO_DEFINITION;
  if (trainer->job.phase != ET_JOB_NONE) return ET_BUSY;
  if (trainer->mode == ET_MODE_FROZEN) return ET_FROZEN;
  if (et_is_stream(trainer)) return et_stream_learn(trainer);
  if (et_bulk_uploading(trainer)) return ET_INCOMPLETE;
  et_bulk_forget(trainer); /* what stalled lies where the job works */
  et_stitch_set(trainer, &set);
  memset(&trainer->report, 0, sizeof trainer->report);
  error = trainer->model->train_begin(&trainer->context, &set, et_generation(trainer, trainer->running),
                                      et_generation(trainer, trainer->candidate));
  if (error != ET_OK) {
    trainer->report.result = error;
    return error;
  }
  memset(&trainer->job, 0, sizeof trainer->job);
  trainer->job.phase = ET_JOB_TRAIN;
  trainer->job.promotes = true;
  trainer->samples_new = 0;
  et_log(trainer, ET_EVENT_TRAIN_BEGIN, trainer->samples, et_feedback_window_accuracy(trainer));
  return ET_OK;
}

static void begin_evaluation(et_trainer *trainer, et_job_phase phase) {
  const uint32_t classes = trainer->definition.fixed->classes;
  trainer->job.phase = (uint8_t)phase;
  trainer->job.cursor = trainer->job.within = 0;
  trainer->job.evaluated = 0;
  memset(et_confusion(trainer, phase == ET_JOB_EVALUATE_CANDIDATE ? 1u : 0u), 0, 2u * classes * classes);
}

et_error et_train_evaluate(et_trainer *trainer) {
  if (trainer->model == NULL) return ET_NO_DEFINITION;
  if (et_is_stream(trainer)) return ET_NOT_SUPPORTED;
  if (trainer->job.phase != ET_JOB_NONE) return ET_BUSY;
  if (trainer->samples == 0u) return ET_TOO_FEW_SAMPLES;
  if (et_bulk_uploading(trainer)) return ET_INCOMPLETE;
  et_bulk_forget(trainer);
  memset(&trainer->job, 0, sizeof trainer->job);
  begin_evaluation(trainer, ET_JOB_EVALUATE_RUNNING);
  return ET_OK;
}

void et_train_cancel(et_trainer *trainer) {
  if (trainer->job.phase == ET_JOB_TRAIN) trainer->model->train_end(&trainer->context, true, &trainer->report);
  if (is_running(trainer)) {
    if (trainer->job.promotes) {
      trainer->report.result = ET_CANCELLED;
      et_log(trainer, ET_EVENT_TRAIN_FAILED, ET_CANCELLED, 0);
    }
    trainer->job.phase = ET_JOB_NONE;
  }
  if (et_is_stream(trainer)) et_stream_cancel(trainer);
}

/* ---- Generations ---- */

static void new_running(et_trainer *trainer) {
  trainer->model_fingerprint = 0;
  trainer->fingerprint_at = trainer->fingerprint_crc = 0;
  trainer->trial_judged = trainer->trial_good = 0;
  trainer->save_wanted = trainer->save_important = true;
  et_persistence_restart(trainer);
}

/* The swap is one assignment: candidate -> running -> previous -> candidate. */
void et_train_promote(et_trainer *trainer, uint16_t accuracy, et_event event) {
  const uint8_t free_block = trainer->previous;
  const uint16_t before = trainer->running_accuracy;
  trainer->window_before_promotion = et_feedback_window_accuracy(trainer);
  trainer->previous = trainer->running;
  trainer->previous_generation = trainer->generation;
  trainer->previous_accuracy = trainer->running_accuracy;
  trainer->previous_fingerprint = trainer->model_fingerprint;
  trainer->running = trainer->candidate;
  trainer->candidate = free_block;
  trainer->generation = ++trainer->next_generation;
  if (trainer->generation == 0u) trainer->generation = trainer->next_generation = 1; /* 0 means untrained */
  trainer->running_accuracy = accuracy;
  new_running(trainer);
  et_log(trainer, event, accuracy, before);
}

et_error et_train_roll_back(et_trainer *trainer, et_event event) {
  uint8_t block;
  uint16_t accuracy;
  if (trainer->model == NULL) return ET_NO_DEFINITION;
  if (trainer->previous_generation == 0u) return ET_NO_PREVIOUS;
  if (is_running(trainer)) return ET_BUSY;
  block = trainer->running;
  accuracy = trainer->running_accuracy;
  trainer->running = trainer->previous;
  trainer->generation = trainer->previous_generation;
  trainer->running_accuracy = trainer->previous_accuracy;
  /* One step: what was rolled back is gone, so that a second rollback cannot bring it back. */
  trainer->previous = block;
  trainer->previous_generation = 0;
  trainer->previous_accuracy = 65535u;
  trainer->counters.rolled_back++;
  new_running(trainer);
  trainer->model_fingerprint = trainer->previous_fingerprint;
  trainer->previous_fingerprint = 0;
  et_log(trainer, event, trainer->running_accuracy, accuracy);
  return ET_OK;
}

et_error et_train_set_mode(et_trainer *trainer, uint16_t mode) {
  if (mode > ET_MODE_FROZEN) return ET_VALUE;
  if (mode == trainer->mode) return ET_OK;
  if (mode == ET_MODE_FROZEN) {
    trainer->mode_before_freeze = trainer->mode;
    et_train_cancel(trainer);
  }
  trainer->mode = (uint8_t)mode;
  trainer->save_wanted = true;
  et_log(trainer, ET_EVENT_MODE, mode, 0);
  return ET_OK;
}

bool et_train_fingerprint_slice(et_trainer *trainer) {
  const uint32_t left = trainer->layout.model_bytes - trainer->fingerprint_at;
  const uint32_t step = left < 1024u ? left : 1024u;
  if (trainer->model == NULL || trainer->model_fingerprint != 0u || left == 0u) return false;
  trainer->fingerprint_crc =
      et_crc32(trainer->fingerprint_crc, et_generation(trainer, trainer->running) + trainer->fingerprint_at, step);
  trainer->fingerprint_at += step;
  if (step == left) trainer->model_fingerprint = trainer->fingerprint_crc == 0u ? 1u : trainer->fingerprint_crc;
  return true;
}

/* ---- The plant's verdict on a promotion ---- */

/* One verdict per generation, over its first `accuracy_window` judged decisions. Decisions of an earlier generation that are judged
 * late do not count; a training that started from the worse model goes with it. */
static void try_out(et_trainer *trainer, bool satisfied) {
  const et_definition_fixed *fixed = trainer->definition.fixed;
  if (trainer->trial_judged >= fixed->accuracy_window) return;
  trainer->trial_judged++;
  if (satisfied) trainer->trial_good++;
  if (trainer->trial_judged < fixed->accuracy_window) return;
  if (fixed->rollback_margin == 0u || trainer->previous_generation == 0u || trainer->mode != ET_MODE_AUTO) return;
  if (trainer->window_before_promotion == 65535u) return;
  if (1000u * (uint32_t)trainer->trial_good / trainer->trial_judged + fixed->rollback_margin >= trainer->window_before_promotion) return;
  et_train_cancel(trainer);
  (void)et_train_roll_back(trainer, ET_EVENT_AUTO_ROLLED_BACK);
}

void et_train_judged(et_trainer *trainer, uint16_t generation, bool satisfied) {
  const et_definition_fixed *fixed = trainer->definition.fixed;
  if (et_feedback_window_accuracy(trainer) >= fixed->accuracy_threshold && trainer->window_filled == fixed->accuracy_window) {
    trainer->failed_trainings = 0;
    trainer->drift = false;
  }
  if (generation == trainer->generation) try_out(trainer, satisfied);
}

/* ---- The decision to train ---- */

static bool wanted(const et_trainer *trainer) {
  const et_definition_fixed *fixed = trainer->definition.fixed;
  if (trainer->mode != ET_MODE_AUTO || et_is_stream(trainer) || et_bulk_uploading(trainer)) return false;
  if (trainer->samples_new < fixed->min_new_samples || trainer->samples_new == 0u || trainer->samples < fixed->min_samples)
    return false;
  if (trainer->counters.trainings != 0u && fixed->cooldown_s != 0u &&
      et_now_ms(trainer) - trainer->trained_ms < 1000u * (uint32_t)fixed->cooldown_s)
    return false;
  if (trainer->generation == 0u) return true;
  return trainer->window_filled != 0u && et_feedback_window_accuracy(trainer) < fixed->accuracy_threshold;
}

/* ---- Slices ---- */

static void finish(et_trainer *trainer) {
  const et_definition_fixed *fixed = trainer->definition.fixed;
  const uint8_t classes = fixed->classes;
  const uint16_t running = et_balanced_accuracy(et_confusion(trainer, 0), classes);
  uint16_t candidate;

  trainer->evaluated_samples = trainer->job.evaluated;
  trainer->evaluated_generation = trainer->generation;
  trainer->job.phase = ET_JOB_NONE;
  trainer->running_accuracy = running;
  if (!trainer->job.promotes) return;

  candidate = et_balanced_accuracy(et_confusion(trainer, 1), classes);
  trainer->candidate_evaluation[0] = et_accuracy(et_confusion(trainer, 1), classes);
  trainer->candidate_evaluation[1] = candidate;
  trainer->counters.trainings++;
  trainer->trained_ms = et_now_ms(trainer);
  if (et_feedback_window_accuracy(trainer) < fixed->accuracy_threshold) {
    if (trainer->failed_trainings < 65535u) trainer->failed_trainings++;
    if (fixed->drift_trainings != 0u && trainer->failed_trainings >= fixed->drift_trainings && !trainer->drift) {
      trainer->drift = true;
      et_log(trainer, ET_EVENT_DRIFT, et_feedback_window_accuracy(trainer), trainer->failed_trainings);
    }
  }
  if (candidate >= running + fixed->promotion_margin) {
    trainer->counters.promoted++;
    /* The evaluation registers describe the running model: that is the candidate from here on. */
    memcpy(et_confusion(trainer, 0), et_confusion(trainer, 1), 2u * (uint32_t)classes * classes);
    et_train_promote(trainer, candidate, ET_EVENT_PROMOTED);
    trainer->evaluated_generation = trainer->generation;
  } else {
    trainer->counters.rejected++;
    et_log(trainer, ET_EVENT_REJECTED, candidate, running);
  }
}

/* One decision of an evaluation; false when it goes on in the next slice. */
static bool decide(et_trainer *trainer, const uint8_t *model, const uint8_t *features, et_decision *decision) {
  const et_model_ops *ops = trainer->model;
  if (ops->infer_step == NULL) {
    ops->infer(&trainer->context, model, features, decision);
    return true;
  }
  if (!ops->infer_step(&trainer->context, model, features, &trainer->job.within, ET_SLICE_WORK, decision)) return false;
  trainer->job.within = 0;
  return true;
}

/* Evaluate as many samples as fit the budget; true when the pass is complete. */
static bool evaluate_slice(et_trainer *trainer, bool candidate) {
  const et_definition_fixed *fixed = trainer->definition.fixed;
  const uint8_t *model = et_generation(trainer, candidate ? trainer->candidate : trainer->running);
  const bool trained = candidate || trainer->generation != 0u;
  /* One inference costs about as much as reading the model once. */
  const uint32_t cost = trainer->layout.model_bytes / 2u + fixed->features + 64u;
  uint32_t spent = 0;
  uint16_t *confusion = et_confusion(trainer, candidate ? 1u : 0u);
  while (trainer->job.cursor < trainer->samples && (spent == 0u || spent + cost <= ET_SLICE_WORK)) {
    const uint16_t sample = trainer->job.cursor;
    et_decision decision = { fixed->default_class, 0 };
    if (trainer->held_out_total != 0u && !et_is_held_out(trainer, sample)) {
      trainer->job.cursor++;
      spent += 4u;
      continue;
    }
    if (trained && !decide(trainer, model, et_sample(trainer, sample), &decision)) return false;
    trainer->job.cursor++;
    confusion[(uint16_t)et_labels(trainer)[sample] * fixed->classes + decision.output_class]++;
    trainer->job.evaluated++;
    spent += cost;
  }
  return trainer->job.cursor >= trainer->samples;
}

static void train_slice(et_trainer *trainer) {
  uint16_t progress = trainer->job.progress;
  et_error error = trainer->model->train_step(&trainer->context, ET_SLICE_WORK, &progress);
  trainer->job.progress = (uint16_t)(progress > 1000u ? 900u : progress * 9u / 10u);
  if (error == ET_BUSY) return;
  trainer->model->train_end(&trainer->context, false, &trainer->report);
  if (error != ET_OK && error != ET_NOT_CONVERGED) {
    trainer->report.result = error;
    trainer->job.phase = ET_JOB_NONE;
    trainer->trained_ms = et_now_ms(trainer);
    trainer->counters.trainings++;
    et_log(trainer, ET_EVENT_TRAIN_FAILED, (uint16_t)error, 0);
    return;
  }
  et_log(trainer, ET_EVENT_TRAIN_END, (uint16_t)trainer->report.result, (uint16_t)(trainer->report.iterations & 0xffffu));
  begin_evaluation(trainer, ET_JOB_EVALUATE_CANDIDATE);
}

bool et_train_slice(et_trainer *trainer) {
  switch (trainer->job.phase) {
  case ET_JOB_NONE:
    if (trainer->model == NULL) return false;
    if (et_is_stream(trainer)) return et_stream_slice(trainer);
    if (wanted(trainer)) {
      const et_error error = et_train_start(trainer);
      if (error != ET_OK) {
        /* Nothing to learn from yet (one class, say): look again when there are new samples. */
        trainer->samples_new = 0;
        et_log(trainer, ET_EVENT_TRAIN_FAILED, (uint16_t)error, 0);
      }
      return error == ET_OK;
    }
    return false;
  case ET_JOB_TRAIN: train_slice(trainer); return true;
  case ET_JOB_EVALUATE_CANDIDATE:
    if (evaluate_slice(trainer, true)) {
      trainer->job.progress = 950;
      begin_evaluation(trainer, ET_JOB_EVALUATE_RUNNING);
    }
    return true;
  case ET_JOB_EVALUATE_RUNNING:
    if (evaluate_slice(trainer, false)) finish(trainer);
    return true;
  default: return false;
  }
}
