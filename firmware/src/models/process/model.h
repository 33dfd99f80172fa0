/* Slow processes: temperatures, pressures, flows once a second. What tells a fault there is not the spectrum of a channel but that the
 * channels no longer follow each other. A vector autoregression
 *
 *   z(t) = W [z(t-1) … z(t-p) 1]' + e(t),   z = (x - mean) / deviation,
 *
 * is fitted by ridge regression (Lütkepohl, "New introduction to multiple time series analysis", 2005); the mean of the residuals e over
 * `window` samples, channel by channel in its own healthy deviations, is the vector of features, and the largest of them the score. The
 * threshold is `margin` times the largest score of the samples that were learned: a process wanders, and what its next day brings is
 * not in them.
 *
 * The Gram matrix is summed up in integers, exact, of deviations from the first sample; mean and deviation are put in afterwards. A
 * process drifts, so residuals of the samples that were fitted say too little of those to come: a long phase is fitted on its first
 * half, and the spread of the residuals and the threshold come from the second. On the 2.6 hours of SKAB without a fault, 2000 rows learned,
 * this brings the rows over the threshold from 45 % to 2 %. A phase of at most ET_PROCESS_ROWS samples, which is too short for that,
 * is kept and gone through again.
 *
 * What no learning phase shows is how far the process wanders afterwards: a room warms up for hours, and the regression extrapolates. So the
 * centre of the residuals follows while all is quiet, as slowly as the learning phase was long, and by one threshold at most: a fault
 * that creeps more slowly is found when it has gone that far (Gallagher, Wise, Butler, White & Barna, "Development and benchmarking of
 * multivariate statistical process control tools for a semiconductor etch process: improving robustness through model updating", 1997; Li,
 * Yue, Valle-Cervantes & Qin, "Recursive PCA for adaptive process monitoring", 2000). Spread and threshold stay frozen: ones that
 * follow would follow a fault. After a restart and for another generation it begins at the learned centre.
 *
 * Multiplications a sample with K channels: p K^2 for the residuals, 3 K for mean and score.
 *
 * shared memory: pattern table | padding to 8 | et_process_stream | et_watch … | ring, features | history
 * work memory:   et_process_job | cross, gram | factor, ring | rows | past */
#ifndef ET_PROCESS_H
#define ET_PROCESS_H

#include "edge_trainer/process_parameters.h"
#include "edge_trainer/stream.h"
#include "models/stream/healthy.h"
#include "models/stream/learning.h"
#include "models/stream/signal.h"
#include "models/stream/watch.h"

/* Samples of a phase that is kept whole. */
#define ET_PROCESS_ROWS 400u
#define ET_PROCESS_WINDOW_MAX 64u
#define ET_PROCESS_LAGS_MAX 8u
#define ET_PROCESS_LEARNING_MIN 100u
/* Quiet: a score below this share of the threshold. */
#define ET_PROCESS_QUIET 0.7f

/* One generation: this head, the regime, then mean and scale (channels each) and weights (channels x regressors). */
typedef struct et_process_block {
  uint8_t valid; /* 1 = learned; 0 = nothing else is in it */
  uint8_t channels;
  uint8_t lags;
  uint8_t constant; /* bit k: channel k did not move while learning: it is not judged */
} et_process_block;

typedef struct et_process_stream {
  uint32_t windows;
  uint8_t phase;         /* et_stream_phase */
  bool slice;            /* a slice of learning is due: one a sample */
  uint8_t stage, part;   /* of the last sample: what comes next, at which channel */
  uint8_t known;         /* samples in the history, up to lags */
  uint8_t filled, at;    /* residuals in the ring */
  uint8_t since_watched; /* samples since the last window that counted for the alarm */
  et_signal signal;
  uint16_t still; /* samples in a row like the one before, in every channel */
  int16_t now[ET_CHANNELS_MAX];
  const et_process_block *followed_of; /* the generation that `followed` belongs to */
  float followed[ET_CHANNELS_MAX];     /* how far the centre of the residuals has moved since it was learned */
} et_process_stream;

/* A learning phase. */
typedef struct et_process_job {
  uint32_t samples;
  uint8_t stage;
  bool waiting;  /* the last sample is still to be worked into it */
  uint8_t known; /* samples in `past`, up to lags */
  uint16_t row, column;
  uint8_t filled, at; /* residuals in the ring */
  uint16_t averaged;  /* windows measured */
  float ridge;
  float highest;                                       /* level */
  float least[ET_CHANNELS_MAX], most[ET_CHANNELS_MAX]; /* of the residuals' means */
  et_moments moments;
  int16_t origin[ET_CHANNELS_MAX];
  int64_t sum[ET_CHANNELS_MAX], square[ET_CHANNELS_MAX]; /* of deviations from the origin */
} et_process_job;

typedef struct et_process_view {
  const et_process_parameters *parameters;
  unsigned channels, lags, regressors; /* channels x lags + 1 */
  et_healthy_shape shape;
  uint32_t regime_bytes;
  et_process_stream *stream;
  et_watch_view watch;
  float *ring;      /* window x channels residuals */
  float *features;  /* channels */
  int16_t *history; /* lags x channels, newest first */
  et_process_job *job;
  int64_t *cross;       /* regressors x channels */
  int64_t *gram;        /* packed, regressors */
  float *factor;        /* packed, regressors */
  float *learning_ring; /* window x channels residuals */
  int16_t *rows;        /* ET_PROCESS_ROWS x channels */
  int16_t *past;        /* lags x channels, newest first */
} et_process_view;

void et_process_view_of(const et_model_context *context, et_process_view *view);
static inline et_healthy *et_process_healthy(const et_process_block *block) { return (et_healthy *)(uintptr_t)(block + 1); }
float *et_process_mean(const et_process_view *view, const et_process_block *block);
float *et_process_scale(const et_process_view *view, const et_process_block *block);
float *et_process_weights(const et_process_view *view, const et_process_block *block, unsigned channel);
/* e(t) of one channel; `past`: lags x channels, newest first. */
float et_process_residual(const et_process_view *view, const et_process_block *block, unsigned channel, const int16_t *now,
                          const int16_t *past);
/* `now` becomes the newest of `past`. */
void et_process_push(const et_process_view *view, int16_t *past, const int16_t *now);
/* Mean of a full ring's residuals of one channel. */
float et_process_average(const et_process_view *view, const float *ring, unsigned channel);
/* Root mean square of the channels' deviations from their means: the baseline. */
float et_process_level(const et_process_view *view, const et_process_block *block, const int16_t *now);

/* stream.c: the path of a sample. */
bool et_process_sample(const et_model_context *context, void *running, void *candidate, const int16_t *values, et_stream_result *result);
/* Nothing moves: the plant is at rest, or its sensors are dead. */
bool et_process_rests(const et_process_view *view);
bool et_process_step(const et_process_view *view, et_process_block *running, et_stream_result *result, bool *complete);
void et_process_gap(const et_model_context *context);

/* learn.c: the learning phase. */
et_error et_process_learn(const et_model_context *context, const void *running, void *candidate, uint8_t regime);
/* Samples are missing. */
void et_process_learn_gap(const et_process_view *view);
/* From the beginning. */
void et_process_learn_begin(const et_process_view *view);
/* One sample of a learning phase. */
void et_process_learn_sample(const et_process_view *view);
bool et_process_learn_slice(const et_process_view *view, et_process_block *candidate);

extern const et_model_ops et_process;

#endif
