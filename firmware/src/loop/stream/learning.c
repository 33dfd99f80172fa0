#include "loop/stream/learning.h"

#include "loop/core/log.h"
#include "loop/stream/stream.h"

et_error et_stream_receive(et_stream *stream, uint16_t sequence, uint16_t count, const uint8_t *values, uint16_t registers) {
  et_core *core = stream->core;
  const uint8_t channels = core->deployment.model == NULL ? 0u : core->deployment.definition.core->features;
  int16_t *queue = et_input(core);
  uint16_t ahead, i;

  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (!et_is_stream(core)) return ET_NOT_SUPPORTED;
  if (count == 0u || (uint32_t)count * channels != registers || registers > ET_FEATURES_MAX) return ET_VALUE;
  ahead = (uint16_t)(sequence - stream->queue.next_sequence);
  if (stream->queue.started && ahead >= 0x8000u) {
    core->repeats++; /* from the past: this frame was taken before */
    return ET_OK;
  }
  if (stream->queue.at < stream->queue.count) return ET_BUSY;
  if (stream->queue.started && ahead != 0u) {
    stream->queue.lost += ahead;
    core->deployment.model->stream->gap(&core->deployment.context);
    core->log.error = ET_SEQUENCE_GAP;
    core->log.error_detail = ahead;
  }
  stream->queue.started = true;
  for (i = 0; i < registers; i++) queue[i] = (int16_t)(uint16_t)(values[2u * i] << 8 | values[2u * i + 1u]);
  stream->queue.count = count;
  stream->queue.at = 0;
  stream->queue.next_sequence = (uint16_t)(sequence + count);
  return ET_OK;
}

#if ET_WITH_STREAM
/* The pattern of an alarm is known only some windows into it, or at its end: it is logged when it comes up. */
static void follow_alarm(et_stream *stream) {
  et_core *core = stream->core;
  if (stream->alarm.result.alarm && !stream->alarm.raised) {
    stream->alarm.number = (uint16_t)(stream->alarm.number == 65535u ? 1u : stream->alarm.number + 1u);
    stream->alarm.judged = 0;
    et_log(core, ET_EVENT_ALARM, stream->alarm.number, 0);
  } else if (!stream->alarm.result.alarm && stream->alarm.raised) {
    et_log(core, ET_EVENT_ALARM_END, stream->alarm.result.pattern, stream->alarm.result.pattern_seen);
    core->changes.wanted = true;
  }
  if (stream->alarm.result.new_pattern && !stream->alarm.had_new_pattern)
    et_log(core, ET_EVENT_NEW_PATTERN, stream->alarm.result.pattern, stream->alarm.number);
  stream->alarm.raised = stream->alarm.result.alarm;
  stream->alarm.had_new_pattern = stream->alarm.result.new_pattern;
}

/* Its last sample is the last one that was taken from the queue. */
static void window_done(et_stream *stream) {
  stream->queue.window_sequence = (uint16_t)((uint32_t)stream->queue.next_sequence - stream->queue.count + stream->queue.at - 1u);
  follow_alarm(stream);
}

static void process_sample(et_stream *stream, const int16_t *values) {
  et_core *core = stream->core;
  const et_stream_ops *ops = core->deployment.model->stream;
  const et_definition *definition = &core->deployment.definition;
  int16_t ordered[ET_CHANNELS_MAX];
  uint8_t i;
  for (i = 0; i < definition->core->features; i++) ordered[i] = values[et_feature_position(definition, i)];
  core->counters.inferences++;
  stream->queue.sampled_ms = et_now_ms(core);
  stream->queue.started = true;
  if (stream->queue.stopped) {
    stream->queue.stopped = false;
    ops->gap(&core->deployment.context); /* what was before the pause is no neighbour of what comes after it */
    et_log(core, ET_EVENT_STREAM_BACK, 0, 0);
  }
  if (ops->sample(&core->deployment.context, et_generation(core, core->generations.running),
                  et_generation(core, core->generations.candidate), ordered, &stream->alarm.result))
    window_done(stream);
}

static void solve_slice(et_stream *stream) {
  et_core *core = stream->core;
  uint16_t progress = core->job.progress;
  const et_error error = core->deployment.model->train_step(&core->deployment.context, ET_SLICE_WORK, &progress);
  core->job.progress = progress;
  if (error == ET_BUSY) return;
  core->deployment.model->train_end(&core->deployment.context, error != ET_OK, &core->training.report);
  if (error != ET_OK) core->training.report.result = error;
  et_log(core, error == ET_OK ? ET_EVENT_TRAIN_END : ET_EVENT_TRAIN_FAILED, (uint16_t)core->training.report.result,
         (uint16_t)(core->training.report.iterations & 0xffffu));
}

static et_error learn(et_stream *stream, uint32_t regime);

/* The first samples that an untrained model gets, over the wire or of the board's own sensor, are what it learns healthy from. */
static void learn_at_first_start(et_stream *stream) {
  et_core *core = stream->core;
  const et_stream_phase phase = core->deployment.model->stream->phase(&core->deployment.context);
  if (core->generations.number == 0u && core->training.mode == ET_MODE_AUTO && phase == ET_STREAM_IDLE) (void)learn(stream, 0u);
}

static bool process_windows(et_stream *stream) {
  et_core *core = stream->core;
  const et_stream_ops *ops = core->deployment.model->stream;
  const uint8_t channels = core->deployment.definition.core->features;
  int16_t own[ET_CHANNELS_MAX];

  void *running = et_generation(core, core->generations.running), *candidate = et_generation(core, core->generations.candidate);
  bool complete;

  if (ops->unfinished(&core->deployment.context, running, candidate, &stream->alarm.result, &complete)) {
    if (complete) window_done(stream);
    return true;
  }
  if (ops->phase(&core->deployment.context) == ET_STREAM_SOLVING) {
    solve_slice(stream);
    return true;
  }
  if (stream->queue.at < stream->queue.count) {
    learn_at_first_start(stream);
    const int16_t *values = et_input(core) + (uint32_t)stream->queue.at * channels;
    stream->queue.at++;
    process_sample(stream, values);
    return true;
  }
  if (core->port->sample != NULL && core->port->sample(core->port->user, own, channels)) {
    learn_at_first_start(stream);
    stream->queue.next_sequence++;
    process_sample(stream, own);
    return true;
  }
  if (stream->queue.started && !stream->queue.stopped && et_now_ms(core) - stream->queue.sampled_ms >= ET_STREAM_PATIENCE_MS) {
    stream->queue.stopped = true;
    et_log(core, ET_EVENT_STREAM_STOPPED, stream->alarm.result.alarm ? stream->alarm.number : 0u, 0);
  }
  return ops->background(&core->deployment.context, running, candidate);
}

static bool work_on(et_stream *stream) {
  et_core *core = stream->core;
  if (core->job.phase != ET_JOB_NONE) return false;
  const et_stream_ops *ops = core->deployment.model->stream;
  const bool calibrated = ops->phase(&core->deployment.context) == ET_STREAM_CALIBRATING;
  const bool worked = process_windows(stream);
  const bool scores = ops->phase(&core->deployment.context) == ET_STREAM_SCORING;
  if (calibrated && scores) {
    stream->alarm.result.learning = false;
    core->counters.trainings++;
    core->counters.promoted++;
    et_generations_promote(core, 65535u);
    et_log(core, ET_EVENT_PROMOTED, 65535u, 65535u);
  }
  return worked;
}

static et_error learn(et_stream *stream, uint32_t regime) {
  et_core *core = stream->core;
  if (et_upload_runs(core)) return ET_INCOMPLETE;
  if (regime > UINT8_MAX) return ET_VALUE;
  et_upload_forget(core); /* what stalled lies where learning works */
  const et_error error = core->deployment.model->stream->learn(&core->deployment.context, et_generation(core, core->generations.running),
                                                               et_generation(core, core->generations.candidate), (uint8_t)regime);
  if (error == ET_OK) et_log(core, ET_EVENT_TRAIN_BEGIN, 0, 0);
  return error;
}

static void stop(et_stream *stream) {
  et_core *core = stream->core;
  const et_stream_phase phase = core->deployment.model->stream->phase(&core->deployment.context);
  if (phase == ET_STREAM_IDLE || phase == ET_STREAM_SCORING) return;
  core->deployment.model->train_end(&core->deployment.context, true, &core->training.report);
  core->training.report.result = ET_CANCELLED;
  et_log(core, ET_EVENT_TRAIN_FAILED, ET_CANCELLED, 0);
}

static et_error judge_alarm(et_stream *stream, uint16_t number, uint16_t kind) {
  et_core *core = stream->core;
  et_error error;
  if (kind != ET_FEEDBACK_KIND_FALSE_ALARM && kind != ET_FEEDBACK_KIND_CONFIRMED) return ET_RULE_MISMATCH;
  if (number == 0u || number != stream->alarm.number) return ET_TICKET_UNKNOWN;
  if (stream->alarm.judged != 0u) {
    if (stream->alarm.judged != kind) return ET_TICKET_JUDGED;
    core->repeats++;
    return ET_OK;
  }
  error = et_stream_judge(core->deployment.model->stream, &core->deployment.context, et_generation(core, core->generations.running),
                          kind == ET_FEEDBACK_KIND_FALSE_ALARM);
  if (error != ET_OK) return error;
  /* A false alarm's windows are stitched into the running model: what it was known by is worked out again. */
  if (kind == ET_FEEDBACK_KIND_FALSE_ALARM)
    core->generations.fingerprint = core->generations.fingerprint_at = core->generations.fingerprint_crc = 0;
  core->changes.edits++;
  stream->alarm.judged = kind;
  core->counters.judged++;
  if (kind == ET_FEEDBACK_KIND_CONFIRMED) core->counters.satisfied++;
  core->outcome.judgement = kind == ET_FEEDBACK_KIND_CONFIRMED ? ET_JUDGEMENT_SATISFIED : ET_JUDGEMENT_UNSATISFIED;
  core->outcome.truth = ET_NO_TRUTH;
  core->outcome.reason = 0;
  core->changes.wanted = true;
  return ET_OK;
}

/* A stream model goes on learning during a save, and that is what its master waits for. */
static et_state state_of(const et_stream *stream) {
  const et_core *core = stream->core;
  switch (core->deployment.model->stream->phase(&core->deployment.context)) {
  case ET_STREAM_LEARNING: return ET_STATE_LEARNING;
  case ET_STREAM_SOLVING: return ET_STATE_TRAINING;
  case ET_STREAM_CALIBRATING: return ET_STATE_CALIBRATING;
  default: return core->job.phase == ET_JOB_SAVE ? ET_STATE_SAVING : ET_STATE_READY;
  }
}

static bool slice(void *loop) { return work_on(loop); }
static et_error start(void *loop, uint32_t which) {
  const et_stream *stream = loop;
  return stream->core->training.mode == ET_MODE_FROZEN ? ET_FROZEN : learn(loop, which);
}
static et_error evaluate(void *loop) {
  (void)loop;
  return ET_NOT_SUPPORTED;
}
static void cancel(void *loop) { stop(loop); }
static et_error judge(void *loop, uint16_t number, uint16_t kind, const int16_t *values) {
  (void)values;
  return judge_alarm(loop, number, kind);
}
static et_state state(const void *loop) { return state_of(loop); }

const et_loop_ops et_stream_loop_ops = {slice, start, evaluate, cancel, judge, state};
#endif
