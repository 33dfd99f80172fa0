#include "edge_trainer/svm.h"

#include <string.h>

#include "models/svm/common.h"
#include "models/svm/kernel_function.h"
#include "support/blocks.h"
#include "support/crc.h"

#define SAVED_MAGIC 0x31535445u /* "ETS1" */

typedef struct saved_header {
  uint32_t magic;
  uint32_t shape; /* checksum of what gives the numbers their meaning */
  uint32_t bytes; /* of the model */
  uint32_t crc;   /* of the model */
} saved_header;

static et_error prepare(et_svm *svm, const et_svm_options *options, et_memory_need *need) {
  memset(svm, 0, sizeof *svm);
  svm->ops = options->model;
  if (svm->ops == NULL || svm->ops->section != &et_section_svm) return ET_MODEL_NOT_BUILT;
  if (options->features < 1 || options->features > ET_FEATURES_MAX || options->classes < 2 || options->classes > ET_CLASSES_MAX ||
      options->samples < 2 || options->samples > ET_CAPACITY_MAX ||
      (options->storage != ET_STORAGE_INT8 && options->storage != ET_STORAGE_INT16) || options->scaling > ET_SCALING_STANDARD) {
    return ET_DEFINITION_FIELD;
  }
  svm->core.model = options->model->family;
  svm->core.features = options->features;
  svm->core.classes = options->classes;
  svm->core.storage = options->storage;
  svm->core.scaling = options->scaling;
  svm->core.capacity = options->samples;
  svm->core.seed = options->seed;
  svm->parameters = options->parameters;
  for (uint8_t c = 0; c < ET_CLASSES_MAX; c++) svm->classes[c].weight = 256;
  svm->definition.core = &svm->core;
  svm->definition.parameters = &svm->parameters;
  svm->definition.classes = svm->classes;
  svm->definition.features = NULL; /* ranges are the caller's: rows come scaled */
  uint16_t detail;
  et_error error = et_section_check(svm->ops->section, &svm->parameters, &detail);
  if (error == ET_OK && svm->ops->check != NULL) error = svm->ops->check(&svm->definition, &detail);
  if (error != ET_OK) return error;
  svm->ops->need(&svm->definition, need);
  return ET_OK;
}

static uint32_t total(const et_memory_need *need, uint16_t samples) {
  return 2u * et_up_to_4(need->model_bytes) + et_up_to_4(need->shared_bytes) + et_up_to_4(need->work_bytes) +
         et_up_to_4(need->sample_bytes * samples);
}

uint32_t et_svm_bytes(const et_svm_options *options) {
  et_svm svm;
  et_memory_need need;
  return prepare(&svm, options, &need) == ET_OK ? total(&need, options->samples) : 0;
}

et_error et_svm_setup(et_svm *svm, const et_svm_options *options, void *memory, uint32_t bytes) {
  et_memory_need need;
  const et_error error = prepare(svm, options, &need);
  if (error != ET_OK) return error;
  if (((uintptr_t)memory & 3u) != 0u || bytes < total(&need, options->samples)) return ET_DEFINITION_MEMORY;
  svm->model_bytes = need.model_bytes;
  uint8_t *at = memory;
  for (uint8_t g = 0; g < 2; g++) {
    svm->generation[g] = at;
    at += et_up_to_4(need.model_bytes);
  }
  svm->context.definition = &svm->definition;
  svm->context.shared = at;
  at += et_up_to_4(need.shared_bytes);
  svm->context.work = at;
  at += et_up_to_4(need.work_bytes);
  svm->extra = at;
  svm->extra_bytes = need.sample_bytes * options->samples;
  memset(svm->extra, 0, svm->extra_bytes);
  svm->ops->blank(&svm->context, svm->generation[0]);
  return ET_OK;
}

int8_t et_svm_scaled(float value, float min, float max) {
  const float scaled = (value - min) / (max - min) * 254.0f - 127.0f;
  if (scaled >= 127.0f) return 127;
  if (scaled <= -127.0f) return -127;
  if (!(scaled < 127.0f)) return 0;
  return (int8_t)(scaled < 0.0f ? scaled - 0.5f : scaled + 0.5f);
}

et_error et_svm_train_begin(et_svm *svm, const void *X, const uint8_t *y, uint16_t count) {
  et_train_report *report = &svm->report;
  memset(report, 0, sizeof *report);
  if (count > svm->core.capacity) return report->result = ET_WORKSPACE;
  for (uint16_t i = 0; i < count; i++) {
    if (y[i] >= svm->core.classes) return report->result = ET_CLASS_UNKNOWN;
  }
  svm->set = (et_sample_set){.features = X, .labels = y, .held_out = NULL, .extra = svm->extra, .count = count};
  uint16_t counts[ET_CLASSES_MAX];
  /* Whoever calls a solver wants something solved; a trainer goes on with a constant. */
  if (et_svm_count(svm->context.definition, &svm->set, counts) == ET_SINGLE_CLASS) return report->result = ET_SINGLE_CLASS;
  const et_error error = svm->ops->train_begin(&svm->context, &svm->set, svm->generation[svm->current], svm->generation[svm->current ^ 1u]);
  return report->result = error == ET_OK ? ET_BUSY : error;
}

et_error et_svm_train_step(et_svm *svm, uint32_t budget) {
  et_train_report *report = &svm->report;
  uint16_t progress;
  if (report->result != ET_BUSY) return report->result;
  if (svm->ops->train_step(&svm->context, budget, &progress) == ET_BUSY) return ET_BUSY;
  svm->ops->train_end(&svm->context, false, report);
  if (report->result == ET_OK || report->result == ET_NOT_CONVERGED) svm->current ^= 1u;
  return report->result;
}

et_error et_svm_train(et_svm *svm, const void *X, const uint8_t *y, uint16_t count, et_train_report *report) {
  et_error error = et_svm_train_begin(svm, X, y, count);
  while (error == ET_BUSY) error = et_svm_train_step(svm, 0x10000000u);
  *report = svm->report;
  return error;
}

static uint32_t shape_of(const et_svm *svm) {
  const et_svm_parameters *p = &svm->parameters;
  const uint8_t kinds[] = {svm->core.model,   svm->core.features, svm->core.classes, svm->core.storage,
                           svm->core.scaling, p->kernel,          p->degree};
  const float numbers[] = {p->gamma, p->coef0};
  return et_crc32(et_crc32(0, kinds, sizeof kinds), (const uint8_t *)numbers, sizeof numbers);
}

uint32_t et_svm_saved_bytes(const et_svm *svm) { return (uint32_t)sizeof(saved_header) + svm->model_bytes; }

uint32_t et_svm_save(const et_svm *svm, void *bytes, uint32_t size) {
  const uint8_t *model = svm->generation[svm->current];
  const saved_header header = {SAVED_MAGIC, shape_of(svm), svm->model_bytes, et_crc32(0, model, svm->model_bytes)};
  if (size < et_svm_saved_bytes(svm)) return 0;
  memcpy(bytes, &header, sizeof header);
  memcpy((uint8_t *)bytes + sizeof header, model, svm->model_bytes);
  return et_svm_saved_bytes(svm);
}

et_error et_svm_load(et_svm *svm, const void *bytes, uint32_t size) {
  uint8_t *other = svm->generation[svm->current ^ 1u];
  saved_header header;
  if (svm->report.result == ET_BUSY) return ET_BUSY; /* a training fills the other block */
  if (size < sizeof header) return ET_MODEL_VERSION;
  memcpy(&header, bytes, sizeof header);
  if (header.magic != SAVED_MAGIC) return ET_MODEL_VERSION;
  if (header.shape != shape_of(svm) || header.bytes != svm->model_bytes || size < et_svm_saved_bytes(svm)) return ET_MODEL_SHAPE;
  memcpy(other, (const uint8_t *)bytes + sizeof header, svm->model_bytes);
  if (et_crc32(0, other, svm->model_bytes) != header.crc) return ET_MODEL_CRC;
  const et_error error = svm->ops->validate(&svm->context, other);
  if (error != ET_OK) return error;
  memset(svm->extra, 0, svm->extra_bytes); /* the multipliers belonged to the model before */
  svm->current ^= 1u;
  return ET_OK;
}

et_decision et_svm_infer(const et_svm *svm, const void *x) {
  et_decision decision = {0, 0};
  svm->ops->infer(&svm->context, svm->generation[svm->current], x, &decision);
  return decision;
}

uint16_t et_svm_eval(const et_svm *svm, const void *X, const uint8_t *y, uint16_t count) {
  const uint32_t row_bytes = svm->core.features * (svm->core.storage == ET_STORAGE_INT8 ? 1u : 2u);
  uint16_t right = 0;
  for (uint16_t i = 0; i < count; i++) {
    right = (uint16_t)(right + (et_svm_infer(svm, (const uint8_t *)X + i * row_bytes).output_class == y[i]));
  }
  return right;
}

float et_svm_kernel(const et_svm *svm, const void *x_i, const void *x_j) {
  et_definition_core core = svm->core;
  et_svm_parameters parameters = svm->parameters;
  core.scaling = ET_SCALING_RANGE;
  if (core.model == ET_MODEL_SVM_LINEAR) parameters.kernel = ET_KERNEL_LINEAR;
  const et_definition definition = {.core = &core, .parameters = &parameters, .classes = svm->classes};
  et_svm_kernel_function function;
  et_svm_kernel_function_begin(&definition, &function);
  return et_svm_kernel_value(&function, x_i, x_j);
}
