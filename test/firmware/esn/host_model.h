/* The echo state network through its model interface, without a trainer around it: a definition in memory, generations, shared and
 * work memory as the loop would cut them. For the replay bench, the cycle harness and the tests. */
#ifndef HOST_MODEL_H
#define HOST_MODEL_H

#include <string.h>

#include "models/esn/model.h"

typedef struct host_model {
  et_definition_core core;
  et_esn_parameters parameters;
  et_definition definition;
  et_memory_need need;
  et_model_context context;
  void *running, *candidate;
  et_stream_result result;
  et_train_report report;
  uint32_t used; /* bytes of memory taken */
} host_model;

/* Default hyper-parameters, the same for every stream. input_weight gives the linear state unit variance with three channels:
 * v sqrt(K / (1 - r^2)) = 1. */
static inline void host_defaults(host_model *model, uint8_t channels, uint16_t units) {
  memset(model, 0, sizeof *model);
  model->core.features = channels;
  model->core.model = ET_MODEL_ESN;
  model->core.seed = 1;
  model->parameters = (et_esn_parameters){.units = units,
                                          .reservoir = ET_RESERVOIR_CYCLE,
                                          .readout = ET_READOUT_RIDGE,
                                          .cycle_weight = 0.9f,
                                          .input_weight = 0.25f,
                                          .leak = 1.0f,
                                          .ridge = 1e-4f,
                                          .washout = 50,
                                          .window = 50,
                                          .hop = 10,
                                          .calibration = 101,
                                          .false_alarm = 0.01f,
                                          .alarm_on = 3,
                                          .alarm_off = 3,
                                          .patterns = 8,
                                          .decimation = 1,
                                          .forgetting = 0.9995f,
                                          .learning_samples = 750};
}

/* Cut `memory` (zeroed, 8-byte aligned). False when the definition is refused or the memory too small; `detail` as check's. */
static inline bool host_begin(host_model *model, uint8_t *memory, uint32_t bytes, uint16_t *detail) {
  model->definition.core = &model->core;
  model->definition.parameters = &model->parameters;
  model->definition.fingerprint = 0x1234u;
  if (et_section_check(et_esn.section, &model->parameters, detail) != ET_OK) return false;
  if (et_esn.check(&model->definition, detail) != ET_OK) return false;
  et_esn.need(&model->definition, &model->need);
  const uint32_t block = (model->need.model_bytes + 3u) & ~3u, shared = (model->need.shared_bytes + 3u) & ~3u;
  model->used = 3u * block + shared + model->need.work_bytes;
  if (model->used > bytes) return false;
  model->running = memory;
  model->candidate = memory + block;
  model->context = (et_model_context){&model->definition, memory + 3u * block, memory + 3u * block + shared};
  et_esn.blank(&model->context, model->running);
  et_esn.blank(&model->context, model->candidate);
  return true;
}

/* One sample, and what the loop does around it: solve when asked, promote when calibrated. True when a window was completed. */
static inline bool host_sample(host_model *model, const int16_t *values, uint32_t slice) {
  const et_stream_phase before = et_esn.stream->phase(&model->context);
  const bool window = et_esn.stream->sample(&model->context, model->running, model->candidate, values, &model->result);
  bool complete;
  while (et_esn.stream->unfinished(&model->context, model->running, model->candidate, &model->result, &complete)) {}
  if (et_esn.stream->phase(&model->context) == ET_STREAM_SOLVING) {
    uint16_t progress = 0;
    et_error error;
    while ((error = et_esn.train_step(&model->context, slice, &progress)) == ET_BUSY) {}
    et_esn.train_end(&model->context, error != ET_OK, &model->report);
    model->report.result = error;
  }
  if (before == ET_STREAM_CALIBRATING && et_esn.stream->phase(&model->context) == ET_STREAM_SCORING) {
    void *previous = model->running;
    model->running = model->candidate;
    model->candidate = previous;
  }
  return window;
}

#endif
