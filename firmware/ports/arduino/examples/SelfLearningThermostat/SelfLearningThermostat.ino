/* A thermostat that learns when to heat from two buttons, without any master.
 *
 * A0: room temperature, A1: outdoor temperature (10 mV per degree, 500 mV at 0 degrees). Pin 3: button "too cold", pin 4: button "too warm", both
 * to ground. Pin 13: heater. A press is the truth about this moment; the SVM learns it in slices, and the heater goes on meanwhile. Until both
 * buttons were pressed, a fixed 20 degrees decide. */
#include <EdgeTrainer.h>

const uint8_t ROOM = A0, OUTDOORS = A1, TOO_COLD = 3, TOO_WARM = 4, HEATER = 13;
const uint8_t FEATURES = 2, CLASSES = 2, ROWS = 32;
const float START_DEGREES = 20;
const float MILLIVOLTS_PER_COUNT = 5000.0f / 1024.0f;
const uint32_t PRESS_MS = 300; /* a press counts once */

static const et_svm_options options = ET_SVM_DEFAULTS(&et_svm_linear, FEATURES, CLASSES, ROWS);
static et_svm svm;
static uint32_t memory[320];
static int8_t seen[ROWS][FEATURES], rows[ROWS][FEATURES]; /* what was pressed, and the copy that a training reads */
static uint8_t truths[ROWS], labels[ROWS];
static uint8_t next, count;
static bool ready, fresh, training, learned;
static uint32_t pressedMs;

static float celsius(uint8_t pin) { return (static_cast<float>(analogRead(pin)) * MILLIVOLTS_PER_COUNT - 500.0f) / 10.0f; }

/* The oldest of 32 presses gives way. */
static void remember(const int8_t *row, uint8_t truth) {
  memcpy(seen[next], row, FEATURES);
  truths[next] = truth;
  next = static_cast<uint8_t>((next + 1) % ROWS);
  if (count < ROWS) count++;
  fresh = true;
}

static void learn() {
  if (training) {
    const et_error error = et_svm_train_step(&svm, 1024);
    if (error == ET_BUSY) return;
    training = false;
    if (error == ET_OK || error == ET_NOT_CONVERGED) learned = true;
    return;
  }
  if (!fresh) return;
  fresh = false;
  memcpy(rows, seen, sizeof rows);
  memcpy(labels, truths, sizeof labels);
  training = et_svm_train_begin(&svm, rows, labels, count) == ET_BUSY; /* presses of one button alone: nothing to learn yet */
}

void setup() {
  pinMode(TOO_COLD, INPUT_PULLUP);
  pinMode(TOO_WARM, INPUT_PULLUP);
  pinMode(HEATER, OUTPUT);
  ready = et_svm_setup(&svm, &options, memory, sizeof memory) == ET_OK;
}

void loop() {
  const float room = celsius(ROOM);
  const int8_t row[FEATURES] = {et_svm_scaled(room, 10, 30), et_svm_scaled(celsius(OUTDOORS), -20, 40)};
  const bool cold = digitalRead(TOO_COLD) == LOW, warm = digitalRead(TOO_WARM) == LOW;
  if (cold != warm && millis() - pressedMs > PRESS_MS) {
    pressedMs = millis();
    remember(row, cold ? 1 : 0);
  }
  if (ready) learn();
  const bool heat = learned ? et_svm_infer(&svm, row).output_class == 1 : room < START_DEGREES;
  digitalWrite(HEATER, heat ? HIGH : LOW);
}
