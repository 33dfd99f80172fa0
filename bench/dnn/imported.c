#include "imported.h"

#include <string.h>

static uint32_t filled(uint32_t bytes) { return (bytes + 3u) & ~3u; }

void imported_read(imported *from, const uint8_t *bytes) {
  uint16_t head[4];
  memset(from, 0, sizeof *from);
  memcpy(head, bytes, sizeof head);
  from->bytes = bytes;
  from->network.height = head[0];
  from->network.width = head[1];
  from->network.channels = head[2];
  from->network.layer_count = (uint8_t)head[3];
  from->network.fixed_ranges = true;
  from->network.layers = from->layers;
  memcpy(&from->network.input_scale, bytes + 8, 4);
  memcpy(&from->network.input_zero, bytes + 12, 1);
  memcpy(from->layers, bytes + 16, head[3] * sizeof(et_dnn_layer));
  from->parameters = 16u + filled(head[3] * (uint32_t)sizeof(et_dnn_layer));
}

void imported_place(const imported *from, const et_dnn *net, uint8_t *frozen, uint8_t layers) {
  uint32_t at = from->parameters;
  et_dnn_import_range(net, 0, from->network.input_scale, from->network.input_zero);
  for (uint8_t k = 1; k <= layers; k++) {
    float scale;
    int8_t zero;
    uint32_t weights, channels;
    memcpy(&scale, from->bytes + at, 4);
    memcpy(&zero, from->bytes + at + 4, 1);
    memcpy(&weights, from->bytes + at + 8, 4);
    memcpy(&channels, from->bytes + at + 12, 4);
    at += 16;
    et_dnn_import_range(net, k, scale, zero);
    if (channels == 0) continue;
    const uint8_t *biases = from->bytes + at, *scales = biases + 4u * channels;
    et_dnn_import_layer(net, frozen, k, (const int8_t *)scales + 4u * channels, (const float *)(const void *)scales,
                        (const int32_t *)(const void *)biases);
    at += 8u * channels + filled(weights);
  }
}
