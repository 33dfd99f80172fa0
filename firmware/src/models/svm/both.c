#include "models/svm/both.h"

#include <string.h>

#include "models/svm/common.h"
#include "models/svm/kernel.h"
#include "models/svm/linear.h"
#include "support/blocks.h"

/* C of the RBF machine over that of the linear one: curved borders need less of it to follow the noise. */
#define KERNEL_COST 0.3f

/* A generation: the linear block, then the kernel block. The kernel machine sees a definition of its own: kernel RBF, its cost, and no warm
 * start, because the multipliers beside the samples are the linear machine's; its own live in the workspace.
 * Shared memory: this struct, then the kernel machine's. */
typedef struct both_state {
  et_definition definition;
  et_svm_parameters parameters;
  et_sample_set set; /* of the training that runs */
  const void *running;
  void *candidate;
  et_train_report linear;
  bool in_kernel;
} both_state;

static uint32_t state_bytes(void) { return et_up_to_8((uint32_t)sizeof(both_state)) + ET_POINTER_SLACK; }

static uint32_t extra_bytes(const et_definition *definition) {
  return et_up_to_8(2u * (definition->core->classes - 1u) * (uint32_t)definition->core->capacity);
}

/* The kernel machine's definition, from the deployed one. */
static void derive_kernel(const et_definition *definition, both_state *state) {
  state->definition = *definition;
  state->parameters = *et_svm_of(definition);
  state->parameters.kernel = ET_KERNEL_RBF;
  state->parameters.cost *= KERNEL_COST;
  state->parameters.warm_start = 0;
  state->definition.parameters = &state->parameters;
}

static both_state *state_of(const et_model_context *context) { return et_align_pointers(context->shared); }

/* The kernel machine's context, derived anew: the definition may have moved since. */
static et_model_context kernel_context(const et_model_context *context) {
  both_state *state = state_of(context);
  et_model_context own;
  derive_kernel(context->definition, state);
  own.definition = &state->definition;
  own.shared = (uint8_t *)context->shared + state_bytes();
  own.work = (uint8_t *)context->work + extra_bytes(context->definition);
  return own;
}

static uint32_t linear_bytes(const et_definition *definition) { return et_up_to_4(et_svm_linear_bytes(definition)); }
static uint8_t *kernel_block(const et_model_context *context, void *model) { return (uint8_t *)model + linear_bytes(context->definition); }
static const uint8_t *kernel_part(const et_model_context *context, const void *model) {
  return (const uint8_t *)model + linear_bytes(context->definition);
}

static void need(const et_definition *definition, et_memory_need *need) {
  both_state state;
  et_memory_need kernel;
  memset(&kernel, 0, sizeof kernel);
  derive_kernel(definition, &state);
  et_svm_linear.need(definition, need);
  et_svm_kernel_ops.need(&state.definition, &kernel);
  need->model_bytes = linear_bytes(definition) + kernel.model_bytes;
  need->shared_bytes = state_bytes() + kernel.shared_bytes;
  kernel.work_bytes += extra_bytes(definition);
  if (kernel.work_bytes > need->work_bytes) need->work_bytes = kernel.work_bytes;
}

static void blank(const et_model_context *context, void *model) {
  const et_model_context kernel = kernel_context(context);
  et_svm_linear.blank(context, model);
  et_svm_kernel_ops.blank(&kernel, kernel_block(context, model));
}

static void infer(const et_model_context *context, const void *model, const void *features, et_decision *decision) {
  et_svm_linear.infer(context, model, features, decision);
}

static void infer_second(const et_model_context *context, const void *model, const void *features, et_decision *decision) {
  const et_model_context kernel = kernel_context(context);
  et_svm_kernel_ops.infer(&kernel, kernel_part(context, model), features, decision);
}

static et_error train_begin(const et_model_context *context, const et_sample_set *set, const void *running, void *candidate) {
  both_state *state = state_of(context);
  state->set = *set;
  state->running = running;
  state->candidate = candidate;
  state->in_kernel = false;
  memset(&state->linear, 0, sizeof state->linear);
  return et_svm_linear.train_begin(context, set, running, candidate);
}

/* The linear machine is done: its report is kept, the kernel machine begins behind its multipliers. */
static et_error begin_kernel(const et_model_context *context) {
  both_state *state = state_of(context);
  const et_model_context kernel = kernel_context(context);
  et_sample_set set = state->set;
  et_svm_linear.train_end(context, false, &state->linear);
  set.extra = context->work;
  memset(set.extra, 0, extra_bytes(context->definition));
  state->in_kernel = true;
  return et_svm_kernel_ops.train_begin(&kernel, &set, kernel_part(context, state->running), kernel_block(context, state->candidate));
}

static et_error train_step(const et_model_context *context, uint32_t budget, uint16_t *progress_permille) {
  both_state *state = state_of(context);
  const et_model_context kernel = kernel_context(context);
  et_error error;
  if (!state->in_kernel) {
    error = et_svm_linear.train_step(context, budget, progress_permille);
    *progress_permille /= 4u;
    if (error != ET_OK && error != ET_NOT_CONVERGED) return error;
    error = begin_kernel(context);
    return error == ET_OK ? ET_BUSY : error;
  }
  error = et_svm_kernel_ops.train_step(&kernel, budget, progress_permille);
  *progress_permille = (uint16_t)(250u + *progress_permille * 3u / 4u);
  return error;
}

static void train_end(const et_model_context *context, bool cancelled, et_train_report *report) {
  both_state *state = state_of(context);
  const et_model_context kernel = kernel_context(context);
  if (!state->in_kernel) {
    et_svm_linear.train_end(context, cancelled, report);
    return;
  }
  et_svm_kernel_ops.train_end(&kernel, cancelled, report);
  state->in_kernel = false;
  report->work += state->linear.work;
  report->iterations += state->linear.iterations;
  if (report->result == ET_OK) report->result = state->linear.result;
}

static et_error validate(const et_model_context *context, const void *model) {
  const et_model_context kernel = kernel_context(context);
  const et_error error = et_svm_linear.validate(context, model);
  return error != ET_OK ? error : et_svm_kernel_ops.validate(&kernel, kernel_part(context, model));
}

const et_model_ops et_svm_both = {
    .family = ET_MODEL_SVM_BOTH,
    .section = &et_section_svm,
    .check = NULL,
    .need = need,
    .blank = blank,
    .infer = infer,
    .infer_second = infer_second,
    .train_begin = train_begin,
    .train_step = train_step,
    .train_end = train_end,
    .validate = validate,
    .stream = NULL,
};
