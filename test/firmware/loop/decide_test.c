/* The parts of a decision that need no trainer: voices, start rule, limits of the plant, suspicion. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../check.h"
#include "decide.h"
#include "decision/plant_limits.h"
#include "decision/standing.h"
#include "decision/voices.h"
#include "loop/decide/neighbours.h"

static uint32_t state = 1;
uint32_t draw(uint32_t below) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return (uint32_t)((uint64_t)state * below >> 32);
}

/* ---- Voices ---- */

static union {
  et_voices voices;
  uint8_t bytes[4096];
} memory;
static et_voices *const voices = &memory.voices;
static union {
  et_standing state;
  uint8_t bytes[64];
} standing;

static void silent(uint8_t proposed[ET_VOICES]) { memset(proposed, ET_SILENT, ET_VOICES); }

static et_choice decide(const uint8_t proposed[ET_VOICES]) {
  et_choice choice;
  et_voices_decide(voices, &standing.state, proposed, 0, 0, &choice);
  return choice;
}

static void logarithms(void) {
  uint16_t v;
  for (v = 1; v < 256u; v++) CHECK(fabs(et_log2((uint8_t)v) - 256.0 * log2(v)) < 1.3);
}

/* Against the sum of logarithms in double precision, tables as they come. */
static void naive_bayes_in_double(void) {
  uint32_t round, apart = 0;
  for (round = 0; round < 20000u; round++) {
    static double tables[ET_VOICES][16][16];
    uint8_t proposed[ET_VOICES], v, c, i, best = 0, classes = (uint8_t)(2u + draw(6));
    double sums[16] = {0}, next = -1e9;
    et_choice choice;
    et_voices_begin(voices, classes);
    for (v = 0; v < ET_VOICES; v++) {
      proposed[v] = draw(4) == 0u ? ET_SILENT : (uint8_t)draw(classes);
      for (c = 0; c < classes; c++)
        for (i = 0; i < classes; i++) {
          const uint8_t n = (uint8_t)(1u + draw(250u / classes));
          voices->tables[((uint32_t)v * classes + c) * classes + i] = n;
          tables[v][c][i] = n;
        }
    }
    CHECK(et_voices_valid(voices, classes));
    et_voices_decide(voices, &standing.state, proposed, 0, 0, &choice);
    CHECK(choice.output_class < classes && choice.confidence <= 1000u);
    for (c = 0; c < classes; c++) {
      for (v = 0; v < ET_VOICES; v++) {
        double sum = 0, own = 0;
        if (proposed[v] == ET_SILENT) continue;
        for (i = 0; i < classes; i++) {
          sum += tables[v][c][i];
          own += tables[v][proposed[v]][i];
        }
        sums[c] += fmin(log2(tables[v][c][proposed[v]] / sum), log2(tables[v][proposed[v]][proposed[v]] / own));
      }
      if (sums[c] > sums[best]) best = c;
    }
    for (c = 0; c < classes; c++)
      if (c != best && sums[c] > next) next = sums[c];
    if (choice.output_class != best) {
      CHECK(sums[best] - next < 0.06 || sums[best] == 0.0);
      apart++;
    }
  }
  CHECK(apart < 2000u); /* ties of capped words, and roundings */
}

static void nobody_has_earned_anything_yet(void) {
  uint8_t proposed[ET_VOICES];
  et_choice choice;
  et_voices_begin(voices, 3);
  silent(proposed);
  et_voices_decide(voices, &standing.state, proposed, 0, 2, &choice);
  CHECK(choice.output_class == 2u); /* nobody speaks: the fallback */
  proposed[ET_DECIDED_BY_START_RULE] = 1;
  proposed[ET_DECIDED_BY_LAST_TRUTH] = 0;
  choice = decide(proposed);
  CHECK(choice.output_class == 1u && choice.by == ET_DECIDED_BY_START_RULE); /* one against one: the start rule's */
  proposed[ET_DECIDED_BY_FOLLOWING_RULE] = 1;
  proposed[ET_DECIDED_BY_MODEL] = 0;
  choice = decide(proposed);
  CHECK(choice.output_class == 1u);
}

/* A rule that is right in half of the cases, a model in nine of ten: the model takes over, and loses its word when it turns bad. */
static void who_is_right_decides(void) {
  uint8_t proposed[ET_VOICES];
  uint32_t i, right = 0, before = 0, by_model = 0, after = 0;
  et_voices_begin(voices, 3);
  for (i = 0; i < 900u; i++) {
    const uint8_t truth = (uint8_t)draw(3);
    const bool good = i < 600u;
    et_choice choice;
    silent(proposed);
    proposed[ET_DECIDED_BY_START_RULE] = draw(100) < 70u ? truth : (uint8_t)draw(3);
    proposed[ET_DECIDED_BY_MODEL] = good && draw(100) < 90u ? truth : (uint8_t)draw(3);
    choice = decide(proposed);
    if (i >= 100u && good) {
      before++;
      right += choice.output_class == truth;
      by_model += choice.by == ET_DECIDED_BY_MODEL;
    }
    if (i >= 800u) after += choice.output_class == truth;
    et_voices_learn(voices, proposed, truth, choice.output_class == truth, choice.bin);
  }
  CHECK(right * 100u > before * 90u && by_model * 100u > before * 70u);
  CHECK(after > 70u); /* of 100: the rule alone has 80 */
  CHECK(et_voices_valid(voices, 3));
  CHECK(et_voices_accuracy(voices, ET_DECIDED_BY_LAST_TRUTH) == 65535u);
  CHECK(et_voices_accuracy(voices, ET_DECIDED_BY_START_RULE) > 740u && et_voices_accuracy(voices, ET_DECIDED_BY_START_RULE) < 860u);
}

/* A voice that says the opposite every time is not heard, and not read the other way round either. */
static void the_opposite_is_not_heard(void) {
  uint8_t proposed[ET_VOICES];
  uint32_t i;
  et_voices_begin(voices, 2);
  for (i = 0; i < 200u; i++) {
    silent(proposed);
    proposed[ET_DECIDED_BY_START_RULE] = (uint8_t)(i & 1u);
    proposed[ET_DECIDED_BY_MODEL] = i % 4u < 3u ? (uint8_t)(1u - (i & 1u)) : (uint8_t)(i & 1u);
    et_voices_learn(voices, proposed, (uint8_t)(1u - (i & 1u)), false, 0);
  }
  for (i = 0; i < 4u; i++) {
    silent(proposed);
    proposed[ET_DECIDED_BY_START_RULE] = (uint8_t)(i & 1u);
    CHECK(decide(proposed).output_class == (i & 1u)); /* alone */
    proposed[ET_DECIDED_BY_MODEL] = (uint8_t)(i >> 1);
    CHECK(decide(proposed).output_class == i >> 1);
  }
}

/* Of decisions told with confidence p, the share p comes true, although three voices say the same for the same reason. */
static void confidence_is_what_comes_true(void) {
  uint32_t told[10] = {0}, true_of[10] = {0}, i, seen = 0;
  double apart = 0;
  et_voices_begin(voices, 3);
  for (i = 0; i < 20000u; i++) {
    const uint8_t truth = (uint8_t)draw(3), seen_as = draw(100) < 60u ? truth : (uint8_t)draw(3);
    uint8_t proposed[ET_VOICES];
    et_choice choice;
    silent(proposed);
    proposed[0] = proposed[1] = proposed[3] = seen_as;
    if (draw(10) == 0u) proposed[0] = (uint8_t)draw(3);
    choice = decide(proposed);
    if (i >= 1000u) {
      const uint32_t decile = choice.confidence >= 1000u ? 9u : choice.confidence / 100u;
      told[decile]++;
      true_of[decile] += choice.output_class == truth;
      apart += fabs(choice.confidence / 1000.0 - (choice.output_class == truth ? 1.0 : 0.0));
      seen++;
    }
    et_voices_learn(voices, proposed, truth, choice.output_class == truth, choice.bin);
  }
  for (i = 0; i < 10u; i++)
    if (told[i] > 500u) CHECK(fabs((double)true_of[i] / told[i] - (i + 0.5) / 10.0) < 0.1);
  CHECK(apart / seen < 0.45);
}

static void barred_classes_are_not_decided(void) {
  uint8_t proposed[ET_VOICES];
  et_choice choice;
  et_voices_begin(voices, 3);
  silent(proposed);
  proposed[0] = 2;
  et_voices_decide(voices, &standing.state, proposed, 4, 0, &choice);
  CHECK(choice.output_class != 2u && choice.confidence <= 1000u);
  et_voices_decide(voices, &standing.state, proposed, 3, 0, &choice);
  CHECK(choice.output_class == 2u);
  et_voices_decide(voices, &standing.state, proposed, 7, 0, &choice);
  CHECK(choice.output_class == 2u); /* all are barred: none is */
}

/* The last truth is a word while truths keep coming; when they stop it is stale. */
static void the_last_truth_grows_stale(void) {
  uint32_t i, j;
  et_voices_begin(voices, 3);
  CHECK(et_voices_last(voices) == ET_SILENT);
  for (i = 0; i < 50u; i++) {
    et_voices_truth(voices, (uint8_t)(i % 3u));
    for (j = 0; j < 4u; j++) CHECK(et_voices_last(voices) == i % 3u || i < 10u);
  }
  for (j = 4; j < 16u; j++) CHECK(et_voices_last(voices) == 49u % 3u);
  for (j = 0; j < 100000u; j++) (void)et_voices_last(voices);
  CHECK(et_voices_last(voices) == ET_SILENT);
}

static void damaged_tables_are_refused(void) {
  et_voices_begin(voices, 3);
  CHECK(et_voices_valid(voices, 3) && !et_voices_valid(voices, 4));
  voices->tables[5] = 0;
  CHECK(!et_voices_valid(voices, 3));
  voices->tables[5] = 250;
  CHECK(!et_voices_valid(voices, 3));
  et_voices_begin(voices, 3);
  voices->last = 3;
  CHECK(!et_voices_valid(voices, 3));
}

/* Tables that are right in 60 of 100 truths where the two differ are believed; by chance they are not. */
static void tables_must_beat_the_rule_that_leads(void) {
  uint32_t i, j, believed = 0;
  for (j = 0; j < 50u; j++) {
    et_voices_begin(voices, 3);
    for (i = 0; i < 100u; i++) {
      const bool tables = draw(100) < 50u;
      et_voices_compare(voices, tables ? 1u : 2u, tables ? 2u : 1u, 1);
    }
    believed += voices->together;
  }
  CHECK(believed <= 4u);
  et_voices_begin(voices, 3);
  for (i = 0; i < 100u; i++) et_voices_compare(voices, 1, 1, 1); /* alike */
  for (i = 0; i < 100u; i++) et_voices_compare(voices, 0, 2, 1); /* both wrong */
  CHECK(voices->ahead == 0u && voices->behind == 0u);
  for (i = 0; i < 10u; i++) et_voices_compare(voices, 1, 2, 1);
  CHECK(voices->together == 1u && et_voices_valid(voices, 3));
  for (i = 0; i < 10u; i++) et_voices_compare(voices, 2, 1, 1);
  CHECK(voices->together == 0u);
}

/* ---- Limits of the plant ---- */

static void plant_limits(void) {
  et_plant_limits limits;
  et_limited why;
  memset(&limits, 0, sizeof limits);
  CHECK(et_plant_limits_valid(&limits, 3) && et_plant_limits_barred(&limits, 1, 0, &why) == 0u && why == ET_LIMITED_NOT);
  limits.hold_s[1] = 60;
  limits.opposed[0] = 4;
  CHECK(!et_plant_limits_valid(&limits, 3)); /* one way only */
  limits.opposed[2] = 1;
  CHECK(et_plant_limits_valid(&limits, 3));
  CHECK(et_plant_limits_barred(&limits, 1, 59999, &why) == 0xfffdu && why == ET_LIMITED_HELD);
  CHECK(et_plant_limits_barred(&limits, 1, 60000, &why) == 0u && why == ET_LIMITED_NOT);
  CHECK(et_plant_limits_barred(&limits, 0, 0, &why) == 4u && why == ET_LIMITED_OPPOSED);
  CHECK(et_plant_limits_way(&limits, 3, 0, 2, 4) == 5u);            /* from 0 to 2 by way of 1 */
  CHECK(et_plant_limits_way(&limits, 3, 0, 2, 0xfffeu) == 0xfffeu); /* held */
  limits.opposed[0] = 6;
  limits.opposed[1] = 1;
  CHECK(!et_plant_limits_valid(&limits, 3)); /* nowhere to go from class 0 */
}

/* ---- Standing ---- */

static uint8_t stands(const uint8_t proposed[ET_VOICES], uint8_t tables, uint16_t barred, uint8_t *by) {
  *by = ET_DECIDED_BY_START_RULE;
  return et_standing_choose(&standing.state, 3, proposed, tables, barred, by);
}

static void the_better_opinion_decides(void) {
  uint8_t proposed[ET_VOICES], by;
  uint32_t i, taken = 0, back = 0;
  memset(&standing, 0, sizeof standing);
  memset(proposed, 2, sizeof proposed);
  CHECK(stands(proposed, 0, 0, &by) == 0u &&
        by == ET_DECIDED_BY_START_RULE); /* nobody has shown anything: the tables, against all voices */
  silent(proposed);
  for (i = 0; i < 120u; i++) { /* the tables are wrong in half of the cases, the model never */
    const uint8_t truth = (uint8_t)draw(3);
    proposed[ET_DECIDED_BY_MODEL] = truth;
    proposed[ET_DECIDED_BY_LAST_TRUTH] = (uint8_t)draw(3);
    et_standing_learn(&standing.state, 3, proposed, draw(2) == 0u ? truth : (uint8_t)((truth + 1u) % 3u), truth);
    proposed[ET_DECIDED_BY_MODEL] = 1;
    proposed[ET_DECIDED_BY_LAST_TRUTH] = 2;
    if (taken == 0u && stands(proposed, 0, 0, &by) == 1u && by == ET_DECIDED_BY_MODEL) taken = i + 1u;
  }
  CHECK(taken > 5u && taken < 100u);
  CHECK(stands(proposed, 0, 1u << 1, &by) == 0u); /* what is barred has no weight */
  CHECK(et_standing_valid(&standing.state) && standing.state.behind[ET_DECIDED_BY_MODEL] == 0u);
  for (i = 0; i < 300u; i++) { /* it turns bad, the tables are right */
    const uint8_t truth = (uint8_t)draw(3);
    proposed[ET_DECIDED_BY_MODEL] = (uint8_t)((truth + 1u) % 3u);
    et_standing_learn(&standing.state, 3, proposed, truth, truth);
    proposed[ET_DECIDED_BY_MODEL] = 1;
    proposed[ET_DECIDED_BY_LAST_TRUTH] = ET_SILENT;
    if (back == 0u && stands(proposed, 0, 0, &by) == 0u) back = i + 1u;
  }
  CHECK(back > 0u && back <= taken + 60u);
  standing.state.behind[0] = 1025u;
  CHECK(!et_standing_valid(&standing.state));
  et_standing_forget(&standing.state);
  CHECK(et_standing_valid(&standing.state));
}

/* Where only two voices speak, two that agree are as much as the tables: the first error of these decides. Where more speak, and are of another
 * opinion, it does not. */
static void tables_weigh_as_those_who_speak(void) {
  uint8_t proposed[ET_VOICES], by;
  memset(&standing, 0, sizeof standing);
  silent(proposed);
  proposed[ET_DECIDED_BY_MODEL] = proposed[ET_DECIDED_BY_LAST_TRUTH] = 1;
  CHECK(stands(proposed, 0, 0, &by) == 0u);
  et_standing_learn(&standing.state, 3, proposed, 0, 1);
  CHECK(stands(proposed, 0, 0, &by) == 1u);
  proposed[ET_DECIDED_BY_START_RULE] = proposed[ET_DECIDED_BY_SECOND_MODEL] = 0;
  CHECK(stands(proposed, 0, 0, &by) == 0u);
  silent(proposed);
  CHECK(stands(proposed, 2, 0, &by) == 2u); /* nobody speaks */
  et_standing_forget(&standing.state);
}

/* A decision follows the standing where there is one to follow: not where a rule leads. */
static void standing_decides_unless_it_is_left_out(void) {
  uint8_t proposed[ET_VOICES], i;
  et_choice choice;
  memset(&standing, 0, sizeof standing);
  et_voices_begin(voices, 3);
  silent(proposed);
  proposed[ET_DECIDED_BY_START_RULE] = proposed[ET_DECIDED_BY_LAST_TRUTH] = 0;
  proposed[ET_DECIDED_BY_MODEL] = 1;
  for (i = 0; i < 200u; i++) et_standing_learn(&standing.state, 3, proposed, 0, 1);
  choice = decide(proposed);
  CHECK(choice.output_class == 1u && choice.tables == 0u && choice.by == ET_DECIDED_BY_MODEL && choice.confidence <= 1000u);
  et_voices_decide(voices, NULL, proposed, 0, 0, &choice);
  CHECK(choice.output_class == 0u && choice.tables == 0u);
  memset(&standing, 0, sizeof standing);
}

/* Nine truths of ten are of one class. Who says only that one is right nine times of ten, and stands no better than who guesses evenly. */
static void rare_truths_count_as_much(void) {
  uint8_t proposed[ET_VOICES];
  uint32_t i;
  memset(&standing, 0, sizeof standing);
  silent(proposed);
  for (i = 0; i < 2000u; i++) {
    const uint8_t truth = (uint8_t)(draw(10) == 0u ? 1u : 0u);
    proposed[ET_DECIDED_BY_START_RULE] = 0;
    proposed[ET_DECIDED_BY_MODEL] = draw(100) < 75u ? truth : (uint8_t)(1u - truth);
    et_standing_learn(&standing.state, 2, proposed, proposed[ET_DECIDED_BY_START_RULE], truth);
  }
  CHECK(standing.state.behind[ET_DECIDED_BY_MODEL] < 300u && standing.state.behind[ET_DECIDED_BY_START_RULE] > 700u);
  CHECK(standing.state.came[0] > 5u * standing.state.came[1]);
}

/* ---- Neighbours of a new sample ---- */

/* Whether sample a is nearer than b: of two as near the newer one. */
static bool is_nearer(const et_neighbour *all, uint8_t a, uint8_t b) {
  return all[a].distance < all[b].distance || (all[a].distance == all[b].distance && a > b);
}

/* Against counting how many are nearer, with many as near as each other. */
static void neighbours_by_counting(void) {
  uint32_t round, found = 0;
  for (round = 0; round < 20000u; round++) {
    et_neighbour all[30];
    et_neighbours neighbours;
    const uint8_t count = (uint8_t)draw(30);
    uint16_t contradicting = ET_NO_NEIGHBOUR;
    uint8_t i, j, same = 0, among = 0, first = ET_NEIGHBOURS;
    memset(&neighbours, 0, sizeof neighbours);
    for (i = 0; i < count; i++) {
      all[i].distance = draw(12);
      all[i].at = (uint16_t)(100u + i);
      all[i].same = draw(3) != 0u;
      all[i].stays = draw(4) == 0u;
      et_neighbours_note(&neighbours, &all[i]);
    }
    for (i = 0; i < count; i++) {
      uint8_t nearer = 0;
      for (j = 0; j < count; j++) nearer = (uint8_t)(nearer + is_nearer(all, j, i));
      if (nearer >= ET_NEIGHBOURS) continue;
      among++;
      if (all[i].same) same++;
      else if (!all[i].stays && nearer < first) {
        first = nearer;
        contradicting = all[i].at;
      }
    }
    if (2u * same <= among) contradicting = ET_NO_NEIGHBOUR;
    CHECK(et_neighbours_contradict(&neighbours) == contradicting);
    found += contradicting != ET_NO_NEIGHBOUR;
  }
  CHECK(found > 5000u);
}

static void distances_at_the_ends(void) {
  static const int8_t low[3] = {-128, 5, -128}, high[3] = {127, 4, -128};
  static const int16_t low_wide[2] = {-32768, 7}, high_wide[2] = {32767, -7};
  CHECK(et_distance(low, high, 3, false) == 256u && et_distance(high, low, 3, false) == 256u);
  CHECK(et_distance(low_wide, high_wide, 2, true) == 65549u && et_distance(low, low, 0, false) == 0u);
}

int main(void) {
  neighbours_by_counting();
  distances_at_the_ends();
  logarithms();
  naive_bayes_in_double();
  nobody_has_earned_anything_yet();
  who_is_right_decides();
  the_opposite_is_not_heard();
  confidence_is_what_comes_true();
  barred_classes_are_not_decided();
  the_last_truth_grows_stale();
  damaged_tables_are_refused();
  start_rules();
  tables_must_beat_the_rule_that_leads();
  plant_limits();
  the_better_opinion_decides();
  tables_weigh_as_those_who_speak();
  standing_decides_unless_it_is_left_out();
  rare_truths_count_as_much();
  suspicions();
  puts("all checks passed");
  return 0;
}
