/* The score of a window, and its calibration on healthy windows.
 *
 * A fault shows in what the network cannot predict (residual) and in how strongly the machine drives it (state energy), and
 * either may fall as well as rise. Both enter as logarithms, in which a change of level is a shift, and are judged together and
 * two-sided by the Mahalanobis distance from healthy,
 *
 *   D^2 = (f - m)' C^-1 (f - m),  f = [mean_k log mean e_k^2, log mean |x|^2].
 *
 * The calibration scores feed the threshold. Scoring a window with a mean and covariance it helped to estimate makes it look
 * too healthy, and neighbours overlap, so each is scored without itself and every window that shares samples with it
 * (leave-block-out: Burman, Chow & Nolan, "A cross-validatory method for dependent data", Biometrika 81, 1994). On the fan data
 * this alone brings false alarms at a design of 1 % from 3 to 5 % down to 1 to 2 %. */
#ifndef ET_ESN_SCORE_H
#define ET_ESN_SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/esn/block.h"

/* Logarithms of the energies of one window. */
typedef struct et_esn_signature {
  float residual[ET_CHANNELS_MAX]; /* log mean squared residual per channel, in squared standard deviations */
  float energy[ET_CHANNELS_MAX];   /* log variance of the signal per channel, squared register units */
  float state;                     /* log mean square of a unit */
  float rms;                       /* half the log of the summed variances */
} et_esn_signature;

et_esn_row et_esn_row_of(const et_esn_signature *signature, unsigned channels);

/* Begin calibrating a block that has its weights. */
void et_esn_calibration_clear(et_esn_block *block);
/* One healthy window of the estimating part. At most ET_ESN_ROWS rows are kept, one of every `stride` windows, where the stride
 * doubles each time they fill up: they always span all of the phase. Which one of a stride is drawn at random, else a stride that
 * beats with the turning of the shaft would see the same few angles only. */
void et_esn_calibration_window(et_esn_block *block, const et_esn_signature *signature);

/* How many of `windows` calibration windows estimate mean and covariance; the others are scored with these and only move
 * the threshold. All of them when there are too few for both. */
uint32_t et_esn_estimating_windows(uint32_t windows);
/* One healthy window of the other part: the thresholds count it. */
void et_esn_threshold_window(et_esn_block *block, const et_esn_signature *signature);

/* From rows to mean, covariance and thresholds, resumable. */
typedef struct et_esn_calibration {
  uint8_t stage;      /* 0 sums, 1 starting level, 2 excesses, 3 done */
  uint8_t gap;        /* rows left out on either side */
  uint16_t row;
  float independent;  /* how many independent windows one row counts for, 0..1 */
  int32_t sum[3];
  int64_t square[3];  /* of residual, state, rms */
  int64_t product;    /* residual * state */
  et_psquare level;
  et_psquare rms_level;
} et_esn_calibration;

/* `overlap`: windows that share samples, window / hop. */
void et_esn_calibration_begin(et_esn_calibration *calibration, const et_esn_block *block, unsigned overlap);
/* At most about `budget` work units, at least one row. True when the block's thresholds are set. `q`: false-alarm probability. */
bool et_esn_calibration_step(et_esn_calibration *calibration, et_esn_block *block, float q, uint32_t budget);
/* After the last window: thresholds fitted; means and standard deviations per channel made final. */
void et_esn_calibration_finish(et_esn_block *block, float q);

/* Two-sided score of a window; `drift` (2) is added to the healthy mean. */
float et_esn_score(const et_esn_block *block, const float *drift, et_esn_row row);
/* The baseline's: standard deviations of log-RMS from healthy, either side. */
float et_esn_baseline(const et_esn_block *block, et_esn_row row);

/* Let the healthy mean follow a window that was not alarmed: an exponentially weighted average over about
 * ET_ESN_DRIFT_WINDOWS windows that never goes further than one standard deviation from where it was calibrated, so that a fault that
 * grows slowly is not followed for long. */
#define ET_ESN_DRIFT_WINDOWS 1024.0f
void et_esn_follow(const et_esn_block *block, float *drift, et_esn_row row);

#endif
