#include "loop/redeploy.h"

#include <string.h>

#include "loop/core/change.h"
#include "loop/core/log.h"
#include "loop/decide/array.h"
#include "loop/decide/feedback.h"
#include "loop/decide/io.h"
#include "loop/decide/relabel.h"
#include "loop/decide/stitching.h"
#include "loop/trainer_state.h"
#include "support/blocks.h"
#include "support/crc.h"

static void forget_learning(et_trainer *trainer) {
  et_core *core = &trainer->core;
  core->generations.number = core->generations.previous_number = 0;
  core->generations.accuracy = core->generations.previous_accuracy = 65535u;
  core->generations.fingerprint = core->generations.previous_fingerprint = core->generations.fingerprint_at =
      core->generations.fingerprint_crc = 0;
  core->window.at = core->window.filled = core->window.good = 0;
  trainer->decide.on_demand.failed_trainings = 0;
  trainer->decide.on_demand.drift = trainer->decide.feedback.unsatisfied = false;
  trainer->decide.on_demand.evaluated_samples = trainer->decide.on_demand.evaluated_generation = 0;
  memset(&trainer->decide.on_demand.candidate, 0, sizeof trainer->decide.on_demand.candidate);
  memset(&core->training.report, 0, sizeof core->training.report);
}

void et_forget_models(et_trainer *trainer) {
  et_core *core = &trainer->core;
  forget_learning(trainer);
  et_speaking_forget_models(&trainer->decide);
  memset(et_confusion(core, 0), 0, 4u * (uint32_t)core->deployment.definition.core->classes * core->deployment.definition.core->classes);
  if (et_gives_values(core)) et_outputs_forget_errors(core);
  memset(et_generation(core, 0), 0, 3u * et_up_to_4(core->deployment.layout.model_bytes));
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
  trainer->decide.io.deciding = 0;
  et_array_forget(&trainer->decide);
  et_ring_begin(&trainer->decide);
  trainer->decide.stitching.samples = trainer->decide.stitching.samples_new = trainer->decide.stitching.held_out_total = 0;
  et_upload_forget(core);
  core->generations.next_number = 0; /* numbers are those of a definition */
  forget_learning(trainer);
  et_speaking_begin(&trainer->decide);
}

void et_install(et_trainer *trainer, const et_definition *definition, const et_memory_layout *layout) {
  et_core *core = &trainer->core;
  const uint32_t after = et_up_to_4(definition->length);
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
  trainer->stream.queue.next_sequence = trainer->stream.queue.window_sequence = trainer->stream.queue.count = trainer->stream.queue.at = 0;
  trainer->stream.queue.lost = 0;
  trainer->stream.queue.started = trainer->stream.queue.stopped = trainer->stream.alarm.raised = trainer->stream.alarm.had_new_pattern =
      false;
  trainer->stream.alarm.number = trainer->stream.alarm.judged = 0;
  memset(&core->counters, 0, sizeof core->counters);
#if ET_WITH_STREAM
  memset(&trainer->stream.alarm.result, 0, sizeof trainer->stream.alarm.result);
#endif
  et_stitch_clear(&trainer->decide);
  et_speaking_begin(&trainer->decide);
  if (et_gives_values(core)) et_outputs_forget_errors(core);
}

/* Bring the models to the new ranges, in their present place. */
static void convert_models(et_trainer *trainer, const et_definition *after) {
  et_core *core = &trainer->core;
  const et_definition *before = &core->deployment.definition;
  const et_model_context *context = &core->deployment.context;
  const et_model_ops *model = core->deployment.model;
  uint8_t i;
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

/* The new definition, its layout of the arena, and what is behind it move into their places. `staged` lies where the arena's parts
 * may land: it steps aside first, into room that the plan of the new definition has for the one after it. */
static void move_in(et_trainer *trainer, const uint8_t *staged, uint32_t length, const et_memory_layout *layout) {
  et_core *core = &trainer->core;
  et_deployment *deployment = &core->deployment;
  const uint32_t aside = layout->staging > deployment->layout.staging ? layout->staging : deployment->layout.staging;
  uint16_t detail;
  memmove(et_at(core, aside), staged, length);
  et_memory_move(core->port->arena, &deployment->layout, layout);
  memcpy(et_at(core, layout->definition), et_at(core, aside), length);
  deployment->layout = *layout;
  /* Checked a moment ago at its other place. */
  (void)et_definition_check(et_at(core, layout->definition), length, &deployment->definition, &detail);
  deployment->model = et_model_find(deployment->definition.core->model);
  et_trainer_pick_loop(trainer);
  deployment->context.shared = et_at(core, layout->shared);
  deployment->context.work = et_at(core, layout->work);
}

static void forget_waiting(et_trainer *trainer) {
  et_core *core = &trainer->core;
  const et_memory_layout *layout = &core->deployment.layout;
  memset(et_at(core, layout->tickets), 0, layout->confusion - layout->tickets); /* and their values */
  memset(&trainer->decide.io.shown, 0, sizeof trainer->decide.io.shown);
  trainer->decide.io.next = 0;
  trainer->decide.stitching.search.active = false;
  if (et_gives_values(core)) trainer->decide.speaking.given = false; /* what was given is among them */
}

/* The policies that masters may have changed since: they stay where the definition did not change. */
static void carry_policies(et_trainer *trainer, int16_t set_point, uint8_t mode, uint16_t accuracy_window, const et_change *change) {
  et_core *core = &trainer->core;
  const et_definition *definition = &core->deployment.definition;
  if (change->labels != ET_FATE_KEPT || definition->feedback->set_point != set_point)
    et_feedback_set_point(&trainer->decide, definition->feedback->set_point);
  if (change->labels == ET_FATE_CONVERTED) et_relabel_begin(&trainer->decide); /* also where only the band is another one */
  if (definition->training->mode != mode) (void)et_trainer_set_mode(trainer, definition->training->mode, ET_FROZEN_BY_MANAGEMENT);
  if (change->labels != ET_FATE_KEPT || definition->training->accuracy_window != accuracy_window)
    core->window.at = core->window.filled = core->window.good = 0;
}

/* The new definition takes over what was learned: the identities are the same. */
static void carry_over(et_trainer *trainer, const et_definition *after, const et_memory_layout *layout, const et_change *change) {
  et_core *core = &trainer->core;
  const et_definition *before = &core->deployment.definition;
  const int16_t set_point = before->feedback->set_point;
  const uint16_t accuracy_window = before->training->accuracy_window;
  const uint8_t mode = before->training->mode;
  const bool warm = change->models == ET_FATE_KEPT && layout->sample_extra == core->deployment.layout.sample_extra;
  et_io_abandon(&trainer->decide);
  if (et_stream_channels(before) != et_stream_channels(after)) et_ring_empty(&trainer->decide);
  if (change->models == ET_FATE_CONVERTED) convert_models(trainer, after);
  if (et_gives_values(core)) et_outputs_convert(core, after, trainer->decide.stitching.samples);
  if (change->samples == ET_FATE_CONVERTED) et_data_set_convert(&trainer->decide, after);
  if (!et_is_stream(core) && after->identity != NULL && before->identity != NULL &&
      after->identity->outcome_scale != before->identity->outcome_scale)
    et_relabel_scale(&trainer->decide, after->identity->outcome_scale / before->identity->outcome_scale);
  if (!et_is_stream(core) && before->feedback->rule == ET_RULE_LABEL && after->feedback->rule != ET_RULE_LABEL) et_relabel_named(core);
  move_in(trainer, after->blob, after->length, layout);
  if (change->voices == ET_FATE_DISCARDED) et_speaking_forget_rule(&trainer->decide);
  if (!warm) memset(et_at(core, layout->extra), 0, layout->features - layout->extra);
  if (change->models == ET_FATE_DISCARDED) {
    const uint16_t next = core->generations.next_number; /* a number is given once */
    et_forget_models(trainer);
    core->generations.next_number = next;
    trainer->decide.stitching.samples_new = trainer->decide.stitching.samples; /* a training begins when the policy allows */
  }
  if (change->waiting == ET_FATE_DISCARDED) forget_waiting(trainer);
  carry_policies(trainer, set_point, mode, accuracy_window, change);
}

et_error et_redeploy(et_trainer *trainer) {
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
  error = et_local_fits(core->port, &definition, &detail);
  trainer->commands.detail = detail;
  if (error != ET_OK) return error;
  et_local_leave(&trainer->decide, &definition);
  et_change_find(core->deployment.model == NULL ? NULL : &core->deployment.definition, &definition, trainer->decide.stitching.samples,
                 &change);
  if (change.samples != ET_FATE_DISCARDED) {
    carry_over(trainer, &definition, &layout, &change);
    et_upload_forget(core);
  } else {
    memmove(core->port->arena, staged, definition.length);
    /* Checked a moment ago at its other place. */
    (void)et_definition_check(core->port->arena, definition.length, &definition, &detail);
    et_install(trainer, &definition, &layout);
  }
  core->changes.replaced = core->changes.wanted = core->changes.urgent = true;
  et_log(core, ET_EVENT_DEFINITION, (uint16_t)(definition.fingerprint >> 16), (uint16_t)definition.fingerprint);
  return ET_OK;
}
