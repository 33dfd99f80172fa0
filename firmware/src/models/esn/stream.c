/* The path of one sample: decimation, mean, reservoirs, window sums. */
#include <math.h>
#include <string.h>

#include "models/esn/model.h"
#include "models/kernels/exact.h"
#include "support/blocks.h"

/* Mean squared residual below which its logarithm is cut off: the quantisation noise of a Q12 input, (2^-12)^2 / 12. */
#define RESIDUAL_FLOOR 5.0e-9f
/* Work units, between two samples, of finding out what healthy looks like. */
#define LEARNING_WORK 2048u
/* Of recursive least squares, per slice. */
#define RLS_WORK 768u
#ifdef ET_ESN_FIXED
#define RLS_SLICES 3u /* a sample; an update takes several samples */
#define RESIDUAL_UNIT (1.0f / 16777216.0f)
#else
#define RLS_SLICES 255u /* the whole update */
#define RESIDUAL_UNIT 1.0f
#endif

static uint32_t ring_bytes(unsigned blocks, unsigned channels) { return 4u * blocks * (channels + 1u); }

static uint32_t slot_bytes(const et_definition *definition) {
  const et_esn_parameters *p = et_esn_of(definition);
  const uint32_t blocks = (uint32_t)p->window / p->hop, n = p->units + 1u, channels = definition->core->features;
  const uint32_t states = p->reservoir == ET_RESERVOIR_SPARSE ? 2u * n : n;
  const uint32_t in_float = 4u * states, in_fixed = 2u * states + 2u * channels * n;
  const uint32_t bytes = (uint32_t)sizeof(et_esn_slot) + ring_bytes(blocks, channels) + (in_float > in_fixed ? in_float : in_fixed);
  return et_up_to_8(bytes);
}

static uint32_t head_bytes(const et_definition *definition) {
  return et_up_to_8(et_esn_of(definition)->patterns * et_pattern_bytes(et_esn_shape(definition).dimensions));
}

uint32_t et_esn_shared_bytes(const et_definition *definition) {
  const et_esn_parameters *p = et_esn_of(definition);
  const uint32_t blocks = (uint32_t)p->window / p->hop, n = p->units + 1u, channels = definition->core->features;
  uint32_t bytes = head_bytes(definition) + ET_SLACK_8 + et_up_to_8((uint32_t)sizeof(et_esn_stream)) +
                   et_up_to_8(et_watch_bytes(et_esn_shape(definition).dimensions)) + et_up_to_8(12u * blocks * channels) +
                   et_up_to_8(p->units) + 2u * slot_bytes(definition);
  if (p->readout == ET_READOUT_RLS) bytes += 4u * (ET_ESN_RLS_FLOATS(n, channels) + n * channels);
  return bytes;
}

uint32_t et_esn_work_bytes(const et_definition *definition) {
  const et_esn_parameters *p = et_esn_of(definition);
  const uint32_t head = et_up_to_8((uint32_t)sizeof(et_esn_job)) + ET_SLACK_8;
  const et_healthy_shape shape = et_esn_shape(definition);
  const uint32_t gram = p->readout == ET_READOUT_RLS ? 0u : (uint32_t)sizeof(et_esn_cell) * ET_ESN_PACKED(p->units + 1u);
  const uint32_t learning = et_learning_bytes(&shape);
  return head + (gram > learning ? gram : learning);
}

void et_esn_view_of(const et_model_context *context, et_esn_view *view) {
  const et_definition *definition = context->definition;
  const et_esn_parameters *p = et_esn_of(definition);
  view->definition = definition;
  view->parameters = p;
  view->channels = definition->core->features;
  view->units = p->units;
  view->n = p->units + 1u;
  view->blocks = (unsigned)p->window / p->hop;
  view->reservoir = (et_esn_reservoir){.units = p->units,
                                       .channels = definition->core->features,
                                       .topology = p->reservoir,
                                       .recurrent = p->cycle_weight,
                                       .input = p->input_weight,
                                       .leak = p->leak,
                                       .seed = definition->core->seed};
  view->shape = et_esn_shape(definition);
  uint8_t *at = et_align_8((uint8_t *)context->shared + p->patterns * et_pattern_bytes(view->shape.dimensions));
  view->stream = (et_esn_stream *)(void *)at;
  at += et_up_to_8((uint32_t)sizeof(et_esn_stream));
  et_watch_view_of(at, view->shape.dimensions, &view->watch);
  view->watch.table = (et_pattern_table){context->shared, p->patterns, view->shape.dimensions};
  view->watch.alarm_on = p->alarm_on;
  view->watch.alarm_off = p->alarm_off;
  at += et_up_to_8(et_watch_bytes(view->shape.dimensions));
  view->raw_squares = (int64_t *)(void *)at;
  view->raw_sums = (int32_t *)(void *)(at + 8u * view->blocks * view->channels);
  at += et_up_to_8(12u * view->blocks * view->channels);
  view->slots[0] = at;
  view->slots[1] = at + slot_bytes(definition);
  at += 2u * slot_bytes(definition);
  view->live = NULL;
  view->rls = NULL;
  if (p->readout == ET_READOUT_RLS) {
    view->live = (float *)(void *)at;
    view->rls = view->live + view->n * view->channels;
    at += 4u * (ET_ESN_RLS_FLOATS(view->n, view->channels) + view->n * view->channels);
  }
  view->masks = at;
  view->job = et_align_8(context->work);
  void *behind = (uint8_t *)view->job + et_up_to_8((uint32_t)sizeof(et_esn_job));
  view->learning = behind; /* begins when the Gram matrix is solved */
  /* RLS learns its first readout as RIDGE does, and its P has just the size of the Gram matrix. */
  view->gram = view->rls != NULL ? (et_esn_cell *)(void *)view->rls : (et_esn_cell *)behind;
}

float *et_esn_ring(const et_esn_view *view, const et_esn_slot *slot) {
  (void)view;
  return (float *)(uintptr_t)(slot + 1);
}

/* Quantised weights before states: both are int16 in the fixed-point build. */
et_esn_unit *et_esn_state(const et_esn_view *view, const et_esn_slot *slot) {
  return (et_esn_unit *)(void *)(et_esn_ring(view, slot) + view->blocks * (view->channels + 1u));
}

et_esn_unit *et_esn_scratch(const et_esn_view *view, const et_esn_slot *slot) { return et_esn_state(view, slot) + view->n; }

et_esn_weight *et_esn_quantised(const et_esn_view *view, const et_esn_slot *slot) {
  const unsigned states = view->parameters->reservoir == ET_RESERVOIR_SPARSE ? 2u * view->n : view->n;
  return (et_esn_weight *)(void *)(et_esn_state(view, slot) + states);
}

void et_esn_load_channel(const et_esn_view *view, et_esn_slot *slot, const float *weights, unsigned channel) {
#ifdef ET_ESN_FIXED
  et_esn_quantise(weights, view->n, 1, et_esn_quantised(view, slot) + channel * view->n, slot->exponent + channel);
#else
  (void)view; /* the prediction reads the floats where they are */
  (void)slot;
  (void)weights;
  (void)channel;
#endif
}

void et_esn_load_readout(const et_esn_view *view, et_esn_slot *slot, const float *weights) {
  for (unsigned k = 0; k < view->channels; k++) et_esn_load_channel(view, slot, weights + k * view->n, k);
}

void et_esn_slot_begin(const et_esn_view *view, et_esn_slot *slot, const et_esn_block *block) {
  memset(slot, 0, sizeof *slot);
  slot->stamp = block->stamp;
  slot->settle = view->parameters->washout;
  slot->partial = true;
  et_esn_unit *x = et_esn_state(view, slot);
  memset(x, 0, view->n * sizeof *x);
  x[view->units] = ET_ESN_ONE;
#ifdef ET_ESN_FIXED
  const float *scale = et_esn_scale(block);
  for (unsigned k = 0; k < view->channels; k++) {
    int exponent; /* register units Q14 to standard deviations Q12: times scale / 4 = mantissa 2^-shift */
    const float mantissa = frexpf(0.25f * scale[k], &exponent);
    slot->scale[k] = (int32_t)(mantissa * 32767.0f);
    slot->scale_shift[k] = (uint8_t)(15 - exponent); /* 0 < scale <= 2 */
  }
#endif
  if (block->valid) et_esn_load_readout(view, slot, et_esn_weights(block));
}

void et_esn_slot_inputs(const et_esn_view *view, const et_esn_slot *slot, const et_esn_block *block, const int32_t *deviation,
                        et_esn_input *inputs) {
#ifdef ET_ESN_FIXED
  (void)block;
  for (unsigned k = 0; k < view->channels; k++) {
    const int64_t z = ((int64_t)deviation[k] * slot->scale[k]) >> slot->scale_shift[k];
    inputs[k] = (et_esn_input)(z > 32767 ? 32767 : z < -32767 ? -32767 : z);
  }
#else
  (void)slot;
  const float *scale = et_esn_scale(block);
  const float limit = (float)ET_ESN_INPUT_LIMIT;
  for (unsigned k = 0; k < view->channels; k++) {
    const float z = (float)deviation[k] * (1.0f / 16384.0f) * scale[k];
    inputs[k] = z > limit ? limit : z < -limit ? -limit : z;
  }
#endif
}

/* One sample through a slot whose readout predicts. */
static void slot_step(const et_esn_view *view, et_esn_slot *slot, const et_esn_block *block, const float *weights, const int32_t *deviation,
                      bool adapt) {
  et_esn_input inputs[ET_CHANNELS_MAX];
  et_esn_slot_inputs(view, slot, block, deviation, inputs);
  et_esn_unit *x = et_esn_state(view, slot);
  for (unsigned k = 0; k < view->channels; k++) {
#ifdef ET_ESN_FIXED
    const int32_t error = (int32_t)inputs[k] - slot->prediction.next[k];
    slot->residual_sum[k].now += (uint64_t)((int64_t)error * error);
#else
    const float error = inputs[k] - slot->prediction.next[k];
    slot->residual_sum[k].now += error * error;
#endif
  }
  if (adapt && slot->settle == 0) (void)et_esn_rls_offer(&view->stream->rls, view->rls, view->live, x, view->n, inputs);
  slot->state_sum.now += et_esn_reservoir_step(&view->reservoir, view->masks, inputs, x, et_esn_scratch(view, slot));
#ifdef ET_ESN_FIXED
  (void)weights;
  et_esn_predict(et_esn_quantised(view, slot), slot->exponent, x, view->n, view->channels, slot->prediction.next);
#else
  et_esn_predict(weights, slot->exponent, x, view->n, view->channels, slot->prediction.next);
#endif
  if (slot->settle > 0) {
    slot->settle--;
    slot->partial = true;
  }
}

static void slot_close_block(const et_esn_view *view, et_esn_slot *slot) {
  if (slot->partial) {
    slot->filled = 0;
    slot->partial = false;
  } else {
    float *block = et_esn_ring(view, slot) + slot->at * (view->channels + 1u);
    for (unsigned k = 0; k < view->channels; k++) block[k] = RESIDUAL_UNIT * (float)slot->residual_sum[k].now;
    block[view->channels] = ET_ESN_ENERGY_UNIT * (float)slot->state_sum.now;
    slot->at = (uint8_t)((slot->at + 1u) % view->blocks);
    if (slot->filled < view->blocks) slot->filled++;
  }
  memset(&slot->state_sum, 0, sizeof slot->state_sum);
  memset(slot->residual_sum, 0, sizeof slot->residual_sum);
}

static void raw_close_block(const et_esn_view *view) {
  et_esn_stream *s = view->stream;
  if (s->raw_partial) {
    s->raw_filled = 0;
    s->raw_partial = false;
  } else {
    memcpy(view->raw_sums + s->raw_at * view->channels, s->raw_sum, view->channels * sizeof s->raw_sum[0]);
    memcpy(view->raw_squares + s->raw_at * view->channels, s->raw_square, view->channels * sizeof s->raw_square[0]);
    s->raw_at = (uint8_t)((s->raw_at + 1u) % view->blocks);
    if (s->raw_filled < view->blocks) s->raw_filled++;
  }
  memset(s->raw_sum, 0, sizeof s->raw_sum);
  memset(s->raw_square, 0, sizeof s->raw_square);
}

static void raw_signature(const et_esn_view *view, et_esn_signature *signature) {
  const int64_t length = view->parameters->window;
  float all = 0.0f;
  for (unsigned k = 0; k < view->channels; k++) {
    int64_t sum = 0, square = 0;
    for (unsigned b = 0; b < view->blocks; b++) {
      sum += view->raw_sums[b * view->channels + k];
      square += view->raw_squares[b * view->channels + k];
    }
    const float variance = (float)(length * square - sum * sum) / ((float)length * (float)length) + ET_ROUNDING_VARIANCE;
    signature->energy[k] = et_logarithm(variance);
    all += variance;
  }
  signature->rms = 0.5f * et_logarithm(all);
}

static void slot_signature(const et_esn_view *view, const et_esn_slot *slot, et_esn_signature *signature) {
  const float *ring = et_esn_ring(view, slot);
  const float length = (float)view->parameters->window;
  for (unsigned k = 0; k <= view->channels; k++) {
    float sum = 0.0f;
    for (unsigned b = 0; b < view->blocks; b++) sum += ring[b * (view->channels + 1u) + k];
    if (k < view->channels) signature->residual[k] = et_logarithm(sum / length + RESIDUAL_FLOOR);
    else signature->state = et_logarithm(sum / (length * (float)view->units) + RESIDUAL_FLOOR);
  }
}

/* The slot of the running generation, begun when there is none yet. */
static et_esn_slot *running_slot(const et_esn_view *view, const et_esn_block *running) {
  et_esn_stream *s = view->stream;
  for (unsigned i = 0; i < 2; i++) {
    if (et_esn_slot_of(view, i)->stamp == running->stamp) return et_esn_slot_of(view, i);
  }
  const bool learning = s->phase == ET_STREAM_LEARNING || s->phase == ET_STREAM_SOLVING || s->phase == ET_STREAM_CALIBRATING;
  et_esn_slot *slot = et_esn_slot_of(view, learning ? 1u - s->candidate_slot : 0u);
  if (!s->signs_ready) {
    et_esn_signs(&view->reservoir, running->sign_draw, view->masks);
    s->signs_ready = true;
    s->sign_draw = running->sign_draw;
  }
  et_esn_slot_begin(view, slot, running);
  return slot;
}

/* What scoring adapts starts from what was learned. */
static void go_live(const et_esn_view *view, const et_esn_block *running) {
  et_esn_stream *s = view->stream;
  s->live_stamp = running->stamp;
  if (view->live != NULL) {
    memcpy(view->live, et_esn_weights(running), view->n * view->channels * sizeof(float));
    if (s->adapting == 2) s->adapting = 0;
  }
}

/* Recursive least squares of the running generation: pauses while a candidate's Gram matrix is in its memory. */
static void adapt(const et_esn_view *view, bool window_done) {
  et_esn_stream *s = view->stream;
  if (s->adapting == 0) {
    const float forgetting = view->parameters->forgetting;
    /* As much weight on the learned readout as the forgetting keeps of the past: (1 - f) per unit of state energy, about 0.3. */
    const float initial = 3.0f * (1.0f - forgetting);
    et_esn_rls_begin(&s->rls, view->rls, view->n, view->channels, forgetting, initial > 1.0e-4f ? initial : 1.0e-4f);
    s->adapting = 2;
  }
  if (!window_done) { /* the sample that completes a hop has enough to do */
    s->adapt_slices = RLS_SLICES;
  } else if (s->adapted) {
    if (!et_esn_weights_valid(view->live, (uint32_t)(view->n * view->channels))) {
      s->live_stamp = 0; /* overflow: back to the generation's own weights, with a new start of P */
      s->rls.restarts++;
    } else {
      s->reload = (uint8_t)view->channels;
    }
    s->adapted = false;
  }
}

/* A slice of what healthy looks like, once there are windows enough. */
static bool healthy_slice(const et_esn_view *view, et_esn_block *candidate) {
  et_esn_stream *s = view->stream;
  if (s->phase != ET_STREAM_CALIBRATING || view->learning->windows < view->parameters->calibration) return false;
  if (et_learning_step(view->learning, et_esn_healthy(candidate), view->parameters->false_alarm, LEARNING_WORK)) {
    candidate->valid = 1;
    s->phase = ET_STREAM_SCORING;
    if (s->adapting == 1) s->adapting = 0;
  }
  return true;
}

/* A window that is no score: how far the learning is. */
static void report_window(const et_esn_view *view, et_stream_result *result) {
  result->windows = ++view->stream->windows;
  result->calibrated = false;
}

/* A window of the candidate's slot into what healthy looks like. */
static void learn_window(const et_esn_view *view, et_esn_signature *signature, bool raw) {
  et_esn_stream *s = view->stream;
  et_esn_slot *slot = et_esn_slot_of(view, s->candidate_slot);
  float features[2u * ET_CHANNELS_MAX + 1u];
  slot_close_block(view, slot);
  if (!raw || slot->filled < view->blocks || s->conditions != 0 || view->learning->windows >= view->parameters->calibration) return;
  slot_signature(view, slot, signature);
  et_esn_features(view, signature, features);
  et_learning_window(view->learning, &view->shape, features, signature->rms, 0);
}

/* True when a window was completed and `result` changed. */
static bool finish_hop(const et_esn_view *view, const et_esn_block *running, et_esn_slot *scoring, et_esn_block *candidate,
                       et_stream_result *result) {
  et_esn_stream *s = view->stream;
  et_esn_signature signature;
  raw_close_block(view);
  if (s->since_watched < UINT8_MAX) s->since_watched++;
  const bool raw = s->raw_filled == view->blocks;
  bool changed = false;
  if (raw) {
    raw_signature(view, &signature);
    et_esn_conditions(view, running, &signature);
    result->conditions = s->conditions;
    result->constant = s->constant;
    if (s->phase == ET_STREAM_LEARNING && s->conditions == ET_CONDITION_OFF) et_esn_learn_begin(view, candidate);
  }
  if (scoring != NULL) {
    slot_close_block(view, scoring);
    if (raw && scoring->filled == view->blocks) {
      report_window(view, result);
      changed = true;
      if (s->conditions == 0) {
        slot_signature(view, scoring, &signature);
        et_esn_window(view, running, &signature, result);
        s->watching = true;
        changed = false; /* it is, when the patterns have been looked at */
      }
    }
  }
  if (s->phase == ET_STREAM_CALIBRATING) learn_window(view, &signature, raw);
  if (scoring == NULL && raw && s->phase == ET_STREAM_CALIBRATING) {
    report_window(view, result);
    changed = true;
  }
  return changed;
}

bool et_esn_sample(const et_model_context *context, void *running_block, void *candidate_block, const int16_t *values,
                   et_stream_result *result) {
  et_esn_view view;
  et_esn_view_of(context, &view);
  et_esn_stream *s = view.stream;
  et_esn_block *running = running_block, *candidate = candidate_block;
  int16_t sample[ET_CHANNELS_MAX];
  int32_t deviation[ET_CHANNELS_MAX];
  bool changed = false;

  if (!et_signal_decimate(&s->signal, view.channels, view.parameters->decimation, values, sample)) return false;
  s->samples++;
  s->slice = true;
  et_signal_centre(&s->signal, view.channels, view.parameters->window, sample, deviation);
  for (unsigned k = 0; k < view.channels; k++) {
    s->raw_sum[k] += sample[k];
    s->raw_square[k] += (int32_t)sample[k] * sample[k];
  }

  const bool hop_done = s->hop_at + 1u >= view.parameters->hop;
  et_esn_slot *scoring = NULL;
  const bool usable = running->valid == 1 && running->seed == view.definition->core->seed;
  if (s->phase == ET_STREAM_IDLE && usable) s->phase = ET_STREAM_SCORING;
  if (usable) {
    scoring = running_slot(&view, running);
    if (s->live_stamp != running->stamp) go_live(&view, running);
    const bool adapting = view.live != NULL && s->adapting != 1;
    slot_step(&view, scoring, running, view.live != NULL ? view.live : et_esn_weights(running), deviation,
              adapting && s->adapting == 2 && !view.watch.watch->alarm && view.watch.watch->cusum < ET_WATCH_STEP_MAX && !hop_done);
    if (adapting) adapt(&view, hop_done);
  }
  if (s->phase == ET_STREAM_LEARNING) {
    et_esn_learn_sample(&view, candidate, deviation);
  } else if (s->phase == ET_STREAM_CALIBRATING) {
    slot_step(&view, et_esn_slot_of(&view, s->candidate_slot), candidate, et_esn_weights(candidate), deviation, false);
  }
  s->hop_at++;
  if (hop_done) {
    s->hop_at = 0;
    changed = finish_hop(&view, running, scoring, candidate, result);
  }
  result->learning = s->phase == ET_STREAM_LEARNING || s->phase == ET_STREAM_SOLVING || s->phase == ET_STREAM_CALIBRATING;
  return changed;
}

bool et_esn_unfinished(const et_model_context *context, void *running_block, void *candidate, et_stream_result *result, bool *complete) {
  *complete = false;
  et_esn_view view;
  et_esn_view_of(context, &view);
  et_esn_stream *s = view.stream;
  et_esn_block *running = running_block;
  if (s->watching) {
    if (et_watch_slice(&view.watch, et_esn_healthy(running), s->features)) return true;
    et_watch_report(&view.watch, result);
    s->watching = false;
    *complete = true;
    return true;
  }
  if (view.watch.watch->stitching != 0) return et_watch_stitch(&view.watch, et_esn_healthy(running));
  if (s->reload != 0) { /* the slot takes the adapted readout over, a channel a slice */
    s->reload--;
    if (view.live != NULL && s->live_stamp == running->stamp)
      et_esn_load_channel(&view, running_slot(&view, running), view.live + s->reload * view.n, s->reload);
    return true;
  }
  if (s->adapt_slices != 0 && s->adapting == 2) {
    const bool updated = et_esn_rls_step(&s->rls, view.rls, view.live, view.n, RLS_WORK);
    const bool idle = s->rls.stage == 0;
    if (updated) s->adapted = true;
    s->adapt_slices = idle ? 0u : (uint8_t)(s->adapt_slices - (RLS_SLICES < 255u ? 1u : 0u));
    return true;
  }
  if (et_esn_learn_slice(&view, candidate)) return true;
  if (!s->slice) return false;
  s->slice = false;
  const bool worked = healthy_slice(&view, candidate);
  result->learning = s->phase == ET_STREAM_LEARNING || s->phase == ET_STREAM_SOLVING || s->phase == ET_STREAM_CALIBRATING;
  return worked;
}

bool et_esn_background(const et_model_context *context, void *running, void *candidate) {
  et_esn_view view;
  et_esn_view_of(context, &view);
  (void)running;
  return healthy_slice(&view, candidate);
}

void et_esn_gap(const et_model_context *context) {
  et_esn_view view;
  et_esn_view_of(context, &view);
  et_esn_stream *s = view.stream;
  s->hop_at = 0;
  et_signal_gap(&s->signal);
  memset(s->raw_sum, 0, sizeof s->raw_sum);
  memset(s->raw_square, 0, sizeof s->raw_square);
  s->raw_filled = 0;
  s->raw_partial = false;
  for (unsigned i = 0; i < 2; i++) {
    et_esn_slot *slot = et_esn_slot_of(&view, i);
    slot->settle = view.parameters->washout;
    slot->filled = 0;
    slot->partial = true;
    memset(&slot->state_sum, 0, sizeof slot->state_sum);
    memset(slot->residual_sum, 0, sizeof slot->residual_sum);
  }
}
