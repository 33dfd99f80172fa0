/* Trains both SVMs, and says what came out: the same on every core. rows.h: flowers and species of Iris. */
#include "edge_trainer/svm.h"
#include "rows.h"
#include "say.h"
#include "support/crc.h"

#define CLASSES 3u

static void report(const char *name, uint32_t crc, uint32_t right) {
  char line[] = "    00000000 000\n";
  uint32_t i;
  for (i = 0; i < 3u; i++) line[i] = name[i];
  for (i = 0; i < 8u; i++) line[4u + i] = "0123456789abcdef"[crc >> (28u - 4u * i) & 15u];
  for (i = 0; i < 3u; i++, right /= 10u) line[15u - i] = (char)('0' + right % 10u);
  say(line, sizeof line - 1u);
}

static bool machine(const char *name, const et_model_ops *model) {
  static et_svm svm;
  static uint32_t memory[8192];
  static uint8_t saved[16384];
  et_train_report trained;
  const et_svm_options options = ET_SVM_DEFAULTS(model, FEATURES, CLASSES, ROWS);
  uint32_t bytes;
  if (et_svm_setup(&svm, &options, memory, sizeof memory) != ET_OK) return false;
  if (et_svm_train(&svm, rows, labels, ROWS, &trained) != ET_OK) return false;
  bytes = et_svm_save(&svm, saved, sizeof saved);
  report(name, et_crc32(0, saved, bytes), et_svm_eval(&svm, rows, labels, ROWS));
  return bytes != 0u;
}

int main(void) {
  if (!machine("lin", &et_svm_linear)) return 1;
  return machine("rbf", &et_svm_kernel_ops) ? 0 : 2;
}
