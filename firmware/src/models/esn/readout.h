/* The readout: the only part of an echo state network that learns. It predicts the next sample,
 *
 *   u^(t + 1) = W [x(t); 1]
 *
 * RIDGE: W = B (G + lambda I)^-1 with G = sum [x; 1][x; 1]' and B = sum u(t + 1) [x(t); 1]' (Lukosevicius, "A practical guide
 * to applying echo state networks", 2012, equation 9), accumulated sample by sample, then solved by Cholesky in slices.
 * RLS: learned as RIDGE, then the same least squares followed sample by sample with forgetting (Haykin, "Adaptive filter
 * theory", summary of the RLS algorithm; Jaeger, "Adaptive nonlinear system identification with echo state networks", 2003).
 *
 * n = N + 1 everywhere: the units and the constant. A symmetric matrix is its lower triangle packed by rows, element (i, j),
 * j <= i, at i (i + 1) / 2 + j. Weights are K rows of n floats. */
#ifndef ET_ESN_READOUT_H
#define ET_ESN_READOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "models/esn/reservoir.h"

/* One place of the Gram matrix or of B: an accumulator first (an integer one in the fixed-point build), a float from the
 * first slice of the solver on. */
typedef union et_esn_cell {
  float real;
  int32_t whole;
} et_esn_cell;

#define ET_ESN_PACKED(n) ((uint32_t)(n) * ((uint32_t)(n) + 1u) / 2u)

/* How far a product of two units (Q30) is shifted down in the fixed-point build so that `samples` of them cannot overflow an
 * int32 accumulator: ceil(log2(samples)) - 1, at least 0. The rounding of the products averages out. */
uint8_t et_esn_gram_shift(uint32_t samples);

/* What a readout is learned from: sums over all pairs. */
typedef struct et_esn_sums {
  et_esn_cell *gram;  /* G, packed; its Cholesky factor when it is solved */
  et_esn_cell *cross; /* B, K rows of n; W when it is solved */
  unsigned n, channels;
} et_esn_sums;

/* Adds one pair: state x (n units, the last one ET_ESN_ONE) and the sample that came next (K inputs). n (n + 1) / 2 + n K
 * multiply-accumulates in all; at most about `budget` of them a call, beginning with row `from` (0, then what the call before
 * returned). Returns n + 1 when the pair is complete. */
unsigned et_esn_gram_add(const et_esn_sums *sums, uint8_t shift, const et_esn_unit *x, const et_esn_input *target, unsigned from,
                         uint32_t budget);

typedef struct et_esn_solve {
  uint8_t stage; /* 0 convert, 1 factorise, 2 forward, 3 backward, 4 done */
  uint8_t channel;
  uint8_t shift; /* of the accumulators */
  uint8_t reserved;
  uint16_t row;
  uint16_t column;
  uint16_t boosts; /* pivots that rounding had made too small and that were raised to the ridge */
  float ridge;     /* absolute, added to every diagonal element */
  float relative;  /* lambda, relative to the mean diagonal of G */
  uint32_t work;
} et_esn_solve;

void et_esn_solve_begin(et_esn_solve *solve, uint8_t shift, float relative_ridge);
/* At most about `budget` work units (ET_FLOAT_WORK of them a multiply-accumulate; never less than one element or row, up to n
 * multiply-accumulates). True when it is solved. */
bool et_esn_solve_step(et_esn_solve *solve, const et_esn_sums *sums, uint32_t budget);
/* Weights as floats finite and of a size that prediction can represent? */
bool et_esn_weights_valid(const float *weights, uint32_t count);

/* The readout as the prediction reads it: the float rows themselves, or int16 mantissas with one exponent per row. */
#ifdef ET_ESN_FIXED
typedef int16_t et_esn_weight;
#else
typedef float et_esn_weight;
#endif

/* Quantise K rows of n; `exponent` (K) gets the right shift from product (Q15 * mantissa) to Q12. Fixed-point build only. */
#ifdef ET_ESN_FIXED
void et_esn_quantise(const float *weights, unsigned n, unsigned channels, et_esn_weight *quantised, int8_t *exponent);
#endif

/* Prediction of the next sample from state x (n units). `exponent` is ignored in the float build. Clipped to the input range. */
void et_esn_predict(const et_esn_weight *weights, const int8_t *exponent, const et_esn_unit *x, unsigned n, unsigned channels,
                    et_esn_input *prediction);

/* Recursive least squares, resumable within one sample. Lives as long as the readout adapts. */
typedef struct et_esn_rls {
  uint8_t stage; /* 0 idle, 1 gain, 2 weights, 3 inverse */
  uint8_t channels;
  uint16_t row;
  float forgetting;  /* 0.9 < f <= 1 */
  float initial;     /* P starts as initial * I */
  float denominator; /* f + x' P x */
  uint32_t restarts; /* times P was started again because it was no longer finite or had blown up */
  uint32_t updates;
} et_esn_rls;

/* Floats of `memory` for et_esn_rls_*: P packed, then state, gain (n each) and error (K). */
#define ET_ESN_RLS_FLOATS(n, channels) (ET_ESN_PACKED(n) + 2u * (uint32_t)(n) + (uint32_t)(channels))

void et_esn_rls_begin(et_esn_rls *rls, float *memory, unsigned n, unsigned channels, float forgetting, float initial);
/* Start an update of `weights` towards `target`, the sample that followed state x. False (and nothing done) while one is under
 * way. Work: n K. */
bool et_esn_rls_offer(et_esn_rls *rls, float *memory, const float *weights, const et_esn_unit *x, unsigned n, const et_esn_input *target);
/* Continue: at most about `budget` work units. True when the update is complete and `weights` has changed. */
bool et_esn_rls_step(et_esn_rls *rls, float *memory, float *weights, unsigned n, uint32_t budget);

#endif
