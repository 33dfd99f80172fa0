/* The blocks with a definition deployed, called as the registers call them: IO, feedback, stitching. */
#include <math.h>
#include <string.h>

#include "../check.h"
#include "blocks.h"
#include "loop/decide/feedback.h"
#include "loop/decide/io.h"
#include "loop/decide/relabel.h"
#include "loop/decide/stitching.h"
#include "loop/decide/train_on_demand.h"
#include "loop/redeploy.h"
#include "loop/trainer_state.h"

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

/* Too low after the class against "too high": that one went too far. The default class lies between both, where it is neither of them. */
static void beyond_the_band(void) {
  static const struct {
    uint8_t fallback, decided;
    int16_t outcome;
    uint8_t truth;
  } rows[] = {
      {1, 2, 214, 1}, {1, 2, 215, 2}, {1, 0, 226, 1}, {1, 0, 225, 0}, /* heat, hold, cool: hold between them */
      {1, 1, 214, 0}, {1, 1, 226, 2}, {1, 0, 214, 0}, {1, 2, 226, 2}, /* not far enough */
      {0, 2, 214, 0}, {2, 2, 214, 0}, {0, 0, 226, 2}, {2, 0, 226, 2}, /* two classes: nothing lies between */
  };
  uint32_t i;
  for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    usual();
    wanted.feedback.rule = ET_RULE_DEAD_BAND;
    wanted.feedback.set_point = 220;
    wanted.feedback.band = 5;
    wanted.core.default_class = rows[i].fallback;
    deploy();
    CHECK(et_feedback_truth(&trainer.decide, rows[i].decided, rows[i].outcome) == rows[i].truth);
  }
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
  CHECK(trainer.core.outcome.truth == 1u); /* the last truth, 0, decided, and went too far */
  et_relabel_named(&trainer.core);
  trainer.core.job.phase = ET_JOB_NONE;
  while (et_stitch_waiting(&trainer.decide)) continue;
  et_feedback_set_point(&trainer.decide, -2000);
  while (et_relabel_slice(&trainer.decide)) continue;
  CHECK(stored(0, false) == 1u && stored(1, false) == 1u); /* as they were judged */
}

/* A sample waits for a place among the stored ones, and the next decision takes its ticket: it is counted, and nothing is stored of it. */
static void what_waits_gives_way_to_a_decision(void) {
  uint16_t i;
  usual();
  wanted.core.tickets = 1;
  wanted.core.capacity = 6;
  wanted.stitching.satisfactory_share = 1000;
  deploy();
  for (i = 0; i < 6u; i++) teach((int16_t)(10 * i), 0, (int16_t)(i % CLASSES));
  CHECK(infer(++last_ticket, 90, 0) == ET_OK && judge(last_ticket, ET_FEEDBACK_KIND_LABEL, 0) == ET_OK);
  CHECK(et_stitch_waiting(&trainer.decide) && trainer.decide.stitching.search.active);
  CHECK(infer(++last_ticket, 91, 0) == ET_OK && trainer.core.counters.discarded[ET_DISCARD_REASON_OTHER] == 1u);
  CHECK(!et_stitch_waiting(&trainer.decide) && trainer.core.counters.replaced == 0u);
  CHECK(stored(0, false) == 2u && stored(1, false) == 2u && stored(2, false) == 2u);
  CHECK(judge(last_ticket, ET_FEEDBACK_KIND_LABEL, 0) == ET_OK);
  while (et_stitch_waiting(&trainer.decide)) continue;
  CHECK(trainer.core.counters.replaced == 1u && stored(0, false) + stored(1, false) + stored(2, false) == 6u);
}

int main(void) {
  scaling();
  ranges_and_tickets();
  rules();
  beyond_the_band();
  unjudgeable();
  window();
  shares();
  hold_out();
  spread_over_time();
  stamps_run_out();
  floor_of_a_class();
  what_waits_is_judged_by_the_rule_as_it_is();
  what_waits_keeps_its_meaning();
  what_waits_gives_way_to_a_decision();
  trains_on_demand_and_decides();
  refuses_definitions();
  printf("all checks passed\n");
  return 0;
}
