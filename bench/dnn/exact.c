/* Runs an imported network on inputs and prints the CRC-32 of its input and of every layer's output: NETWORK INPUTS [slice]. */
#include <stdio.h>
#include <stdlib.h>

#include "imported.h"
#include "models/dnn/parts.h"
#include "support/crc.h"

#define CHECK(condition, ...)       \
  do {                              \
    if (!(condition)) {             \
      fprintf(stderr, __VA_ARGS__); \
      exit(1);                      \
    }                               \
  } while (0)

static uint8_t *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  CHECK(file != NULL, "%s cannot be read", path);
  fseek(file, 0, SEEK_END);
  *length = (size_t)ftell(file);
  rewind(file);
  uint8_t *bytes = malloc(*length + 1u);
  CHECK(fread(bytes, 1, *length, file) == *length, "%s cannot be read", path);
  fclose(file);
  return bytes;
}

int main(int argc, char **argv) {
  CHECK(argc >= 3, "NETWORK INPUTS");
  size_t length;
  imported from;
  et_dnn_node nodes[ET_DNN_LAYERS_MAX + 1];
  et_dnn_plan plan;
  imported_read(&from, read_file(argv[1], &length));
  /* A network of one output counts as a value, another as classes, and one that is as long as its input as that. */
  et_dnn_status status = ET_DNN_HEAD;
  for (from.network.head = ET_DNN_CLASSES; status == ET_DNN_HEAD && from.network.head <= ET_DNN_RECONSTRUCTION; from.network.head++) {
    status = et_dnn_compile(&from.network, false, nodes, &plan);
  }
  CHECK(status == ET_DNN_OK, "status %d at layer %u", (int)status, plan.layer);
  uint8_t *frozen = malloc(plan.frozen_bytes);
  const et_dnn net = {&plan, malloc(plan.model_bytes), frozen, malloc(plan.work_bytes)};
  et_dnn_initialise(&net, 1);
  imported_place(&from, &net, frozen, from.network.layer_count);
  CHECK(et_dnn_valid(&net), "not valid");
  const uint8_t *inputs = read_file(argv[2], &length);
  const uint32_t each = et_dnn_elements(nodes[0].out);
  CHECK(length % each == 0, "%zu bytes of inputs of %u", length, each);
  printf("work %u frozen %u\n", plan.work_bytes, plan.frozen_bytes);
  for (size_t at = 0; at < length; at += each) {
    et_dnn_cursor cursor;
    et_dnn_infer_begin((const int8_t *)inputs + at, &cursor);
    while (cursor.node <= from.network.layer_count) {
      uint32_t budget = 3000;
      if (!et_dnn_forward(&net, &cursor, &budget)) continue;
      const et_dnn_node *node = &nodes[nodes[cursor.node].owner];
      printf("%s%u", cursor.node > 0 ? " " : "",
             et_crc32(0, (const uint8_t *)et_dnn_buffer_at(&net, nodes[cursor.node].owner, ET_DNN_ACTIVATION), et_dnn_elements(node->out)));
      cursor.node++;
    }
    printf("\n");
  }
  return 0;
}
