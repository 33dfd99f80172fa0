#include "loop/decide/outputs.h"

#include <string.h>

#include "loop/decide/decide.h"
#include "support/register_value.h"

/* Work units for one target that is added up. */
#define TARGET_WORK 2u

static uint8_t count_of(const et_core *core) { return et_output_count(&core->deployment.definition); }
static const et_output *output_of(const et_core *core, uint8_t i) { return &core->deployment.definition.outputs[i]; }
static uint32_t row_bytes(const et_core *core) { return 2u * (uint32_t)count_of(core); }

static uint32_t distance(int32_t a, int32_t b) { return (uint32_t)(a < b ? b - a : a - b); }

uint8_t et_output_at(const et_definition *definition, uint16_t position) {
  uint8_t i;
  for (i = 0; i < definition->output_count; i++)
    if (definition->outputs[i].position == position) return i;
  return 255u;
}

static void initial_values(const et_core *core, int16_t *values) {
  uint8_t i;
  for (i = 0; i < count_of(core); i++) values[i] = output_of(core, i)->initial;
}

/* Moves no value further from the one given before than the definition allows; true when one was held back. What was given before is what
 * this trainer gave: after a start it does not know where the plant stands, and gives the first values whole. */
static bool limit_change(et_decide *decide, int16_t *values) {
  const et_core *core = decide->core;
  int16_t *last = et_last_given(core);
  bool held = false;
  uint8_t i;
  for (i = 0; i < count_of(core); i++) {
    const int32_t most = output_of(core, i)->max_change;
    if (decide->speaking.given && most != 0 && distance(values[i], last[i]) > (uint32_t)most) {
      values[i] = (int16_t)(values[i] > last[i] ? last[i] + most : last[i] - most); /* between the two: fits */
      held = true;
    }
    last[i] = values[i];
  }
  decide->speaking.given = true;
  return held;
}

void et_outputs_speak(et_decide *decide, uint8_t place) {
  const et_core *core = decide->core;
  et_ticket *ticket = &et_tickets(core)[place];
  const bool trained = core->generations.number != 0u;
  if (trained)
    core->deployment.model->outputs(&core->deployment.context, NULL, et_generation(core, core->generations.running),
                                    et_decided_values(core, place));
  else initial_values(core, et_decided_values(core, place));
  ticket->output_class = ticket->chosen = 0;
  ticket->by = limit_change(decide, et_decided_values(core, place)) ? ET_DECIDED_BY_MAX_CHANGE
               : trained                                            ? ET_DECIDED_BY_MODEL
                                                                    : ET_DECIDED_BY_START_RULE;
  /* What its held-out samples say of the model; a model that was never evaluated is taken at its word. */
  ticket->confidence = !trained                             ? 0u
                       : core->generations.accuracy > 1000u ? 1000u
                       : core->generations.accuracy != 0u   ? core->generations.accuracy
                                                            : 1u;
}

void et_outputs_show(const et_core *core, uint8_t place) {
  if (count_of(core) != 0u) memcpy(et_shown_values(core), et_decided_values(core, place), row_bytes(core));
}

void et_outputs_tell(const et_core *core, uint8_t place, const int16_t *targets) {
  memcpy(et_told_values(core, place), targets, row_bytes(core));
  memcpy(et_last_targets(core), targets, row_bytes(core));
}

int16_t et_outputs_tracked(const et_core *core, int16_t set_point, int16_t given, int16_t outcome) {
  const et_definition *definition = &core->deployment.definition;
  const et_output *output = output_of(core, 0);
  const float outcome_scale = definition->identity == NULL ? 1.0f : definition->identity->outcome_scale;
  float target;
  if (distance(set_point, outcome) <= (uint32_t)(uint16_t)definition->feedback->band) return given;
  /* Gain and scales are within 1e-9 to 1e9 (definition.c): finite. The difference of two registers fits 17 bits. */
  target = (float)given + definition->tracking->gain * (output->scale / outcome_scale) * (float)((int32_t)set_point - outcome);
  return target <= (float)output->min ? output->min : target >= (float)output->max ? output->max : et_register_value(target);
}

bool et_outputs_told(const et_core *core, uint8_t place, const int16_t *targets) {
  return memcmp(et_told_values(core, place), targets, row_bytes(core)) == 0;
}

bool et_outputs_met(const et_core *core, uint8_t place) {
  uint8_t i;
  for (i = 0; i < count_of(core); i++)
    if (distance(et_decided_values(core, place)[i], et_told_values(core, place)[i]) > output_of(core, i)->tolerance) return false;
  return true;
}

/* ---- Evaluation ---- */

bool et_outputs_mean_slice(et_core *core, uint16_t samples) {
  et_output_errors *errors = et_errors(core);
  const uint8_t count = count_of(core);
  uint32_t spent = 0;
  uint8_t i;
  if (core->job.cursor == 0u)
    for (i = 0; i < count; i++) errors[i].sum = errors[i].samples = 0;
  for (; core->job.cursor < samples; core->job.cursor++) {
    const uint16_t sample = core->job.cursor;
    if (spent >= ET_SLICE_WORK) return false;
    spent += TARGET_WORK * (1u + count);
    if (et_is_held_out(core, sample)) continue;
    for (i = 0; i < count; i++) {
      errors[i].sum += et_targets(core, sample)[i]; /* 4096 * 32768 = 2^27 */
      errors[i].samples++;
    }
  }
  for (i = 0; i < count; i++) {
    errors[i].mean_target = output_of(core, i)->initial;
    if (errors[i].samples != 0u) errors[i].mean_target = (int16_t)(errors[i].sum / (int32_t)errors[i].samples);
  }
  return true;
}

void et_outputs_begin_evaluation(et_core *core, bool candidate) {
  uint8_t i;
  for (i = 0; i < count_of(core); i++) {
    et_output_errors *errors = &et_errors(core)[i];
    if (candidate) errors->candidate = 0;
    else errors->running = errors->mean = 0;
  }
}

void et_outputs_evaluate(et_core *core, bool candidate, const uint8_t *model, uint16_t sample) {
  int16_t values[ET_OUTPUTS_MAX];
  const int16_t *targets = et_targets(core, sample);
  uint8_t i;
  if (model != NULL) core->deployment.model->outputs(&core->deployment.context, core->deployment.context.work, model, values);
  else initial_values(core, values);
  for (i = 0; i < count_of(core); i++) {
    et_output_errors *errors = &et_errors(core)[i];
    if (candidate) {
      errors->candidate += distance(values[i], targets[i]);
    } else {
      errors->running += distance(values[i], targets[i]);
      errors->mean += distance(errors->mean_target, targets[i]);
    }
  }
}

typedef enum et_whose { CANDIDATE, RUNNING, MEAN } et_whose;

static uint32_t sum_of(const et_output_errors *errors, et_whose whose) {
  return whose == CANDIDATE ? errors->candidate : whose == RUNNING ? errors->running : errors->mean;
}

/* Mean over samples and outputs of the error's share of the range. */
static float error_of(const et_core *core, et_whose whose) {
  float sum = 0.0f;
  uint8_t i;
  for (i = 0; i < count_of(core); i++)
    sum += (float)sum_of(&et_errors(core)[i], whose) / (float)((int32_t)output_of(core, i)->max - output_of(core, i)->min);
  return core->job.evaluated == 0u ? 1.0f : sum / ((float)core->job.evaluated * (float)count_of(core));
}

static uint16_t accuracy(const et_core *core, et_whose whose) {
  const float share = 1000.0f * error_of(core, whose) + 0.5f;
  return share >= 1000.0f ? 0u : (uint16_t)(1000u - (uint16_t)share);
}

uint16_t et_outputs_accuracy(const et_core *core, bool candidate) { return accuracy(core, candidate ? CANDIDATE : RUNNING); }
uint16_t et_outputs_mean_accuracy(const et_core *core) { return accuracy(core, MEAN); }

bool et_outputs_takes_over(const et_core *core) {
  const float candidate = error_of(core, CANDIDATE);
  if (core->generations.number != 0u) return candidate <= error_of(core, RUNNING);
  return candidate < error_of(core, MEAN);
}

/* Rounded to nearest. */
static uint16_t mean_of(uint32_t sum, uint16_t samples) {
  if (samples == 0u) return 65535u;
  return (uint16_t)((sum + samples / 2u) / samples);
}

void et_outputs_show_errors(const et_core *core, bool candidate) {
  uint8_t i;
  for (i = 0; i < count_of(core); i++) {
    et_output_errors *errors = &et_errors(core)[i];
    errors->shown = mean_of(candidate ? errors->candidate : errors->running, core->job.evaluated);
    errors->shown_mean = mean_of(errors->mean, core->job.evaluated);
  }
}

void et_outputs_forget_errors(const et_core *core) {
  uint8_t i;
  for (i = 0; i < count_of(core); i++) et_errors(core)[i].shown = et_errors(core)[i].shown_mean = 65535u;
}

/* ---- Another scale ---- */

void et_outputs_convert(const et_core *core, const et_definition *after, uint16_t samples) {
  uint16_t sample;
  uint8_t i;
  for (i = 0; i < count_of(core); i++) {
    const float gain = after->outputs[i].scale / output_of(core, i)->scale;
    if (gain == 1.0f) continue;
    for (sample = 0; sample < samples; sample++) {
      et_targets(core, sample)[i] = et_register_value(gain * (float)et_targets(core, sample)[i]);
      if (et_keeps_outcomes(core)) et_outcome_of(core, sample)[1] = et_register_value(gain * (float)et_outcome_of(core, sample)[1]);
    }
  }
}
