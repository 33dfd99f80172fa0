/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#ifndef EDGE_TRAINER_DNN_PARAMETERS_H
#define EDGE_TRAINER_DNN_PARAMETERS_H

#include "edge_trainer/definition.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ET_SECTION_DNN_ID 20u
#define ET_SECTION_DNN_LAYOUT 1u

/* Parameters of dnn. */
typedef struct et_dnn_parameters {
  float rate; /* learning rate at the start of a training; it falls to 2 % along a smooth curve; 0.000001 to 10 */
  float gate; /* no backward pass for a sample whose outputs are all nearer to their targets than this; 0 to 1 */
  float lambda_min; /* smallest share of the rows or filters of a layer that one sample updates, those with the largest errors; 1 = all; 0.01 to 1 */
  float lambda_max; /* largest such share, used while the loss is large; 0.01 to 1 */
  float input_scale; /* value of one step of an input byte; 0 = 1/127, so that a feature reaches from -1 to 1 over its range; an imported network brings its own; 0 to 1000 */
  uint16_t height; /* height of the input: features are read as rows of pixels of channels; 1 to 120 */
  uint16_t width; /* width of the input; 0 = as many as there are features; 0 to 120 */
  uint8_t channels; /* channels of the input; 1 to 120 */
  uint8_t label_smoothing; /* percent of each label that all classes share, so that few samples do not make the network certain; continuous outputs have none; 0 to 50 */
  uint16_t epochs; /* passes over the samples of one training; 1 to 65535 */
  int16_t input_zero; /* input byte that means zero; -128 to 127 */
  uint8_t format; /* numbers of the network: q8 holds weights, activations, errors and gradients in bytes, f32 in floating point; et_number_format */
  uint8_t fixed_ranges; /* keep the activation ranges of an imported network; otherwise they follow the data; 0 to 1 */
  uint16_t patience; /* epochs without a better result on the held-out samples, after which a training ends; 0 = never */
  uint8_t warm_start; /* start each training from the running model; else from random weights; 0 to 1 */
  uint8_t warm_up; /* percent of a training over which the rate rises from zero to that curve; 0 to 50 */
} et_dnn_parameters;

extern const et_section_format et_section_dnn;

#define ET_SECTION_LAYERS_ID 21u
#define ET_SECTION_LAYERS_LAYOUT 1u

/* Layers of a network, one entry each; shapes are checked by et_dnn_compile. */
typedef struct et_layer_entry {
  uint8_t kind; /* kind of one layer; et_layer */
  uint8_t activation; /* activation function; et_activation */
  uint8_t padding; /* what the layer reads beyond the edge of its input: nothing (valid), or zeros so that a stride of 1 keeps the size (same); et_padding */
  uint8_t update; /* what training changes: nothing (frozen), biases, or weights and biases (all); et_update */
  uint8_t kernel_h; /* height of the window */
  uint8_t kernel_w; /* width of the window */
  uint8_t stride_h; /* rows per step of the window */
  uint8_t stride_w; /* columns per step of the window */
  uint16_t outputs; /* units; in the last layer one for each class */
  uint16_t trained_rows; /* with update "all": training changes the weights of only this many units, from the first; 0 = of all */
  uint8_t input; /* what it reads: the number of an earlier layer, the first is 1; 0 = the layer before, "network" = the input of the network */
  uint8_t other; /* number of the second layer that it reads; "network" = the input of the network */
  uint8_t format; /* numbers of the layer: those of the network, or its own; the layers that read one layer have the same; et_layer_format */
  uint8_t reserved[1];
} et_layer_entry;

extern const et_section_format et_section_layers;

static inline const et_dnn_parameters *et_dnn_of(const et_definition *definition) {
  return (const et_dnn_parameters *)definition->parameters;
}

#ifdef __cplusplus
}
#endif

#endif
