#include "problem.h"

#include <stdlib.h>
#include <string.h>

void problem_begin(problem *p, uint8_t family, uint8_t storage, uint8_t features, uint8_t classes, uint16_t capacity) {
  memset(p, 0, sizeof *p);
  p->core.model = family;
  p->core.storage = storage;
  p->core.scaling = ET_SCALING_RANGE;
  p->core.features = features;
  p->core.classes = classes;
  p->core.capacity = capacity;
  p->core.seed = 1;
  p->parameters.cost = 1.0f;
  p->parameters.tolerance = 0.01f;
  p->parameters.max_epochs = 1000;
  p->definition.core = &p->core;
  p->definition.parameters = &p->parameters;
  p->definition.classes = p->classes;
  p->definition.features = p->features;
  for (unsigned c = 0; c < ET_CLASSES_MAX; c++) p->classes[c].weight = 256;
}

static void *room(size_t bytes) {
  void *memory = calloc(1, bytes + 8);
  if (memory == NULL) abort();
  return memory;
}

void problem_allocate(problem *p) {
  const size_t values = (size_t)p->core.capacity * p->core.features;
  p->ops = et_model_find(p->core.model);
  if (p->ops == NULL) abort();
  p->ops->need(&p->definition, &p->need);
  if (p->core.storage == ET_STORAGE_INT8) p->set.features = p->rows8 = room(values);
  else p->set.features = p->rows16 = room(values * 2);
  p->set.labels = p->labels = room(p->core.capacity);
  p->set.held_out = p->held_out = room(p->core.capacity / 8u + 1u);
  p->set.extra = room((size_t)p->need.sample_bytes * p->core.capacity);
  p->context.definition = &p->definition;
  p->context.shared = room(p->need.shared_bytes);
  p->context.work = room(p->need.work_bytes);
  p->running = room(p->need.model_bytes);
  p->candidate = room(p->need.model_bytes);
  p->ops->blank(&p->context, p->running);
}

void problem_free(problem *p) {
  free(p->rows8);
  free(p->rows16);
  free(p->labels);
  free(p->held_out);
  free(p->set.extra);
  free(p->context.shared);
  free(p->context.work);
  free(p->running);
  free(p->candidate);
}

void problem_set(problem *p, uint16_t sample, uint16_t feature, int32_t q) {
  const size_t at = (size_t)sample * p->core.features + feature;
  if (p->rows8 != NULL) p->rows8[at] = (int8_t)q;
  else p->rows16[at] = (int16_t)q;
}

int32_t problem_get(const problem *p, uint16_t sample, uint16_t feature) {
  const size_t at = (size_t)sample * p->core.features + feature;
  return p->rows8 != NULL ? p->rows8[at] : p->rows16[at];
}

const void *problem_row(const problem *p, uint16_t sample) {
  const size_t at = (size_t)sample * p->core.features;
  return p->rows8 != NULL ? (const void *)(p->rows8 + at) : (const void *)(p->rows16 + at);
}

et_error problem_train(problem *p, uint32_t budget) {
  const et_error error = p->ops->train_begin(&p->context, &p->set, p->running, p->candidate);
  if (error != ET_OK) return error;
  uint16_t progress = 0;
  while (p->ops->train_step(&p->context, budget, &progress) == ET_BUSY) {}
  p->ops->train_end(&p->context, false, &p->report);
  return p->report.result;
}

et_decision problem_infer(const problem *p, uint16_t sample) {
  et_decision decision;
  p->ops->infer(&p->context, p->candidate, problem_row(p, sample), &decision);
  return decision;
}
