/* The SVM alone: trains on every other flower of Iris, classifies those between, and prints how many are right (115200 baud). */
#include <EdgeTrainer.h>

#include "iris.h"

const uint8_t CLASSES = 3;
const uint16_t TAUGHT = IRIS_ROWS / 2;
static const float LOW_CM[IRIS_FEATURES] = {4, 2, 1, 0}, HIGH_CM[IRIS_FEATURES] = {8, 5, 7, 3};

static et_svm svm;
static uint32_t memory[480];
static int8_t rows[TAUGHT][IRIS_FEATURES];
static uint8_t labels[TAUGHT];

/* Flower `index` as the SVM stores it; returns its species. */
static uint8_t flower(uint16_t index, int8_t *row) {
  for (uint8_t j = 0; j < IRIS_FEATURES; j++)
    row[j] = et_svm_scaled(static_cast<float>(pgm_read_byte(&iris[index][j])) / 10.0f, LOW_CM[j], HIGH_CM[j]);
  return pgm_read_byte(&iris[index][IRIS_FEATURES]);
}

void setup() {
  Serial.begin(115200);
  et_svm_options options = ET_SVM_DEFAULTS(&et_svm_linear, IRIS_FEATURES, CLASSES, TAUGHT);
  options.parameters.cost = 10;
  if (et_svm_setup(&svm, &options, memory, sizeof memory) != ET_OK) {
    Serial.print("memory must have ");
    Serial.println(et_svm_bytes(&options));
    return;
  }
  for (uint16_t i = 0; i < TAUGHT; i++) labels[i] = flower(static_cast<uint16_t>(2 * i), rows[i]);

  et_error error = et_svm_train_begin(&svm, rows, labels, TAUGHT);
  while (error == ET_BUSY) error = et_svm_train_step(&svm, 2048); /* and whatever else there is to do */

  uint16_t right = 0;
  for (uint16_t i = 0; i < TAUGHT; i++) {
    int8_t row[IRIS_FEATURES];
    const uint8_t species = flower(static_cast<uint16_t>(2 * i + 1), row);
    if (et_svm_infer(&svm, row).output_class == species) right++;
  }
  Serial.print("error ");
  Serial.print(static_cast<int>(error));
  Serial.print(", right ");
  Serial.print(right);
  Serial.print(" of ");
  Serial.println(TAUGHT);
}

void loop() {}
