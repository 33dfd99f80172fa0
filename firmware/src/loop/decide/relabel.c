#include "loop/decide/relabel.h"

#include <string.h>

#include "loop/decide/decide.h"

/* Samples judged again in one slice: 40 instructions each on a Cortex-M3, and what a changed label costs. */
#define ET_RELABEL_SAMPLES 256u

void et_relabel_keep(const et_core *core, uint16_t at, const et_ticket *ticket) {
  const bool judged = ticket->feedback_kind == ET_FEEDBACK_KIND_OUTCOME;
  et_outcomes(core)[at] = judged ? ticket->feedback_value : 0;
  et_deciders(core)[at] = judged ? (uint8_t)(ticket->output_class + 1u) : 0u;
}

/* The sample changes its class: counts follow, and a warm start leaves its multipliers behind. */
static void give_label(const et_core *core, uint16_t sample, uint8_t label) {
  const uint8_t classes = core->deployment.definition.core->classes;
  uint16_t *counts = et_class_counts(core) + (et_is_held_out(core, sample) ? classes : 0u);
  counts[et_labels(core)[sample]]--;
  counts[label]++;
  et_labels(core)[sample] = label;
  memset(et_at(core, core->deployment.layout.extra + (uint32_t)sample * core->deployment.layout.sample_extra), 0,
         core->deployment.layout.sample_extra);
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
    uint8_t decider, truth;
    if (sample >= decide->stitching.samples) continue; /* cleared meanwhile */
    decider = et_deciders(core)[sample];
    if (decider == 0u || decider > core->deployment.definition.core->classes) continue;
    truth = et_feedback_truth(decide, (uint8_t)(decider - 1u), et_outcomes(core)[sample]);
    if (truth == et_labels(core)[sample]) continue;
    core->changes.basis++;
    give_label(core, sample, truth);
    if (decide->stitching.samples_new < 65535u) decide->stitching.samples_new++;
    core->changes.wanted = true;
  }
  return true;
}

void et_relabel_scale(et_decide *decide, float gain) {
  const et_core *core = decide->core;
  uint16_t sample;
  if (!et_keeps_outcomes(core)) return;
  for (sample = 0; sample < decide->stitching.samples; sample++) {
    const float value = gain * (float)et_outcomes(core)[sample];
    et_outcomes(core)[sample] = (int16_t)(value >= 32767.0f ? 32767.0f : value <= -32768.0f ? -32768.0f : value < 0.0f ? value - 0.5f : value + 0.5f);
  }
}
