/* fit: train and test a model on a problem from a text file:
 *   family storage scaling features classes train test
 *   cost tolerance max_epochs class_weights kernel gamma coef0 degree sv_budget
 *   then train + test rows: features stored integers and the class index.
 * Prints: result, iterations, work, model bytes, work bytes; then the decided class and confidence of every test row. */
#include <stdio.h>
#include <stdlib.h>

#include "problem.h"

static FILE *input;

static double number(void) {
  double value;
  if (fscanf(input, "%lf", &value) != 1) {
    fprintf(stderr, "fit: a number is missing\n");
    exit(2);
  }
  return value;
}

int main(int argc, char **argv) {
  problem p;
  input = argc > 1 ? fopen(argv[1], "r") : stdin;
  if (input == NULL) {
    fprintf(stderr, "fit: cannot open the problem\n");
    return 2;
  }
  const uint8_t family = (uint8_t)number(), storage = (uint8_t)number(), scaling = (uint8_t)number();
  const uint8_t features = (uint8_t)number(), classes = (uint8_t)number();
  const uint16_t train = (uint16_t)number(), test = (uint16_t)number();
  problem_begin(&p, family, storage, features, classes, (uint16_t)(train + test));
  p.core.scaling = scaling;
  p.parameters.cost = (float)number();
  p.parameters.tolerance = (float)number();
  p.parameters.max_epochs = (uint16_t)number();
  p.parameters.class_weights = (uint8_t)number();
  p.parameters.kernel = (uint8_t)number();
  p.parameters.gamma = (float)number();
  p.parameters.coef0 = (float)number();
  p.parameters.degree = (uint8_t)number();
  p.parameters.sv_budget = (uint16_t)number();
  const uint16_t all = (uint16_t)(train + test);
  problem_allocate(&p);
  for (uint16_t i = 0; i < all; i++) {
    for (uint16_t j = 0; j < features; j++) problem_set(&p, i, j, (int32_t)number());
    p.labels[i] = (uint8_t)number();
  }
  p.set.count = train;
  const et_error result = problem_train(&p, 20000);
  uint32_t bytes = p.need.model_bytes;
  printf("%d %u %u %u %u\n", (int)result, (unsigned)p.report.iterations, (unsigned)p.report.work, (unsigned)bytes,
         (unsigned)p.need.work_bytes);
  if (result != ET_OK && result != ET_NOT_CONVERGED) return 1;
  if (p.ops->validate(&p.context, p.candidate) != ET_OK) {
    fprintf(stderr, "fit: the trained model does not pass its own validation\n");
    return 3;
  }
  for (uint16_t i = train; i < all; i++) {
    const et_decision decision = problem_infer(&p, i);
    printf("%u %u\n", (unsigned)decision.output_class, (unsigned)decision.confidence);
  }
  problem_free(&p);
  return 0;
}
