/* Every float layer's gradient against finite differences of the loss, also of those behind layers of bytes. */
#include <math.h>
#include <string.h>

#include "built.h"
#include "../check.h"
#include "models/dnn/parts.h"
#include "support/prng.h"

#define STEP 1e-2
#define BOUND 1e-3
#define KINK 3e-4

static samples set_samples;
static uint8_t labels[1] = {1};
static float smoothing; /* share of the label that all classes divide */
static float targets[ET_DNN_OUTPUTS_MAX] = {0.3f, -0.4f, 0.1f};

static double loss(const built *b) {
  et_dnn_cursor cursor;
  et_dnn_infer_begin(set_samples.data[0], &cursor);
  while (et_dnn_infer_step(&b->net, &cursor, 1000) == ET_DNN_BUSY) {}
  const uint16_t count = et_dnn_outputs(&b->plan);
  double sum = 0, wanted_outputs = 0;
  for (uint16_t i = 0; i < count; i++) {
    const double out = (double)et_dnn_output(&b->net, i);
    const double share = (double)smoothing / count + (i == labels[0] ? 1.0 - (double)smoothing : 0.0);
    if (b->network.head == ET_DNN_CLASSES) {
      sum += exp(out);
      wanted_outputs += share * out;
    }
    if (b->network.head == ET_DNN_VALUES) sum += 0.5 * (out - (double)targets[i]) * (out - (double)targets[i]);
    if (b->network.head == ET_DNN_RECONSTRUCTION) {
      const double wanted = (double)(b->network.input_scale * set_samples.data[0][i]);
      sum += 0.5 * (out - wanted) * (out - wanted);
    }
  }
  return b->network.head == ET_DNN_CLASSES ? log(sum) - wanted_outputs : sum;
}

static void one_step(const built *b, float rate) {
  const et_dnn_set set = {sample_input, labels, targets, NULL, &set_samples, 1, NULL};
  const et_dnn_options options = {.rate = rate, .smoothing = smoothing, .huber = 1e9f, .epochs = 1, .in_order = true};
  et_dnn_training training;
  EXPECT(et_dnn_train_begin(&training, &b->net, &set, &options, 0) == ET_DNN_OK, "begin");
  et_dnn_status status;
  do status = et_dnn_train_step(&training, 700);
  while (status == ET_DNN_BUSY);
  EXPECT(status == ET_DNN_OK, "status %d", (int)status);
}

/* The change that one training step at rate 1 makes is the gradient. A step at rate 0 before it settles the ranges of bytes. */
static void gradient_of(const built *b, float *before, float *gradient) {
  one_step(b, 0.0f);
  memcpy(before, b->net.model, b->plan.model_bytes);
  one_step(b, 1.0f);
  const float *after = (const float *)(const void *)b->net.model;
  for (uint32_t i = 0; i < b->plan.model_bytes / 4u; i++) gradient[i] = before[i] - after[i];
  memcpy(b->net.model, before, b->plan.model_bytes);
}

typedef struct slopes {
  double both, bend; /* of both sides; by how much the right one is steeper than the left one */
} slopes;

/* The loss's slope by a parameter. */
static slopes slope(const built *b, float *parameter, double step) {
  const float kept = *parameter;
  const double at = loss(b);
  *parameter = (float)((double)kept + step);
  const double above = loss(b), up = (double)*parameter - (double)kept;
  *parameter = (float)((double)kept - step);
  const double below = loss(b), down = (double)kept - (double)*parameter;
  *parameter = kept;
  return (slopes){(above - below) / (up + down), (above - at) / up - (at - below) / down};
}

/* Largest difference of a run of parameters, relative to its largest gradient. A parameter at whose place the loss has a kink (an
 * activation or a maximum changes sides within the step) is left out: half the step gives another slope there, or more than half the
 * bend. */
static double worst_of(const built *b, uint32_t place, uint32_t count, const float *gradient, uint32_t *checked, uint32_t *kinks) {
  float *parameters = (float *)(void *)b->net.model;
  const uint32_t first = place / 4u;
  double largest = 1e-6, worst = 0;
  for (uint32_t i = 0; i < count; i++) largest = fmax(largest, fabs((double)gradient[first + i]));
  for (uint32_t i = first; i < first + count; i++) {
    const slopes far = slope(b, &parameters[i], STEP), near = slope(b, &parameters[i], STEP / 2);
    if (fabs(far.both - near.both) > KINK * largest || fabs(far.bend - 2 * near.bend) > 2 * KINK * largest) {
      (*kinks)++;
      continue;
    }
    (*checked)++;
    worst = fmax(worst, fabs(near.both - (double)gradient[i]) / largest);
  }
  return worst;
}

static double check_network(const char *text, uint16_t h, uint16_t w, uint16_t c, et_dnn_head head, uint32_t seed) {
  static built b;
  static float before[65536], gradient[65536];
  const et_dnn_status status = build(&b, text, h, w, c, ET_DNN_F32, head, seed, 0);
  EXPECT(status == ET_DNN_OK, "%s: status %d at layer %u", text, (int)status, b.plan.layer);
  EXPECT(b.plan.model_bytes <= sizeof before, "%s is too large", text);
  et_prng prng;
  et_prng_seed(&prng, seed);
  for (uint32_t i = 0; i < (uint32_t)h * w * c; i++) set_samples.data[0][i] = (int8_t)(et_prng_next(&prng) >> 24);
  gradient_of(&b, before, gradient);
  double worst = 0;
  uint32_t checked = 0, kinks = 0;
  for (uint8_t k = 1; k <= b.network.layer_count; k++) {
    const et_dnn_node *node = &b.nodes[k];
    if (!et_dnn_is_float(node)) continue;
    if (node->flags & ET_DNN_WEIGHTS) {
      const double weights = worst_of(&b, node->weights, et_dnn_trained_rows(node) * node->row, gradient, &checked, &kinks);
      EXPECT(weights <= BOUND, "%s: weights of layer %u are off by %g of the largest gradient", text, k, weights);
      worst = fmax(worst, weights);
    }
    if (!(node->flags & ET_DNN_BIASES)) continue;
    const double biases = worst_of(&b, node->biases, node->out.c, gradient, &checked, &kinks);
    EXPECT(biases <= BOUND, "%s: biases of layer %u are off by %g of the largest gradient", text, k, biases);
    worst = fmax(worst, biases);
  }
  EXPECT(checked > kinks, "%s: %u parameters checked, %u at a kink", text, checked, kinks);
  discard(&b);
  return worst;
}

int main(void) {
  static const struct {
    const char *text;
    uint16_t h, w, c;
    et_dnn_head head;
  } networks[] = {
      {"dense:5:relu dense:3", 1, 1, 12, ET_DNN_CLASSES},
      {"dense:6:relu6 dense:3", 1, 1, 9, ET_DNN_VALUES},
      {"dense:4 dense:10", 1, 1, 10, ET_DNN_RECONSTRUCTION},
      {"conv:3x3x4:same:relu max:2x2 flatten dense:3", 6, 6, 2, ET_DNN_CLASSES},
      {"conv:3x3x3:same:relu max:2x2 conv:3x3x4:same:relu max:2x2 dense:3", 8, 8, 1, ET_DNN_CLASSES},
      {"conv:3x3x4:relu:stride=2x2 conv:2x2x3:same:stride=2x2 dense:3", 7, 9, 2, ET_DNN_VALUES},
      {"conv:3x3x4:same depthwise:3x3x2:same:relu6:stride=2x2 conv:1x1x5:relu global dense:3", 6, 5, 2, ET_DNN_CLASSES},
      {"conv:3x3x4:same:relu conv:3x3x4:same add:with=1:relu average:2x2 dense:3", 6, 6, 2, ET_DNN_CLASSES},
      {"conv:1x5x4:relu max:1x3:stride=1x2 conv:1x3x3 add:with=3 dense:3", 1, 20, 3, ET_DNN_VALUES},
      {"conv:3x3x3:same max:3x3:stride=2x2:same average:3x3:same:stride=2x2 dense:3", 9, 8, 2, ET_DNN_VALUES},
      {"conv:3x3x4:same:relu:bias depthwise:3x3x1:same:relu6:bias conv:1x1x4:relu:bias global dense:3", 6, 6, 2, ET_DNN_CLASSES},
      {"conv:3x3x4:same:relu:frozen conv:3x3x6:same:relu:rows=2 max:2x2 dense:3", 6, 6, 2, ET_DNN_CLASSES},
      {"conv:3x3x2:same:relu conv:3x3x2:same:relu:from=1 add:with=1 conv:1x1x3:from=255:same dense:3", 5, 5, 1, ET_DNN_VALUES},
      {"conv:3x3x4:same:stride=3x3 conv:3x3x3:same:stride=2x2 dense:2", 4, 4, 1, ET_DNN_VALUES},
      {"dense:6:relu:q8 dense:5:relu dense:3", 1, 1, 12, ET_DNN_CLASSES},
      {"conv:3x3x4:same:relu:q8 max:2x2 conv:3x3x3:same:relu max:2x2 dense:3", 8, 8, 1, ET_DNN_CLASSES},
      {"conv:3x3x4:same:q8 depthwise:3x3x2:same:relu6:q8 max:3x3:stride=2x2 conv:1x1x5:relu global dense:3", 8, 7, 2, ET_DNN_VALUES},
  };
  double worst = 0;
  for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++)
    for (uint32_t seed = 1; seed <= 3; seed++) {
      smoothing = seed == 2u ? 0.3f : 0.0f;
      worst = fmax(worst, check_network(networks[i].text, networks[i].h, networks[i].w, networks[i].c, networks[i].head, seed));
    }
  printf("gradient_check_max_relative_error %.2e\nall checks passed\n", worst);
  return 0;
}
