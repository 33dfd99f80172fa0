/* Where the buffers of a step lie: every buffer has a lifetime in steps; two whose lifetimes do not meet may share their bytes. The
 * largest is placed first, each at the lowest offset where it meets nothing that lives at the same time. */
#include "models/dnn/parts.h"
#include "support/blocks.h"

/* For each place that a buffer may have, to find one for the next. */
#define SLOT_UNITS 10u

/* Layer k reads a tensor: for its values until `values`; and, to pass an error to it, when k's error is worked out. */
static void is_read(et_dnn_plan *plan, uint8_t k, uint8_t tensor) {
  const et_dnn_node *node = &plan->nodes[k];
  et_dnn_node *owner = &plan->nodes[tensor];
  const uint8_t values = plan->training && (node->flags & ET_DNN_WEIGHTS) ? et_dnn_update_time(plan, k) : k;
  if (values > owner->last) owner->last = values;
  if (!plan->training || !(owner->flags & ET_DNN_WANTS_ERROR)) return;
  const uint8_t time = et_dnn_error_time(plan, k);
  if (owner->layer.activation != ET_DNN_LINEAR && time > owner->passes) owner->passes = time;
  /* The last of the layers whose errors reach it is the first in the backward pass. */
  if (k <= plan->logits && tensor != plan->logits) owner->error_first = time;
}

static void mark_lifetimes(et_dnn_plan *plan) {
  const uint8_t count = plan->network.layer_count, loss = (uint8_t)(count + 1u);
  for (uint8_t k = 0; k <= count; k++) {
    et_dnn_node *node = &plan->nodes[k];
    node->first = node->last = k;
    node->passes = 0;
    node->error_first = loss;
  }
  for (uint8_t k = 1; k <= count; k++) {
    const et_dnn_node *node = &plan->nodes[k];
    if (node->operation == ET_DNN_DO_NOTHING) continue;
    is_read(plan, k, node->input);
    if (node->operation == ET_DNN_DO_ADD) is_read(plan, k, node->other);
  }
  /* The loss reads the logits, and the answer, or the input as its target. */
  const uint8_t target = plan->network.head == ET_DNN_RECONSTRUCTION ? 0 : plan->output;
  const uint8_t read[] = {plan->logits, plan->output, target};
  for (uint32_t i = 0; i < sizeof read; i++)
    if (plan->nodes[read[i]].last < loss) plan->nodes[read[i]].last = loss;
}

static uint32_t activation_span(const et_dnn_plan *plan, uint8_t k, uint8_t *first, uint8_t *last) {
  const et_dnn_node *node = &plan->nodes[k];
  if (node->owner != k) return 0;
  *first = node->first;
  *last = node->last;
  return et_dnn_elements(node->out) * (et_dnn_gives_floats(node) ? 4u : 1u);
}

static uint32_t mask_span(const et_dnn_plan *plan, uint8_t k, uint8_t *first, uint8_t *last) {
  const et_dnn_node *node = &plan->nodes[k];
  if (node->owner != k || k == 0) return 0;
  *first = k;
  *last = node->passes;
  return node->passes > node->last ? (et_dnn_elements(node->out) + 7u) / 8u : 0;
}

static uint32_t argmax_span(const et_dnn_plan *plan, uint8_t k, uint8_t *first, uint8_t *last) {
  const et_dnn_node *node = &plan->nodes[k];
  if (!plan->training || !(node->flags & ET_DNN_WANTS_ERROR)) return 0;
  *first = k;
  *last = node->flags & ET_DNN_BIASES ? et_dnn_update_time(plan, k) : et_dnn_error_time(plan, k);
  const uint32_t elements = et_dnn_elements(node->out);
  if (node->operation == ET_DNN_DO_CONVOLVE && node->pool_h * node->pool_w > 1) return (elements + 3u) / 4u;
  return node->operation == ET_DNN_DO_MAX ? elements : 0;
}

static uint32_t error_span(const et_dnn_plan *plan, uint8_t k, uint8_t *first, uint8_t *last) {
  const et_dnn_node *node = &plan->nodes[k];
  if (!plan->training || node->owner != k || !(node->flags & ET_DNN_WANTS_ERROR)) return 0;
  *first = node->error_first;
  *last = node->flags & ET_DNN_BIASES ? et_dnn_update_time(plan, k) : et_dnn_error_time(plan, k);
  return et_dnn_elements(node->out) * (et_dnn_is_float(node) ? 4u : 1u);
}

static uint32_t forward_scratch(const et_dnn_node *node) {
  const bool f32 = et_dnn_is_float(node);
  switch (node->operation) {
  case ET_DNN_DO_CONVOLVE:
    if (et_dnn_is_dense(node)) return f32 ? 0 : 2u * et_up_to_4(node->row); /* whole blocks */
    return 4u * et_up_to_4(node->row) * (f32 ? 4u : 2u);
  case ET_DNN_DO_DEPTHWISE: return 4u * node->mid.c;
  default: return 0;
  }
}

/* Rows of the input that the errors of one (pooled) row of outputs reach. */
static uint32_t band_rows(const et_dnn_node *node) { return (uint32_t)(node->pool_h - 1u) * node->layer.stride_h + node->layer.kernel_h; }

static uint32_t error_scratch(const et_dnn_node *node) {
  const bool convolves = node->operation == ET_DNN_DO_CONVOLVE || node->operation == ET_DNN_DO_DEPTHWISE;
  /* Magnitudes of the channels, from which the largest are chosen, lie where the band comes after. */
  const uint32_t choice = convolves ? 4u * node->out.c : 0;
  if (!(node->flags & ET_DNN_PASSES_ERROR)) return choice;
  uint32_t bytes = 0;
  if (convolves) {
    bytes = 4u * band_rows(node) * node->in.w * node->in.c;
    if (!et_dnn_is_float(node)) bytes += 4u + et_up_to_4(2u * node->out.c);
  } else if (node->operation == ET_DNN_DO_MAX || node->operation == ET_DNN_DO_AVERAGE) {
    bytes = 4u * node->layer.kernel_h * node->in.w * node->in.c;
  }
  return bytes > choice ? bytes : choice;
}

static uint32_t scratch_span(const et_dnn_plan *plan, uint8_t k, et_dnn_buffer buffer, uint8_t *first, uint8_t *last) {
  const et_dnn_node *node = &plan->nodes[k];
  if (k == 0) return 0;
  if (buffer == ET_DNN_FORWARD_SCRATCH) {
    *first = *last = k;
    return forward_scratch(node);
  }
  if (!plan->training || !(node->flags & ET_DNN_WANTS_ERROR)) return 0;
  if (buffer == ET_DNN_ERROR_SCRATCH) {
    *first = *last = et_dnn_error_time(plan, k);
    return error_scratch(node);
  }
  *first = *last = et_dnn_update_time(plan, k);
  return (node->flags & ET_DNN_WEIGHTS) && !et_dnn_is_dense(node) ? 4u * node->row : 0;
}

uint32_t et_dnn_buffer_span(const et_dnn_plan *plan, uint8_t node, et_dnn_buffer buffer, uint8_t *first, uint8_t *last) {
  *first = *last = 0;
  switch (buffer) {
  case ET_DNN_ACTIVATION: return activation_span(plan, node, first, last);
  case ET_DNN_MASK: return plan->training ? mask_span(plan, node, first, last) : 0;
  case ET_DNN_ARGMAX: return argmax_span(plan, node, first, last);
  case ET_DNN_ERROR: return error_span(plan, node, first, last);
  default: return scratch_span(plan, node, buffer, first, last);
  }
}

typedef struct et_dnn_block {
  uint32_t bytes;
  uint8_t node, buffer, first, last;
} et_dnn_block;

/* Until it is placed a buffer's offset holds its bytes, marked so. */
#define WAITS 0x40000000u

static bool is_placed(uint32_t offset) { return offset < WAITS; }

/* The largest that is not placed yet; earlier ones first among equals. */
static bool next_block(const et_dnn_plan *plan, et_dnn_block *block) {
  *block = (et_dnn_block){0, 0, 0, 0, 0};
  for (uint8_t k = 0; k <= plan->network.layer_count; k++)
    for (uint8_t b = 0; b < (uint8_t)ET_DNN_BUFFERS; b++) {
      const uint32_t at = plan->nodes[k].offset[b];
      if (at == ET_DNN_NOWHERE || is_placed(at) || (at & ~WAITS) <= block->bytes) continue;
      *block = (et_dnn_block){at & ~WAITS, k, b, 0, 0};
    }
  if (block->bytes == 0) return false;
  (void)et_dnn_buffer_span(plan, block->node, (et_dnn_buffer)block->buffer, &block->first, &block->last);
  return true;
}

/* Moves `offset` behind the placed buffers that `block` would meet there; false when it meets none. No place below the end of one that it
 * meets is free. */
static bool move_behind(const et_dnn_plan *plan, const et_dnn_block *block, uint32_t *offset) {
  bool moved = false;
  for (uint8_t k = 0; k <= plan->network.layer_count; k++)
    for (uint8_t b = 0; b < (uint8_t)ET_DNN_BUFFERS; b++) {
      uint8_t first, last;
      const uint32_t at = plan->nodes[k].offset[b];
      if (!is_placed(at) || at >= *offset + block->bytes) continue;
      const uint32_t end = at + et_up_to_4(et_dnn_buffer_span(plan, k, (et_dnn_buffer)b, &first, &last));
      if (end <= *offset || last < block->first || first > block->last) continue;
      *offset = end;
      moved = true;
    }
  return moved;
}

static void place_begin(et_dnn_plan *plan) {
  mark_lifetimes(plan);
  for (uint8_t k = 0; k <= plan->network.layer_count; k++) {
    et_dnn_node *node = &plan->nodes[k];
    for (uint8_t b = 0; b < (uint8_t)ET_DNN_BUFFERS; b++) {
      uint8_t first, last;
      const uint32_t bytes = et_up_to_4(et_dnn_buffer_span(plan, k, (et_dnn_buffer)b, &first, &last));
      node->offset[b] = bytes > 0 ? bytes | WAITS : ET_DNN_NOWHERE;
    }
  }
  plan->work_bytes = 0;
  plan->spread = true;
}

/* False when all have one. */
static bool place_next(et_dnn_plan *plan) {
  et_dnn_block block;
  uint32_t offset = 0;
  if (!next_block(plan, &block)) return false;
  while (move_behind(plan, &block, &offset)) continue;
  plan->nodes[block.node].offset[block.buffer] = offset;
  if (offset + block.bytes > plan->work_bytes) plan->work_bytes = offset + block.bytes;
  return true;
}

bool et_dnn_place_step(et_dnn_plan *plan, uint32_t budget) {
  const uint32_t each = SLOT_UNITS * (uint32_t)ET_DNN_BUFFERS * (plan->network.layer_count + 1u);
  if (!plan->spread) {
    place_begin(plan);
    et_dnn_spend(&budget, each);
  }
  for (; budget > 0; et_dnn_spend(&budget, each))
    if (!place_next(plan)) return true;
  return false;
}
