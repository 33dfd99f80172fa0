/* Instructions per sample of a stream family on a bare Cortex-M, counted by QEMU (-icount shift=0: one instruction is
 * one nanosecond of virtual time; SysTick at 25 MHz therefore ticks every 40 instructions). The signal is synthetic, three
 * channels of noise through a resonance: the counts hardly depend on it.
 * Output by semihosting: one "name value" per line. */
#include <stdio.h>

#include "host_model.h"

#define SYSTICK_CONTROL (*(volatile uint32_t *)0xE000E010u)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xE000E014u)
#define SYSTICK_VALUE (*(volatile uint32_t *)0xE000E018u)
#define INSTRUCTIONS_PER_TICK 40u
#ifdef PROCESS
#define CHANNELS 8
#else
#define CHANNELS 3
#endif
#define SLICE 2048u /* ET_SLICE_WORK */

static _Alignas(8) uint8_t memory[131072];

static void semihost(uint32_t operation, const void *argument) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

static void report(const char *name, uint32_t value) {
  char line[80];
  snprintf(line, sizeof line, "%s %lu\n", name, (unsigned long)value);
  semihost(0x04, line);
}

static uint32_t ticks_since(uint32_t start) { return (start - SYSTICK_VALUE) & 0xffffffu; }

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

static void tell(const char *name, const tally *t) {
  char text[64];
  snprintf(text, sizeof text, "%s_mean", name);
  report(text, t->calls ? (uint32_t)((uint64_t)t->ticks * INSTRUCTIONS_PER_TICK / t->calls) : 0);
  snprintf(text, sizeof text, "%s_most", name);
  report(text, t->most * INSTRUCTIONS_PER_TICK);
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
static uint32_t one_sample(host_model *model, const int16_t *values, tally *slices) {
  const et_stream_ops *stream = model->ops->stream;
  uint32_t all = 0;
  bool more = true, complete;
  for (bool first = true; more; first = false) {
    const uint32_t start = SYSTICK_VALUE;
    if (first) (void)stream->sample(&model->context, model->running, model->candidate, values, &model->result);
    else more = stream->unfinished(&model->context, model->running, model->candidate, &model->result, &complete);
    const uint32_t ticks = ticks_since(start);
    count(slices, ticks);
    all += ticks;
  }
  return all;
}

int main(void) {
  static host_model model;
  static tally scale, learn, solve, calibrate, score, slices, before;
  uint16_t detail = 0, progress = 0;

  SYSTICK_RELOAD = 0xffffffu;
  SYSTICK_VALUE = 0;
  SYSTICK_CONTROL = 5u; /* core clock, no interrupt */
  begin(&model);
  if (!host_begin(&model, memory, sizeof memory, &detail)) {
    report("refused", model.used);
    semihost(0x18, (const void *)0x20026);
  }
  const et_stream_ops *stream = model.ops->stream;
  (void)stream->learn(&model.context, model.running, model.candidate, 0);
  uint32_t learned = 0;
  while (score.calls < 1024) {
    int16_t values[CHANNELS];
    next_values(values);
    const et_stream_phase phase = stream->phase(&model.context);
    const uint32_t ticks = one_sample(&model, values, phase == ET_STREAM_SCORING ? &slices : &before);
    if (phase == ET_STREAM_LEARNING) {
      learned++;
      if (learned <= 187) count(&scale, ticks);
      else if (learned > 187 + 50) count(&learn, ticks);
    } else {
      count(phase == ET_STREAM_CALIBRATING ? &calibrate : &score, ticks);
    }
    while (stream->phase(&model.context) == ET_STREAM_SOLVING) {
      const uint32_t begun = SYSTICK_VALUE;
      (void)model.ops->train_step(&model.context, SLICE, &progress);
      count(&solve, ticks_since(begun));
    }
    if (phase != ET_STREAM_SCORING && phase != ET_STREAM_IDLE && stream->phase(&model.context) == ET_STREAM_SCORING) {
      void *previous = model.running;
      model.running = model.candidate;
      model.candidate = previous;
    }
  }
  tell("scale", &scale);
  tell("learn", &learn);
  if (solve.calls > 0u) {
    tell("solve_slice", &solve);
    report("solve_total", solve.ticks * INSTRUCTIONS_PER_TICK);
  }
  tell("calibrate", &calibrate);
  tell("score", &score);
  report("longest_slice_score", slices.most * INSTRUCTIONS_PER_TICK);
  report("longest_slice_learn", before.most * INSTRUCTIONS_PER_TICK);
  report("ram_model_bytes", model.need.model_bytes);
  report("ram_shared_bytes", model.need.shared_bytes);
  report("ram_work_bytes", model.need.work_bytes);
  report("ram_total_bytes", model.used);
  semihost(0x18, (const void *)0x20026); /* ADP_Stopped_ApplicationExit */
  return 0;
}
