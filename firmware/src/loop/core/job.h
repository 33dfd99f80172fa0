/* The running job and the training policy. */
#ifndef ET_JOB_H
#define ET_JOB_H

#include "edge_trainer/model.h"

typedef enum et_job_phase {
  ET_JOB_NONE,
  ET_JOB_TRAIN,
  ET_JOB_MEAN, /* of the targets of continuous outputs */
  ET_JOB_EVALUATE_CANDIDATE,
  ET_JOB_EVALUATE_RUNNING,
  ET_JOB_COMPARE,
  ET_JOB_SAVE
} et_job_phase;

typedef struct et_job {
  uint8_t phase;      /* et_job_phase */
  bool promotes;      /* a training: ends in a promotion or rejection; else an evaluation on command */
  uint16_t cursor;    /* next sample to evaluate */
  uint16_t within;    /* how far its decision has come */
  uint16_t evaluated; /* samples evaluated in this pass */
  uint16_t progress;  /* permille */
} et_job;

/* A training or evaluation is under way; a save is not. */
static inline bool et_job_runs(const et_job *job) { return job->phase != ET_JOB_NONE && job->phase != ET_JOB_SAVE; }
/* Whether a job needs the data set as it is. */
static inline bool et_job_holds_samples(const et_job *job) { return job->phase != ET_JOB_NONE; }

typedef struct et_training {
  uint8_t mode, mode_before_freeze; /* et_mode */
  uint8_t frozen_by;                /* et_frozen_by */
  et_train_report report;           /* of the last training */
} et_training;

#endif
