/* A generation of a network on the host: random weights where training begins anew, imported ones where the host has them. It can be asked
 * and trained here, to judge what a board would make of it, and travels to a board as every model does. An instance has one. */
#include <string.h>

#include "edge_trainer/definition.h"
#include "loop/bulk.h"
#include "models/dnn/family.h"
#include "support/crc.h"
#include "wasm.h"

static et_definition definition;
static et_dnn_plan plan;
static et_dnn_node nodes[ET_LAYERS_MAX + 1u];
static et_dnn net;
static uint8_t *block; /* et_model_header, generation */

static uint8_t *generation(void) { return block + sizeof(et_model_header); }

/* Begins a generation for the definition of `length` bytes in the exchange buffer, with random weights in all that is trained. Returns how
 * many bytes it has with its header; 0 = the definition is refused or has no network, or there is no memory. */
uint32_t EXPORT(wasm_generation)(uint32_t length) {
  const et_dnn_stamp stamp = {ET_DNN_GENERATION_LAYOUT, 0, 0, 0};
  uint8_t *blob = length > wasm_exchange_bytes() ? NULL : wasm_room(length);
  uint32_t bytes;
  uint16_t detail;
  if (blob == NULL) return 0;
  memcpy(blob, wasm_exchange(), length);
  if (et_definition_check(blob, length, &definition, &detail) != ET_OK || definition.core->model != ET_MODEL_DNN) return 0;
  if (et_dnn_compile_definition(&definition, true, nodes, &plan) != ET_DNN_OK) return 0;
  bytes = (uint32_t)sizeof(et_model_header) + et_dnn_generation_bytes(&plan);
  block = wasm_room(bytes);
  if (block == NULL) return 0;
  memset(block, 0, bytes);
  memcpy(generation(), &stamp, sizeof stamp);
  ((et_dnn_stamp *)(void *)generation())->format = plan.network.format;
  ((et_dnn_stamp *)(void *)generation())->layers = plan.network.layer_count;
  net = et_dnn_net(&plan, generation(), NULL);
  et_dnn_initialise(&net, definition.core->seed);
  return bytes;
}

/* The range of what layer `number` gives; 0 = the network's input. All ranges come before the first weights. */
void EXPORT(wasm_generation_range)(uint32_t number, float scale, int32_t zero) {
  et_dnn_import_range(&net, (uint8_t)number, scale, (int8_t)zero);
}

/* The parameters of layer `number`, whose counts the host has compared with the plan. */
void EXPORT(wasm_generation_layer)(uint32_t number, const int8_t *weights, const float *scales, const int32_t *biases) {
  et_dnn_import_layer(&net, net.model + plan.model_bytes, (uint8_t)number, weights, scales, biases);
}

/* Ends the generation: its header is filled in. Returns where it lies; NULL = its numbers are out of range, no board takes it. */
uint8_t *EXPORT(wasm_generation_end)(void) {
  et_model_header header;
  if (!et_dnn_valid(&net)) return NULL;
  memset(&header, 0, sizeof header);
  header.magic = ET_MODEL_MAGIC;
  header.layout = ET_MODEL_LAYOUT;
  header.family = ET_MODEL_DNN;
  header.shape = et_shape_fingerprint(&definition);
  header.length = et_dnn_generation_bytes(&plan);
  header.crc = et_crc32(0u, generation(), header.length);
  header.generation = 1;
  header.accuracy = 65535u; /* not evaluated */
  memcpy(block, &header, sizeof header);
  return block;
}

/* What the network gives for the input at `features`, as it is stored: floats, in the exchange buffer. Returns how many. */
uint32_t EXPORT(wasm_generation_outputs)(const int8_t *features) {
  const uint32_t count = et_dnn_outputs(&plan);
  et_dnn_cursor cursor;
  uint32_t i;
  if (net.work == NULL) net.work = wasm_room(plan.work_bytes);
  if (net.work == NULL || count * sizeof(float) > wasm_exchange_bytes()) return 0;
  et_dnn_infer_begin(features, &cursor);
  while (et_dnn_infer_step(&net, &cursor, UINT32_MAX) == ET_DNN_BUSY) continue;
  for (i = 0; i < count; i++) {
    const float value = et_dnn_output(&net, (uint16_t)i);
    memcpy(wasm_exchange() + i * sizeof value, &value, sizeof value);
  }
  return count;
}

/* Trains the generation on `count` samples, as a board does in one training, at once. `features`: rows as they are stored; `held_out`: a
 * bitmap; `targets` in register units, of a definition with continuous outputs, else NULL. Returns the error code; the generation is what it was when that is not OK. */
uint32_t EXPORT(wasm_generation_train)(const int8_t *features, const uint8_t *labels, const uint8_t *held_out, const int16_t *targets,
                                       uint32_t count) {
  const et_sample_set set = {features, labels, held_out, NULL, (uint16_t)count, targets, NULL, 0};
  const uint32_t bytes = et_dnn_generation_bytes(&plan);
  et_model_context context = {&definition, NULL, NULL};
  et_train_report report;
  et_memory_need need;
  uint8_t *candidate = wasm_room(bytes);
  uint16_t progress;
  et_error error;
  et_dnn_family.need(&definition, &need);
  context.shared = wasm_room(need.shared_bytes);
  context.work = wasm_room(need.work_bytes);
  if (candidate == NULL || context.shared == NULL || context.work == NULL) return (uint32_t)ET_DEFINITION_MEMORY;
  memset(context.shared, 0, need.shared_bytes);
  error = et_dnn_family.train_begin(&context, &set, generation(), candidate);
  if (error != ET_OK) return (uint32_t)error;
  do error = et_dnn_family.train_step(&context, UINT32_MAX / 8u, &progress);
  while (error == ET_BUSY);
  et_dnn_family.train_end(&context, false, &report);
  if (error == ET_OK) memcpy(generation(), candidate, bytes);
  return (uint32_t)error;
}
