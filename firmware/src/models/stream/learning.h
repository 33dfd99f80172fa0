/* From healthy windows to a regime: mean, covariance, thresholds.
 *
 * The scores of the windows that were learned are too small: mean and covariance were fitted to them, and neighbours overlap. On real
 * fans thresholds from such scores gave 30 to 48 % false alarms. So the rows are cut into eight blocks in time, each is scored by mean and
 * covariance of the others, with a gap on either side that no shared sample crosses (leave-block-out: Burman, Chow & Nolan, "A
 * cross-validatory method for dependent data", Biometrika 81, 1994). The squared scores follow about a gamma distribution, which their
 * first two moments give; its quantile is the threshold. Mean and deviation of their logarithms serve the CUSUM.
 *
 * Work goes by rows and elements, in slices. The regime that is being learned is the scratch memory of the eight fits before its own. */
#ifndef ET_STREAM_LEARNING_H
#define ET_STREAM_LEARNING_H

#include "models/stream/healthy.h"

#define ET_LEARNING_BLOCKS 8u
/* Rows kept at most: for a full covariance, for a diagonal one. Even, so that strides pair up exactly. */
#define ET_LEARNING_ROWS_FULL 112u
#define ET_LEARNING_ROWS_DIAGONAL 64u
/* Windows to learn from at least: a block of them has at least four rows beside its gap. */
#define ET_LEARNING_WINDOWS_MIN 64u

/* A feature as a row keeps it: Q10, clipped to +-31. */
#define ET_ROW_UNIT (1.0f / 1024.0f)
int16_t et_row_of(float value);

/* Sums that give the moments of a gamma and of a normal distribution. */
typedef struct et_moments {
  uint16_t count;
  float square, fourth; /* of the scores */
  float log, log_square;
} et_moments;
void et_moments_add(et_moments *moments, float score);
/* Score exceeded with probability `q`: square root of the gamma quantile (Wilson & Hilferty's cube, 1931). */
float et_moments_threshold(const et_moments *moments, float q);
/* Standard normal deviate exceeded with probability q, 1e-6 < q < 0.5 (Abramowitz & Stegun 26.2.23, within 4.5e-4). */
float et_normal_deviate(float q);

typedef struct et_learning {
  uint16_t room; /* rows there is room for */
  uint16_t rows;
  uint16_t stride;  /* every stride-th window is kept, which one is drawn: a fixed one could beat with the turning of the shaft */
  uint32_t windows; /* seen */
  uint8_t overlap;  /* windows that share samples: window / hop */
  uint8_t stage;    /* 0 taking windows, then of one fit: means, covariance, factor, scores */
  uint8_t part;     /* block left out; ET_LEARNING_BLOCKS = none */
  uint16_t row, column;
  uint16_t used; /* rows in the present fit */
  int16_t context_least, context_most;
  et_moments moments;
  et_healthy_scoring scoring;
} et_learning;

/* Memory: et_learning, then rows of dimensions + 1 int16 (the last is log RMS), then scratch of 2 x dimensions floats. */
uint32_t et_learning_bytes(const et_healthy_shape *shape);
void et_learning_begin(et_learning *learning, const et_healthy_shape *shape, uint8_t overlap);
/* One healthy window. */
void et_learning_window(et_learning *learning, const et_healthy_shape *shape, const float *features, float log_rms, int16_t context);
/* Windows enough: compute. `healthy` was cleared. At most about `budget` work units; true when the regime is complete. */
bool et_learning_step(et_learning *learning, et_healthy *healthy, float q, uint32_t budget);

#endif
