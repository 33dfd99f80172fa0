/* Threshold of a score for a chosen false-alarm probability.
 *
 * P-square (Jain & Chlamtac, "The P2 algorithm for dynamic calculation of quantiles", CACM 28, 1985) finds the starting
 * level t without storing the scores. Above t the excesses follow a generalised Pareto distribution (Pickands, Balkema,
 * de Haan), and the level that is exceeded with probability q is, equation 1 of Siffer et al., "Anomaly detection in
 * streams with extreme value theory", KDD 2017:
 *
 *   z_q = t + sigma / gamma * ((q n / N_t)^-gamma - 1)
 *
 * Siffer et al. keep the excesses and fit gamma and sigma by Grimshaw's root search. Here only their number, sum and sum of
 * squares are kept, and the moments give (Hosking & Wallis, "Parameter and quantile estimation for the generalized Pareto
 * distribution", Technometrics 29, 1987, section 3.2)
 *
 *   gamma = (1 - m^2 / s^2) / 2,  sigma = m (1 - gamma),  m and s the mean and standard deviation of the excesses:
 *
 * nothing to store, every excess counts, and for the light tail of a distance it is as good an estimator as there is. From few
 * excesses gamma is mostly noise; it is shrunk towards 0, an exponential tail, by N_t / (N_t + ET_ESN_SHAPE_PRIOR). */
#ifndef ET_ESN_THRESHOLD_H
#define ET_ESN_THRESHOLD_H

#include <stdbool.h>
#include <stdint.h>

/* Share of the calibration scores below the starting level t. */
#define ET_ESN_TAIL_START 0.9f
/* As many excesses speak for an exponential tail before the first one is seen. */
#define ET_ESN_SHAPE_PRIOR 10.0f

/* Windows overlap, so healthy ones come above the threshold in runs. */
#define ET_ESN_CREDIT 5.0f

/* Five markers that follow the p-quantile of a stream. */
typedef struct et_psquare {
  float p;          /* 0 < p < 1 */
  uint32_t count;   /* values seen */
  float height[5];  /* marker heights, ascending */
  float position[5];
} et_psquare;

void et_psquare_begin(et_psquare *quantile, float p);
/* `value` must be finite. */
void et_psquare_add(et_psquare *quantile, float value);
/* The estimate; exact (linear between order statistics is not attempted, nearest rank) below five values; 0 when empty. */
float et_psquare_value(const et_psquare *quantile);

/* Peaks over threshold, in one flat piece (part of a model generation). */
typedef struct et_esn_tail {
  float start;      /* t */
  float threshold;  /* z_q; a score above it is an anomaly */
  uint32_t seen;    /* n: healthy scores seen */
  uint32_t over;    /* N_t: how many of them were above t */
  float sum;        /* of the excesses over t */
  float square;     /* of their squares */
  float credit;     /* scores above the threshold that q still explains, 0..ET_ESN_CREDIT */
} et_esn_tail;

void et_esn_tail_begin(et_esn_tail *tail, float start);
/* One healthy score while calibrating: counted. The threshold is not moved. */
void et_esn_tail_count(et_esn_tail *tail, float score);
/* Fit z_q for probability `q` (0 < q < 0.5) to what was counted. */
void et_esn_tail_fit(et_esn_tail *tail, float q);
/* One score while scoring; true when it is above the threshold. Otherwise it is counted, and the threshold refitted when it was
 * above t (SPOT, algorithm 2 of Siffer et al.). Leaving every score above the threshold out, as there, cuts the tail short by
 * the very share q that the threshold allows to healthy windows, and the threshold sinks, the faster the more it is refitted. So
 * as long as there are no more of them than q explains (`credit`), such scores are counted too, as exceeding the threshold by no
 * more than the mean excess, what an exponential tail does on average. A fault soon uses the credit up and is not followed. */
bool et_esn_tail_judge(et_esn_tail *tail, float score, float q);

#endif
