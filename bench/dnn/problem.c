#include "problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "architecture.h"

void problem_stop(const char *why) {
  fprintf(stderr, "dnn: %s\n", why);
  exit(2);
}

void *problem_memory(size_t bytes) {
  void *memory = calloc(bytes + 1u, 1);
  if (memory == NULL) problem_stop("out of memory");
  return memory;
}

static void read_all(void *to, size_t size, size_t count, FILE *file) {
  if (fread(to, size, count, file) != count) problem_stop("the data file is too short");
}

void problem_data(problem *p, const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) problem_stop("the data file cannot be read");
  uint32_t head[5];
  read_all(head, 4, 5, file);
  p->train = head[0];
  p->test = head[1];
  p->inputs = head[2];
  p->outputs = head[3];
  p->kind = head[4];
  const size_t count = (size_t)p->train + p->test;
  p->samples = problem_memory(count * p->inputs);
  read_all(p->samples, p->inputs, count, file);
  if (p->kind == 0) {
    p->labels = problem_memory(count);
    read_all(p->labels, 1, count, file);
  } else {
    p->targets = problem_memory(count * p->outputs * 4);
    read_all(p->targets, 4, count * p->outputs, file);
  }
  fclose(file);
}

static const int8_t *input(void *user, uint32_t sample) {
  const problem *p = user;
  return p->samples + (size_t)sample * p->inputs;
}

double problem_setting(int argc, char **argv, const char *key, double otherwise) {
  for (int i = 5; i < argc; i++)
    if (strncmp(argv[i], key, strlen(key)) == 0 && argv[i][strlen(key)] == '=') return atof(argv[i] + strlen(key) + 1);
  return otherwise;
}

double problem_test(const problem *p, double squares[ET_DNN_OUTPUTS_MAX]) {
  uint32_t right = 0;
  et_dnn_cursor cursor;
  for (uint32_t i = p->train; i < p->train + p->test; i++) {
    et_dnn_infer_begin(p->samples + (size_t)i * p->inputs, &cursor);
    while (et_dnn_infer_step(&p->net, &cursor, UINT32_MAX) == ET_DNN_BUSY) {}
    if (p->kind == 0) right += et_dnn_largest_output(&p->net) == p->labels[i];
    for (uint32_t j = 0; p->kind == 1 && j < p->outputs; j++) {
      const double error = (double)et_dnn_output(&p->net, (uint16_t)j) - (double)p->targets[i * p->outputs + j];
      squares[j] += error * error / p->test;
    }
  }
  return 100.0 * right / p->test;
}

static void build(problem *p, int argc, char **argv) {
  unsigned h, w, c;
  if (sscanf(argv[3], "%ux%ux%u", &h, &w, &c) != 3 || h * w * c != p->inputs) problem_stop("the shape is not that of the data");
  p->network = (et_dnn_network){.height = (uint16_t)h,
                                .width = (uint16_t)w,
                                .channels = (uint16_t)c,
                                .format = strcmp(argv[2], "f32") == 0 ? ET_DNN_F32 : ET_DNN_Q8,
                                .head = (uint8_t)problem_setting(argc, argv, "head", p->kind),
                                .input_scale = (float)problem_setting(argc, argv, "scale", 1.0 / 255),
                                .input_zero = (int8_t)problem_setting(argc, argv, "zero", -128),
                                .layer_count = architecture_parse(argv[4], p->layers),
                                .layers = p->layers};
  const et_dnn_status status = et_dnn_compile(&p->network, true, p->nodes, &p->plan);
  if (status != ET_DNN_OK) {
    fprintf(stderr, "dnn: status %d at layer %u of %s\n", (int)status, p->plan.layer, argv[4]);
    exit(2);
  }
  p->net =
      (et_dnn){&p->plan, problem_memory(p->plan.model_bytes), problem_memory(p->plan.frozen_bytes), problem_memory(p->plan.work_bytes)};
}

void problem_options(problem *p, int argc, char **argv) {
  p->set = (et_dnn_set){.input = input, .labels = p->labels, .targets = p->targets, .user = p, .count = p->train};
  p->options = (et_dnn_options){.rate = (float)problem_setting(argc, argv, "rate", 0.01),
                                .warm_up = (uint8_t)problem_setting(argc, argv, "warm_up", 0),
                                .gate = (float)problem_setting(argc, argv, "gate", 0.2),
                                .smoothing = (float)problem_setting(argc, argv, "smoothing", 0),
                                .huber = (float)problem_setting(argc, argv, "huber", 0),
                                .lambda_min = (float)problem_setting(argc, argv, "lambda_min", 0),
                                .lambda_max = (float)problem_setting(argc, argv, "lambda_max", 1),
                                .epochs = (uint16_t)problem_setting(argc, argv, "epochs", 5),
                                .seed = (uint32_t)problem_setting(argc, argv, "seed", 1),
                                .in_order = problem_setting(argc, argv, "in_order", 0) != 0,
                                .plain = problem_setting(argc, argv, "plain", 0) != 0,
                                .unscaled = problem_setting(argc, argv, "unscaled", 0) != 0};
}

void problem_read(problem *p, int argc, char **argv) {
  if (argc < 5) problem_stop("DATA FORMAT HxWxC LAYERS [key=value...]");
  memset(p, 0, sizeof *p);
  problem_data(p, argv[1]);
  build(p, argc, argv);
  problem_options(p, argc, argv);
  et_dnn_initialise(&p->net, p->options.seed);
}
