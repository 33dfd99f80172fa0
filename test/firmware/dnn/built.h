/* A network built from text, with its memory. */
#ifndef TEST_DNN_BUILT_H
#define TEST_DNN_BUILT_H

#include "architecture.h"

#define SAMPLES_MAX 256u
#define INPUTS_MAX 4096u

typedef struct built {
  et_dnn_layer layers[ET_DNN_LAYERS_MAX];
  et_dnn_node nodes[ET_DNN_LAYERS_MAX + 1];
  et_dnn_network network;
  et_dnn_plan plan;
  et_dnn net;
} built;

/* Compiles `text` for an input of h x w x c; the status. Memory is allocated, `spare` bytes behind the work; weights are random, those
 * in the frozen block too. */
et_dnn_status build(built *b, const char *text, uint16_t h, uint16_t w, uint16_t c, et_dnn_format format, et_dnn_head head, uint32_t seed,
                    uint32_t spare);
void discard(built *b);
/* Random weights where a network has frozen ones. */
void fill_frozen(built *b, uint32_t seed);

typedef struct samples {
  uint32_t inputs;
  int8_t data[SAMPLES_MAX][INPUTS_MAX];
} samples;
const int8_t *sample_input(void *user, uint32_t sample);

#endif
