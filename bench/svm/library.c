/* The SVM alone on a board of its own, as an embedded developer links it: setup, train, infer and eval on rows that are already there.
 * Only its size is of interest. */
#include <string.h>

#include "edge_trainer/svm.h"

#define ROWS 60u
#define FEATURES 4u

int main(void);
_Noreturn void reset(void);

static et_svm svm;
static _Alignas(8) uint8_t memory[4096];
static volatile int8_t sensors[FEATURES];
static int8_t rows[ROWS * FEATURES];
static uint8_t labels[ROWS];
static volatile uint8_t decided;

int main(void) {
  static const et_svm_options options = {.model = &et_svm_linear,
                                         .features = FEATURES,
                                         .classes = 3,
                                         .samples = ROWS,
                                         .seed = 1,
                                         .parameters = {.cost = 1.0f, .tolerance = 0.01f, .max_epochs = 1000}};
  et_train_report report;
  if (et_svm_setup(&svm, &options, memory, sizeof memory) != ET_OK) return 1;
  for (;;) {
    int8_t x[FEATURES];
    if (et_svm_train(&svm, rows, labels, ROWS, &report) != ET_OK) return 2;
    decided = (uint8_t)et_svm_eval(&svm, rows, labels, ROWS);
    for (unsigned i = 0; i < FEATURES; i++) x[i] = sensors[i];
    decided = et_svm_infer(&svm, x).output_class;
  }
}

_Noreturn void reset(void) {
  (void)main();
  for (;;) {}
}

__attribute__((section(".vectors"), used)) static void (*const vectors[])(void) = {(void (*)(void))0x20004000, reset};
