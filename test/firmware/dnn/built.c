#include "built.h"

#include <stdlib.h>
#include <string.h>

#include "models/dnn/parts.h"
#include "models/kernels/multiplier.h"
#include "support/prng.h"

void fill_frozen(built *b, uint32_t seed) {
  et_prng prng;
  et_prng_seed(&prng, seed + 77u);
  uint8_t *frozen = (uint8_t *)(uintptr_t)b->net.frozen;
  for (uint8_t k = 1; k <= b->network.layer_count; k++) {
    const et_dnn_node *node = &b->nodes[k];
    if (node->operation != ET_DNN_DO_CONVOLVE && node->operation != ET_DNN_DO_DEPTHWISE) continue;
    const uint32_t rest = (node->out.c - et_dnn_trained_rows(node)) * node->row, at = node->rest & ~ET_DNN_FROZEN_PLACE;
    for (uint32_t i = 0; i < rest; i++) {
      const float value = (float)(et_prng_next(&prng) >> 8) / 8388608.0f - 1.0f;
      if (et_dnn_is_float(node)) ((float *)(void *)(frozen + at))[i] = value * 0.4f;
      else frozen[at + i] = (uint8_t)(int8_t)(value * 100.0f);
    }
    if (et_dnn_is_float(node) || et_dnn_trained_rows(node) > 0) continue;
    float *scales = (float *)et_dnn_at(&b->net, node->scales);
    for (uint32_t c = 0; c < node->out.c; c++) scales[c] = 0.004f;
  }
}

et_dnn_status build(built *b, const char *text, uint16_t h, uint16_t w, uint16_t c, et_dnn_format format, et_dnn_head head, uint32_t seed,
                    uint32_t spare) {
  memset(b, 0, sizeof *b);
  b->network = (et_dnn_network){.height = h,
                                .width = w,
                                .channels = c,
                                .format = (uint8_t)format,
                                .head = (uint8_t)head,
                                .input_scale = 1.0f / 127.0f,
                                .layers = b->layers};
  b->network.layer_count = architecture_parse(text, b->layers);
  const et_dnn_status status = et_dnn_compile(&b->network, true, b->nodes, &b->plan);
  if (status != ET_DNN_OK) return status;
  b->net = (et_dnn){&b->plan, calloc(b->plan.model_bytes, 1), calloc(b->plan.frozen_bytes + 1u, 1), calloc(b->plan.work_bytes + spare, 1)};
  et_dnn_initialise(&b->net, seed);
  fill_frozen(b, seed);
  for (uint8_t k = 1; k <= b->network.layer_count; k++) et_dnn_range_of(&b->net, k)->stale = 1;
  et_dnn_settle(&b->net);
  return status;
}

void discard(built *b) {
  free(b->net.model);
  free((void *)(uintptr_t)b->net.frozen);
  free(b->net.work);
}

const int8_t *sample_input(void *user, uint32_t sample) { return ((const samples *)user)->data[sample]; }
