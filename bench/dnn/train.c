/* Trains a network with the firmware's own C code and says how well it does, as one JSON object. Arguments: problem.h. */
#include <math.h>
#include <stdio.h>

#include "problem.h"

int main(int argc, char **argv) {
  static problem p;
  problem_read(&p, argc, argv);
  const uint32_t budget = (uint32_t)problem_setting(argc, argv, "budget", 4e9);
  et_dnn_training training;
  et_dnn_status status = et_dnn_train_begin(&training, &p.net, &p.set, &p.options, 0);
  if (status == ET_DNN_OK) do
      status = et_dnn_train_step(&training, budget);
    while (status == ET_DNN_BUSY);
  double squares[ET_DNN_OUTPUTS_MAX] = {0};
  const double accuracy = problem_test(&p, squares);
  const et_dnn_plan *plan = &p.plan;
  const double done = (double)training.backward_macs_high * 4294967296.0 + training.backward_macs_low;
  printf("{\"status\":%d,\"failed\":%u,\"accuracy\":%.4f,\"parameters\":%u,\"model_bytes\":%u,\"frozen_bytes\":%u,\"work_bytes\":%u,"
         "\"plan_bytes\":%zu,\"backward_samples\":%.4f,\"backward_share\":%.4f,\"forward_macs\":%u,\"backward_macs\":%u,\"rmse\":[",
         (int)status, training.failed_node, accuracy, plan->parameters, plan->model_bytes, plan->frozen_bytes, plan->work_bytes,
         sizeof *plan + sizeof p.nodes[0] * (plan->network.layer_count + 1u) + sizeof training, (double)training.backward / training.total,
         done / ((double)plan->backward_macs * training.total), plan->forward_macs, plan->backward_macs);
  for (uint32_t j = 0; j < p.outputs && p.kind == 1; j++) printf("%s%.6f", j > 0 ? "," : "", sqrt(squares[j]));
  printf("]}\n");
  return 0;
}
