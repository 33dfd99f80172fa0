/* Random networks: the memory that a plan promises is the memory that a training touches; sharing buffers and cutting a step into slices
 * change no byte; what does not fit together is refused with the layer at fault. */
#include <string.h>

#include "built.h"
#include "../check.h"
#include "models/dnn/parts.h"
#include "support/blocks.h"
#include "support/prng.h"

#define NETWORKS 200u
#define SPARE 256u
#define SAMPLES 3u

static samples set_samples;
static uint8_t labels[SAMPLES_MAX];
static float targets[SAMPLES_MAX * ET_DNN_OUTPUTS_MAX];
static et_prng prng;

static const char *pick(const char *const words[], uint16_t count) { return words[et_prng_below(&prng, count)]; }

/* Puts a word behind the first layer of `text`. */
static void insert(char *text, size_t size, const char *word) {
  char rest[96];
  const size_t at = strcspn(text, " ");
  snprintf(rest, sizeof rest, "%s", text + at);
  snprintf(text + at, size - at, "%s%s", word, rest);
}

/* A network of one to six layers and a head; `mixed`: some compute in bytes, some in floats. */
static void random_network(char *text, size_t size, bool mixed, uint16_t *h, uint16_t *w, uint16_t *c) {
  static const char *const layers[] = {"conv:3x3x%u:same:%s:%s",
                                       "conv:1x1x%u:%s:%s",
                                       "conv:3x3x%u:same:stride=2x2:%s:%s",
                                       "conv:2x3x%u:same:%s:%s",
                                       "depthwise:3x3x%u:same:%s:%s",
                                       "conv:3x3x%u:same:%s:%s max:2x2",
                                       "conv:3x3x%u:same:%s:%s:rows=2 max:2x1"};
  static const char *const pools[] = {"max:2x2:same", "average:2x2:same", "max:3x3:same:stride=2x2", "add:with=1", "flatten"};
  static const char *const activations[] = {"relu", "relu6", "stride=1x1"};
  static const char *const formats[] = {":q8", ":f32"};
  static const char *const updates[] = {"stride=1x1", "bias", "frozen", "stride=1x1"};
  *h = (uint16_t)(1 + et_prng_below(&prng, 14));
  *w = (uint16_t)(1 + et_prng_below(&prng, 14));
  *c = (uint16_t)(1 + et_prng_below(&prng, 4));
  size_t at = 0;
  const uint32_t count = 1u + et_prng_below(&prng, 6);
  for (uint32_t i = 0; i < count; i++) {
    char layer[96];
    if (i > 0 && et_prng_below(&prng, 3) == 0) {
      snprintf(layer, sizeof layer, "%s", pick(pools, 4));
    } else {
      const char *format = pick(layers, 7);
      const bool depthwise = format[0] == 'd';
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      snprintf(layer, sizeof layer, format, depthwise ? 1u + et_prng_below(&prng, 2) : 2u + et_prng_below(&prng, 7), pick(activations, 2),
               strstr(format, "stride") || strstr(format, "rows") ? "relu" : pick(updates, 4));
      if (mixed) insert(layer, sizeof layer, pick(formats, 2));
#pragma GCC diagnostic pop
    }
    at += (size_t)snprintf(text + at, size - at, "%s ", layer);
  }
  snprintf(text + at, size - at, "dense:3%s", mixed ? pick(formats, 2) : "");
}

static void train(const built *b, uint32_t budget) {
  const et_dnn_set set = {sample_input, labels, targets, NULL, &set_samples, SAMPLES, NULL};
  const et_dnn_options options = {.rate = 0.02f, .epochs = 2, .seed = 5, .lambda_min = 0.5f, .lambda_max = 1.0f};
  et_dnn_training training;
  EXPECT(et_dnn_train_begin(&training, &b->net, &set, &options, 0) == ET_DNN_OK, "begin");
  et_dnn_status status;
  do status = et_dnn_train_step(&training, budget);
  while (status == ET_DNN_BUSY);
  EXPECT(status == ET_DNN_OK, "status %d", (int)status);
}

/* Bytes of the working memory that a training touches: found with two fillings, because a byte may be written as it was. */
static uint32_t touched(const built *b) {
  uint32_t most = 0;
  for (uint32_t round = 0; round < 2; round++) {
    const uint8_t filling = round == 0 ? 0xa5 : 0x5a;
    memset(b->net.work, filling, b->plan.work_bytes + SPARE);
    et_dnn_initialise(&b->net, 3);
    train(b, UINT32_MAX);
    for (uint32_t i = b->plan.work_bytes + SPARE; i > most; i--)
      if (b->net.work[i - 1u] != filling) most = i;
  }
  return et_up_to_4(most);
}

/* Every buffer gets bytes of its own. */
static void unshare(built *b) {
  uint32_t end = 0;
  for (uint8_t k = 0; k <= b->network.layer_count; k++)
    for (uint8_t i = 0; i < ET_DNN_BUFFERS; i++) {
      uint8_t first, last;
      const uint32_t bytes = et_dnn_buffer_span(&b->plan, k, (et_dnn_buffer)i, &first, &last);
      if (bytes == 0) continue;
      b->nodes[k].offset[i] = end;
      end += et_up_to_4(bytes);
    }
  b->net.work = realloc(b->net.work, end);
  memset(b->net.work, 0x77, end);
}

static uint32_t check_random(uint32_t number, et_dnn_format format, bool mixed) {
  static built b;
  char text[1024];
  uint16_t h, w, c;
  et_dnn_status status;
  do {
    random_network(text, sizeof text, mixed, &h, &w, &c);
    status = build(&b, text, h, w, c, format, number % 3u == 0 ? ET_DNN_VALUES : ET_DNN_CLASSES, number, SPARE);
  } while (status != ET_DNN_OK);
  for (uint32_t s = 0; s < SAMPLES; s++)
    for (uint32_t i = 0; i < (uint32_t)h * w * c; i++) set_samples.data[s][i] = (int8_t)(et_prng_next(&prng) >> 24);
  const uint32_t used = touched(&b);
  EXPECT(used <= b.plan.work_bytes, "%s: %u bytes touched, %u planned", text, used, b.plan.work_bytes);
  const uint32_t error = b.plan.work_bytes - used;
  uint8_t *result = malloc(b.plan.model_bytes);
  memcpy(result, b.net.model, b.plan.model_bytes);
  et_dnn_initialise(&b.net, 3);
  train(&b, 1);
  EXPECT(memcmp(result, b.net.model, b.plan.model_bytes) == 0, "%s: the smallest slices give another network", text);
  unshare(&b);
  et_dnn_initialise(&b.net, 3);
  train(&b, 200);
  EXPECT(memcmp(result, b.net.model, b.plan.model_bytes) == 0, "%s: buffers of their own give another network", text);
  if (error > 0) printf("%s on %ux%ux%u: %u planned, %u touched\n", text, h, w, c, b.plan.work_bytes, used);
  free(result);
  discard(&b);
  return error;
}

/* A network that is trained whole has no frozen block, and nothing that is looked for in one. */
static void check_trained_whole(const char *text, uint16_t h, uint16_t w, uint16_t c, et_dnn_format format) {
  static built b;
  EXPECT(build(&b, text, h, w, c, format, ET_DNN_CLASSES, 1, 0) == ET_DNN_OK, "%s is not built", text);
  EXPECT(b.plan.frozen_bytes == 0u, "%s: %u frozen bytes", text, b.plan.frozen_bytes);
  for (uint32_t k = 1; k <= b.network.layer_count; k++) {
    const et_dnn_node *node = &b.nodes[k];
    const uint32_t places = node->weights | node->rest | node->biases | node->scales | node->multipliers | node->shifts;
    EXPECT((places & ET_DNN_FROZEN_PLACE) == 0u, "%s: layer %u is looked for in a frozen block", text, k);
  }
  discard(&b);
}

static void check_refused(const char *text, uint16_t h, uint16_t w, uint16_t c, et_dnn_head head, et_dnn_status wanted, uint8_t layer) {
  static built b;
  const et_dnn_status status = build(&b, text, h, w, c, ET_DNN_Q8, head, 1, 0);
  EXPECT(status == wanted, "%s: status %d instead of %d", text, (int)status, (int)wanted);
  EXPECT(b.plan.layer == layer, "%s: layer %u instead of %u", text, b.plan.layer, layer);
}

int main(void) {
  check_refused("dense:4 conv:3x3x2 dense:2", 1, 1, 9, ET_DNN_CLASSES, ET_DNN_SHAPE, 2);
  check_refused("conv:5x5x2 dense:2", 4, 8, 1, ET_DNN_CLASSES, ET_DNN_SHAPE, 1);
  check_refused("conv:3x3x2:same conv:3x3x3:same add:with=1 dense:2", 4, 4, 1, ET_DNN_CLASSES, ET_DNN_SHAPE, 3);
  check_refused("dense:4 dense:2:from=9", 1, 1, 4, ET_DNN_CLASSES, ET_DNN_INPUT, 2);
  check_refused("dense:4:from=1 dense:2", 1, 1, 4, ET_DNN_CLASSES, ET_DNN_INPUT, 1);
  check_refused("dense:9", 1, 1, 4, ET_DNN_VALUES, ET_DNN_HEAD, 1);
  check_refused("dense:1", 1, 1, 4, ET_DNN_CLASSES, ET_DNN_HEAD, 1);
  check_refused("dense:3", 1, 1, 4, ET_DNN_RECONSTRUCTION, ET_DNN_HEAD, 1);
  check_refused("softmax dense:3", 1, 1, 4, ET_DNN_CLASSES, ET_DNN_HEAD, 1);
  check_refused("dense:60000 dense:60000", 1, 1, 4, ET_DNN_CLASSES, ET_DNN_LARGE, 1);
  check_refused("conv:3x3x2:same max:2x2:relu dense:2", 8, 8, 1, ET_DNN_CLASSES, ET_DNN_KIND, 2);
  check_refused("conv:3x3x2:same:f32 max:2x2:q8 dense:2", 8, 8, 1, ET_DNN_CLASSES, ET_DNN_KIND, 2);
  check_refused("dense:4:relu dense:4:f32 dense:4:from=1 add:with=2 dense:2", 1, 1, 4, ET_DNN_CLASSES, ET_DNN_FORMAT, 3);
  check_trained_whole("conv:3x3x2:same:relu depthwise:3x3x2:same max:2x2 dense:3", 4, 4, 1, ET_DNN_Q8);
  check_trained_whole("conv:3x3x2:same:relu dense:3", 4, 4, 1, ET_DNN_F32);
  et_prng_seed(&prng, 2026);
  for (uint32_t i = 0; i < SAMPLES_MAX; i++) labels[i] = (uint8_t)(i % 3u);
  for (uint32_t i = 0; i < sizeof targets / sizeof targets[0]; i++) targets[i] = (float)(i % 7u) / 7.0f - 0.4f;
  uint32_t largest = 0;
  for (uint32_t i = 0; i < NETWORKS; i++) {
    const uint32_t error = check_random(i, i % 2u == 0 ? ET_DNN_Q8 : ET_DNN_F32, i % 3u == 2u);
    if (error > largest) largest = error;
  }
  printf("planner_ram_error_bytes %u\n", largest);
  EXPECT(largest == 0, "a plan promises %u bytes that a training does not touch", largest);
  printf("all checks passed\n");
  return 0;
}
