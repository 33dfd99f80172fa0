/* The parts of a decision that need no trainer: voices, start rule, limits of the plant, suspicion. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../modbus/check.h"
#include "decision/following_rule.h"
#include "decision/plant_limits.h"
#include "decision/standing.h"
#include "decision/start_rule.h"
#include "decision/suspicion.h"
#include "decision/voices.h"
#include "loop/decide/neighbours.h"

static uint32_t state = 1;
static uint32_t draw(uint32_t below) {
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
  et_standing one;
  uint8_t bytes[64];
} standing;

static void silent(uint8_t proposed[ET_VOICES]) { memset(proposed, ET_SILENT, ET_VOICES); }

static et_choice decide(const uint8_t proposed[ET_VOICES]) {
  et_choice choice;
  et_voices_decide(voices, &standing.one, proposed, 0, 0, &choice);
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
    et_voices_decide(voices, &standing.one, proposed, 0, 0, &choice);
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
  et_voices_decide(voices, &standing.one, proposed, 0, 2, &choice);
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
  et_voices_decide(voices, &standing.one, proposed, 4, 0, &choice);
  CHECK(choice.output_class != 2u && choice.confidence <= 1000u);
  et_voices_decide(voices, &standing.one, proposed, 3, 0, &choice);
  CHECK(choice.output_class == 2u);
  et_voices_decide(voices, &standing.one, proposed, 7, 0, &choice);
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

/* ---- Start rule ---- */

static void steps_of_a_rule(void) {
  static const et_definition_core core = {.features = 2, .classes = 3};
  static const uint8_t positions[5] = {0, 1, 2, 0, 1};
  et_definition definition = {.core = &core};
  et_start_rule rule;
  int16_t input[2] = {0, 0};
  memset(&rule, 0, sizeof rule);
  memset(rule.by, ET_ASSUMED, sizeof rule.by);
  rule.kind = ET_START_STEPS;
  rule.feature = 1;
  rule.steps = 2;
  rule.ends[0] = 210;
  rule.ends[1] = 230;
  rule.follow = 5;
  rule.classes[0] = 0;
  rule.classes[1] = 1;
  rule.classes[2] = 2;
  CHECK(et_start_rule_valid(&rule, 2, 3) && !et_start_rule_valid(&rule, 1, 3) && !et_start_rule_valid(&rule, 2, 2));
  input[1] = 210;
  CHECK(et_start_rule_say(&rule, &definition, input, 0) == 0u);
  input[1] = 211;
  CHECK(et_start_rule_say(&rule, &definition, input, 0) == 1u);
  input[1] = 231;
  CHECK(et_start_rule_say(&rule, &definition, input, 0) == 2u);
  CHECK(et_start_rule_towards(&rule, 2, 0) == 1 && et_start_rule_towards(&rule, 0, 1) == -1 && et_start_rule_towards(&rule, 1, 1) == 0);
  rule.ends[1] = 210;
  CHECK(!et_start_rule_valid(&rule, 2, 3));
  rule.kind = ET_START_CHOICE;
  input[1] = 2;
  CHECK(et_start_rule_say(&rule, &definition, input, 0) == 2u);
  input[1] = -1;
  CHECK(et_start_rule_say(&rule, &definition, input, 0) == ET_SILENT);
  input[1] = 3;
  CHECK(et_start_rule_say(&rule, &definition, input, 0) == ET_SILENT);
  /* The plant's code 2 is the class that is stored as 0; its first register is the feature that is stored second. */
  definition.positions = positions;
  input[1] = 2;
  CHECK(et_start_rule_say(&rule, &definition, input, 0) == 0u);
}

/* A thermostat on feature 0, 210 to 230, that follows; feature 1 is a context. */
static et_start_rule thermostat(void) {
  et_start_rule rule;
  memset(&rule, 0, sizeof rule);
  rule.kind = ET_START_STEPS;
  rule.steps = 2;
  rule.ends[0] = 210;
  rule.ends[1] = 230;
  rule.follow = 5;
  rule.classes[1] = 1;
  rule.classes[2] = 2;
  memset(rule.by, ET_ASSUMED, sizeof rule.by);
  return rule;
}

static uint32_t room[(sizeof(et_following) + 2u * ET_RULE_CONTEXTS * ET_FOLLOWING_PLACES + 3u) / 4u];
static et_following *const following = (et_following *)(void *)room;

static void a_rule_that_follows(void) {
  static const et_definition_core core = {.features = 2, .classes = 3, .storage = ET_STORAGE_INT16, .default_class = 1};
  const et_definition definition = {.core = &core};
  et_start_rule rule = thermostat();
  int16_t input[2] = {220, 0}, stored[2] = {0, -32767}, before = 0, turns = 0;
  uint32_t i;
  memset(room, 0, sizeof room);
  CHECK(et_following_bytes(&rule) == sizeof(et_following));
  /* Told that 220 is too cold, it comes to want more: 220 is then below its band. */
  while (et_start_rule_say(&rule, &definition, input, et_following_shift(following, &rule, &definition, stored)) != 0u && ++turns < 100)
    et_following_learn(following, &rule, &definition, stored, 1, 0);
  CHECK(following->shift >= 10 && following->shift <= 14 && turns > 2 && turns < 20);
  before = following->shift;
  et_following_learn(following, &rule, &definition, stored, 0, 0); /* right: nothing moves */
  CHECK(et_following_shift(following, &rule, &definition, stored) == before);
  /* Truths that contradict each other around it move it less than a step from end to end. */
  for (i = 0; i < 40u; i++) et_following_learn(following, &rule, &definition, stored, 1, (uint8_t)(2u * (i & 1u)));
  CHECK(abs(et_following_shift(following, &rule, &definition, stored) - before) < 5);
  for (i = 0; i < 100000u; i++) et_following_learn(following, &rule, &definition, stored, 2, 0);
  CHECK(et_following_shift(following, &rule, &definition, stored) == ET_RULE_SHIFT_MOST);
  /* Saved bytes may be anything. */
  memset(room, 0x7f, sizeof room);
  following->trend = INT16_MIN;
  et_following_learn(following, &rule, &definition, stored, 2, 0);
  CHECK(et_following_shift(following, &rule, &definition, stored) == ET_RULE_SHIFT_MOST);
  rule.follow = 0;
  CHECK(et_following_bytes(&rule) == 0u);
}

/* Mornings want 30 more than afternoons: without the hour nobody can serve both. */
static void a_shift_for_each_hour(void) {
  static const et_definition_core core = {.features = 2, .classes = 3, .storage = ET_STORAGE_INT8, .default_class = 1};
  const et_definition definition = {.core = &core};
  et_start_rule rule = thermostat();
  uint32_t day, pass, wrong[2] = {0, 0};
  for (pass = 0; pass < 2u; pass++) {
    rule.by[0] = pass == 0u ? (uint8_t)ET_ASSUMED : 1u;
    memset(room, 0, sizeof room);
    for (day = 0; day < 200u; day++) {
      int16_t hour;
      for (hour = -120; hour <= 120; hour = (int16_t)(hour + 16)) {
        const int8_t stored[2] = {0, (int8_t)hour};
        const int16_t input[2] = {(int16_t)(190 + draw(60)), 0}, wanted = hour < 0 ? 235 : 205;
        const uint8_t truth = input[0] < wanted - 10 ? 0u : input[0] <= wanted + 10 ? 1u : 2u;
        const uint8_t proposed = et_start_rule_say(&rule, &definition, input, et_following_shift(following, &rule, &definition, stored));
        if (day >= 100u && proposed != truth) wrong[pass]++;
        et_following_learn(following, &rule, &definition, stored, proposed, truth);
      }
    }
  }
  CHECK(et_following_bytes(&rule) == sizeof(et_following) + 2u * ET_FOLLOWING_PLACES);
  CHECK(wrong[0] > 600u && wrong[1] < wrong[0] / 3u);
}

static void hysteresis_keeps_what_is_not_the_default(void) {
  static const et_definition_core core = {.features = 1, .classes = 3, .default_class = 1};
  const et_definition definition = {.core = &core};
  et_start_rule rule = thermostat();
  int16_t input[1] = {215};
  rule.hysteresis = 10;
  CHECK(et_start_rule_valid(&rule, 1, 3));
  CHECK(et_start_rule_say(&rule, &definition, input, 0) == 1u && et_start_rule_stay(&rule, &definition, input, 0, 1) == 1u);
  CHECK(et_start_rule_stay(&rule, &definition, input, 0, 0) == 0u && et_start_rule_stay(&rule, &definition, input, 0, 2) == 1u);
  input[0] = 221;
  CHECK(et_start_rule_stay(&rule, &definition, input, 0, 0) == 1u && et_start_rule_stay(&rule, &definition, input, 0, 2) == 2u);
  CHECK(et_start_rule_stay(&rule, &definition, input, 0, ET_SILENT) == 1u);
  input[0] = 210; /* the default class is left at its end */
  CHECK(et_start_rule_stay(&rule, &definition, input, 0, 1) == 0u);
  rule.hysteresis = -1;
  CHECK(!et_start_rule_valid(&rule, 1, 3));
  rule.hysteresis = 0;
  rule.leads = 2;
  CHECK(!et_start_rule_valid(&rule, 1, 3));
  rule.leads = 1;
  rule.by[2] = 1;
  CHECK(!et_start_rule_valid(&rule, 1, 3));
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

/* ISO 7730:2005, table D.1: air, radiant, humidity, air speed, met, clo, PMV. */
static void mean_votes_of_the_standard(void) {
  static const float TABLE[][7] = {
      {22, 22, 60, 0.1f, 1.2f, 0.5f, -0.75f},       {27, 27, 60, 0.1f, 1.2f, 0.5f, 0.77f},        {27, 27, 60, 0.3f, 1.2f, 0.5f, 0.44f},
      {23.5f, 25.5f, 60, 0.1f, 1.2f, 0.5f, -0.01f}, {23.5f, 25.5f, 60, 0.3f, 1.2f, 0.5f, -0.55f}, {19, 19, 40, 0.1f, 1.2f, 1, -0.6f},
      {23.5f, 23.5f, 40, 0.3f, 1.2f, 1, 0.12f},     {23, 21, 40, 0.1f, 1.2f, 1, 0.05f},           {23, 21, 40, 0.3f, 1.2f, 1, -0.16f},
      {22, 22, 60, 0.1f, 1.6f, 0.5f, 0.05f},        {27, 27, 60, 0.1f, 1.6f, 0.5f, 1.17f},        {27, 27, 60, 0.3f, 1.6f, 0.5f, 0.95f},
  };
  static const float HOSTILE[] = {-1e30f, 1e30f, NAN, INFINITY, 0};
  uint32_t i, j;
  for (i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++)
    CHECK(fabsf((float)et_predicted_mean_vote(TABLE[i]) - 1000.0f * TABLE[i][6]) <= 15.0f);
  for (i = 0; i < 3125u; i++) {
    float inputs[ET_PMV_INPUTS];
    uint32_t digits = i;
    int16_t vote;
    for (j = 0; j < 5u; j++, digits /= 5u) inputs[j] = HOSTILE[digits % 5u];
    inputs[5] = HOSTILE[i % 4u];
    vote = et_predicted_mean_vote(inputs);
    CHECK(vote >= -3000 && vote <= 3000);
  }
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
  return et_standing_choose(&standing.one, 3, proposed, tables, barred, by);
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
    et_standing_learn(&standing.one, 3, proposed, draw(2) == 0u ? truth : (uint8_t)((truth + 1u) % 3u), truth);
    proposed[ET_DECIDED_BY_MODEL] = 1;
    proposed[ET_DECIDED_BY_LAST_TRUTH] = 2;
    if (taken == 0u && stands(proposed, 0, 0, &by) == 1u && by == ET_DECIDED_BY_MODEL) taken = i + 1u;
  }
  CHECK(taken > 5u && taken < 100u);
  CHECK(stands(proposed, 0, 1u << 1, &by) == 0u); /* what is barred has no weight */
  CHECK(et_standing_valid(&standing.one) && standing.one.behind[ET_DECIDED_BY_MODEL] == 0u);
  for (i = 0; i < 300u; i++) { /* it turns bad, the tables are right */
    const uint8_t truth = (uint8_t)draw(3);
    proposed[ET_DECIDED_BY_MODEL] = (uint8_t)((truth + 1u) % 3u);
    et_standing_learn(&standing.one, 3, proposed, truth, truth);
    proposed[ET_DECIDED_BY_MODEL] = 1;
    proposed[ET_DECIDED_BY_LAST_TRUTH] = ET_SILENT;
    if (back == 0u && stands(proposed, 0, 0, &by) == 0u) back = i + 1u;
  }
  CHECK(back > 0u && back <= taken + 60u);
  standing.one.behind[0] = 1025u;
  CHECK(!et_standing_valid(&standing.one));
  et_standing_forget(&standing.one);
  CHECK(et_standing_valid(&standing.one));
}

/* Where only two voices speak, two that agree are as much as the tables: the first error of these decides. Where more speak, and are of another
 * opinion, it does not. */
static void tables_weigh_as_those_who_speak(void) {
  uint8_t proposed[ET_VOICES], by;
  memset(&standing, 0, sizeof standing);
  silent(proposed);
  proposed[ET_DECIDED_BY_MODEL] = proposed[ET_DECIDED_BY_LAST_TRUTH] = 1;
  CHECK(stands(proposed, 0, 0, &by) == 0u);
  et_standing_learn(&standing.one, 3, proposed, 0, 1);
  CHECK(stands(proposed, 0, 0, &by) == 1u);
  proposed[ET_DECIDED_BY_START_RULE] = proposed[ET_DECIDED_BY_SECOND_MODEL] = 0;
  CHECK(stands(proposed, 0, 0, &by) == 0u);
  silent(proposed);
  CHECK(stands(proposed, 2, 0, &by) == 2u); /* nobody speaks */
  et_standing_forget(&standing.one);
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
  for (i = 0; i < 200u; i++) et_standing_learn(&standing.one, 3, proposed, 0, 1);
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
    et_standing_learn(&standing.one, 2, proposed, proposed[ET_DECIDED_BY_START_RULE], truth);
  }
  CHECK(standing.one.behind[ET_DECIDED_BY_MODEL] < 300u && standing.one.behind[ET_DECIDED_BY_START_RULE] > 700u);
  CHECK(standing.one.came[0] > 5u * standing.one.came[1]);
}

/* ---- Suspicion ---- */

static et_feedback_watch watched;
static et_stillness still[2];

/* `truths` that agree with the decision in `permille` of the cases; feature 0 tells the decision. */
static uint32_t feed(uint32_t truths, uint32_t permille, int stuck_outcome, bool stuck_feature, et_suspicion *first) {
  uint32_t i, changed = 0;
  *first = ET_SUSPICION_NONE;
  for (i = 0; i < truths; i++) {
    int16_t features[2];
    et_evidence evidence;
    evidence.decided = (uint8_t)draw(3);
    features[0] = stuck_feature ? (int16_t)5 : (int16_t)draw(200);
    features[1] = (int16_t)(i / 100u);
    evidence.features = features;
    evidence.narrow = false;
    evidence.truth = stuck_outcome >= 0      ? (uint8_t)stuck_outcome
                     : draw(1000) < permille ? evidence.decided
                                             : (uint8_t)((evidence.decided + 1u + draw(2)) % 3u);
    evidence.outcome = evidence.truth;
    evidence.model = evidence.decided;
    evidence.model_accuracy = (uint16_t)permille;
    evidence.others = 667;
    if (et_suspicion_judged(&watched, still, 2, &evidence)) {
      changed++;
      if (*first == ET_SUSPICION_NONE) {
        *first = (et_suspicion)watched.kind;
        if (*first != ET_SUSPICION_NONE) return i + 1u;
      }
    }
  }
  return changed == 0u ? 0u : truths;
}

static void begin_stable(void) {
  et_suspicion kind;
  et_suspicion_begin(&watched, still, 2);
  CHECK(feed(200, 940, -1, false, &kind) == 0u);
}

/* A class that four truths of five are of, and decisions that follow the last truth: they agree with whatever the sensor says. The model says
 * the other class in `permille` of the cases, at random or as one long error. */
static void follow(uint32_t truths, bool stuck, uint32_t permille, bool in_one) {
  uint32_t i;
  for (i = 0; i < truths; i++) {
    int16_t feature = (int16_t)draw(200);
    et_evidence evidence;
    evidence.features = &feature;
    evidence.narrow = false;
    evidence.model = (uint8_t)(in_one ? (1000u * i < permille * truths ? 1u : 0u) : (draw(1000) < permille ? 1u : 0u));
    evidence.truth = stuck ? 0u : evidence.model;
    evidence.outcome = evidence.truth;
    evidence.decided = evidence.truth;
    evidence.model_accuracy = 950;
    evidence.others = 200;
    et_suspicion_judged(&watched, still, 1, &evidence);
  }
}

/* A weekend: nobody comes for a thousand minutes, then the sun moves the features slowly over the model's border, to and fro, and it stays wrong. */
static void a_border_crossed_in_a_burst_is_no_stuck_outcome(void) {
  uint32_t burst;
  et_suspicion_begin(&watched, still, 1);
  follow(400, false, 200, false);
  for (burst = 0; burst < 3u; burst++) {
    follow(1000, true, 0, false);
    follow(30, true, 500, false);
    CHECK(watched.kind == ET_SUSPICION_NONE);
    follow(600, true, 1000, false);
    CHECK(watched.kind == ET_SUSPICION_NONE);
  }
}

static void a_stuck_outcome_that_decisions_follow(void) {
  et_suspicion_begin(&watched, still, 1);
  follow(400, false, 200, false);
  CHECK(watched.kind == ET_SUSPICION_NONE);
  follow(200, true, 200, false);
  CHECK(watched.kind == ET_SUSPICION_OUTCOME_STUCK);
  follow(2000, true, 200, false);
  CHECK(watched.kind == ET_SUSPICION_OUTCOME_STUCK); /* the decisions agree with it, and it still does not move */
  follow(60, false, 200, false);
  CHECK(watched.kind == ET_SUSPICION_NONE);
  /* A quiet night with some errors of the model, and one with a long error, are no broken sensor. */
  follow(1000, true, 20, false);
  CHECK(watched.kind == ET_SUSPICION_NONE);
  follow(60, false, 200, false);
  follow(400, true, 250, true);
  CHECK(watched.kind == ET_SUSPICION_NONE);
}

static void suspicions_by_name(void) {
  et_suspicion kind;
  uint32_t i, after;
  begin_stable();
  after = feed(400, 0, 1, false, &kind);
  CHECK(kind == ET_SUSPICION_OUTCOME_STUCK && after <= 40u);
  begin_stable();
  after = feed(400, 30, -1, false, &kind);
  CHECK(kind == ET_SUSPICION_CONTRADICTION && after <= 40u);
  begin_stable();
  after = feed(400, 333, -1, false, &kind);
  CHECK((kind == ET_SUSPICION_INDEPENDENT || kind == ET_SUSPICION_CONTRADICTION) && after <= 200u);
  begin_stable();
  after = feed(400, 600, -1, true, &kind);
  CHECK(kind == ET_SUSPICION_FEATURE_STUCK && watched.feature == 0u && after <= 60u);
  /* It ends by itself when the truths agree again, or when somebody vouches for them. */
  feed(200, 940, -1, false, &kind);
  CHECK(watched.kind == ET_SUSPICION_NONE);
  begin_stable();
  feed(400, 0, 1, false, &kind);
  et_suspicion_trust(&watched);
  CHECK(watched.kind == ET_SUSPICION_NONE && feed(100, 0, -1, false, &kind) == 0u);
  /* No alarm over a good model, a noisy one, a poor one, or one that becomes worse slowly. */
  for (i = 0; i < 50u; i++) {
    begin_stable();
    CHECK(feed(2000, 940, -1, false, &kind) == 0u);
    CHECK(feed(500, 850, -1, false, &kind) == 0u);
    et_suspicion_begin(&watched, still, 2);
    CHECK(feed(2000, 500, -1, false, &kind) == 0u);
  }
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
  steps_of_a_rule();
  a_rule_that_follows();
  a_shift_for_each_hour();
  hysteresis_keeps_what_is_not_the_default();
  tables_must_beat_the_rule_that_leads();
  mean_votes_of_the_standard();
  plant_limits();
  the_better_opinion_decides();
  tables_weigh_as_those_who_speak();
  standing_decides_unless_it_is_left_out();
  rare_truths_count_as_much();
  suspicions_by_name();
  a_stuck_outcome_that_decisions_follow();
  a_border_crossed_in_a_burst_is_no_stuck_outcome();
  puts("all checks passed");
  return 0;
}
