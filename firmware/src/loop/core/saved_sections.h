/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#ifndef ET_SAVED_SECTIONS_H
#define ET_SAVED_SECTIONS_H

#include "edge_trainer/section.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ET_SAVED_IDENTITY_ID 1u
#define ET_SAVED_IDENTITY_LAYOUT 1u
#define ET_SAVED_COUNTERS_ID 2u
#define ET_SAVED_COUNTERS_LAYOUT 1u
#define ET_SAVED_POLICY_ID 3u
#define ET_SAVED_POLICY_LAYOUT 1u
#define ET_SAVED_GENERATIONS_ID 4u
#define ET_SAVED_GENERATIONS_LAYOUT 1u
#define ET_SAVED_STITCHING_ID 5u
#define ET_SAVED_STITCHING_LAYOUT 1u
#define ET_SAVED_ALARM_ID 6u
#define ET_SAVED_ALARM_LAYOUT 1u
#define ET_SAVED_DEFINITION_ID 16u
#define ET_SAVED_DEFINITION_LAYOUT 2u
#define ET_SAVED_RUNNING_ID 17u
#define ET_SAVED_RUNNING_LAYOUT 1u
#define ET_SAVED_PREVIOUS_ID 18u
#define ET_SAVED_PREVIOUS_LAYOUT 1u
#define ET_SAVED_SAMPLES_ID 19u
#define ET_SAVED_SAMPLES_LAYOUT 1u
#define ET_SAVED_PATTERNS_ID 20u
#define ET_SAVED_PATTERNS_LAYOUT 1u
#define ET_SAVED_STANDING_ID 32768u
#define ET_SAVED_STANDING_LAYOUT 1u

/* Who the trainer is, and how often it has saved. */
typedef struct et_saved_identity {
  uint32_t saves; /* states saved, this one included */
  uint32_t log_next; /* number of the next log record */
  uint8_t key[16]; /* of the commissioning lock */
  uint8_t key_set; /* 1 = there is a key */
  uint8_t unit; /* Modbus unit id */
  uint8_t reserved[2];
} et_saved_identity;

/* What the trainer has done since it was commissioned. */
typedef struct et_counters {
  uint32_t inferences; /* decisions made */
  uint32_t judged; /* decisions judged */
  uint32_t satisfied; /* of them satisfactory */
  uint32_t stitched; /* samples stitched */
  uint32_t replaced; /* samples that gave way */
  uint32_t trainings; /* trainings ended */
  uint32_t promoted; /* candidates that took over */
  uint32_t rejected; /* candidates that did not */
  uint32_t rolled_back; /* rollbacks */
  uint32_t discarded[6]; /* outcomes that could not be judged, per et_discard_reason */
} et_counters;

/* What masters have set while it ran. */
typedef struct et_saved_policy {
  int16_t set_point; /* set point or limit, register units */
  uint8_t mode; /* et_mode */
  uint8_t mode_before_freeze; /* et_mode */
} et_saved_policy;

/* The generations of the model. */
typedef struct et_saved_generations {
  uint16_t number; /* running generation; 0 = untrained */
  uint16_t previous_number; /* previous generation; 0 = none */
  uint16_t next_number; /* last number that was given */
  uint16_t accuracy; /* held-out balanced accuracy, permille; 65535 = unknown */
  uint16_t previous_accuracy; /* of the previous generation */
  uint8_t reserved[2];
} et_saved_generations;

/* The data set's counts. */
typedef struct et_saved_stitching {
  uint16_t samples; /* stored */
  uint16_t samples_new; /* since the last training */
  uint16_t held_out_total; /* kept out of training */
  uint16_t order_next; /* stamp of the next sample */
  uint16_t share_debt; /* permille towards the next satisfactory sample */
  uint16_t failed_trainings; /* in a row without reaching the threshold */
  uint8_t drift; /* 1 = drift alarm */
  uint8_t reserved[3];
} et_saved_stitching;

/* The alarms of a stream model. */
typedef struct et_saved_alarm {
  uint16_t number; /* of the last alarm */
  uint8_t reserved[2];
} et_saved_alarm;

#ifdef __cplusplus
}
#endif

#endif
