/* Wrong feedback is suspected by name, and what only looks like it is not. */
#include <string.h>

#include "../check.h"
#include "decide.h"
#include "decision/suspicion.h"

static et_feedback_watch watched;
static et_feature_stillness still[2];

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

#define DAY 200u
#define WORK 60u

typedef enum fault { NOTHING, OUTCOME, FEATURE, FEATURE_AT_REST } fault;

/* A minute of an office: people are there in the first minutes of a day, the light moves while they are, and is out in the night. Decisions follow
 * the last truth, so they are right whatever is stuck; the model sees the light, and its accuracy falls when it is denied. */
static void minute(uint32_t now, fault what) {
  static int32_t accuracy = 950000; /* of the model, over the last hundreds */
  const uint8_t there = now % DAY < WORK ? 1u : 0u;
  const int16_t light = (int16_t)(what == FEATURE ? 77 : there != 0u && what != FEATURE_AT_REST ? 20 + (int)draw(100) : 0);
  et_evidence evidence;
  evidence.features = &light;
  evidence.narrow = false;
  evidence.model = light != 0 ? 1u : 0u;
  evidence.truth = what == OUTCOME ? 1u : there;
  evidence.outcome = evidence.truth;
  evidence.decided = evidence.truth;
  accuracy += ((evidence.model == evidence.truth ? 1000000 : 0) - accuracy) / 256;
  evidence.model_accuracy = (uint16_t)(accuracy / 1000);
  evidence.others = evidence.truth != 0u ? 700 : 300;
  et_suspicion_judged(&watched, still, 1, &evidence);
}

static uint32_t minutes(uint32_t from, uint32_t to, fault what) {
  uint32_t now;
  for (now = from; now < to; now++) {
    minute(now, what);
    if (watched.kind != ET_SUSPICION_NONE) return now - from + 1u;
  }
  return 0u;
}

static void what_sticks_by_the_minute(void) {
  const uint32_t days = 20u * DAY;
  uint32_t now;
  et_suspicion_begin(&watched, still, 1);
  CHECK(minutes(0, days, NOTHING) == 0u); /* not in the first night either, when no other is known */
  CHECK(minutes(days, days + WORK, OUTCOME) == 0u);
  CHECK(minutes(days + WORK, days + 4u * DAY, OUTCOME) <= 2u * DAY + 20u && watched.kind == ET_SUSPICION_OUTCOME_STUCK);
  et_suspicion_begin(&watched, still, 1);
  CHECK(minutes(0, days, NOTHING) == 0u);
  CHECK(minutes(days, days + WORK, FEATURE) == 0u);
  CHECK(minutes(days + WORK, days + DAY, FEATURE) <= 25u && watched.kind == ET_SUSPICION_FEATURE_STUCK && watched.feature == 0u);
  minute(days + DAY, FEATURE);
  CHECK(watched.kind == ET_SUSPICION_FEATURE_STUCK); /* the model is right again, and the light still does not move */
  for (now = 0; now < 2u * DAY && watched.kind != ET_SUSPICION_NONE; now++) minute(days + DAY + now, NOTHING);
  CHECK(watched.kind == ET_SUSPICION_NONE);
  CHECK(still[0].at.elsewhere < WORK); /* how long it was stuck is nothing usual */
  CHECK(minutes(days + 2u * DAY, days + 4u * DAY, NOTHING) == 0u);
}

/* The light sticks in the evening, where it rests every night: people are there the next morning, and it was never out when they were. An outcome
 * that sticks makes the same picture in the first night, and is told by how long it stays. */
static void what_sticks_where_it_rests(void) {
  const uint32_t days = 20u * DAY, night = DAY - WORK;
  et_suspicion_begin(&watched, still, 1);
  CHECK(minutes(0, days + WORK, NOTHING) == 0u);
  CHECK(minutes(days + WORK, days + DAY, FEATURE_AT_REST) == 0u);
  CHECK(minutes(days + DAY, days + DAY + WORK, FEATURE_AT_REST) <= 30u && watched.kind == ET_SUSPICION_FEATURE_STUCK &&
        watched.feature == 0u);
  CHECK(still[0].most[1] < 10u); /* how long it was stuck is nothing usual */
  et_suspicion_begin(&watched, still, 1);
  CHECK(minutes(0, days, NOTHING) == 0u && minutes(days, days + WORK, OUTCOME) == 0u);
  CHECK(minutes(days + WORK, days + DAY, OUTCOME) <= 30u && watched.kind == ET_SUSPICION_OUTCOME_STUCK);
  /* Somebody vouches: people may work in the dark. */
  et_suspicion_begin(&watched, still, 1);
  CHECK(minutes(0, days + WORK, NOTHING) == 0u);
  CHECK(minutes(days + WORK, days + DAY + WORK, FEATURE_AT_REST) > night);
  et_suspicion_trust(&watched, still, 1);
  CHECK(minutes(days + DAY + WORK, days + 2u * DAY, FEATURE_AT_REST) == 0u);
}

/* Who vouches for an outcome that stays says that it may stay so long. */
static void what_somebody_vouched_for(void) {
  const uint32_t days = 20u * DAY;
  et_suspicion_begin(&watched, still, 1);
  CHECK(minutes(0, days, NOTHING) == 0u);
  CHECK(minutes(days, days + 5u * DAY, FEATURE) != 0u && watched.kind == ET_SUSPICION_FEATURE_STUCK);
  et_suspicion_trust(&watched, still, 1);
  CHECK(watched.kind == ET_SUSPICION_NONE && minutes(days + WORK, days + DAY, FEATURE) == 0u);
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
  et_suspicion_trust(&watched, still, 2);
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

void suspicions(void) {
  suspicions_by_name();
  a_stuck_outcome_that_decisions_follow();
  a_border_crossed_in_a_burst_is_no_stuck_outcome();
  what_sticks_by_the_minute();
  what_sticks_where_it_rests();
  what_somebody_vouched_for();
}
