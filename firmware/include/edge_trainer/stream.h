/* Stream models (correlation, esn): unlabelled samples in, a score per window out, judged by an operator instead of a label. They share
 * the model interface for memory, generations, promotion, rollback and storage; their candidate is the readout (and
 * calibration) that a learning phase produces. */
#ifndef EDGE_TRAINER_STREAM_H
#define EDGE_TRAINER_STREAM_H

#include "edge_trainer/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What keeps a window from being judged or learned, bits of et_stream_result.conditions. */
#define ET_CONDITION_OFF 1u         /* the machine does not run */
#define ET_CONDITION_CONSTANT 2u    /* a channel does not move: its sensor is stuck */
#define ET_CONDITION_NOT_LEARNED 4u /* the context is outside of every regime learned */

struct et_stream_result {
  float score;
  float threshold;
  float baseline_score;
  float baseline_threshold;
  float residuals[ET_CHANNELS_MAX]; /* log residual energy per channel, standard deviations from healthy */
  float energies[ET_CHANNELS_MAX];  /* log signal energy per channel, standard deviations from healthy */
  uint32_t windows;
  uint8_t conditions; /* of the last window */
  uint8_t constant;   /* bit k: channel k does not move */
  uint8_t regime;     /* 1.., the nearest of those learned; 0 = none, or the family has no bank */
  uint8_t pattern;    /* 1..PATTERNS_MAX of the present or last alarm, 0 = none */
  uint16_t pattern_seen;
  bool alarm;
  bool new_pattern;
  bool calibrated;
  bool learning;
};

typedef enum et_stream_phase {
  ET_STREAM_IDLE,     /* no readout yet */
  ET_STREAM_LEARNING, /* readout: Gram matrix is accumulated */
  ET_STREAM_SOLVING,  /* train_step solves the readout in slices */
  ET_STREAM_CALIBRATING,
  ET_STREAM_SCORING
} et_stream_phase;

struct et_watch_view;

typedef struct et_stream_ops {
  /* Begin a learning phase into `candidate`. `regime` 1..: learn that place of the bank, keep what `running` knows of the others; 0:
   * forget them all and learn the first. Errors: ALARM_ACTIVE, VALUE (no such place). */
  et_error (*learn)(const et_model_context *context, const void *running, void *candidate, uint8_t regime);
  /* One multi-channel sample, register units, through the running model and, while learning, into the candidate.
   * Bounded. Returns true when a window was completed and `result` changed. */
  bool (*sample)(const et_model_context *context, void *running, void *candidate, const int16_t *values, et_stream_result *result);
  /* One bounded slice of what the last sample left to do; false when there is nothing. Call until then before the next sample.
   * `*complete`: a window was completed and `result` changed. */
  bool (*unfinished)(const et_model_context *context, void *running, void *candidate, et_stream_result *result, bool *complete);
  /* Samples are missing here: restart window and washout. */
  void (*gap)(const et_model_context *context);
  et_stream_phase (*phase)(const et_model_context *context);
  /* One bounded slice of what learning, or an answer to an alarm, left to do; false when there is nothing. Called when no sample
   * waits. */
  bool (*background)(const et_model_context *context, void *running, void *candidate);
  /* Where alarm and patterns are (models/stream/watch.h). False when `running` has learned nothing, or is NULL. */
  bool (*watch)(const et_model_context *context, const void *running, struct et_watch_view *view);
} et_stream_ops;

/* Operator's answer to the present or last alarm: false alarm = learn its windows as healthy, which changes the running model.
 * TICKET_UNKNOWN: there was no alarm. */
et_error et_stream_judge(const et_stream_ops *stream, const et_model_context *context, const void *running, bool false_alarm);
/* VALUE: no such pattern. */
et_error et_stream_pattern_merge(const et_stream_ops *stream, const et_model_context *context, uint8_t into, uint8_t from);
et_error et_stream_pattern_forget(const et_stream_ops *stream, const et_model_context *context, uint8_t pattern);
/* Hits and confirmed flag of pattern 1..PATTERNS_MAX, for the registers. */
void et_stream_pattern_info(const et_stream_ops *stream, const et_model_context *context, uint8_t pattern, uint16_t *hits, bool *confirmed);
/* The serialised pattern table in the shared block, for the bulk object PATTERNS and the store. */
uint8_t *et_stream_patterns(const et_stream_ops *stream, const et_model_context *context, uint32_t *length);
/* Take a whole serialised table of that length, of another trainer or time; checked before anything changes. ALARM_ACTIVE: the present
 * alarm belongs to the table that there is. MODEL_CONTENT: that is no table. */
et_error et_stream_patterns_load(const et_stream_ops *stream, const et_model_context *context, const uint8_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
