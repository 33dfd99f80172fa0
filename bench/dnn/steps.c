/* A training on a bare core, counted: goes on from the probes that probe.c took. network.h (generated): HEIGHT, WIDTH, CHANNELS, FORMAT,
 * SCALE, ZERO, LAYERS, the options RATE, GATE, SMOOTHING, WARM_UP, EPOCHS, SEED, PLAIN, SLICE and INFER_SLICE, the
 * budgets of a slice. */
#include <string.h>

#include "board.h"
#include "edge_trainer/dnn.h"
#include "models/dnn/parts.h"
#include "network.h"
#include "probe.h"
#include "support/crc.h"

extern const uint8_t probe_file[];
static const et_dnn_layer layers[] = {LAYERS};
static et_dnn_node nodes[sizeof layers / sizeof layers[0] + 1];
static et_dnn_plan plan;
static uint8_t memory[1 << 20] __attribute__((aligned(8)));

typedef struct probe {
  uint32_t head[6];
  const uint8_t *at; /* of the present probe: done, CRC, generation, samples */
} probe;

static uint32_t filled(uint32_t bytes) { return (bytes + 3u) & ~3u; }

static uint32_t word(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, 4);
  return value;
}

static const int8_t *input(void *user, uint32_t sample) {
  const probe *p = user;
  const uint8_t *at = p->at + 8 + filled(p->head[5]);
  for (uint32_t i = 0; i < p->head[2]; i++, at += 4 + filled(p->head[4]))
    if (word(at) == sample) return (const int8_t *)at + 4;
  board_report("unknown_sample", sample);
  board_stop();
}

static void infer(const et_dnn *net, const probe *p) {
  et_dnn_cursor cursor;
  const uint32_t begin = board_ticks();
  et_dnn_infer_begin((const int8_t *)p->at + 8 + filled(p->head[5]) + 4, &cursor);
  while (et_dnn_infer_step(net, &cursor, UINT32_MAX) == ET_DNN_BUSY) {}
  board_report("infer_ticks", board_ticks() - begin);
  uint32_t longest = 0;
  et_dnn_status status = ET_DNN_BUSY;
  et_dnn_infer_begin((const int8_t *)p->at + 8 + filled(p->head[5]) + 4, &cursor);
  while (status == ET_DNN_BUSY) {
    const uint32_t slice_begin = board_ticks();
    status = et_dnn_infer_step(net, &cursor, INFER_SLICE);
    const uint32_t ticks = board_ticks() - slice_begin;
    if (ticks > longest) longest = ticks;
  }
  board_report("longest_infer_slice_ticks", longest);
}

/* The plan in slices, as a training of the trainer makes it; the longest. */
static uint32_t plan_network(const et_dnn_network *network) {
  uint32_t begin = board_ticks();
  const et_dnn_status status = et_dnn_shape_up(network, true, nodes, &plan);
  board_report("status", (uint32_t)status);
  if (status != ET_DNN_OK) board_stop();
  uint32_t longest = board_ticks() - begin;
  bool placed = false;
  while (!placed) {
    begin = board_ticks();
    placed = et_dnn_place_step(&plan, SLICE);
    if (board_ticks() - begin > longest) longest = board_ticks() - begin;
  }
  return longest;
}

int main(void) {
  const et_dnn_network network = {.height = HEIGHT,
                                  .width = WIDTH,
                                  .channels = CHANNELS,
                                  .format = FORMAT,
                                  .input_scale = SCALE,
                                  .input_zero = ZERO,
                                  .layer_count = sizeof layers / sizeof layers[0],
                                  .layers = layers};
  uint32_t longest_slice = plan_network(&network);
  const et_dnn net = {&plan, memory, memory, memory + filled(plan.model_bytes)};
  probe p;
  memcpy(p.head, probe_file, sizeof p.head);
  const uint8_t *labels = probe_file + sizeof p.head;
  p.at = labels + filled(p.head[3]);
  const et_dnn_set set = {.input = input, .labels = labels, .user = &p, .count = p.head[3]};
  const et_dnn_options options = {
      .rate = RATE, .gate = GATE, .smoothing = SMOOTHING, .warm_up = WARM_UP, .epochs = EPOCHS, .seed = SEED, .plain = PLAIN};
  uint32_t longest_step = 0, different = 0;
  for (uint32_t i = 0; i < p.head[1]; i++) {
    static et_dnn_training training;
    memcpy(net.model, p.at + 8, plan.model_bytes);
    (void)et_dnn_train_begin(&training, &net, &set, &options, word(p.at));
    /* The look at all samples and past epochs is no step. */
    for (uint32_t slice_begin = board_ticks(); training.stage != 0; slice_begin = board_ticks()) {
      (void)et_dnn_train_step(&training, SLICE == UINT32_MAX ? 1u : SLICE);
      if (board_ticks() - slice_begin > longest_slice) longest_slice = board_ticks() - slice_begin;
    }
    const uint32_t begin = board_ticks();
    uint32_t step_begin = begin, done = training.done;
    while (training.done < word(p.at) + p.head[2]) {
      const uint32_t slice_begin = board_ticks();
      const et_dnn_status status = et_dnn_train_step(&training, SLICE);
      const uint32_t now = board_ticks();
      if (now - slice_begin > longest_slice) longest_slice = now - slice_begin;
      if (training.done != done) {
        if (now - step_begin > longest_step && training.done == done + 1u) longest_step = now - step_begin;
        step_begin = now;
        done = training.done;
      }
      if (status != ET_DNN_BUSY) break;
    }
    board_report("train_ticks", board_ticks() - begin);
    board_report("backward", training.backward);
    different += et_crc32(0, net.model, plan.model_bytes) != word(p.at + 4);
    if (i + 1u == p.head[1]) infer(&net, &p);
    p.at += 8 + filled(p.head[5]) + p.head[2] * (4 + filled(p.head[4]));
  }
  board_report("longest_slice_ticks", longest_slice);
  board_report("longest_step_ticks", longest_step);
  board_report("different", different);
  return 0;
}
