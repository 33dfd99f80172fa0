#include "loop/decide/train_on_demand.h"

#include <string.h>

#include "loop/core/log.h"
#include "loop/decide/decide.h"
#include "loop/decide/evaluation.h"
#include "loop/decide/feedback.h"
#include "loop/decide/relabel.h"
#include "loop/decide/stitching.h"

et_state et_train_state(const et_decide *decide) {
  const et_core *core = decide->core;
  if (core->deployment.model == NULL) return ET_STATE_EMPTY;
  switch (core->job.phase) {
  case ET_JOB_TRAIN: return ET_STATE_TRAINING;
  case ET_JOB_MEAN:
  case ET_JOB_EVALUATE_CANDIDATE:
  case ET_JOB_EVALUATE_RUNNING:
  case ET_JOB_COMPARE: return ET_STATE_EVALUATING;
  case ET_JOB_SAVE: return ET_STATE_SAVING;
  default: return ET_STATE_READY;
  }
}

/* Bytes of a model that are compared in one slice. */
#define ET_COMPARE_BYTES 1024u

/* ---- Start ---- */

et_error et_train_start(et_decide *decide) {
  et_core *core = decide->core;
  et_sample_set set;
  et_error error;
  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (core->job.phase != ET_JOB_NONE) return ET_BUSY;
  if (core->training.mode == ET_MODE_FROZEN) return ET_FROZEN;
  if (et_upload_runs(core)) return ET_INCOMPLETE;
  et_upload_forget(core);                    /* what stalled lies where the job works */
  while (et_relabel_slice(decide)) continue; /* a training on command learns from one rule, not from two */
  et_stitch_set(decide, &set);
  memset(&core->training.report, 0, sizeof core->training.report);
  error = core->deployment.model->train_begin(&core->deployment.context, &set, et_generation(core, core->generations.running),
                                              et_generation(core, core->generations.candidate));
  if (error != ET_OK) {
    core->training.report.result = error;
    return error;
  }
  memset(&core->job, 0, sizeof core->job);
  core->job.phase = ET_JOB_TRAIN;
  core->job.promotes = true;
  decide->stitching.samples_new = 0;
  et_log(core, ET_EVENT_TRAIN_BEGIN, decide->stitching.samples, et_window_accuracy(core));
  return ET_OK;
}

static void begin_evaluation(et_decide *decide, et_job_phase phase) {
  et_core *core = decide->core;
  const uint32_t classes = core->deployment.definition.core->classes;
  core->job.phase = (uint8_t)phase;
  core->job.cursor = core->job.within = 0;
  core->job.evaluated = 0;
  memset(et_confusion(core, phase == ET_JOB_EVALUATE_CANDIDATE ? 1u : 0u), 0, 2u * classes * classes);
  if (et_gives_values(core) && phase != ET_JOB_MEAN) et_outputs_begin_evaluation(core, phase == ET_JOB_EVALUATE_CANDIDATE);
}

/* Continuous outputs are compared with the mean of the targets: it comes first. */
static void evaluate_first(et_decide *decide, et_job_phase phase) {
  begin_evaluation(decide, et_gives_values(decide->core) ? ET_JOB_MEAN : phase);
}

/* Held-out figure of a generation, permille: balanced accuracy, or what the mean error of continuous outputs leaves. */
static uint16_t figure_of(const et_core *core, bool candidate) {
  if (et_gives_values(core)) return et_outputs_accuracy(core, candidate);
  return et_balanced_accuracy(et_confusion(core, candidate ? 1u : 0u), core->deployment.definition.core->classes);
}

et_error et_train_evaluate(et_decide *decide) {
  et_core *core = decide->core;
  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (core->job.phase != ET_JOB_NONE) return ET_BUSY;
  if (decide->stitching.samples == 0u) return ET_TOO_FEW_SAMPLES;
  if (et_upload_runs(core)) return ET_INCOMPLETE;
  et_upload_forget(core);
  memset(&core->job, 0, sizeof core->job);
  evaluate_first(decide, ET_JOB_EVALUATE_RUNNING);
  return ET_OK;
}

void et_train_cancel(et_decide *decide) {
  et_core *core = decide->core;
  if (core->job.phase == ET_JOB_TRAIN) core->deployment.model->train_end(&core->deployment.context, true, &core->training.report);
  if (et_job_runs(&core->job)) {
    if (core->job.promotes) {
      core->training.report.result = ET_CANCELLED;
      et_log(core, ET_EVENT_TRAIN_FAILED, ET_CANCELLED, 0);
    }
    core->job.phase = ET_JOB_NONE;
  }
}

void et_train_judged(et_decide *decide) {
  const et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  if (et_window_accuracy(core) < definition->training->accuracy_threshold || core->window.filled != definition->training->accuracy_window)
    return;
  decide->on_demand.failed_trainings = 0;
  decide->on_demand.drift = false;
}

/* ---- The decision to train ---- */

/* Half of the set is new to the model: the accuracy over a window cannot tell a model of forty samples from one of all. So the set trains
 * each time it has doubled, and a full one each time so many have entered as half of it: all these trainings together cost no more than twice the last.
 * A threshold of 0 asks for one training alone. */
static bool half_is_new(const et_decide *decide) {
  return decide->core->deployment.definition.training->accuracy_threshold != 0u &&
         2u * (uint32_t)decide->stitching.samples_new >= decide->stitching.samples;
}

static bool wanted(const et_decide *decide) {
  const et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  if (core->training.mode != ET_MODE_AUTO || et_upload_runs(core)) return false;
  if (decide->stitching.samples_new < definition->training->min_new_samples || decide->stitching.samples_new == 0u ||
      decide->stitching.samples < definition->training->min_samples)
    return false;
  if (core->counters.trainings != 0u && definition->training->cooldown_s != 0u &&
      et_now_ms(core) - decide->on_demand.trained_ms < 1000u * (uint32_t)definition->training->cooldown_s)
    return false;
  if (core->generations.number == 0u || half_is_new(decide)) return true;
  return core->window.filled != 0u && et_window_accuracy(core) < definition->training->accuracy_threshold;
}

/* ---- Slices ---- */

/* A training has ended with a candidate. Without held-out samples nothing was evaluated: what counts is what will come true. */
static void count_training(et_decide *decide) {
  et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  core->counters.trainings++;
  decide->on_demand.trained_ms = et_now_ms(core);
  if (et_window_accuracy(core) >= definition->training->accuracy_threshold) return;
  if (decide->on_demand.failed_trainings < 65535u) decide->on_demand.failed_trainings++;
  if (definition->training->drift_trainings == 0u || decide->on_demand.failed_trainings < definition->training->drift_trainings ||
      decide->on_demand.drift)
    return;
  decide->on_demand.drift = true;
  et_log(core, ET_EVENT_DRIFT, et_window_accuracy(core), decide->on_demand.failed_trainings);
}

/* Every candidate is installed, unless it is the running model once more: then there is nothing to install. The tables of the voices see
 * to it that its word counts as far as it comes true. Continuous outputs have no voices: what is worse on held-out samples stays out. */
static void install(et_decide *decide, bool same) {
  et_core *core = decide->core;
  const uint8_t classes = core->deployment.definition.core->classes;
  const et_voices *voices = et_voices_of(core);
  const bool values = et_gives_values(core);
  const uint16_t by_model = values ? et_outputs_accuracy(core, true) : et_voices_accuracy(voices, ET_DECIDED_BY_MODEL);
  const uint16_t by_rule = values ? et_outputs_mean_accuracy(core) : et_voices_accuracy(voices, ET_DECIDED_BY_START_RULE);
  core->job.phase = ET_JOB_NONE;
  count_training(decide);
  if (same || (values && core->job.evaluated != 0u && !et_outputs_takes_over(core))) {
    core->counters.rejected++;
    et_log(core, ET_EVENT_REJECTED, by_model, by_rule);
    return;
  }
  core->counters.promoted++;
  /* The evaluation registers describe the running model: that is the candidate from here on. */
  memcpy(et_confusion(core, 0), et_confusion(core, 1), 2u * (uint32_t)classes * classes);
  et_generations_promote(core, core->job.evaluated != 0u ? figure_of(core, true) : 65535u);
  if (values) et_outputs_show_errors(core, true);
  et_log(core, ET_EVENT_PROMOTED, by_model, by_rule);
  decide->on_demand.evaluated_samples = core->job.evaluated;
  decide->on_demand.evaluated_generation = core->job.evaluated != 0u ? core->generations.number : 0u;
}

/* Compares candidate and running model, a bounded part a slice. */
static void compare_slice(et_decide *decide) {
  et_core *core = decide->core;
  const uint32_t bytes = core->deployment.layout.model_bytes, at = (uint32_t)core->job.cursor * ET_COMPARE_BYTES;
  const uint32_t step = bytes - at < ET_COMPARE_BYTES ? bytes - at : ET_COMPARE_BYTES;
  const bool same = core->generations.number != 0u && memcmp(et_generation(core, core->generations.candidate) + at,
                                                             et_generation(core, core->generations.running) + at, step) == 0;
  core->job.cursor++;
  if (same && at + step < bytes) return;
  install(decide, same);
}

static void begin_comparison(et_decide *decide) {
  decide->core->job.phase = ET_JOB_COMPARE;
  decide->core->job.cursor = 0;
}

/* An evaluation of the running model has ended. */
static void finish(et_decide *decide) {
  et_core *core = decide->core;
  const uint8_t classes = core->deployment.definition.core->classes;
  core->generations.accuracy = figure_of(core, false);
  if (et_gives_values(core)) et_outputs_show_errors(core, false);
  decide->on_demand.evaluated_samples = core->job.evaluated;
  decide->on_demand.evaluated_generation = core->generations.number;
  if (!core->job.promotes) {
    core->job.phase = ET_JOB_NONE;
    return;
  }
  decide->on_demand.candidate.balanced_accuracy = figure_of(core, true);
  decide->on_demand.candidate.accuracy = et_gives_values(core) ? figure_of(core, true) : et_accuracy(et_confusion(core, 1), classes);
  begin_comparison(decide);
}

/* One decision of an evaluation; false when it goes on in the next slice. */
static bool decide_sample(et_decide *decide, const uint8_t *model, const uint8_t *features, et_decision *decision) {
  et_core *core = decide->core;
  const et_model_ops *ops = core->deployment.model;
  if (ops->infer_step == NULL) {
    ops->infer(&core->deployment.context, model, features, decision);
    return true;
  }
  if (!ops->infer_step(&core->deployment.context, core->deployment.context.work, model, features, &core->job.within, ET_SLICE_WORK,
                       decision))
    return false;
  core->job.within = 0;
  return true;
}

/* Evaluate as many samples as fit the budget; true when the pass is complete. */
static bool evaluate_slice(et_decide *decide, bool candidate) {
  et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  const uint8_t *model = et_generation(core, candidate ? core->generations.candidate : core->generations.running);
  const bool trained = candidate || core->generations.number != 0u;
  const et_model_ops *ops = core->deployment.model;
  const uint32_t cost = ops->cost != NULL ? ops->cost(&core->deployment.context)
                                          : core->deployment.layout.model_bytes / 2u + definition->core->features + 64u;
  uint32_t spent = 0;
  uint16_t *confusion = et_confusion(core, candidate ? 1u : 0u);
  while (core->job.cursor < decide->stitching.samples && (spent == 0u || spent + cost <= ET_SLICE_WORK)) {
    const uint16_t sample = core->job.cursor;
    et_decision decision = {definition->core->default_class, 0};
    if (decide->stitching.held_out_total != 0u && !et_is_held_out(core, sample)) {
      core->job.cursor++;
      spent += 4u;
      continue;
    }
    if (trained && !decide_sample(decide, model, et_sample(core, sample), &decision)) return false;
    core->job.cursor++;
    confusion[(uint16_t)et_labels(core)[sample] * definition->core->classes + decision.output_class]++;
    if (et_gives_values(core)) et_outputs_evaluate(core, candidate, trained ? model : NULL, sample);
    core->job.evaluated++;
    spent += cost;
  }
  return core->job.cursor >= decide->stitching.samples;
}

static void train_slice(et_decide *decide) {
  et_core *core = decide->core;
  uint16_t progress = core->job.progress;
  et_error error = core->deployment.model->train_step(&core->deployment.context, ET_SLICE_WORK, &progress);
  core->job.progress = (uint16_t)(progress > 1000u ? 900u : progress * 9u / 10u);
  if (error == ET_BUSY) return;
  core->deployment.model->train_end(&core->deployment.context, false, &core->training.report);
  if (error != ET_OK && error != ET_NOT_CONVERGED) {
    core->training.report.result = error;
    core->job.phase = ET_JOB_NONE;
    decide->on_demand.trained_ms = et_now_ms(core);
    core->counters.trainings++;
    et_log(core, ET_EVENT_TRAIN_FAILED, (uint16_t)error, core->training.report.layer);
    return;
  }
  et_log(core, ET_EVENT_TRAIN_END, (uint16_t)core->training.report.result, (uint16_t)(core->training.report.iterations & 0xffffu));
  if (decide->stitching.held_out_total != 0u) evaluate_first(decide, ET_JOB_EVALUATE_CANDIDATE);
  else begin_comparison(decide);
}

bool et_train_slice(et_decide *decide) {
  et_core *core = decide->core;
  switch (core->job.phase) {
  case ET_JOB_NONE:
    if (core->deployment.model == NULL) return false;
    if (wanted(decide)) {
      const et_error error = et_train_start(decide);
      if (error != ET_OK) {
        /* Nothing to learn from yet (one class, say): look again when there are new samples. */
        decide->stitching.samples_new = 0;
        et_log(core, ET_EVENT_TRAIN_FAILED, (uint16_t)error, 0);
      }
      return error == ET_OK;
    }
    return false;
  case ET_JOB_TRAIN: train_slice(decide); return true;
  case ET_JOB_MEAN:
    if (et_gives_values(core) && et_outputs_mean_slice(core, decide->stitching.samples))
      begin_evaluation(decide, core->job.promotes ? ET_JOB_EVALUATE_CANDIDATE : ET_JOB_EVALUATE_RUNNING);
    return true;
  case ET_JOB_EVALUATE_CANDIDATE:
    if (evaluate_slice(decide, true)) {
      core->job.progress = 950;
      begin_evaluation(decide, ET_JOB_EVALUATE_RUNNING);
    }
    return true;
  case ET_JOB_EVALUATE_RUNNING:
    if (evaluate_slice(decide, false)) finish(decide);
    return true;
  case ET_JOB_COMPARE: compare_slice(decide); return true;
  default: return false;
  }
}
