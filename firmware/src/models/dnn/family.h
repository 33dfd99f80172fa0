/* The network as a family of a trainer: what decisions (family.c) and trainings (family_train.c) share.
 *
 * A generation: et_dnn_stamp, what training changes (plan.model_bytes), what it does not (plan.frozen_bytes). The plan of a decision
 * lives in the shared memory and is compiled when it is first needed; that of a training lies in the workspace of its job. */
#ifndef ET_DNN_FAMILY_H
#define ET_DNN_FAMILY_H

#include "edge_trainer/dnn.h"
#include "edge_trainer/dnn_parameters.h"
#include "edge_trainer/model.h"

#define ET_DNN_GENERATION_LAYOUT 1u

typedef struct et_dnn_stamp {
  uint8_t layout; /* ET_DNN_GENERATION_LAYOUT; 0 = untrained */
  uint8_t format;
  uint8_t layers;
  uint8_t reserved;
} et_dnn_stamp;

/* Compiles the definition's network; `nodes` has room for its layers and one more. */
et_dnn_status et_dnn_compile_definition(const et_definition *definition, bool training, et_dnn_node *nodes, et_dnn_plan *plan);

/* Plans the definition's network, checked before, without places for its buffers (et_dnn_place_step). */
void et_dnn_shape_definition(const et_definition *definition, bool training, et_dnn_node *nodes, et_dnn_plan *plan);

/* Nodes of plans that are asked for and forgotten at once, of this family and of others that make networks. */
extern et_dnn_node et_dnn_draft[ET_LAYERS_MAX + 1u];

/* The net of a generation. */
static inline et_dnn et_dnn_net(const et_dnn_plan *plan, void *generation, void *work) {
  uint8_t *model = (uint8_t *)generation + sizeof(et_dnn_stamp);
  const et_dnn net = {plan, model, model + plan->model_bytes, work};
  return net;
}
static inline uint32_t et_dnn_generation_bytes(const et_dnn_plan *plan) {
  return (uint32_t)sizeof(et_dnn_stamp) + plan->model_bytes + plan->frozen_bytes;
}

/* Units of a slice for this network: floating point without hardware takes as long as ET_FLOAT_WORK of them an operation. */
uint32_t et_dnn_budget(const et_dnn_plan *plan, uint32_t budget);

/* Bytes of that room. */
uint32_t et_dnn_room_bytes(const et_definition *definition);

/* The inputs of a stored row in the order of the network: the row itself, or `room` filled. */
const int8_t *et_dnn_inputs(const et_definition *definition, bool places, const void *features, int8_t *room);

/* Where a training was cancelled: it goes on there when nothing has changed since. Forgotten with the definition. */
typedef struct et_dnn_rest {
  const void *candidate;
  uint32_t basis; /* et_sample_set.basis */
  uint32_t done;  /* samples; 0 = there is nothing to go on with */
} et_dnn_rest;
et_dnn_rest *et_dnn_rest_of(const et_model_context *context);
et_train_curve *et_dnn_curve_of(const et_model_context *context);

uint32_t et_dnn_train_work_bytes(const et_definition *definition, const et_dnn_plan *plan);
et_error et_dnn_family_train_begin(const et_model_context *context, const et_sample_set *set, const void *running, void *candidate);
et_error et_dnn_family_train_step(const et_model_context *context, uint32_t budget, uint16_t *progress_permille);
void et_dnn_family_train_end(const et_model_context *context, bool cancelled, et_train_report *report);

extern const et_model_ops et_dnn_family;

#endif
