/* What the bench's programs on the host share: a file of samples, settings from the command line, a network with its memory.
 *   PROGRAM DATA FORMAT HxWxC "LAYERS" [key=value...]
 * FORMAT: q8 or f32. Keys: epochs, rate, warm_up, gate, seed, lambda_min, lambda_max, smoothing, huber, budget, head (0 classes, 1 values, 2 reconstruction),
 * scale, zero (of the input), in_order, plain,
 * unscaled.
 * DATA, little-endian: u32 training samples, test samples, inputs, outputs, kind (0 labels u8, 1 targets f32), then the inputs of all
 * samples as int8, then all labels or targets. */
#ifndef BENCH_DNN_PROBLEM_H
#define BENCH_DNN_PROBLEM_H

#include <stddef.h>

#include "edge_trainer/dnn.h"

typedef struct problem {
  uint32_t train, test, inputs, outputs, kind;
  int8_t *samples;
  uint8_t *labels;
  float *targets;
  et_dnn_layer layers[ET_DNN_LAYERS_MAX];
  et_dnn_node nodes[ET_DNN_LAYERS_MAX + 1];
  et_dnn_network network;
  et_dnn_plan plan;
  et_dnn net;
  et_dnn_set set;
  et_dnn_options options;
} problem;

/* Reads and compiles all of it, weights at random; ends the program with a reason when it cannot. */
void problem_read(problem *p, int argc, char **argv);
/* Its parts: the samples; the sample set and the options of a training, from argv[5] on. */
void problem_data(problem *p, const char *path);
void problem_options(problem *p, int argc, char **argv);
double problem_setting(int argc, char **argv, const char *key, double otherwise);
/* Percent of the test samples that are right; `squares`: mean square of what is wrong with each output. */
double problem_test(const problem *p, double squares[ET_DNN_OUTPUTS_MAX]);
void *problem_memory(size_t bytes);
void problem_stop(const char *why);

#endif
