/* The one interface behind which every model family lives. Models know nothing of Modbus, tickets or stores.
 *
 * A generation of a model is one flat block of `model_bytes` bytes without pointers, little-endian, fixed layout: the
 * block in RAM, in the store and in a backup are the same bytes. Running, candidate and previous generation are three
 * such blocks. All memory comes from the arena, cut by et_memory_plan from what `need` says.
 *
 * Long work is a resumable job: train_step does at most `budget` work units (one unit = one multiply-accumulate with
 * its loads, or comparable) and returns ET_BUSY until it is done. */
#ifndef EDGE_TRAINER_MODEL_H
#define EDGE_TRAINER_MODEL_H

#include "edge_trainer/definition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct et_memory_need {
  uint32_t model_bytes;  /* one generation */
  uint32_t shared_bytes; /* lives as long as the definition: stream state, pattern table, statistics; zeroed at deploy; saved
                            in the store when the model has `shared_saved` */
  uint32_t sample_bytes; /* per stored sample, zeroed when the sample is replaced: multipliers for a warm start */
  uint32_t work_bytes;   /* of one training job */
} et_memory_need;

/* The stitched samples as a model sees them. Feature i of sample s is ((const int8_t *)features)[s * n + i] or the int16_t
 * likewise, n = definition->core->features, scaled from the feature's range to +-127 or +-32767. A sample of a definition with an array
 * is et_row_bytes bytes, the first et_array_count of them its values. */
typedef struct et_sample_set {
  const void *features;
  const uint8_t *labels;   /* class index */
  const uint8_t *held_out; /* bitmap, bit s & 7 of byte s >> 3: kept for evaluation, not to be trained on */
  uint8_t *extra;          /* sample_bytes each */
  uint16_t count;
  const int16_t *targets; /* of a definition with continuous outputs: those of a sample one behind the other, register units; else NULL */
  const uint16_t *class_counts; /* samples to train on, per class; NULL = not known, they are counted */
  uint32_t basis;               /* the same number: neither a sample nor a generation has changed since */
} et_sample_set;

typedef struct et_decision {
  uint8_t output_class;
  uint16_t confidence; /* permille */
} et_decision;

typedef struct et_train_report {
  uint32_t work;       /* work units */
  uint32_t iterations; /* epochs or working sets */
  et_error result;     /* ET_OK = converged, ET_NOT_CONVERGED = bound reached (the candidate is valid), else no candidate */
  uint8_t layer;       /* ET_NUMERIC in a network: the layer that met the number, from 1; else 0 */
} et_train_report;

/* How a training of epochs goes. Point i is epoch (i + 1) * stride: when it is full, every second point goes. */
#define ET_CURVE_POINTS 32u
typedef struct et_train_curve {
  uint16_t stride;
  uint16_t filled;
  uint16_t loss[ET_CURVE_POINTS];  /* permille: mean of the largest output error */
  uint16_t error[ET_CURVE_POINTS]; /* permille of the held-out samples; 65535 = there is none */
} et_train_curve;

typedef struct et_model_context {
  const et_definition *definition;
  void *shared; /* shared_bytes */
  void *work;   /* work_bytes, contents only meaningful during a job */
} et_model_context;

/* A feature has got another range: its stored value q (of +-full) becomes gain q + offset full. gain > 0. */
typedef struct et_range_map {
  float gain;   /* old span over new span */
  float offset; /* old middle less new middle, over half the new span */
} et_range_map;

typedef struct et_stream_result et_stream_result; /* stream.h: score, threshold, alarm, pattern of the last window */

typedef struct et_model_ops {
  uint8_t family;                   /* et_model */
  const et_section_format *section; /* its parameters in a definition */
  const et_section_format *list;    /* its list in a definition, such as layers; NULL = none */
  uint16_t list_most;               /* entries */
  bool arrays;                      /* a feature may be an array */
  /* Do the hyper-parameters, each within its range, fit together? `*detail`: byte of the bad field within them; of another field, the
   * distance to it modulo 65536 (et_field_from). NULL: nothing more to check. */
  et_error (*check)(const et_definition *definition, uint16_t *detail);
  void (*need)(const et_definition *definition, et_memory_need *need);

  /* CRC-32 that goes on from `crc` over what gives the numbers of a generation their meaning, beside features and classes. NULL: over
   * parameters and seed. */
  uint32_t (*meaning)(const et_definition *definition, uint32_t crc);

  /* An untrained generation. */
  void (*blank)(const et_model_context *context, void *model);
  /* One decision. `features`: scaled, as stored (see et_sample_set). Bounded, runs to its end. NULL for stream models. */
  void (*infer)(const et_model_context *context, const void *model, const void *features, et_decision *decision);

  /* What a second model in the same generation says: a voice of its own. NULL: there is none. */
  void (*infer_second)(const et_model_context *context, const void *model, const void *features, et_decision *decision);

  /* The same decision in slices of about `budget` work units. Its state is in `scratch`, as large as `work`: an evaluation and the
   * loop's own decisions interrupt each other, so the latter pass NULL and get a place in `shared`. `*cursor` 0 begins; true when it is
   * made. NULL: infer is short enough. */
  bool (*infer_step)(const et_model_context *context, void *scratch, const void *model, const void *features, uint16_t *cursor,
                     uint32_t budget, et_decision *decision);

  /* The continuous outputs of the decision that infer or infer_step has just made, register units, each within its range; `scratch` and
   * `model` as there. NULL: the family decides between classes only. */
  void (*outputs)(const et_model_context *context, void *scratch, const void *model, int16_t *values);

  /* Work units of one decision: one that takes longer than a slice is made in slices while the board answers. NULL: about as many as it
   * takes to read the model once, and it is made at once. */
  uint32_t (*cost)(const et_model_context *context);

  /* Train a candidate from the samples that are not held out; `running` (may be blank) is not changed.
   * The set must not change between begin and end. begin errors: TOO_FEW_SAMPLES, SINGLE_CLASS. NULL for stream models, which learn
   * from their stream (stream.h, learn); train_step then only where the phase SOLVING comes up. */
  et_error (*train_begin)(const et_model_context *context, const et_sample_set *set, const void *running, void *candidate);
  et_error (*train_step)(const et_model_context *context, uint32_t budget, uint16_t *progress_permille);
  void (*train_end)(const et_model_context *context, bool cancelled, et_train_report *report);
  /* Of the training that runs, or was the last one. NULL: the family has no epochs. */
  const et_train_curve *(*train_curve)(const et_model_context *context);

  /* Make `model` decide for converted features what it decided before: stored feature `feature` has got another range. NULL: the
   * numbers of this family do not allow it, so that it is trained again. */
  void (*convert)(const et_model_context *context, void *model, uint8_t feature, const et_range_map *map);

  /* Untrusted bytes (a restored backup): are they a valid generation for this definition? ET_MODEL_CONTENT if not. */
  et_error (*validate)(const et_model_context *context, const void *model);

  /* Stream models only, else NULL; see stream.h. */
  const struct et_stream_ops *stream;
} et_model_ops;

/* What `check` says of a field that is not among the parameters. */
static inline uint16_t et_field_from(const et_definition *definition, const void *field) {
  return (uint16_t)((uint32_t)((const uint8_t *)field - (const uint8_t *)definition->blob) -
                    (uint32_t)((const uint8_t *)definition->parameters - (const uint8_t *)definition->blob));
}

/* The families that definitions may ask for, NULL behind the last. The library has a table of all; a program that defines its own links
 * only what it names. */
extern const et_model_ops *const et_families[];

/* CRC-32 of what gives the numbers of a generation their meaning, see et_model_ops.meaning. */
uint32_t et_model_meaning(const et_definition *definition, uint32_t crc);

/* The family's interface, or NULL when it is not in this build. */
const et_model_ops *et_model_find(uint8_t family);

#ifdef __cplusplus
}
#endif

#endif
