/* What the arena holds for continuous outputs beside the samples' targets. */
#ifndef ET_OUTPUT_ERRORS_H
#define ET_OUTPUT_ERRORS_H

#include <stdint.h>

/* Rows of values beside those of the tickets: the decision shown, the targets told last, what was given last. */
#define ET_VALUE_ROWS 3u

/* Sums over the samples of an evaluation, of one output, register units. At most 4096 samples of 65535 each: below 2^28. */
typedef struct et_output_errors {
  uint32_t candidate, running, mean; /* absolute errors */
  int32_t sum;                       /* of the targets that are trained on */
  uint16_t samples;                  /* of them */
  int16_t mean_target;
  uint16_t shown, shown_mean; /* mean errors of the running model, as registers show them */
} et_output_errors;

#endif
