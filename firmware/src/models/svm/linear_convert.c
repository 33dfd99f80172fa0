/* A linear model keeps its decisions when a feature gets another range: D = sum v q + bias with q = (q' - offset full) / gain gives
 * v' = v / gain and bias' = bias - v' offset full. Where a number outgrows its limit the whole pair is halved, as often as needed, and
 * its exponent says so. */
#include "models/svm/linear.h"

typedef struct pair_view {
  et_svm_linear_pair *pair;
  void *weights; /* int16_t or int32_t */
  bool wide;
  uint8_t count;
} pair_view;

static int32_t weight(const pair_view *view, uint8_t j) {
  return view->wide ? ((const int32_t *)view->weights)[j] : ((const int16_t *)view->weights)[j];
}

static void set_weight(const pair_view *view, uint8_t j, int32_t v) {
  if (view->wide) ((int32_t *)view->weights)[j] = v;
  else ((int16_t *)view->weights)[j] = (int16_t)v;
}

/* Away from zero, so that a half is not lost in one direction only. */
static int32_t half_of(int32_t v) { return v < 0 ? (v - 1) / 2 : (v + 1) / 2; }

static void halve_weights(const pair_view *view) {
  uint8_t j;
  for (j = 0; j < view->count; j++) set_weight(view, j, half_of(weight(view, j)));
  view->pair->bias = half_of(view->pair->bias);
  view->pair->exponent--;
}

/* Largest magnitude that weight `j` may take; for 32-bit weights the others leave it. */
static float weight_limit(const pair_view *view, uint8_t j) {
  int32_t sum = 0; /* at most 2^22 in all, checked when the model came in */
  uint8_t i;
  if (!view->wide) return 32766.0f;
  for (i = 0; i < view->count; i++) {
    const int32_t v = weight(view, i);
    if (i != j) sum += v < 0 ? -v : v;
  }
  return (float)(ET_SVM_LINEAR_WEIGHTS_MAX - 64 - sum);
}

static float limited(float v, float most) { return v > most ? most : v < -most ? -most : v; }

static void convert_pair(const pair_view *view, uint8_t j, const et_range_map *map, float lift) {
  for (;;) {
    const float most = weight_limit(view, j), bias_most = (float)ET_SVM_LINEAR_BIAS_MAX * 0.9f;
    const float v = (float)weight(view, j) / map->gain;
    const float bias = (float)view->pair->bias - v * map->offset * lift;
    const bool fits = et_svm_magnitude(v) <= most && et_svm_magnitude(bias) <= bias_most;
    if (fits || view->pair->exponent <= -32) { /* a pair as steep as that decides the same at the limit */
      set_weight(view, j, et_svm_nearest(limited(v, most)));
      view->pair->bias = et_svm_nearest(limited(bias, bias_most));
      return;
    }
    halve_weights(view);
  }
}

void et_svm_linear_convert(const et_model_context *context, void *model, uint8_t feature, const et_range_map *map) {
  const et_definition *definition = context->definition;
  const et_svm_linear_header *header = model;
  /* The bias is in units of D, which for 16-bit features is 2^8 coarser than weight times feature. */
  const float lift = definition->core->storage == ET_STORAGE_INT8 ? 127.0f : 32767.0f / (float)(1 << ET_SVM_LINEAR_WIDE_SHIFT);
  uint16_t p;
  if (header->layout == 0) return;
  for (p = 0; p < et_svm_pairs(header->classes); p++) {
    et_svm_linear_pair *pair = (et_svm_linear_pair *)(void *)((uint8_t *)model + et_svm_linear_pair_offset(definition, p));
    const pair_view view = {pair, pair + 1, header->weight_bytes != 2, header->features};
    if (pair->trained != 0) convert_pair(&view, feature, map, lift);
  }
}
