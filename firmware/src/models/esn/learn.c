/* The learning phase: scale of the inputs, choice of the input signs, washout, readout. Calibration follows in models/esn/stream.c. */
#include <math.h>
#include <string.h>

#include "models/esn/model.h"
#include "models/kernels/exact.h"

/* Multiply-accumulates of the Gram matrix in one slice: all of them for N = 64 and three channels. */
#define GRAM_WORK 2400u

/* Samples on which the standard deviations of the inputs are measured: a quarter of the phase, at least all sign draws. */
#define SCALE_FEWEST (ET_ESN_SIGN_DRAWS * ET_ESN_SIGN_LAGS)
#define SCALE_MOST 2048u
/* A channel that moves less than half a register unit is a constant one. */
#define DEVIATION_MIN 0.5f

static uint32_t scale_samples(const et_esn_parameters *parameters) {
  const uint32_t quarter = parameters->learning_samples / 4u;
  return quarter < SCALE_FEWEST ? SCALE_FEWEST : quarter > SCALE_MOST ? SCALE_MOST : quarter;
}

static void blank(const et_definition *definition, et_esn_block *block) {
  memset(block, 0, et_esn_block_bytes(definition));
  block->units = et_esn_of(definition)->units;
  block->channels = definition->core->features;
  block->seed = definition->core->seed;
}

void et_esn_learn_begin(const et_esn_view *view, et_esn_block *block) {
  et_esn_stream *s = view->stream;
  et_esn_job *job = view->job;
  memset(job, 0, sizeof *job);
  job->candidate = block;
  job->least = INFINITY;
  s->learned = 0;
  s->phase = ET_STREAM_LEARNING;
}

et_error et_esn_learn(const et_model_context *context, const void *running, void *candidate, uint8_t regime) {
  et_esn_view view;
  et_esn_view_of(context, &view);
  et_esn_stream *s = view.stream;
  et_esn_block *block = candidate;
  (void)running;
  if (regime > 1u) return ET_VALUE; /* no bank */
  if (view.watch.watch->alarm) return ET_ALARM_ACTIVE;
  blank(view.definition, block);
  /* Any number unlike those of the generations in memory will do. */
  block->stamp = (context->definition->fingerprint ^ (s->samples * 2654435761u)) | 1u;
  while (block->stamp == et_esn_slot_of(&view, 0)->stamp || block->stamp == et_esn_slot_of(&view, 1)->stamp ||
         block->stamp == s->live_stamp) {
    block->stamp += 2u;
  }
  s->candidate_slot = et_esn_slot_of(&view, 0)->stamp == s->live_stamp && s->live_stamp != 0 ? 1 : 0;
  et_esn_learn_begin(&view, block);
  return ET_OK;
}

/* One lag of one draw a sample: bounded, and over before the scale is known. */
static void try_signs(const et_esn_view *view) {
  et_esn_job *job = view->job;
  if (view->stream->signs_ready) return;
  if (job->lag == 0) {
    et_esn_signs(&view->reservoir, job->draw, view->masks);
    job->correlation = 0.0f;
  }
  const float echo = et_power(view->reservoir.recurrent, 2u * job->lag);
  job->correlation += echo * et_esn_sign_correlation(&view->reservoir, view->masks, job->lag);
  if (++job->lag < ET_ESN_SIGN_LAGS) return;
  job->lag = 0;
  if (job->correlation < job->least) {
    job->least = job->correlation;
    job->best = job->draw;
  }
  if (++job->draw < ET_ESN_SIGN_DRAWS) return;
  view->stream->sign_draw = job->best;
  view->stream->signs_ready = true;
  et_esn_signs(&view->reservoir, job->best, view->masks);
}

static void begin_readout(const et_esn_view *view, et_esn_block *block) {
  et_esn_job *job = view->job;
  const et_esn_parameters *p = view->parameters;
  float *scale = et_esn_scale(block);
  for (unsigned k = 0; k < view->channels; k++) {
    float deviation = sqrtf(job->square[k] / (float)job->scaled);
    if (!(deviation > DEVIATION_MIN)) {
      deviation = DEVIATION_MIN;
      block->constant |= (uint8_t)(1u << k);
    }
    scale[k] = 1.0f / deviation;
  }
  block->sign_draw = view->stream->sign_draw;
  et_esn_slot_begin(view, et_esn_slot_of(view, view->stream->candidate_slot), block);
  job->shift = et_esn_gram_shift(p->learning_samples);
  if (p->readout == ET_READOUT_RLS) view->stream->adapting = 1; /* the Gram matrix takes the place of P */
  memset(view->gram, 0, ET_ESN_PACKED(view->n) * sizeof *view->gram);
}

void et_esn_learn_sample(const et_esn_view *view, et_esn_block *candidate, const int32_t *deviation) {
  et_esn_stream *s = view->stream;
  et_esn_job *job = view->job;
  const et_esn_parameters *p = view->parameters;
  if (s->learned < scale_samples(p)) {
    /* While the running mean is young the first deviations are its error, not the signal's. */
    if (s->signal.settled > p->washout || s->signal.settled > p->window) {
      for (unsigned k = 0; k < view->channels; k++) {
        const float d = (float)deviation[k] * (1.0f / 16384.0f);
        job->square[k] += d * d;
      }
      job->scaled++;
    }
    try_signs(view);
    if (++s->learned < scale_samples(p)) return;
    begin_readout(view, candidate);
    return;
  }
  et_esn_slot *slot = et_esn_slot_of(view, s->candidate_slot);
  et_esn_slot_inputs(view, slot, candidate, deviation, job->target);
  job->adding = true;
  job->row = 0;
}

static et_esn_sums sums_of(const et_esn_view *view, et_esn_block *block) {
  return (et_esn_sums){view->gram, (et_esn_cell *)(void *)et_esn_weights(block), view->n, view->channels};
}

bool et_esn_learn_slice(const et_esn_view *view, et_esn_block *candidate) {
  et_esn_stream *s = view->stream;
  et_esn_job *job = view->job;
  if (s->phase != ET_STREAM_LEARNING || !job->adding) return false;
  et_esn_slot *slot = et_esn_slot_of(view, s->candidate_slot);
  et_esn_unit *x = et_esn_state(view, slot);
  if (slot->settle > 0) {
    slot->settle--;
  } else {
    const et_esn_sums sums = sums_of(view, candidate);
    job->row = (uint16_t)et_esn_gram_add(&sums, job->shift, x, job->target, job->row, GRAM_WORK);
    if (job->row <= view->n) return true;
    job->pairs++;
  }
  job->adding = false;
  (void)et_esn_reservoir_step(&view->reservoir, view->masks, job->target, x, et_esn_scratch(view, slot));
  if (++s->learned < view->parameters->learning_samples) return true;
  et_esn_solve_begin(&job->solve, job->shift, view->parameters->ridge);
  s->phase = ET_STREAM_SOLVING;
  return true;
}

static void begin_calibration(const et_esn_view *view, et_esn_block *block) {
  et_esn_stream *s = view->stream;
  et_esn_slot *slot = et_esn_slot_of(view, s->candidate_slot);
#ifdef ET_ESN_FIXED
  et_esn_predict(et_esn_quantised(view, slot), slot->exponent, et_esn_state(view, slot), view->n, view->channels, slot->prediction.next);
#else
  et_esn_predict(et_esn_weights(block), slot->exponent, et_esn_state(view, slot), view->n, view->channels, slot->prediction.next);
#endif
  slot->filled = 0;
  slot->at = 0;
  slot->partial = s->hop_at != 0;
  et_healthy_clear(et_esn_healthy(block), &view->shape);
  et_learning_begin(view->learning, &view->shape, (uint8_t)view->blocks);
  s->windows = 0;
  s->phase = ET_STREAM_CALIBRATING;
}

et_error et_esn_train_step(const et_model_context *context, uint32_t budget, uint16_t *progress_permille) {
  et_esn_view view;
  et_esn_view_of(context, &view);
  et_esn_job *job = view.job;
  if (view.stream->phase != ET_STREAM_SOLVING) return ET_OK;
  et_esn_block *block = job->candidate;
  const uint32_t n = view.n;
  if (!job->solved) { /* the slices after the last one take the readout over, a channel each */
    const uint32_t total = n * n * n / 6u + n * n * (view.channels + 1u);
    const et_esn_sums sums = sums_of(&view, block);
    job->solved = et_esn_solve_step(&job->solve, &sums, budget);
    const uint32_t permille = job->solve.work / (total / 1000u + 1u);
    *progress_permille = (uint16_t)(permille > 999u ? 999u : permille);
    return ET_BUSY;
  }
  if (job->loaded < view.channels) {
    const float *weights = et_esn_weights(block) + job->loaded * n;
    if (!et_esn_weights_valid(weights, n)) return ET_NUMERIC;
    et_esn_load_channel(&view, et_esn_slot_of(&view, view.stream->candidate_slot), weights, job->loaded);
    job->loaded++;
    return ET_BUSY;
  }
  block->boosts = job->solve.boosts;
  *progress_permille = 1000u;
  begin_calibration(&view, block);
  return ET_OK;
}

void et_esn_train_end(const et_model_context *context, bool cancelled, et_train_report *report) {
  et_esn_view view;
  et_esn_view_of(context, &view);
  et_esn_stream *s = view.stream;
  report->work = view.job->solve.work;
  report->iterations = view.job->pairs;
  /* Pivots that rounding had made too small were raised to the ridge. */
  report->result = cancelled ? ET_CANCELLED : view.job->solve.boosts != 0u ? ET_REGULARISED : ET_OK;
  if (!cancelled) return;
  s->phase = ET_STREAM_IDLE; /* the next sample makes it SCORING when a generation runs */
  if (s->adapting == 1) s->adapting = 0;
}
