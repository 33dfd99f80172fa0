/* Training of the linear SVM: dual coordinate descent for the L2-regularised L1-loss problem,
 *   min over alpha of  1/2 |w|^2 - sum alpha_i,  w = sum alpha_i y_i x_i,  0 <= alpha_i <= C_i,  sum alpha_i y_i = 0,
 * with shrinking and random permutation (Hsieh, Chang, Keerthi, Sundararajan, Sellamanickam 2008: algorithms 1 to 3, equations
 * (8) to (12), (17)), in integers. models/svm/linear_train.c prepares the pairs of classes and cuts the work into slices,
 * models/svm/linear_descent.c holds the descent.
 *
 * Bias. Hsieh et al. have no equality constraint: their bias is the weight of one more feature of constant value B (section 1),
 * so it is regularised, and differs from LIBSVM's. Here the constant feature's term B^2/2 (sum alpha_i y_i)^2 is taken as the
 * quadratic penalty of the constraint, whose multiplier mu is LIBSVM's free bias: after every pass mu += B^2 sum alpha_i y_i (the
 * method of multipliers, Hestenes 1969, with one inexact minimisation a step). At the end the sum is zero within the tolerance,
 * and solution and bias are LIBSVM's. Where no multiplier is strictly between its bounds the bias is only known to an interval;
 * its middle is taken, as LIBSVM does.
 *
 * Centre. With a free bias the solution does not change when a constant m is taken from every row, but the descent does: rows
 * that share a large common part are nearly parallel, and coordinate descent crawls. m is a mean row of the pair; on digits
 * that saves two thirds of the visits. Rows are not touched: w.(r - m) = w.r - w.m, and w.m only changes with w.
 *
 * Units. A row r holds integers, S = 127, 32767 or ET_SVM_Z_ONE standing for 1.0, x = r / S, b = B S (B: models/svm/linear_train.c). A
 * multiplier alpha_i is an integer in units of L = C 2^-a. Then everything stays an integer but for one scale:
 *   w      = 2^-k sum alpha_i y_i (r_i - m)          (so a real weight is w L 2^k / S)
 *   v      = 2^-k sum alpha_i y_i b                  (the weight of the constant feature)
 *   D_i    = (w.(r_i - m) + v b) 2^-z + mu           (z = 0 for int8 rows, 15 for int16 rows: a 64-bit sum, cut)
 *   margin = S^2 / (L 2^(k+z))                       (the value of D that stands for a decision value of 1)
 *   G_i    = y_i D_i - margin                        (their equation (12))
 *   step_i = -G_i 2^(k+z) / (|r_i - m|^2 + b^2)      (their equation (9), before it is cut to [0, A_i], A_i = 2^a C_i / C)
 *
 * Relaxation. A multiplier moves by omega step_i, omega = 5/4: successive overrelaxation, which converges for this problem with any
 * omega between 0 and 2 (Mangasarian, Musicant: Successive overrelaxation for support vector machines, IEEE Transactions on Neural
 * Networks 10(5), 1999) as long as mu stays; mu bounds it further. Where one multiplier moves alone, a pass takes s = v b and mu to
 *   s' = (1 - omega) s - omega rho mu,  mu' = mu + s',  rho = b^2 / (|r_i - m|^2 + b^2) <= 1,
 * which is stable for every rho when omega < 4/3. On random problems 5/4 takes 7 % fewer passes than 1
 * (bench/README.md).
 *
 * Shrinking. A sample whose gradient points out of its box, further than the threshold of the pass before, is left out. Those left
 * out are looked at again when the others are within the tolerance, and at the latest when as many visits were made as
 * ET_SVM_LINEAR_UNCHECKED_MOST times the pair's samples; only those whose projected gradient is not zero come back.
 *
 * Overflow. |r|, |m| <= R (R = S, or 32767 for scaled rows). Every |w[j]|, and |v|, is kept under `limit`, a power of two with limit
 * (2 R n + b) 2^-z <= 2^30, so w.r, w.m, v b and their sum are within 2^30 for rows at the limits of their range; |mu| <= 2^29 and
 * margin <= 2^27, so D and G fit 32 bits. largest_step adds at most 2^30 to a weight; what a move takes is up to omega times that, and
 * 2^15 units more, for the rounding of a multiplier below 2^28; with limit <= 2^28 no weight leaves 32 bits. Once a weight could
 * have reached the limit the weights are looked at; if one has, all of w is halved, and `margin` with it (k + 1). For int8 rows the
 * product step (r - m) itself is at most (5/4 2^22 + 2^15) 254 < 1.35e9 and its rounding term 2^29: together below 2^31. From alpha
 * = 0 the descent never raises the dual, so |w|^2 <= 2 sum C_i, and for C <= 1e4 w leaves `margin` some bits. Should w outgrow its
 * format all the same (damaged multipliers of a backup; C and class weights both at their limits), the pair is begun again without
 * stored multipliers, and if that does not help the training ends with NUMERIC. k stays within 30, so all shifts are defined. The
 * 64-bit sums of int16 rows stay below 2^45.
 *
 * Multipliers are stored as 16-bit floating numbers (models/svm/multiplier.h), and an update only takes values that this format has. So
 * w can be rebuilt from the stored multipliers, and a sample whose multiplier cannot move by one step of the format counts as
 * optimal: the descent ends at that resolution even if the tolerance is finer. */
#ifndef ET_MODELS_SVM_LINEAR_JOB_H
#define ET_MODELS_SVM_LINEAR_JOB_H

#include "models/svm/linear.h"
#include "models/svm/multiplier.h"

#define ET_SVM_LINEAR_MARGIN_MOST ((int32_t)1 << 27)
#define ET_SVM_LINEAR_MU_MOST ((int32_t)1 << 29)
#define ET_SVM_LINEAR_STEP_BITS 22
#define ET_SVM_LINEAR_HALVINGS_MOST 30
#define ET_SVM_LINEAR_UNCHECKED_MOST 4u
/* An entry of the order: a sample's index, and what a visit asks first. */
#define ET_SVM_LINEAR_POSITIVE 0x8000u /* it is of the pair's positive class */
#define ET_SVM_LINEAR_AT_ZERO 0x4000u  /* its multiplier is 0 */
#define ET_SVM_LINEAR_AT_CAP 0x2000u   /* its multiplier is at the upper bound */
#define ET_SVM_LINEAR_SAMPLE (ET_SVM_LINEAR_CAPACITY_MAX - 1u)
#define ET_SVM_LINEAR_MARGIN_LEAST 16 /* a margin of 1 has four bits left */

typedef struct et_svm_linear_job {
  const et_definition *definition;
  et_sample_set set;
  const uint8_t *running;
  uint8_t *candidate;
  int32_t *w;          /* n + 1: weights, then v */
  uint8_t *curvature;  /* per sample: code of 1 / (|r - m|^2 + b^2), see find_curvature */
  uint16_t *order;     /* entries of the pair's samples; the first `active` are not shrunk */
  void *centre;        /* m: n, int8 or int16 like the rows */
  et_svm_scale *scale; /* n, STANDARD only */
  int16_t *z;          /* n, STANDARD only: the scaled row */
  int64_t sums[2];     /* of the stored multipliers: negative, positive class */
  int64_t wide_offset; /* int16 rows: v b - w.m */
  int32_t offset;      /* int8 rows: v b - w.m + mu */
  uint32_t random;
  uint32_t work;
  uint32_t iterations;
  uint16_t counts[ET_CLASSES_MAX];
  uint16_t at; /* where the phase is: feature, sample or place in the order */
  uint16_t pair;
  uint16_t size; /* samples of the pair */
  uint16_t active;
  uint16_t epoch;
  uint16_t moves;     /* of this slice of the pass */
  uint16_t unchecked; /* visits since the shrunk ones were looked at; 5 * 8192 at most */
  uint8_t phase;
  uint8_t positive, negative;
  uint8_t slot[2];        /* place of this pair among a sample's multipliers: negative, positive class */
  uint8_t drop;           /* an alpha in units of L is a code's value >> drop */
  uint8_t halvings;       /* k */
  uint8_t curvature_base; /* least exponent of a curvature: that of b^2 */
  uint8_t bias_shift;
  uint8_t bias_down;
  int8_t curvature_shift; /* of a step: curvature_base and k, see move */
  bool wide;              /* rows are int16 */
  bool bound_reached;
  bool constant;     /* all samples are of one class: a model that decides it, whatever comes */
  bool any_stored;   /* the pair starts from stored multipliers */
  bool cold;         /* the pair started without stored multipliers */
  bool recalling;    /* between passes: the shrunk ones are looked at */
  bool balanced;     /* sum alpha_i y_i is near enough to zero */
  bool out_of_range; /* w outgrew its number format */
  int16_t row_one;   /* S */
  int16_t bias_odd;
  int32_t bias_value;  /* b = bias_odd 2^bias_shift */
  int32_t bias_factor; /* b 2^-k = bias_factor 2^-bias_down */
  int32_t limit;
  int32_t farthest; /* an alpha's unit step changes no weight by more than farthest 2^-k: 2 R or b, and the rounding */
  int32_t room;     /* steps that (limit - largest weight) / farthest still allows: check the weights again at zero */
  int32_t margin;
  int32_t mu;
  int32_t tolerance; /* of G, in units of D */
  int32_t largest_step;
  int32_t cap[2]; /* A_i: negative, positive class */
  uint16_t cap_code[2];
  int32_t shrink_above; /* magnitude of a gradient out of the box, from the pass before */
  int32_t most, least;  /* projected gradients of this pass, and zero */
} et_svm_linear_job;

/* Of an entry of the order. */
static inline bool et_svm_linear_positive(uint32_t entry) { return (entry & ET_SVM_LINEAR_POSITIVE) != 0; }
static inline uint16_t *et_svm_linear_multiplier(const et_svm_linear_job *job, uint32_t entry) {
  uint16_t *codes = (uint16_t *)(void *)job->set.extra;
  const uint32_t i = entry & ET_SVM_LINEAR_SAMPLE;
  return codes + i * (job->definition->core->classes - 1u) + job->slot[et_svm_linear_positive(entry)];
}

/* The row r of sample i, scaled where the definition says so (then valid until the next call). */
const void *et_svm_linear_row(et_svm_linear_job *job, uint32_t i);
/* D of a row. */
int32_t et_svm_linear_decision(const et_svm_linear_job *job, const void *row);
/* w += 2^-k step (r - m), any step. */
void et_svm_linear_update(et_svm_linear_job *job, const void *row, int32_t step);
void et_svm_linear_set_halvings(et_svm_linear_job *job, uint8_t k);
void et_svm_linear_set_mu(et_svm_linear_job *job, int32_t mu);
/* Visits samples, pass after pass, until the budget is used up (false) or the pair is finished or out of range. */
bool et_svm_linear_descend(et_svm_linear_job *job, uint32_t budget, uint32_t *spent);

#endif
