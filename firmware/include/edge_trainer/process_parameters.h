/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#ifndef EDGE_TRAINER_PROCESS_PARAMETERS_H
#define EDGE_TRAINER_PROCESS_PARAMETERS_H

#include "edge_trainer/definition.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ET_SECTION_PROCESS_ID 19u
#define ET_SECTION_PROCESS_LAYOUT 1u

/* Parameters of process. */
typedef struct et_process_parameters {
  uint8_t window; /* samples that the residuals are averaged over; 1 to 64; sample */
  uint8_t lags; /* past samples that a prediction uses: order of the vector autoregression; 1 to 8 */
  uint8_t alarm_on; /* fewest windows that raise the alarm, when they are far from healthy; 1 to 255; window */
  uint8_t alarm_off; /* windows in a row that score like healthy ones and end the alarm; 1 to 255; window */
  uint8_t patterns; /* anomaly patterns that the board tells apart, at most; 0 to 16 */
  uint8_t decimation; /* samples averaged into one; 1 = every sample; 1 to 255 */
  uint16_t reserved; /* 0 */
  uint32_t learning; /* samples to learn the healthy process from; 100 to 1000000; sample */
  float ridge; /* regularisation, relative to the mean diagonal of the Gram matrix; 0.000001 to 1 */
  float margin; /* threshold, as a multiple of the largest score learned; 1 to 10 */
} et_process_parameters;

extern const et_section_format et_section_process;

static inline const et_process_parameters *et_process_of(const et_definition *definition) {
  return (const et_process_parameters *)definition->parameters;
}

#ifdef __cplusplus
}
#endif

#endif
