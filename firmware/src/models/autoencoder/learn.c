/* The learning phase: scale and windows of the healthy machine, then in slices the training of the network, the reconstruction of
 * windows that it has not seen, and the regime that they make. */
#include <math.h>
#include <string.h>

#include "models/autoencoder/model.h"
#include "models/kernels/exact.h"

/* Work units of the regime between two samples. */
#define LEARNING_WORK 2048u
/* Windows, a hop apart, that the scale of the channels is measured on. */
#define SCALE_WINDOWS 32u
/* A training that came to what is no number begins again with this share of its rate. */
#define CALMER 0.25f

enum { SCALE, RECORD, INITIALISE, TRAIN, MEASURE, JUDGE };

static void listen(const et_autoencoder_view *view) {
  et_autoencoder_job *job = view->job;
  job->stage = SCALE;
  job->follows = false;
  job->scaled = job->windows = 0;
  job->samples = 0;
  memset(job->variance, 0, sizeof job->variance);
}

et_error et_autoencoder_learn(const et_model_context *context, const void *running, void *candidate, uint8_t regime) {
  et_autoencoder_view view;
  et_autoencoder_view_of(context, &view);
  et_autoencoder_block *block = candidate;
  (void)running;
  if (regime > 1u) return ET_VALUE; /* no bank */
  if (view.watch.watch->alarm) return ET_ALARM_ACTIVE;
  memset(block, 0, sizeof *block);
  memset(view.job, 0, sizeof *view.job);
  block->channels = (uint8_t)view.channels;
  block->window = view.parameters->window;
  et_healthy_clear(et_autoencoder_healthy(&view, block), &view.shape);
  listen(&view);
  view.job->quiet = -INFINITY;
  view.stream->unheard = view.parameters->window;
  view.stream->phase = ET_STREAM_LEARNING;
  return ET_OK;
}

float et_autoencoder_quiet(const et_autoencoder_view *view) { return view->job->quiet; }

void et_autoencoder_learn_gap(const et_autoencoder_view *view) {
  if (view->stream->phase == ET_STREAM_LEARNING) view->job->follows = false;
}

/* Scale of each channel: 1 / its standard deviation. */
static void measure_scale(const et_autoencoder_view *view, et_autoencoder_block *candidate) {
  et_autoencoder_job *job = view->job;
  for (unsigned k = 0; k < view->channels; k++) job->variance[k] += view->solved[k];
  if (++job->scaled < SCALE_WINDOWS) return;
  for (unsigned k = 0; k < view->channels; k++)
    et_autoencoder_scale(candidate)[k] = 1.0f / sqrtf(job->variance[k] / (float)SCALE_WINDOWS + ET_ROUNDING_VARIANCE);
  job->stage = RECORD;
}

static void begin_training(const et_autoencoder_view *view) {
  et_autoencoder_job *job = view->job;
  et_autoencoder_make(view->definition, true, &job->program);
  /* A step moves the reconstruction of its window by rate x power of the window, which is about 1 an input; beyond 2 in all it would grow. */
  job->rate = view->parameters->rate / (float)view->inputs;
  job->stage = INITIALISE;
  job->cursor.node = 0;
  job->random = 0;
  view->stream->phase = ET_STREAM_CALIBRATING;
}

/* Of so many windows the first ones are learned. */
static uint16_t learned_of(uint16_t windows) { return (uint16_t)(2u * (windows / 3u)); }

/* Gaps have used up the room: learns from the windows that there are, or forgets them when they are too few. */
static void end_early(const et_autoencoder_view *view) {
  if (view->job->windows / 3u < ET_LEARNING_WINDOWS_MIN + view->blocks) listen(view);
  else begin_training(view);
}

/* The window into the recording: what it does not share with the one before. */
static void record(const et_autoencoder_view *view, const et_autoencoder_block *candidate) {
  et_autoencoder_job *job = view->job;
  const et_autoencoder_parameters *p = view->parameters;
  const uint32_t fresh = job->follows ? p->hop : p->window;
  if (job->samples + fresh > et_autoencoder_recorded_most(view->definition)) {
    end_early(view);
    return;
  }
  job->samples += fresh;
  const uint32_t start = job->samples - p->window;
  view->recording.starts[job->windows++] = start;
  et_autoencoder_encode(view, et_autoencoder_scale(candidate), view->recording.samples + start * view->channels,
                        (p->window - fresh) * view->channels, fresh * view->channels);
  job->follows = true;
  if (job->windows == p->learning) begin_training(view);
}

void et_autoencoder_learn_window(const et_autoencoder_view *view, et_autoencoder_block *candidate) {
  et_autoencoder_stream *s = view->stream;
  et_autoencoder_job *job = view->job;
  /* The signal got so much louder that the machine cannot have run before: forgets what was learned. */
  if (job->scaled > 0u && s->log_rms > job->quiet - et_logarithm(ET_AUTOENCODER_OFF_SHARE)) {
    listen(view);
    job->quiet = s->log_rms;
  }
  if (!(job->quiet >= s->log_rms)) job->quiet = s->log_rms;
  if (job->stage == SCALE) measure_scale(view, candidate);
  else record(view, candidate);
}

static const int8_t *input_of(void *user, uint32_t window) { return et_autoencoder_recorded(user, window); }

static et_dnn net_of(const et_autoencoder_view *view, const et_autoencoder_block *candidate) {
  return (et_dnn){&view->job->program.plan, et_autoencoder_network(view, candidate), NULL, view->job_work};
}

/* One slice of random weights; with the last one the training begins. */
static void initialise_slice(const et_autoencoder_view *view, const et_autoencoder_block *candidate) {
  et_autoencoder_job *job = view->job;
  const et_dnn net = net_of(view, candidate);
  if (job->random == 0) {
    memset(net.model, 0, net.plan->model_bytes);
    et_dnn_initialise_begin(&job->cursor, view->definition->core->seed, &job->random);
    return;
  }
  if (!et_dnn_initialise_step(&net, &job->cursor, &job->random, et_autoencoder_budget(view))) return;
  const et_dnn_options options = {.rate = job->rate, .epochs = view->parameters->epochs, .seed = view->definition->core->seed};
  job->recording = view->recording;
  job->set = (et_dnn_set){.input = input_of, .user = &job->recording, .count = learned_of(job->windows)};
  (void)et_dnn_train_begin(&job->training, &net, &job->set, &options, 0);
  job->stage = TRAIN;
}

static void train_slice(const et_autoencoder_view *view) {
  et_autoencoder_job *job = view->job;
  const et_dnn_status status = et_dnn_train_step(&job->training, et_autoencoder_budget(view));
  if (status == ET_DNN_BUSY) return;
  if (status != ET_DNN_OK) {
    job->rate *= CALMER;
    job->random = 0;
    job->stage = INITIALISE;
    return;
  }
  const uint16_t learned = learned_of(job->windows);
  job->at = learned;
  const uint32_t *starts = view->recording.starts;
  while (starts[job->at] < starts[learned - 1u] + view->parameters->window) job->at++;
  job->pass = (et_autoencoder_pass){0};
  et_learning_begin(view->learning, &view->shape, (uint8_t)view->blocks);
  job->stage = MEASURE;
}

/* Energies of a recorded window, as those of the stream: log variance in register units. */
static float energies_of(const et_autoencoder_view *view, const et_autoencoder_block *candidate, const int8_t *input, float *energies) {
  const int32_t n = view->parameters->window;
  float all = 0.0f;
  for (unsigned k = 0; k < view->channels; k++) {
    int32_t sum = 0, square = 0; /* 256 x 127^2 at most; n times that, below 2^31 */
    for (unsigned i = k; i < view->inputs; i += view->channels) {
      sum += input[i];
      square += input[i] * input[i];
    }
    const float unit = ET_AUTOENCODER_UNIT / et_autoencoder_scale(candidate)[k] / (float)n;
    const float variance = (float)(n * square - sum * sum) * unit * unit + ET_ROUNDING_VARIANCE;
    energies[k] = et_logarithm(variance);
    all += variance;
  }
  return 0.5f * et_logarithm(all);
}

/* A slice of the reconstruction of a window that was not learned. */
static void measure_slice(const et_autoencoder_view *view, const et_autoencoder_block *candidate) {
  et_autoencoder_job *job = view->job;
  const et_dnn net = net_of(view, candidate);
  const int8_t *input = et_autoencoder_recorded(&view->recording, job->at);
  float features[2u * ET_CHANNELS_MAX];
  if (!et_autoencoder_reconstruct(&net, input, view->channels, &job->pass, et_autoencoder_budget(view))) return;
  for (unsigned k = 0; k < view->channels; k++) features[k] = et_autoencoder_residual(view, &job->pass, k);
  const float log_rms = energies_of(view, candidate, input, features + view->channels);
  et_learning_window(view->learning, &view->shape, features, log_rms, 0);
  job->pass = (et_autoencoder_pass){0};
  if (++job->at == job->windows) job->stage = JUDGE;
}

bool et_autoencoder_learn_slice(const et_autoencoder_view *view, et_autoencoder_block *candidate) {
  et_autoencoder_stream *s = view->stream;
  if (s->phase != ET_STREAM_CALIBRATING) return false;
  switch (view->job->stage) {
  case INITIALISE: initialise_slice(view, candidate); break;
  case TRAIN: train_slice(view); break;
  case MEASURE: measure_slice(view, candidate); break;
  default:
    if (!et_learning_step(view->learning, et_autoencoder_healthy(view, candidate), view->parameters->false_alarm, LEARNING_WORK)) break;
    candidate->valid = 1;
    s->phase = ET_STREAM_SCORING;
  }
  return true;
}

void et_autoencoder_train_end(const et_model_context *context, bool cancelled, et_train_report *report) {
  et_autoencoder_view view;
  et_autoencoder_view_of(context, &view);
  report->work = 0;
  report->iterations = view.job->windows;
  report->result = cancelled ? ET_CANCELLED : ET_OK;
  if (cancelled) view.stream->phase = ET_STREAM_IDLE; /* the next sample makes it SCORING when a generation runs */
}
