/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#ifndef EDGE_TRAINER_DEFINITION_SECTIONS_H
#define EDGE_TRAINER_DEFINITION_SECTIONS_H

#include "edge_trainer/contract.h"
#include "edge_trainer/section.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ET_DEFINITION_MAGIC 0x5445u /* "ET" */
#define ET_DEFINITION_LAYOUT 2u
#define ET_SECTION_OPTIONAL 32768u /* sections from this number on are skipped by who does not know them */

#define ET_SECTION_CORE_ID 1u
#define ET_SECTION_CORE_LAYOUT 1u
#define ET_SECTION_CLASSES_ID 2u
#define ET_SECTION_CLASSES_LAYOUT 1u
#define ET_SECTION_FEATURES_ID 3u
#define ET_SECTION_FEATURES_LAYOUT 1u
#define ET_SECTION_FEEDBACK_ID 4u
#define ET_SECTION_FEEDBACK_LAYOUT 1u
#define ET_SECTION_STITCHING_ID 5u
#define ET_SECTION_STITCHING_LAYOUT 1u
#define ET_SECTION_TRAINING_ID 6u
#define ET_SECTION_TRAINING_LAYOUT 1u
#define ET_SECTION_IDENTITY_ID 7u
#define ET_SECTION_IDENTITY_LAYOUT 1u
#define ET_SECTION_START_RULE_ID 8u
#define ET_SECTION_START_RULE_LAYOUT 1u
#define ET_SECTION_PLANT_LIMITS_ID 9u
#define ET_SECTION_PLANT_LIMITS_LAYOUT 1u
#define ET_SECTION_OUTPUTS_ID 10u
#define ET_SECTION_OUTPUTS_LAYOUT 1u
#define ET_SECTION_TRACKING_ID 11u
#define ET_SECTION_TRACKING_LAYOUT 1u
#define ET_SECTION_LOCAL_IO_ID 12u
#define ET_SECTION_LOCAL_IO_LAYOUT 1u
#define ET_SECTION_ARRAY_ID 13u
#define ET_SECTION_ARRAY_LAYOUT 1u
#define ET_SECTION_ARRAY_STREAM_ID 14u
#define ET_SECTION_ARRAY_STREAM_LAYOUT 1u
#define ET_SECTIONS_KNOWN 32766u /* bit k: section k is one of these */

/* Bytes of all sections at most, without their headers. */
#define ET_SECTIONS_BYTES_MAX (16u + 4u * ET_CLASSES_MAX + 4u * ET_FEATURES_MAX + 20u + 4u + 16u + 548u)

/* What gives data set and model their shape. */
typedef struct et_definition_core {
  uint8_t model; /* the model that learns; et_model */
  uint8_t features; /* features; channels of a stream model; 1 to 120 */
  uint8_t classes; /* classes; 0 for a stream model; 0 to 16 */
  uint8_t storage; /* storage of a stitched sample: int8 takes half the memory, int16 keeps finer steps; et_storage */
  uint8_t scaling; /* how features reach the model: by their range, or standardised by the mean and deviation of the stored samples; et_scaling */
  uint8_t out_of_range; /* a value outside its range: refuse the request, or take the nearest value in range (clamp); et_out_of_range */
  uint8_t default_class; /* label of the class to decide before anything was learned; 0 to 15 */
  uint8_t tickets; /* decisions that may wait for their outcome at a time; 1 to 64 */
  uint16_t capacity; /* samples that the data set holds; 0 to 4096; sample */
  uint16_t save_interval_s; /* minimum time between two saves, against wear; 0 = after promotions only; s */
  uint32_t seed; /* seed of every random choice on the board */
} et_definition_core;

/* One entry a class. */
typedef struct et_class_entry {
  int16_t actuation; /* value of the actuation register when this class is decided */
  uint16_t weight; /* weight in the training loss, in steps of 1/256; counts with the class weights "explicit" only; 1 to 65280 */
} et_class_entry;

/* One entry a feature, or a channel of a stream model. */
typedef struct et_feature_entry {
  int16_t min; /* smallest expected value */
  int16_t max; /* largest expected value */
} et_feature_entry;

/* How an outcome becomes satisfactory or not. */
typedef struct et_definition_feedback {
  uint32_t settle_ms; /* minimum time from a decision to its outcome; an earlier outcome is discarded; 0 = none; 0 to 4294967000 */
  uint32_t ticket_ttl_ms; /* a decision older than this can no longer be judged; 0 = never; 0 to 4294967000 */
  int16_t set_point; /* where the process value should be */
  int16_t band; /* half width: within set point plus or minus band the outcome is satisfactory; 0 to 32767 */
  uint8_t rule; /* closed-loop feedback: how an outcome becomes satisfactory or not, and what would have been right; et_rule */
  uint8_t limit_side; /* the unsatisfactory side of the limit; et_limit_side */
  uint8_t class_low; /* class that would have been right when the outcome is too low; after the class against "too high" it is the class while untrained (defaultClass), where that is neither of the two; 0 to 15 */
  uint8_t class_high; /* class that would have been right when the outcome is too high; after the class against "too low" it is the class while untrained (defaultClass), where that is neither of the two; 0 to 15 */
  uint8_t suspicion; /* when the feedback looks wrong (stuck, contradicting or independent of the decisions): pause learning until it agrees again, only report it, or do not look; et_suspicion_action */
  uint8_t reserved[3];
} et_definition_feedback;

/* Which decisions become samples. */
typedef struct et_definition_stitching {
  uint16_t satisfactory_share; /* share (0 to 1) of the satisfactory decisions that become samples too, so that the model does not forget them; 0 to 1000 */
  uint8_t hold_out_every; /* every k-th sample of a class is kept out of training, for reports; 0 = none, else 2 or more. With outputs never 0: the held-out error decides which model takes over */
  uint8_t keep_outcomes; /* keep the outcome and the decision beside each sample, 3 bytes (5 with the rule tracking), so that a new set point or rule can judge it again; otherwise the samples keep their labels. Without effect with the rule label; 0 to 1 */
} et_definition_stitching;

/* When the board trains a candidate, and when the candidate takes over. */
typedef struct et_definition_training {
  uint16_t min_new_samples; /* fewest samples stitched since the last training; sample */
  uint16_t min_samples; /* fewest samples in all, at most the capacity; 0 to 4096; sample */
  uint16_t accuracy_window; /* judged outcomes over which the accuracy is computed; 1 to 256 */
  uint16_t accuracy_threshold; /* trains when the accuracy over the window is below this (0 to 1), and when half of the data set is new; "always" = whenever there are enough samples, 0 = only once; 0 to 1001 */
  uint16_t cooldown_s; /* minimum time between two trainings that the board starts itself; s */
  uint16_t drift_trainings; /* drift alarm after so many trainings in a row that did not reach the threshold; 0 = off */
  uint8_t mode; /* who starts a training: the board itself, only a command, or nobody; et_mode */
  uint8_t process_writes; /* what the process may write while a key is set: ask for decisions, report outcomes too, or everything (lessons, freeze, training); et_process_writes */
  uint8_t reserved[2];
} et_definition_training;

/* What each section looks like. */
extern const et_section_format et_section_core;
extern const et_section_format et_section_classes;
extern const et_section_format et_section_features;
extern const et_section_format et_section_feedback;
extern const et_section_format et_section_stitching;
extern const et_section_format et_section_training;

#ifdef __cplusplus
}
#endif

#endif
