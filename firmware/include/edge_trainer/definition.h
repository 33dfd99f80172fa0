/* The trainer definition as the board sees it: a versioned binary blob, checked whole, then used in place.
 *
 * Blob, little-endian, `length` bytes (offsets in ET_DEF_* below; all fields naturally aligned):
 *   fixed part (ET_DEF_FIXED_BYTES) | classes: { i16 actuation, u16 weight (1/256) } each | features: { i16 min, i16 max } each |
 *   identity, if `identified` | parts | u32 CRC-32
 * The host's codec (trainer/definition/codec.ts) reads the same offsets from the generated contract. */
#ifndef EDGE_TRAINER_DEFINITION_H
#define EDGE_TRAINER_DEFINITION_H

#include "edge_trainer/contract.h"

/* Parameters of svm_linear and svm_kernel. */
typedef struct et_svm_parameters {
  float cost;            /* C > 0, 1e-4..1e4 */
  float tolerance;       /* stop when the largest projected-gradient violation is under it, 1e-6..1 */
  uint16_t max_epochs;   /* iteration bound, 1..65535: passes over the data (DCD), or thousands of working sets (SMO) */
  uint8_t class_weights; /* et_class_weights */
  uint8_t kernel;        /* et_kernel */
  float gamma;           /* RBF, polynomial; on features scaled to [-1, 1]; 0 = 1 / features */
  float coef0;           /* polynomial */
  uint8_t degree;        /* polynomial, 1..5 */
  uint8_t warm_start;    /* 1 = start from the stored multipliers */
  uint16_t sv_budget;    /* kernel: most support vectors kept per binary problem; 0 = sample capacity */
  uint8_t reserved[16];
} et_svm_parameters;

/* Parameters of esn. */
typedef struct et_esn_parameters {
  uint16_t units;              /* N, 16..200 */
  uint8_t reservoir;           /* et_reservoir */
  uint8_t readout;             /* et_readout */
  float cycle_weight;          /* r, 0..1 (CYCLE) or spectral radius (SPARSE) */
  float input_weight;          /* v, magnitude of every input weight */
  float leak;                  /* a, 0 < a <= 1 */
  float ridge;                 /* lambda > 0, relative to the mean diagonal of the Gram matrix */
  uint16_t washout;            /* samples ignored after a gap */
  uint16_t window;             /* samples per score, 8..1024 */
  uint16_t hop;                /* samples between scores, 1..window */
  uint16_t calibration;        /* windows to calibrate the threshold on, >= 100 */
  float false_alarm;           /* design probability per window, 1e-5..0.2 */
  uint8_t alarm_on;            /* windows in a row over the threshold that raise the alarm */
  uint8_t alarm_off;           /* windows in a row under it that end it */
  uint8_t patterns;            /* places for anomaly patterns, 0..PATTERNS_MAX */
  uint8_t decimation;          /* 1 = every sample, k = mean of k samples */
  float forgetting;            /* RLS: 0.9 < f <= 1 */
  uint32_t learning_samples;   /* samples of a learning phase (readout), before calibration */
} et_esn_parameters;

/* Parameters of correlation. */
typedef struct et_correlation_parameters {
  uint16_t window;             /* samples per score, 8..1024 */
  uint16_t hop;                /* samples between windows that are learned; divides the window */
  uint16_t learning;           /* windows to learn from, >= 64 */
  uint8_t score_every;         /* hops between windows that are scored, 1..window / hop (they share no sample) */
  uint8_t lags;                /* of the autocorrelation, 1..16 */
  uint8_t covariance;          /* et_covariance */
  uint8_t regimes;             /* places for operating regimes, 1..8 */
  uint8_t context;             /* 1 + channel that names the operating point (speed, load) and is not judged; 0 = none */
  uint8_t alarm_on;            /* windows that raise the alarm at the fewest */
  uint8_t alarm_off;           /* windows in a row under the threshold that end it */
  uint8_t patterns;            /* places for anomaly patterns, 0..PATTERNS_MAX */
  uint8_t decimation;          /* 1 = every sample, k = mean of k samples */
  uint8_t reserved;
  float false_alarm;           /* design probability per window, 1e-5..0.2 */
  float off_share;             /* the machine is off below this share of the RMS learned, 1e-6..0.5 */
  float context_tolerance;     /* how far outside what was learned the context may be, register units */
} et_correlation_parameters;

/* Parameters of process. */
typedef struct et_process_parameters {
  uint8_t window;              /* samples that the residuals are averaged over, 1..64 */
  uint8_t lags;                /* order of the autoregression, 1..8 */
  uint8_t alarm_on;            /* windows that raise the alarm at the fewest */
  uint8_t alarm_off;           /* windows in a row under the threshold that end it */
  uint8_t patterns;            /* places for anomaly patterns, 0..PATTERNS_MAX */
  uint8_t decimation;          /* 1 = every sample, k = mean of k samples */
  uint16_t reserved;
  uint32_t learning;           /* samples to learn from, 100..1000000 */
  float ridge;                 /* relative to the mean diagonal of the Gram matrix, 1e-6..1 */
  float margin;                /* threshold over the largest score learned, 1..10 */
} et_process_parameters;

/* Fixed part of the blob; sizes and offsets are part of the contract (static assertions in definition.c). */
typedef struct et_definition_fixed {
  uint16_t magic;               /* ET_DEFINITION_MAGIC */
  uint8_t layout;               /* ET_DEFINITION_LAYOUT */
  uint8_t model;                /* et_model */
  uint16_t length;              /* whole blob with CRC */
  uint8_t features;             /* 1..FEATURES_MAX; channels of a stream model, 1..CHANNELS_MAX */
  uint8_t classes;              /* 2..CLASSES_MAX; 0 for a stream model */
  uint8_t storage;              /* et_storage */
  uint8_t scaling;              /* et_scaling */
  uint8_t out_of_range;         /* et_out_of_range */
  uint8_t tickets;              /* decisions that may wait for feedback, 1..TICKETS_MAX */
  uint16_t capacity;            /* stored samples */
  uint8_t rule;                 /* et_rule */
  uint8_t limit_side;           /* et_limit_side */
  int16_t set_point;            /* DEAD_BAND: set point; LIMIT: the limit; in the unit of the outcome */
  int16_t band;                 /* DEAD_BAND: half width >= 0; LIMIT: unused */
  uint8_t class_low;            /* truth when the outcome is too low (DEAD_BAND) or beyond the limit (LIMIT) */
  uint8_t class_high;           /* truth when the outcome is too high (DEAD_BAND) */
  uint8_t default_class;        /* decided while untrained */
  uint8_t suspicion;            /* et_suspicion_action */
  uint32_t settle_ms;           /* outcomes earlier than this after the decision are discarded (TOO_EARLY); 0 = none */
  uint32_t ticket_ttl_ms;       /* decisions older than this expire; 0 = never */
  uint16_t satisfactory_share;  /* permille of satisfactory outcomes stitched too */
  uint8_t hold_out_every;       /* every k-th sample of a class is kept out for evaluation; 0 = none, else 2..255 */
  uint8_t mode;                 /* et_mode at start */
  uint16_t min_new_samples;     /* train-on-demand: at least so many new samples */
  uint16_t min_samples;         /* and so many in all */
  uint16_t accuracy_window;     /* W judged outcomes, 1..256 */
  uint16_t accuracy_threshold;  /* train when the window accuracy is under it, permille; 1001 = always */
  uint16_t cooldown_s;          /* least time between two self-started trainings */
  uint16_t drift_trainings;     /* drift alarm after so many trainings without reaching the threshold; 0 = off */
  uint32_t seed;                /* of every random choice on the board */
  uint16_t save_interval_s;     /* least time between two saves (wear); 0 = after every promotion only */
  uint16_t identified;          /* 1 = the blob has an identity part, 0 = it has none */
  union {
    et_svm_parameters svm;      /* 40 bytes */
    et_esn_parameters esn;      /* 48 bytes */
    et_correlation_parameters correlation;
    et_process_parameters process;
    uint8_t bytes[48];
  } parameters;
} et_definition_fixed;

#define ET_DEFINITION_MAGIC 0x5445u /* "ET" */
#define ET_DEFINITION_LAYOUT 1u

typedef struct et_class_entry {
  int16_t actuation;
  uint16_t weight; /* 1/256; EXPLICIT class weights only */
} et_class_entry;

typedef struct et_feature_entry {
  int16_t min; /* register units, min < max */
  int16_t max;
} et_feature_entry;

/* Identity part: what was learned belongs to the identity of its features and classes, whatever they are called and wherever the
 * plant sees them. The host stores entries in an order that depends on the set of identities alone. A definition that only moves or
 * renames them therefore keeps samples, models and tickets as they are; `positions` translates at the edge: registers, class codes.
 *   et_identity_head | u32 identities[features + classes] | f32 scales[features] | u8 positions[features + classes], padded to four
 * Features come before classes. */
typedef struct et_identity_head {
  uint32_t names;      /* hash of names and labels in the order of the plant: the fingerprint covers them */
  float outcome_scale; /* register units per engineering unit of the outcome */
} et_identity_head;
#define ET_IDENTITY_BYTES(features, classes)                                                                        \
  ((uint32_t)sizeof(et_identity_head) + 4u * ((uint32_t)(features) + (classes)) + 4u * (uint32_t)(features) +       \
   (((uint32_t)(features) + (classes) + 3u) & ~3u))

/* ---- Parts that a definition may have behind its features, each { u16 part, u16 bytes } and its struct ---- */

typedef enum et_definition_part { ET_PART_START_RULE = 1, ET_PART_PLANT_LIMITS = 2 } et_definition_part;

/* Start rule: what decides before others have earned their word (src/decision/start_rule.h). */
#define ET_RULE_STEPS 7u
#define ET_ASSUMED 255u /* as a feature: the input is not measured, its offset is its value */

/* In the order of ISO 7730: air and radiant temperature in degC, humidity in %, air speed in m/s, metabolic rate in met, clothing in
 * clo. */
typedef enum et_pmv_input { ET_PMV_AIR, ET_PMV_RADIANT, ET_PMV_HUMIDITY, ET_PMV_SPEED, ET_PMV_MET, ET_PMV_CLO, ET_PMV_INPUTS } et_pmv_input;

/* Value = offset + slope * register of the feature. */
typedef struct et_rule_input {
  float offset;
  float slope;
} et_rule_input;

typedef struct et_start_rule {
  uint8_t kind;                     /* et_start */
  uint8_t feature;                  /* STEPS, CHOICE: its index */
  uint8_t steps;                    /* STEPS, PMV: how many ends, 1..7; there is one class more */
  uint8_t constant;                 /* CONSTANT: the class */
  int16_t ends[ET_RULE_STEPS];      /* ascending, units of the index */
  int16_t follow;                   /* how far a wrong word moves the following rule; 0 = it does not follow */
  uint8_t classes[ET_RULE_STEPS + 1u];
  uint8_t inputs[ET_PMV_INPUTS];    /* PMV: feature of each input, or ET_ASSUMED */
  uint8_t reserved[2];
  et_rule_input pmv[ET_PMV_INPUTS];
} et_start_rule;

/* What the plant allows, whoever decides. */
typedef struct et_plant_limits {
  uint16_t hold_s[ET_CLASSES_MAX];  /* least time in each class; 0 = none */
  uint16_t opposed[ET_CLASSES_MAX]; /* bit c: class c may not follow directly; symmetric */
} et_plant_limits;

#define ET_DEFINITION_BYTES_MAX \
  (sizeof(et_definition_fixed) + 4u * ET_CLASSES_MAX + 4u * ET_FEATURES_MAX + ET_IDENTITY_BYTES(ET_FEATURES_MAX, ET_CLASSES_MAX) + 4u + 8u + sizeof(et_start_rule) + sizeof(et_plant_limits))

/* A checked blob, used in place. All pointers point into the blob. */
typedef struct et_definition {
  const et_definition_fixed *fixed;
  const et_class_entry *classes;   /* fixed->classes entries */
  const et_feature_entry *features; /* fixed->features entries */
  const et_identity_head *identity; /* NULL = no identity part; then the three below are NULL too */
  const uint32_t *identities;       /* hash of the identity of each feature, then of each class */
  const float *scales;              /* register units per engineering unit, of each feature */
  const uint8_t *positions;         /* register of each feature among the inputs, then code of each class */
  const et_start_rule *start;      /* NULL: the default class */
  const et_plant_limits *limits;   /* NULL: none */
  uint32_t fingerprint;            /* the blob's CRC-32 */
} et_definition;

/* Check `length` bytes at `blob` (4-byte aligned) and point `definition` into them. `*detail` gets the byte offset of the
 * field that was refused. Errors: DEFINITION_CRC, _VERSION, _LENGTH, _FIELD, MODEL_NOT_BUILT. Memory is checked by
 * et_memory_plan. Untrusted input: never reads outside blob[0..length-1]. */
et_error et_definition_check(const void *blob, uint32_t length, et_definition *definition, uint16_t *detail);

/* Register of a stored feature among the inputs, code of a stored class: what the plant sees. */
static inline uint8_t et_feature_position(const et_definition *definition, uint8_t feature) {
  return definition->positions == NULL ? feature : definition->positions[feature];
}
static inline uint8_t et_class_code(const et_definition *definition, uint8_t output_class) {
  return definition->positions == NULL ? output_class : definition->positions[definition->fixed->features + output_class];
}
/* The way back: the stored feature or class of a register or code that exists. */
uint8_t et_feature_at(const et_definition *definition, uint8_t position);
uint8_t et_class_of(const et_definition *definition, uint8_t code);

#endif
