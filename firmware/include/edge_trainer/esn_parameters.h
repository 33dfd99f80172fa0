/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#ifndef EDGE_TRAINER_ESN_PARAMETERS_H
#define EDGE_TRAINER_ESN_PARAMETERS_H

#include "edge_trainer/definition.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ET_SECTION_ESN_ID 17u
#define ET_SECTION_ESN_LAYOUT 1u

/* Parameters of esn. */
typedef struct et_esn_parameters {
  uint16_t units; /* units of the reservoir: more hear finer differences and take more memory; 16 to 200 */
  uint8_t reservoir; /* topology: a simple cycle, or sparse random connections; et_reservoir */
  uint8_t readout; /* how the readout learns: ridge regression at once, or recursive least squares sample by sample; et_readout */
  float cycle_weight; /* weight of the cycle, or spectral radius of a sparse reservoir; 0 to 1 */
  float input_weight; /* magnitude of every input weight; 0.001 to 1.99 */
  float leak; /* leak rate of the units; 1 = no leak; 0.01 to 1 */
  float ridge; /* regularisation, relative to the mean diagonal of the Gram matrix; 0.000001 to 1 */
  uint16_t washout; /* samples ignored after a start or a gap; 0 to 4096; sample */
  uint16_t window; /* samples per score; 8 to 1024; sample */
  uint16_t hop; /* samples between two scores; the window is 1 to 32 of them; 1 to 1024; sample */
  uint16_t calibration; /* windows that the threshold is calibrated on; 100 to 65535; window */
  float false_alarm; /* design probability that a healthy window is over the threshold; 0.00001 to 0.2 */
  uint8_t alarm_on; /* windows in a row over the threshold that raise the alarm; 1 to 255; window */
  uint8_t alarm_off; /* windows in a row that score like healthy ones and end the alarm; 1 to 255; window */
  uint8_t patterns; /* anomaly patterns that the board tells apart, at most; 0 to 16 */
  uint8_t decimation; /* samples averaged into one; 1 = every sample; 1 to 255 */
  float forgetting; /* forgetting factor of recursive least squares; above 0.9 to 1 */
  uint32_t learning_samples; /* samples of a learning phase, before calibration; 145 to 1000000; sample */
} et_esn_parameters;

extern const et_section_format et_section_esn;

static inline const et_esn_parameters *et_esn_of(const et_definition *definition) {
  return (const et_esn_parameters *)definition->parameters;
}

#ifdef __cplusplus
}
#endif

#endif
