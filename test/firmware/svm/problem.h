/* A training problem on the host: a definition, its samples, and the memory of one trainer, without the rest of the firmware. */
#ifndef TEST_SVM_PROBLEM_H
#define TEST_SVM_PROBLEM_H

#include "edge_trainer/model.h"
#include "edge_trainer/svm_parameters.h"

typedef struct problem {
  et_definition_core core;
  et_svm_parameters parameters;
  et_class_entry classes[ET_CLASSES_MAX];
  et_feature_entry features[ET_FEATURES_MAX];
  et_definition definition;
  et_sample_set set;
  et_model_context context;
  et_memory_need need;
  const et_model_ops *ops;
  int8_t *rows8; /* the storage says which of the two is used */
  int16_t *rows16;
  uint8_t *labels;
  uint8_t *held_out;
  void *running;
  void *candidate;
  et_train_report report;
} problem;

/* A definition with sane defaults: C = 1, tolerance 0.01, 1000 epochs, RANGE, no class weights, cold start. Change p->core and
 * p->parameters before problem_allocate. */
void problem_begin(problem *p, uint8_t family, uint8_t storage, uint8_t features, uint8_t classes, uint16_t capacity);
void problem_allocate(problem *p);
void problem_free(problem *p);

void problem_set(problem *p, uint16_t sample, uint16_t feature, int32_t q);
int32_t problem_get(const problem *p, uint16_t sample, uint16_t feature);
const void *problem_row(const problem *p, uint16_t sample);

/* Trains in slices of `budget` units. Returns what begin proposed, or the report's result. */
et_error problem_train(problem *p, uint32_t budget);
et_decision problem_infer(const problem *p, uint16_t sample);

#endif
