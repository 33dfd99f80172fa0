/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#ifndef EDGE_TRAINER_CORRELATION_PARAMETERS_H
#define EDGE_TRAINER_CORRELATION_PARAMETERS_H

#include "edge_trainer/definition.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ET_SECTION_CORRELATION_ID 18u
#define ET_SECTION_CORRELATION_LAYOUT 1u

/* Parameters of correlation. */
typedef struct et_correlation_parameters {
  uint16_t window; /* samples per score; 8 to 1024; sample */
  uint16_t hop; /* samples between two learned windows; the window is 1 to 32 of them; 1 to 1024; sample */
  uint16_t learning; /* windows to learn the healthy signal from, a hop apart; 64 to 65535; window */
  uint8_t score_every; /* hops between two scored windows; 1 to 32 */
  uint8_t lags; /* lags of the autocorrelation: how far back a sample is compared; 1 to 16 */
  uint8_t covariance; /* how features are combined: by their full covariance, or each by its own deviation (a tenth of the memory, for small boards); et_covariance */
  uint8_t regimes; /* places for operating regimes (speeds, loads) that are learned one by one; 1 to 8 */
  uint8_t context; /* name of the channel that gives the operating point (speed, load) and is not scored itself; empty = none; 0 to 8 */
  uint8_t alarm_on; /* fewest windows that raise the alarm, when they are far from healthy; 1 to 255; window */
  uint8_t alarm_off; /* windows in a row that score like healthy ones and end the alarm; 1 to 255; window */
  uint8_t patterns; /* anomaly patterns that the board tells apart, at most; 0 to 16 */
  uint8_t decimation; /* samples averaged into one; 1 = every sample; 1 to 255 */
  uint8_t reserved; /* 0 */
  float false_alarm; /* design probability that a healthy window is over the threshold; 0.00001 to 0.2 */
  float off_share; /* the machine counts as off below this share of the learned level (RMS): its windows are neither scored nor learned; 0.000001 to 0.5 */
  float context_tolerance; /* how far the context may lie outside the range that a regime learned, in the unit of the context; 0 to 65535 */
} et_correlation_parameters;

extern const et_section_format et_section_correlation;

static inline const et_correlation_parameters *et_correlation_of(const et_definition *definition) {
  return (const et_correlation_parameters *)definition->parameters;
}

#ifdef __cplusplus
}
#endif

#endif
