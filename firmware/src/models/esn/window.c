/* What a finished window means: condition of the machine, score, alarm.
 *
 * A fault shows in what the network cannot predict (residual) and in how strongly the machine drives it (state energy), and either may
 * fall as well as rise. Both enter as logarithms, in which a change of level is a shift. They are judged as one vector: a mean over the
 * channels would let changes of opposite signs cancel. */
#include <math.h>
#include <string.h>

#include "models/esn/model.h"
#include "models/kernels/exact.h"
#include "models/stream/condition.h"

/* The machine is off below this share of the level that was learned. */
#define OFF_SHARE 0.05f

void et_esn_features(const et_esn_view *view, const et_esn_signature *signature, float *features) {
  memcpy(features, signature->residual, view->channels * sizeof *features);
  features[view->channels] = signature->state;
  memcpy(features + view->channels + 1u, signature->energy, view->channels * sizeof *features);
}

void et_esn_conditions(const et_esn_view *view, const et_esn_block *running, const et_esn_signature *signature) {
  et_esn_stream *s = view->stream;
  const float least = et_logarithm(ET_CONSTANT_VARIANCE + 1.0f / 12.0f); /* with the variance of the rounding, which is in the energies */
  const uint8_t all = (uint8_t)((1u << view->channels) - 1u);
  s->constant = 0;
  for (unsigned k = 0; k < view->channels; k++)
    if (!(signature->energy[k] >= least)) s->constant |= (uint8_t)(1u << k);
  const bool quiet = running->valid == 1 && signature->rms < et_esn_healthy(running)->rms_mean + et_logarithm(OFF_SHARE);
  s->conditions = 0;
  if (s->constant == all || quiet) s->conditions = ET_CONDITION_OFF;
  else if (running->valid == 1 && (s->constant & ~running->constant) != 0) s->conditions = ET_CONDITION_CONSTANT;
}

void et_esn_window(const et_esn_view *view, const et_esn_block *running, const et_esn_signature *signature, et_stream_result *result) {
  et_esn_stream *s = view->stream;
  const et_healthy *healthy = et_esn_healthy(running);
  const float *mean = et_healthy_mean(healthy), *spread = et_healthy_spread(healthy);
  float solved[ET_CHANNELS_MAX + 1u], *features = s->features;
  et_healthy_scoring scoring = {0};
  et_esn_features(view, signature, features);
  (void)et_healthy_score(healthy, features, solved, &scoring, UINT32_MAX, &result->score); /* few features: one slice */
  for (unsigned k = 0; k < view->channels; k++) {
    const unsigned energy = view->channels + 1u + k;
    result->residuals[k] = (features[k] - mean[k]) / spread[k];
    result->energies[k] = (features[energy] - mean[energy]) / spread[energy];
  }
  result->threshold = healthy->threshold;
  result->baseline_score = et_healthy_baseline(healthy, signature->rms);
  result->baseline_threshold = healthy->rms_threshold;
  result->calibrated = true;
  result->regime = 1;
  if (s->since_watched < view->blocks) return;
  s->since_watched = 0;
  et_watch_window(&view->watch, healthy, 0, features, result->score);
}
