#include "models/svm_dot.h"
#include "models/svm_linear_job.h"

#if defined(__GNUC__)
#define NOINLINE __attribute__((noinline))
#define ALWAYS_INLINE __attribute__((always_inline))
#else
#define NOINLINE
#define ALWAYS_INLINE
#endif

const void *et_svm_linear_row(et_svm_linear_job *job, uint16_t i) {
  const et_definition_fixed *fixed = job->definition->fixed;
  const uint32_t at = (uint32_t)i * fixed->features;
  const void *stored = fixed->storage == ET_STORAGE_INT8 ? (const void *)((const int8_t *)job->set.features + at)
                                                         : (const void *)((const int16_t *)job->set.features + at);
  if (job->scale == NULL) return stored;
  et_svm_scale_row(job->scale, stored, fixed->storage, fixed->features, job->z);
  return job->z;
}

int32_t et_svm_linear_decision(const et_svm_linear_job *job, const void *row) {
  const uint16_t n = job->definition->fixed->features;
  if (!job->wide) return et_svm_dot_32x8(job->w, row, n) + job->offset;
  return (int32_t)((et_svm_dot_32x16(job->w, row, n) + job->wide_offset) >> 15) + job->mu;
}

/* After any change of w or mu: what D has besides w.r. */
static inline void set_offset(et_svm_linear_job *job) {
  const int32_t v = job->w[job->definition->fixed->features];
  if (job->wide) job->wide_offset = (int64_t)v * job->bias_value - job->centre_sum;
  else job->offset = v * job->bias_value - (int32_t)job->centre_sum + job->mu;
}

void et_svm_linear_set_mu(et_svm_linear_job *job, int32_t mu) {
  job->mu = mu;
  set_offset(job);
}

/* The longest step that adds at most 2^30 to a weight: |step| 2 R 2^-k <= 2^30, and |step| b 2^-k <= 2^30. */
void et_svm_linear_set_largest_step(et_svm_linear_job *job) {
  const int row_bits = job->wide ? 16 : 8, bias_bits = et_svm_top_bit((uint32_t)job->bias_value) + 1;
  const int bits = 30 + job->halvings - (row_bits > bias_bits ? row_bits : bias_bits);
  job->largest_step = (int32_t)1 << (bits < ET_SVM_LINEAR_STEP_BITS ? bits : ET_SVM_LINEAR_STEP_BITS);
}

/* Halve w `times` times, and with it everything that is measured in units of D. */
static void halve(et_svm_linear_job *job, uint8_t times) {
  const uint16_t n = job->definition->fixed->features;
  for (uint16_t j = 0; j <= n; j++) job->w[j] >>= times;
  job->centre_sum = job->wide ? et_svm_dot_32x16(job->w, job->centre, n) : et_svm_dot_32x8(job->w, job->centre, n);
  job->mu >>= times;
  if (job->one >> times < ET_SVM_LINEAR_ONE_LEAST || job->halvings + times > ET_SVM_LINEAR_HALVINGS_MOST) {
    job->out_of_range = true; /* w no longer fits its multipliers: the pair is given up or begun again */
  } else {
    job->halvings = (uint8_t)(job->halvings + times);
    job->one >>= times;
    job->tolerance >>= times;
    if (job->tolerance == 0) job->tolerance = 1;
    if (job->most_old != INT32_MAX) job->most_old >>= times;
    if (job->least_old != INT32_MIN) job->least_old >>= times;
    job->most >>= times;
    job->least >>= times;
  }
  et_svm_linear_set_largest_step(job);
  set_offset(job);
}

/* |step| <= largest_step. */
static inline ALWAYS_INLINE void update(et_svm_linear_job *job, const void *row, int32_t step) {
  const uint16_t n = job->definition->fixed->features;
  const uint8_t k = job->halvings;
  const int32_t half = k > 0 ? (int32_t)1 << (k - 1) : 0;
  int32_t *w = job->w;
  int32_t reach = 0; /* the bits of all magnitudes */
  if (!job->wide) {
    const int8_t *r = row, *m = job->centre;
    uint32_t centre_sum = 0; /* unsigned: it may pass 31 bits until w is halved below */
    for (uint16_t j = 0; j < n; j++) {
      const int32_t v = w[j] + ((step * (r[j] - m[j]) + half) >> k);
      w[j] = v;
      reach |= v ^ (v >> 31);
      centre_sum += (uint32_t)v * (uint32_t)(int32_t)m[j];
    }
    job->centre_sum = (int32_t)centre_sum;
  } else {
    const int16_t *r = row, *m = job->centre;
    int64_t centre_sum = 0;
    for (uint16_t j = 0; j < n; j++) {
      const int32_t v = w[j] + (int32_t)(((int64_t)step * ((int32_t)r[j] - m[j]) + half) >> k);
      w[j] = v;
      reach |= v ^ (v >> 31);
      centre_sum += (int64_t)v * m[j];
    }
    job->centre_sum = centre_sum;
  }
  const int32_t v = w[n] + (int32_t)(((int64_t)step * job->bias_value + half) >> k);
  w[n] = v;
  reach |= v ^ (v >> 31);
  uint8_t times = 0;
  for (; reach >= job->limit; reach >>= 1) times++;
  if (times == 0) set_offset(job);
  else halve(job, times);
}

void et_svm_linear_update(et_svm_linear_job *job, const void *row, int32_t step) {
  int32_t part;
  do { /* in parts that cannot overflow; largest_step grows when w is halved */
    part = step > job->largest_step ? job->largest_step : step < -job->largest_step ? -job->largest_step : step;
    update(job, row, part);
    step -= part;
  } while (step != 0);
}

/* The curvature q = |r - m|^2 + b^2 of a sample, found when it moves for the first time: most never do. Only 1 / q is needed, and a
 * coordinate step lowers the dual as long as it is shorter than twice Newton's, so a byte does:
 *   1 / q = about mantissa 2^-(exponent + 4), 8 <= mantissa < 16, 2^exponent <= q < 2^(exponent + 1), off by 1/16 at most.
 * Stored as 1 + (exponent - curvature_base) 8 + mantissa - 8; 0 = not known yet. */
static NOINLINE void find_curvature(et_svm_linear_job *job, uint16_t i, const void *row) {
  const uint16_t n = job->definition->fixed->features;
  const uint32_t b = (uint32_t)job->bias_value;
  uint64_t q = (uint64_t)b * b;
  if (job->wide) { /* 120 * 2^32 + 2^42 */
    for (uint16_t j = 0; j < n; j++) {
      const int32_t d = (int32_t)((const int16_t *)row)[j] - ((const int16_t *)job->centre)[j];
      q += (uint64_t)((int64_t)d * d);
    }
  } else { /* 120 * 254^2 + (63 * 64)^2 < 2^25 */
    uint32_t sum = 0;
    for (uint16_t j = 0; j < n; j++) {
      const int32_t d = ((const int8_t *)row)[j] - ((const int8_t *)job->centre)[j];
      sum += (uint32_t)(d * d);
    }
    q += sum;
  }
  const uint32_t high = (uint32_t)(q >> 32);
  const uint8_t exponent = high != 0 ? (uint8_t)(32u + et_svm_top_bit(high)) : et_svm_top_bit((uint32_t)q); /* q >= 63^2 */
  const uint32_t top = (uint32_t)(q >> (exponent - 7)); /* 128..255 */
  const uint32_t mantissa = (2048u + top / 2u) / top;
  job->curvature[i] = (uint8_t)(1u + (uint32_t)(exponent - job->curvature_base) * 8u + (mantissa > 15u ? 7u : mantissa - 8u));
}

/* The new code of a multiplier for a gradient: step = -G 2^(k+z) / (|r - m|^2 + b^2), cut to the bounds. */
static inline uint16_t moved(const et_svm_linear_job *job, int32_t gradient, uint16_t i, int32_t alpha, bool positive) {
  const uint8_t curvature = (uint8_t)(job->curvature[i] - 1u);
  const int32_t mantissa = (int32_t)((curvature & 7u) + 8u);
  const int shift = (curvature >> 3) + job->curvature_base - job->halvings - (job->wide ? 15 : 0);
  /* 2^27 * 2^4 fits; the four bits that G loses first are lost after it otherwise */
  int32_t step;
  if (shift >= 0) {
    step = ((gradient >> 4) * mantissa) >> shift;
  } else {
    const int64_t long_step = (int64_t)gradient * mantissa * ((int64_t)1 << -shift) / 16;
    step = long_step > INT32_MAX ? INT32_MAX : long_step < -INT32_MAX ? -INT32_MAX : (int32_t)long_step;
  }
  if (step > job->largest_step) step = job->largest_step;
  if (step < -job->largest_step) step = -job->largest_step;
  alpha -= step;
  if (alpha <= 0) return 0;
  return alpha >= job->cap[positive] ? job->cap_code[positive] : et_svm_multiplier_encode(alpha, job->drop);
}

/* Moves one multiplier and w with it. False when the multiplier stays where it is: optimal, as far as its format can tell.
 * Not inlined: most visits do not come here, and the loop of those that do not shall keep its registers. */
static NOINLINE bool move_multiplier(et_svm_linear_job *job, uint16_t i, const void *row, int32_t gradient, uint16_t *code,
                                     bool positive) {
  if (job->curvature[i] == 0) find_curvature(job, i, row);
  const int32_t old = et_svm_multiplier_decode(*code, job->drop);
  const uint16_t new_code = moved(job, gradient, i, old, positive);
  const int32_t step = et_svm_multiplier_decode(new_code, job->drop) - old;
  if (step == 0) return false;
  *code = new_code;
  if (gradient > job->most) job->most = gradient;
  if (gradient < job->least) job->least = gradient;
  et_svm_linear_update(job, row, positive ? step : -step);
  return true;
}

/* Algorithm 3 of Hsieh et al., compiled twice: for int8 rows that are read in place, and for all others. */
static inline ALWAYS_INLINE uint32_t pass(et_svm_linear_job *job, uint32_t budget, bool in_place) {
  /* Local copies: the compiler must assume that stores through pointers change the job. */
  const uint32_t n = job->definition->fixed->features, codes_each = job->definition->fixed->classes - 1u;
  uint16_t *const order = job->order;
  const uint8_t *const labels = job->set.labels;
  const int8_t *const rows = job->set.features;
  uint16_t *const codes = (uint16_t *)(void *)job->set.extra;
  uint32_t s = job->at, active = job->active, random = job->random;
  const int32_t units = (int32_t)n + 8, all = budget > 0x3fffffffu ? 0x3fffffff : (int32_t)budget;
  int32_t left = all;
  bool optimal = false; /* any visited sample whose projected gradient is zero */
  while (s < active && left > 0) {
    const uint32_t other = s + et_svm_random_below(&random, active - s);
    const uint32_t i = order[other];
    order[other] = order[s];
    order[s] = (uint16_t)i;
    left -= units;
    const void *row = in_place ? (const void *)(rows + i * n) : et_svm_linear_row(job, (uint16_t)i);
    int32_t gradient = in_place ? et_svm_dot_32x8(job->w, row, n) + job->offset : et_svm_linear_decision(job, row);
    const bool positive = labels[i] == job->positive;
    if (!positive) gradient = -gradient;
    gradient -= job->one;
    uint16_t *const code = codes + i * codes_each + job->slot[positive];
    /* The projected gradient (section 3.2) is zero where the gradient points out of the box. */
    bool shrink;
    if (*code == 0 && gradient >= 0) {
      shrink = gradient > job->most_old;
    } else if (gradient <= 0 && *code == job->cap_code[positive]) {
      shrink = gradient < job->least_old;
    } else {
      if (move_multiplier(job, (uint16_t)i, row, gradient, code, positive)) left -= (int32_t)(2u * n);
      else optimal = true;
      s++;
      continue;
    }
    if (shrink) { /* to the end, behind the active ones */
      active--;
      order[s] = order[active];
      order[active] = (uint16_t)i;
    } else {
      optimal = true;
      s++;
    }
  }
  if (optimal) {
    if (job->most < 0) job->most = 0;
    if (job->least > 0) job->least = 0;
  }
  job->random = random;
  job->at = (uint16_t)s;
  job->active = (uint16_t)active;
  return (uint32_t)(all - left);
}

#ifndef __OPTIMIZE_SIZE__
static NOINLINE uint32_t pass_in_place(et_svm_linear_job *job, uint32_t budget) { return pass(job, budget, true); }
static NOINLINE uint32_t pass_over_copies(et_svm_linear_job *job, uint32_t budget) { return pass(job, budget, false); }
#endif

uint32_t et_svm_linear_pass(et_svm_linear_job *job, uint32_t budget, bool *ended) {
#ifdef __OPTIMIZE_SIZE__ /* once is enough where flash is short */
  const uint32_t spent = pass(job, budget, !job->wide);
#else
  const uint32_t spent = job->wide ? pass_over_copies(job, budget) : pass_in_place(job, budget);
#endif
  *ended = job->at >= job->active;
  return spent;
}

/* The step of the method of multipliers: mu += B^2 sum alpha_i y_i, at most by a quarter of `one` at a time: one pass is far from a
 * minimisation where C is large, and mu would overshoot. Returns the magnitude before it is cut. */
static int32_t move_mu(et_svm_linear_job *job) {
  const int32_t v = job->w[job->definition->fixed->features];
  const int32_t step = job->wide ? (int32_t)(((int64_t)v * job->bias_value) >> 15) : v * job->bias_value;
  const int32_t most = job->one / 4;
  et_svm_linear_set_mu(job, job->mu + (step > most ? most : step < -most ? -most : step));
  while (job->mu > ET_SVM_LINEAR_MU_MOST || job->mu < -ET_SVM_LINEAR_MU_MOST) halve(job, 1);
  return step < 0 ? -step : step;
}

bool et_svm_linear_end_of_pass(et_svm_linear_job *job) {
  job->epoch++;
  job->iterations++;
  if (job->active == 0) { /* all shrunk: look at everything once more */
    job->most = 0;
    job->least = 0;
  }
  const bool flat = (int64_t)job->most - job->least <= job->tolerance;
  const bool balanced = move_mu(job) <= job->tolerance / 4;
  if (flat) {
    if (job->active == job->size && balanced) return true;
    job->active = job->size;
    job->most_old = INT32_MAX;
    job->least_old = INT32_MIN;
  } else {
    /* Hsieh et al. do not shrink at a bound whose side has no violation; the largest of the other side is a threshold too, since
     * what is shrunk is looked at again before the end. */
    job->most_old = job->most <= 0 ? -job->least : job->most;
    job->least_old = job->least >= 0 ? -job->most : job->least;
  }
  job->most = INT32_MIN;
  job->least = INT32_MAX;
  job->at = 0;
  if (job->epoch >= job->definition->fixed->parameters.svm.max_epochs) {
    job->bound_reached = true;
    return true;
  }
  return false;
}
