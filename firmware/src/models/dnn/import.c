/* Parameters that were made elsewhere, put where a plan wants them. */
#include "models/dnn/parts.h"
#include "models/kernels/multiplier.h"

void et_dnn_import_range(const et_dnn *net, uint8_t node, float scale, int8_t zero) {
  et_dnn_range *range = et_dnn_range_of(net, node);
  range->scale = scale;
  range->zero = zero;
}

/* Where a place is written to; NULL when it is in a frozen block that nobody makes. */
static uint8_t *writable(const et_dnn *net, uint8_t *frozen, uint32_t place) {
  if (!(place & ET_DNN_FROZEN_PLACE)) return net->model + place;
  return frozen == NULL ? NULL : frozen + (place & ~ET_DNN_FROZEN_PLACE);
}

static void copy_to(const et_dnn *net, uint8_t *frozen, uint32_t place, const void *from, uint32_t bytes) {
  uint8_t *to = writable(net, frozen, place);
  if (to != NULL && bytes > 0) memcpy(to, from, bytes);
}

static void set_number(const et_dnn *net, uint8_t *frozen, uint32_t place, uint32_t i, float value) {
  uint8_t *to = writable(net, frozen, place);
  if (to != NULL) memcpy(to + 4u * i, &value, 4);
}

/* A float layer gets the numbers that bytes and scales stand for. */
static void import_floats(const et_dnn *net, uint8_t *frozen, const et_dnn_node *node, const int8_t *weights, const float *scales,
                          const int32_t *biases) {
  const uint32_t channels = node->out.c, trained = et_dnn_trained_rows(node) * node->row;
  const bool depthwise = node->operation == ET_DNN_DO_DEPTHWISE;
  const float input = et_dnn_range_of(net, node->input)->scale;
  for (uint32_t i = 0; i < channels * node->row; i++) {
    const float value = scales[depthwise ? i % channels : i / node->row] * (float)weights[i];
    set_number(net, frozen, i < trained ? node->weights : node->rest, i < trained ? i : i - trained, value);
  }
  for (uint32_t c = 0; c < channels; c++) set_number(net, frozen, node->biases, c, input * scales[c] * (float)biases[c]);
}

void et_dnn_import_layer(const et_dnn *net, uint8_t *frozen, uint8_t k, const int8_t *weights, const float *scales, const int32_t *biases) {
  const et_dnn_node *node = &net->plan->nodes[k];
  const uint32_t channels = node->out.c, trained = et_dnn_trained_rows(node);
  if (et_dnn_is_float(node)) {
    import_floats(net, frozen, node, weights, scales, biases);
    return;
  }
  copy_to(net, frozen, node->weights, weights, trained * node->row);
  copy_to(net, frozen, node->rest, weights + trained * node->row, (channels - trained) * node->row);
  if (trained > 0) memset(net->model + node->residuals, 0, trained * node->row);
  copy_to(net, frozen, node->scales, scales, channels * 4u);
  copy_to(net, frozen, node->biases, biases, channels * 4u);
  if (et_dnn_gives_floats(node)) return;
  uint8_t *multipliers = writable(net, frozen, node->multipliers), *shifts = writable(net, frozen, node->shifts);
  if (multipliers == NULL || shifts == NULL) return;
  const double input = (double)et_dnn_range_of(net, node->input)->scale, output = (double)et_dnn_range_of(net, k)->scale;
  for (uint32_t c = 0; c < channels; c++) {
    const et_multiplier multiplier = et_multiplier_of(input * (double)scales[c] / output);
    memcpy(multipliers + 4u * c, &multiplier.factor, 4);
    memcpy(shifts + c, &multiplier.shift, 1);
  }
  /* What was made for these scales need not be made anew. */
  et_dnn_range *range = et_dnn_range_of(net, k);
  range->input_scale = et_dnn_range_of(net, node->input)->scale;
  range->stale = 0;
}
