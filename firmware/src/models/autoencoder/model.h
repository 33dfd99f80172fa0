/* Autoencoder of a stream: a network that reconstructs a window of all channels from a few numbers, its code.
 *
 * Trained on windows of the healthy machine alone, it has numbers for what they have in common and none for the rest (Bourlard & Kamp,
 * "Auto-association by multilayer perceptrons and singular value decomposition", 1988; as a detector of novelty: Japkowicz, Myers &
 * Gluck, "A novelty detection approach to classification", 1995). A fault shows in what is left over: per channel the logarithm of the
 * mean squared difference between a window and its reconstruction. A loud window leaves more over than a quiet one, so the channels'
 * energies are judged along with it, by their covariance (models/stream/healthy.h): the share that is left over hardly varies, while
 * the levels do. Either may fall as well as rise: a signal that has become simpler is reconstructed too well.
 *
 *   window W x K --> bytes, of 8 healthy standard deviations --> [hidden] --> code --> [hidden] --> W x K
 *
 * The network is the dnn family's: its plan, its kernels, its training in slices. Windows are recorded as bytes, a hop apart, in one
 * block of samples in which neighbours overlap, so that a window is a place in it. The first two thirds are learned; the others, which
 * share no sample with them, say how well healthy windows are reconstructed that nobody has learned. A generation so depends on the
 * samples alone, not on how long its training took; the running one scores meanwhile.
 *
 * shared memory: pattern table | padding to 8 | et_autoencoder_stream | et_watch … | features, solved | program | work | frames | coded
 * work memory:   padding to 8 | et_autoencoder_job | et_learning … | work | starts | recording */
#ifndef ET_AUTOENCODER_H
#define ET_AUTOENCODER_H

#include "edge_trainer/autoencoder_parameters.h"
#include "edge_trainer/dnn.h"
#include "edge_trainer/stream.h"
#include "models/stream/learning.h"
#include "models/stream/signal.h"
#include "models/stream/watch.h"

/* window x channels at most. */
#define ET_AUTOENCODER_INPUTS_MAX 256u
/* window / hop at most. */
#define ET_AUTOENCODER_BLOCKS_MAX 32u
#define ET_AUTOENCODER_LAYERS_MAX 4u
/* What the largest byte means, in healthy standard deviations; more is cut off. */
#define ET_AUTOENCODER_LIMIT 8.0f
#define ET_AUTOENCODER_UNIT (ET_AUTOENCODER_LIMIT / 127.0f)

/* One generation: this head, scale of each channel, the regime, the network. */
typedef struct et_autoencoder_block {
  uint8_t valid; /* 1 = learned; 0 = nothing else is in it */
  uint8_t channels;
  uint16_t window;
} et_autoencoder_block;

/* A network that was planned, with its layers. */
typedef struct et_autoencoder_program {
  const struct et_autoencoder_program *self; /* this one: else it is not made yet */
  uint32_t fingerprint;                      /* of the definition that it is made for */
  et_dnn_layer layers[ET_AUTOENCODER_LAYERS_MAX];
  et_dnn_node nodes[ET_AUTOENCODER_LAYERS_MAX + 1u];
  et_dnn_plan plan;
} et_autoencoder_program;

/* A window through a network; begin with {0}. */
typedef struct et_autoencoder_pass {
  et_dnn_cursor cursor;
  bool asked;
  uint16_t at; /* outputs compared */
  float square[ET_CHANNELS_MAX];
} et_autoencoder_pass;

typedef struct et_autoencoder_stream {
  uint32_t windows; /* scored or learned, for the result */
  uint8_t phase;    /* et_stream_phase */
  bool slice;       /* a slice of learning is due: one a sample */
  bool started;
  uint8_t stage;         /* what the last window has left to do */
  uint16_t part;         /* channel or element it is at */
  uint8_t since;         /* hops since the last scored window */
  uint8_t since_watched; /* hops since the last window that counted for the alarm */
  uint8_t constant;      /* of the last window */
  uint16_t filled;       /* samples in the window */
  uint16_t settle;       /* samples to come that do not count */
  uint16_t unheard;      /* samples to come until a window holds none of before the learning phase */
  et_signal signal;
  float log_rms;
  et_healthy_scoring scoring;
  et_autoencoder_pass pass;
} et_autoencoder_stream;

/* Windows that were recorded. */
typedef struct et_autoencoder_recording {
  int8_t *samples;
  uint32_t *starts; /* of the windows, in samples */
  unsigned channels;
} et_autoencoder_recording;
static inline const int8_t *et_autoencoder_recorded(const et_autoencoder_recording *recording, uint32_t window) {
  return recording->samples + recording->starts[window] * recording->channels;
}

/* A learning phase. */
typedef struct et_autoencoder_job {
  et_autoencoder_recording recording;
  uint8_t stage;
  bool follows;     /* the window before was recorded: the next one lies a hop behind it */
  uint16_t scaled;  /* windows that the scale is measured on */
  uint16_t windows; /* recorded */
  uint16_t at;      /* window that is measured */
  uint32_t samples; /* recorded */
  float quiet;      /* log RMS above which the machine runs, as far as learning has heard */
  float rate;
  float variance[ET_CHANNELS_MAX]; /* sums over the scaled windows */
  uint32_t random;
  et_dnn_cursor cursor;
  et_dnn_training training;
  et_dnn_set set;
  et_autoencoder_pass pass;
  et_autoencoder_program program;
} et_autoencoder_job;

/* Everything a call needs, found once from the context. */
typedef struct et_autoencoder_view {
  const et_definition *definition;
  const et_autoencoder_parameters *parameters;
  unsigned channels, inputs, blocks;
  et_healthy_shape shape;
  et_autoencoder_stream *stream;
  et_watch_view watch;
  float *features; /* log residual of each channel, log energy of each */
  float *solved;
  et_autoencoder_program *program;
  uint8_t *work;   /* of a decision */
  int16_t *frames; /* the window, register units from the running mean */
  int8_t *coded;   /* the same as the network takes it */
  et_autoencoder_job *job;
  et_learning *learning;
  et_autoencoder_recording recording;
  uint8_t *job_work; /* of a training */
} et_autoencoder_view;

/* model.c */
void et_autoencoder_view_of(const et_model_context *context, et_autoencoder_view *view);
/* The plan of decisions, made where it is not yet. */
const et_dnn_plan *et_autoencoder_plan(const et_autoencoder_view *view);
void et_autoencoder_make(const et_definition *definition, bool training, et_autoencoder_program *program);
uint32_t et_autoencoder_recorded_most(const et_definition *definition);
static inline float *et_autoencoder_scale(const et_autoencoder_block *block) { return (float *)(uintptr_t)(block + 1); }
et_healthy *et_autoencoder_healthy(const et_autoencoder_view *view, const et_autoencoder_block *block);
uint8_t *et_autoencoder_network(const et_autoencoder_view *view, const et_autoencoder_block *block);

/* stream.c: the path of a sample. */
bool et_autoencoder_sample(const et_model_context *context, void *running, void *candidate, const int16_t *values,
                           et_stream_result *result);
void et_autoencoder_gap(const et_model_context *context);
/* Samples until the running mean knows nothing of what was before. */
uint16_t et_autoencoder_settling(const et_autoencoder_view *view);

/* window.c: what a complete window means, in slices. */
void et_autoencoder_window_begin(const et_autoencoder_view *view);
/* True while there is something left; `*complete` when the result changed. */
bool et_autoencoder_window_step(const et_autoencoder_view *view, et_autoencoder_block *running, et_autoencoder_block *candidate,
                                et_stream_result *result, bool *complete);

/* reconstruct.c */
/* `count` values of the window from `at` on as bytes. */
void et_autoencoder_encode(const et_autoencoder_view *view, const float *scale, int8_t *coded, unsigned at, unsigned count);
/* One slice; true when `pass->square` holds the sums of the channels' squared errors, in healthy standard deviations. */
bool et_autoencoder_reconstruct(const et_dnn *net, const int8_t *input, unsigned channels, et_autoencoder_pass *pass, uint32_t budget);
/* The feature of a channel. */
float et_autoencoder_residual(const et_autoencoder_view *view, const et_autoencoder_pass *pass, unsigned channel);
/* Work units for one slice of a network in the format of the definition. */
uint32_t et_autoencoder_budget(const et_autoencoder_view *view);

/* learn.c: the learning phase. */
et_error et_autoencoder_learn(const et_model_context *context, const void *running, void *candidate, uint8_t regime);
/* The level under which the machine counts as off, as far as learning has heard. */
float et_autoencoder_quiet(const et_autoencoder_view *view);
/* The window that was measured, into scale or recording. */
void et_autoencoder_learn_window(const et_autoencoder_view *view, et_autoencoder_block *candidate);
/* Windows are missing, or one is not to be learned. */
void et_autoencoder_learn_gap(const et_autoencoder_view *view);
bool et_autoencoder_learn_slice(const et_autoencoder_view *view, et_autoencoder_block *candidate);
void et_autoencoder_train_end(const et_model_context *context, bool cancelled, et_train_report *report);

/* The machine is off below this share of the level that was learned. */
#define ET_AUTOENCODER_OFF_SHARE 0.05f

extern const et_model_ops et_autoencoder;

#endif
