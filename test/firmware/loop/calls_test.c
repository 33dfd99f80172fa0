/* The closed loop by calls: the same loop by registers gives the same bytes; what is refused has changed nothing; what was learned is there
 * again after a restart; and both ways may be used at once. */
#include <string.h>

#include "../check.h"
#include "../memory_board.h"
#include "master.h"

#define FEATURES 2u
#define CLASSES 3u

#include "dead_band.h"

#define BYTES_MOST 8192u
#define DECISIONS 60u
#define SETTLE_MS 1000u

static definition_blob wanted;

typedef struct learned {
  uint8_t bytes[3][BYTES_MOST]; /* model, data set, voices */
  uint32_t lengths[3];
  uint8_t classes[DECISIONS];
} learned;

/* Trains by itself, and an outcome counts once it has settled. */
static void usual(void) {
  dead_band(&wanted);
  wanted.feedback.settle_ms = SETTLE_MS;
  wanted.training.mode = ET_MODE_AUTO;
  seal(&wanted);
}

static void x_of(uint32_t i, int16_t *features) {
  features[0] = (int16_t)((int)(i % 3u) * 60 - 60 + (int)(i * 7u % 11u) - 5);
  features[1] = (int16_t)(i % 5u);
}

/* A plant: each class moves it by its actuation, from where the first feature had it. */
static int16_t outcome_of(const int16_t *features, uint16_t decided) { return (int16_t)((features[0] - ((int)decided - 1) * 60) / 2); }

static void step_by_registers(uint32_t i, learned *found) {
  int16_t features[FEATURES];
  uint16_t words[3];
  x_of(i, features);
  words[0] = (uint16_t)(i + 1u);
  words[1] = (uint16_t)features[0];
  words[2] = (uint16_t)features[1];
  CHECK(write_words(ET_A_TICKET, words, 3));
  CHECK(word_at(ET_A_DECISION_TICKET) == i + 1u);
  found->classes[i] = (uint8_t)word_at(ET_A_DECISION_CLASS);
  later(SETTLE_MS);
  words[1] = ET_FEEDBACK_KIND_OUTCOME;
  words[2] = (uint16_t)outcome_of(features, found->classes[i]);
  CHECK(write_words(ET_A_FEEDBACK_TICKET, words, 3));
  settle();
}

static void step_by_calls(uint32_t i, learned *found) {
  int16_t features[FEATURES], outcome;
  et_answer answer;
  uint8_t judgement;
  x_of(i, features);
  CHECK(et_trainer_infer(&bench.trainer, features, &answer) == ET_OK);
  CHECK(answer.ticket == i + 1u && !answer.pending && answer.actuation == 100 * answer.output_class - 100);
  found->classes[i] = answer.output_class;
  outcome = outcome_of(features, answer.output_class);
  CHECK(et_trainer_feedback(&bench.trainer, answer.ticket, ET_FEEDBACK_KIND_OUTCOME, &outcome, &judgement) == ET_OK);
  CHECK(judgement == ET_JUDGEMENT_TOO_EARLY);
  later(SETTLE_MS);
  CHECK(et_trainer_feedback(&bench.trainer, answer.ticket, ET_FEEDBACK_KIND_OUTCOME, &outcome, &judgement) == ET_OK);
  CHECK(judgement == (outcome >= -20 && outcome <= 20 ? ET_JUDGEMENT_SATISFIED : ET_JUDGEMENT_UNSATISFIED));
  settle();
}

static void collect(learned *found) {
  static const uint16_t objects[3] = {ET_OBJECT_MODEL_RUNNING, ET_OBJECT_DATASET, ET_OBJECT_VOICES};
  uint8_t i;
  for (i = 0; i < 3u; i++) found->lengths[i] = download(objects[i], found->bytes[i], BYTES_MOST);
}

static void a_learned_loop(bool calls, learned *found) {
  uint32_t i;
  memset(found, 0, sizeof *found);
  new_board();
  usual();
  if (calls) {
    CHECK(et_trainer_deploy(&bench.trainer, &wanted, sizeof wanted) == ET_OK);
  } else {
    CHECK(upload(ET_OBJECT_DEFINITION_STAGED, (const uint8_t *)&wanted, sizeof wanted));
    CHECK(command(ET_COMMAND_COMMIT_DEFINITION, 0) == ET_OK);
  }
  settle();
  for (i = 0; i < DECISIONS; i++) (calls ? step_by_calls : step_by_registers)(i, found);
  if (calls) CHECK(et_trainer_train(&bench.trainer) == ET_OK);
  else CHECK(command(ET_COMMAND_TRAIN, 0) == ET_OK);
  settle();
  collect(found);
}

static void both_ways_learn_the_same(void) {
  static learned calls, registers;
  uint8_t i;
  a_learned_loop(false, &registers);
  a_learned_loop(true, &calls);
  CHECK(memcmp(calls.classes, registers.classes, DECISIONS) == 0);
  for (i = 0; i < 3u; i++) {
    CHECK(calls.lengths[i] != 0u && calls.lengths[i] == registers.lengths[i]);
    CHECK(memcmp(calls.bytes[i], registers.bytes[i], calls.lengths[i]) == 0);
  }
}

static et_status now(void) {
  et_status status;
  et_trainer_status(&bench.trainer, &status);
  return status;
}

/* What the calls say is what the registers say. */
static void check_status(void) {
  const et_status status = now();
  CHECK(status.state == word_at(ET_A_STATE) && status.mode == word_at(ET_A_MODE) && status.saved == word_at(ET_A_SAVE_STATE));
  CHECK(status.generation == word_at(ET_A_GENERATION) && status.samples == word_at(ET_A_SAMPLES_STORED));
  CHECK(status.satisfied == word_at(ET_A_WINDOW_ACCURACY) && status.model == long_at(ET_A_MODEL_FINGERPRINT));
}

static void nothing_is_deployed(void) {
  const int16_t features[FEATURES] = {1, 2};
  et_answer answer;
  et_finding finding;
  new_board();
  CHECK(now().state == ET_STATE_EMPTY && now().generation == 0u && now().satisfied == 65535u);
  CHECK(et_trainer_infer(&bench.trainer, features, &answer) == ET_NO_DEFINITION);
  CHECK(et_trainer_infer_array(&bench.trainer, (const uint8_t *)features, &answer) == ET_NO_DEFINITION);
  CHECK(et_trainer_answer(&bench.trainer, 1, &answer) == ET_TICKET_UNKNOWN);
  CHECK(et_trainer_feedback(&bench.trainer, 1, ET_FEEDBACK_KIND_OUTCOME, features, NULL) == ET_NO_DEFINITION);
  CHECK(et_trainer_set_point(&bench.trainer, 3) == ET_NO_DEFINITION && et_trainer_train(&bench.trainer) == ET_NO_DEFINITION);
  CHECK(et_trainer_finding(&bench.trainer, &finding) == ET_NO_DEFINITION);
  CHECK(et_trainer_deploy(&bench.trainer, features, 0) == ET_DEFINITION_LENGTH);
  check_status();
}

/* Cut off, damaged, longer than any: each is refused by name, and what was learned stays to the bit. */
static void wrong_definitions_change_nothing(void) {
  static learned before, after;
  uint8_t i;
  a_learned_loop(true, &before);
  CHECK(et_trainer_deploy(&bench.trainer, &wanted, sizeof wanted - 4u) == ET_DEFINITION_LENGTH);
  CHECK(et_trainer_deploy(&bench.trainer, &wanted, 1u << 20) == ET_DEFINITION_LENGTH && et_trainer_detail(&bench.trainer) == 1u << 20);
  wanted.core.capacity = 4000; /* more than the arena has */
  seal(&wanted);
  CHECK(et_trainer_deploy(&bench.trainer, &wanted, sizeof wanted) == ET_DEFINITION_MEMORY);
  CHECK(et_trainer_detail(&bench.trainer) > bench.port.arena_bytes);
  wanted.crc ^= 1u;
  CHECK(et_trainer_deploy(&bench.trainer, &wanted, sizeof wanted) == ET_DEFINITION_CRC);
  settle();
  collect(&after);
  for (i = 0; i < 3u; i++) CHECK(before.lengths[i] == after.lengths[i] && memcmp(before.bytes[i], after.bytes[i], before.lengths[i]) == 0);
  check_status();
}

/* The same definition at every start is what a program has: the store's model stays, and goes on deciding. */
static void a_restart_forgets_nothing(void) {
  static learned before, after;
  uint8_t i;
  a_learned_loop(true, &before);
  CHECK(et_trainer_save(&bench.trainer) == ET_OK && now().saved != ET_SAVE_STATE_SAVED);
  settle();
  CHECK(now().saved == ET_SAVE_STATE_SAVED);
  boot();
  CHECK(et_trainer_deploy(&bench.trainer, &wanted, sizeof wanted) == ET_OK);
  settle();
  collect(&after);
  for (i = 0; i < 3u; i++) CHECK(before.lengths[i] == after.lengths[i] && memcmp(before.bytes[i], after.bytes[i], before.lengths[i]) == 0);
  check_status();
  wanted.classes[0].actuation = -90; /* another one: what was learned stays */
  seal(&wanted);
  CHECK(et_trainer_deploy(&bench.trainer, &wanted, sizeof wanted) == ET_OK);
  settle();
  CHECK(now().generation != 0u && now().samples != 0u);
}

static void wrong_calls_are_refused_by_name(void) {
  const int16_t good[FEATURES] = {40, 2}, far[FEATURES] = {1, 101};
  int16_t value = 5;
  et_answer answer, again;
  et_finding finding;
  new_board();
  usual();
  CHECK(et_trainer_deploy(&bench.trainer, &wanted, sizeof wanted) == ET_OK);
  settle();
  CHECK(et_trainer_infer(&bench.trainer, good, &answer) == ET_OK && answer.output_class == 1u && answer.generation == 0u);
  CHECK(et_trainer_infer(&bench.trainer, far, &again) == ET_FEATURE_RANGE && et_trainer_detail(&bench.trainer) == 1u);
  CHECK(word_at(ET_A_TICKET) == answer.ticket && word_at(ET_A_FEATURES) == 40u && word_at(ET_A_FEATURES + 1u) == 2u);
  CHECK(et_trainer_infer_array(&bench.trainer, (const uint8_t *)good, &again) == ET_NOT_SUPPORTED);
  CHECK(et_trainer_finding(&bench.trainer, &finding) == ET_NOT_SUPPORTED);
  CHECK(et_trainer_feedback(&bench.trainer, 0, ET_FEEDBACK_KIND_LABEL, &value, NULL) == ET_TICKET_ZERO);
  CHECK(et_trainer_feedback(&bench.trainer, 999, ET_FEEDBACK_KIND_LABEL, &value, NULL) == ET_TICKET_UNKNOWN);
  CHECK(et_trainer_feedback(&bench.trainer, answer.ticket, ET_FEEDBACK_KIND_LABEL, &value, NULL) == ET_CLASS_UNKNOWN);
  CHECK(et_trainer_feedback(&bench.trainer, answer.ticket, ET_FEEDBACK_KIND_CONFIRMED, &value, NULL) == ET_RULE_MISMATCH);
  value = 2;
  CHECK(et_trainer_feedback(&bench.trainer, answer.ticket, ET_FEEDBACK_KIND_LABEL, &value, NULL) == ET_OK);
  CHECK(word_at(ET_A_FEEDBACK_TICKET) == answer.ticket && word_at(ET_A_FEEDBACK_TRUTH) == 2u);
  value = 1;
  CHECK(et_trainer_feedback(&bench.trainer, answer.ticket, ET_FEEDBACK_KIND_LABEL, &value, NULL) == ET_TICKET_JUDGED);
  settle();
  CHECK(now().samples == 1u);
  CHECK(et_trainer_answer(&bench.trainer, answer.ticket, &again) == ET_OK && again.output_class == answer.output_class);

  bench.port.nvm.size = 0;
  CHECK(et_trainer_save(&bench.trainer) == ET_NO_STORE);
}

/* A changed set point spoils the decisions that wait, as over the wire. */
static void a_set_point_spoils_what_waits(void) {
  const int16_t features[FEATURES] = {40, 2}, outcome = 100;
  et_answer answer;
  uint8_t judgement;
  new_board();
  usual();
  CHECK(et_trainer_deploy(&bench.trainer, &wanted, sizeof wanted) == ET_OK);
  CHECK(et_trainer_infer(&bench.trainer, features, &answer) == ET_OK);
  CHECK(et_trainer_set_point(&bench.trainer, 30) == ET_OK && word_at(ET_A_SET_POINT) == 30u);
  later(SETTLE_MS);
  CHECK(et_trainer_feedback(&bench.trainer, answer.ticket, ET_FEEDBACK_KIND_OUTCOME, &outcome, &judgement) == ET_OK);
  CHECK(judgement == ET_JUDGEMENT_DISCARDED && word_at(ET_A_FEEDBACK_REASON) == ET_DISCARD_REASON_SET_POINT_CHANGED);
}

/* A master decides under the number that the program would take next, and one whose words came half has to begin again. */
static void a_master_shares_the_trainer(void) {
  const int16_t features[FEATURES] = {40, 2};
  et_answer first, second;
  new_board();
  usual();
  CHECK(et_trainer_deploy(&bench.trainer, &wanted, sizeof wanted) == ET_OK);
  CHECK(et_trainer_infer(&bench.trainer, features, &first) == ET_OK);
  CHECK(write_words(ET_A_TICKET, (const uint16_t[]){(uint16_t)(first.ticket + 2u), 7, 3}, 3));
  CHECK(write_words(ET_A_TICKET, (const uint16_t[]){(uint16_t)(first.ticket + 1u), 7, 3}, 3));
  CHECK(et_trainer_infer(&bench.trainer, features, &second) == ET_OK && second.ticket == first.ticket + 3u);
  CHECK(write_word(ET_A_TICKET_CLAIM, 500) && write_word(ET_A_FEATURES, 9));
  CHECK(et_trainer_infer(&bench.trainer, features, &second) == ET_OK);
  CHECK(!write_word(ET_A_FEATURES + 1u, 9) && last_error() == ET_WORDS_MISSING);
  settle();
  CHECK(upload(ET_OBJECT_DEFINITION_STAGED, (const uint8_t *)&wanted, sizeof wanted));
  CHECK(et_trainer_deploy(&bench.trainer, &wanted, sizeof wanted) == ET_OK); /* the program's own took the room of the master's */
  CHECK(command(ET_COMMAND_COMMIT_DEFINITION, 0) == ET_INCOMPLETE);
}

/* Without the wire's half of a round the rest of it is done all the same. */
static void it_works_without_a_wire(void) {
  static learned by_poll;
  uint32_t i, rounds;
  a_learned_loop(true, &by_poll);
  new_board();
  usual();
  bench.port.receive = NULL;
  bench.port.send = NULL;
  bench.port.sending = NULL;
  CHECK(et_trainer_deploy(&bench.trainer, &wanted, sizeof wanted) == ET_OK);
  for (i = 0; i < DECISIONS; i++) {
    int16_t features[FEATURES], outcome;
    et_answer answer;
    x_of(i, features);
    CHECK(et_trainer_infer(&bench.trainer, features, &answer) == ET_OK && answer.output_class == by_poll.classes[i]);
    bench.now_us += 1000u * SETTLE_MS;
    outcome = outcome_of(features, answer.output_class);
    CHECK(et_trainer_feedback(&bench.trainer, answer.ticket, ET_FEEDBACK_KIND_OUTCOME, &outcome, NULL) == ET_OK);
    for (rounds = 0; et_trainer_work(&bench.trainer) || now().state != ET_STATE_READY; rounds++) CHECK(rounds < 400000u);
  }
  CHECK(now().generation != 0u && now().samples != 0u);
}

int main(void) {
  both_ways_learn_the_same();
  nothing_is_deployed();
  wrong_definitions_change_nothing();
  a_restart_forgets_nothing();
  wrong_calls_are_refused_by_name();
  a_set_point_spoils_what_waits();
  a_master_shares_the_trainer();
  it_works_without_a_wire();
  printf("all checks passed\n");
  return 0;
}
