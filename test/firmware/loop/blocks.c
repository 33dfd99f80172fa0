#include "blocks.h"

#include <string.h>

#include "../check.h"
#include "loop/decide/feedback.h"
#include "loop/decide/io.h"
#include "loop/decide/stitching.h"
#include "loop/redeploy.h"

et_trainer trainer;

et_error judge(uint16_t number, uint16_t kind, int16_t value) { return et_feedback_judge(&trainer.decide, number, kind, &value); }
static et_port port;
uint64_t arena_words[ARENA_WORDS];
uint8_t *const arena = (uint8_t *)arena_words;
uint32_t now_ms;
definition_blob wanted;
uint16_t last_ticket;

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

void usual(void) {
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

void deploy(void) {
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

et_error infer(uint16_t number, int16_t a, int16_t b) {
  uint16_t detail = 99;
  et_input(&trainer.core)[0] = a;
  et_input(&trainer.core)[1] = b;
  return et_io_infer(&trainer.decide, number, &detail);
}

void teach(int16_t a, int16_t b, int16_t truth) {
  CHECK(infer(++last_ticket, a, b) == ET_OK);
  CHECK(judge(last_ticket, ET_FEEDBACK_KIND_TEACH, truth) == ET_OK);
  while (et_stitch_waiting(&trainer.decide)) continue;
}
