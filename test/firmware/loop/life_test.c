/* A trainer as its master sees it, frame by frame: backups that come back, definitions that change, a board that restarts, commands and coils
 * that are taken or refused, another line. */
#include <string.h>

#include "../check.h"
#include "master.h"

#define FEATURES 2u
#define CLASSES 3u

#include "dead_band.h"

#define BYTES_MOST 8192u
#define TAUGHT 30u

static definition_blob wanted;
static uint16_t ticket;

static void usual(void) { dead_band(&wanted); }

static uint16_t deploy(void) {
  uint16_t error;
  seal(&wanted);
  CHECK(upload(ET_OBJECT_DEFINITION_STAGED, (const uint8_t *)&wanted, sizeof wanted));
  error = command(ET_COMMAND_COMMIT_DEFINITION, 0);
  settle();
  return error;
}

static uint16_t decide(int16_t x, int16_t y) {
  const uint16_t words[3] = {++ticket, (uint16_t)x, (uint16_t)y};
  CHECK(write_words(ET_A_TICKET, words, 3));
  settle();
  CHECK(word_at(ET_A_DECISION_TICKET) == ticket);
  return word_at(ET_A_DECISION_CLASS);
}

static bool judge(uint16_t kind, int16_t value) {
  const uint16_t words[3] = {ticket, kind, (uint16_t)value};
  const bool taken = write_words(ET_A_FEEDBACK_TICKET, words, 3);
  settle();
  return taken;
}

/* The right class follows x: below -30, around 0, above 30; the outcome says so. */
static int16_t x_of(uint32_t i) { return (int16_t)((int)(i % 3u) * 60 - 60 + (int)(i * 7u % 11u) - 5); }

static void learn(void) {
  uint32_t i;
  for (i = 0; i < TAUGHT; i++) {
    (void)decide(x_of(i), (int16_t)(i % 5u));
    CHECK(judge(ET_FEEDBACK_KIND_TEACH, (int16_t)(i % 3u)));
  }
  CHECK(command(ET_COMMAND_TRAIN, 0) == ET_OK);
  settle();
  CHECK(word_at(ET_A_GENERATION) != 0u && bit_at(2, ET_INPUT_TRAINED));
}

/* What the model says of places between those that were taught; the start rule's default is 1. */
static void answers(uint8_t *said) {
  int i;
  for (i = 0; i < 21; i++) said[i] = (uint8_t)decide((int16_t)(10 * i - 100), 0);
}

static void nothing_is_there(void) {
  static uint8_t bytes[BYTES_MOST];
  new_board();
  usual();
  CHECK(command(ET_COMMAND_COMMIT_DEFINITION, 0) == ET_INCOMPLETE);
  CHECK(command(ET_COMMAND_RESET_MODEL, 0) == ET_NO_DEFINITION && command(ET_COMMAND_CLEAR_DATASET, 0) == ET_NO_DEFINITION);
  CHECK(!upload(ET_OBJECT_MODEL_STAGED, bytes, 64) && last_error() == ET_NO_DEFINITION);
  CHECK(deploy() == ET_OK);
  CHECK(download(ET_OBJECT_DEFINITION, bytes, sizeof bytes) == sizeof wanted && memcmp(bytes, &wanted, sizeof wanted) == 0);
  CHECK(download(ET_OBJECT_MODEL_RUNNING, bytes, sizeof bytes) == 0u);
  CHECK(!write_words(ET_A_BULK_OBJECT, (const uint16_t[]){ET_OBJECT_INPUT + 1, 0}, 2) && last_error() == ET_VALUE);
  CHECK(!write_words(ET_A_BULK_OBJECT, (const uint16_t[]){ET_OBJECT_DEFINITION, 99}, 2) && last_error() == ET_PAGE);
}

static void a_trained_board(void) {
  new_board();
  usual();
  CHECK(deploy() == ET_OK);
  learn();
}

/* Its head, then a record each: label, whether it is held out, age, the stored features. */
static void the_data_set_is_what_was_taught(void) {
  static uint8_t rows[BYTES_MOST];
  uint32_t i, of_class[CLASSES] = {0}, held_out = 0;
  a_trained_board();
  CHECK(download(ET_OBJECT_DATASET, rows, sizeof rows) == 12u + TAUGHT * (4u + FEATURES));
  CHECK(rows[0] == 'D' && rows[1] == 'S' && rows[4] == FEATURES && rows[5] == CLASSES && rows[6] == TAUGHT);
  for (i = 0; i < TAUGHT; i++) {
    const uint8_t *row = rows + 12u + i * (4u + FEATURES);
    const int x = (int8_t)row[4] * 100 / 127;
    CHECK(row[0] == (x < -30 ? 0u : x > 30 ? 2u : 1u));
    of_class[row[0]]++;
    held_out += row[1] & 1u;
  }
  CHECK(of_class[0] == TAUGHT / 3u && of_class[1] == TAUGHT / 3u && held_out == TAUGHT / 5u && rows[8] == held_out);
  CHECK(download(ET_OBJECT_LOG, rows, sizeof rows) % sizeof(et_log_record) == 0u);
  CHECK(command(ET_COMMAND_CLEAR_DATASET, 0) == ET_OK);
  settle();
  CHECK(word_at(ET_A_SAMPLES_STORED) == 0u && word_at(ET_A_GENERATION) != 0u);
}

static void the_weights_of_the_voices_come_back(void) {
  static uint8_t voices[BYTES_MOST], again[BYTES_MOST];
  uint32_t bytes;
  a_trained_board();
  bytes = download(ET_OBJECT_VOICES, voices, sizeof voices);
  CHECK(bytes != 0u && upload(ET_OBJECT_VOICES_STAGED, voices, bytes) && command(ET_COMMAND_COMMIT_VOICES, 0) == ET_OK);
  CHECK(download(ET_OBJECT_VOICES, again, sizeof again) == bytes && memcmp(voices, again, bytes) == 0);
  voices[0] ^= 1u;
  CHECK(upload(ET_OBJECT_VOICES_STAGED, voices, bytes) && command(ET_COMMAND_COMMIT_VOICES, 0) == ET_MODEL_SHAPE);
  CHECK(!upload(ET_OBJECT_PATTERNS_STAGED, voices, bytes) && last_error() == ET_NOT_SUPPORTED);
}

/* What is damaged is refused, and the running one stays. */
static void a_model_comes_back(void) {
  static const uint16_t damaged[] = {0, offsetof(et_model_header, family), offsetof(et_model_header, shape),
                                     offsetof(et_model_header, crc)};
  static const uint16_t refused[] = {ET_MODEL_VERSION, ET_MODEL_SHAPE, ET_MODEL_SHAPE, ET_MODEL_CRC};
  static uint8_t model[BYTES_MOST], other[BYTES_MOST];
  uint8_t said[21], then[21];
  uint32_t bytes, fingerprint, i;
  a_trained_board();
  answers(said);
  fingerprint = long_at(ET_A_MODEL_FINGERPRINT);
  bytes = download(ET_OBJECT_MODEL_RUNNING, model, sizeof model);
  CHECK(bytes > sizeof(et_model_header) &&
        et_crc32(0u, model + sizeof(et_model_header), bytes - (uint32_t)sizeof(et_model_header)) == fingerprint);
  CHECK(command(ET_COMMAND_RESET_MODEL, 0) == ET_OK);
  settle();
  CHECK(word_at(ET_A_GENERATION) == 0u && !bit_at(2, ET_INPUT_TRAINED));
  CHECK(upload(ET_OBJECT_MODEL_STAGED, model, bytes) && command(ET_COMMAND_COMMIT_MODEL, 0) == ET_OK);
  settle();
  CHECK(long_at(ET_A_MODEL_FINGERPRINT) == fingerprint);
  answers(then);
  CHECK(memcmp(said, then, sizeof said) == 0);
  for (i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
    memcpy(other, model, bytes);
    other[damaged[i]] ^= 1u;
    CHECK(upload(ET_OBJECT_MODEL_STAGED, other, bytes) && command(ET_COMMAND_COMMIT_MODEL, 0) == refused[i]);
    CHECK(long_at(ET_A_MODEL_FINGERPRINT) == fingerprint);
  }
}

static void definitions_change(void) {
  uint8_t said[21], then[21];
  uint32_t fingerprint;
  uint16_t generation;
  a_trained_board();
  answers(said);
  generation = word_at(ET_A_GENERATION);
  fingerprint = long_at(ET_A_MODEL_FINGERPRINT);

  /* The same again: nothing happens. Other policies: samples and model stay as they are. */
  CHECK(deploy() == ET_OK && long_at(ET_A_MODEL_FINGERPRINT) == fingerprint);
  wanted.training.accuracy_window = 9;
  wanted.core.tickets = 16;
  wanted.core.capacity = 80;
  CHECK(deploy() == ET_OK && word_at(ET_A_SAMPLES_STORED) == TAUGHT && long_at(ET_A_MODEL_FINGERPRINT) == fingerprint);
  CHECK(word_at(ET_A_SAMPLES_CAPACITY) == 80u && word_at(ET_A_TICKETS_PENDING) == 0u);

  /* A wider range: rows and weights are converted, what it says stays, but for places on a border. */
  wanted.features[0].max = 200;
  CHECK(deploy() == ET_OK && word_at(ET_A_SAMPLES_STORED) == TAUGHT && word_at(ET_A_GENERATION) == generation);
  CHECK(long_at(ET_A_MODEL_FINGERPRINT) != fingerprint);
  answers(then);
  CHECK(said[0] == then[0] && said[10] == then[10] && said[20] == then[20]);

  /* Two voices from one definition: the samples stay, the model is learned anew from them. */
  wanted.core.model = ET_MODEL_SVM_BOTH;
  CHECK(deploy() == ET_OK && word_at(ET_A_SAMPLES_STORED) == TAUGHT && word_at(ET_A_GENERATION) == 0u);
  CHECK(command(ET_COMMAND_TRAIN, 0) == ET_OK);
  settle();
  CHECK(word_at(ET_A_GENERATION) > generation);
  answers(then);
  CHECK(then[4] == 0u && then[10] == 1u && then[16] == 2u);
  CHECK(command(ET_COMMAND_EVALUATE, 0) == ET_OK);
  settle();
  CHECK(word_at(ET_A_BALANCED_ACCURACY) >= 900u);

  /* A narrower range discards; so does another number of places, when it is smaller than what they hold. */
  wanted.core.capacity = 20;
  CHECK(deploy() == ET_OK && word_at(ET_A_SAMPLES_STORED) == 0u && word_at(ET_A_GENERATION) == 0u);
  wanted.core.capacity = 60;
  CHECK(deploy() == ET_OK);
  learn();
  wanted.features[0].max = 50;
  CHECK(deploy() == ET_OK && word_at(ET_A_SAMPLES_STORED) == 0u);

  /* What cannot be taken is refused, and says what it would need. */
  wanted.core.capacity = 4000;
  CHECK(deploy() == ET_DEFINITION_MEMORY && long_at(ET_A_COMMAND_DETAIL) > bench.port.arena_bytes);
  wanted.core.capacity = 60;
  wanted.core.storage = 9;
  CHECK(deploy() == ET_DEFINITION_FIELD && word_at(ET_A_SAMPLES_CAPACITY) == 60u);
}

/* Outcomes are kept beside the samples: with a wider band each was satisfactory, and what was decided is the label. */
static void another_band_judges_again(void) {
  uint16_t stored[CLASSES], decided[CLASSES] = {0}, truths[CLASSES] = {0};
  uint32_t i;
  new_board();
  usual();
  wanted.feedback.suspicion = ET_SUSPICION_ACTION_OFF;
  CHECK(deploy() == ET_OK);
  for (i = 0; i < TAUGHT; i++) { /* too low, but for who decided what is right then; what goes too far is 1 */
    const uint16_t said = decide(x_of(i), 0), right = said == 1u ? 0u : 1u;
    decided[said]++;
    truths[right]++;
    CHECK(judge(ET_FEEDBACK_KIND_OUTCOME, said == 0u ? 40 : -40));
    CHECK(word_at(ET_A_FEEDBACK_JUDGEMENT) == ET_JUDGEMENT_UNSATISFIED && word_at(ET_A_FEEDBACK_TRUTH) == right);
  }
  read_words(ET_A_SAMPLES_PER_CLASS, stored, CLASSES);
  CHECK(memcmp(stored, truths, sizeof stored) == 0 && memcmp(stored, decided, sizeof stored) != 0);
  wanted.feedback.band = 50;
  CHECK(deploy() == ET_OK);
  read_words(ET_A_SAMPLES_PER_CLASS, stored, CLASSES);
  CHECK(memcmp(stored, decided, sizeof stored) == 0);
}

static void a_restart_forgets_nothing(void) {
  uint8_t said[21], then[21];
  uint32_t fingerprint;
  a_trained_board();
  answers(said);
  fingerprint = long_at(ET_A_MODEL_FINGERPRINT);
  CHECK(command(ET_COMMAND_SET_UNIT, 0) == ET_VALUE && command(ET_COMMAND_SET_UNIT, 42) == ET_OK && bench.trainer.unit == 42u);
  CHECK(command(ET_COMMAND_SET_MODE, ET_MODE_FROZEN) == ET_OK && command(ET_COMMAND_SAVE, 0) == ET_OK);
  settle();
  CHECK(command(ET_COMMAND_RESTART, 0) == ET_OK);
  settle();
  CHECK(bench.restarted);
  boot();
  CHECK(bench.trainer.unit == 42u && word_at(ET_A_MODE) == ET_MODE_FROZEN);
  CHECK(long_at(ET_A_MODEL_FINGERPRINT) == fingerprint && word_at(ET_A_SAMPLES_STORED) == TAUGHT);
  answers(then);
  CHECK(memcmp(said, then, sizeof said) == 0);
  CHECK(command(ET_COMMAND_FACTORY_RESET, 0) == ET_OK);
  settle();
  boot();
  CHECK(bench.trainer.unit != 42u && word_at(ET_A_GENERATION) == 0u && word_at(ET_A_SAMPLES_CAPACITY) == 0u);
}

static void commands_and_coils(void) {
  new_board();
  usual();
  CHECK(!write_coil(ET_COIL_TRAIN_NOW, true) && last_error() == ET_NO_DEFINITION);
  CHECK(deploy() == ET_OK);
  CHECK(command(17, 0) == ET_COMMAND_UNKNOWN && command(ET_COMMAND_BOOT_LOADER, 0) == ET_BOARD_CANNOT);
  CHECK(command(ET_COMMAND_LEARN, 0) == ET_NOT_SUPPORTED && command(ET_COMMAND_PATTERN_FORGET, 1) == ET_NOT_SUPPORTED);
  CHECK(command(ET_COMMAND_SET_MODE, 70000) == ET_VALUE && command(ET_COMMAND_TRUST_FEEDBACK, 0) == ET_OK);
  CHECK(command(ET_COMMAND_ROLL_BACK, 0) != ET_OK && command(ET_COMMAND_TRAIN, 0) == ET_TOO_FEW_SAMPLES);

  /* The same command again is the same command; its number with another one is refused. */
  CHECK(command_again(ET_COMMAND_SET_UNIT, 9, 700) == ET_OK && command_again(ET_COMMAND_SET_UNIT, 9, 700) == ET_OK);
  CHECK(command_again(ET_COMMAND_SET_UNIT, 10, 700) == ET_TICKET_TAKEN && bench.trainer.unit == 9u);
  CHECK(command_again(ET_COMMAND_SET_UNIT, 9, 0) == ET_TICKET_ZERO);

  /* The process freezes and lets go what it has frozen; what management froze stays so. */
  CHECK(write_coil(ET_COIL_FREEZE, true) && word_at(ET_A_MODE) == ET_MODE_FROZEN && bit_at(1, ET_COIL_FREEZE));
  CHECK(write_coil(ET_COIL_FREEZE, false) && word_at(ET_A_MODE) == ET_MODE_MANUAL && !bit_at(1, ET_COIL_FREEZE));
  CHECK(command(ET_COMMAND_SET_MODE, ET_MODE_FROZEN) == ET_OK);
  CHECK(!write_coil(ET_COIL_FREEZE, false) && last_error() == ET_FROZEN_FOR_PROCESS && word_at(ET_A_MODE) == ET_MODE_FROZEN);
  CHECK(command(ET_COMMAND_SET_MODE, ET_MODE_MANUAL) == ET_OK);

  /* A sensor that fails spoils what waits for its outcome. */
  (void)decide(50, 0);
  CHECK(word_at(ET_A_TICKETS_PENDING) == 1u && write_coil(ET_COIL_SENSOR_FAULT, true));
  CHECK(judge(ET_FEEDBACK_KIND_OUTCOME, 40) && word_at(ET_A_FEEDBACK_REASON) == ET_DISCARD_REASON_SENSOR_FAULT);
  CHECK(word_at(ET_A_SAMPLES_STORED) == 0u && write_coil(ET_COIL_SENSOR_FAULT, false));
  CHECK(!write_coil(ET_COIL_ALARM_FALSE, true) && last_error() == ET_NOT_SUPPORTED);
  CHECK(!write_word(ET_A_DECISION_CLASS, 1) && last_error() == ET_READ_ONLY);
  CHECK(write_word(ET_A_SET_POINT, 5) && word_at(ET_A_SET_POINT) == 5u);
}

/* A PLC that writes one register a request claims its ticket first; who writes between its words is refused, or it has to begin again. */
static void words_one_by_one(void) {
  const uint16_t whole[3] = {900, 70, 3};
  new_board();
  usual();
  CHECK(!write_word(ET_A_TICKET_CLAIM, 500) && last_error() == ET_NO_DEFINITION);
  CHECK(deploy() == ET_OK);
  CHECK(!write_word(ET_A_FEATURES, 70) && last_error() == ET_WORDS_MISSING);
  CHECK(write_word(ET_A_TICKET_CLAIM, 500) && write_word(ET_A_FEATURES, 70));
  CHECK(!write_word(ET_A_TICKET, 500) && last_error() == ET_WORDS_MISSING);
  CHECK(write_word(ET_A_TICKET_CLAIM, 500) && write_word(ET_A_FEATURES, 70) && write_word(ET_A_FEATURES + 1, 3));
  CHECK(!write_word(ET_A_FEATURES + FEATURES, 1) && last_error() == ET_ADDRESS);
  CHECK(write_word(ET_A_TICKET, 500) && word_at(ET_A_DECISION_TICKET) == 500u);
  CHECK(write_word(ET_A_TICKET, 500) && word_at(ET_A_TICKETS_PENDING) == 1u); /* its answer was lost */
  CHECK(write_word(ET_A_TICKET_CLAIM, 501) && write_word(ET_A_FEATURES, 1) && write_words(ET_A_TICKET, whole, 3));
  CHECK(!write_word(ET_A_FEATURES + 1, 1) && !write_word(ET_A_TICKET, 501) && word_at(ET_A_DECISION_TICKET) == 900u);
  CHECK(!write_words(ET_A_TICKET, whole, 2) && last_error() == ET_WORDS_MISSING);

  CHECK(!write_word(ET_A_FEEDBACK_VALUE, 40) && last_error() == ET_WORDS_MISSING);
  CHECK(write_word(ET_A_FEEDBACK_CLAIM, 500) && write_word(ET_A_FEEDBACK_KIND, ET_FEEDBACK_KIND_LABEL) &&
        write_word(ET_A_FEEDBACK_VALUE, 2));
  CHECK(word_at(ET_A_SAMPLES_STORED) == 0u && write_word(ET_A_FEEDBACK_TICKET, 500));
  settle();
  CHECK(word_at(ET_A_SAMPLES_STORED) == 1u && word_at(ET_A_FEEDBACK_TRUTH) == 2u);
  CHECK(write_word(ET_A_FEEDBACK_TICKET, 500)); /* again */
  settle();
  CHECK(word_at(ET_A_SAMPLES_STORED) == 1u);
  CHECK(!write_words(ET_A_FEEDBACK_TICKET, (const uint16_t[]){900, ET_FEEDBACK_KIND_LABEL}, 2) && last_error() == ET_WORDS_MISSING);
  CHECK(!write_words(ET_A_TARGET_TICKET, (const uint16_t[]){900, ET_FEEDBACK_KIND_LABEL, 3}, 3) && last_error() == ET_NOT_SUPPORTED);
  CHECK(!write_words(ET_A_SAMPLE_SEQUENCE, whole, 2) && last_error() == ET_PARTIAL);
}

/* With a key, management is closed, and of the process what the definition does not leave open. */
static void a_key_closes(void) {
  static const uint16_t key[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  uint8_t level;
  for (level = ET_PROCESS_WRITES_DECIDE_AND_OUTCOME; level <= ET_PROCESS_WRITES_ALL; level++) {
    bool judged, taught;
    new_board();
    usual();
    wanted.training.process_writes = level;
    CHECK(deploy() == ET_OK && !write_words(ET_A_KEY, key, 7) && last_error() == ET_PARTIAL);
    CHECK(write_words(ET_A_KEY, key, 8));
    settle();
    CHECK(bit_at(2, ET_INPUT_LOCKED));
    CHECK(command(ET_COMMAND_RESET_MODEL, 0) == ET_LOCKED);
    CHECK(!upload(ET_OBJECT_DEFINITION_STAGED, (const uint8_t *)&wanted, sizeof wanted) && last_error() == ET_LOCKED);
    (void)decide(60, 0);
    judged = judge(ET_FEEDBACK_KIND_OUTCOME, 40);
    CHECK(judged == (level != ET_PROCESS_WRITES_DECIDE) && (judged || last_error() == ET_PROCESS_CLOSED));
    (void)decide(-60, 0);
    taught = judge(ET_FEEDBACK_KIND_TEACH, 0);
    CHECK(taught == (level == ET_PROCESS_WRITES_ALL) && (taught || last_error() == ET_PROCESS_CLOSED));
    CHECK(write_coil(ET_COIL_FREEZE, true) == (level == ET_PROCESS_WRITES_ALL));
  }
}

/* 19200 even: agreed, tried after a second, kept when a request comes under it, else given up. */
static void another_line(void) {
  const uint32_t even = (uint32_t)ET_PARITY_EVEN << 24 | 1u << 16;
  uint8_t i;
  for (i = 0; i < 2u; i++) {
    new_board();
    CHECK(command(ET_COMMAND_SET_LINE, even | 60000u) == ET_VALUE &&
          command(ET_COMMAND_SET_LINE, (9u << 24) | (1u << 16) | 192u) == ET_VALUE);
    CHECK(command(ET_COMMAND_SET_LINE, even | 192u) == ET_OK && bench.port.line.baud == 115200u);
    later(1000u * ET_LINE_DELAY_SECONDS + 100u);
    CHECK(bench.port.line.baud == 19200u && bench.port.line.parity == ET_PARITY_EVEN);
    if (i == 0u) (void)word_at(ET_A_MODE);
    later(1000u * ET_LINE_TRIAL_SECONDS + 100u);
    CHECK(bench.port.line.baud == (i == 0u ? 19200u : 115200u));
    bench.port.line = (et_line){115200u, ET_PARITY_NONE, 1};
    boot();
    CHECK(bench.port.line.baud == (i == 0u ? 19200u : 115200u));
  }
}

int main(void) {
  nothing_is_there();
  the_data_set_is_what_was_taught();
  the_weights_of_the_voices_come_back();
  a_model_comes_back();
  definitions_change();
  another_band_judges_again();
  a_restart_forgets_nothing();
  commands_and_coils();
  words_one_by_one();
  a_key_closes();
  another_line();
  printf("all checks passed\n");
  return 0;
}
