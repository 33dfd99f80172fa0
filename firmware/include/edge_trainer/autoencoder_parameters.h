/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#ifndef EDGE_TRAINER_AUTOENCODER_PARAMETERS_H
#define EDGE_TRAINER_AUTOENCODER_PARAMETERS_H

#include "edge_trainer/definition.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ET_SECTION_AUTOENCODER_ID 24u
#define ET_SECTION_AUTOENCODER_LAYOUT 1u

/* Parameters of autoencoder. */
typedef struct et_autoencoder_parameters {
  uint16_t window; /* samples per score; times the channels at most 256; 8 to 256; sample */
  uint16_t hop; /* samples between two learned windows; the window is 1 to 32 of them; 1 to 256; sample */
  uint16_t learning; /* windows to record, a hop apart: the network learns the first two thirds, the last third sets the healthy score; 195 to 8192; window */
  uint8_t hidden; /* units of a layer before the code and of one behind it; 0 = no such layers; 0 to 128 */
  uint8_t code; /* numbers that a window is reconstructed from; 1 to 64 */
  uint8_t score_every; /* hops between two scored windows; 1 to 32 */
  uint8_t format; /* numbers of the network: q8 holds weights, activations, errors and gradients in bytes, which takes a quarter of the memory and runs fast on small boards; f32 is floating point; et_number_format */
  uint8_t alarm_on; /* fewest windows that raise the alarm, when they are far from healthy; 1 to 255; window */
  uint8_t alarm_off; /* windows in a row that score like healthy ones and end the alarm; 1 to 255; window */
  uint8_t patterns; /* anomaly patterns that the board tells apart, at most; 0 to 16 */
  uint8_t decimation; /* samples averaged into one; 1 = every sample; 1 to 255 */
  uint16_t epochs; /* passes over the windows of one training; 1 to 1000 */
  float false_alarm; /* design probability that a healthy window is over the threshold; 0.00001 to 0.2 */
  float rate; /* learning rate at the start of a training, for a window as a whole; it falls to 2 % along a smooth curve; 0.001 to 2 */
} et_autoencoder_parameters;

extern const et_section_format et_section_autoencoder;

static inline const et_autoencoder_parameters *et_autoencoder_of(const et_definition *definition) {
  return (const et_autoencoder_parameters *)definition->parameters;
}

#ifdef __cplusplus
}
#endif

#endif
