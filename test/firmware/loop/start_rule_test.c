/* The start rule: its steps, what follows the truths, hysteresis, the vote of the standard. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../check.h"
#include "decide.h"
#include "decision/following_rule.h"
#include "decision/start_rule.h"
#include "decision/voices.h"

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

void start_rules(void) {
  steps_of_a_rule();
  a_rule_that_follows();
  a_shift_for_each_hour();
  hysteresis_keeps_what_is_not_the_default();
  mean_votes_of_the_standard();
}
