/* The model behind its interface, on real vibration: learning, scoring, alarms, the operator's answers, bad input. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "replay_file.h"

static const et_stream_ops *ops(void) { return et_esn.stream; }

static float area_under_curve(const float *healthy, unsigned n, const float *faulty, unsigned m) {
  double wins = 0.0;
  for (unsigned i = 0; i < n; i++) {
    for (unsigned j = 0; j < m; j++) wins += faulty[j] > healthy[i] ? 1.0 : faulty[j] == healthy[i] ? 0.5 : 0.0;
  }
  return (float)(wins / ((double)n * m));
}

static void learning_and_scoring(void) {
  static float healthy[400], faulty[400];
  host_model *model = fresh_model(NULL);
  CHECK(ops()->phase(&model->context) == ET_STREAM_IDLE);
  CHECK(et_esn.validate(&model->context, model->running) == ET_OK); /* blank is valid */
  (void)feed(model, fan(60, 1), 100, NULL);
  CHECK(ops()->phase(&model->context) == ET_STREAM_IDLE && !model->result.calibrated);
  CHECK(ops()->learn(&model->context, model->running, model->candidate, 0) == ET_OK);
  (void)feed(model, fan(60, 1), 700, NULL);
  CHECK(ops()->phase(&model->context) == ET_STREAM_LEARNING && model->result.learning);
  /* Calibration says how far it is: windows so far, of `calibration`. */
  (void)feed(model, fan(60, 1) + 3 * 700, 100 + 450, NULL);
  CHECK(ops()->phase(&model->context) == ET_STREAM_CALIBRATING);
  CHECK(model->result.windows > 0 && model->result.windows < 101 && !model->result.calibrated);
  (void)feed(model, fan(60, 1) + 3 * 1250, 650, NULL);
  CHECK(ops()->phase(&model->context) == ET_STREAM_SCORING && model->report.result == ET_OK && !model->result.learning);
  CHECK(et_esn.validate(&model->context, model->running) == ET_OK);

  const unsigned n = feed(model, fan(60, 1) + 3 * 1900, 1100, healthy);
  unsigned false_alarms = 0;
  for (unsigned i = 0; i < n; i++) false_alarms += healthy[i] > model->result.threshold;
  CHECK(n == 110 && false_alarms <= 4);
  CHECK(!model->result.alarm && model->result.baseline_threshold > 0.0f);
  ops()->gap(&model->context);
  const unsigned m = feed(model, fan(60, 2), 1500, faulty);
  CHECK(m == (1500 - 100) / 10 + 1); /* washout and one window after the gap */
  CHECK(area_under_curve(healthy, n, faulty, m) > 0.99f);
  CHECK(model->result.alarm && model->result.pattern == 1 && model->result.new_pattern && model->result.pattern_seen == 1);
  CHECK(ops()->learn(&model->context, model->running, model->candidate, 0) == ET_ALARM_ACTIVE);
  /* The alarm ends with the fault; the weights of configuration 2 make the fan quieter, which the two-sided score sees. */
  CHECK(model->result.energies[1] < -2.0f);
  (void)feed(model, fan(60, 1), 1000, NULL);
  CHECK(!model->result.alarm);
  (void)feed(model, fan(60, 3), 1000, NULL);
  CHECK(model->result.alarm && model->result.pattern >= 2 && model->result.new_pattern); /* a false alarm may have been 2 */
  const uint8_t other = model->result.pattern;
  (void)feed(model, fan(60, 1) + 3 * 1000, 1000, NULL);
  (void)feed(model, fan(60, 2) + 3 * 1500, 1000, NULL);
  CHECK(model->result.alarm && model->result.pattern == 1 && !model->result.new_pattern && model->result.pattern_seen == 2);

  /* Confirmed: the pattern says so. Merge and forget through the interface, and the table as one span. */
  uint16_t hits = 0;
  bool confirmed = true;
  uint32_t length = 0;
  et_stream_pattern_info(ops(), &model->context, 1, &hits, &confirmed);
  CHECK(hits == 2 && !confirmed);
  CHECK(et_stream_judge(ops(), &model->context, model->running, false) == ET_OK);
  et_stream_pattern_info(ops(), &model->context, 1, &hits, &confirmed);
  CHECK(confirmed);
  CHECK(et_stream_pattern_merge(ops(), &model->context, 1, other) == ET_OK);
  et_stream_pattern_info(ops(), &model->context, 1, &hits, &confirmed);
  CHECK(hits == 3);
  CHECK(et_stream_pattern_forget(ops(), &model->context, other) == ET_VALUE);
  CHECK(et_stream_pattern_forget(ops(), &model->context, 1) == ET_OK);
  et_stream_pattern_info(ops(), &model->context, 9, &hits, &confirmed);
  CHECK(hits == 0 && !confirmed);
  CHECK(et_stream_patterns(ops(), &model->context, &length) == model->context.shared && length == 8 * et_pattern_bytes(7));
}

/* A false alarm is learned as healthy: the same condition alarms less afterwards, the real fault still does. */
static void false_alarm_is_learned(void) {
  host_model *model = learned_fan(50, NULL);
  static float before[300], after[300];
  CHECK(et_stream_judge(ops(), &model->context, model->running, true) == ET_TICKET_UNKNOWN); /* no alarm yet */
  const unsigned n = feed(model, fan(50, 2), 1000, before);
  CHECK(model->result.alarm);
  unsigned over_before = 0, over_after = 0;
  for (unsigned i = 0; i < n; i++) over_before += before[i] > model->result.threshold;
  const float threshold = model->result.threshold;
  for (int round = 0; round < 3; round++) {
    if (!model->result.alarm) (void)feed(model, fan(50, 2), 300, NULL);
    if (!model->result.alarm) break;
    CHECK(et_stream_judge(ops(), &model->context, model->running, true) == ET_OK);
    (void)feed(model, fan(50, 2), 200, NULL);
  }
  CHECK(et_esn.validate(&model->context, model->running) == ET_OK);
  const unsigned m = feed(model, fan(50, 2) + 3 * 1000, 1000, after);
  for (unsigned i = 0; i < m; i++) over_after += after[i] > model->result.threshold;
  CHECK(over_after * 4 < over_before);
  (void)threshold;
  (void)feed(model, fan(50, 3), 500, NULL);
  CHECK(model->result.alarm);
}

/* While a candidate learns, the running generation goes on scoring, and its scores do not change by it. */
static void learning_does_not_disturb(void) {
  static float alone[400], meanwhile[400];
  host_model *model = learned_fan(60, NULL);
  const unsigned n = feed(model, fan(60, 1) + 3 * 1900, 600, alone);
  model = learned_fan(60, NULL);
  const uint32_t stamp = ((const et_esn_block *)model->running)->stamp;
  CHECK(ops()->learn(&model->context, model->running, model->candidate, 0) == ET_OK);
  const unsigned m = feed(model, fan(60, 1) + 3 * 1900, 600, meanwhile);
  CHECK(ops()->phase(&model->context) == ET_STREAM_LEARNING && model->result.calibrated);
  CHECK(n == m && memcmp(alone, meanwhile, n * sizeof alone[0]) == 0);
  /* Cancelled: the old generation is untouched and scores on. */
  et_esn.train_end(&model->context, true, &model->report);
  CHECK(model->report.result == ET_CANCELLED);
  (void)feed(model, fan(60, 1) + 3 * 2500, 100, NULL);
  CHECK(ops()->phase(&model->context) == ET_STREAM_SCORING && model->result.calibrated);
  CHECK(((const et_esn_block *)model->running)->stamp == stamp);
  /* Learned to the end: another generation, after which the first can run again (rollback). */
  CHECK(ops()->learn(&model->context, model->running, model->candidate, 0) == ET_OK);
  (void)feed(model, fan(60, 1), 1950, NULL);
  CHECK(((const et_esn_block *)model->running)->stamp != stamp && ops()->phase(&model->context) == ET_STREAM_SCORING);
  void *first = model->candidate;
  model->candidate = model->running;
  model->running = first;
  const unsigned scored = feed(model, fan(60, 1) + 3 * 1950, 300, NULL);
  CHECK(scored >= 18 && !model->result.alarm && ((const et_esn_block *)model->running)->stamp == stamp);
}

/* A generation restored into a board that was just started scores as it did where it came from. */
static void restored_generation(void) {
  static uint8_t saved[4096];
  static float original[200], restored[200];
  host_model *model = learned_fan(60, NULL);
  memcpy(saved, model->running, model->need.model_bytes);
  ops()->gap(&model->context);
  const unsigned n = feed(model, fan(60, 1) + 3 * 1900, 1000, original);
  model = fresh_model(NULL);
  memcpy(model->running, saved, model->need.model_bytes);
  CHECK(et_esn.validate(&model->context, model->running) == ET_OK);
  const unsigned m = feed(model, fan(60, 1) + 3 * 1900, 1000, restored);
  CHECK(n == m && n > 80);
  for (unsigned i = 30; i < n; i++) NEAR(restored[i], original[i], 0.15 + 0.05 * (double)original[i]);
  /* Damaged bytes are refused, and so is a generation made for another seed or shape. */
  et_esn_block *block = model->running;
  et_esn_weights(block)[5] = NAN;
  CHECK(et_esn.validate(&model->context, block) == ET_MODEL_CONTENT);
  memcpy(model->running, saved, model->need.model_bytes);
  et_esn_healthy(block)->dimensions = 6;
  CHECK(et_esn.validate(&model->context, block) == ET_MODEL_CONTENT);
  memcpy(model->running, saved, model->need.model_bytes);
  et_esn_healthy(block)->threshold = INFINITY;
  CHECK(et_esn.validate(&model->context, block) == ET_MODEL_CONTENT);
  memcpy(model->running, saved, model->need.model_bytes);
  block->seed ^= 1u;
  CHECK(et_esn.validate(&model->context, block) == ET_MODEL_CONTENT);
  for (uint32_t i = 0; i < 2000; i++) { /* any bytes: judged without harm */
    memcpy(model->running, saved, model->need.model_bytes);
    ((uint8_t *)model->running)[(i * 2654435761u >> 8) % model->need.model_bytes] ^= (uint8_t)(1u << (i % 8));
    const et_error error = et_esn.validate(&model->context, model->running);
    CHECK(error == ET_OK || error == ET_MODEL_CONTENT);
  }
}

void test_stream(void) {
  learning_and_scoring();
  false_alarm_is_learned();
  learning_does_not_disturb();
  restored_generation();
}

static void sparse_with_rls(host_model *model) {
  model->parameters.esn.reservoir = ET_RESERVOIR_SPARSE;
  model->parameters.esn.readout = ET_READOUT_RLS;
}
static void long_hop(host_model *model) { model->parameters.esn.hop = 50; }
static void decimated(host_model *model) { model->parameters.esn.decimation = 4; }

static unsigned refused(size_t field, void (*change)(et_esn_parameters *p)) {
  static host_model model;
  static uint8_t memory[8];
  uint16_t detail = 0;
  host_esn(&model, 3, 64);
  change(&model.parameters.esn);
  return !host_begin(&model, memory, sizeof memory, &detail) && detail == field;
}
static void units_15(et_esn_parameters *p) { p->units = 15; }
static void units_201(et_esn_parameters *p) { p->units = 201; }
static void cycle_nan(et_esn_parameters *p) { p->cycle_weight = NAN; }
static void leak_0(et_esn_parameters *p) { p->leak = 0.0f; }
static void hop_7(et_esn_parameters *p) { p->hop = 7; }
static void hop_0(et_esn_parameters *p) { p->hop = 0; }
static void calibration_99(et_esn_parameters *p) { p->calibration = 99; }
static void alarm_0(et_esn_parameters *p) { p->alarm_on = 0; }
static void learning_200(et_esn_parameters *p) { p->learning_samples = 200; }
static void patterns_17(et_esn_parameters *p) { p->patterns = 17; }

void test_input(void) {
  /* A definition out of range names its field. */
  CHECK(refused(offsetof(et_esn_parameters, units), units_15));
  CHECK(refused(offsetof(et_esn_parameters, units), units_201));
  CHECK(refused(offsetof(et_esn_parameters, cycle_weight), cycle_nan));
  CHECK(refused(offsetof(et_esn_parameters, leak), leak_0));
  CHECK(refused(offsetof(et_esn_parameters, hop), hop_7));
  CHECK(refused(offsetof(et_esn_parameters, hop), hop_0));
  CHECK(refused(offsetof(et_esn_parameters, calibration), calibration_99));
  CHECK(refused(offsetof(et_esn_parameters, alarm_on), alarm_0));
  CHECK(refused(offsetof(et_esn_parameters, learning_samples), learning_200));
  CHECK(refused(offsetof(et_esn_parameters, patterns), patterns_17));

  /* One channel constant: learning succeeds, says which, and scoring works; when the channel then moves, it alarms. */
  static int16_t samples[3 * FAN_SAMPLES];
  memcpy(samples, fan(60, 1), sizeof samples);
  for (unsigned t = 0; t < FAN_SAMPLES; t++) samples[3 * t + 2] = -120;
  host_model *model = fresh_model(NULL);
  (void)ops()->learn(&model->context, model->running, model->candidate, 0);
  CHECK(feed(model, samples, FAN_SAMPLES, NULL) > 100);
  CHECK(((const et_esn_block *)model->running)->constant == 4 && !model->result.alarm && isfinite(model->result.score));
  for (unsigned t = 0; t < 500; t++) samples[3 * t + 2] = (int16_t)(t % 2 ? 30 : -30);
  (void)feed(model, samples, 500, NULL);
  CHECK(model->result.alarm);

  /* A machine that is off is not learned, and says so; when it starts it is. From rail to rail: finite numbers. */
  static const int16_t rails[2] = {32767, -32768};
  for (int rail = 0; rail < 3; rail++) {
    for (unsigned t = 0; t < FAN_SAMPLES; t++) {
      for (unsigned k = 0; k < 3; k++) samples[3 * t + k] = rail < 2 ? rails[rail] : rails[(t + k) & 1];
    }
    model = fresh_model(NULL);
    (void)ops()->learn(&model->context, model->running, model->candidate, 0);
    (void)feed(model, samples, FAN_SAMPLES, NULL);
    if (rail < 2) {
      CHECK(ops()->phase(&model->context) == ET_STREAM_LEARNING && model->result.conditions == ET_CONDITION_OFF);
      (void)feed(model, fan(60, 1), 2500, NULL);
    }
    CHECK(ops()->phase(&model->context) == ET_STREAM_SCORING && isfinite(model->result.score) && !model->result.alarm);
    CHECK(et_esn.validate(&model->context, model->running) == ET_OK);
  }

  /* A stuck channel is no fault of the machine: it is named, nothing is judged, and what follows is judged again. */
  model = learned_fan(60, NULL);
  memcpy(samples, fan(60, 1), sizeof samples);
  for (unsigned t = 0; t < 300; t++) samples[3 * t + 1] = 500;
  (void)feed(model, samples, 300, NULL);
  CHECK(!model->result.alarm && model->result.conditions == ET_CONDITION_CONSTANT && model->result.constant == 2);
  for (unsigned t = 0; t < 3 * 300; t++) samples[t] = 32767;
  (void)feed(model, samples, 300, NULL);
  CHECK(!model->result.alarm && model->result.conditions == ET_CONDITION_OFF);
  (void)feed(model, fan(60, 1), 600, NULL);
  CHECK(!model->result.alarm && model->result.conditions == 0 && model->result.calibrated);

  /* Lost frames: after a gap nothing is scored until washout and a window have passed, wherever the gap falls. */
  for (unsigned at = 1901; at < 1911; at += 3) {
    model = learned_fan(60, NULL);
    (void)feed(model, fan(60, 1) + 3 * 1900, at - 1900, NULL);
    ops()->gap(&model->context);
    CHECK(feed(model, fan(60, 1) + 3 * (at + 20), 99, NULL) == 0);
    CHECK(feed(model, fan(60, 1) + 3 * (at + 119), 1, NULL) == 1);
  }
  /* And while learning: the phase goes on after it. */
  model = fresh_model(NULL);
  (void)ops()->learn(&model->context, model->running, model->candidate, 0);
  (void)feed(model, fan(60, 1), 500, NULL);
  ops()->gap(&model->context);
  (void)feed(model, fan(60, 1) + 3 * 520, 700, NULL);
  ops()->gap(&model->context);
  (void)feed(model, fan(60, 1) + 3 * 1230, 1100, NULL);
  CHECK(ops()->phase(&model->context) == ET_STREAM_SCORING);

  /* The other choices: sparse reservoir, recursive least squares, windows without overlap, decimation. */
  model = learned_fan(60, sparse_with_rls);
  CHECK(ops()->phase(&model->context) == ET_STREAM_SCORING);
  (void)feed(model, fan(60, 1) + 3 * 1900, 1100, NULL);
  CHECK(!model->result.alarm);
  (void)feed(model, fan(60, 2), 500, NULL);
  CHECK(model->result.alarm);
  model = fresh_model(long_hop);
  (void)ops()->learn(&model->context, model->running, model->candidate, 0);
  for (int pass = 0; pass < 3; pass++) (void)feed(model, fan(60, 1), FAN_SAMPLES, NULL);
  CHECK(ops()->phase(&model->context) == ET_STREAM_SCORING);
  (void)feed(model, fan(60, 3), 1000, NULL);
  CHECK(model->result.alarm);
  model = fresh_model(decimated);
  (void)ops()->learn(&model->context, model->running, model->candidate, 0);
  for (int pass = 0; pass < 3; pass++) (void)feed(model, fan(60, 1), FAN_SAMPLES, NULL);
  CHECK(ops()->phase(&model->context) == ET_STREAM_SCORING);
}
