/* What both solvers find, against a solve of the same dual in double: objective, optimality conditions, class weights, warm
 * start, one-vs-one. */
#include <math.h>
#include <string.h>

#include "../check.h"
#include "reference.h"

static uint32_t state = 20200;
static double random_unit(void) { /* xorshift, [-1, 1) */
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return (double)state / 2147483648.0 - 1.0;
}

/* Clouds around random centres, `spread` wide. */
static void fill(problem *p, uint16_t count, double spread, const double *shares) {
  double centre[ET_CLASSES_MAX][ET_FEATURES_MAX];
  const double unit = p->core.storage == ET_STORAGE_INT8 ? 127 : 32767;
  for (int c = 0; c < p->core.classes; c++) {
    for (int j = 0; j < p->core.features; j++) centre[c][j] = 0.4 * random_unit();
  }
  for (uint16_t i = 0; i < count; i++) {
    double draw = (random_unit() + 1) / 2;
    uint8_t label = 0;
    while (label + 1 < p->core.classes && draw > shares[label]) draw -= shares[label++];
    if (i < p->core.classes) label = (uint8_t)i;
    p->labels[i] = label;
    for (uint16_t j = 0; j < p->core.features; j++) {
      double v = centre[label][j] + spread * (random_unit() + random_unit()) / 2;
      if (v > 1) v = 1;
      if (v < -1) v = -1;
      problem_set(p, i, j, (int32_t)lrint(v * unit));
    }
  }
  p->set.count = count;
}

/* Compare the solution that a training left in the samples' multipliers. `slack`: of a decision value. */
static void compare(const problem *p, const char *what, double slack) {
  for (int a = 0; a < p->core.classes; a++) {
    for (int b = a + 1; b < p->core.classes; b++) {
      reference r;
      reference_begin(&r, p, a, b);
      reference_solve(&r);
      double *alpha = calloc((size_t)r.count, sizeof(double));
      reference_read(&r, p, a, b, alpha);
      const double best = reference_objective(&r, r.alpha), ours = reference_objective(&r, alpha);
      double sum = 0, largest = 0;
      for (int t = 0; t < r.count; t++) {
        EXPECT(alpha[t] >= 0 && alpha[t] <= r.bound[t] * 1.0003, "%s: alpha %g of at most %g", what, alpha[t], r.bound[t]);
        sum += r.y[t] * alpha[t];
        if (alpha[t] > largest) largest = alpha[t];
      }
      EXPECT(fabs(ours - best) <= 0.005 * fabs(best), "%s, pair %d %d: objective %.9g, best %.9g", what, a, b, ours, best);
      /* Optimality (KKT) of every sample, for the bias that fits these multipliers best: y f >= 1 where alpha is 0, <= 1 at the
       * bound, = 1 between. A multiplier is stored in steps of 2^-11 of itself, and moves the sample's own value by half a step times K
       * at most. */
      double low = -INFINITY, high = INFINITY;
      for (int t = 0; t < r.count; t++) {
        const double need = r.y[t] - reference_decision(&r, alpha, 0, t);
        const double step = alpha[t] / 4096 * r.kernel[(size_t)t * (size_t)r.count + (size_t)t];
        const bool zero = alpha[t] == 0, bound = alpha[t] >= r.bound[t] * 0.9997;
        if ((r.y[t] > 0 && !bound) || (r.y[t] < 0 && !zero)) low = fmax(low, need - step);
        if ((r.y[t] > 0 && !zero) || (r.y[t] < 0 && !bound)) high = fmin(high, need + step);
      }
      EXPECT(low - high <= 2 * slack, "%s, pair %d %d: optimality violated by %g of %g", what, a, b, low - high, slack);
      EXPECT(fabs(sum) <= 0.01 * largest * sqrt(r.count) + slack, "%s: y'alpha is %g", what, sum);
      free(alpha);
      reference_free(&r);
    }
  }
}

/* The reference scales in double, the firmware rounds scaled rows to 1/4096 of a deviation: decision values, sums of up to C times
 * a product of rows, differ by some thousandths of C. */
static double slack_of(const problem *p, double slack) {
  return p->core.scaling == ET_SCALING_STANDARD ? slack + 0.003 * (double)p->parameters.cost : slack;
}

static void linear(uint8_t storage, uint8_t scaling, uint8_t features, uint16_t count, float cost, double spread, uint8_t weights) {
  static const double even[2] = {0.5, 0.5}, rare[2] = {0.12, 0.88};
  problem p;
  problem_begin(&p, ET_MODEL_SVM_LINEAR, storage, features, 2, count);
  p.core.scaling = scaling;
  p.parameters.cost = cost;
  p.parameters.tolerance = 0.002f;
  p.parameters.max_epochs = 60000;
  p.parameters.class_weights = weights;
  p.classes[0].weight = 1024;
  p.classes[1].weight = 100;
  problem_allocate(&p);
  fill(&p, count, spread, weights != ET_CLASS_WEIGHTS_NONE ? rare : even);
  for (uint16_t i = 5; i < count; i = (uint16_t)(i + 7)) p.held_out[i >> 3] |= (uint8_t)(1u << (i & 7)); /* must not matter */
  char what[120];
  snprintf(what, sizeof what, "linear, storage %d, scaling %d, %d x %d, C %g, spread %g, weights %d", storage, scaling, count, features,
           (double)cost, spread, weights);
  const et_error result = problem_train(&p, 5000);
  EXPECT(result == ET_OK, "%s: result %d", what, result);
  compare(&p, what, slack_of(&p, 0.01));
  problem_free(&p);
}

static void kernel(uint8_t storage, uint8_t scaling, uint8_t kind, uint8_t features, uint16_t count, float cost, double spread) {
  static const double even[2] = {0.5, 0.5};
  problem p;
  problem_begin(&p, ET_MODEL_SVM_KERNEL, storage, features, 2, count);
  p.core.scaling = scaling;
  p.parameters.cost = cost;
  p.parameters.tolerance = 0.001f;
  p.parameters.kernel = kind;
  p.parameters.gamma = kind == ET_KERNEL_RBF ? 0.7f : 0.0f;
  p.parameters.coef0 = 1.0f;
  p.parameters.degree = 3;
  problem_allocate(&p);
  fill(&p, count, spread, even);
  char what[120];
  snprintf(what, sizeof what, "kernel %d, storage %d, scaling %d, %d x %d, C %g, spread %g", kind, storage, scaling, count, features,
           (double)cost, spread);
  const et_error result = problem_train(&p, 5000);
  EXPECT(result == ET_OK, "%s: result %d", what, result);
  compare(&p, what, slack_of(&p, 0.004));
  problem_free(&p);
}

/* Train, replace a third of the samples, train again from the stored multipliers: the optimum of the new set, with less work. */
static void warm(uint8_t family) {
  static const double shares[3] = {0.4, 0.3, 0.3};
  problem p;
  problem_begin(&p, family, ET_STORAGE_INT8, 6, 3, 120);
  p.parameters.warm_start = 1;
  p.parameters.tolerance = 0.001f;
  p.parameters.max_epochs = 60000;
  p.parameters.class_weights = ET_CLASS_WEIGHTS_BALANCED;
  p.parameters.kernel = ET_KERNEL_RBF;
  p.parameters.gamma = 0.5f;
  problem_allocate(&p);
  fill(&p, 120, 0.9, shares);
  EXPECT(problem_train(&p, 3000) == ET_OK, "cold");
  const uint32_t cold = p.report.iterations;
  compare(&p, "cold", 0.01);
  memcpy(p.running, p.candidate, p.need.model_bytes);
  EXPECT(problem_train(&p, 3000) == ET_OK, "same set again");
  EXPECT(p.report.iterations * 2 < cold, "warm start on the same set: %u iterations, cold %u", (unsigned)p.report.iterations,
         (unsigned)cold);
  compare(&p, "warm, same set", 0.01);
  for (uint16_t i = 0; i < 120; i = (uint16_t)(i + 3)) { /* as the data set does: new features, label, multipliers zero */
    p.labels[i] = (uint8_t)((p.labels[i] + i) % 3);
    for (uint16_t j = 0; j < 6; j++) problem_set(&p, i, j, (int32_t)lrint(127 * random_unit()));
    memset(p.set.extra + (size_t)i * p.need.sample_bytes, 0, p.need.sample_bytes);
  }
  EXPECT(problem_train(&p, 3000) == ET_OK, "after replacements");
  compare(&p, "warm, after replacements", 0.01);
  problem_free(&p);
}

/* How far the objective is from the optimum, relative to it. Two classes. */
static double gap_of(const problem *p) {
  reference r;
  reference_begin(&r, p, 0, 1);
  reference_solve(&r);
  double *alpha = calloc((size_t)r.count, sizeof(double));
  reference_read(&r, p, 0, 1, alpha);
  const double best = reference_objective(&r, r.alpha), gap = fabs(reference_objective(&r, alpha) - best) / fabs(best);
  free(alpha);
  reference_free(&r);
  return gap;
}

/* From one feature to forty, from easy to hopeless: nearly all end within the bound of passes, and nearly all of those within half a
 * percent of the optimum. What does not end is at the resolution of its multipliers (one feature and a large C). */
static void random_problems(void) {
  enum { PROBLEMS = 500, LATE_MOST = 18, FAR_MOST = 3 };
  static const double even[2] = {0.5, 0.5}, rare[2] = {0.12, 0.88};
  unsigned late = 0, far = 0;
  for (unsigned t = 0; t < PROBLEMS; t++) {
    const double size = (random_unit() + 1) / 2;
    const uint16_t count = (uint16_t)(10 + 75 * (random_unit() + 1));
    const uint8_t weights = (uint8_t)(1.5 * (random_unit() + 1));
    problem p;
    problem_begin(&p, ET_MODEL_SVM_LINEAR, random_unit() < 0 ? ET_STORAGE_INT8 : ET_STORAGE_INT16, (uint8_t)(1 + 40 * size * size), 2,
                  count);
    p.core.scaling = random_unit() < 0 ? ET_SCALING_RANGE : ET_SCALING_STANDARD;
    p.parameters.cost = (float)pow(10, -2 + 1.8 * (random_unit() + 1));
    p.parameters.tolerance = 0.002f;
    p.parameters.class_weights = weights;
    p.classes[0].weight = 1024;
    p.classes[1].weight = 100;
    problem_allocate(&p);
    fill(&p, count, 0.2 + 0.6 * (random_unit() + 1), weights != ET_CLASS_WEIGHTS_NONE ? rare : even);
    const et_error result = problem_train(&p, 5000);
    EXPECT(result == ET_OK || result == ET_NOT_CONVERGED, "random problem %u: result %d", t, result);
    if (result != ET_OK) late++;
    else if (gap_of(&p) > 0.005) far++;
    problem_free(&p);
  }
  EXPECT(late <= LATE_MOST, "%u of %u random problems were not finished within the bound of passes", late, (unsigned)PROBLEMS);
  EXPECT(far <= FAR_MOST, "%u of %u random problems were further than half a percent from the optimum", far, (unsigned)PROBLEMS);
  printf("random problems: %u late, %u far\n", late, far);
}

int main(void) {
  const float costs[] = {0.01f, 1.0f, 30.0f};
  const double spreads[] = {0.5, 1.2};
  for (unsigned c = 0; c < 3; c++) {
    for (unsigned s = 0; s < 2; s++) {
      linear(ET_STORAGE_INT8, ET_SCALING_RANGE, 4, 60, costs[c], spreads[s], ET_CLASS_WEIGHTS_NONE);
      linear(ET_STORAGE_INT8, ET_SCALING_RANGE, 30, 100, costs[c], spreads[s], ET_CLASS_WEIGHTS_BALANCED);
      linear(ET_STORAGE_INT8, ET_SCALING_STANDARD, 10, 80, costs[c], spreads[s], ET_CLASS_WEIGHTS_NONE);
      linear(ET_STORAGE_INT16, ET_SCALING_RANGE, 12, 90, costs[c], spreads[s], ET_CLASS_WEIGHTS_EXPLICIT);
      linear(ET_STORAGE_INT16, ET_SCALING_STANDARD, 7, 70, costs[c], spreads[s], ET_CLASS_WEIGHTS_BALANCED);
      linear(ET_STORAGE_INT8, ET_SCALING_RANGE, 120, 80, costs[c], spreads[s], ET_CLASS_WEIGHTS_NONE);
      for (uint8_t kind = 0; kind < 3; kind++) {
        kernel(ET_STORAGE_INT8, ET_SCALING_RANGE, kind, 5, 80, costs[c], spreads[s]);
        kernel(ET_STORAGE_INT16, ET_SCALING_RANGE, kind, 16, 90, costs[c], spreads[s]);
        kernel(ET_STORAGE_INT8, ET_SCALING_STANDARD, kind, 8, 70, costs[c], spreads[s]);
      }
    }
  }
  warm(ET_MODEL_SVM_LINEAR);
  warm(ET_MODEL_SVM_KERNEL);
  random_problems();
  printf("all checks passed\n");
  return 0;
}
