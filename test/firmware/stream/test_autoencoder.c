/* The autoencoder against principal components, on real vibration; what its learning keeps and refuses. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "models/autoencoder/model.h"
#include "replay_file.h"

#define CODE 6u
#define INPUTS 48u /* 16 samples of 3 channels */

static void begin(host_model *model, uint8_t channels) {
  memset(model, 0, sizeof *model);
  model->ops = &et_autoencoder;
  model->core.features = channels;
  model->core.model = ET_MODEL_AUTOENCODER;
  model->core.seed = 1;
  model->parameters.autoencoder = (et_autoencoder_parameters){.window = 16,
                                                              .hop = 4,
                                                              .learning = 390,
                                                              .hidden = 0,
                                                              .code = CODE,
                                                              .score_every = 4,
                                                              .format = ET_DNN_F32,
                                                              .alarm_on = 3,
                                                              .alarm_off = 3,
                                                              .patterns = 8,
                                                              .decimation = 1,
                                                              .epochs = 60,
                                                              .false_alarm = 0.01f,
                                                              .rate = 0.5f};
}

static void in_bytes(host_model *model) { model->parameters.autoencoder.format = ET_DNN_Q8; }
static void hidden(host_model *model) {
  in_bytes(model);
  model->parameters.autoencoder.hidden = 16;
  model->parameters.autoencoder.epochs = 5;
}

static void learn(host_model *model) { CHECK(model->ops->stream->learn(&model->context, model->running, model->candidate, 0) == ET_OK); }

static void refuse(size_t field, void (*change)(et_autoencoder_parameters *p)) {
  static host_model model;
  static uint8_t memory[8];
  uint16_t detail = 0;
  begin(&model, 3);
  change(&model.parameters.autoencoder);
  CHECK(!host_begin(&model, memory, sizeof memory, &detail) && detail == field);
}
static void window_88(et_autoencoder_parameters *p) {
  p->window = p->hop = 88;
  p->score_every = 1;
}
static void hop_5(et_autoencoder_parameters *p) { p->hop = 5; }
static void every_5(et_autoencoder_parameters *p) { p->score_every = 5; }
static void code_48(et_autoencoder_parameters *p) { p->code = INPUTS; }
static void learning_203(et_autoencoder_parameters *p) { p->learning = 203; }

/* Share of the power of the learned windows that their first CODE principal components do not hold: subspace iteration in double
 * precision (Golub & Van Loan, "Matrix computations", section 8.2), on second moments. */
static double beyond_components(const et_autoencoder_recording *recording, unsigned windows) {
  static double moments[INPUTS][INPUTS], basis[CODE][INPUTS], moved[CODE][INPUTS];
  double power = 0.0, held = 0.0;
  memset(moments, 0, sizeof moments);
  for (unsigned w = 0; w < windows; w++) {
    const int8_t *x = et_autoencoder_recorded(recording, w);
    for (unsigned i = 0; i < INPUTS; i++)
      for (unsigned j = 0; j < INPUTS; j++) moments[i][j] += (double)x[i] * x[j];
  }
  for (unsigned c = 0; c < CODE; c++)
    for (unsigned i = 0; i < INPUTS; i++) basis[c][i] = sin(1.0 + 7.0 * c + 1.3 * i * (c + 1.0));
  for (unsigned turn = 0; turn < 300; turn++) {
    held = 0.0;
    for (unsigned c = 0; c < CODE; c++) {
      for (unsigned i = 0; i < INPUTS; i++) {
        moved[c][i] = 0.0;
        for (unsigned j = 0; j < INPUTS; j++) moved[c][i] += moments[i][j] * basis[c][j];
      }
      for (unsigned b = 0; b < c; b++) {
        double along = 0.0;
        for (unsigned i = 0; i < INPUTS; i++) along += moved[c][i] * moved[b][i];
        for (unsigned i = 0; i < INPUTS; i++) moved[c][i] -= along * moved[b][i];
      }
      double norm = 0.0;
      for (unsigned i = 0; i < INPUTS; i++) norm += moved[c][i] * moved[c][i];
      for (unsigned i = 0; i < INPUTS; i++) moved[c][i] /= sqrt(norm);
      held += sqrt(norm);
    }
    memcpy(basis, moved, sizeof basis);
  }
  for (unsigned i = 0; i < INPUTS; i++) power += moments[i][i];
  return 1.0 - held / power;
}

/* The same share, of the network. */
static double beyond_network(const et_autoencoder_view *view, const et_autoencoder_block *block, unsigned windows) {
  const et_dnn net = {et_autoencoder_plan(view), et_autoencoder_network(view, block), NULL, view->work};
  double power = 0.0, left = 0.0;
  for (unsigned w = 0; w < windows; w++) {
    const int8_t *x = et_autoencoder_recorded(&view->recording, w);
    et_autoencoder_pass pass = {0};
    while (!et_autoencoder_reconstruct(&net, x, view->channels, &pass, 100)) {}
    for (unsigned k = 0; k < view->channels; k++) left += (double)pass.square[k];
    for (unsigned i = 0; i < INPUTS; i++) power += (double)(ET_AUTOENCODER_UNIT * ET_AUTOENCODER_UNIT) * x[i] * x[i];
  }
  return left / power;
}

/* A linear network has the subspace of the principal components for its best (Bourlard & Kamp 1988). */
static void near_components(void (*change)(host_model *model), const char *name, double most) {
  host_model *model = fresh_family(begin, 3, change);
  et_autoencoder_view view;
  learn(model);
  (void)feed(model, fan(60, 1), 1800, NULL);
  CHECK(model->ops->stream->phase(&model->context) == ET_STREAM_SCORING);
  CHECK(model->ops->validate(&model->context, model->running) == ET_OK);
  et_autoencoder_view_of(&model->context, &view);
  const unsigned learned = 260; /* two thirds of 390 */
  const double best = beyond_components(&view.recording, learned), own = beyond_network(&view, model->running, learned);
  printf("autoencoder, %s: %.4f of the power is left over, by principal components %.4f\n", name, own, best);
  CHECK(own >= best - 1e-6 && own <= best + most);
}

/* A fault is told; a generation is a function of the samples, whatever runs between them, and bytes of chance are none. */
static void tells(void) {
  host_model *model = fresh_family(begin, 3, hidden);
  const et_stream_ops *stream = model->ops->stream;
  learn(model);
  (void)feed(model, fan(60, 1), 1800, NULL);
  CHECK(stream->phase(&model->context) == ET_STREAM_SCORING);
  const uint32_t bytes = model->need.model_bytes;
  uint8_t *first = malloc(bytes);
  memcpy(first, model->running, bytes);
  float scores[64];
  CHECK(feed(model, fan(60, 3), 640, scores) >= 30 && model->result.alarm && model->result.pattern == 1);

  model = fresh_family(begin, 3, hidden);
  learn(model);
  bool complete;
  for (unsigned i = 0; i < 1800; i++) { /* no background: a slice a sample */
    (void)stream->sample(&model->context, model->running, model->candidate, fan(60, 1) + 3 * i, &model->result);
    while (stream->unfinished(&model->context, model->running, model->candidate, &model->result, &complete)) {}
  }
  CHECK(stream->phase(&model->context) == ET_STREAM_CALIBRATING);
  while (stream->background(&model->context, model->running, model->candidate)) {}
  CHECK(memcmp(first, model->candidate, bytes) == 0);

  for (uint32_t i = 0; i < bytes; i += 61) {
    memcpy(model->running, first, bytes);
    memset((uint8_t *)model->running + i, 0xff, bytes - i < 8u ? bytes - i : 8u);
    if (model->ops->validate(&model->context, model->running) == ET_OK) (void)feed(model, fan(60, 3), 64, NULL); /* harmless, then */
  }
  memset(model->running, 0xff, bytes);
  CHECK(model->ops->validate(&model->context, model->running) == ET_MODEL_CONTENT);
  memset(model->running, 0, bytes);
  CHECK(model->ops->validate(&model->context, model->running) == ET_OK); /* blank is valid */
  free(first);
}

/* No window holds samples of both sides of a gap; gaps that leave too few windows begin the phase anew. */
static void gaps(void) {
  host_model *model = fresh_family(begin, 3, hidden);
  et_autoencoder_view view;
  et_autoencoder_view_of(&model->context, &view);
  learn(model);
  for (unsigned i = 0; i < 1000; i++) {
    if (i % 250u == 249u) model->ops->stream->gap(&model->context);
    (void)feed(model, fan(60, 1) + 3 * i, 1, NULL);
  }
  CHECK(model->ops->stream->phase(&model->context) == ET_STREAM_LEARNING);
  unsigned whole = 0;
  for (unsigned w = 1; w < view.job->windows; w++) {
    const uint32_t step = view.recording.starts[w] - view.recording.starts[w - 1u];
    CHECK(step == 4u || step == 16u);
    whole += step == 16u;
  }
  CHECK(whole == 3u);
  learn(model);
  for (unsigned i = 0; i < 2900; i++) {
    if (i % 20u == 19u) model->ops->stream->gap(&model->context);
    (void)feed(model, fan(60, 1) + 3 * i, 1, NULL);
    CHECK(model->ops->stream->phase(&model->context) == ET_STREAM_LEARNING && view.job->windows < 390u);
  }
}

void test_autoencoder(void) {
  refuse(offsetof(et_autoencoder_parameters, window), window_88);
  refuse(offsetof(et_autoencoder_parameters, hop), hop_5);
  refuse(offsetof(et_autoencoder_parameters, score_every), every_5);
  refuse(offsetof(et_autoencoder_parameters, code), code_48);
  refuse(offsetof(et_autoencoder_parameters, learning), learning_203);
  near_components(NULL, "f32", 0.02);
  near_components(in_bytes, "q8", 0.04);
  tells();
  gaps();
}
