/* Trains like train.c, with an ingredient of the recipe taken away or one of other recipes added, to see what each is worth. All of it is
 * the family's own code; what this program does besides, it does between two samples, or in the place of the family's update, which the
 * linker replaces (--wrap=et_dnn_update_node).
 *   PROGRAM DATA FORMAT HxWxC "LAYERS" [key=value...]
 * Keys beside those of problem.h:
 *   constant       1: the rate stays as it is at the start
 *   residual       bits of a weight beside its byte, 0..8
 *   stochastic     1: they are rounded at random, else to nearest
 *   tensor_scale   1: all channels of a layer have the same scale
 *   own            1: gradients and updates of this program, for comparison with the family's
 *   standardise    1: a row's gradient less its mean, over its deviation
 *   batch          samples whose mean gradient is applied
 *   momentum       share of the last step that stays; a float for each weight, which costs no memory that counts here */
#include "study.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/dnn/taps.h"
#include "support/prng.h"

#define RATE_LAST 0.02f

typedef struct study {
  uint32_t residual, batch;
  bool constant, stochastic, tensor_scale, own, standardise;
  float momentum;
  uint32_t random;
  study_weights weights;
} study;

static study s;

bool __real_et_dnn_update_node(et_dnn_pass *pass, uint32_t *budget);
bool __wrap_et_dnn_update_node(et_dnn_pass *pass, uint32_t *budget);
bool __wrap_et_dnn_update_node(et_dnn_pass *pass, uint32_t *budget) {
  if (!s.own) return __real_et_dnn_update_node(pass, budget);
  study_gather(&s.weights, pass);
  return true;
}

/* The family's, without a warm-up. */
static float curve(float t) { return RATE_LAST + (1.0f - RATE_LAST) * (1.0f - t * t * (3.0f - 2.0f * t)); }

/* Rounds a master of 16 bits to the residual's bits. */
static int32_t coarse(int32_t master) {
  const int32_t unit = 1 << (8u - s.residual), most = 127 * 256 / unit * unit;
  const int32_t add = s.stochastic ? (int32_t)(et_xorshift32(&s.random) % (uint32_t)unit) : unit / 2;
  const int32_t rounded = (int32_t)floorf((float)(master + add) / (float)unit) * unit;
  return rounded > most ? most : rounded < -most ? -most : rounded;
}

static void coarsen(const et_dnn *net, const et_dnn_node *node) {
  const uint32_t count = et_dnn_trained_rows(node) * node->row;
  int8_t *weights = et_dnn_at(net, node->weights), *residuals = et_dnn_at(net, node->residuals);
  for (uint32_t i = 0; i < count; i++) study_store(&weights[i], &residuals[i], coarse(weights[i] * 256 + residuals[i]));
}

static void same_scales(const et_dnn *net, uint8_t k) {
  const et_dnn_node *node = &net->plan->nodes[k];
  const float *scales = et_dnn_at(net, node->scales);
  float most = 0.0f;
  for (uint32_t c = 0; c < node->out.c; c++) most = scales[c] > most ? scales[c] : most;
  for (uint32_t c = 0; c < node->out.c; c++)
    while (scales[c] < most) study_double_scale(net, k, c);
}

/* What is done between two samples. */
static void between(const problem *p, const et_dnn_training *training, bool learned) {
  const float t = (float)training->done / (float)training->total;
  if (s.own && training->done % s.batch == 0)
    study_apply(&s.weights, &p->net, p->options.rate * (s.constant ? 1.0f : curve(t)), 1.0f / (float)s.batch, s.momentum, s.standardise);
  for (uint8_t k = 1; k <= p->network.layer_count && (learned || s.own); k++) {
    if (!(p->plan.nodes[k].flags & ET_DNN_WEIGHTS) || et_dnn_is_float(&p->plan.nodes[k])) continue;
    if (s.residual < 8) coarsen(&p->net, &p->plan.nodes[k]);
    if (s.tensor_scale) same_scales(&p->net, k);
  }
}

static et_dnn_status train(problem *p, et_dnn_training *training) {
  et_dnn_status status = et_dnn_train_begin(training, &p->net, &p->set, &p->options, 0);
  if (status == ET_DNN_OK) status = ET_DNN_BUSY;
  while (status == ET_DNN_BUSY) {
    const uint32_t done = training->done, learned = training->backward;
    if (s.constant) training->options.rate = p->options.rate / curve((float)done / (float)training->total);
    status = et_dnn_train_step(training, UINT32_MAX);
    if (training->done != done) between(p, training, training->backward != learned);
  }
  return status;
}

int main(int argc, char **argv) {
  static problem p;
  problem_read(&p, argc, argv);
  s = (study){.residual = (uint32_t)problem_setting(argc, argv, "residual", 8),
              .batch = (uint32_t)problem_setting(argc, argv, "batch", 1),
              .constant = problem_setting(argc, argv, "constant", 0) != 0,
              .stochastic = problem_setting(argc, argv, "stochastic", 0) != 0,
              .tensor_scale = problem_setting(argc, argv, "tensor_scale", 0) != 0,
              .standardise = problem_setting(argc, argv, "standardise", 0) != 0,
              .momentum = (float)problem_setting(argc, argv, "momentum", 0),
              .random = 1u + p.options.seed};
  if (s.batch == 0 || s.residual > 8) problem_stop("batch is at least 1, residual at most 8");
  s.own = s.standardise || s.batch > 1 || s.momentum > 0 || problem_setting(argc, argv, "own", 0) != 0;
  study_begin(&s.weights, &p.plan);
  et_dnn_training training;
  const et_dnn_status status = train(&p, &training);
  double squares[ET_DNN_OUTPUTS_MAX] = {0};
  const double accuracy = problem_test(&p, squares);
  const double done = (double)training.backward_macs_high * 4294967296.0 + training.backward_macs_low;
  printf("{\"status\":%d,\"accuracy\":%.4f,\"backward_share\":%.4f}\n", (int)status, accuracy,
         done / ((double)p.plan.backward_macs * training.total));
  return 0;
}
