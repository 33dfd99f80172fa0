/* The ends of every range, and input that no sane data set holds. The sanitizers watch for overflow and stray accesses. */
#include <math.h>
#include <string.h>

#include "../check.h"
#include "edge_trainer/svm.h"
#include "models/svm/common.h"
#include "models/kernels/dot.h"
#include "models/svm/linear.h"
#include "models/svm/multiplier.h"
#include "problem.h"

static uint32_t state = 77;
static uint32_t draw(uint32_t below) { return et_xorshift32(&state) % below; }

static const char *const fillings[] = {"random signs",     "all alike", "one feature apart", "label opposite to duplicate",
                                       "all at the least", "sparse"};
enum { FILLINGS = 6 };

static void fill(problem *p, int filling, uint16_t count, int32_t most) {
  for (uint16_t i = 0; i < count; i++) {
    p->labels[i] = (uint8_t)(i % p->core.classes);
    for (uint16_t j = 0; j < p->core.features; j++) {
      int32_t q = most;
      if (filling == 0) q = draw(2) ? most : -most;
      if (filling == 2 && j == 0) q = p->labels[i] == 0 ? most : -most;
      if (filling == 3) q = (i / p->core.classes + j) % 2 ? most : -most;
      if (filling == 4) q = -most;
      if (filling == 5) q = draw(20) ? 0 : most;
      problem_set(p, i, j, q);
    }
  }
  p->set.count = count;
}

/* Any outcome is fine but a hang, an overflow, or a model that does not validate or answer. */
static void extreme(uint8_t family, uint8_t storage, uint8_t scaling, uint8_t features, uint8_t classes, uint16_t count, float cost,
                    int filling, uint8_t weights) {
  problem p;
  problem_begin(&p, family, storage, features, classes, count);
  p.core.scaling = scaling;
  p.parameters.cost = cost;
  p.parameters.class_weights = weights;
  p.parameters.kernel = family == ET_MODEL_SVM_KERNEL ? (uint8_t)draw(3) : ET_KERNEL_LINEAR;
  p.parameters.degree = 5;
  p.parameters.coef0 = 1.0f;
  p.parameters.max_epochs = family == ET_MODEL_SVM_KERNEL ? 1 : 12;
  p.parameters.tolerance = 1e-6f;
  p.classes[0].weight = 65535;
  p.classes[1].weight = 1;
  problem_allocate(&p);
  fill(&p, filling, count, storage == ET_STORAGE_INT8 ? 127 : 32767);
  memset(p.set.extra, draw(2) ? 0xff : 0, (size_t)p.need.sample_bytes * count); /* multipliers from a restored backup can be anything */
  p.parameters.warm_start = 1;
  const et_error result = problem_train(&p, 100000);
  EXPECT(result == ET_OK || result == ET_NOT_CONVERGED, "%s: result %d", fillings[filling], result);
  EXPECT(p.ops->validate(&p.context, p.candidate) == ET_OK, "%s, C %g: does not validate", fillings[filling], (double)cost);
  for (uint16_t i = 0; i < 50 && i < count; i++) {
    const et_decision decision = problem_infer(&p, i);
    EXPECT(decision.output_class < classes && decision.confidence >= 1 && decision.confidence <= 1000, "class %d, confidence %d",
           decision.output_class, decision.confidence);
  }
  problem_free(&p);
}

static void extremes(void) {
  const float costs[] = {1e-4f, 1.0f, 1e4f};
  for (unsigned c = 0; c < 3; c++) {
    for (int filling = 0; filling < FILLINGS; filling++) {
      for (uint8_t storage = ET_STORAGE_INT8; storage <= ET_STORAGE_INT16; storage++) {
        for (uint8_t scaling = 0; scaling < 2; scaling++) {
          for (uint8_t weights = 0; weights < 3; weights++) {
            extreme(ET_MODEL_SVM_LINEAR, storage, scaling, 120, 2, 300, costs[c], filling, weights);
            extreme(ET_MODEL_SVM_LINEAR, storage, scaling, 1, 3, 60, costs[c], filling, weights);
            extreme(ET_MODEL_SVM_KERNEL, storage, scaling, 120, 2, 12, costs[c], filling, weights);
          }
        }
      }
    }
    extreme(ET_MODEL_SVM_LINEAR, ET_STORAGE_INT8, ET_SCALING_RANGE, 120, 2, 4096, costs[c], 0, ET_CLASS_WEIGHTS_NONE);
    extreme(ET_MODEL_SVM_LINEAR, ET_STORAGE_INT16, ET_SCALING_RANGE, 120, 2, 4096, costs[c], 0, ET_CLASS_WEIGHTS_EXPLICIT);
    extreme(ET_MODEL_SVM_LINEAR, ET_STORAGE_INT8, ET_SCALING_RANGE, 120, 16, 480, costs[c], 0, ET_CLASS_WEIGHTS_NONE);
  }
}

static void small_problem(problem *p, uint8_t family, uint8_t classes, uint16_t count) {
  problem_begin(p, family, ET_STORAGE_INT8, 3, classes, 40);
  p->parameters.kernel = ET_KERNEL_RBF;
  problem_allocate(p);
  fill(p, 0, count, 100);
}

/* A sound model that decides one class for all of its samples. */
static bool decides_always(const problem *p, uint8_t output_class) {
  uint16_t i;
  if (p->ops->validate(&p->context, p->candidate) != ET_OK) return false;
  for (i = 0; i < p->set.count; i++) {
    const et_decision decision = problem_infer(p, i);
    if (decision.output_class != output_class || decision.confidence == 0) return false;
  }
  return true;
}

/* One class is all that there is: a constant model, whatever the number of classes, the storage and the scaling. */
static void constants(uint8_t family) {
  uint8_t kind, classes, only;
  for (kind = 0; kind < 4u; kind++)
    for (classes = 2; classes <= ET_CLASSES_MAX; classes = (uint8_t)(classes + 7u))
      for (only = 0; only < classes; only = (uint8_t)(only + 3u)) {
        problem p;
        problem_begin(&p, family, kind & 1u ? ET_STORAGE_INT16 : ET_STORAGE_INT8, 3, classes, 20);
        p.core.scaling = kind & 2u ? ET_SCALING_STANDARD : ET_SCALING_RANGE;
        problem_allocate(&p);
        fill(&p, 0, 20, 100);
        memset(p.labels, only, 20);
        EXPECT(problem_train(&p, 100) == ET_OK && decides_always(&p, only), "class %u of %u alone", only, classes);
        problem_free(&p);
      }
}

static void refusals(uint8_t family) {
  problem p;
  small_problem(&p, family, 2, 0);
  EXPECT(problem_train(&p, 100) == ET_TOO_FEW_SAMPLES, "no samples");
  fill(&p, 0, 1, 100);
  EXPECT(problem_train(&p, 100) == ET_TOO_FEW_SAMPLES, "one sample");
  fill(&p, 0, 10, 100);
  memset(p.labels, 1, 10);
  EXPECT(problem_train(&p, 100) == ET_OK && decides_always(&p, 1), "one class");
  p.labels[3] = 9;
  EXPECT(problem_train(&p, 100) == ET_OK && decides_always(&p, 1), "a label that is no class of the definition does not count");
  p.labels[3] = 0;
  p.held_out[0] = 1u << 3;
  EXPECT(problem_train(&p, 100) == ET_OK && decides_always(&p, 1), "the other class is held out");
  p.held_out[0] = 0xff;
  p.held_out[1] = 0xff;
  EXPECT(problem_train(&p, 100) == ET_TOO_FEW_SAMPLES, "all held out");
  problem_free(&p);

  /* Duplicates with opposite labels: nothing to separate; both answers are as good, and it ends. */
  small_problem(&p, family, 2, 20);
  p.parameters.max_epochs = 2000;
  fill(&p, 1, 20, 100);
  EXPECT(problem_train(&p, 100) == ET_OK, "all alike, two labels: %d", p.report.result);
  problem_free(&p);

  /* A class without samples gets no votes. */
  small_problem(&p, family, 4, 30);
  for (uint16_t i = 0; i < 30; i++) {
    p.labels[i] = i % 2 ? 3 : 1;
    for (uint16_t j = 0; j < 3; j++) problem_set(&p, i, j, i % 2 ? 90 : -90);
  }
  EXPECT(problem_train(&p, 100) == ET_OK, "two of four classes");
  for (uint16_t i = 0; i < 30; i++) EXPECT(problem_infer(&p, i).output_class == p.labels[i], "sample %d", i);
  problem_free(&p);

  /* The iteration bound: reported, and what was found is a valid model. */
  problem_begin(&p, family, ET_STORAGE_INT8, 8, 2, 40);
  p.parameters.max_epochs = 1;
  p.parameters.tolerance = 1e-6f;
  p.parameters.cost = 1e4f;
  p.parameters.kernel = ET_KERNEL_POLYNOMIAL;
  p.parameters.degree = 2;
  problem_allocate(&p);
  fill(&p, 0, 40, 127);
  const et_error result = problem_train(&p, 100);
  EXPECT(result == ET_NOT_CONVERGED || (family == ET_MODEL_SVM_KERNEL && result == ET_OK), "bound: %d", result);
  EXPECT(p.ops->validate(&p.context, p.candidate) == ET_OK, "after the bound");
  problem_free(&p);

  /* Untrained: the default answer. */
  small_problem(&p, family, 2, 10);
  p.core.default_class = 1;
  EXPECT(p.ops->validate(&p.context, p.running) == ET_OK, "blank");
  et_decision decision;
  p.ops->infer(&p.context, p.running, problem_row(&p, 0), &decision);
  EXPECT(decision.output_class == 1 && decision.confidence == 0, "untrained: class %d, %d", decision.output_class, decision.confidence);
  problem_free(&p);
}

/* Kernel values at the end of what the parameters allow: a valid model or NUMERIC, never a model that does not validate. */
static void large_kernels(void) {
  const float scales[] = {1e3f, 1.0f};
  for (unsigned g = 0; g < 2; g++) {
    for (int filling = 0; filling < FILLINGS; filling++) {
      problem p;
      problem_begin(&p, ET_MODEL_SVM_KERNEL, ET_STORAGE_INT8, 120, 2, 30);
      p.parameters.kernel = ET_KERNEL_POLYNOMIAL;
      p.parameters.degree = 5;
      p.parameters.gamma = scales[g];
      p.parameters.coef0 = 1e3f;
      p.parameters.cost = 1e4f;
      p.parameters.max_epochs = 1;
      problem_allocate(&p);
      fill(&p, filling, 30, 127);
      const et_error result = problem_train(&p, 10000);
      EXPECT(result == ET_OK || result == ET_NOT_CONVERGED || result == ET_NUMERIC, "%s: %d", fillings[filling], result);
      if (result != ET_NUMERIC) EXPECT(p.ops->validate(&p.context, p.candidate) == ET_OK, "%s: not valid", fillings[filling]);
      problem_free(&p);
    }
  }
}

static et_error checked(problem *p, uint16_t offset) {
  uint16_t detail = 0;
  const et_model_ops *ops = et_model_find(p->core.model);
  et_error error = et_section_check(ops->section, &p->parameters, &detail);
  if (error == ET_OK) error = ops->check(&p->definition, &detail);
  if (error == ET_DEFINITION_FIELD) EXPECT(detail == offset, "detail %d, expected %d", detail, offset);
  return error;
}

static void parameters(void) {
  problem p;
  problem_begin(&p, ET_MODEL_SVM_KERNEL, ET_STORAGE_INT8, 3, 2, 10);
  p.parameters.kernel = ET_KERNEL_POLYNOMIAL;
  p.parameters.degree = 3;
  const et_svm_parameters good = p.parameters;
  EXPECT(checked(&p, 0) == ET_OK, "good parameters");
  const float bad[] = {NAN, INFINITY, -INFINITY, -1.0f, 1e30f};
  for (unsigned b = 0; b < 5; b++) {
    p.parameters.cost = bad[b];
    EXPECT(checked(&p, offsetof(et_svm_parameters, cost)) == ET_DEFINITION_FIELD, "cost %g", (double)bad[b]);
    p.parameters = good;
    p.parameters.tolerance = bad[b];
    EXPECT(checked(&p, offsetof(et_svm_parameters, tolerance)) == ET_DEFINITION_FIELD, "tolerance %g", (double)bad[b]);
    p.parameters = good;
    p.parameters.gamma = bad[b];
    EXPECT(checked(&p, offsetof(et_svm_parameters, gamma)) == ET_DEFINITION_FIELD, "gamma %g", (double)bad[b]);
    p.parameters = good;
    p.parameters.coef0 = b == 3 ? NAN : bad[b];
    EXPECT(checked(&p, offsetof(et_svm_parameters, coef0)) == ET_DEFINITION_FIELD, "coef0 %g", (double)bad[b]);
    p.parameters = good;
  }
  p.parameters.degree = 6;
  EXPECT(checked(&p, offsetof(et_svm_parameters, degree)) == ET_DEFINITION_FIELD, "degree 6");
  p.parameters = good;
  p.parameters.max_epochs = 0;
  EXPECT(checked(&p, offsetof(et_svm_parameters, max_epochs)) == ET_DEFINITION_FIELD, "no epochs");
  p.parameters = good;
  p.parameters.class_weights = 3;
  EXPECT(checked(&p, offsetof(et_svm_parameters, class_weights)) == ET_DEFINITION_FIELD, "class weights 3");
  p.parameters = good;
  p.parameters.kernel = 7;
  EXPECT(checked(&p, offsetof(et_svm_parameters, kernel)) == ET_DEFINITION_FIELD, "kernel 7");
  EXPECT(et_model_find(200) == NULL, "no such family");
}

/* The slices do not change the result, and none is much longer than asked for. */
static void slices(uint8_t family) {
  uint8_t first[4096];
  const uint32_t budgets[] = {0x10000000u, 1, 50, 1000};
  for (unsigned b = 0; b < 4; b++) {
    problem p;
    problem_begin(&p, family, ET_STORAGE_INT8, 12, 3, 60);
    p.core.scaling = ET_SCALING_STANDARD;
    p.parameters.kernel = ET_KERNEL_RBF;
    problem_allocate(&p);
    state = 99;
    fill(&p, 0, 60, 90);
    EXPECT(p.need.model_bytes <= sizeof first, "%u", (unsigned)p.need.model_bytes);
    EXPECT(problem_train(&p, budgets[b]) == ET_OK, "budget %u", (unsigned)budgets[b]);
    if (b == 0) memcpy(first, p.candidate, p.need.model_bytes);
    EXPECT(memcmp(first, p.candidate, p.need.model_bytes) == 0, "budget %u gives another model", (unsigned)budgets[b]);
    problem_free(&p);
  }
}

/* Cancelling anywhere leaves multipliers from which the next training finds the optimum. */
static void cancel(uint8_t family) {
  problem p;
  problem_begin(&p, family, ET_STORAGE_INT8, 5, 2, 40);
  p.parameters.warm_start = 1;
  p.parameters.kernel = ET_KERNEL_RBF;
  problem_allocate(&p);
  fill(&p, 5, 40, 120);
  for (int steps = 1; steps < 40; steps += 3) {
    uint16_t progress;
    EXPECT(p.ops->train_begin(&p.context, &p.set, p.running, p.candidate) == ET_OK, "begin");
    for (int s = 0; s < steps; s++) {
      if (p.ops->train_step(&p.context, 100, &progress) == ET_OK) break;
    }
    p.ops->train_end(&p.context, true, &p.report);
    EXPECT(p.report.result == ET_CANCELLED, "cancelled: %d", p.report.result);
  }
  EXPECT(problem_train(&p, 1000) == ET_OK, "after cancelling");
  problem_free(&p);
}

/* Blocks from a backup: what validate lets through must be safe to use. */
static void untrusted(uint8_t family, uint8_t storage, uint8_t scaling) {
  problem p;
  problem_begin(&p, family, storage, 6, 3, 24);
  p.core.scaling = scaling;
  p.parameters.kernel = ET_KERNEL_POLYNOMIAL;
  p.parameters.degree = 4;
  problem_allocate(&p);
  fill(&p, 0, 24, storage == ET_STORAGE_INT8 ? 127 : 32767);
  problem_train(&p, 1000);
  uint8_t *bytes = p.candidate, *original = malloc(p.need.model_bytes);
  memcpy(original, bytes, p.need.model_bytes);
  unsigned refused = 0;
  for (int round = 0; round < 4000; round++) {
    memcpy(bytes, original, p.need.model_bytes);
    const uint32_t changes = 1 + draw(3);
    for (uint32_t c = 0; c < changes; c++) bytes[draw(round % 2 ? 16 : p.need.model_bytes)] = (uint8_t)draw(256);
    if (p.ops->validate(&p.context, bytes) != ET_OK) {
      refused++;
      continue;
    }
    for (uint16_t i = 0; i < 24; i++) EXPECT(problem_infer(&p, i).output_class < 3, "round %d", round);
  }
  EXPECT(refused > 200, "refused %u of 4000", refused);
  free(original);
  problem_free(&p);
}

static void budget(void) {
  problem p;
  problem_begin(&p, ET_MODEL_SVM_KERNEL, ET_STORAGE_INT8, 4, 3, 200);
  p.parameters.kernel = ET_KERNEL_RBF;
  p.parameters.sv_budget = 7;
  problem_allocate(&p);
  for (uint16_t i = 0; i < 200; i++) {
    p.labels[i] = (uint8_t)draw(3);
    for (uint16_t j = 0; j < 4; j++) problem_set(&p, i, j, (int32_t)draw(160) - 100 + 20 * p.labels[i]);
  }
  p.set.count = 200;
  EXPECT(problem_train(&p, 500) == ET_OK, "with a budget: %d", p.report.result);
  const uint16_t *codes = (const uint16_t *)(const void *)p.set.extra;
  for (uint8_t a = 0; a < 3; a++) {
    for (uint8_t b = (uint8_t)(a + 1); b < 3; b++) {
      int vectors = 0;
      for (uint16_t i = 0; i < 200; i++) {
        if (p.labels[i] == a) vectors += codes[i * 2 + et_svm_slot(a, b)] != 0;
        if (p.labels[i] == b) vectors += codes[i * 2 + et_svm_slot(b, a)] != 0;
      }
      EXPECT(vectors > 0 && vectors <= 7, "pair %d %d has %d support vectors", a, b, vectors);
    }
  }
  EXPECT(p.need.model_bytes < 200u * 4u, "the block is planned for the budget: %u bytes", (unsigned)p.need.model_bytes);
  problem_free(&p);
}

static void multipliers(void) {
  for (uint32_t code = 1; code < 65536; code++) {
    const float value = et_svm_multiplier_to_float((uint16_t)code);
    EXPECT(et_svm_multiplier_from_float(value) == code, "code %u", (unsigned)code);
    EXPECT(value > et_svm_multiplier_to_float((uint16_t)(code - 1)), "order at %u", (unsigned)code);
  }
  for (uint8_t drop = 3; drop <= 15; drop++) {
    for (int round = 0; round < 20000; round++) {
      const int32_t alpha = (int32_t)(draw(0x8000000u) >> draw(27)) + 1;
      int32_t rounded = alpha;
      const int32_t back = et_svm_multiplier_decode(et_svm_multiplier_encode(&rounded, drop), drop);
      EXPECT(rounded == back, "drop %d: the code of %d stands for %d, told as %d", drop, alpha, back, rounded);
      const int32_t off = back > alpha ? back - alpha : alpha - back;
      EXPECT(off <= alpha / 4096 + 1, "drop %d: %d came back as %d", drop, alpha, back);
    }
  }
}

static void confidence(void) {
  uint16_t last = 0;
  for (int32_t margin = -ET_SVM_MARGIN_MAX; margin <= ET_SVM_MARGIN_MAX; margin += 1013) {
    const uint16_t now = et_svm_confidence(margin);
    EXPECT(now >= last && now >= 1 && now <= 1000, "margin %d: %d after %d", margin, now, last);
    last = now;
  }
  EXPECT(et_svm_confidence(0) == 500 && et_svm_confidence(ET_SVM_MARGIN_ONE) == 750, "fixed points");
}

static void paper_functions(void) {
  static uint32_t memory[1024];
  static const int8_t X[6][2] = {{-100, -90}, {-80, -100}, {-120, -70}, {90, 100}, {100, 70}, {80, 120}};
  static const uint8_t y[6] = {0, 0, 0, 1, 1, 1};
  et_svm_options options = {.model = &et_svm_linear, .features = 2, .classes = 2, .storage = ET_STORAGE_INT8, .samples = 6, .seed = 1};
  options.parameters.cost = 1.0f;
  options.parameters.tolerance = 0.01f;
  options.parameters.max_epochs = 100;
  et_svm svm;
  et_train_report report;
  for (uint8_t family = ET_MODEL_SVM_LINEAR; family <= ET_MODEL_SVM_KERNEL; family++) {
    options.model = et_model_find(family);
    options.parameters.kernel = family == ET_MODEL_SVM_KERNEL ? ET_KERNEL_RBF : ET_KERNEL_LINEAR;
    const uint32_t bytes = et_svm_bytes(&options);
    EXPECT(bytes > 0 && bytes <= sizeof memory, "%u bytes", (unsigned)bytes);
    EXPECT(et_svm_setup(&svm, &options, memory, bytes - 1) == ET_DEFINITION_MEMORY, "a byte short");
    EXPECT(et_svm_setup(&svm, &options, memory, bytes) == ET_OK, "setup");
    EXPECT(et_svm_infer(&svm, X[0]).confidence == 0, "before training");
    EXPECT(et_svm_train(&svm, X, y, 7, &report) == ET_WORKSPACE, "more rows than planned");
    EXPECT(et_svm_train(&svm, X, y, 6, &report) == ET_OK, "train");
    EXPECT(et_svm_eval(&svm, X, y, 6) == 6, "eval");
    EXPECT(et_svm_train(&svm, X, y, 3, &report) == ET_SINGLE_CLASS, "one class");
    EXPECT(et_svm_eval(&svm, X, y, 6) == 6, "the model before stays");
    const float k = et_svm_kernel(&svm, X[0], X[1]);
    const double dot = (100.0 * 80 + 90.0 * 100) / (127.0 * 127), d2 = (20.0 * 20 + 10.0 * 10) / (127.0 * 127);
    const double expected = family == ET_MODEL_SVM_KERNEL ? exp(-0.5 * d2) : dot;
    EXPECT(fabs((double)k - expected) < 1e-6, "kernel %g, expected %g", (double)k, expected);
  }
  options.model = et_model_find(ET_MODEL_ESN);
  EXPECT(et_svm_bytes(&options) == 0, "no SVM");
}

/* The library's own functions: slices, a saved model, what setup refuses. */
static void saved_models(void) {
  static uint32_t memory[2][256];
  static const int8_t X[6][2] = {{-100, -90}, {-80, -100}, {-120, -70}, {90, 100}, {100, 70}, {80, 120}};
  static const uint8_t y[6] = {0, 0, 0, 1, 1, 1};
  et_svm_options options = ET_SVM_DEFAULTS(&et_svm_linear, 2, 2, 6);
  static et_svm svm, other;
  uint8_t saved[128];
  EXPECT(et_svm_setup(&svm, &options, (uint8_t *)memory[0] + 1, sizeof memory[0] - 4) == ET_DEFINITION_MEMORY, "not aligned");
  EXPECT(et_svm_setup(&svm, &options, memory[0], sizeof memory[0]) == ET_OK, "setup");
  EXPECT(et_svm_train_step(&svm, 1) == ET_OK, "a step without a training");
  et_error error = et_svm_train_begin(&svm, X, y, 6);
  unsigned steps = 0;
  for (; error == ET_BUSY && steps < 1000; steps++) {
    EXPECT(et_svm_infer(&svm, X[3]).confidence == 0, "answers from the model before");
    EXPECT(et_svm_load(&svm, saved, 0) == ET_BUSY, "no load into a training");
    error = et_svm_train_step(&svm, 8);
  }
  EXPECT(error == ET_OK && steps > 1 && svm.report.result == ET_OK, "error %d after %u steps", (int)error, steps);
  const uint32_t bytes = et_svm_saved_bytes(&svm);
  EXPECT(et_svm_save(&svm, saved, bytes - 1) == 0, "no room");
  EXPECT(et_svm_save(&svm, saved, sizeof saved) == bytes, "%u bytes", (unsigned)bytes);

  EXPECT(et_svm_setup(&other, &options, memory[1], sizeof memory[1]) == ET_OK, "setup");
  saved[bytes - 1] ^= 1u;
  EXPECT(et_svm_load(&other, saved, bytes) == ET_MODEL_CRC && et_svm_infer(&other, X[3]).confidence == 0, "a bit flipped");
  saved[bytes - 1] ^= 1u;
  EXPECT(et_svm_load(&other, saved, bytes - 1) == ET_MODEL_SHAPE, "cut short");
  EXPECT(et_svm_load(&other, X, sizeof X) == ET_MODEL_VERSION, "no model");
  EXPECT(et_svm_load(&other, saved, bytes) == ET_OK && et_svm_eval(&other, X, y, 6) == 6, "loaded");
  options.scaling = ET_SCALING_STANDARD;
  EXPECT(et_svm_setup(&other, &options, memory[1], sizeof memory[1]) == ET_OK, "setup");
  EXPECT(et_svm_load(&other, saved, bytes) == ET_MODEL_SHAPE, "of other options");

  EXPECT(et_svm_scaled(10, 10, 30) == -127 && et_svm_scaled(30, 10, 30) == 127 && et_svm_scaled(20, 10, 30) == 0, "scale");
  EXPECT(et_svm_scaled(-1e9f, 10, 30) == -127 && et_svm_scaled(1e9f, 10, 30) == 127 && et_svm_scaled(0.0f / 0.0f, 10, 30) == 0, "cut");
}

int main(void) {
  saved_models();
  multipliers();
  confidence();
  parameters();
  paper_functions();
  budget();
  large_kernels();
  for (uint8_t family = ET_MODEL_SVM_LINEAR; family <= ET_MODEL_SVM_KERNEL; family++) {
    refusals(family);
    constants(family);
    slices(family);
    cancel(family);
    for (uint8_t storage = ET_STORAGE_INT8; storage <= ET_STORAGE_INT16; storage++) {
      untrusted(family, storage, ET_SCALING_RANGE);
      untrusted(family, storage, ET_SCALING_STANDARD);
    }
  }
  extremes();
  printf("all checks passed\n");
  return 0;
}
