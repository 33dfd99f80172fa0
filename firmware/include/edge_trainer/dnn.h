/* Networks that train on the board, usable alone: no Modbus, no heap, all memory is the caller's.
 *
 * A network is a list of layers. et_dnn_compile turns it into a plan: shapes, where every parameter lies and where every buffer of a
 * training step lies in the working memory. The plan is the same on host and board, because it is the same code. Training runs in
 * slices; every call of et_dnn_train_step does about `budget` work units (one unit = one multiply-accumulate with its loads) and
 * returns ET_DNN_BUSY until the training is over.
 *
 *   static const et_dnn_layer layers[] = {{.kind = ET_DNN_DENSE, .outputs = 32, .activation = ET_DNN_RELU, .update = ET_DNN_ALL},
 *                                         {.kind = ET_DNN_DENSE, .outputs = 10, .update = ET_DNN_ALL}};
 *   static const et_dnn_network network = {.height = 1, .width = 1, .channels = 64, .layers = layers, .layer_count = 2, ...};
 *   if (et_dnn_compile(&network, true, nodes, 3, &plan) != ET_DNN_OK) ... plan.layer names the layer at fault
 *   et_dnn net = {&plan, model, NULL, work};             plan.model_bytes, plan.work_bytes
 *   et_dnn_initialise(&net, seed);
 *   et_dnn_train_begin(&training, &net, &set, &options);
 *   while ((status = et_dnn_train_step(&training, 1000)) == ET_DNN_BUSY) {}
 */
#ifndef EDGE_TRAINER_DNN_H
#define EDGE_TRAINER_DNN_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ET_DNN_LAYERS_MAX 64u
#define ET_DNN_OUTPUTS_MAX 8u /* continuous outputs */

typedef enum et_dnn_status {
  ET_DNN_OK,
  ET_DNN_BUSY,
  ET_DNN_KIND,       /* a layer's kind, activation, padding, format or update is none that there is */
  ET_DNN_INPUT,      /* a layer reads a later layer, itself or none */
  ET_DNN_SHAPE,      /* shapes do not match, or a kernel is larger than its input */
  ET_DNN_LARGE,      /* more layers, inputs, outputs or weights a channel than the arithmetic holds */
  ET_DNN_HEAD,       /* the last layer does not fit the head */
  ET_DNN_FEW,        /* no sample to train on */
  ET_DNN_LABEL,      /* a label or target is out of range */
  ET_DNN_NOT_FINITE, /* the loss or a weight is no number any more */
  ET_DNN_CONTENT,    /* bytes that are no generation of this network */
  ET_DNN_CANCELLED,
  ET_DNN_FORMAT /* a layer reads in another number format what an earlier layer reads too */
} et_dnn_status;

typedef enum et_dnn_kind {
  ET_DNN_DENSE = 1,
  ET_DNN_CONV,      /* a convolution in one dimension has height 1 */
  ET_DNN_DEPTHWISE, /* `outputs` is the multiplier: channels out = channels in * outputs */
  ET_DNN_MAX_POOL,
  ET_DNN_AVERAGE_POOL,
  ET_DNN_GLOBAL_AVERAGE_POOL,
  ET_DNN_FLATTEN,
  ET_DNN_ADD,
  ET_DNN_SOFTMAX
} et_dnn_kind;

typedef enum et_dnn_activation { ET_DNN_LINEAR, ET_DNN_RELU, ET_DNN_RELU6 } et_dnn_activation;
typedef enum et_dnn_padding { ET_DNN_VALID, ET_DNN_SAME } et_dnn_padding;
typedef enum et_dnn_update { ET_DNN_FROZEN, ET_DNN_BIAS, ET_DNN_ALL } et_dnn_update;
typedef enum et_dnn_format { ET_DNN_Q8, ET_DNN_F32 } et_dnn_format;
/* Of a layer with weights: that of the network, or its own. */
typedef enum et_dnn_layer_format { ET_DNN_AS_NETWORK, ET_DNN_LAYER_Q8, ET_DNN_LAYER_F32 } et_dnn_layer_format;
typedef enum et_dnn_head { ET_DNN_CLASSES, ET_DNN_VALUES, ET_DNN_RECONSTRUCTION } et_dnn_head;

#define ET_DNN_PREVIOUS 0u
#define ET_DNN_NETWORK_INPUT 255u

typedef struct et_dnn_layer {
  uint8_t kind;                                   /* et_dnn_kind */
  uint8_t activation;                             /* et_dnn_activation; dense, convolutions, add */
  uint8_t padding;                                /* et_dnn_padding; convolutions and pools */
  uint8_t update;                                 /* et_dnn_update; dense and convolutions */
  uint8_t kernel_h, kernel_w, stride_h, stride_w; /* a stride of 0 is 1, of a pool its kernel */
  uint16_t outputs;                               /* units, filters, or the multiplier of a depthwise convolution */
  uint16_t trained_rows; /* with ET_DNN_ALL: only the first so many rows or filters have their weights trained; 0 = all */
  uint8_t input;         /* ET_DNN_PREVIOUS, ET_DNN_NETWORK_INPUT, or the number of a layer, the first is 1 */
  uint8_t other;         /* the second input of an add */
  uint8_t format;        /* et_dnn_layer_format; dense and convolutions */
  uint8_t reserved;      /* 16 bytes, as a definition holds it */
} et_dnn_layer;

typedef struct et_dnn_network {
  uint16_t height, width, channels; /* of the input, rows of pixels of channels */
  uint8_t format;                   /* et_dnn_format: of every layer that has none of its own */
  uint8_t head;                     /* et_dnn_head */
  float input_scale;                /* an input byte q means input_scale * (q - input_zero) */
  int8_t input_zero;
  bool fixed_ranges; /* the ranges of the activations are those that an import brought; else they follow the data */
  uint8_t layer_count;
  const et_dnn_layer *layers;
} et_dnn_network;

typedef struct et_dnn_shape {
  uint16_t h, w, c;
} et_dnn_shape;

/* Buffers of a node in the working memory. */
typedef enum et_dnn_buffer {
  ET_DNN_ACTIVATION, /* what the layer gives: int8, or float */
  ET_DNN_MASK,       /* one bit each: the activation function passes its error; where the activations are not kept */
  ET_DNN_ARGMAX,     /* of the pool */
  ET_DNN_ERROR,      /* the loss's derivative by the activation */
  ET_DNN_FORWARD_SCRATCH,
  ET_DNN_ERROR_SCRATCH,
  ET_DNN_UPDATE_SCRATCH,
  ET_DNN_BUFFERS
} et_dnn_buffer;

/* Node 0 is the network's input, node k layer k with the tensor that it gives. Filled by et_dnn_compile. */
typedef struct et_dnn_node {
  et_dnn_layer layer;
  uint8_t operation;      /* et_dnn_operation, internal */
  uint8_t input, other;   /* nodes that own the tensors read */
  uint8_t owner;          /* node that owns this node's tensor: itself, or where a flatten or a fused pool stands the one before */
  uint8_t pool_h, pool_w; /* fused maximum; 1 = none */
  uint8_t pad_top, pad_left;
  uint16_t flags;            /* internal */
  uint8_t first, last;       /* lifetime of the activation */
  uint8_t passes;            /* last step that asks where the activation passes errors; 0 = none */
  uint8_t error_first;       /* the error comes to be here */
  et_dnn_shape in, mid, out; /* mid: before the fused pool */
  uint32_t row;              /* weights of an output channel */
  uint32_t weights, rest;    /* places: rows that are trained, rows that are not */
  uint32_t residuals, scales, multipliers, shifts, biases;
  uint32_t offset[ET_DNN_BUFFERS];
} et_dnn_node;

typedef struct et_dnn_plan {
  et_dnn_network network;
  et_dnn_node *nodes;    /* layer_count + 1 */
  uint8_t first_trained; /* node; 0 = none */
  uint8_t output;        /* node whose tensor is the answer */
  uint8_t logits;        /* node whose tensor the loss reads: the output, or what enters the last softmax */
  uint8_t layer;         /* et_dnn_compile failed: the layer at fault, the first is 1 */
  bool training;
  bool spread;           /* internal: the lifetimes of the buffers are known */
  uint32_t model_bytes;  /* a generation: everything that training changes; flat, without pointers */
  uint32_t frozen_bytes; /* what training does not change, may lie in flash */
  uint32_t work_bytes;
  uint32_t parameters;
  uint32_t forward_macs;
  uint32_t backward_macs; /* of a full, not sparse, backward pass */
} et_dnn_plan;

/* Checks a network and plans it; `nodes` has room for layer_count + 1. `training` false: only what inference needs. */
et_dnn_status et_dnn_compile(const et_dnn_network *network, bool training, et_dnn_node *nodes, et_dnn_plan *plan);

/* The same without the working memory: shapes, parameters, work. */
et_dnn_status et_dnn_shape_up(const et_dnn_network *network, bool training, et_dnn_node *nodes, et_dnn_plan *plan);

/* First and last step in which a node's buffer is in use, and its bytes (0 = not used). Steps: 1..layers forward, then the loss, then
 * two of each layer from the last to the first: its input's error, its update. For pictures of the memory. */
uint32_t et_dnn_buffer_span(const et_dnn_plan *plan, uint8_t node, et_dnn_buffer buffer, uint8_t *first, uint8_t *last);

/* What one layer takes of all that. */
typedef struct et_dnn_layer_cost {
  uint32_t parameters, trained; /* weights and biases; of them trained */
  uint32_t forward_macs, backward_macs;
  uint32_t model_bytes; /* of a generation, without its range */
} et_dnn_layer_cost;
/* Of the layer whose node is `k`. */
void et_dnn_cost_of_layer(const et_dnn_plan *plan, uint8_t k, et_dnn_layer_cost *cost);

/* Where a forward pass or a training step stands. */
typedef struct et_dnn_cursor {
  uint8_t input[sizeof(void *)]; /* a pointer to the bytes of the input, without its alignment: a cursor needs 4 bytes */
  uint8_t node;                  /* 0: the input is being loaded */
  uint8_t phase;
  uint16_t row;
  uint32_t at;
  int32_t largest; /* magnitude seen on the way */
  bool learns;     /* ranges follow what is seen */
  bool found;      /* an error that is not zero */
  bool beyond;     /* a weight reached the end of its range */
  uint32_t within; /* of what `at` counts, weights or taps that are done; long rows are taken in stretches */
  union {
    int32_t whole[4];
    float real[4];
  } sums; /* so far */
} et_dnn_cursor;

/* A network with its memory; all blocks 4-byte aligned. */
typedef struct et_dnn {
  const et_dnn_plan *plan;
  uint8_t *model;        /* model_bytes */
  const uint8_t *frozen; /* frozen_bytes */
  uint8_t *work;         /* work_bytes */
} et_dnn;

/* Random weights (He et al. 2015) for everything that is trained, ranges not known yet. */
void et_dnn_initialise(const et_dnn *net, uint32_t seed);

/* The same in slices: the generation is all zero when it begins. `random` comes from et_dnn_initialise_begin, the step is true when it
 * is done. */
void et_dnn_initialise_begin(et_dnn_cursor *cursor, uint32_t seed, uint32_t *random);
bool et_dnn_initialise_step(const et_dnn *net, et_dnn_cursor *cursor, uint32_t *random, uint32_t budget);

/* Parameters from elsewhere, after et_dnn_initialise: first the ranges of all tensors (`node` 0 is the input), then weights, their
 * scales and the biases (in units of input scale times weight scale) of each layer `k` that has them; a float layer gets the numbers
 * that they stand for. `frozen` is where
 * the frozen block is being made, NULL when only the generation is wanted. */
void et_dnn_import_range(const et_dnn *net, uint8_t node, float scale, int8_t zero);
void et_dnn_import_layer(const et_dnn *net, uint8_t *frozen, uint8_t k, const int8_t *weights, const float *scales, const int32_t *biases);

/* A layer looks at neighbours in the input: the order of the inputs means something. */
bool et_dnn_reads_places(const et_dnn_plan *plan);

/* Are these bytes a generation of this network, safe to run? */
bool et_dnn_valid(const et_dnn *net);

/* Inference in slices. The input: bytes that stay as they are until it ends; where layers read it in floats they are converted. */
void et_dnn_infer_begin(const int8_t *input, et_dnn_cursor *cursor);
et_dnn_status et_dnn_infer_step(const et_dnn *net, et_dnn_cursor *cursor, uint32_t budget);
/* Output i as a number: a logit, a probability behind a softmax, a value. */
float et_dnn_output(const et_dnn *net, uint16_t i);
uint16_t et_dnn_outputs(const et_dnn_plan *plan);
uint16_t et_dnn_largest_output(const et_dnn *net);

/* Samples: `input` gives the bytes of one. */
typedef struct et_dnn_set {
  const int8_t *(*input)(void *user, uint32_t sample);
  const uint8_t *labels;   /* ET_DNN_CLASSES */
  const float *targets;    /* ET_DNN_VALUES: outputs of a sample one behind the other, around -1 to 1; or NULL, then `target` gives them */
  const uint8_t *held_out; /* bitmap or NULL: not to be trained on; the epochs are judged by them */
  void *user;
  uint32_t count;
  float (*target)(void *user, uint32_t sample, uint32_t output);
} et_dnn_set;

typedef struct et_dnn_options {
  float rate;       /* learning rate at the start; it falls to 2 % along a cosine */
  float gate;       /* no backward pass when no output is further from its target than this; 0 = always one */
  float huber;      /* values: errors are cut to this; 0 = 1 */
  float smoothing;  /* classes: share of each label that all classes divide among themselves, 0 to 1 */
  float lambda_min; /* dynamic sparse update: share of rows or filters kept, by error magnitude; 0 or 1 = all */
  float lambda_max;
  uint16_t epochs;
  uint16_t patience; /* epochs without a better held-out result that end the training; 0 = never */
  uint32_t seed;
  uint8_t warm_up;              /* percent of the training over which the rate rises from zero to that curve; 0 = it begins there */
  bool in_order;                /* samples as they stand, not shuffled */
  bool plain;                   /* also work off errors that are zero: only to measure what skipping saves */
  bool unscaled;                /* follow the gradient of the bytes as it is: only to measure what quantization-aware scaling is worth */
  uint8_t *best;                /* model_bytes, or NULL: keeps the generation that did best on the held-out samples */
  struct et_train_curve *curve; /* model.h; NULL: nobody looks */
} et_dnn_options;

/* What the loss says of one sample. */
typedef struct et_dnn_loss {
  float largest; /* of the output errors, magnitude; 0..1 for classes */
  float square;  /* sum of their squares */
  uint32_t at;   /* output that comes next */
  uint8_t phase;
  bool right;  /* classes */
  bool beyond; /* an error is no number, or as good as none */
} et_dnn_loss;

typedef struct et_dnn_training {
  et_dnn net;
  const et_dnn_set *set;
  et_dnn_options options;
  et_dnn_cursor cursor;
  et_dnn_loss loss; /* of the present sample */
  uint32_t done;    /* samples of the whole training, all epochs; a training begun again goes on from here */
  uint32_t total;
  uint32_t backward;                              /* samples that needed a backward pass */
  uint32_t backward_macs_low, backward_macs_high; /* multiply-accumulates of backward passes that were done */
  uint32_t sample, stride, start;
  uint32_t evaluated;
  uint32_t prng;
  float rate;
  float error_scale; /* of the output's error */
  float loss_mean;   /* running mean */
  float loss_largest;
  float loss_sum; /* of the epoch */
  uint32_t loss_count;
  float held_out_sum;
  float best_score;
  uint16_t epoch, stale_epochs;
  uint16_t held_out_count;
  uint8_t stage;
  uint8_t failed_node; /* ET_DNN_NOT_FINITE: where */
  bool found;          /* a sample that is not held out */
} et_dnn_training;

/* Begins a training, or goes on with one that had done `resume_done` samples. */
et_dnn_status et_dnn_train_begin(et_dnn_training *training, const et_dnn *net, const et_dnn_set *set, const et_dnn_options *options,
                                 uint32_t resume_done);
/* One slice; the first ones look at all samples: ET_DNN_LABEL, a label or target out of range; ET_DNN_FEW, all are held out. A slice ends
 * with a sample at the latest, so that a cancel between two slices can wait for a whole one (`done` has grown). */
et_dnn_status et_dnn_train_step(et_dnn_training *training, uint32_t budget);

#ifdef __cplusplus
}
#endif
#endif
