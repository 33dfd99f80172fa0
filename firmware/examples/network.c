/* The network family alone, as an embedded developer uses it: a network that learns which of two sensors is louder, from an array. No
 * Modbus, no heap; all memory is static. Build: firmware/src/models/dnn, models/kernels/columns.c and multiplier.c, support/prng.c. */
#include <stdio.h>

#include "edge_trainer/dnn.h"

#define SAMPLES 200u
#define INPUTS 8u

static int8_t rows[SAMPLES][INPUTS];
static uint8_t labels[SAMPLES];

/* Where a training finds the bytes of a sample. */
static const int8_t *row(void *user, uint32_t sample) {
  (void)user;
  return rows[sample];
}

/* Four readings of either sensor. */
static void fill(void) {
  uint32_t state = 1;
  for (uint32_t s = 0; s < SAMPLES; s++) {
    int32_t loudness = 0;
    for (uint32_t i = 0; i < INPUTS; i++) {
      state = state * 1664525u + 1013904223u;
      rows[s][i] = (int8_t)((int32_t)(state >> 24) - 128);
      const int32_t magnitude = rows[s][i] < 0 ? -rows[s][i] : rows[s][i];
      loudness += i < INPUTS / 2u ? magnitude : -magnitude;
    }
    labels[s] = loudness > 0;
  }
}

int main(void) {
  static const et_dnn_layer layers[] = {{.kind = ET_DNN_DENSE, .outputs = 24, .activation = ET_DNN_RELU, .update = ET_DNN_ALL},
                                        {.kind = ET_DNN_DENSE, .outputs = 2, .update = ET_DNN_ALL}};
  static et_dnn_node nodes[3];
  static et_dnn_plan plan;
  static uint32_t model[512], work[128]; /* plan.model_bytes and plan.work_bytes of them are used */
  const et_dnn_network network = {.height = 1,
                                  .width = 1,
                                  .channels = INPUTS,
                                  .format = ET_DNN_Q8,
                                  .head = ET_DNN_CLASSES,
                                  .input_scale = 1.0f / 127.0f,
                                  .layer_count = 2,
                                  .layers = layers};
  const et_dnn_status compiled = et_dnn_compile(&network, true, nodes, &plan);
  if (compiled != ET_DNN_OK || plan.model_bytes > sizeof model || plan.work_bytes > sizeof work) {
    printf("status %d at layer %u, %u and %u bytes\n", (int)compiled, plan.layer, (unsigned)plan.model_bytes, (unsigned)plan.work_bytes);
    return 1;
  }
  const et_dnn net = {&plan, (uint8_t *)model, NULL, (uint8_t *)work};
  fill();
  et_dnn_initialise(&net, 7);

  const et_dnn_set set = {.input = row, .labels = labels, .count = SAMPLES};
  const et_dnn_options options = {.rate = 0.05f, .gate = 0.1f, .epochs = 60, .seed = 1};
  static et_dnn_training training;
  et_dnn_status status = et_dnn_train_begin(&training, &net, &set, &options, 0);
  /* A board answers its master between two slices. */
  if (status == ET_DNN_OK) do
      status = et_dnn_train_step(&training, 500);
    while (status == ET_DNN_BUSY);

  unsigned right = 0;
  for (uint32_t s = 0; s < SAMPLES; s++) {
    et_dnn_cursor cursor;
    et_dnn_infer_begin(rows[s], &cursor);
    while (et_dnn_infer_step(&net, &cursor, 500) == ET_DNN_BUSY) {}
    right += et_dnn_largest_output(&net) == labels[s];
  }
  printf("%u of %u right; model %u bytes, working memory %u bytes\n", right, SAMPLES, (unsigned)plan.model_bytes,
         (unsigned)plan.work_bytes);
  return status == ET_DNN_OK ? 0 : 1;
}
