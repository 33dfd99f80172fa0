/* Correlation features of a stream: what a window of vibration is made of without any network.
 *
 * Per channel the logarithm of the variance and the autocorrelation at lags 1 to `lags`, and per pair of channels their correlation, in a
 * window with its mean removed. The autocorrelation is the power spectrum in another base (Wiener & Khinchin), cheap to have without a
 * transform: one multiplication a lag and sample, in integers. What a window's vector is worth is for models/stream/healthy.h to say.
 *
 * A window is made of blocks a hop long, whose sums are kept in a ring. Windows that are learned begin a hop apart, windows that are scored
 * `score_every` hops apart: by default they share no sample.
 *
 * Multiplications a sample with K channels, L lags, windows of W that do not overlap, d = K (L + 1) + K (K - 1) / 2 features:
 * d for the products, (d (d + 1) / 2 + 3 d) / W for the window. K = 3, L = 12, W = 64: 42 + 16 = 58.
 *
 * shared memory: pattern table | padding to 8 | et_correlation_stream | present products | ring | features, solved | et_watch … | history
 * work memory:   et_learning … */
#ifndef ET_CORRELATION_H
#define ET_CORRELATION_H

#include "edge_trainer/correlation_parameters.h"
#include "edge_trainer/stream.h"
#include "models/stream/learning.h"
#include "models/stream/signal.h"
#include "models/stream/watch.h"

/* window / hop at most. */
#define ET_CORRELATION_BLOCKS_MAX 32u
#define ET_CORRELATION_LAGS_MAX 16u
#define ET_REGIMES_MAX 8u

/* One generation: this head, then `regimes` regimes. */
typedef struct et_correlation_block {
  uint8_t valid; /* 1 = at least one regime is learned; 0 = nothing else is in it */
  uint8_t regimes;
  uint16_t dimensions;
} et_correlation_block;

typedef struct et_correlation_stream {
  uint32_t windows; /* scored or learned, for the result */
  uint8_t phase;    /* et_stream_phase */
  uint8_t learning_regime;
  bool slice;            /* a slice of learning is due: one a sample */
  uint8_t stage;         /* what the last window has left to do */
  uint8_t part;          /* channel or regime it is at */
  uint8_t since;         /* hops since the last scored window */
  uint8_t since_watched; /* hops since the last window that counted for the alarm */
  uint8_t filled, at;    /* blocks in the ring, place of the next */
  bool partial;          /* the present block has samples that do not count */
  uint16_t hop_at;
  uint16_t settle;          /* samples to come that do not count */
  uint16_t learning_settle; /* samples to come until a window holds none of before the learning phase */
  bool started;
  int32_t sum[ET_CHANNELS_MAX];
  et_signal signal;
  uint8_t constant; /* of the last window */
  float log_rms;
  int16_t context;
  float quiet;  /* log RMS above which the machine runs, as far as learning has heard */
  uint8_t best; /* regime nearest so far, and its score */
  float best_score;
  et_healthy_scoring scoring;
} et_correlation_stream;

/* Everything a call needs, found once from the context. */
typedef struct et_correlation_view {
  const et_correlation_parameters *parameters;
  unsigned inputs;   /* values of a sample */
  unsigned channels; /* of them judged: all but the context */
  int context;       /* place of the context among the values; -1 = none */
  unsigned lags, blocks;
  et_healthy_shape shape; /* dimensions = products */
  uint32_t regime_bytes;
  et_correlation_stream *stream;
  int64_t *products; /* of the present block, in the order of the features */
  float *ring;       /* blocks x (dimensions + inputs): products, sums */
  float *features, *solved;
  et_watch_view watch;
  int16_t *history; /* channels x lags, newest first */
  et_learning *learning;
} et_correlation_view;

void et_correlation_view_of(const et_model_context *context, et_correlation_view *view);
static inline et_healthy *et_correlation_regime(const et_correlation_view *view, const et_correlation_block *block, unsigned regime) {
  return (et_healthy *)(void *)((uint8_t *)(uintptr_t)(block + 1) + regime * view->regime_bytes);
}

/* stream.c: the path of a sample. */
bool et_correlation_sample(const et_model_context *context, void *running, void *candidate, const int16_t *values,
                           et_stream_result *result);
void et_correlation_gap(const et_model_context *context);
/* Samples until the running mean and the lags know nothing of what was before. */
uint16_t et_correlation_settling(const et_correlation_view *view);
/* window.c: what a complete window means, in slices. */
void et_correlation_window_begin(const et_correlation_view *view);
/* True while there is something left; `*complete` when the result changed. */
bool et_correlation_window_step(const et_correlation_view *view, et_correlation_block *running, et_stream_result *result, bool *complete);
/* learn.c: the learning phase. */
et_error et_correlation_learn(const et_model_context *context, const void *running, void *candidate, uint8_t regime);
/* The window that was measured, into the rows. */
/* True while a regime is learned that `running` does not know. */
bool et_correlation_learns_new(const et_correlation_view *view, const et_correlation_block *running);
void et_correlation_learn_window(const et_correlation_view *view);
bool et_correlation_learn_slice(const et_correlation_view *view, et_correlation_block *candidate);
void et_correlation_train_end(const et_model_context *context, bool cancelled, et_train_report *report);

extern const et_model_ops et_correlation;

#endif
