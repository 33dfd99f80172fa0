/* Echo state network on a stream of vibration samples: what it keeps in memory, and how its parts hang together.
 *
 * shared memory: pattern table | padding to 8 | et_esn_stream | et_watch … | raw ring | two et_esn_slot | recursive least squares (RLS)
 * work memory:   et_esn_job | Gram matrix (RIDGE; with RLS it lies where P will), and after it is solved et_learning …
 *
 * Both builds take the same memory, that of the larger, so that the plan the host makes (in float) holds on every board.
 *
 * A slot runs one reservoir: one for the running generation, one for a candidate that is being learned, since each scales its
 * inputs by what it found healthy. A slot belongs to the generation whose stamp it carries, so a promotion swaps nothing. */
#ifndef ET_ESN_MODEL_H
#define ET_ESN_MODEL_H

#include "edge_trainer/esn_parameters.h"
#include "edge_trainer/stream.h"
#include "models/esn/block.h"
#include "models/esn/readout.h"
#include "models/esn/reservoir.h"
#include "models/stream/learning.h"
#include "models/stream/signal.h"
#include "models/stream/watch.h"

/* window / hop at most. */
#define ET_ESN_BLOCKS_MAX 32u

typedef struct et_esn_slot {
  uint32_t stamp;
  uint16_t settle;                      /* washout samples to come */
  uint8_t filled;                       /* blocks in the ring */
  uint8_t at;                           /* place of the next block */
  bool partial;                         /* the present block has samples that do not count */
  int8_t exponent[ET_CHANNELS_MAX];     /* of the quantised readout */
  uint8_t scale_shift[ET_CHANNELS_MAX]; /* fixed point: input = (deviation * scale) >> shift */
  int32_t scale[ET_CHANNELS_MAX];
  union {
    et_esn_input next[ET_CHANNELS_MAX];
    float room[ET_CHANNELS_MAX];
  } prediction;
  union {
    et_esn_energy now;
    uint64_t room;
  } state_sum, residual_sum[ET_CHANNELS_MAX]; /* of the present block */
} et_esn_slot;

typedef struct et_esn_stream {
  uint32_t samples;
  uint32_t windows; /* scored or calibrated, for the result */
  uint32_t learned; /* samples of the learning phase */
  uint8_t phase;    /* et_stream_phase */
  bool signs_ready;
  uint8_t sign_draw;
  uint8_t candidate_slot;     /* 0 or 1 */
  uint8_t raw_filled, raw_at; /* ring of blocks of raw sums */
  bool raw_partial;
  uint16_t hop_at;
  et_signal signal;
  int32_t raw_sum[ET_CHANNELS_MAX];
  int64_t raw_square[ET_CHANNELS_MAX];

  uint8_t since_watched; /* hops since the last window that counted for the alarm */
  uint8_t conditions;    /* of the last complete window, and its constant channels */
  uint8_t constant;
  bool watching;                             /* the last window is scored; what it means for the alarm is worked out */
  float features[2u * ET_CHANNELS_MAX + 1u]; /* of that window */
  bool slice;                                /* a slice of what healthy looks like is due: one a sample */
  uint32_t live_stamp;                       /* the generation that scores */

  uint8_t adapting;     /* RLS memory: 0 free, 1 Gram matrix of the candidate, 2 P of the running generation */
  bool adapted;         /* weights changed since they were last quantised */
  uint8_t reload;       /* channels of the adapted readout that the slot has yet to take over */
  uint8_t adapt_slices; /* of the update left to do before the next sample */
  et_esn_rls rls;
} et_esn_stream;

/* A learning phase. */
typedef struct et_esn_job {
  et_esn_block *candidate;
  float square[ET_CHANNELS_MAX]; /* of deviations from the mean, register units */
  float correlation;             /* of the sign draw being tried */
  float least;
  uint8_t draw, lag, best;
  uint8_t shift;
  bool solved;
  bool adding;  /* the last sample's pair is being added: it comes to `target` */
  uint16_t row; /* next row of the Gram matrix */
  et_esn_input target[ET_CHANNELS_MAX];
  uint8_t loaded;  /* channels of the readout taken over */
  uint32_t scaled; /* samples in `square` */
  uint32_t pairs;  /* in the Gram matrix */
  et_esn_solve solve;
} et_esn_job;

/* Logarithms of the energies of one window. */
typedef struct et_esn_signature {
  float residual[ET_CHANNELS_MAX]; /* log mean squared residual per channel, in squared standard deviations */
  float energy[ET_CHANNELS_MAX];   /* log variance of the signal per channel, squared register units */
  float state;                     /* log mean square of a unit */
  float rms;                       /* half the log of the summed variances */
} et_esn_signature;

/* Everything a call needs, found once from the context. */
typedef struct et_esn_view {
  const et_definition *definition;
  const et_esn_parameters *parameters;
  unsigned channels, units, n, blocks;
  et_esn_reservoir reservoir;
  et_healthy_shape shape;
  et_esn_stream *stream;
  et_watch_view watch;
  et_learning *learning;
  uint8_t *masks;
  int32_t *raw_sums; /* blocks x channels */
  int64_t *raw_squares;
  uint8_t *slots[2];
  float *live; /* RLS: weights of the running generation as they adapt */
  float *rls;  /* RLS memory */
  et_esn_job *job;
  et_esn_cell *gram;
} et_esn_view;

void et_esn_view_of(const et_model_context *context, et_esn_view *view);
uint32_t et_esn_shared_bytes(const et_definition *definition);
uint32_t et_esn_work_bytes(const et_definition *definition);

/* Parts of a slot. */
static inline et_esn_slot *et_esn_slot_of(const et_esn_view *view, unsigned i) { return (et_esn_slot *)(void *)view->slots[i]; }
float *et_esn_ring(const et_esn_view *view, const et_esn_slot *slot);        /* blocks x (channels + 1): residuals, state */
et_esn_unit *et_esn_state(const et_esn_view *view, const et_esn_slot *slot); /* n */
et_esn_unit *et_esn_scratch(const et_esn_view *view, const et_esn_slot *slot);
et_esn_weight *et_esn_quantised(const et_esn_view *view, const et_esn_slot *slot); /* fixed-point build */

/* models/esn/stream.c: the path of a sample. */
bool et_esn_unfinished(const et_model_context *context, void *running, void *candidate, et_stream_result *result, bool *complete);
bool et_esn_background(const et_model_context *context, void *running, void *candidate);
bool et_esn_sample(const et_model_context *context, void *running, void *candidate, const int16_t *values, et_stream_result *result);
void et_esn_gap(const et_model_context *context);
/* The readout of a block, or `weights` in its place, to where a slot's prediction reads it. */
void et_esn_load_readout(const et_esn_view *view, et_esn_slot *slot, const float *weights);
/* The same for one channel, `weights` being its n. */
void et_esn_load_channel(const et_esn_view *view, et_esn_slot *slot, const float *weights, unsigned channel);

/* models/esn/learn.c: the learning phase. */
et_error et_esn_learn(const et_model_context *context, const void *running, void *candidate, uint8_t regime);
/* From the beginning. */
void et_esn_learn_begin(const et_esn_view *view, et_esn_block *block);
/* One slice of adding the last sample to the Gram matrix; false when there is nothing left to do. */
bool et_esn_learn_slice(const et_esn_view *view, et_esn_block *candidate);
/* One sample of a learning phase before calibration; `deviation` per channel, Q14 register units. */
void et_esn_learn_sample(const et_esn_view *view, et_esn_block *candidate, const int32_t *deviation);
et_error et_esn_train_step(const et_model_context *context, uint32_t budget, uint16_t *progress_permille);
void et_esn_train_end(const et_model_context *context, bool cancelled, et_train_report *report);

/* models/esn/stream.c, for models/esn/learn.c. */
void et_esn_slot_begin(const et_esn_view *view, et_esn_slot *slot, const et_esn_block *block);
void et_esn_slot_inputs(const et_esn_view *view, const et_esn_slot *slot, const et_esn_block *block, const int32_t *deviation,
                        et_esn_input *inputs);

/* window.c: what a finished window means. */
void et_esn_features(const et_esn_view *view, const et_esn_signature *signature, float *features);
void et_esn_conditions(const et_esn_view *view, const et_esn_block *running, const et_esn_signature *signature);
void et_esn_window(const et_esn_view *view, const et_esn_block *running, const et_esn_signature *signature, et_stream_result *result);

extern const et_model_ops et_esn;

#endif
