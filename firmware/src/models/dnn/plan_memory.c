/* Where the buffers of a step lie: every buffer has a lifetime in steps; two whose lifetimes do not meet may share their bytes. The
 * largest is placed first, each at the lowest offset where it meets nothing that lives at the same time. */
#include "models/dnn/parts.h"
#include "support/blocks.h"

/* Last step that reads a node's activation for its values, and last that reads it only to see where its activation function passes. */
static void last_reads(const et_dnn_plan *plan, uint8_t owner, uint8_t *values, uint8_t *passes) {
  *values = owner;
  *passes = 0;
  for (uint8_t k = 1; k <= plan->network.layer_count; k++) {
    const et_dnn_node *node = &plan->nodes[k];
    if (!et_dnn_reads(node, owner)) continue;
    if (k > *values) *values = k;
    if (!plan->training) continue;
    if ((node->flags & ET_DNN_WEIGHTS) && et_dnn_update_time(plan, k) > *values) *values = et_dnn_update_time(plan, k);
    if ((plan->nodes[owner].flags & ET_DNN_WANTS_ERROR) && plan->nodes[owner].layer.activation != ET_DNN_LINEAR &&
        et_dnn_error_time(plan, k) > *passes)
      *passes = et_dnn_error_time(plan, k);
  }
  const uint8_t loss = (uint8_t)(plan->network.layer_count + 1u);
  const bool target = owner == 0 && plan->network.head == ET_DNN_RECONSTRUCTION;
  if ((owner == plan->output || owner == plan->logits || target) && *values < loss) *values = loss;
}

static uint32_t activation_span(const et_dnn_plan *plan, uint8_t k, uint8_t *first, uint8_t *last) {
  const et_dnn_node *node = &plan->nodes[k];
  uint8_t passes;
  if (node->owner != k) return 0;
  last_reads(plan, k, last, &passes);
  *first = k;
  return et_dnn_elements(node->out) * (et_dnn_gives_floats(node) ? 4u : 1u);
}

static uint32_t mask_span(const et_dnn_plan *plan, uint8_t k, uint8_t *first, uint8_t *last) {
  const et_dnn_node *node = &plan->nodes[k];
  uint8_t values;
  if (node->owner != k || k == 0) return 0;
  last_reads(plan, k, &values, last);
  *first = k;
  return *last > values ? (et_dnn_elements(node->out) + 7u) / 8u : 0;
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
  *first = (uint8_t)(plan->network.layer_count + 1u);
  if (k != plan->logits)
    for (uint8_t j = plan->network.layer_count; j > k; j--)
      if (et_dnn_reads(&plan->nodes[j], k) && j <= plan->logits) {
        *first = et_dnn_error_time(plan, j);
        break;
      }
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

/* End of a placed buffer that meets `block` at `offset`, the lowest such; 0 = none. */
static uint32_t obstacle(const et_dnn_plan *plan, const et_dnn_block *block, uint32_t offset) {
  uint32_t end = 0;
  for (uint8_t k = 0; k <= plan->network.layer_count; k++)
    for (uint8_t b = 0; b < (uint8_t)ET_DNN_BUFFERS; b++) {
      uint8_t first, last;
      const uint32_t at = plan->nodes[k].offset[b];
      if (!is_placed(at) || at >= offset + block->bytes) continue;
      const uint32_t bytes = et_up_to_4(et_dnn_buffer_span(plan, k, (et_dnn_buffer)b, &first, &last));
      if (at + bytes <= offset || last < block->first || first > block->last) continue;
      if (end == 0 || at + bytes < end) end = at + bytes;
    }
  return end;
}

void et_dnn_place_buffers(et_dnn_plan *plan) {
  for (uint8_t k = 0; k <= plan->network.layer_count; k++) {
    et_dnn_node *node = &plan->nodes[k];
    for (uint8_t b = 0; b < (uint8_t)ET_DNN_BUFFERS; b++) {
      uint8_t first, last;
      const uint32_t bytes = et_up_to_4(et_dnn_buffer_span(plan, k, (et_dnn_buffer)b, &first, &last));
      node->offset[b] = bytes > 0 ? bytes | WAITS : ET_DNN_NOWHERE;
    }
    (void)activation_span(plan, k, &node->first, &node->last);
  }
  plan->work_bytes = 0;
  et_dnn_block block;
  while (next_block(plan, &block)) {
    uint32_t offset = 0, end;
    while ((end = obstacle(plan, &block, offset)) != 0) offset = end;
    plan->nodes[block.node].offset[block.buffer] = offset;
    if (offset + block.bytes > plan->work_bytes) plan->work_bytes = offset + block.bytes;
  }
}
