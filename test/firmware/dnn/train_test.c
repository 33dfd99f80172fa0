/* What a training keeps and what ends it. */
#include <math.h>
#include <string.h>

#include "built.h"
#include "../check.h"
#include "models/dnn/parts.h"
#include "support/prng.h"

#define COUNT 240u
#define SIDE 8u
#define WAVE 40u

static samples set_samples;
static uint8_t labels[COUNT], held_out[COUNT / 8u];
static float targets[COUNT * 2u];

/* A bright spot in one quadrant, on noise: the quadrant is the class, the spot's place the target. */
static void draw_samples(void) {
  et_prng prng;
  et_prng_seed(&prng, 4);
  for (uint32_t s = 0; s < COUNT; s++) {
    const uint32_t y = et_prng_below(&prng, SIDE), x = et_prng_below(&prng, SIDE);
    for (uint32_t i = 0; i < SIDE * SIDE; i++) set_samples.data[s][i] = (int8_t)et_prng_below(&prng, 30);
    set_samples.data[s][y * SIDE + x] = 127;
    labels[s] = (uint8_t)(y / (SIDE / 2u) * 2u + x / (SIDE / 2u));
    targets[2u * s] = (float)y / (float)SIDE - 0.5f;
    targets[2u * s + 1u] = (float)x / (float)SIDE - 0.5f;
  }
  for (uint32_t s = 0; s < COUNT; s += 4) held_out[s >> 3] = (uint8_t)(held_out[s >> 3] | (1u << (s & 7u)));
}

static const et_dnn_set set = {sample_input, labels, targets, held_out, &set_samples, COUNT, NULL};

static et_dnn_status finish(et_dnn_training *training) {
  et_dnn_status status;
  do status = et_dnn_train_step(training, 500);
  while (status == ET_DNN_BUSY);
  return status;
}

static void infer(const built *b, uint32_t sample) {
  et_dnn_cursor cursor;
  et_dnn_infer_begin(set_samples.data[sample], &cursor);
  while (et_dnn_infer_step(&b->net, &cursor, 300) == ET_DNN_BUSY) {}
}

/* Share of the held-out samples that are right. */
static double accuracy(const built *b) {
  uint32_t right = 0, all = 0;
  for (uint32_t s = 0; s < COUNT; s += 4, all++) {
    infer(b, s);
    right += et_dnn_largest_output(&b->net) == labels[s];
  }
  return (double)right / all;
}

static double deviation(const built *b) {
  double sum = 0;
  uint32_t all = 0;
  for (uint32_t s = 0; s < COUNT; s += 4) {
    infer(b, s);
    for (uint16_t i = 0; i < 2; i++, all++) {
      const double error = (double)et_dnn_output(&b->net, i) - (double)targets[2u * s + i];
      sum += error * error;
    }
  }
  return sqrt(sum / all);
}

static void learns(const char *text, et_dnn_format format, et_dnn_head head, float rate) {
  static built b;
  EXPECT(build(&b, text, SIDE, SIDE, 1, format, head, 2, 0) == ET_DNN_OK, "%s", text);
  const et_dnn_options options = {.rate = rate, .gate = head == ET_DNN_CLASSES ? 0.2f : 0.01f, .epochs = 30, .seed = 9};
  et_dnn_training training;
  EXPECT(et_dnn_train_begin(&training, &b.net, &set, &options, 0) == ET_DNN_OK, "begin");
  EXPECT(finish(&training) == ET_DNN_OK, "%s", text);
  EXPECT(training.backward < training.done, "no sample was passed over");
  EXPECT(et_dnn_valid(&b.net), "%s: what was trained is no valid generation", text);
  if (head == ET_DNN_CLASSES) EXPECT(accuracy(&b) >= 0.9, "%s, format %d: %.3f right", text, (int)format, accuracy(&b));
  else EXPECT(deviation(&b) <= 0.24, "%s, format %d: off by %.3f", text, (int)format, deviation(&b));
  discard(&b);
}

/* What a network of a code of three has not reconstructed of waves of one pitch, any phase and level: share of their power. */
static double missing(const built *b) {
  double power = 0, error = 0;
  for (uint32_t s = 0; s < COUNT; s++) {
    infer(b, s);
    for (uint16_t i = 0; i < WAVE; i++) {
      const double x = b->network.input_scale * set_samples.data[s][i], e = (double)et_dnn_output(&b->net, i) - x;
      power += x * x;
      error += e * e;
    }
  }
  return error / power;
}

/* The loss of many outputs is worked out in slices, of any length to the same bytes. */
static void reconstructs(et_dnn_format format) {
  static built b;
  static samples waves;
  et_prng prng;
  et_prng_seed(&prng, 6);
  for (uint32_t s = 0; s < COUNT; s++) {
    const double phase = et_prng_below(&prng, 628) / 100.0, level = 30 + et_prng_below(&prng, 70);
    for (uint32_t i = 0; i < WAVE; i++) waves.data[s][i] = (int8_t)lrint(level * sin(0.4 * i + phase));
  }
  et_dnn_set own = set;
  own.user = &waves;
  EXPECT(build(&b, "dense:3 dense:40", 1, WAVE, 1, format, ET_DNN_RECONSTRUCTION, 2, 0) == ET_DNN_OK, "build");
  const et_dnn_options options = {.rate = 0.06f, .epochs = 20, .seed = 9};
  et_dnn_training training;
  uint8_t *whole = malloc(b.plan.model_bytes);
  for (uint32_t budget = 1; budget <= 100000u; budget *= 100000u) {
    et_dnn_initialise(&b.net, 2);
    EXPECT(et_dnn_train_begin(&training, &b.net, &own, &options, 0) == ET_DNN_OK, "begin");
    et_dnn_status status;
    do status = et_dnn_train_step(&training, budget);
    while (status == ET_DNN_BUSY);
    EXPECT(status == ET_DNN_OK, "format %d", (int)format);
    if (budget == 1u) memcpy(whole, b.net.model, b.plan.model_bytes);
  }
  EXPECT(memcmp(whole, b.net.model, b.plan.model_bytes) == 0, "format %d: slices change what is learned", (int)format);
  memcpy(set_samples.data, waves.data, sizeof waves.data);
  const double share = missing(&b);
  EXPECT(share < 0.05, "format %d: %.3f of the power is missing", (int)format, share);
  free(whole);
  discard(&b);
  draw_samples();
}

/* Cancelled at a sample and begun again there, a training ends with the same bytes. */
static void goes_on(et_dnn_format format) {
  static built b;
  EXPECT(build(&b, "conv:3x3x4:same:relu max:2x2 dense:4", SIDE, SIDE, 1, format, ET_DNN_CLASSES, 2, 0) == ET_DNN_OK, "build");
  const et_dnn_options options = {.rate = 0.02f, .epochs = 3, .seed = 9};
  uint8_t *whole = malloc(b.plan.model_bytes);
  et_dnn_training training;
  et_dnn_initialise(&b.net, 2);
  (void)et_dnn_train_begin(&training, &b.net, &set, &options, 0);
  (void)finish(&training);
  memcpy(whole, b.net.model, b.plan.model_bytes);
  et_dnn_initialise(&b.net, 2);
  (void)et_dnn_train_begin(&training, &b.net, &set, &options, 0);
  /* The smallest slice after the sample's last leaves a training between two samples. */
  while (training.done < COUNT + 77u || training.stage != 0) (void)et_dnn_train_step(&training, 1);
  const uint32_t done = training.done;
  memset(&training, 0xee, sizeof training);
  memset(b.net.work, 0xee, b.plan.work_bytes);
  EXPECT(et_dnn_train_begin(&training, &b.net, &set, &options, done) == ET_DNN_OK, "begin again");
  while (training.stage != 0) EXPECT(et_dnn_train_step(&training, 1) == ET_DNN_BUSY, "looks at the samples and the past epochs");
  EXPECT(training.done == done && training.epoch == done / COUNT, "goes on at %u of epoch %u", training.done, training.epoch);
  EXPECT(finish(&training) == ET_DNN_OK, "end");
  EXPECT(memcmp(whole, b.net.model, b.plan.model_bytes) == 0, "a training that was interrupted ends elsewhere");
  free(whole);
  discard(&b);
}

/* The generation that did best on the held-out samples is what a training ends with. */
static void keeps_the_best(void) {
  static built b;
  EXPECT(build(&b, "dense:8:relu dense:4", SIDE, SIDE, 1, ET_DNN_F32, ET_DNN_CLASSES, 2, 0) == ET_DNN_OK, "build");
  uint8_t *best = calloc(b.plan.model_bytes, 1);
  /* A rate at which it does not settle: the last epoch is not the best one. */
  const et_dnn_options options = {.rate = 0.6f, .epochs = 40, .patience = 6, .seed = 3, .best = best};
  et_dnn_training training;
  (void)et_dnn_train_begin(&training, &b.net, &set, &options, 0);
  EXPECT(finish(&training) == ET_DNN_OK, "end");
  EXPECT(training.epoch < options.epochs, "%u epochs: patience did not end it", training.epoch);
  EXPECT(fabs(accuracy(&b) * (COUNT / 4u) - (double)training.best_score) < 0.5, "kept %.3f, best was %.1f of %u", accuracy(&b),
         (double)training.best_score, COUNT / 4u);
  free(best);
  discard(&b);
}

/* A warm-up begins at a rate of zero and rises to the curve that it would have begun on. */
static void warms_up(void) {
  static built b;
  EXPECT(build(&b, "dense:8:relu dense:4", SIDE, SIDE, 1, ET_DNN_F32, ET_DNN_CLASSES, 2, 0) == ET_DNN_OK, "build");
  et_dnn_options options = {.rate = 0.1f, .epochs = 1, .seed = 3, .warm_up = 50};
  uint8_t *before = calloc(b.plan.model_bytes, 1);
  memcpy(before, b.net.model, b.plan.model_bytes);
  et_dnn_training training;
  (void)et_dnn_train_begin(&training, &b.net, &set, &options, 0);
  while (training.done == 0) (void)et_dnn_train_step(&training, UINT32_MAX);
  EXPECT(memcmp(before, b.net.model, b.plan.model_bytes) == 0, "the first step of a warm-up has a rate");
  float last = 0.0f;
  for (uint32_t done = training.done; training.done < COUNT / 4u;) {
    EXPECT(et_dnn_train_step(&training, UINT32_MAX) == ET_DNN_BUSY, "busy");
    if (training.done == done || training.rate == last) continue;
    EXPECT(training.rate > last && training.rate < options.rate / 2.0f, "rate %.4f behind %.4f", (double)training.rate, (double)last);
    last = training.rate;
    done = training.done;
  }
  EXPECT(last > 0.0f, "no step");
  while (training.done < COUNT * 9u / 16u) (void)et_dnn_train_step(&training, UINT32_MAX);
  const float there = training.rate;
  EXPECT(there > 0.4f * options.rate, "rate %.4f behind the warm-up", (double)there);
  free(before);
  discard(&b);
}

static void stops(const char *text, et_dnn_format format) {
  static built b;
  EXPECT(build(&b, text, SIDE, SIDE, 1, format, ET_DNN_VALUES, 2, 0) == ET_DNN_OK, "build");
  const et_dnn_options options = {.rate = 1e30f, .huber = 1e9f, .epochs = 3, .seed = 9};
  et_dnn_training training;
  (void)et_dnn_train_begin(&training, &b.net, &set, &options, 0);
  const et_dnn_status status = finish(&training);
  EXPECT(format == ET_DNN_Q8 || status == ET_DNN_NOT_FINITE, "status %d", (int)status);
  EXPECT(status != ET_DNN_NOT_FINITE || training.failed_node > 0, "no layer is named");
  discard(&b);
}

static void refuses(void) {
  static built b;
  EXPECT(build(&b, "dense:3", SIDE, SIDE, 1, ET_DNN_Q8, ET_DNN_CLASSES, 2, 0) == ET_DNN_OK, "build");
  const et_dnn_options options = {.rate = 0.1f, .epochs = 1};
  et_dnn_training training;
  EXPECT(et_dnn_train_begin(&training, &b.net, &set, &options, 0) == ET_DNN_OK, "begin");
  EXPECT(finish(&training) == ET_DNN_LABEL, "label 3 of 3 classes");
  et_dnn_set all_held_out = set;
  static uint8_t ones[COUNT / 8u];
  memset(ones, 0xff, sizeof ones);
  static const uint8_t zeros[COUNT];
  all_held_out.held_out = ones;
  all_held_out.labels = zeros;
  EXPECT(et_dnn_train_begin(&training, &b.net, &all_held_out, &options, 0) == ET_DNN_OK, "begin");
  EXPECT(finish(&training) == ET_DNN_FEW, "nothing to train on");
  discard(&b);
  EXPECT(build(&b, "dense:4:frozen", SIDE, SIDE, 1, ET_DNN_Q8, ET_DNN_CLASSES, 2, 0) == ET_DNN_OK, "build");
  EXPECT(et_dnn_train_begin(&training, &b.net, &set, &options, 0) == ET_DNN_KIND, "nothing is trained");
  memset(b.net.model, 0xff, b.plan.model_bytes);
  EXPECT(!et_dnn_valid(&b.net), "0xff is taken for a generation");
  discard(&b);
}

int main(void) {
  draw_samples();
  for (int format = ET_DNN_Q8; format <= ET_DNN_F32; format++) {
    learns("conv:3x3x8:same:relu max:2x2 dense:4", (et_dnn_format)format, ET_DNN_CLASSES, 0.03f);
    learns("conv:3x3x8:same:relu depthwise:3x3x1:same:relu conv:1x1x8:same add:with=1:relu max:4x4 dense:4", (et_dnn_format)format,
           ET_DNN_CLASSES, 0.02f);
    learns("dense:24:relu dense:2", (et_dnn_format)format, ET_DNN_VALUES, 0.03f);
    reconstructs((et_dnn_format)format);
    goes_on((et_dnn_format)format);
    stops("dense:8 dense:2", (et_dnn_format)format);
  }
  /* Some layers in bytes, some in floats: first, in between, last. */
  learns("conv:3x3x8:same:relu:f32 max:2x2 dense:4", ET_DNN_Q8, ET_DNN_CLASSES, 0.03f);
  learns("conv:3x3x8:same:relu:q8 max:2x2 dense:4", ET_DNN_F32, ET_DNN_CLASSES, 0.03f);
  learns("dense:24:relu:f32 dense:2", ET_DNN_Q8, ET_DNN_VALUES, 0.03f);
  learns("conv:3x3x8:same:relu:f32 depthwise:3x3x1:same:relu conv:1x1x8:same add:with=1:relu max:4x4 dense:4", ET_DNN_Q8, ET_DNN_CLASSES,
         0.02f);
  stops("dense:8:f32 dense:2", ET_DNN_F32); /* the last in floats */
  stops("dense:8:f32 dense:2:q8", ET_DNN_F32);
  keeps_the_best();
  warms_up();
  refuses();
  printf("all checks passed\n");
  return 0;
}
