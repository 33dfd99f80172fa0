#include "models/esn/readout.h"

#include <math.h>

#include "models/kernels/arithmetic.h"

/* Largest weight: inputs are standard deviations and units at most 1, so a useful weight is far below. */
#define WEIGHT_MAX 1.0e6f

/* Pivot of a unit that is left out, in mean diagonals. */
#define DEPENDENT 1.0e6f

uint8_t et_esn_gram_shift(uint32_t samples) {
  uint8_t bits = 0;
  while (bits < 31 && (1ul << bits) < samples) bits++;
  return bits > 0 ? (uint8_t)(bits - 1) : 0;
}

static uint32_t row_start(unsigned i) { return (uint32_t)i * (i + 1u) / 2u; }

#ifdef ET_ESN_FIXED

unsigned et_esn_gram_add(const et_esn_sums *sums, uint8_t shift, const et_esn_unit *x, const et_esn_input *target, unsigned from,
                         uint32_t budget) {
  const unsigned n = sums->n;
  et_esn_cell *gram = sums->gram + row_start(from), *cross = sums->cross;
  const int32_t half = shift ? (int32_t)(1u << (shift - 1)) : 0;
  uint32_t work = 0;
  for (unsigned i = from; i < n; i++) {
    const int32_t xi = x[i];
    if (work >= budget) return i;
    for (unsigned j = 0; j <= i; j++) gram[j].whole += (xi * x[j] + half) >> shift;
    gram += i + 1;
    work += i + 1;
  }
  for (unsigned k = 0; k < sums->channels; k++) {
    const int32_t u = target[k];
    for (unsigned j = 0; j < n; j++) cross[j].whole += (u * x[j] + half) >> shift;
    cross += n;
  }
  return n + 1;
}

#else

static void add_scaled(et_esn_cell *restrict sum, const float *restrict x, unsigned count, float factor) {
  const float *end = x + count;
  for (; end - x >= 4; x += 4, sum += 4) {
    sum[0].real = et_madd(factor, x[0], sum[0].real);
    sum[1].real = et_madd(factor, x[1], sum[1].real);
    sum[2].real = et_madd(factor, x[2], sum[2].real);
    sum[3].real = et_madd(factor, x[3], sum[3].real);
  }
  for (; x < end; x++, sum++) sum->real = et_madd(factor, *x, sum->real);
}

/* Two rows at once: each x is loaded for two products, which is what a core with one multiplier waits for. */
static void add_scaled_two(et_esn_cell *restrict first, et_esn_cell *restrict second, const float *restrict x, unsigned count,
                           float factor_first, float factor_second) {
  const float *end = x + count;
  for (; end - x >= 4; x += 4, first += 4, second += 4) {
    first[0].real = et_madd(factor_first, x[0], first[0].real);
    second[0].real = et_madd(factor_second, x[0], second[0].real);
    first[1].real = et_madd(factor_first, x[1], first[1].real);
    second[1].real = et_madd(factor_second, x[1], second[1].real);
    first[2].real = et_madd(factor_first, x[2], first[2].real);
    second[2].real = et_madd(factor_second, x[2], second[2].real);
    first[3].real = et_madd(factor_first, x[3], first[3].real);
    second[3].real = et_madd(factor_second, x[3], second[3].real);
  }
  for (; x < end; x++, first++, second++) {
    first->real = et_madd(factor_first, *x, first->real);
    second->real = et_madd(factor_second, *x, second->real);
  }
}

unsigned et_esn_gram_add(const et_esn_sums *sums, uint8_t shift, const et_esn_unit *x, const et_esn_input *target, unsigned from,
                         uint32_t budget) {
  (void)shift;
  const unsigned n = sums->n, channels = sums->channels;
  et_esn_cell *gram = sums->gram + row_start(from), *cross = sums->cross;
  unsigned i = from; /* even: rows go in twos */
  uint32_t work = 0;
  for (; i + 2 <= n; i += 2) {
    et_esn_cell *second = gram + i + 1;
    if (work >= budget) return i;
    add_scaled_two(gram, second, x, i + 1, x[i], x[i + 1]);
    second[i + 1].real = et_madd(x[i + 1], x[i + 1], second[i + 1].real);
    gram = second + i + 2;
    work += 2 * i + 3;
  }
  if (i < n) add_scaled(gram, x, i + 1, x[i]);
  unsigned k = 0;
  for (; k + 2 <= channels; k += 2) add_scaled_two(cross + k * n, cross + (k + 1) * n, x, n, target[k], target[k + 1]);
  if (k < channels) add_scaled(cross + k * n, x, n, target[k]);
  return n + 1;
}

#endif

void et_esn_solve_begin(et_esn_solve *solve, uint8_t shift, float relative_ridge) {
  *solve = (et_esn_solve){.shift = shift, .relative = relative_ridge};
}

/* One row of G and, with the first rows, one of B to float. */
static void convert_row(et_esn_solve *solve, const et_esn_sums *sums) {
  const unsigned i = solve->row, n = sums->n;
  et_esn_cell *g = sums->gram + row_start(i);
#ifdef ET_ESN_FIXED
  const float unit = ldexpf(1.0f, solve->shift - 30), target = ldexpf(1.0f, solve->shift - 27);
  for (unsigned j = 0; j <= i; j++) g[j].real = unit * (float)g[j].whole;
  for (unsigned k = 0; k < sums->channels; k++) sums->cross[k * n + i].real = target * (float)sums->cross[k * n + i].whole;
#endif
  solve->ridge += g[i].real; /* the trace, until the last row */
  solve->work += i + sums->channels;
  if (++solve->row == n) {
    solve->ridge *= solve->relative / (float)n;
    if (!(solve->ridge > 0.0f)) solve->ridge = 1e-6f; /* a reservoir that never moved */
    solve->stage = 1;
    solve->row = 0;
    solve->column = 0;
  }
}

/* Element (row, column) of the factor, rows first: L_ij = (G_ij - sum_k<j L_ik L_jk) / L_jj. */
static void factorise_element(et_esn_solve *solve, const et_esn_sums *sums) {
  const unsigned i = solve->row, j = solve->column;
  et_esn_cell *li = sums->gram + row_start(i);
  const et_esn_cell *lj = sums->gram + row_start(j);
  /* Four partial sums: rounding errors of a long dot product grow with the length of its chain. */
  float s0 = 0.0f, s1 = 0.0f, s2 = 0.0f, s3 = 0.0f;
  unsigned k = 0;
  for (; k + 4 <= j; k += 4) {
    s0 = et_madd(li[k].real, lj[k].real, s0);
    s1 = et_madd(li[k + 1].real, lj[k + 1].real, s1);
    s2 = et_madd(li[k + 2].real, lj[k + 2].real, s2);
    s3 = et_madd(li[k + 3].real, lj[k + 3].real, s3);
  }
  for (; k < j; k++) s0 = et_madd(li[k].real, lj[k].real, s0);
  const float dot = (s0 + s1) + (s2 + s3);
  solve->work += j + 4u;
  if (j < i) {
    li[j].real = (li[j].real - dot) / lj[j].real;
    solve->column++;
    return;
  }
  float pivot = li[i].real + solve->ridge - dot;
  if (!(pivot >= 0.5f * solve->ridge)) {
    /* Exact arithmetic leaves at least the ridge: what is left here is rounding, and the unit says nothing that those before it do not
     * say. A pivot far above the mean diagonal takes it out of the solution; NaN comes here too. */
    pivot = DEPENDENT * (solve->ridge / solve->relative);
    solve->boosts++;
  }
  li[i].real = sqrtf(pivot);
  solve->column = 0;
  if (++solve->row == sums->n) {
    solve->stage = 2;
    solve->row = 0;
  }
}

static void forward_row(et_esn_solve *solve, const et_esn_sums *sums) {
  const unsigned i = solve->row, n = sums->n;
  const et_esn_cell *l = sums->gram + row_start(i);
  et_esn_cell *b = sums->cross + solve->channel * n;
  float dot = 0.0f;
  for (unsigned k = 0; k < i; k++) dot = et_madd(l[k].real, b[k].real, dot);
  b[i].real = (b[i].real - dot) / l[i].real;
  solve->work += i + 4u;
  if (++solve->row < n) return;
  solve->row = 0;
  if (++solve->channel == sums->channels) {
    solve->stage = 3;
    solve->channel = 0;
    solve->row = (uint16_t)n;
  }
}

/* L' w = y from the last unknown, taking each found one out of all earlier equations: L is read by rows. */
static void backward_row(et_esn_solve *solve, const et_esn_sums *sums) {
  const unsigned i = --solve->row, n = sums->n;
  const et_esn_cell *l = sums->gram + row_start(i);
  et_esn_cell *b = sums->cross + solve->channel * n;
  b[i].real /= l[i].real;
  const float found = b[i].real;
  for (unsigned k = 0; k < i; k++) b[k].real = et_madd(-l[k].real, found, b[k].real);
  solve->work += i + 4u;
  if (i > 0) return;
  solve->row = (uint16_t)n;
  if (++solve->channel == sums->channels) solve->stage = 4;
}

bool et_esn_solve_step(et_esn_solve *solve, const et_esn_sums *sums, uint32_t budget) {
  const uint32_t before = solve->work;
  while (solve->stage < 4 && (solve->work - before) * ET_FLOAT_WORK < budget) {
    switch (solve->stage) {
    case 0: convert_row(solve, sums); break;
    case 1: factorise_element(solve, sums); break;
    case 2: forward_row(solve, sums); break;
    default: backward_row(solve, sums); break;
    }
  }
  return solve->stage == 4;
}

bool et_esn_weights_valid(const float *weights, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!(fabsf(weights[i]) <= WEIGHT_MAX)) return false;
  }
  return true;
}

#ifdef ET_ESN_FIXED

void et_esn_quantise(const float *weights, unsigned n, unsigned channels, et_esn_weight *quantised, int8_t *exponent) {
  for (unsigned k = 0; k < channels; k++, weights += n, quantised += n) {
    float largest = 0.0f;
    for (unsigned i = 0; i < n; i++) {
      if (fabsf(weights[i]) > largest) largest = fabsf(weights[i]);
    }
    int e = 0; /* mantissa = weight * 2^e, below 2^15 */
    if (largest > 0.0f) {
      (void)frexpf(largest, &e); /* largest < 2^e */
      e = 15 - e;
    }
    if (e > 30) e = 30;
    const float unit = ldexpf(1.0f, e);
    for (unsigned i = 0; i < n; i++) {
      const float mantissa = weights[i] * unit;
      const int32_t rounded = (int32_t)(mantissa < 0.0f ? mantissa - 0.5f : mantissa + 0.5f);
      quantised[i] = (int16_t)(rounded > 32767 ? 32767 : rounded < -32767 ? -32767 : rounded);
    }
    exponent[k] = (int8_t)(e + 3); /* Q15 * 2^e -> Q12 */
  }
}

void et_esn_predict(const et_esn_weight *weights, const int8_t *exponent, const et_esn_unit *x, unsigned n, unsigned channels,
                    et_esn_input *prediction) {
  for (unsigned k = 0; k < channels; k++, weights += n) {
    int64_t sum = 0;
    unsigned i = 0;
    for (; i + 4 <= n; i += 4) { /* four a turn: the loop itself cost as much as a product */
      sum += (int32_t)weights[i] * x[i];
      sum += (int32_t)weights[i + 1] * x[i + 1];
      sum += (int32_t)weights[i + 2] * x[i + 2];
      sum += (int32_t)weights[i + 3] * x[i + 3];
    }
    for (; i < n; i++) sum += (int32_t)weights[i] * x[i];
    const int shift = exponent[k];
    sum = shift >= 0 ? sum >> shift : sum * ((int64_t)1 << -shift);
    prediction[k] = (et_esn_input)(sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum);
  }
}

#else

void et_esn_predict(const et_esn_weight *weights, const int8_t *exponent, const et_esn_unit *x, unsigned n, unsigned channels,
                    et_esn_input *prediction) {
  (void)exponent;
  const float limit = (float)ET_ESN_INPUT_LIMIT;
  for (unsigned k = 0; k < channels; k++, weights += n) {
    float even = 0.0f, odd = 0.0f;
    unsigned i = 0;
    for (; i + 4 <= n; i += 4) { /* four a turn, in the same order as two */
      even = et_madd(weights[i], x[i], even);
      odd = et_madd(weights[i + 1], x[i + 1], odd);
      even = et_madd(weights[i + 2], x[i + 2], even);
      odd = et_madd(weights[i + 3], x[i + 3], odd);
    }
    for (; i + 2 <= n; i += 2) {
      even = et_madd(weights[i], x[i], even);
      odd = et_madd(weights[i + 1], x[i + 1], odd);
    }
    if (i < n) even += weights[i] * x[i];
    const float sum = even + odd;
    prediction[k] = sum > limit ? limit : sum < -limit ? -limit : sum;
  }
}

#endif
