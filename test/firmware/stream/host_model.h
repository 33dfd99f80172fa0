/* A stream family through its model interface, without a trainer around it: a definition in memory, generations, shared and
 * work memory as the loop would cut them. For the cycle harness and the tests. */
#ifndef HOST_MODEL_H
#define HOST_MODEL_H

#include <string.h>

#include "edge_trainer/autoencoder_parameters.h"
#include "models/correlation/model.h"
#include "models/esn/model.h"
#include "models/process/model.h"

typedef struct host_model {
  const et_model_ops *ops;
  et_definition_core core;
  union {
    et_esn_parameters esn;
    et_correlation_parameters correlation;
    et_process_parameters process;
    et_autoencoder_parameters autoencoder;
  } parameters;
  et_definition definition;
  et_memory_need need;
  et_model_context context;
  void *running, *candidate;
  et_stream_result result;
  et_train_report report;
  uint32_t used; /* bytes of memory taken */
} host_model;

/* The echo state network's default hyper-parameters. input_weight gives the linear state unit variance with three channels:
 * v sqrt(K / (1 - r^2)) = 1. */
static inline void host_esn(host_model *model, uint8_t channels, uint16_t units) {
  memset(model, 0, sizeof *model);
  model->ops = &et_esn;
  model->core.features = channels;
  model->core.model = ET_MODEL_ESN;
  model->core.seed = 1;
  model->parameters.esn = (et_esn_parameters){.units = units,
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

static inline void host_correlation(host_model *model, uint8_t channels) {
  memset(model, 0, sizeof *model);
  model->ops = &et_correlation;
  model->core.features = channels;
  model->core.model = ET_MODEL_CORRELATION;
  model->parameters.correlation = (et_correlation_parameters){.window = 64,
                                                              .hop = 16,
                                                              .learning = 104,
                                                              .score_every = 4,
                                                              .lags = 12,
                                                              .covariance = ET_COVARIANCE_FULL,
                                                              .regimes = 1,
                                                              .alarm_on = 3,
                                                              .alarm_off = 3,
                                                              .patterns = 8,
                                                              .decimation = 1,
                                                              .false_alarm = 0.01f,
                                                              .off_share = 0.05f};
}

static inline void host_process(host_model *model, uint8_t channels) {
  memset(model, 0, sizeof *model);
  model->ops = &et_process;
  model->core.features = channels;
  model->core.model = ET_MODEL_PROCESS;
  model->parameters.process = (et_process_parameters){.window = 10,
                                                      .lags = 3,
                                                      .alarm_on = 3,
                                                      .alarm_off = 3,
                                                      .patterns = 8,
                                                      .decimation = 1,
                                                      .learning = 400,
                                                      .ridge = 0.01f,
                                                      .margin = 2.0f};
}

/* Cut `memory` (zeroed, 8-byte aligned). False when the definition is refused or the memory too small; `detail` as check's. */
static inline bool host_begin(host_model *model, uint8_t *memory, uint32_t bytes, uint16_t *detail) {
  model->definition.core = &model->core;
  model->definition.parameters = &model->parameters;
  model->definition.fingerprint = 0x1234u;
  if (et_section_check(model->ops->section, &model->parameters, detail) != ET_OK) return false;
  if (model->ops->check(&model->definition, detail) != ET_OK) return false;
  model->ops->need(&model->definition, &model->need);
  const uint32_t block = (model->need.model_bytes + 3u) & ~3u, shared = (model->need.shared_bytes + 3u) & ~3u;
  model->used = 3u * block + shared + model->need.work_bytes;
  if (model->used > bytes) return false;
  model->running = memory;
  model->candidate = memory + block;
  model->context = (et_model_context){&model->definition, memory + 3u * block, memory + 3u * block + shared};
  model->ops->blank(&model->context, model->running);
  model->ops->blank(&model->context, model->candidate);
  return true;
}

/* One sample, and what the loop does around it: solve when asked, promote when learned. True when a window was completed. */
static inline bool host_sample(host_model *model, const int16_t *values, uint32_t slice) {
  const et_stream_ops *stream = model->ops->stream;
  const et_stream_phase before = stream->phase(&model->context);
  bool window = stream->sample(&model->context, model->running, model->candidate, values, &model->result), complete;
  while (stream->unfinished(&model->context, model->running, model->candidate, &model->result, &complete)) window = window || complete;
  if (stream->phase(&model->context) == ET_STREAM_SOLVING) {
    uint16_t progress = 0;
    et_error error;
    while ((error = model->ops->train_step(&model->context, slice, &progress)) == ET_BUSY) {}
    model->ops->train_end(&model->context, error != ET_OK, &model->report);
    model->report.result = error;
  }
  while (stream->background(&model->context, model->running, model->candidate)) {}
  if (before != ET_STREAM_IDLE && before != ET_STREAM_SCORING && stream->phase(&model->context) == ET_STREAM_SCORING) {
    void *previous = model->running;
    model->running = model->candidate;
    model->candidate = previous;
  }
  return window;
}

#endif
