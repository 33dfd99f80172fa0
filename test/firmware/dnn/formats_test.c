/* Where layers of bytes meet layers of floats: the numbers that cross, forward and backward, against networks of one format. */
#include <math.h>
#include <string.h>

#include "built.h"
#include "../check.h"
#include "models/dnn/parts.h"
#include "support/prng.h"

#define INPUTS 12u
#define UNITS 4u
#define ROUNDS 50u

static samples set_samples;
static uint8_t labels[1];
static et_prng prng;

static void draw(void) {
  for (uint32_t i = 0; i < INPUTS; i++) set_samples.data[0][i] = (int8_t)(et_prng_next(&prng) >> 24);
  labels[0] = (uint8_t)et_prng_below(&prng, UNITS);
}

static void infer(const built *b) {
  et_dnn_cursor cursor;
  et_dnn_infer_begin(set_samples.data[0], &cursor);
  while (et_dnn_infer_step(&b->net, &cursor, 7) == ET_DNN_BUSY) {}
}

static void one_step(const built *b, float rate) {
  const et_dnn_set set = {.input = sample_input, .labels = labels, .user = &set_samples, .count = 1};
  const et_dnn_options options = {.rate = rate, .epochs = 1, .in_order = true};
  et_dnn_training training;
  et_dnn_status status;
  EXPECT(et_dnn_train_begin(&training, &b->net, &set, &options, 0) == ET_DNN_OK, "begin");
  do status = et_dnn_train_step(&training, 9);
  while (status == ET_DNN_BUSY);
  EXPECT(status == ET_DNN_OK, "status %d", (int)status);
}

static void build_row(built *b, const char *text, et_dnn_format format) {
  EXPECT(build(b, text, 1, 1, INPUTS, format, ET_DNN_CLASSES, 11, 0) == ET_DNN_OK, "%s: layer %u", text, b->plan.layer);
}

static void same(const built *a, const built *b, uint32_t in_a, uint32_t in_b, uint32_t bytes, const char *what) {
  EXPECT(memcmp(et_dnn_at(&a->net, in_a), et_dnn_at(&b->net, in_b), bytes) == 0, "%s differ", what);
}

/* A frozen float layer that passes everything on changes nothing: outputs, and what a step makes of the layer of bytes before it, are
 * those of that layer alone, to the bit. */
static void bytes_before_floats(void) {
  static built alone, mixed;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    build_row(&alone, "dense:4", ET_DNN_Q8);
    build_row(&mixed, "dense:4 dense:4:f32:frozen", ET_DNN_Q8);
    float *pass = et_dnn_at(&mixed.net, mixed.nodes[2].rest);
    for (uint32_t i = 0; i < UNITS * UNITS; i++) pass[i] = i % (UNITS + 1u) == 0 ? 1.0f : 0.0f;
    draw();
    infer(&alone);
    infer(&mixed);
    for (uint16_t i = 0; i < UNITS; i++)
      EXPECT(et_dnn_output(&alone.net, i) == et_dnn_output(&mixed.net, i), "output %u of round %u", i, round);
    one_step(&alone, 0.5f);
    one_step(&mixed, 0.5f);
    const et_dnn_node *a = &alone.nodes[1], *b = &mixed.nodes[1];
    same(&alone, &mixed, a->weights, b->weights, UNITS * INPUTS, "weights");
    same(&alone, &mixed, a->residuals, b->residuals, UNITS * INPUTS, "residuals");
    same(&alone, &mixed, a->scales, b->scales, 4u * UNITS, "scales");
    same(&alone, &mixed, a->biases, b->biases, 4u * UNITS, "biases");
    discard(&alone);
    discard(&mixed);
  }
}

/* Weights and biases of a layer of floats: what those of the bytes of `from` mean. */
static void as_floats(const built *from, const built *to, uint8_t k) {
  const et_dnn_node *a = &from->nodes[k], *b = &to->nodes[k];
  const float *scales = et_dnn_at(&from->net, a->scales), input = et_dnn_range_of(&from->net, a->input)->scale;
  const int8_t *weights = et_dnn_at(&from->net, a->weights);
  const int32_t *biases = et_dnn_at(&from->net, a->biases);
  for (uint32_t i = 0; i < a->out.c * a->row; i++) ((float *)et_dnn_at(&to->net, b->weights))[i] = scales[i / a->row] * (float)weights[i];
  for (uint32_t c = 0; c < a->out.c; c++) ((float *)et_dnn_at(&to->net, b->biases))[c] = input * scales[c] * (float)biases[c];
}

/* A layer of floats gives the nearest byte of what it gives among floats, and its step follows the same gradient but for that rounding. */
static void floats_before_bytes(void) {
  static built floats, mixed;
  static float before[8u * INPUTS];
  double along = 0, length_a = 0, length_b = 0;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    build_row(&mixed, "dense:8:relu6:f32 dense:4", ET_DNN_Q8);
    build_row(&floats, "dense:8:relu6 dense:4", ET_DNN_F32);
    const et_dnn_node *a = &floats.nodes[1], *b = &mixed.nodes[1];
    same(&floats, &mixed, a->weights, b->weights, 4u * 8u * INPUTS, "weights from the same seed");
    draw();
    one_step(&mixed, 0.0f); /* its range settles */
    as_floats(&mixed, &floats, 2);
    memcpy(before, et_dnn_at(&floats.net, a->weights), sizeof before);
    infer(&floats);
    const float *real = et_dnn_buffer_at(&floats.net, 1, ET_DNN_ACTIVATION);
    infer(&mixed);
    const et_dnn_range *range = et_dnn_range_of(&mixed.net, 1);
    const int8_t *bytes = et_dnn_buffer_at(&mixed.net, 1, ET_DNN_ACTIVATION);
    for (uint32_t i = 0; i < 8u; i++) {
      const double wanted = fmin((double)(real[i] / range->scale) + range->zero, 127.0);
      EXPECT(fabs(bytes[i] - wanted) <= 0.501, "unit %u: byte %d of %.3f", i, bytes[i], wanted);
    }
    one_step(&floats, 0.5f);
    one_step(&mixed, 0.5f);
    for (uint32_t i = 0; i < 8u * INPUTS; i++) {
      const double of_floats = (double)(((const float *)et_dnn_at(&floats.net, a->weights))[i] - before[i]);
      const double of_mixed = (double)(((const float *)et_dnn_at(&mixed.net, b->weights))[i] - before[i]);
      along += of_floats * of_mixed;
      length_a += of_floats * of_floats;
      length_b += of_mixed * of_mixed;
    }
    discard(&floats);
    discard(&mixed);
  }
  EXPECT(along / sqrt(length_a * length_b) > 0.999, "the gradients lie %.4f along each other", along / sqrt(length_a * length_b));
  EXPECT(fabs(sqrt(length_b / length_a) - 1.0) < 0.02, "%.4f times as long", sqrt(length_b / length_a));
}

/* Parameters that an import brings are the same numbers in either format. */
static void imports(void) {
  static built b;
  static const float scales[2] = {0.5f, 0.25f};
  static const int8_t weights[2u * INPUTS] = {1, -2, 3, [INPUTS] = 4, -5};
  static const int32_t biases[2] = {6, -7};
  build_row(&b, "dense:2:relu:f32 dense:4", ET_DNN_Q8);
  et_dnn_import_range(&b.net, 0, 0.125f, 0);
  et_dnn_import_layer(&b.net, NULL, 1, weights, scales, biases);
  const float *taken = et_dnn_at(&b.net, b.nodes[1].weights), *bias = et_dnn_at(&b.net, b.nodes[1].biases);
  for (uint32_t i = 0; i < 2u * INPUTS; i++) EXPECT(taken[i] == scales[i / INPUTS] * (float)weights[i], "weight %u", i);
  for (uint32_t c = 0; c < 2; c++) EXPECT(bias[c] == 0.125f * scales[c] * (float)biases[c], "bias %u", c);
  discard(&b);
}

int main(void) {
  et_prng_seed(&prng, 8);
  bytes_before_floats();
  floats_before_bytes();
  imports();
  printf("all checks passed\n");
  return 0;
}
