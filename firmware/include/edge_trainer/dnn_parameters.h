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
  float gate; /* no update, and no backward pass, from a sample whose outputs are all nearer to their targets than this; 0 to 1 */
  float lambda_min; /* smallest share of the rows or filters of a layer that one sample updates, those with the largest errors; 1 = all; 0.01 to 1 */
  float lambda_max; /* largest share of the rows or filters that one sample updates, used while the loss is large; 0.01 to 1 */
  float input_scale; /* value of one step of an input byte; 0 = 1/127, so that a feature reaches from -1 to 1 over its range; an imported network brings its own; 0 to 1000 */
  uint16_t height; /* height of the input: the features are read as rows of pixels of channels; 1 to 120 */
  uint16_t width; /* width of the input; 0 = as many as there are features; 0 to 120 */
  uint8_t channels; /* channels of the input: values of each pixel; 1 to 120 */
  uint8_t label_smoothing; /* percent of each label that all classes share: few samples do not make the network certain; 0 = none. A gate below it costs time and gains accuracy. Continuous outputs have none; 0 to 50 */
  uint16_t epochs; /* passes over the samples of one training; 1 to 65535 */
  int16_t input_zero; /* input byte that means zero; an imported network brings its own; -128 to 127 */
  uint8_t format; /* numbers of the network: q8 holds weights, activations, errors and gradients in bytes, which takes a quarter of the memory and runs fast on small boards; f32 is floating point; et_number_format */
  uint8_t fixed_ranges; /* keep the activation ranges of an imported network; otherwise they follow the data; 0 to 1 */
  uint16_t patience; /* epochs without a better result on the held-out samples, after which a training ends; 0 = never */
  uint8_t warm_start; /* start each training from the running model; else from random weights; 0 to 1 */
  uint8_t warm_up; /* percent of a training over which the learning rate rises from zero; 0 = none; 0 to 50 */
} et_dnn_parameters;

extern const et_section_format et_section_dnn;

#define ET_SECTION_LAYERS_ID 21u
#define ET_SECTION_LAYERS_LAYOUT 1u

/* Layers of a network, one entry each; shapes are checked by et_dnn_compile. */
typedef struct et_layer_entry {
  uint8_t kind; /* kind of one layer; et_layer */
  uint8_t activation; /* function that each output goes through; et_activation */
  uint8_t padding; /* what the layer sees beyond the edge of its input: nothing (valid), or zeros, so that a step of 1 keeps the size (same); et_padding */
  uint8_t update; /* what training changes: nothing (frozen), biases, which need little memory, or weights and biases (all); a layer that training does not change needs imported or restored weights; et_update */
  uint8_t kernel_h; /* height of the window; 1 where the input is one row */
  uint8_t kernel_w; /* width of the window: columns that the layer sees at a time */
  uint8_t stride_h; /* rows that the window moves per step; a pool that says 0 moves by its height */
  uint8_t stride_w; /* columns that the window moves per step; a pool that says 0 moves by its width */
  uint16_t outputs; /* units; in the last layer one for each class */
  uint16_t trained_rows; /* with update "all": training changes the weights of only so many units or filters, from the first; 0 = of all */
  uint8_t input; /* what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; "network" = the input of the network */
  uint8_t other; /* the second layer that the sum reads, by its number; "network" = the input of the network. Both have the same shape */
  uint8_t format; /* numbers of the layer: those of the network, or its own; layers that read the same layer have the same; et_layer_format */
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
