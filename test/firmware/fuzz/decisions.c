#include "decisions.h"

#include <string.h>

#include "board.h"
#include "input.h"
#include "modbus/register_table.h"
#include "objects.h"
#include "support/bytes.h"
#include "support/crc.h"

#define ARRAY_MOST 4096u /* values: a longer one takes too many pages for an input that stays short */

static uint8_t array[ARENA_BYTES];

static const et_definition *running(void) { return &board.trainer.core.deployment.definition; }
static bool decides(void) { return board.trainer.core.deployment.model != NULL && !et_is_stream(&board.trainer.core); }

/* ---- Decisions ---- */

void decide_about(const int16_t *features) {
  uint16_t words[1u + ET_FEATURES_MAX];
  uint8_t i;
  words[0] = ++board.decision_ticket;
  for (i = 0; i < running()->core->features; i++) words[1u + i] = (uint16_t)features[i];
  write_words(ET_A_TICKET, words, 1u + (size_t)running()->core->features);
}

/* Mostly within the range. */
static void choose_features(int16_t *features) {
  uint8_t i;
  for (i = 0; i < running()->core->features; i++) {
    const int32_t low = running()->features[i].min, high = running()->features[i].max;
    features[et_feature_position(running(), i)] = (int16_t)(low + (int32_t)((uint32_t)(high - low) * next_byte() / 255u));
  }
}

/* A level, and a little noise on it. */
static void choose_array(void) {
  const uint8_t level = next_byte();
  uint32_t i;
  for (i = 0; i < et_array_count(running()); i++) array[i] = (uint8_t)(level + (board_noise() >> 29));
}

static void infer_array(bool variant) {
  uint16_t words[1u + ET_ARRAY_WORDS];
  uint32_t name;
  if (et_array_count(running()) > ARRAY_MOST) return;
  choose_array();
  name = et_crc32(0u, array, et_array_count(running()));
  if (!variant) upload(ET_OBJECT_INPUT, array, et_array_count(running()));
  words[0] = ++board.decision_ticket;
  words[1] = (uint16_t)(name >> 16);
  words[2] = (uint16_t)name;
  write_words(ET_A_TICKET, words, 3u);
}

/* About the sample that came last, or one before or after it. */
static void infer_window(bool variant) {
  const uint16_t newest = (uint16_t)(board.trainer.decide.ring.next_sequence - 1u);
  uint16_t words[1u + ET_WINDOW_WORDS];
  words[0] = ++board.decision_ticket;
  words[1] = variant ? (uint16_t)(newest + (uint16_t)(int8_t)next_byte()) : newest;
  write_words(ET_A_TICKET, words, 2u);
}

void infer(bool variant) {
  int16_t features[ET_FEATURES_MAX];
  if (!decides()) return;
  if (et_stream_channels(running()) != 0u) {
    infer_window(variant);
  } else if (et_array_count(running()) != 0u) {
    infer_array(variant);
  } else {
    if (variant) board.decision_ticket = (uint16_t)(board.decision_ticket - (next_byte() & 7u)); /* a number that came before */
    choose_features(features);
    decide_about(features);
  }
}

/* ---- What became of them ---- */

static void feedback(uint16_t ticket, uint16_t kind, uint16_t value) {
  const uint16_t words[3] = {ticket, kind, value};
  write_words(ET_A_FEEDBACK_TICKET, words, 3u);
}

/* The last decision, or one of those before it; of a stream the last alarm. */
static uint16_t ticket_of(uint8_t back) {
  const uint16_t last = et_is_stream(&board.trainer.core) ? board.trainer.stream.alarm.number : board.decision_ticket;
  return (uint16_t)(last - back);
}

/* Targets mostly within their ranges. */
static void feedback_targets(uint16_t ticket, uint16_t kind) {
  uint16_t words[2u + ET_OUTPUTS_MAX] = {ticket, kind};
  uint8_t i;
  for (i = 0; i < et_output_count(running()); i++) {
    const et_output *output = &running()->outputs[i];
    const uint32_t span = (uint32_t)((int32_t)output->max - output->min);
    words[2u + output->position] = (uint16_t)(output->min + (int32_t)(span * next_byte() / 250u));
  }
  write_words(ET_A_TARGET_TICKET, words, 2u + (size_t)et_output_count(running()));
}

void judge(bool variant) {
  const uint8_t kind = next_byte();
  feedback(ticket_of(kind >> 4), kind & 7u, variant ? next_word() : next_byte());
}

void judge_targets(bool variant) {
  const uint8_t kind = next_byte();
  (void)variant;
  if (decides()) feedback_targets(ticket_of(kind >> 4), kind & 7u);
}

void teach(uint16_t truth) {
  if (decides() && et_output_count(running()) != 0u) feedback_targets(board.decision_ticket, ET_FEEDBACK_KIND_TEACH);
  else feedback(board.decision_ticket, ET_FEEDBACK_KIND_TEACH, truth);
}

void lesson(bool variant) {
  infer(variant);
  teach(next_byte());
}

void work_shift(bool variant) {
  const uint8_t decisions = next_byte() & 63u, outcome = next_byte(), kind = next_byte() & 3u;
  int16_t features[ET_FEATURES_MAX];
  uint8_t count, i;
  for (count = 0; count < decisions && decides() && et_array_count(running()) == 0u; count++) {
    for (i = 0; i < running()->core->features; i++) {
      const et_feature_entry *feature = &running()->features[i];
      const uint32_t span = (uint32_t)((int32_t)feature->max - feature->min);
      if (!variant || count == 0u) features[i] = (int16_t)(feature->min + (int32_t)(span * (board_noise() >> 24) / 255u));
    }
    const uint32_t value = outcome < 128u ? outcome : (board_noise() >> 24) % (outcome - 127u);
    decide_about(features);
    board_run(8u);
    feedback(board.decision_ticket, kind, (uint16_t)value);
    board_run(8u);
  }
}

/* ---- Streams ---- */

/* Channels of the stream that the running definition takes; 0 = none. */
static uint8_t channels(void) {
  if (board.trainer.core.deployment.model == NULL) return 0;
  return et_is_stream(&board.trainer.core) ? running()->core->features : et_stream_channels(running());
}

void stream(bool variant) {
  uint16_t words[2u + ET_FEATURES_MAX];
  const uint8_t gap = next_byte(), shape = next_byte();
  const uint16_t next = decides() ? board.trainer.decide.ring.next_sequence : board.trainer.stream.queue.next_sequence;
  uint16_t count, i;
  (void)variant;
  if (channels() == 0u || channels() > ET_FEATURES_MAX) return;
  count = (uint16_t)(ET_FEATURES_MAX / channels());
  words[0] = (uint16_t)(next + (gap > 250u ? gap : 0u));
  words[1] = count;
  for (i = 0; i < count * channels(); i++)
    words[2u + i] =
        (uint16_t)((shape & 128u) != 0u ? next_word() : (uint16_t)(int16_t)((int32_t)(board_noise() >> 22) * (int32_t)(shape & 63u)));
  write_words(ET_A_SAMPLE_SEQUENCE, words, 2u + (size_t)count * channels());
  board_run(ROUNDS_MOST);
}

/* ---- Registers and coils ---- */

void move_set_point(bool variant) {
  const uint16_t value = variant ? next_word() : next_byte();
  write_words(ET_A_SET_POINT, &value, 1u);
}

void write_coil(bool variant) { ask(5u, next_byte() % ET_COIL_COUNT, variant ? 0xff00u : 0u); }

void write_one(bool variant) {
  static const uint16_t addresses[] = {ET_A_TICKET,          ET_A_TICKET_CLAIM,   ET_A_FEATURES,      ET_A_FEATURES + 1u,
                                       ET_A_FEEDBACK_TICKET, ET_A_FEEDBACK_CLAIM, ET_A_FEEDBACK_KIND, ET_A_FEEDBACK_VALUE,
                                       ET_A_TARGET_TICKET,   ET_A_TARGET_CLAIM,   ET_A_TARGET_KIND,   ET_A_TARGETS,
                                       ET_A_TARGETS + 1u,    ET_A_BULK_PAGE,      ET_A_BULK_OBJECT};
  const uint16_t address = addresses[next_byte() % (sizeof addresses / sizeof addresses[0])];
  ask(6u, address, variant ? (uint16_t)(board.decision_ticket + 1u) : next_word());
}

void word_by_word(bool variant) {
  int16_t features[ET_FEATURES_MAX];
  uint16_t i, claim;
  if (!decides()) return;
  if (variant) {
    const bool targets = et_output_count(running()) != 0u;
    ask(6u, targets ? ET_A_TARGET_CLAIM : ET_A_FEEDBACK_CLAIM, board.decision_ticket);
    ask(6u, targets ? ET_A_TARGET_KIND : ET_A_FEEDBACK_KIND, next_byte() & 7u);
    for (i = 0; i < (targets ? et_output_count(running()) : 1u); i++)
      ask(6u, (uint16_t)((targets ? ET_A_TARGETS : ET_A_FEEDBACK_VALUE) + i), next_byte());
    ask(6u, targets ? ET_A_TARGET_TICKET : ET_A_FEEDBACK_TICKET, board.decision_ticket);
    return;
  }
  claim = ++board.decision_ticket;
  choose_features(features);
  ask(6u, ET_A_TICKET_CLAIM, claim);
  for (i = 0; i < et_input_words(running()); i++) ask(6u, (uint16_t)(ET_A_FEATURES + i), (uint16_t)features[i % running()->core->features]);
  ask(6u, ET_A_TICKET, claim);
}

void write_and_read(bool variant) {
  uint8_t bytes[ET_MODBUS_FRAME_MAX] = {board.trainer.unit, 23};
  int16_t features[ET_FEATURES_MAX];
  uint16_t words, i;
  if (!decides()) return;
  choose_features(features);
  words = (uint16_t)(1u + et_input_words(running()));
  if (11u + 2u * words + 2u > sizeof bytes) return;
  et_put_be16(bytes + 2, variant ? next_word() : ET_A_DECISION_TICKET);
  et_put_be16(bytes + 4, 1u + (next_byte() & 15u));
  et_put_be16(bytes + 6, ET_A_TICKET);
  et_put_be16(bytes + 8, words);
  bytes[10] = (uint8_t)(2u * words);
  et_put_be16(bytes + 11, ++board.decision_ticket);
  for (i = 1; i < words; i++) et_put_be16(bytes + 11u + 2u * i, (uint16_t)features[(i - 1u) % running()->core->features]);
  frame(bytes, 11u + 2u * (size_t)words);
}

/* ---- Calls ---- */

static void call_infer(void) {
  int16_t features[ET_FEATURES_MAX];
  et_answer answer;
  et_error error;
  if (!decides()) return;
  if (et_stream_channels(running()) != 0u) {
    error = et_trainer_infer_window(&board.trainer, &answer);
  } else if (et_array_count(running()) != 0u) {
    choose_array();
    error = et_trainer_infer_array(&board.trainer, array, &answer);
  } else {
    choose_features(features);
    error = et_trainer_infer(&board.trainer, features, &answer);
  }
  if (error == ET_OK) board.decision_ticket = answer.ticket;
}

static void call_feedback(void) {
  const uint8_t kind = next_byte();
  int16_t values[ET_OUTPUTS_MAX];
  uint8_t judgement, i;
  for (i = 0; i < ET_OUTPUTS_MAX; i++) values[i] = (int16_t)(int8_t)next_byte();
  (void)et_trainer_feedback(&board.trainer, ticket_of(kind >> 4), (et_feedback_kind)(kind & 7u), values, &judgement);
}

void call(bool variant) {
  et_answer answer;
  et_finding finding;
  et_status status;
  switch (next_byte() & 7u) {
  case 0:
  case 1: call_infer(); break;
  case 2: (void)et_trainer_answer(&board.trainer, (uint16_t)(board.decision_ticket - next_byte()), &answer); break;
  case 3:
  case 4: call_feedback(); break;
  case 5: (void)(variant ? et_trainer_set_point(&board.trainer, (int16_t)next_word()) : et_trainer_train(&board.trainer)); break;
  case 6: (void)(variant ? et_trainer_stop_slice(&board.trainer) ? ET_BUSY : ET_OK : et_trainer_save(&board.trainer)); break;
  default:
    (void)et_trainer_finding(&board.trainer, &finding);
    et_trainer_status(&board.trainer, &status);
    (void)et_trainer_detail(&board.trainer);
    break;
  }
}
