/* The suite of the family on the host: means, decisions and slices beside a second way to compute them. */
#include <string.h>

#include "check.h"
#include "edge_trainer/centroid_parameters.h"
#include "problem.h"
#include "support/prng.h"

enum { SAMPLES = 200, FEATURES = 5, CLASSES = 3 };

/* Three clouds; the last tenth is held out. */
static void fill(problem *p) {
  uint32_t state = 7;
  p->set.count = SAMPLES;
  for (uint16_t i = 0; i < SAMPLES; i++) {
    p->labels[i] = (uint8_t)(i % CLASSES);
    for (uint16_t j = 0; j < FEATURES; j++)
      problem_set(p, i, j, (int32_t)(et_xorshift32(&state) % 41u) - 20 + 30 * (p->labels[i] - 1) * (j % 2 == 0 ? 1 : -1));
    if (i >= SAMPLES - SAMPLES / 10) p->held_out[i >> 3] = (uint8_t)(p->held_out[i >> 3] | 1u << (i & 7u));
  }
}

static uint8_t nearest(const problem *p, uint16_t sample) {
  double means[CLASSES][FEATURES] = {{0}}, best = 1e30;
  unsigned counts[CLASSES] = {0};
  uint8_t found = 0;
  for (uint16_t i = 0; i < SAMPLES - SAMPLES / 10; i++) {
    counts[p->labels[i]]++;
    for (uint16_t j = 0; j < FEATURES; j++) means[p->labels[i]][j] += problem_get(p, i, j);
  }
  for (uint8_t c = 0; c < CLASSES; c++) {
    double sum = 0;
    for (uint16_t j = 0; j < FEATURES; j++) {
      const double difference = means[c][j] / counts[c] - problem_get(p, sample, j);
      sum += difference * difference;
    }
    if (sum < best) {
      best = sum;
      found = c;
    }
  }
  return found;
}

static void test_family(uint8_t storage, float shrinkage, uint32_t budget) {
  problem p;
  et_centroid_parameters parameters = {.shrinkage = shrinkage};
  problem_begin(&p, ET_MODEL_CENTROID, storage, FEATURES, CLASSES, SAMPLES);
  p.definition.parameters = &parameters;
  problem_allocate(&p);
  EXPECT(problem_train(&p, budget) == ET_TOO_FEW_SAMPLES, "no sample is too few");
  fill(&p);
  EXPECT(problem_infer(&p, 0).confidence == 0, "untrained");
  EXPECT(problem_train(&p, budget) == ET_OK, "trains");
  EXPECT(p.ops->validate(&p.context, p.candidate) == ET_OK, "a generation");
  unsigned other = 0;
  memcpy(p.running, p.candidate, p.need.model_bytes);
  for (uint16_t i = 0; i < SAMPLES; i++) other += problem_infer(&p, i).output_class != nearest(&p, i);
  /* Means are rounded to whole steps: a sample on the border may go the other way. */
  EXPECT(shrinkage > 0.0f || other <= 2, "%u decisions differ", other);
  if (shrinkage == 1.0f) EXPECT(problem_infer(&p, 0).confidence == 500, "all means are one");
  ((uint8_t *)p.candidate)[0] = 9;
  EXPECT(p.ops->validate(&p.context, p.candidate) == ET_MODEL_CONTENT, "an unknown layout");
  memset(p.labels, 1, SAMPLES);
  EXPECT(problem_train(&p, budget) == ET_SINGLE_CLASS, "one class");
  problem_free(&p);
}

int main(void) {
  test_family(ET_STORAGE_INT8, 0.0f, 1);
  test_family(ET_STORAGE_INT16, 0.0f, 1000000);
  test_family(ET_STORAGE_INT8, 0.5f, 64);
  test_family(ET_STORAGE_INT16, 1.0f, 64);
  puts("good");
  return 0;
}
