/* The learning phase: windows of the healthy machine into rows, then from rows to a regime, a slice a sample. */
#include <math.h>
#include <string.h>

#include "models/correlation/model.h"
#include "models/kernels/exact.h"

/* Work units of learning between two samples. */
#define LEARNING_WORK 2048u

/* `running` scores, and the regime is not among what it knows: then learning takes nothing away. */
static bool is_new_regime(const et_correlation_view *view, const et_correlation_block *running, unsigned regime) {
  return running->valid == 1 && et_correlation_regime(view, running, regime)->valid == 0;
}

bool et_correlation_learns_new(const et_correlation_view *view, const et_correlation_block *running) {
  const et_correlation_stream *s = view->stream;
  const bool learns = s->phase == ET_STREAM_LEARNING || s->phase == ET_STREAM_CALIBRATING;
  return learns && is_new_regime(view, running, s->learning_regime);
}

et_error et_correlation_learn(const et_model_context *context, const void *running_block, void *candidate_block, uint8_t regime) {
  et_correlation_view view;
  et_correlation_view_of(context, &view);
  et_correlation_stream *s = view.stream;
  const et_correlation_block *running = running_block;
  et_correlation_block *candidate = candidate_block;
  const uint8_t regimes = view.parameters->regimes;
  if (regime > regimes) return ET_VALUE;
  /* Whoever teaches a further regime says that the machine is healthy as it runs now, which an alarm cannot know. */
  if (regime > 0u && is_new_regime(&view, running, regime - 1u)) {
    et_watch_dismiss(&view.watch);
  } else if (view.watch.watch->alarm) {
    return ET_ALARM_ACTIVE;
  }
  if (regime > 0u && running->valid == 1) {
    memcpy(candidate, running, sizeof *candidate + regimes * view.regime_bytes);
  } else {
    for (unsigned r = 0; r < regimes; r++) et_healthy_clear(et_correlation_regime(&view, candidate, r), &view.shape);
    candidate->regimes = regimes;
    candidate->dimensions = view.shape.dimensions;
    candidate->valid = 0;
  }
  s->learning_regime = regime > 0u ? (uint8_t)(regime - 1u) : 0u;
  et_healthy_clear(et_correlation_regime(&view, candidate, s->learning_regime), &view.shape);
  et_learning_begin(view.learning, &view.shape, (uint8_t)view.blocks);
  s->quiet = -INFINITY;
  s->learning_settle = (uint16_t)(et_correlation_settling(&view) + view.parameters->window);
  s->phase = ET_STREAM_LEARNING;
  return ET_OK;
}

void et_correlation_learn_window(const et_correlation_view *view) {
  et_correlation_stream *s = view->stream;
  et_learning *learning = view->learning;
  const float reach = et_logarithm(view->parameters->off_share);
  /* The signal got so much louder that the machine cannot have run before: forgets what was learned. */
  if (learning->windows > 0u && s->log_rms > s->quiet - reach) {
    et_learning_begin(learning, &view->shape, (uint8_t)view->blocks);
    s->quiet = s->log_rms;
  }
  if (!(s->quiet >= s->log_rms)) s->quiet = s->log_rms;
  et_learning_window(learning, &view->shape, view->features, s->log_rms, s->context);
  if (learning->windows >= view->parameters->learning) s->phase = ET_STREAM_CALIBRATING;
}

bool et_correlation_learn_slice(const et_correlation_view *view, et_correlation_block *candidate) {
  et_correlation_stream *s = view->stream;
  if (s->phase != ET_STREAM_CALIBRATING) return false;
  et_healthy *healthy = et_correlation_regime(view, candidate, s->learning_regime);
  if (et_learning_step(view->learning, healthy, view->parameters->false_alarm, LEARNING_WORK)) {
    candidate->valid = 1;
    s->phase = ET_STREAM_SCORING;
  }
  return true;
}

void et_correlation_train_end(const et_model_context *context, bool cancelled, et_train_report *report) {
  et_correlation_view view;
  et_correlation_view_of(context, &view);
  report->work = 0;
  report->iterations = view.learning->windows;
  report->result = cancelled ? ET_CANCELLED : ET_OK;
  if (cancelled) view.stream->phase = ET_STREAM_IDLE; /* the next sample makes it SCORING when a generation runs */
}
