/* An imported network, from the bytes that trainer/network/encode.ts makes. */
#ifndef BENCH_DNN_IMPORTED_H
#define BENCH_DNN_IMPORTED_H

#include "edge_trainer/dnn.h"

typedef struct imported {
  et_dnn_network network;
  et_dnn_layer layers[ET_DNN_LAYERS_MAX];
  const uint8_t *bytes;
  uint32_t parameters; /* where those of the first layer begin */
} imported;

/* Reads the description; `bytes` stay in use, 4-byte aligned. */
void imported_read(imported *from, const uint8_t *bytes);
/* Puts the parameters of the first `layers` layers into a generation and a frozen block that has been made room for. */
void imported_place(const imported *from, const et_dnn *net, uint8_t *frozen, uint8_t layers);

#endif
