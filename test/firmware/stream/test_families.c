/* Correlation and process against numpy, on real numbers, and what a sample may do to them. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "reference.h"
#include "replay_file.h"

#define FEATURES 42

static void learn(host_model *model) { CHECK(model->ops->stream->learn(&model->context, model->running, model->candidate, 0) == ET_OK); }

static void refuse(size_t field, void (*change)(et_correlation_parameters *p)) {
  static host_model model;
  static uint8_t memory[8];
  uint16_t detail = 0;
  host_correlation(&model, 3);
  change(&model.parameters.correlation);
  CHECK(!host_begin(&model, memory, sizeof memory, &detail) && detail == field);
}
static void hop_7(et_correlation_parameters *p) { p->hop = 7; }
static void every_9(et_correlation_parameters *p) { p->score_every = 9; }
static void context_4(et_correlation_parameters *p) { p->context = 4; }
static void short_window(et_correlation_parameters *p) {
  p->window = 12;
  p->hop = 12;
  p->score_every = 1;
}

void test_correlation(void) {
  refuse(offsetof(et_correlation_parameters, hop), hop_7);
  refuse(offsetof(et_correlation_parameters, score_every), every_9);
  refuse(offsetof(et_correlation_parameters, context), context_4);
  refuse(offsetof(et_correlation_parameters, window), short_window);

  host_model *model = fresh_family(host_correlation, 3, NULL);
  CHECK(model->ops->validate(&model->context, model->running) == ET_OK); /* blank is valid */
  learn(model);
  (void)feed(model, fan(60, 1), 1800, NULL);
  CHECK(model->ops->stream->phase(&model->context) == ET_STREAM_SCORING);
  CHECK(model->ops->validate(&model->context, model->running) == ET_OK);
  const et_healthy *healthy = (const et_healthy *)(const void *)((const et_correlation_block *)model->running + 1);
  CHECK(healthy->windows == REFERENCE_WINDOWS && healthy->dimensions == FEATURES);
  double worst = 0.0;
  for (unsigned i = 0; i < FEATURES; i++) NEAR(et_healthy_mean(healthy)[i], reference_mean[i], 2e-3);
  for (unsigned i = 0; i < FEATURES * (FEATURES + 1u) / 2u; i++)
    worst = fmax(worst, fabs((double)et_healthy_factor(healthy)[i] - reference_factor[i]));
  CHECK(worst < 5e-3);
  printf("correlation: largest difference of the factor to numpy %.2g\n", worst);
  NEAR(healthy->threshold, reference_threshold[0], 0.02 * reference_threshold[0]); /* Wilson and Hilferty for the gamma quantile */
  NEAR(healthy->log_mean, reference_threshold[1], 5e-3);
  NEAR(healthy->log_spread, reference_threshold[2], 5e-3);
  float scores[64];
  const unsigned scored = feed(model, fan(60, 2), 640, scores);
  CHECK(scored == 10 && model->result.alarm);
  /* The first window holds eight samples of the fault, the others nothing else. */
  for (unsigned i = 0; i < 8u; i++) NEAR(scores[i + 1u], reference_faulty[i], 0.01 * reference_faulty[i]);
}

void test_process(void) {
  host_model *model = fresh_family(host_process, 3, NULL);
  learn(model);
  (void)feed(model, fan(60, 1), 400, NULL);
  CHECK(model->ops->stream->phase(&model->context) == ET_STREAM_SCORING);
  CHECK(model->ops->validate(&model->context, model->running) == ET_OK);
  et_process_view view;
  et_process_view_of(&model->context, &view);
  const et_process_block *block = model->running;
  const et_healthy *healthy = et_process_healthy(block);
  for (unsigned k = 0; k < 3u; k++)
    for (unsigned i = 0; i < 10u; i++) NEAR(et_process_weights(&view, block, k)[i], reference_process_weights[10u * k + i], 2e-3);
  NEAR(healthy->threshold, reference_process_threshold[0], 2e-3 * reference_process_threshold[0]);
  float scores[64];
  const unsigned scored = feed(model, fan(60, 1) + 3 * 400, 60, scores);
  CHECK(scored == 51); /* the first window fills up */
  for (unsigned i = 0; i < 40u; i++) NEAR(scores[i + 1u], reference_process_scores[i], 5e-3 + 5e-3 * reference_process_scores[i]);
}
