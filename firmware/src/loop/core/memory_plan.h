/* How a definition cuts the arena. One function decides; board, host planner (through WebAssembly) and documentation use it. */
#ifndef ET_MEMORY_PLAN_H
#define ET_MEMORY_PLAN_H

#include "edge_trainer/definition.h"
#include "edge_trainer/model.h"

/* Offsets from the start of the arena, bytes, each a multiple of 4. */
typedef struct et_memory_layout {
  uint32_t definition;   /* the blob */
  uint32_t input;        /* int16 words in the input block; a stream model's queue of one frame (120 values) */
  uint32_t measured;     /* int16 features that the board has measured by itself; with section io */
  uint32_t array;        /* the feature that is an array, as it comes in */
  uint32_t tickets;      /* et_ticket entries, then their stored features */
  uint32_t values;       /* of continuous outputs: int16 [2 tickets + ET_VALUE_ROWS][outputs], see decide/outputs.h */
  uint32_t confusion;    /* uint16 [2][classes][classes]: running, candidate */
  uint32_t errors;       /* et_output_errors per continuous output */
  uint32_t still;        /* et_feature_stillness per feature: how long each has stood still */
  uint32_t standing;     /* et_standing with its counts */
  uint32_t voices;       /* et_voices with its tables */
  uint32_t following;    /* et_following with its places, when the start rule follows the truths */
  uint32_t held_counts;  /* uint8 per class: position in the hold-out cycle */
  uint32_t class_counts; /* uint16 [2][classes]: stored samples to train on, held out */
  uint32_t labels;       /* uint8 per sample */
  uint32_t orders;       /* uint16 per sample: when it was stitched */
  uint32_t by_time;      /* uint16 per sample: the samples, oldest first */
  uint32_t held_out;     /* bitmap */
  uint32_t targets;      /* int16 [samples][outputs], register units */
  uint32_t outcomes; /* int16 per sample: the outcome that judged it, of a continuous output what was given behind it; with keep_outcomes */
  uint32_t deciders; /* uint8 per sample: class decided then, plus one; 0 = labelled without an outcome; with keep_outcomes */
  uint32_t extra;    /* the model's bytes beside each sample */
  uint32_t features; /* stored features, sample by sample */
  uint32_t models;   /* three generations of model_bytes */
  uint32_t shared;   /* the model's state */
  uint32_t work;     /* job workspace; between jobs, room for a definition that is being received */
  uint32_t staging;  /* that room: inside work: an upload and a job exclude each other */
  uint32_t total;    /* bytes in all */

  uint32_t model_bytes;
  uint32_t shared_bytes;
  uint32_t work_bytes;
  uint16_t sample_extra;  /* bytes beside each sample */
  uint16_t feature_bytes; /* of one stored sample */
  uint32_t dataset_bytes; /* labels .. features */
} et_memory_layout;

/* Cut `arena_bytes` for `definition` (checked). `layout->total` is set even when it does not fit.
 * Errors: DEFINITION_MEMORY. */
et_error et_memory_plan(const et_definition *definition, uint32_t arena_bytes, et_memory_layout *layout);

/* Move what the arena holds from one layout to another, part by part, all but the definition. Each part keeps its beginning, as far as
 * it has room there; the rest of its room becomes zero. */
void et_memory_move(uint8_t *arena, const et_memory_layout *from, const et_memory_layout *to);

#endif
