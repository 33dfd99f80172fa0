/* Networks as text, for the bench's programs: layers separated by blanks, for example
 *   conv:3x3x8:same:relu max:2x2 dense:10
 * kind, numbers, then words: same, relu, relu6, frozen, bias, q8, f32, rows=N, from=N, with=N, stride=HxW. */
#ifndef BENCH_DNN_ARCHITECTURE_H
#define BENCH_DNN_ARCHITECTURE_H

#include "edge_trainer/dnn.h"

/* Layers of `text` into `layers`; returns their number, 0 when a word is not known. */
uint8_t architecture_parse(const char *text, et_dnn_layer layers[ET_DNN_LAYERS_MAX]);

#endif
