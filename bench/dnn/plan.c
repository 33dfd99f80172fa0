/* Plans a network and says what its training takes, as one JSON object: plan q8|f32 HxWxC "LAYERS" [fixed]. */
#include <stdio.h>
#include <string.h>

#include "architecture.h"

int main(int argc, char **argv) {
  et_dnn_layer layers[ET_DNN_LAYERS_MAX];
  et_dnn_node nodes[ET_DNN_LAYERS_MAX + 1];
  et_dnn_plan plan;
  unsigned h, w, c;
  if (argc < 4 || sscanf(argv[2], "%ux%ux%u", &h, &w, &c) != 3) return 2;
  const et_dnn_network network = {.height = (uint16_t)h,
                                  .width = (uint16_t)w,
                                  .channels = (uint16_t)c,
                                  .format = strcmp(argv[1], "f32") == 0 ? ET_DNN_F32 : ET_DNN_Q8,
                                  .input_scale = 1.0f / 255.0f,
                                  .fixed_ranges = argc > 4,
                                  .layer_count = architecture_parse(argv[3], layers),
                                  .layers = layers};
  const et_dnn_status status = et_dnn_compile(&network, true, nodes, &plan);
  printf(
      "{\"status\":%d,\"parameters\":%u,\"model_bytes\":%u,\"frozen_bytes\":%u,\"work_bytes\":%u,\"plan_bytes\":%zu,\"forward_macs\":%u}\n",
      (int)status, plan.parameters, plan.model_bytes, plan.frozen_bytes, plan.work_bytes,
      sizeof plan + sizeof nodes[0] * (plan.network.layer_count + 1u) + sizeof(et_dnn_training), plan.forward_macs);
  return 0;
}
