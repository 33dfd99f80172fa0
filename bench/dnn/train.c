/* Trains a network on a file of samples with the firmware's own C code and says how well it does.
 *   train DATA FORMAT HxWxC "LAYERS" [key=value...]
 * FORMAT: q8 or f32. Keys: epochs, rate, gate, seed, lambda_min, lambda_max, huber, budget, head (0 classes, 1 values, 2 reconstruction),
 * scale, zero (of the input), in_order, plain, batch_log.
 * DATA, little-endian: u32 training samples, test samples, inputs, outputs, kind (0 labels u8, 1 targets f32), then the inputs of all
 * samples as int8, then all labels or targets. Prints one JSON object. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "architecture.h"

typedef struct problem {
  uint32_t train, test, inputs, outputs, kind;
  int8_t *samples;
  uint8_t *labels;
  float *targets;
} problem;

static void stop(const char *why) {
  fprintf(stderr, "train: %s\n", why);
  exit(2);
}

static void read_all(void *to, size_t size, size_t count, FILE *file) {
  if (fread(to, size, count, file) != count) stop("the data file is too short");
}

static void read_problem(const char *path, problem *p) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) stop("the data file cannot be read");
  uint32_t head[5];
  read_all(head, 4, 5, file);
  p->train = head[0];
  p->test = head[1];
  p->inputs = head[2];
  p->outputs = head[3];
  p->kind = head[4];
  const size_t count = (size_t)p->train + p->test;
  p->samples = malloc(count * p->inputs);
  read_all(p->samples, p->inputs, count, file);
  if (p->kind == 0) {
    p->labels = malloc(count);
    read_all(p->labels, 1, count, file);
  } else {
    p->targets = malloc(count * p->outputs * 4);
    read_all(p->targets, 4, count * p->outputs, file);
  }
  fclose(file);
}

static const int8_t *input(void *user, uint32_t sample) {
  const problem *p = user;
  return p->samples + (size_t)sample * p->inputs;
}

static double setting(int argc, char **argv, const char *key, double otherwise) {
  for (int i = 5; i < argc; i++)
    if (strncmp(argv[i], key, strlen(key)) == 0 && argv[i][strlen(key)] == '=') return atof(argv[i] + strlen(key) + 1);
  return otherwise;
}

/* Share of the test samples that are right, or the mean square of what is wrong with each output. */
static double test(const et_dnn *net, const problem *p, double squares[ET_DNN_OUTPUTS_MAX]) {
  uint32_t right = 0;
  et_dnn_cursor cursor;
  for (uint32_t i = p->train; i < p->train + p->test; i++) {
    et_dnn_infer_begin(net, input((void *)(uintptr_t)p, i), &cursor);
    while (et_dnn_infer_step(net, &cursor, UINT32_MAX) == ET_DNN_BUSY) {
    }
    if (p->kind == 0) right += et_dnn_largest_output(net) == p->labels[i];
    for (uint32_t j = 0; p->kind == 1 && j < p->outputs; j++) {
      const double error = (double)et_dnn_output(net, (uint16_t)j) - (double)p->targets[i * p->outputs + j];
      squares[j] += error * error / p->test;
    }
  }
  return 100.0 * right / p->test;
}

int main(int argc, char **argv) {
  if (argc < 5) stop("DATA FORMAT HxWxC LAYERS [key=value...]");
  problem p = {0};
  read_problem(argv[1], &p);
  et_dnn_layer layers[ET_DNN_LAYERS_MAX];
  unsigned h, w, c;
  if (sscanf(argv[3], "%ux%ux%u", &h, &w, &c) != 3) stop("the input's shape is HxWxC");
  const et_dnn_network network = {.height = (uint16_t)h,
                                  .width = (uint16_t)w,
                                  .channels = (uint16_t)c,
                                  .format = strcmp(argv[2], "f32") == 0 ? ET_DNN_F32 : ET_DNN_Q8,
                                  .head = (uint8_t)setting(argc, argv, "head", p.kind),
                                  .input_scale = (float)setting(argc, argv, "scale", 1.0 / 255),
                                  .input_zero = (int8_t)setting(argc, argv, "zero", -128),
                                  .layer_count = architecture_parse(argv[4], layers),
                                  .layers = layers};
  if (h * w * c != p.inputs) stop("the shape is not that of the data");
  et_dnn_node nodes[ET_DNN_LAYERS_MAX + 1];
  et_dnn_plan plan;
  const et_dnn_status compiled = et_dnn_compile(&network, true, nodes, &plan);
  if (compiled != ET_DNN_OK) {
    fprintf(stderr, "train: status %d at layer %u\n", (int)compiled, plan.layer);
    return 2;
  }
  const et_dnn net = {&plan, calloc(plan.model_bytes, 1), calloc(plan.frozen_bytes + 1, 1), calloc(plan.work_bytes, 1)};
  const et_dnn_set set = {input, p.labels, p.targets, NULL, &p, p.train};
  const et_dnn_options options = {.rate = (float)setting(argc, argv, "rate", 0.01),
                                  .gate = (float)setting(argc, argv, "gate", 0.2),
                                  .huber = (float)setting(argc, argv, "huber", 0),
                                  .lambda_min = (float)setting(argc, argv, "lambda_min", 0),
                                  .lambda_max = (float)setting(argc, argv, "lambda_max", 1),
                                  .epochs = (uint16_t)setting(argc, argv, "epochs", 5),
                                  .seed = (uint32_t)setting(argc, argv, "seed", 1),
                                  .in_order = setting(argc, argv, "in_order", 0) != 0,
                                  .plain = setting(argc, argv, "plain", 0) != 0};
  const uint32_t budget = (uint32_t)setting(argc, argv, "budget", 4e9);
  et_dnn_initialise(&net, options.seed);
  et_dnn_training training;
  et_dnn_status status = et_dnn_train_begin(&training, &net, &set, &options, 0);
  if (status == ET_DNN_OK)
    do status = et_dnn_train_step(&training, budget);
    while (status == ET_DNN_BUSY);
  double squares[ET_DNN_OUTPUTS_MAX] = {0};
  const double accuracy = test(&net, &p, squares);
  const double backward = ((double)training.backward_macs_high * 4294967296.0 + training.backward_macs_low) /
                          ((double)plan.backward_macs * training.total);
  printf("{\"status\":%d,\"failed\":%u,\"accuracy\":%.4f,\"parameters\":%u,\"model_bytes\":%u,\"work_bytes\":%u,\"plan_bytes\":%zu,"
         "\"backward_samples\":%.4f,\"backward_share\":%.4f,\"forward_macs\":%u,\"backward_macs\":%u,\"rmse\":[",
         (int)status, training.failed_node, accuracy, plan.parameters, plan.model_bytes, plan.work_bytes,
         sizeof plan + sizeof nodes[0] * (plan.network.layer_count + 1u) + sizeof training, (double)training.backward / training.total,
         backward, plan.forward_macs, plan.backward_macs);
  for (uint32_t j = 0; j < p.outputs && p.kind == 1; j++) printf("%s%.6f", j > 0 ? "," : "", sqrt(squares[j]));
  printf("]}\n");
  return 0;
}
