/* The layers of a network given as text, as the bytes of et_dnn_layer: layers "LAYERS". */
#include <stdio.h>

#include "architecture.h"

int main(int argc, char **argv) {
  et_dnn_layer layers[ET_DNN_LAYERS_MAX];
  const uint8_t count = argc == 2 ? architecture_parse(argv[1], layers) : 0;
  return fwrite(layers, sizeof layers[0], count, stdout) == count && count > 0 ? 0 : 2;
}
