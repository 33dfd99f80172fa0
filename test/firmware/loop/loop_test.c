/* The four blocks with a definition deployed, called as the registers call them: IO, feedback, stitching, train-on-demand; and what a
 * definition is refused for. */
#include <math.h>
#include <string.h>

#include "../modbus/check.h"
#include "loop/commands.h"
#include "loop/redeploy.h"
#include "loop/decide/feedback.h"
#include "loop/decide/io.h"
#include "loop/decide/relabel.h"
#include "loop/core/log.h"
#include "loop/decide/stitching.h"
#include "loop/decide/train_on_demand.h"
#include "loop/trainer_state.h"
#include "support/crc.h"

#define FEATURES 2u
#define CLASSES 3u

#include "../definition_blob.h"

typedef definition_blob blob;

static et_trainer trainer;

static et_error judge(uint16_t number, uint16_t kind, int16_t value) { return et_feedback_judge(&trainer.decide, number, kind, &value); }
static et_port port;
static uint64_t arena_words[4096]; /* aligned as a port must */
static uint8_t *const arena = (uint8_t *)arena_words;
static uint32_t now_ms;
static blob wanted; /* what deploy() deploys */
static uint16_t last_ticket;

static uint32_t clock_ms(void *user) {
  (void)user;
  return now_ms;
}
static uint16_t receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us) {
  (void)user;
  (void)bytes;
  (void)capacity;
  *silence_us = 0;
  return 0;
}
static bool sending(void *user) {
  (void)user;
  return false;
}

/* A definition that every test changes to its needs. */
static void usual(void) {
  uint32_t i;
  memset(&wanted, 0, sizeof wanted);
  wanted.core.model = ET_MODEL_SVM_LINEAR;
  wanted.core.features = FEATURES;
  wanted.core.classes = CLASSES;
  wanted.core.storage = ET_STORAGE_INT8;
  wanted.core.tickets = 8;
  wanted.core.capacity = 60;
  wanted.feedback.rule = ET_RULE_LABEL;
  wanted.feedback.class_high = 2;
  wanted.core.default_class = 1;
  wanted.training.mode = ET_MODE_MANUAL;
  wanted.training.min_new_samples = 4;
  wanted.training.min_samples = 6;
  wanted.training.accuracy_window = 5;
  wanted.training.accuracy_threshold = 900;
  wanted.parameters.cost = 1.0f;
  wanted.parameters.tolerance = 0.01f;
  wanted.parameters.max_epochs = 1000;
  wanted.parameters.degree = 1;
  for (i = 0; i < CLASSES; i++) {
    wanted.classes[i].actuation = (int16_t)(100 * (int)i - 100);
    wanted.classes[i].weight = 256;
  }
  for (i = 0; i < FEATURES; i++) {
    wanted.features[i].min = -100;
    wanted.features[i].max = 100;
  }
}

static void deploy(void) {
  et_definition definition;
  et_memory_layout layout;
  uint16_t detail;
  memset(&port, 0, sizeof port);
  port.clock_ms = port.clock_us = clock_ms;
  port.receive = receive;
  port.sending = sending;
  port.arena = arena;
  port.arena_bytes = sizeof arena_words;
  et_trainer_begin(&trainer, &port);
  CHECK(trainer.persistence.start_reason == ET_START_REASON_NO_MEMORY);
  seal(&wanted);
  memcpy(arena, &wanted, sizeof wanted);
  CHECK(et_definition_check(arena, sizeof wanted, &definition, &detail) == ET_OK);
  CHECK(et_memory_plan(&definition, sizeof arena_words, &layout) == ET_OK);
  et_install(&trainer, &definition, &layout);
  last_ticket = 0;
}

static et_error infer(uint16_t number, int16_t a, int16_t b) {
  uint16_t detail = 99;
  et_input(&trainer.core)[0] = a;
  et_input(&trainer.core)[1] = b;
  return et_io_infer(&trainer.decide, number, &detail);
}

static void teach(int16_t a, int16_t b, int16_t truth) {
  CHECK(infer(++last_ticket, a, b) == ET_OK);
  CHECK(judge(last_ticket, ET_FEEDBACK_KIND_TEACH, truth) == ET_OK);
  while (et_stitch_waiting(&trainer.decide)) continue;
}

/* ---- IO ---- */

static void scaling(void) {
  static const int16_t ranges[][2] = {{-32768, 32767}, {-32768, -32767}, {0, 1}, {32766, 32767}, {-100, 100}, {-5, 32767}, {7, 260}};
  uint32_t range, step, wide;
  usual();
  wanted.core.out_of_range = ET_OUT_OF_RANGE_CLAMP;
  for (wide = 0; wide < 2u; wide++) {
    const double full = wide ? 32767.0 : 127.0;
    wanted.core.storage = wide ? ET_STORAGE_INT16 : ET_STORAGE_INT8;
    for (range = 0; range < sizeof ranges / sizeof ranges[0]; range++) {
      const double low = ranges[range][0], high = ranges[range][1];
      wanted.features[1].min = ranges[range][0];
      wanted.features[1].max = ranges[range][1];
      deploy();
      for (step = 0; step < 1200u; step++) {
        const int16_t raw = step == 0u ? INT16_MIN : step == 1u ? INT16_MAX : (int16_t)(step * 54773u % 65536u - 32768u);
        const double held = raw < low ? low : raw > high ? high : raw;
        const long expected = lround((2.0 * held - low - high) * full / (high - low));
        const uint8_t *stored = et_ticket_features(&trainer.core, (uint8_t)(step % 8u));
        CHECK(infer((uint16_t)(step + 1u), 0, raw) == ET_OK);
        CHECK((wide ? ((const int16_t *)(const void *)stored)[1] : ((const int8_t *)stored)[1]) == expected);
      }
    }
  }
}

static void ranges_and_tickets(void) {
  uint16_t detail = 99, number;
  usual();
  wanted.core.tickets = 3;
  deploy();
  CHECK(infer(0, 0, 0) == ET_TICKET_ZERO);
  et_input(&trainer.core)[0] = 100;
  et_input(&trainer.core)[1] = 101;
  CHECK(et_io_infer(&trainer.decide, 5, &detail) == ET_FEATURE_RANGE && detail == 1);
  et_input(&trainer.core)[0] = -101;
  CHECK(et_io_infer(&trainer.decide, 5, &detail) == ET_FEATURE_RANGE && detail == 0);
  CHECK(trainer.core.counters.inferences == 0 && et_io_find(&trainer.decide, 5) < 0 && et_io_pending(&trainer.decide) == 0);

  CHECK(infer(65535, 1, 2) == ET_OK && trainer.decide.io.shown.output_class == 1 && trainer.decide.io.shown.generation == 0);
  CHECK(et_io_actuation(&trainer.decide, 0) == -100 && et_io_actuation(&trainer.decide, 2) == 100 &&
        et_io_actuation(&trainer.decide, 3) == 0);
  /* The same again runs nothing; other features under the same number are refused. */
  CHECK(infer(65535, 1, 2) == ET_OK && trainer.core.repeats == 1 && trainer.core.counters.inferences == 1);
  CHECK(infer(65535, 1, 50) == ET_TICKET_TAKEN && trainer.core.counters.inferences == 1);
  /* Raw words count, not what is stored of them: one unit apart and the same cell. Heard of again in time it stays the same; not heard of
   * for long, or decided by another generation, it is a new decision in the old one's place. */
  now_ms += 1000u * ET_REPEAT_SECONDS - 1u;
  CHECK(infer(65535, 1, 2) == ET_OK && infer(65535, 1, 3) == ET_TICKET_TAKEN);
  now_ms += 1000u * ET_REPEAT_SECONDS - 1u;
  CHECK(infer(65535, 1, 2) == ET_OK && trainer.core.repeats == 3 && trainer.core.counters.inferences == 1 &&
        et_io_pending(&trainer.decide) == 1);
  now_ms += 1000u * ET_REPEAT_SECONDS;
  CHECK(infer(65535, 1, 2) == ET_OK && trainer.core.repeats == 3 && trainer.core.counters.inferences == 2 &&
        et_io_pending(&trainer.decide) == 1);
  CHECK(trainer.core.counters.discarded[ET_DISCARD_REASON_EXPIRED] == 1 && trainer.decide.io.shown.decided_ms == now_ms);
  now_ms += 1000u * ET_REPEAT_SECONDS;
  CHECK(infer(65535, 1, 50) == ET_OK && trainer.core.counters.inferences == 3);
  for (number = 1; number <= 9u; number++) {
    CHECK(infer(number, 3, 4) == ET_OK && trainer.decide.io.shown.number == number);
    CHECK(et_io_find(&trainer.decide, number) >= 0 && et_io_pending(&trainer.decide) == (number < 2u ? 2u : 3u));
    if (number >= 4u)
      CHECK(et_io_find(&trainer.decide, (uint16_t)(number - 3u)) < 0 && et_io_find(&trainer.decide, (uint16_t)(number - 2u)) >= 0);
  }
  CHECK(judge(65535, ET_FEEDBACK_KIND_LABEL, 1) == ET_TICKET_UNKNOWN);
  et_uninstall(&trainer);
  CHECK(et_io_infer(&trainer.decide, 1, &detail) == ET_NO_DEFINITION && et_io_find(&trainer.decide, 1) < 0 &&
        et_io_actuation(&trainer.decide, 0) == 0);
  CHECK(judge(1, ET_FEEDBACK_KIND_LABEL, 1) == ET_NO_DEFINITION);
}

/* ---- Feedback ---- */

static void rules(void) {
  static const struct {
    uint8_t rule, side, decided;
    int16_t set_point, band, value;
    uint8_t judgement, truth;
  } rows[] = {
      {ET_RULE_DEAD_BAND, 0, 1, 220, 5, 215, ET_JUDGEMENT_SATISFIED, 1},
      {ET_RULE_DEAD_BAND, 0, 1, 220, 5, 214, ET_JUDGEMENT_UNSATISFIED, 0},
      {ET_RULE_DEAD_BAND, 0, 1, 220, 5, 225, ET_JUDGEMENT_SATISFIED, 1},
      {ET_RULE_DEAD_BAND, 0, 1, 220, 5, 226, ET_JUDGEMENT_UNSATISFIED, 2},
      {ET_RULE_DEAD_BAND, 0, 0, 220, 5, 100, ET_JUDGEMENT_SATISFIED, 0}, /* right, only not enough */
      {ET_RULE_DEAD_BAND, 0, 2, 220, 5, 300, ET_JUDGEMENT_SATISFIED, 2},
      {ET_RULE_DEAD_BAND, 0, 1, 32767, 0, -32768, ET_JUDGEMENT_UNSATISFIED, 0},
      {ET_RULE_DEAD_BAND, 0, 1, -32768, 0, 32767, ET_JUDGEMENT_UNSATISFIED, 2},
      {ET_RULE_DEAD_BAND, 0, 1, -32768, 32767, 0, ET_JUDGEMENT_UNSATISFIED, 2},
      {ET_RULE_DEAD_BAND, 0, 1, -32768, 32767, -1, ET_JUDGEMENT_SATISFIED, 1},
      {ET_RULE_LIMIT, ET_LIMIT_SIDE_ABOVE, 1, 90, 0, 90, ET_JUDGEMENT_SATISFIED, 1},
      {ET_RULE_LIMIT, ET_LIMIT_SIDE_ABOVE, 1, 90, 0, 91, ET_JUDGEMENT_UNSATISFIED, 0},
      {ET_RULE_LIMIT, ET_LIMIT_SIDE_ABOVE, 0, 90, 0, 91, ET_JUDGEMENT_SATISFIED, 0},
      {ET_RULE_LIMIT, ET_LIMIT_SIDE_BELOW, 1, 90, 0, 89, ET_JUDGEMENT_UNSATISFIED, 0},
      {ET_RULE_LIMIT, ET_LIMIT_SIDE_BELOW, 1, 90, 0, 90, ET_JUDGEMENT_SATISFIED, 1},
      {ET_RULE_LIMIT, ET_LIMIT_SIDE_BELOW, 1, 32767, 0, -32768, ET_JUDGEMENT_UNSATISFIED, 0},
      {ET_RULE_LABEL, 0, 1, 0, 0, 1, ET_JUDGEMENT_SATISFIED, 1},
      {ET_RULE_LABEL, 0, 1, 0, 0, 2, ET_JUDGEMENT_UNSATISFIED, 2},
  };
  uint32_t i;
  for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    usual();
    wanted.feedback.rule = rows[i].rule;
    wanted.feedback.limit_side = rows[i].side;
    wanted.core.default_class = rows[i].decided;
    wanted.feedback.set_point = rows[i].set_point;
    wanted.feedback.band = rows[i].band;
    deploy();
    CHECK(infer(7, 0, 0) == ET_OK && judge(7, ET_FEEDBACK_KIND_OUTCOME, rows[i].value) == ET_OK);
    CHECK(trainer.core.outcome.judgement == rows[i].judgement && trainer.core.outcome.truth == rows[i].truth);
    CHECK(trainer.core.counters.judged == 1 &&
          trainer.decide.stitching.samples == (rows[i].judgement == ET_JUDGEMENT_UNSATISFIED ? 1u : 0u));
    /* Once is once; another outcome for the same decision is refused. */
    CHECK(judge(7, ET_FEEDBACK_KIND_OUTCOME, rows[i].value) == ET_OK && trainer.core.counters.judged == 1);
    CHECK(judge(7, ET_FEEDBACK_KIND_OUTCOME, (int16_t)(rows[i].value ^ 1)) == ET_TICKET_JUDGED);
    CHECK(trainer.core.counters.judged == 1 && trainer.decide.stitching.samples <= 1u);
  }
}

static void unjudgeable(void) {
  usual();
  wanted.feedback.rule = ET_RULE_DEAD_BAND;
  wanted.stitching.satisfactory_share = 1000;
  wanted.feedback.settle_ms = 1000;
  wanted.feedback.ticket_ttl_ms = 5000;
  now_ms = 0xfffffe00u; /* the clock wraps on the way */
  deploy();
  CHECK(infer(1, 0, 0) == ET_OK);
  now_ms += 999u;
  CHECK(judge(1, ET_FEEDBACK_KIND_OUTCOME, 50) == ET_OK && trainer.core.outcome.judgement == ET_JUDGEMENT_TOO_EARLY);
  CHECK(trainer.core.outcome.reason == ET_DISCARD_REASON_TOO_EARLY && trainer.core.counters.discarded[ET_DISCARD_REASON_TOO_EARLY] == 1 &&
        et_io_pending(&trainer.decide) == 1);
  now_ms += 1u;
  CHECK(judge(1, ET_FEEDBACK_KIND_OUTCOME, 50) == ET_OK && trainer.core.outcome.judgement == ET_JUDGEMENT_UNSATISFIED);
  CHECK(infer(2, 0, 0) == ET_OK && infer(3, 0, 0) == ET_OK);
  now_ms += 5000u;
  CHECK(judge(2, ET_FEEDBACK_KIND_OUTCOME, 50) == ET_OK && trainer.core.outcome.judgement != ET_JUDGEMENT_DISCARDED);
  now_ms += 1u;
  CHECK(judge(3, ET_FEEDBACK_KIND_OUTCOME, 50) == ET_OK && trainer.core.counters.discarded[ET_DISCARD_REASON_EXPIRED] == 1);
  /* The set point moved while it waited: the outcome says nothing, a label still does. */
  CHECK(infer(4, 0, 0) == ET_OK && infer(5, 0, 0) == ET_OK);
  et_feedback_set_point(&trainer.decide, 10);
  CHECK(infer(6, 0, 0) == ET_OK);
  now_ms += 2000u;
  CHECK(judge(4, ET_FEEDBACK_KIND_OUTCOME, 50) == ET_OK && trainer.core.counters.discarded[ET_DISCARD_REASON_SET_POINT_CHANGED] == 1);
  CHECK(judge(5, ET_FEEDBACK_KIND_LABEL, 2) == ET_OK && trainer.core.outcome.judgement != ET_JUDGEMENT_DISCARDED);
  CHECK(judge(6, ET_FEEDBACK_KIND_OUTCOME, 10) == ET_OK && trainer.core.outcome.judgement == ET_JUDGEMENT_SATISFIED);
  CHECK(infer(7, 0, 0) == ET_OK);
  et_io_spoil(&trainer.decide, ET_DISCARD_REASON_SENSOR_FAULT);
  CHECK(judge(7, ET_FEEDBACK_KIND_LABEL, 2) == ET_OK && trainer.core.counters.discarded[ET_DISCARD_REASON_SENSOR_FAULT] == 1);
  CHECK(infer(8, 0, 0) == ET_OK);
  CHECK(judge(8, ET_FEEDBACK_KIND_DISCARD, 6) == ET_VALUE && judge(8, ET_FEEDBACK_KIND_DISCARD, -1) == ET_VALUE);
  CHECK(judge(8, ET_FEEDBACK_KIND_LABEL, 3) == ET_CLASS_UNKNOWN && judge(8, ET_FEEDBACK_KIND_LABEL, -1) == ET_CLASS_UNKNOWN);
  CHECK(judge(8, ET_FEEDBACK_KIND_FALSE_ALARM, 0) == ET_RULE_MISMATCH);
  CHECK(judge(8, ET_FEEDBACK_KIND_DISCARD, ET_DISCARD_REASON_OTHER) == ET_OK && trainer.core.counters.discarded[0] == 1);
  CHECK(trainer.core.counters.judged == 4 && trainer.decide.stitching.samples == 4);
}

static void window(void) {
  bool right[200];
  uint32_t i, j;
  usual();
  wanted.training.accuracy_window = 37;
  deploy();
  CHECK(et_window_accuracy(&trainer.core) == 65535u);
  for (i = 0; i < 200u; i++) {
    uint32_t good = 0, count = i + 1u < 37u ? i + 1u : 37u;
    right[i] = (i * i + i / 7u) % 3u != 0u;
    CHECK(infer((uint16_t)(i + 1u), 0, 0) == ET_OK);
    CHECK(judge((uint16_t)(i + 1u), ET_FEEDBACK_KIND_LABEL,
                (int16_t)((trainer.decide.io.shown.output_class + (right[i] ? 0 : 1)) % CLASSES)) == ET_OK);
    while (et_stitch_waiting(&trainer.decide)) continue;
    for (j = 0; j < count; j++) good += right[i - j];
    CHECK(trainer.core.window.good == good && et_window_accuracy(&trainer.core) == lround(1000.0 * good / count));
  }
}

/* ---- Stitching ---- */

static void shares(void) {
  static const uint16_t all[] = {0, 1, 200, 333, 500, 999, 1000};
  uint32_t i, n;
  for (i = 0; i < sizeof all / sizeof all[0]; i++) {
    usual();
    wanted.stitching.satisfactory_share = all[i];
    deploy();
    for (n = 1; n <= 1500u; n++) {
      CHECK(infer((uint16_t)n, 0, 0) == ET_OK && judge((uint16_t)n, ET_FEEDBACK_KIND_LABEL, 1) == ET_OK);
      while (et_stitch_waiting(&trainer.decide)) continue;
      CHECK(trainer.core.counters.stitched == n * all[i] / 1000u);
    }
  }
}

/* Samples of a class, held out or not, counted from the labels and bits themselves. */
static uint32_t stored(uint8_t output_class, bool held_out) {
  uint32_t count = 0;
  uint16_t i;
  for (i = 0; i < trainer.decide.stitching.samples; i++)
    if (et_labels(&trainer.core)[i] == output_class && et_is_held_out(&trainer.core, i) == held_out) count++;
  CHECK(et_class_counts(&trainer.core)[(held_out ? CLASSES : 0u) + output_class] == count);
  return count;
}

static void hold_out(void) {
  uint8_t every, c;
  uint32_t n;
  for (every = 0; every <= 7u; every = (uint8_t)(every == 0u ? 2u : every + 1u)) {
    usual();
    wanted.stitching.hold_out_every = every;
    deploy();
    for (n = 1; n <= 60u; n++) {
      teach((int16_t)n, 0, (int16_t)(n % CLASSES));
      for (c = 0; c < CLASSES; c++) {
        const uint32_t of_class = stored(c, false) + stored(c, true);
        CHECK(stored(c, true) == (every == 0u ? 0u : of_class / every));
      }
    }
    CHECK(trainer.decide.stitching.held_out_total == stored(0, true) + stored(1, true) + stored(2, true));
  }
  /* Full: whoever gives way, those that are held out keep their share. */
  usual();
  wanted.stitching.hold_out_every = 4;
  deploy();
  for (n = 0; n < 60u; n++) teach((int16_t)n, 0, (int16_t)(n % CLASSES));
  CHECK(trainer.decide.stitching.held_out_total == 15);
  for (n = 0; n < 400u; n++) {
    teach((int16_t)(n % 90u), 7, (int16_t)(n * n % 7u % CLASSES));
    CHECK(trainer.decide.stitching.samples == 60 && trainer.decide.stitching.held_out_total == 15);
    CHECK(stored(0, true) + stored(1, true) + stored(2, true) == 15u);
    CHECK(stored(0, false) + stored(1, false) + stored(2, false) == 45u);
  }
}

/* The order in time holds every sample once, and its stamps rise. */
static void check_order(void) {
  static uint8_t seen[4096];
  const uint16_t *by_time = et_by_time(&trainer.core), *stamps = et_orders(&trainer.core);
  uint16_t i;
  memset(seen, 0, sizeof seen);
  for (i = 0; i < trainer.decide.stitching.samples; i++) {
    CHECK(by_time[i] < trainer.decide.stitching.samples && !seen[by_time[i]]);
    seen[by_time[i]] = 1;
    CHECK(i == 0u || stamps[by_time[i]] >= stamps[by_time[i - 1u]]);
  }
}

/* A full set is spread over everything that was stitched: no gap between two of its samples is much wider than it has to be, and the
 * newest is always there. */
static void spread_over_time(void) {
  uint32_t n, i;
  uint16_t widest = 0;
  usual();
  wanted.core.capacity = 40;
  deploy();
  for (n = 0; n < 4000u; n++) {
    teach((int16_t)(n % 100u), 0, (int16_t)(n % CLASSES));
    check_order();
    if (n < 40u) continue;
    CHECK(trainer.decide.stitching.samples == 40 && et_orders(&trainer.core)[et_by_time(&trainer.core)[39]] == n);
  }
  for (i = 1; i < 40u; i++) {
    const uint16_t gap =
        (uint16_t)(et_orders(&trainer.core)[et_by_time(&trainer.core)[i]] - et_orders(&trainer.core)[et_by_time(&trainer.core)[i - 1u]]);
    if (gap > widest) widest = gap;
  }
  CHECK(et_orders(&trainer.core)[et_by_time(&trainer.core)[0]] == 0u && widest <= 4u * 4000u / 40u);
}

/* Stamps run out and are halved: the order stays, nothing looks younger than it is. */
static void stamps_run_out(void) {
  uint32_t n;
  usual();
  wanted.core.capacity = 8;
  deploy();
  for (n = 0; n < 8u; n++) teach((int16_t)n, 0, (int16_t)(n % CLASSES));
  trainer.decide.stitching.order_next = 65530u;
  for (n = 0; n < 100u; n++) {
    teach((int16_t)n, 0, (int16_t)(n % CLASSES));
    check_order();
  }
  CHECK(trainer.decide.stitching.order_next > 32767u && trainer.decide.stitching.order_next < 33000u);
}

/* A plant that wants one thing for long must not leave a set of one class: the others keep a sixth of the set each, and newcomers of
 * theirs take the place of their own. */
static void floor_of_a_class(void) {
  uint16_t i;
  usual();
  wanted.core.capacity = 60;
  deploy();
  for (i = 0; i < 60u; i++) teach((int16_t)(i % CLASSES * 40u), (int16_t)i, (int16_t)(i % CLASSES));
  for (i = 0; i < 600u; i++) {
    teach((int16_t)(i % 9u), (int16_t)(i % 100u), 1);
    CHECK(stored(0, false) >= 10 && stored(2, false) >= 10);
  }
  CHECK(stored(0, false) == 10 && stored(2, false) == 10 && stored(1, false) == 40);
  for (i = 0; i < 100u; i++) {
    teach(-99, (int16_t)i, 0);
    CHECK(stored(2, false) == 10 && stored(0, false) >= 10);
  }
  CHECK(et_train_start(&trainer.decide) == ET_OK);
  while (et_train_slice(&trainer.decide)) {}
  CHECK(trainer.core.counters.trainings == 1 && trainer.core.generations.number == 1);
}

/* Judged while a save holds the data set: what waits is stored with the truth of the set point that holds when it is stored, in a free place and in
 * that of another one; a class that somebody named stays. */
static void what_waits_is_judged_by_the_rule_as_it_is(void) {
  uint32_t full;
  for (full = 0; full < 2u; full++) {
    usual();
    wanted.feedback.rule = ET_RULE_DEAD_BAND;
    wanted.feedback.band = 20;
    wanted.stitching = (et_definition_stitching){.satisfactory_share = 1000, .keep_outcomes = 1};
    wanted.core.capacity = full != 0u ? 8 : 60;
    deploy();
    while (full != 0u && trainer.decide.stitching.samples < 8u) teach((int16_t)(10 * last_ticket), 0, (int16_t)(last_ticket % CLASSES));
    trainer.core.job.phase = ET_JOB_SAVE;
    CHECK(infer(++last_ticket, 50, 0) == ET_OK && judge(last_ticket, ET_FEEDBACK_KIND_OUTCOME, -30) == ET_OK);
    CHECK(trainer.core.outcome.truth == 0u); /* too low for 0 +- 20 */
    CHECK(infer(++last_ticket, 60, 0) == ET_OK && judge(last_ticket, ET_FEEDBACK_KIND_LABEL, 0) == ET_OK);
    et_feedback_set_point(&trainer.decide, -70);
    CHECK(!et_stitch_waiting(&trainer.decide) && trainer.decide.stitching.samples == (full != 0u ? 8u : 0u));
    trainer.core.job.phase = ET_JOB_NONE;
    while (et_stitch_waiting(&trainer.decide)) continue;
    {
      const uint16_t *by_time = et_by_time(&trainer.core), last = trainer.decide.stitching.samples;
      CHECK(et_labels(&trainer.core)[by_time[last - 2u]] == 2u); /* too high for -70 +- 20 */
      CHECK(et_labels(&trainer.core)[by_time[last - 1u]] == 0u);
      CHECK(stored(0, false) + stored(1, false) + stored(2, false) == last);
      et_feedback_set_point(&trainer.decide, -35);
      while (et_relabel_slice(&trainer.decide)) continue;
      CHECK(et_labels(&trainer.core)[by_time[last - 2u]] == 1u && et_labels(&trainer.core)[by_time[last - 1u]] == 0u);
    }
  }
}

/* The outcome's unit changes while it waits; and a class that was named as an outcome is none for a rule that comes. */
static void what_waits_keeps_its_meaning(void) {
  usual();
  wanted.feedback.rule = ET_RULE_DEAD_BAND;
  wanted.feedback.band = 20;
  wanted.stitching = (et_definition_stitching){.satisfactory_share = 1000, .keep_outcomes = 1};
  deploy();
  trainer.core.job.phase = ET_JOB_SAVE;
  CHECK(infer(1, 50, 0) == ET_OK && judge(1, ET_FEEDBACK_KIND_OUTCOME, -30) == ET_OK);
  et_relabel_scale(&trainer.decide, 10.0f);
  CHECK(judge(1, ET_FEEDBACK_KIND_OUTCOME, -300) == ET_OK && trainer.core.repeats == 1u); /* the same again, in the new unit */
  CHECK(infer(2, 50, 0) == ET_OK && judge(2, ET_FEEDBACK_KIND_OUTCOME, 90) == ET_OK);
  et_relabel_named(&trainer.core);
  trainer.core.job.phase = ET_JOB_NONE;
  while (et_stitch_waiting(&trainer.decide)) continue;
  et_feedback_set_point(&trainer.decide, -2000);
  while (et_relabel_slice(&trainer.decide)) continue;
  CHECK(stored(0, false) == 1u && stored(2, false) == 1u); /* as they were judged */
}

/* ---- Train-on-demand ---- */

static void work(void) {
  uint32_t slices = 0;
  while (et_train_slice(&trainer.decide)) CHECK(++slices < 100000u);
}

static uint32_t logged(et_event event) {
  uint32_t count = 0;
  uint16_t i;
  for (i = 0; i < et_log_count(&trainer.core); i++) count += et_log_at(&trainer.core, i)->event == (uint8_t)event;
  return count;
}

static void lessons(uint32_t count) {
  uint32_t i;
  for (i = 0; i < count; i++) teach((int16_t)((i % CLASSES) * 80u - 80u + i % 5u), (int16_t)(i % 7u), (int16_t)(i % CLASSES));
}

static void on_demand(void) {
  uint32_t i;
  usual();
  wanted.training.mode = ET_MODE_AUTO;
  wanted.training.cooldown_s = 60;
  wanted.training.min_new_samples = 6;
  wanted.training.min_samples = 9;
  deploy();
  lessons(8);
  CHECK(!et_train_slice(&trainer.decide)); /* one sample short */
  lessons(1);
  CHECK(et_train_slice(&trainer.decide) && et_train_state(&trainer.decide) == ET_STATE_TRAINING &&
        et_train_start(&trainer.decide) == ET_BUSY);
  CHECK(et_train_evaluate(&trainer.decide) == ET_BUSY);
  work();
  CHECK(trainer.core.generations.number == 1 && trainer.core.counters.promoted == 1 && trainer.decide.stitching.samples_new == 0 &&
        logged(ET_EVENT_PROMOTED) == 1);
  CHECK(infer(40000, -78, 3) == ET_OK && trainer.decide.io.shown.output_class == 0 && trainer.decide.io.shown.generation == 1);
  CHECK(infer(40001, 82, 3) == ET_OK && trainer.decide.io.shown.output_class == 2);

  /* Trained: now it takes a window under the threshold as well, and the time since the last training. */
  lessons(6);
  CHECK(infer(40000, -78, 3) == ET_OK && infer(40001, 82, 3) == ET_OK);
  now_ms += 60000u;
  CHECK(!et_train_slice(&trainer.decide));
  CHECK(judge(40000, ET_FEEDBACK_KIND_LABEL, 0) == ET_OK && !et_train_slice(&trainer.decide));
  CHECK(judge(40001, ET_FEEDBACK_KIND_LABEL, 1) == ET_OK);
  now_ms -= 1u;
  CHECK(!et_train_slice(&trainer.decide));
  now_ms += 1u;
  CHECK(et_train_slice(&trainer.decide));
  work();
  /* However right it is, it trains once more when half of the set is new. */
  CHECK(trainer.decide.stitching.samples == 16 && trainer.decide.stitching.samples_new == 0);
  lessons(15);
  now_ms += 60000u;
  CHECK(!et_train_slice(&trainer.decide) && trainer.decide.stitching.samples == 31);
  lessons(1);
  CHECK(et_train_slice(&trainer.decide) && et_train_state(&trainer.decide) == ET_STATE_TRAINING);
  et_train_cancel(&trainer.decide);
  CHECK(trainer.core.generations.number == 2 && trainer.core.training.report.result == ET_CANCELLED &&
        et_train_state(&trainer.decide) == ET_STATE_READY);

  CHECK(et_generations_roll_back(&trainer.core, ET_EVENT_ROLLED_BACK) == ET_OK &&
        et_generations_roll_back(&trainer.core, ET_EVENT_ROLLED_BACK) == ET_NO_PREVIOUS);
  CHECK(et_trainer_set_mode(&trainer, 3, ET_FROZEN_BY_PROCESS) == ET_VALUE &&
        et_trainer_set_mode(&trainer, ET_MODE_FROZEN, ET_FROZEN_BY_PROCESS) == ET_OK && et_train_start(&trainer.decide) == ET_FROZEN);
  lessons(9);
  CHECK(!et_train_slice(&trainer.decide));

  /* The same samples once more give the same model: that is no new generation. */
  usual();
  deploy();
  lessons(12);
  for (i = 0; i < 3u; i++) {
    CHECK(et_train_start(&trainer.decide) == ET_OK);
    work();
    CHECK(trainer.core.generations.number == 1 && trainer.core.counters.rejected == i && logged(ET_EVENT_REJECTED) == i);
  }

  /* One class only: a constant model follows the plant, and is not trained again before there is something new. */
  usual();
  wanted.training.mode = ET_MODE_AUTO;
  deploy();
  for (i = 0; i < 8u; i++) teach((int16_t)i, 0, 2);
  work();
  CHECK(trainer.core.generations.number == 1 && logged(ET_EVENT_TRAIN_FAILED) == 0 && logged(ET_EVENT_PROMOTED) == 1);
  CHECK(!et_train_slice(&trainer.decide) && logged(ET_EVENT_TRAIN_BEGIN) == 1);

  /* Two generations, and one step back. */
  usual();
  deploy();
  lessons(12);
  for (i = 0; i < 2u; i++) {
    CHECK(et_train_start(&trainer.decide) == ET_OK);
    work();
    teach((int16_t)(i * 10u - 40u), 90, 2);
  }
  CHECK(trainer.core.generations.number == 2 && trainer.core.generations.previous_number == 1);
  CHECK(et_generations_roll_back(&trainer.core, ET_EVENT_ROLLED_BACK) == ET_OK && trainer.core.generations.number == 1);
  CHECK(et_generations_roll_back(&trainer.core, ET_EVENT_ROLLED_BACK) == ET_NO_PREVIOUS && trainer.core.counters.rolled_back == 1);
  /* The number of a generation that was rolled back is not given again. */
  CHECK(et_train_start(&trainer.decide) == ET_OK);
  work();
  CHECK(trainer.core.generations.number == 3);
}

/* ---- Voices ---- */

static uint32_t chance = 1;
/* A class by chance. */
static uint8_t any_class(void) {
  chance ^= chance << 13;
  chance ^= chance >> 17;
  chance ^= chance << 5;
  return (uint8_t)(chance % CLASSES);
}
static int16_t feature_of(uint8_t output_class) { return (int16_t)(output_class * 80 - 80 + (int16_t)(chance / 8u % 9u) - 4); }

static void plant(uint16_t number, int16_t a, int16_t truth) {
  CHECK(infer(number, a, (int16_t)(chance / 64u % 50u)) == ET_OK);
  CHECK(judge(number, ET_FEEDBACK_KIND_LABEL, truth) == ET_OK);
  while (et_stitch_waiting(&trainer.decide) || et_train_slice(&trainer.decide)) {}
}

/* A condition and its truth, `off` classes beside the right one. */
static void live(uint16_t number, uint8_t off) {
  const uint8_t right = any_class();
  plant(number, feature_of(right), (int16_t)((right + off) % CLASSES));
}

/* Untrained, the default class; then the model has the word, because it comes true. */
static void voices(void) {
  uint16_t i;
  usual();
  wanted.training.mode = ET_MODE_AUTO;
  wanted.training.accuracy_threshold = 1001;
  wanted.feedback.suspicion = ET_SUSPICION_ACTION_OFF;
  deploy();
  CHECK(infer(60000, 0, 0) == ET_OK && trainer.decide.io.shown.output_class == 1 && trainer.decide.io.shown.confidence == 0 &&
        trainer.decide.io.shown.by == ET_DECIDED_BY_START_RULE);
  for (i = 1; i <= 150u; i++) live(i, 0);
  CHECK(trainer.core.generations.number != 0u);
  CHECK(infer(60001, 80, 0) == ET_OK && trainer.decide.io.shown.output_class == 2 && trainer.decide.io.shown.by == ET_DECIDED_BY_MODEL &&
        trainer.decide.io.shown.confidence > 800u);
  CHECK(et_voices_accuracy(et_voices_of(&trainer.core), ET_DECIDED_BY_MODEL) > 900u);
  /* Lessons come in the order of the teacher: the last of them is nobody's word. */
  deploy();
  for (i = 0; i < 30u; i++) teach(0, 0, 2);
  CHECK(infer(60002, 0, 0) == ET_OK && trainer.decide.io.shown.proposed[ET_DECIDED_BY_LAST_TRUTH] == ET_SILENT);
}

static struct {
  blob blob;
  et_plant_limits limits;
  uint32_t crc;
} limited;

static void plant_limits(void) {
  et_definition definition;
  et_memory_layout layout;
  uint16_t detail;
  uint8_t *bytes = (uint8_t *)&limited;
  const uint32_t tables = (uint32_t)offsetof(blob, crc);
  usual();
  deploy();
  memset(&limited, 0, sizeof limited);
  memcpy(bytes, &wanted, tables);
  limited.limits.hold_s[0] = 60;
  limited.limits.opposed[0] = 4;
  limited.limits.opposed[2] = 1;
  {
    et_section section = {ET_SECTION_PLANT_LIMITS_ID, ET_SECTION_PLANT_LIMITS_LAYOUT, sizeof(et_plant_limits), 0};
    et_definition_head head = wanted.head;
    uint32_t crc;
    section.crc = et_crc32(0u, (const uint8_t *)&limited.limits, sizeof limited.limits);
    head.length = tables + (uint32_t)(sizeof section + sizeof limited.limits) + 4u;
    memcpy(arena, bytes, tables);
    memcpy(arena + tables, &section, sizeof section);
    memcpy(arena + tables + sizeof section, &limited.limits, sizeof limited.limits);
    memcpy(arena, &head, sizeof head);
    crc = et_crc32(0u, arena, head.length - 4u);
    memcpy(arena + head.length - 4u, &crc, 4);
    CHECK(et_definition_check(arena, head.length, &definition, &detail) == ET_OK && definition.limits != NULL);
    CHECK(et_memory_plan(&definition, sizeof arena_words, &layout) == ET_OK);
    et_install(&trainer, &definition, &layout);
  }
  plant(1, 0, 0); /* default class 1; from here on the last truth, 0, competes with it */
  for (detail = 2; detail < 12u; detail++) plant(detail, 0, 0);
  CHECK(trainer.decide.speaking.current == 0u);
  /* All say 2 now, but 0 is held for a minute, and 2 never follows 0 directly. */
  for (detail = 20; detail < 60u; detail++) plant(detail, 0, 2);
  CHECK(trainer.decide.speaking.current == 0u && trainer.decide.io.shown.chosen == 2u &&
        trainer.decide.io.shown.by == ET_DECIDED_BY_HOLD_TIME);
  now_ms += 60000u;
  CHECK(infer(100, 0, 0) == ET_OK && trainer.decide.io.shown.output_class == 1u &&
        trainer.decide.io.shown.by == ET_DECIDED_BY_OPPOSED_CLASSES);
  CHECK(infer(101, 0, 0) == ET_OK && trainer.decide.io.shown.output_class == 2u);
}

/* Truths that contradict a stable trainer: told, learning pauses, nothing is unlearned, and it goes on when they agree again. */
static void pausing(void) {
  uint32_t stitched;
  uint16_t i;
  usual();
  wanted.training.mode = ET_MODE_AUTO;
  wanted.training.accuracy_threshold = 1001;
  wanted.stitching.satisfactory_share = 1000;
  deploy();
  for (i = 1; i <= 300u; i++) live(i, 0);
  CHECK(trainer.decide.feedback.watch.kind == ET_SUSPICION_NONE);
  for (i = 400; i < 440u; i++) live(i, 1);
  CHECK(trainer.decide.feedback.watch.kind == ET_SUSPICION_CONTRADICTION && logged(ET_EVENT_SUSPICION) == 1);
  stitched = trainer.core.counters.stitched;
  for (i = 500; i < 800u; i++) live(i, 1);
  CHECK(trainer.core.counters.stitched == stitched);
  CHECK(infer(60000, 80, 0) == ET_OK && trainer.decide.io.shown.output_class == 2);
  for (i = 900; i < 940u; i++) live(i, 0);
  CHECK(trainer.decide.feedback.watch.kind == ET_SUSPICION_NONE && trainer.core.counters.stitched > stitched);
}

/* ---- Definition ---- */

#define AT(member) (uint16_t) offsetof(blob, member), (uint8_t)sizeof(((blob *)0)->member)

static void refused_fields(void) {
  static const struct {
    uint16_t offset;
    uint8_t size;
    uint32_t value;
  } rows[] = {
      {AT(core.features), 0},
      {AT(core.features), ET_FEATURES_MAX + 1u},
      {AT(core.classes), ET_CLASSES_MAX + 1u},
      {AT(core.storage), 0},
      {AT(core.storage), 3},
      {AT(core.scaling), 2},
      {AT(core.out_of_range), 2},
      {AT(core.tickets), 0},
      {AT(core.tickets), ET_TICKETS_MAX + 1u},
      {AT(core.capacity), 1},
      {AT(core.capacity), 4097},
      {AT(feedback.rule), 3},
      {AT(feedback.limit_side), 2},
      {AT(feedback.band), 0xffff},
      {AT(feedback.class_low), CLASSES},
      {AT(feedback.class_high), CLASSES},
      {AT(core.default_class), CLASSES},
      {AT(feedback.suspicion), 3},
      {AT(stitching.satisfactory_share), 1001},
      {AT(stitching.hold_out_every), 1},
      {AT(training.mode), 3},
      {AT(training.min_samples), 1},
      {AT(training.min_samples), 61},
      {AT(training.accuracy_window), 0},
      {AT(training.accuracy_window), 257},
      {AT(training.accuracy_threshold), 1002},
      {AT(parameters.cost), 0x7fc00000u /* NaN */},
      {AT(parameters.cost), 0},
      {AT(parameters.cost), 0x7f800000u /* infinite */},
      {AT(parameters.tolerance), 0x7fc00000u},
      {AT(parameters.tolerance), 0xbf800000u /* -1 */},
      {AT(parameters.max_epochs), 0},
  };
  et_definition definition;
  uint16_t detail;
  uint32_t i;
  blob bad;
  usual();
  for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    bad = wanted;
    memcpy((uint8_t *)&bad + rows[i].offset, &rows[i].value, rows[i].size);
    seal(&bad);
    if (et_definition_check(&bad, sizeof bad, &definition, &detail) != ET_DEFINITION_FIELD || detail != rows[i].offset) {
      fprintf(stderr, "field at %u with %lu\n", rows[i].offset, (unsigned long)rows[i].value);
      CHECK(false);
    }
  }
  bad = wanted;
  bad.features[1].min = bad.features[1].max;
  seal(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_DEFINITION_FIELD && detail == offsetof(blob, features[1]));
}

static void refused_blobs(void) {
  et_definition definition;
  et_memory_layout layout;
  uint16_t detail;
  uint32_t i;
  blob bad;
  usual();
  seal(&wanted);
  CHECK(et_definition_check(&wanted, sizeof wanted, &definition, &detail) == ET_OK);
  CHECK(et_memory_plan(&definition, 0, &layout) == ET_DEFINITION_MEMORY && layout.total > 0u);
  CHECK(et_memory_plan(&definition, layout.total, &layout) == ET_OK);
  CHECK(et_memory_plan(&definition, layout.total - 1u, &layout) == ET_DEFINITION_MEMORY);
  for (i = 0; i < sizeof wanted; i++) {
    CHECK(et_definition_check(&wanted, i, &definition, &detail) == ET_DEFINITION_LENGTH);
    bad = wanted;
    ((uint8_t *)&bad)[i] ^= 0x20u; /* any bit of any byte */
    CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == (i < 4u   ? ET_DEFINITION_VERSION
                                                                          : i < 8u ? ET_DEFINITION_LENGTH
                                                                                   : ET_DEFINITION_CRC));
  }
  bad = wanted;
  bad.core.model = 77;
  seal(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_MODEL_NOT_BUILT);
  bad = wanted;
  bad.core.classes = 2; /* the table holds more */
  seal(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_DEFINITION_LENGTH);
}

/* Sections that are missing, of another layout, damaged, twice there, or not known: which one it was is in `detail`. */
static void sections(void) {
  et_definition definition;
  uint16_t detail;
  blob bad;
  struct {
    blob known;
    et_section extra_head;
    uint32_t extra, crc;
  } more;
  usual();
  seal(&wanted);
  bad = wanted;
  bad.stitching_head.id = ET_SECTION_TRAINING_ID; /* stitching is not there, training twice */
  seal_whole(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_DEFINITION_SECTION && detail == ET_SECTION_TRAINING_ID);
  bad = wanted;
  bad.stitching_head.id = ET_SECTION_OPTIONAL;
  seal_whole(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_DEFINITION_SECTION && detail == ET_SECTION_STITCHING_ID);
  bad = wanted;
  bad.feedback_head.layout++;
  seal_whole(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_DEFINITION_SECTION && detail == ET_SECTION_FEEDBACK_ID);
  bad = wanted;
  bad.feedback.set_point++; /* its own checksum is stale */
  seal_whole(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_DEFINITION_CRC && detail == ET_SECTION_FEEDBACK_ID);
  bad = wanted;
  bad.training_head.length = 0x7ffffffcu;
  seal_whole(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) != ET_OK);
  bad = wanted;
  bad.training_head.length -= 4u; /* the next header would be read four bytes early */
  seal_whole(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) != ET_OK);

  more.known = wanted;
  more.extra_head.id = ET_SECTION_OPTIONAL + 7u;
  more.extra_head.layout = 3;
  more.extra_head.length = 4;
  more.extra = 0x12345678u;
  more.extra_head.crc = et_crc32(0u, (const uint8_t *)&more.extra, 4u);
  /* The place of the known blob's checksum becomes the extra section's header. */
  memmove((uint8_t *)&more + sizeof wanted - 4u, &more.extra_head, sizeof more.extra_head + 4u);
  more.known.head.length = sizeof more - 4u;
  const uint32_t crc = et_crc32(0u, (const uint8_t *)&more, sizeof more - 8u);
  memcpy((uint8_t *)&more + sizeof more - 8u, &crc, 4u);
  CHECK(et_definition_check(&more, sizeof more - 4u, &definition, &detail) == ET_OK && definition.core->capacity == 60u);
  ((uint8_t *)&more)[sizeof wanted - 4u] = 99; /* the same section, but with a number that must be known */
  ((uint8_t *)&more)[sizeof wanted - 3u] = 0;
  const uint32_t other = et_crc32(0u, (const uint8_t *)&more, sizeof more - 8u);
  memcpy((uint8_t *)&more + sizeof more - 8u, &other, 4u);
  CHECK(et_definition_check(&more, sizeof more - 4u, &definition, &detail) == ET_DEFINITION_SECTION && detail == 99u);
}

int main(void) {
  scaling();
  ranges_and_tickets();
  rules();
  unjudgeable();
  window();
  shares();
  hold_out();
  spread_over_time();
  stamps_run_out();
  floor_of_a_class();
  what_waits_is_judged_by_the_rule_as_it_is();
  what_waits_keeps_its_meaning();
  voices();
  plant_limits();
  pausing();
  on_demand();
  refused_fields();
  refused_blobs();
  sections();
  printf("all checks passed\n");
  return 0;
}
