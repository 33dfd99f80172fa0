/* An imported network on a bare core: memory of a training step, planned and touched, instructions of an inference and of a step, and of
 * the longest slice. scheme.h (generated): UPDATES, an initializer of { update, trained rows } for every layer; TRAINING, 0 = inference
 * alone; SLICE, the budget of a slice; STEPS; ROOM, bytes for the generation and the working memory. */
#include <string.h>

#include "board.h"
#include "edge_trainer/dnn.h"
#include "imported.h"
#include "scheme.h"
#include "support/crc.h"

#define FILLING 0xa5u

extern const uint8_t network_file[], input_file[];
static imported from;
static et_dnn_node nodes[ET_DNN_LAYERS_MAX + 1];
static et_dnn_plan plan;
static uint8_t memory[ROOM] __attribute__((aligned(8)));
static uint8_t frozen[400000] __attribute__((aligned(8))); /* a board has it in flash */

static const int8_t *input(void *user, uint32_t sample) {
  (void)user;
  (void)sample;
  return (const int8_t *)input_file;
}

static void infer(const et_dnn *net) {
  et_dnn_cursor cursor;
  const uint32_t begin = board_ticks();
  et_dnn_infer_begin((const int8_t *)input_file, &cursor);
  while (et_dnn_infer_step(net, &cursor, UINT32_MAX) == ET_DNN_BUSY) {}
  board_report("infer_ticks", board_ticks() - begin);
  for (uint16_t i = 0; i < et_dnn_outputs(&plan) && i < 2; i++) board_report("output_256", (uint32_t)(et_dnn_output(net, i) * 256.0f));
}

static void train(const et_dnn *net) {
  static const uint8_t labels[] = {0, 1};
  const et_dnn_set set = {.input = input, .labels = labels, .count = 2};
  const et_dnn_options options = {.rate = 0.001f, .epochs = STEPS, .seed = 1, .in_order = true};
  static et_dnn_training training;
  uint32_t longest = 0, longest_stage = 0;
  memset(net->work, FILLING, plan.work_bytes);
  board_report("begin", (uint32_t)et_dnn_train_begin(&training, net, &set, &options, 0));
  const uint32_t begin = board_ticks();
  for (;;) {
    const uint32_t slice = board_ticks();
    const uint32_t stage = training.stage * 100u + training.cursor.node;
    const et_dnn_status status = et_dnn_train_step(&training, SLICE);
    if (board_ticks() - slice > longest) {
      longest = board_ticks() - slice;
      longest_stage = stage;
    }
    if (status != ET_DNN_BUSY) break;
  }
  board_report("train_ticks", board_ticks() - begin);
  board_report("samples", training.done);
  board_report("backward", training.backward);
  board_report("macs", training.backward_macs_low);
  board_report("longest_slice_ticks", longest);
  board_report("longest_stage", longest_stage);
  uint32_t touched = plan.work_bytes;
  while (touched > 0 && net->work[touched - 1u] == FILLING) touched--;
  board_report("touched_bytes", (touched + 3u) & ~3u);
  board_report("model_crc", et_crc32(0, net->model, plan.model_bytes));
}

int main(void) {
  static const uint16_t updates[][2] = UPDATES;
  imported_read(&from, network_file);
  for (uint8_t k = 0; k < from.network.layer_count && TRAINING; k++) {
    from.layers[k].update = (uint8_t)updates[k][0];
    from.layers[k].trained_rows = updates[k][1];
  }
  board_report("status", (uint32_t)et_dnn_compile(&from.network, TRAINING, nodes, &plan));
  board_report("layer", plan.layer);
  board_report("model_bytes", plan.model_bytes);
  board_report("work_bytes", plan.work_bytes);
  board_report("frozen_bytes", plan.frozen_bytes);
  board_report("plan_bytes", (uint32_t)(sizeof plan + sizeof nodes[0] * (plan.network.layer_count + 1u) + sizeof(et_dnn_training)));
  board_report("forward_macs", plan.forward_macs);
  board_report("backward_macs", plan.backward_macs);
  if (plan.model_bytes + plan.work_bytes > sizeof memory || plan.frozen_bytes > sizeof frozen) return 1;
  const et_dnn net = {&plan, memory, frozen, memory + plan.model_bytes};
  et_dnn_initialise(&net, 1);
  imported_place(&from, &net, frozen, from.network.layer_count);
  infer(&net);
  if (TRAINING) train(&net);
  return 0;
}
