/* Gradients of study.c as floats, and updates from them: batches, momentum, standardised rows. Dense layers and convolutions. */
#ifndef BENCH_DNN_STUDY_H
#define BENCH_DNN_STUDY_H

#include "models/dnn/parts.h"
#include "problem.h"

typedef struct study_weights {
  float *gradient, *velocity;            /* of each row its weights, then its bias */
  uint32_t first[ET_DNN_LAYERS_MAX + 1]; /* of a node's first row */
} study_weights;

void study_begin(study_weights *weights, const et_dnn_plan *plan);
/* Adds the gradient of the node where the pass stands; counts its multiply-accumulates as the family does. */
void study_gather(study_weights *weights, et_dnn_pass *pass);
/* One step along the gradient times `part`, which becomes zero. */
void study_apply(study_weights *weights, const et_dnn *net, float rate, float part, float momentum, bool standardise);

void study_store(int8_t *weight, int8_t *residual, int32_t master);
/* A channel's weights and bias halved, their scale doubled. */
void study_double_scale(const et_dnn *net, uint8_t node, uint32_t channel);

#endif
