/* Instructions per sample of a stream family on a bare Cortex-M, counted by the timer of bench/cores/board.c. The
 * signal is synthetic, noise through a resonance: the counts hardly depend on it. */
#include "board.h"
#include "host_model.h"

#define INSTRUCTIONS_PER_TICK 40u
#ifdef PROCESS
#define CHANNELS 8
#else
#define CHANNELS 3
#endif
#define SLICE 2048u /* ET_SLICE_WORK */

static _Alignas(8) uint8_t memory[131072];

/* Noise through a two-pole resonance, about +-1000. */
static void next_values(int16_t *values) {
  static uint32_t random = 1;
  static int32_t a[CHANNELS], b[CHANNELS];
  for (int k = 0; k < CHANNELS; k++) {
    random = random * 1664525u + 1013904223u;
    const int32_t noise = (int32_t)(random >> 22) - 512;
    const int32_t y = noise + ((a[k] * 24) >> 5) - ((b[k] * 26) >> 5);
    b[k] = a[k];
    a[k] = y;
    values[k] = (int16_t)(y / 2 + 1000);
  }
}

typedef struct tally {
  uint32_t ticks, calls, most;
} tally;

static void count(tally *t, uint32_t ticks) {
  t->ticks += ticks;
  t->calls++;
  if (ticks > t->most) t->most = ticks;
}

static void report(const char *mean, const char *most, const tally *t) {
  board_report(mean, t->calls ? (uint32_t)((uint64_t)t->ticks * INSTRUCTIONS_PER_TICK / t->calls) : 0);
  board_report(most, t->most * INSTRUCTIONS_PER_TICK);
}

static void begin(host_model *model) {
#if defined(CORRELATION)
  host_correlation(model, CHANNELS);
#ifdef DIAGONAL
  model->parameters.correlation.covariance = ET_COVARIANCE_DIAGONAL;
#endif
#elif defined(PROCESS)
  host_process(model, CHANNELS);
#else
  host_esn(model, CHANNELS, UNITS);
#endif
}

/* The calls that one sample takes, each a slice of the loop; returns the ticks of all of them. */
static uint32_t process_sample(host_model *model, const int16_t *values, tally *slices) {
  const et_stream_ops *stream = model->ops->stream;
  uint32_t all = 0;
  bool more = true, complete;
  for (bool first = true; more; first = false) {
    const uint32_t start = board_ticks();
    if (first) (void)stream->sample(&model->context, model->running, model->candidate, values, &model->result);
    else more = stream->unfinished(&model->context, model->running, model->candidate, &model->result, &complete);
    const uint32_t ticks = board_ticks() - start;
    count(slices, ticks);
    all += ticks;
  }
  return all;
}

int main(void) {
  static host_model model;
  static tally scale, learn, solve, calibrate, score, slices, before;
  uint16_t detail = 0, progress = 0;

  begin(&model);
  if (!host_begin(&model, memory, sizeof memory, &detail)) {
    board_report("refused", model.used);
    return 1;
  }
  const et_stream_ops *stream = model.ops->stream;
  (void)stream->learn(&model.context, model.running, model.candidate, 0);
  uint32_t learned = 0;
  while (score.calls < 1024) {
    int16_t values[CHANNELS];
    next_values(values);
    const et_stream_phase phase = stream->phase(&model.context);
    const uint32_t ticks = process_sample(&model, values, phase == ET_STREAM_SCORING ? &slices : &before);
    if (phase == ET_STREAM_LEARNING) {
      learned++;
      if (learned <= 187) count(&scale, ticks);
      else if (learned > 187 + 50) count(&learn, ticks);
    } else {
      count(phase == ET_STREAM_CALIBRATING ? &calibrate : &score, ticks);
    }
    while (stream->phase(&model.context) == ET_STREAM_SOLVING) {
      const uint32_t begun = board_ticks();
      (void)model.ops->train_step(&model.context, SLICE, &progress);
      count(&solve, board_ticks() - begun);
    }
    if (phase != ET_STREAM_SCORING && phase != ET_STREAM_IDLE && stream->phase(&model.context) == ET_STREAM_SCORING) {
      void *previous = model.running;
      model.running = model.candidate;
      model.candidate = previous;
    }
  }
  report("scale_mean", "scale_most", &scale);
  report("learn_mean", "learn_most", &learn);
  if (solve.calls > 0u) {
    report("solve_slice_mean", "solve_slice_most", &solve);
    board_report("solve_total", solve.ticks * INSTRUCTIONS_PER_TICK);
  }
  report("calibrate_mean", "calibrate_most", &calibrate);
  report("score_mean", "score_most", &score);
  board_report("longest_slice_score", slices.most * INSTRUCTIONS_PER_TICK);
  board_report("longest_slice_learn", before.most * INSTRUCTIONS_PER_TICK);
  board_report("ram_model_bytes", model.need.model_bytes);
  board_report("ram_shared_bytes", model.need.shared_bytes);
  board_report("ram_work_bytes", model.need.work_bytes);
  board_report("ram_total_bytes", model.used);
  return 0;
}
