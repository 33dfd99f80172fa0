/* What the files of the network family share: places of parameters and buffers, what is kept of a range, the steps. */
#ifndef ET_DNN_PARTS_H
#define ET_DNN_PARTS_H

#include <string.h>

#include "edge_trainer/dnn.h"
#include "models/kernels/arithmetic.h"

/* What a node does; a flatten, and a pool that its convolution does along, do nothing. */
typedef enum et_dnn_operation {
  ET_DNN_DO_NOTHING,
  ET_DNN_DO_CONVOLVE, /* dense too: one position, a row of all inputs */
  ET_DNN_DO_DEPTHWISE,
  ET_DNN_DO_MAX,
  ET_DNN_DO_AVERAGE,
  ET_DNN_DO_ADD,
  ET_DNN_DO_SOFTMAX
} et_dnn_operation;

/* et_dnn_node.flags */
#define ET_DNN_GIVES_FLOATS 1u /* its tensor is floats: as its readers want it; the head that is trained */
#define ET_DNN_PASSES_ERROR 2u /* the error of its input is wanted */
#define ET_DNN_WANTS_ERROR 4u  /* the error of its tensor is wanted */
#define ET_DNN_ADAPTIVE 8u     /* its range follows the data */
#define ET_DNN_WEIGHTS 16u     /* weights are trained */
#define ET_DNN_BIASES 32u      /* biases are trained */
#define ET_DNN_SHARED 64u      /* its tensor is read twice: errors add up */
#define ET_DNN_IN_FLOATS 128u  /* computes in floats: weights, sums, the error of its tensor */

/* The range of a tensor; part of a generation. A byte q means scale * (q - zero). */
typedef struct et_dnn_range {
  float scale;
  float largest;       /* running mean of the samples' largest magnitudes */
  float error_largest; /* the same of its error, in units of the output's error scale */
  float error_unit;    /* what an error byte is worth in the present pass, in the same units */
  float input_scale;   /* the input's scale for which the node's biases and multipliers were made */
  uint16_t seen;       /* samples in `largest`, up to ET_DNN_MEAN_OVER */
  uint16_t error_seen;
  int8_t zero;
  uint8_t stale; /* the scale has changed since the multipliers were made */
  uint8_t reserved[2];
} et_dnn_range;

#define ET_DNN_MEAN_OVER 64u
#define ET_DNN_NOWHERE 0xffffffffu
#define ET_DNN_FROZEN_PLACE 0x80000000u /* the place is in the frozen block */

/* Largest weights a row: row * 255 * 128 stays under 2^30, so that a sum with a bias of up to 2^30 fits in 32 bits. */
#define ET_DNN_ROW_MAX 32000u
/* Terms of an input's error: 127 * 16 * 128 * 8192 = 2^31.0 - 2^24 fits in 32 bits. */
#define ET_DNN_ERROR_TERMS_MAX 8192u

/* Two formats meet without a step between them: a layer computes in its own, gives what its readers want, and hands errors on in the
 * format of the layer that takes them. */
static inline bool et_dnn_is_float(const et_dnn_node *node) { return (node->flags & ET_DNN_IN_FLOATS) != 0; }
static inline bool et_dnn_gives_floats(const et_dnn_node *node) { return (node->flags & ET_DNN_GIVES_FLOATS) != 0; }

static inline uint32_t et_dnn_elements(et_dnn_shape shape) { return (uint32_t)shape.h * shape.w * shape.c; }

/* A generation begins with the ranges, one a node. */
static inline et_dnn_range *et_dnn_range_of(const et_dnn *net, uint8_t node) { return (et_dnn_range *)(void *)net->model + node; }

/* Parameters of a node; those in the frozen block are never written. */
static inline void *et_dnn_at(const et_dnn *net, uint32_t place) {
  if (place & ET_DNN_FROZEN_PLACE) {
    union {
      const uint8_t *read;
      uint8_t *write;
    } at = {.read = net->frozen + (place & ~ET_DNN_FROZEN_PLACE)};
    return at.write;
  }
  return net->model + place;
}

/* A buffer that the plan has placed, because this step reads or writes it. */
static inline void *et_dnn_buffer_at(const et_dnn *net, uint8_t node, et_dnn_buffer buffer) {
  return net->work + net->plan->nodes[node].offset[buffer];
}

/* A buffer that not every plan has: masks, argmax, scratch. */
static inline void *et_dnn_buffer_or_null(const et_dnn *net, uint8_t node, et_dnn_buffer buffer) {
  return net->plan->nodes[node].offset[buffer] == ET_DNN_NOWHERE ? NULL : et_dnn_buffer_at(net, node, buffer);
}

static inline uint32_t et_dnn_trained_rows(const et_dnn_node *node) {
  if (!(node->flags & ET_DNN_WEIGHTS)) return 0;
  return node->layer.trained_rows == 0 || node->layer.trained_rows > node->out.c ? node->out.c : node->layer.trained_rows;
}

/* One position that sees all inputs: a row of weights meets the whole input as it lies. */
static inline bool et_dnn_is_dense(const et_dnn_node *node) {
  return node->operation == ET_DNN_DO_CONVOLVE && node->mid.h == 1 && node->mid.w == 1 && node->layer.kernel_h == node->in.h &&
         node->layer.kernel_w == node->in.w;
}

/* Does a node read the tensor of `owner`? */
static inline bool et_dnn_reads(const et_dnn_node *node, uint8_t owner) {
  return node->operation != ET_DNN_DO_NOTHING && (node->input == owner || (node->operation == ET_DNN_DO_ADD && node->other == owner));
}

/* Row `c` of a convolution or dense layer. */
static inline const int8_t *et_dnn_row_q8(const et_dnn *net, const et_dnn_node *node, uint32_t c) {
  const uint32_t trained = et_dnn_trained_rows(node);
  if (c < trained) return (const int8_t *)et_dnn_at(net, node->weights) + c * node->row;
  return (const int8_t *)et_dnn_at(net, node->rest) + (c - trained) * node->row;
}
static inline const float *et_dnn_row_f32(const et_dnn *net, const et_dnn_node *node, uint32_t c) {
  const uint32_t trained = et_dnn_trained_rows(node);
  if (c < trained) return (const float *)et_dnn_at(net, node->weights) + c * node->row;
  return (const float *)et_dnn_at(net, node->rest) + (c - trained) * node->row;
}

/* Step numbers: 1..n forward, n + 1 the loss, then error and update of each node from the last. */
static inline uint8_t et_dnn_error_time(const et_dnn_plan *plan, uint8_t node) {
  const uint32_t n = plan->network.layer_count;
  return (uint8_t)(n + 2u + 2u * (n - node));
}
static inline uint8_t et_dnn_update_time(const et_dnn_plan *plan, uint8_t node) { return (uint8_t)(et_dnn_error_time(plan, node) + 1u); }

/* Buffers of a plan that is shaped get their places, in slices: true when all have one. Many layers take long. */
bool et_dnn_place_step(et_dnn_plan *plan, uint32_t budget);

/* Value `i` of a node's tensor, as a number. */
float et_dnn_value(const et_dnn *net, uint8_t k, uint32_t i);

/* Brings what follows from the ranges up to date; true when it is. */
bool et_dnn_refresh(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget);
/* The same for every node: in slices, begin with {0}; and at once. */
bool et_dnn_settle_step(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget);
void et_dnn_settle(const et_dnn *net);
/* A pool of bytes gives what it reads: its range is its input's. */
void et_dnn_pass_range(const et_dnn *net, uint8_t k);
/* The multiplier of one channel, after its weights' scale has changed. */
void et_dnn_refresh_channel(const et_dnn *net, uint8_t k, uint32_t c);
/* `mean` takes in one more value; the first ones count equally. */
void et_dnn_mean_in(float *mean, uint16_t *seen, float value);

static inline void et_dnn_spend(uint32_t *budget, uint32_t units) { *budget = *budget > units ? *budget - units : 0; }

/* Work units between two looks at the budget, at most: a row of weights, a kernel or a memory that takes longer is worked on in stretches.
 * Nothing that is computed depends on where they end. */
#define ET_DNN_STRETCH 2048u
/* Cleared for a work unit: small libraries clear byte by byte. */
#define ET_DNN_CLEAR_BYTES 2u

/* How much fits in a stretch where a piece takes `units`, a multiple of four. */
static inline uint32_t et_dnn_stretch(const et_dnn_node *node, uint32_t units) {
  const uint32_t pieces = (et_dnn_is_float(node) ? ET_DNN_STRETCH / ET_FLOAT_WORK : ET_DNN_STRETCH) / units & ~3u;
  return pieces > 0 ? pieces : 4u;
}

static inline uint32_t et_dnn_least(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* Moving numbers takes the same in both formats. */
static inline void et_dnn_spend_moving(const et_dnn_node *node, uint32_t *budget, uint32_t units) {
  et_dnn_spend(budget, et_dnn_is_float(node) ? units / ET_FLOAT_WORK + 1u : units);
}

/* Clears `bytes` of a node's memory in stretches; the cursor's `within` is where. True when all are zero. */
static inline bool et_dnn_clear(const et_dnn_node *node, et_dnn_cursor *cursor, void *memory, uint32_t bytes, uint32_t *budget) {
  while (cursor->within < bytes) {
    if (*budget == 0) return false;
    const uint32_t n = et_dnn_least(bytes - cursor->within, ET_DNN_STRETCH * ET_DNN_CLEAR_BYTES);
    memset((uint8_t *)memory + cursor->within, 0, n);
    cursor->within += n;
    et_dnn_spend_moving(node, budget, n / ET_DNN_CLEAR_BYTES);
  }
  cursor->within = 0;
  return true;
}

/* Bounds of an activation as bytes. */
typedef struct et_dnn_bounds {
  int32_t low, high;
} et_dnn_bounds;
et_dnn_bounds et_dnn_bounds_of(const et_dnn *net, uint8_t k);

/* One byte of an activation from its sum in units of its scale, kept in its bounds; `largest` sees what it would have been. */
static inline int8_t et_dnn_byte(int32_t scaled, int32_t zero, et_dnn_bounds bounds, int32_t *largest) {
  const int32_t magnitude = scaled < 0 && bounds.low < zero ? -scaled : scaled;
  if (magnitude > *largest) *largest = magnitude;
  const int32_t value = scaled + zero;
  return (int8_t)(value < bounds.low ? bounds.low : value > bounds.high ? bounds.high : value);
}

/* The nearest whole number, kept within +-10^9; what is no number becomes the largest. */
static inline int32_t et_dnn_nearest(float value) {
  if (!(value < 1e9f)) return 1000000000;
  return (int32_t)(value < -1e9f ? -1e9f : value + (value < 0.0f ? -0.5f : 0.5f));
}

static inline void et_dnn_set_bit(uint8_t *bits, uint32_t i, bool value) {
  const uint8_t bit = (uint8_t)(1u << (i & 7u));
  bits[i >> 3] = (uint8_t)(value ? bits[i >> 3] | bit : bits[i >> 3] & ~bit);
}

/* Where a layer puts what it gives. */
typedef struct et_dnn_sink {
  void *out;
  uint8_t *mask;
  et_dnn_bounds bounds; /* of bytes */
  int32_t zero, pass_high;
  float per_unit; /* steps of a byte in 1 */
  uint8_t activation;
  bool floats;
} et_dnn_sink;
et_dnn_sink et_dnn_sink_of(const et_dnn *net, uint8_t k);

/* Element i as a number, put down as float or byte. A number that no range can hold is `beyond`: a byte would hide it. */
static inline void et_dnn_give(const et_dnn_sink *sink, uint32_t i, float value, et_dnn_cursor *cursor) {
  if (sink->floats) {
    const bool six = sink->activation == ET_DNN_RELU6;
    if (sink->activation != ET_DNN_LINEAR && value < 0.0f) value = 0.0f;
    if (six && value > 6.0f) value = 6.0f;
    ((float *)sink->out)[i] = value;
    if (sink->mask != NULL) et_dnn_set_bit(sink->mask, i, value > 0.0f && (!six || value < 6.0f));
    return;
  }
  const float steps = value * sink->per_unit;
  if (!(steps > -1e9f && steps < 1e9f)) cursor->beyond = true;
  const int8_t byte = et_dnn_byte(et_dnn_nearest(steps), sink->zero, sink->bounds, &cursor->largest);
  ((int8_t *)sink->out)[i] = byte;
  if (sink->mask != NULL) et_dnn_set_bit(sink->mask, i, byte > sink->bounds.low && byte < sink->pass_high);
}

/* Steps in slices: each does about `budget` units from the cursor on, takes what it did from `budget`, and says whether the node is
 * done. forward.c, backward.c choose by operation. */
bool et_dnn_forward(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget);
bool et_dnn_convolve(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget);
bool et_dnn_depthwise(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget);
bool et_dnn_max_pool(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget);
bool et_dnn_average_pool(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget);
bool et_dnn_add(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget);
bool et_dnn_softmax(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *budget);

/* What a backward step needs beside the net. */
typedef struct et_dnn_pass {
  const et_dnn *net;
  et_dnn_cursor *cursor;
  float rate;
  float error_scale;
  float share;   /* of the rows whose error is kept; 1 = all */
  bool skip;     /* errors that are zero are passed over */
  bool unscaled; /* no quantization-aware scaling */
  bool failed;   /* a weight is no number any more */
  uint32_t macs;
} et_dnn_pass;

bool et_dnn_keep_largest(et_dnn_pass *pass, uint32_t *budget);
bool et_dnn_error_node(et_dnn_pass *pass, uint32_t *budget);
bool et_dnn_update_node(et_dnn_pass *pass, uint32_t *budget);
/* An error unit of a node's tensor, in units of the output's error scale. */
float et_dnn_error_unit(const et_dnn *net, uint8_t tensor);

#endif
