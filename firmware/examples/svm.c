/* The SVM alone, on rows in an array: trains, decides, saves its model and loads it again. No Modbus, no heap; also valid C++11. */
#include <stdio.h>

#include "edge_trainer/svm.h"

#define ROWS 8u
#define FEATURES 2u

/* Temperature and humidity of a room, and whether somebody is in it. */
static const float readings[ROWS][FEATURES] = {{19, 38}, {20, 41}, {19, 44}, {21, 40}, {23, 55}, {24, 58}, {23, 61}, {25, 57}};
static const uint8_t somebody[ROWS] = {0, 0, 0, 0, 1, 1, 1, 1};

static void store(const float *reading, int8_t *row) {
  row[0] = et_svm_scaled(reading[0], 10, 30);
  row[1] = et_svm_scaled(reading[1], 20, 80);
}

int main(void) {
  static const float fresh[FEATURES] = {24, 60};
  static const et_svm_options options = ET_SVM_DEFAULTS(&et_svm_linear, FEATURES, 2, ROWS);
  static et_svm svm;
  static uint32_t memory[256];
  static int8_t rows[ROWS][FEATURES];
  static uint8_t saved[128];
  int8_t row[FEATURES];
  for (unsigned i = 0; i < ROWS; i++) store(readings[i], rows[i]);
  if (et_svm_setup(&svm, &options, memory, sizeof memory) != ET_OK) return 1;

  et_error error = et_svm_train_begin(&svm, rows, somebody, ROWS);
  while (error == ET_BUSY) error = et_svm_train_step(&svm, 2048); /* and whatever else there is to do */
  if (error != ET_OK) return 2;
  const uint32_t bytes = et_svm_save(&svm, saved, sizeof saved);

  static et_svm next; /* as after a restart */
  static uint32_t next_memory[256];
  if (et_svm_setup(&next, &options, next_memory, sizeof next_memory) != ET_OK) return 3;
  if (et_svm_load(&next, saved, bytes) != ET_OK) return 4;
  store(fresh, row);
  printf("class %u, %u of %u right, %lu bytes saved\n", (unsigned)et_svm_infer(&next, row).output_class,
         (unsigned)et_svm_eval(&next, rows, somebody, ROWS), ROWS, (unsigned long)bytes);
  return 0;
}
