/* Trains an imported classifier on other images: DATA (problem.h) NETWORK (imported.h) UPDATES HEAD [key=value...]. The softmax is taken
 * off, the dense layer before it begins at random, all else as imported. UPDATES: two digits a layer and a comma, what is trained (0
 * nothing, 1 biases, 2 all) and eighths of the rows whose weights are (0 = all). HEAD: outputs. Keys: as in problem.h, and floating (1: the
 * ranges of the activations follow the new data). Prints one JSON object. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imported.h"
#include "problem.h"

static void *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) problem_stop("the network cannot be read");
  fseek(file, 0, SEEK_END);
  const size_t length = (size_t)ftell(file);
  rewind(file);
  void *bytes = problem_memory(length);
  if (fread(bytes, 1, length, file) != length) problem_stop("the network cannot be read");
  fclose(file);
  return bytes;
}

static void choose_updates(imported *from, const char *updates) {
  for (uint8_t k = 0; k < from->network.layer_count; k++, updates += 3) {
    if (strlen(updates) < 2) problem_stop("an update is missing");
    et_dnn_layer *layer = &from->layers[k];
    layer->update = (uint8_t)(updates[0] - '0');
    layer->trained_rows = (uint16_t)(layer->outputs * (unsigned)(updates[1] - '0') / 8u);
  }
}

int main(int argc, char **argv) {
  static problem p;
  static imported from;
  if (argc < 5) problem_stop("DATA NETWORK UPDATES HEAD [key=value...]");
  problem_data(&p, argv[1]);
  imported_read(&from, read_file(argv[2]));
  from.network.layer_count--;
  from.layers[from.network.layer_count - 1].outputs = (uint16_t)atoi(argv[4]);
  from.network.fixed_ranges = problem_setting(argc, argv, "floating", 0) == 0;
  choose_updates(&from, argv[3]);
  const et_dnn_status planned = et_dnn_compile(&from.network, true, p.nodes, &p.plan);
  if (planned != ET_DNN_OK) {
    fprintf(stderr, "dnn: status %d at layer %u\n", (int)planned, p.plan.layer);
    return 2;
  }
  uint8_t *frozen = problem_memory(p.plan.frozen_bytes);
  p.net = (et_dnn){&p.plan, problem_memory(p.plan.model_bytes), frozen, problem_memory(p.plan.work_bytes)};
  problem_options(&p, argc, argv);
  et_dnn_initialise(&p.net, p.options.seed);
  imported_place(&from, &p.net, frozen, (uint8_t)(from.network.layer_count - 1u));
  et_dnn_training training;
  et_dnn_status status = et_dnn_train_begin(&training, &p.net, &p.set, &p.options, 0);
  if (status == ET_DNN_OK) do
      status = et_dnn_train_step(&training, UINT32_MAX);
    while (status == ET_DNN_BUSY);
  double squares[ET_DNN_OUTPUTS_MAX] = {0};
  const double accuracy = problem_test(&p, squares);
  const double macs = (double)training.backward_macs_high * 4294967296.0 + training.backward_macs_low;
  printf("{\"status\":%d,\"failed\":%u,\"accuracy\":%.4f,\"ram_bytes\":%zu,\"frozen_bytes\":%u,\"backward_samples\":%.4f,"
         "\"backward_macs\":%.0f,\"full_backward_macs\":%u}\n",
         (int)status, training.failed_node, accuracy,
         p.plan.model_bytes + p.plan.work_bytes + sizeof p.plan + sizeof p.nodes[0] * (from.network.layer_count + 1u) + sizeof training,
         p.plan.frozen_bytes, (double)training.backward / training.total, macs / training.total, p.plan.backward_macs);
  return 0;
}
