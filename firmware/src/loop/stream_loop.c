#include "loop/stream_loop.h"

#include "loop/bulk.h"
#include "loop/log.h"
#include "loop/train_on_demand.h"

et_error et_stream_take(et_trainer *trainer, uint16_t sequence, uint16_t count, const uint8_t *values, uint16_t registers) {
  const uint8_t channels = trainer->model == NULL ? 0u : trainer->definition.fixed->features;
  int16_t *queue = et_input(trainer);
  uint16_t ahead, i;

  if (trainer->model == NULL) return ET_NO_DEFINITION;
  if (!et_is_stream(trainer)) return ET_NOT_SUPPORTED;
  if (count == 0u || (uint32_t)count * channels != registers || registers > ET_FEATURES_MAX) return ET_VALUE;
  ahead = (uint16_t)(sequence - trainer->next_sequence);
  if (trainer->stream_started && ahead >= 0x8000u) {
    trainer->repeats++; /* from the past: this frame was taken before */
    return ET_OK;
  }
  if (trainer->queue_at < trainer->queue_count) return ET_BUSY;
  if (trainer->stream_started && ahead != 0u) {
    trainer->samples_lost += ahead;
    trainer->model->stream->gap(&trainer->context);
    trainer->last_error = ET_SEQUENCE_GAP;
    trainer->last_error_detail = ahead;
  }
  trainer->stream_started = true;
  for (i = 0; i < registers; i++) queue[i] = (int16_t)(uint16_t)(values[2u * i] << 8 | values[2u * i + 1u]);
  trainer->queue_count = count;
  trainer->queue_at = 0;
  trainer->next_sequence = (uint16_t)(sequence + count);
  return ET_OK;
}

#ifndef ET_WITHOUT_STREAM
/* The pattern of an alarm is known only some windows into it, or at its end: it is logged when it comes up. */
static void follow_alarm(et_trainer *trainer) {
  if (trainer->result.alarm && !trainer->had_alarm) {
    trainer->alarm_number = (uint16_t)(trainer->alarm_number == 65535u ? 1u : trainer->alarm_number + 1u);
    trainer->alarm_judged = 0;
    et_log(trainer, ET_EVENT_ALARM, trainer->alarm_number, 0);
  } else if (!trainer->result.alarm && trainer->had_alarm) {
    et_log(trainer, ET_EVENT_ALARM_END, trainer->result.pattern, trainer->result.pattern_seen);
    trainer->save_wanted = true;
  }
  if (trainer->result.new_pattern && !trainer->had_new_pattern)
    et_log(trainer, ET_EVENT_NEW_PATTERN, trainer->result.pattern, trainer->alarm_number);
  trainer->had_alarm = trainer->result.alarm;
  trainer->had_new_pattern = trainer->result.new_pattern;
}

static void one_sample(et_trainer *trainer, const int16_t *values) {
  const et_stream_ops *stream = trainer->model->stream;
  const et_stream_phase before = stream->phase(&trainer->context);
  trainer->counters.inferences++;
  trainer->sampled_ms = et_now_ms(trainer);
  trainer->stream_started = true;
  if (trainer->stream_stopped) {
    trainer->stream_stopped = false;
    stream->gap(&trainer->context); /* what was before the pause is no neighbour of what comes after it */
    et_log(trainer, ET_EVENT_STREAM_BACK, 0, 0);
  }
  if (stream->sample(&trainer->context, et_generation(trainer, trainer->running), et_generation(trainer, trainer->candidate),
                     values, &trainer->result)) {
    trainer->window_sequence = (uint16_t)((uint32_t)trainer->next_sequence - trainer->queue_count + trainer->queue_at - 1u);
    follow_alarm(trainer);
  }
  if (before == ET_STREAM_CALIBRATING && stream->phase(&trainer->context) == ET_STREAM_SCORING) {
    trainer->counters.trainings++;
    trainer->counters.promoted++;
    et_train_promote(trainer, 65535u, ET_EVENT_PROMOTED);
  }
}

static void solve_slice(et_trainer *trainer) {
  uint16_t progress = trainer->job.progress;
  const et_error error = trainer->model->train_step(&trainer->context, ET_SLICE_WORK, &progress);
  trainer->job.progress = progress;
  if (error == ET_BUSY) return;
  trainer->model->train_end(&trainer->context, error != ET_OK, &trainer->report);
  if (error != ET_OK) trainer->report.result = error;
  et_log(trainer, error == ET_OK ? ET_EVENT_TRAIN_END : ET_EVENT_TRAIN_FAILED, (uint16_t)trainer->report.result,
         (uint16_t)(trainer->report.iterations & 0xffffu));
}

/* The first samples that an untrained model gets, over the wire or of the board's own sensor, are what it learns healthy from. */
static void learn_at_first_start(et_trainer *trainer) {
  const et_stream_phase phase = trainer->model->stream->phase(&trainer->context);
  if (trainer->generation == 0u && trainer->mode == ET_MODE_AUTO && phase == ET_STREAM_IDLE) (void)et_stream_learn(trainer);
}

bool et_stream_slice(et_trainer *trainer) {
  const et_stream_ops *stream = trainer->model->stream;
  const uint8_t channels = trainer->definition.fixed->features;
  int16_t own[ET_CHANNELS_MAX];

  if (stream->unfinished(&trainer->context, et_generation(trainer, trainer->running), et_generation(trainer, trainer->candidate)))
    return true;
  if (stream->phase(&trainer->context) == ET_STREAM_SOLVING) {
    solve_slice(trainer);
    return true;
  }
  if (trainer->queue_at < trainer->queue_count) {
    learn_at_first_start(trainer);
    const int16_t *values = et_input(trainer) + (uint32_t)trainer->queue_at * channels;
    trainer->queue_at++;
    one_sample(trainer, values);
    return true;
  }
  if (trainer->port->sample != NULL && trainer->port->sample(trainer->port->user, own, channels)) {
    learn_at_first_start(trainer);
    trainer->next_sequence++;
    one_sample(trainer, own);
    return true;
  }
  if (trainer->stream_started && !trainer->stream_stopped && et_now_ms(trainer) - trainer->sampled_ms >= ET_STREAM_PATIENCE_MS) {
    trainer->stream_stopped = true;
    et_log(trainer, ET_EVENT_STREAM_STOPPED, trainer->result.alarm ? trainer->alarm_number : 0u, 0);
  }
  return stream->background(&trainer->context, et_generation(trainer, trainer->running));
}

et_error et_stream_learn(et_trainer *trainer) {
  if (et_bulk_uploading(trainer)) return ET_INCOMPLETE;
  et_bulk_forget(trainer); /* what stalled lies where learning works */
  const et_error error = trainer->model->stream->learn(&trainer->context, et_generation(trainer, trainer->candidate));
  if (error == ET_OK) et_log(trainer, ET_EVENT_TRAIN_BEGIN, 0, 0);
  return error;
}

void et_stream_cancel(et_trainer *trainer) {
  const et_stream_phase phase = trainer->model->stream->phase(&trainer->context);
  if (phase == ET_STREAM_IDLE || phase == ET_STREAM_SCORING) return;
  trainer->model->train_end(&trainer->context, true, &trainer->report);
  trainer->report.result = ET_CANCELLED;
  et_log(trainer, ET_EVENT_TRAIN_FAILED, ET_CANCELLED, 0);
}

et_error et_stream_judge(et_trainer *trainer, uint16_t number, uint16_t kind) {
  et_error error;
  if (kind != ET_FEEDBACK_KIND_FALSE_ALARM && kind != ET_FEEDBACK_KIND_CONFIRMED) return ET_RULE_MISMATCH;
  if (number == 0u || number != trainer->alarm_number) return ET_TICKET_UNKNOWN;
  if (trainer->alarm_judged != 0u) {
    if (trainer->alarm_judged != kind) return ET_TICKET_JUDGED;
    trainer->repeats++;
    return ET_OK;
  }
  error = trainer->model->stream->judge(&trainer->context, et_generation(trainer, trainer->running),
                                        kind == ET_FEEDBACK_KIND_FALSE_ALARM);
  if (error != ET_OK) return error;
  /* A false alarm's windows are stitched into the running model: what it was known by is worked out again. */
  if (kind == ET_FEEDBACK_KIND_FALSE_ALARM) trainer->model_fingerprint = trainer->fingerprint_at = trainer->fingerprint_crc = 0;
  trainer->alarm_judged = kind;
  trainer->counters.judged++;
  if (kind == ET_FEEDBACK_KIND_CONFIRMED) trainer->counters.satisfied++;
  trainer->feedback_judgement = kind == ET_FEEDBACK_KIND_CONFIRMED ? ET_JUDGEMENT_SATISFIED : ET_JUDGEMENT_UNSATISFIED;
  trainer->feedback_truth = ET_NO_TRUTH;
  trainer->save_wanted = true;
  return ET_OK;
}

et_state et_stream_state(const et_trainer *trainer) {
  switch (trainer->model->stream->phase(&trainer->context)) {
  case ET_STREAM_LEARNING: return ET_STATE_LEARNING;
  case ET_STREAM_SOLVING: return ET_STATE_TRAINING;
  case ET_STREAM_CALIBRATING: return ET_STATE_CALIBRATING;
  default: return ET_STATE_READY;
  }
}
#else
bool et_stream_slice(et_trainer *trainer) { (void)trainer; return false; }
et_error et_stream_learn(et_trainer *trainer) { (void)trainer; return ET_NOT_SUPPORTED; }
void et_stream_cancel(et_trainer *trainer) { (void)trainer; }
et_error et_stream_judge(et_trainer *trainer, uint16_t number, uint16_t kind) { (void)trainer; (void)number; (void)kind; return ET_NOT_SUPPORTED; }
et_state et_stream_state(const et_trainer *trainer) { (void)trainer; return ET_STATE_READY; }
#endif
