/* Train-on-demand, and what decides before and after it: voices, limits of the plant, learning that pauses. */
#include <string.h>

#include "../check.h"
#include "blocks.h"
#include "loop/commands.h"
#include "loop/core/log.h"
#include "loop/decide/io.h"
#include "loop/decide/stitching.h"
#include "loop/decide/train_on_demand.h"
#include "loop/redeploy.h"
#include "support/crc.h"

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
  definition_blob blob;
  et_plant_limits limits;
  uint32_t crc;
} limited;

static void plant_limits(void) {
  et_definition definition;
  et_memory_layout layout;
  uint16_t detail;
  uint8_t *bytes = (uint8_t *)&limited;
  const uint32_t tables = (uint32_t)offsetof(definition_blob, crc);
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

void trains_on_demand_and_decides(void) {
  voices();
  plant_limits();
  pausing();
  on_demand();
}
