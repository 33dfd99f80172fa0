/* A thermostat that learns when to heat from two buttons, without any master.
 *
 * A0: room temperature, A1: outdoor temperature (10 mV per degree, 500 mV at 0 degrees). Pin 11: button "too cold", pin 12: button "too warm",
 * both to ground. Pin 13: heater. A press is the truth about the last decision; the trainer learns it in slices, keeps it through a power cut, and
 * the heater goes on meanwhile. Until it has learned, the start rule of the definition decides: heat below 20 degrees.
 *
 * thermostat.h is written from a definition by `edge-trainer plan thermostat.json --c thermostat.h`. */
#include <EdgeTrainer.h>
#ifdef __AVR__
#include <EdgeTrainerEeprom.h>
#endif
#include "thermostat.h"

const uint8_t ROOM = A0, OUTDOORS = A1, TOO_COLD = 11, TOO_WARM = 12, HEATER = 13;
const float MILLIVOLTS_PER_COUNT = 5000.0f / 1024.0f;
const uint32_t DECIDE_MS = 500;
const uint32_t PRESS_MS = 300; /* a press counts once */

static uint64_t arena[2560 / 8]; /* `edge-trainer plan thermostat.json` says what the definition needs */
static EdgeTrainer trainer(arena, sizeof arena);
static et_answer decision;
static uint32_t decidedMs, pressedMs;

static int16_t measured(uint8_t pin, float scale) {
  const float celsius = (static_cast<float>(analogRead(pin)) * MILLIVOLTS_PER_COUNT - 500.0f) / 10.0f;
  return static_cast<int16_t>(celsius * scale);
}

/* A temperature out of its range, or a definition that was refused: no heat. */
static void decide() {
  const int16_t features[THERMOSTAT_FEATURES] = {measured(ROOM, THERMOSTAT_FEATURE_ROOM_SCALE),
                                                 measured(OUTDOORS, THERMOSTAT_FEATURE_OUTDOORS_SCALE)};
  const bool decided = trainer.infer(features, decision) == ET_OK;
  digitalWrite(HEATER, decided && decision.actuation != 0 ? HIGH : LOW);
}

void setup() {
  pinMode(TOO_COLD, INPUT_PULLUP);
  pinMode(TOO_WARM, INPUT_PULLUP);
  pinMode(HEATER, OUTPUT);
#ifdef __AVR__
  trainer.store(edgeTrainerEeprom());
#endif
  trainer.begin();
  trainer.deploy(thermostat, sizeof thermostat);
}

void loop() {
  trainer.poll();
  if (millis() - decidedMs >= DECIDE_MS) {
    decidedMs = millis();
    decide();
  }
  const bool cold = digitalRead(TOO_COLD) == LOW, warm = digitalRead(TOO_WARM) == LOW;
  if (cold == warm || millis() - pressedMs < PRESS_MS) return;
  pressedMs = millis();
  trainer.feedback(decision.ticket, ET_FEEDBACK_KIND_LABEL, cold ? THERMOSTAT_CLASS_HEAT : THERMOSTAT_CLASS_OFF);
}
