/* The trainer definition as the board sees it: a blob of tagged sections, checked whole, then used in place.
 *
 * Blob, little-endian: { u16 magic, u16 layout, u32 length of the whole } | sections, each an et_section and its bytes | u32 CRC-32 of
 * all before it. The sections and their fields are those of firmware/contract/definition.json and families/; the identity section is
 * et_identity_head and what follows it. */
#ifndef EDGE_TRAINER_DEFINITION_H
#define EDGE_TRAINER_DEFINITION_H

#include "edge_trainer/definition_sections.h"
#include "edge_trainer/switches.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct et_definition_head {
  uint16_t magic;  /* ET_DEFINITION_MAGIC */
  uint16_t layout; /* ET_DEFINITION_LAYOUT */
  uint32_t length; /* the blob, with this head and the CRC */
} et_definition_head;

/* Identity section: what was learned belongs to the identity of its features and classes, whatever they are called and wherever the
 * plant sees them. The host stores entries in an order that depends on the set of identities alone. A definition that only moves or
 * renames them therefore keeps samples, models and tickets as they are; `positions` translates at the edge: registers, class codes.
 *   et_identity_head | u32 identities[features + classes] | f32 scales[features] | u8 positions[features + classes], padded to four
 * Features come before classes. */
typedef struct et_identity_head {
  uint32_t names;      /* hash of names and labels in the order of the plant: the fingerprint covers them */
  float outcome_scale; /* register units per engineering unit of the outcome */
} et_identity_head;
#define ET_IDENTITY_BYTES(features, classes)                                                                  \
  ((uint32_t)sizeof(et_identity_head) + 4u * ((uint32_t)(features) + (classes)) + 4u * (uint32_t)(features) + \
   (((uint32_t)(features) + (classes) + 3u) & ~3u))

/* ---- Sections that a definition of decisions may have ---- */

/* Start rule: what decides before other voices have proved better (src/decision/start_rule.h). */
#define ET_ASSUMED 255u /* as a feature: the input is not measured, its offset is its value; there is no such context */

/* In the order of ISO 7730: air and radiant temperature in degC, humidity in %, air speed in m/s, metabolic rate in met, clothing in
 * clo. */
typedef enum et_pmv_input { ET_PMV_AIR, ET_PMV_RADIANT, ET_PMV_HUMIDITY, ET_PMV_SPEED, ET_PMV_MET, ET_PMV_CLO, ET_PMV_INPUTS } et_pmv_input;

/* Value = offset + slope * register of the feature. */
typedef struct et_rule_input {
  float offset;
  float slope;
} et_rule_input;

typedef struct et_start_rule {
  uint8_t kind;                /* et_start */
  uint8_t feature;             /* STEPS, CHOICE: its index */
  uint8_t steps;               /* STEPS, PMV: how many ends, 1..7; there is one class more */
  uint8_t constant;            /* CONSTANT: the class */
  int16_t ends[ET_RULE_STEPS]; /* ascending, units of the index */
  int16_t follow;              /* how far a wrong word moves the following rule; 0 = it does not follow */
  uint8_t classes[ET_RULE_STEPS + 1u];
  uint8_t inputs[ET_PMV_INPUTS]; /* PMV: feature of each input, or ET_ASSUMED */
  int16_t hysteresis;            /* how far past its end a class stays that is not the default one, units of the index */
  uint8_t leads;                 /* 1 = the following rule decides alone until all voices together have shown that they are better */
  uint8_t reserved[3];
  uint8_t by[ET_RULE_CONTEXTS]; /* features that the shift of the following rule may depend on; ET_ASSUMED = none from there on */
  et_rule_input pmv[ET_PMV_INPUTS];
} et_start_rule;

/* What the plant allows, whoever decides. */
typedef struct et_plant_limits {
  uint16_t hold_s[ET_CLASSES_MAX];  /* least time in each class; 0 = none */
  uint16_t opposed[ET_CLASSES_MAX]; /* bit c: class c may not follow directly; symmetric */
} et_plant_limits;

/* Continuous outputs: in place of classes, start rule and plant limits. The definition has one class then, and all samples are of it.
 * Entries come in the order of their identities, as those of the identity section. */
typedef struct et_output {
  int16_t min, max;   /* register units */
  int16_t initial;    /* given while nothing was learned */
  uint16_t tolerance; /* a decision this near to its target is satisfactory */
  uint8_t position;   /* its register among the outputs */
  uint8_t reserved;
  uint16_t max_change; /* most that it moves from one decision to the next; 0 = no limit */
  uint32_t identity;   /* hash */
  float scale;         /* register units per engineering unit */
} et_output;

/* The rule tracking: an outcome corrects what the only continuous output has given. */
typedef struct et_tracking {
  float gain; /* output units per outcome unit, both engineering units */
} et_tracking;

/* The loop that the board closes by itself, on its own channels (port.h). A small build leaves it out. */
#define ET_LOCAL_NONE 255u /* as the channel of the outcome: nobody tells it */
typedef struct et_local_io {
  uint32_t interval_ms; /* between two decisions */
  uint8_t output;       /* channel that gets the actuation value */
  uint8_t fail_safe;    /* class whose actuation value it gets when a channel fails */
  uint8_t reserved[2];
} et_local_io;

/* Register value = offset + slope * value of the channel, rounded. One for each feature, in the order of their identities, then one for the
 * outcome. */
typedef struct et_local_input {
  float offset;
  float slope;
  uint8_t channel;
  uint8_t reserved[3];
} et_local_input;
#define ET_LOCAL_IO_BYTES(features) ((uint32_t)sizeof(et_local_io) + ((uint32_t)(features) + 1u) * (uint32_t)sizeof(et_local_input))

/* A feature that is an array: the only one, of `count` values, a byte each. It comes in pages; the input block names it by its check sum.
 * Stored, -128 is the least value of its range and 127 the largest. */
typedef struct et_array {
  uint16_t count;
  uint16_t reserved;
} et_array;

/* The array is a window of a stream: its values are those of the newest samples, of so many channels, the oldest sample first. */
typedef struct et_array_stream {
  uint8_t channels;
  uint8_t reserved[3];
} et_array_stream;

/* Words that name an array: CRC-32 of its bytes as they are sent, the high word first. A window has one instead: the sequence number of a sample
 * that it must have reached. */
#define ET_ARRAY_WORDS 2u
#define ET_WINDOW_WORDS 1u

/* Room for a blob: each known section once, and 64 bytes of sections that may be skipped. Outputs take the room of the rules that they
 * exclude. */
#define ET_DEFINITION_SECTIONS_MOST 13u
#define ET_DEFINITION_BYTES_MAX                                                                            \
  (sizeof(et_definition_head) + ET_DEFINITION_SECTIONS_MOST * sizeof(et_section) + ET_SECTIONS_BYTES_MAX + \
   ET_IDENTITY_BYTES(ET_FEATURES_MAX, ET_CLASSES_MAX) + sizeof(et_start_rule) + sizeof(et_plant_limits) +  \
   (ET_WITH_LOCAL_IO ? ET_LOCAL_IO_BYTES(ET_FEATURES_MAX) : 0u) + 64u + 4u)

/* A checked blob, used in place. All pointers point into the blob. */
typedef struct et_definition {
  const et_definition_core *core;
  const et_definition_feedback *feedback;
  const et_definition_stitching *stitching;
  const et_definition_training *training;
  const et_class_entry *classes;    /* core->classes entries */
  const et_feature_entry *features; /* core->features entries */
  const void *parameters;           /* of the model's family: <family>_parameters.h */
  const void *entries;              /* of the model's own list, such as a network's layers; NULL where the family has none */
  uint16_t entry_count;
  const et_identity_head *identity; /* NULL = no identity section; then the three below are NULL too */
  const uint32_t *identities;       /* hash of the identity of each feature, then of each class */
  const float *scales;              /* register units per engineering unit, of each feature */
  const uint8_t *positions;         /* register of each feature among the inputs, then code of each class */
  const et_start_rule *start;       /* NULL: the default class */
  const et_plant_limits *limits;    /* NULL: none */
  const et_output *outputs;         /* NULL: decisions are between classes */
  const et_tracking *tracking;      /* NULL unless the rule is tracking */
  uint8_t output_count;
#if ET_WITH_LOCAL_IO
  const et_local_io *io;       /* NULL: a master asks for the decisions */
  const et_local_input *local; /* core->features entries, then that of the outcome */
#endif
#if ET_WITH_ARRAY
  uint16_t array_count;    /* values of the only feature; 0: each feature is one value */
  uint8_t stream_channels; /* of the stream that they are the newest values of; 0: a master sends the array */
#endif
  const void *blob;     /* the whole, and */
  uint32_t length;      /* its bytes */
  uint32_t fingerprint; /* the blob's CRC-32 */
} et_definition;

/* Check `length` bytes at `bytes` (4-byte aligned) and point `definition` into them. `*detail` gets the byte offset of the
 * field that was refused, or the number of the section. Errors: DEFINITION_CRC, _VERSION, _LENGTH, _SECTION, _FIELD,
 * MODEL_NOT_BUILT. Memory is checked by et_memory_plan. Untrusted input: never reads outside bytes[0..length-1]. */
et_error et_definition_check(const void *bytes, uint32_t length, et_definition *definition, uint16_t *detail);

/* Samples keep the outcome that judged them. A given label has none. */
static inline bool et_definition_keeps_outcomes(const et_definition *definition) {
  return definition->stitching->keep_outcomes != 0u && definition->feedback->rule != ET_RULE_LABEL;
}

/* Continuous outputs; 0: decisions are between classes. A build without them knows that when it is compiled, and leaves out what they take. */
static inline uint8_t et_output_count(const et_definition *definition) { return ET_WITH_OUTPUTS != 0 ? definition->output_count : 0u; }

/* An outcome corrects what the continuous output has given. */
static inline bool et_definition_tracks(const et_definition *definition) {
  return et_output_count(definition) != 0u && definition->feedback->rule == ET_RULE_TRACKING;
}

/* Whether the board closes the loop by itself. */
static inline bool et_is_local(const et_definition *definition) {
#if ET_WITH_LOCAL_IO
  return definition->io != NULL;
#else
  (void)definition;
  return false;
#endif
}

/* Values of the feature that is an array; 0: there is none. As above, a build without them leaves out what they take. */
static inline uint16_t et_array_count(const et_definition *definition) {
#if ET_WITH_ARRAY
  return definition->array_count;
#else
  (void)definition;
  return 0u;
#endif
}

/* Channels of the stream that the array is a window of; 0: there is none. */
static inline uint8_t et_stream_channels(const et_definition *definition) {
#if ET_WITH_ARRAY
  return definition->stream_channels;
#else
  (void)definition;
  return 0u;
#endif
}

/* Features that are one value each. */
static inline uint8_t et_plain_features(const et_definition *definition) {
  return et_array_count(definition) != 0u ? 0u : definition->core->features;
}

/* Values of a sample, and bytes that it takes where it is stored. */
static inline uint16_t et_row_values(const et_definition *definition) {
  return et_array_count(definition) != 0u ? et_array_count(definition) : definition->core->features;
}
static inline uint16_t et_row_bytes(const et_definition *definition) {
  if (et_array_count(definition) != 0u) return (uint16_t)((et_array_count(definition) + 3u) & ~3u); /* at most 32 768 */
  return (uint16_t)(definition->core->features * (definition->core->storage == ET_STORAGE_INT16 ? 2u : 1u));
}

/* Words of the input block behind its ticket. */
static inline uint8_t et_input_words(const et_definition *definition) {
  if (et_stream_channels(definition) != 0u) return (uint8_t)ET_WINDOW_WORDS;
  return et_array_count(definition) != 0u ? (uint8_t)ET_ARRAY_WORDS : definition->core->features;
}

/* Register of a stored feature among the inputs, code of a stored class: what the plant sees. */
static inline uint8_t et_feature_position(const et_definition *definition, uint8_t feature) {
  return definition->positions == NULL ? feature : definition->positions[feature];
}
static inline uint8_t et_class_code(const et_definition *definition, uint8_t output_class) {
  return definition->positions == NULL ? output_class : definition->positions[definition->core->features + output_class];
}
/* The way back: the stored feature or class of a register or code that exists. */
uint8_t et_feature_at(const et_definition *definition, uint8_t position);
uint8_t et_class_of(const et_definition *definition, uint8_t code);

#ifdef __cplusplus
}
#endif

#endif
