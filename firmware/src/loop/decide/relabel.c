#include "loop/decide/relabel.h"

#include <string.h>

#include "loop/decide/decide.h"
#include "support/register_value.h"

/* Samples judged again in one slice: 40 instructions each on a Cortex-M3, and what a changed label costs. */
#define ET_RELABEL_SAMPLES 256u

/* The sample changes its class: counts follow. */
static void give_label(const et_core *core, uint16_t sample, uint8_t label) {
  const uint8_t classes = core->deployment.definition.core->classes;
  uint16_t *counts = et_class_counts(core) + (et_is_held_out(core, sample) ? classes : 0u);
  counts[et_labels(core)[sample]]--;
  counts[label]++;
  et_labels(core)[sample] = label;
}

/* Judges a sample by the rule as it is now; false: its truth is what it was, or was not given by the rule. */
static bool judge_again(const et_decide *decide, uint16_t sample) {
  const et_core *core = decide->core;
  const int16_t *kept = et_outcome_of(core, sample);
  const uint8_t decider = et_deciders(core)[sample];
  if (decider == 0u || decider > core->deployment.definition.core->classes) return false;
  if (et_gives_values(core)) {
    const int16_t target = et_outputs_tracked(core, decide->feedback.set_point, kept[1], kept[0]);
    if (target == et_targets(core, sample)[0]) return false;
    et_targets(core, sample)[0] = target;
  } else {
    const uint8_t truth = et_feedback_truth(decide, (uint8_t)(decider - 1u), kept[0]);
    if (truth == et_labels(core)[sample]) return false;
    give_label(core, sample, truth);
  }
  /* A warm start leaves its multipliers behind. */
  memset(et_at(core, core->deployment.layout.extra + (uint32_t)sample * core->deployment.layout.sample_extra), 0,
         core->deployment.layout.sample_extra);
  return true;
}

void et_relabel_keep(const et_decide *decide, uint16_t at, uint8_t place) {
  const et_core *core = decide->core;
  const et_ticket *ticket = &et_tickets(core)[place];
  const bool judged = ticket->feedback_kind == ET_FEEDBACK_KIND_OUTCOME;
  int16_t *kept = et_outcome_of(core, at);
  kept[0] = judged ? ticket->feedback_value : 0;
  if (et_gives_values(core)) kept[1] = et_decided_values(core, place)[0];
  et_deciders(core)[at] = judged ? (uint8_t)(ticket->output_class + 1u) : 0u;
  /* The set point may have moved while it waited for the end of a job. */
  (void)judge_again(decide, at);
}

void et_relabel_begin(et_decide *decide) {
  const et_core *core = decide->core;
  if (core->deployment.model == NULL || et_is_stream(core)) return;
  if (!et_keeps_outcomes(core)) return;
  decide->stitching.relabel_left = decide->stitching.samples;
}

bool et_relabel_slice(et_decide *decide) {
  et_core *core = decide->core;
  uint16_t budget = ET_RELABEL_SAMPLES;
  if (decide->stitching.relabel_left == 0u || et_job_holds_samples(&core->job)) return false;
  for (; decide->stitching.relabel_left != 0u && budget != 0u; budget--) {
    const uint16_t sample = --decide->stitching.relabel_left;
    if (sample >= decide->stitching.samples) continue; /* cleared meanwhile */
    if (!judge_again(decide, sample)) continue;
    core->changes.basis++;
    if (decide->stitching.samples_new < 65535u) decide->stitching.samples_new++;
    core->changes.wanted = true;
  }
  return true;
}

static int16_t scaled(int16_t outcome, float gain) { return et_register_value(gain * (float)outcome); }

void et_relabel_scale(et_decide *decide, float gain) {
  const et_core *core = decide->core;
  uint16_t sample;
  uint8_t place;
  if (!et_keeps_outcomes(core)) return;
  for (sample = 0; sample < decide->stitching.samples; sample++) {
    int16_t *kept = et_outcome_of(core, sample);
    kept[0] = scaled(kept[0], gain);
  }
  for (place = 0; place < core->deployment.definition.core->tickets; place++) { /* those that wait to be stitched among them */
    et_ticket *ticket = &et_tickets(core)[place];
    if (ticket->feedback_kind == ET_FEEDBACK_KIND_OUTCOME) ticket->feedback_value = scaled(ticket->feedback_value, gain);
  }
}

void et_relabel_named(const et_core *core) {
  uint8_t place;
  for (place = 0; place < core->deployment.definition.core->tickets; place++) {
    et_ticket *ticket = &et_tickets(core)[place];
    if (ticket->feedback_kind == ET_FEEDBACK_KIND_OUTCOME) ticket->feedback_kind = ET_FEEDBACK_KIND_LABEL;
  }
}
