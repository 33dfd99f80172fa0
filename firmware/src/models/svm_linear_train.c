/* Training of the linear SVM: dual coordinate descent for the L2-regularised L1-loss problem,
 *   min over alpha of  1/2 |w|^2 - sum alpha_i,  w = sum alpha_i y_i x_i,  0 <= alpha_i <= C_i,
 * with shrinking and random permutation (Hsieh, Chang, Keerthi, Sundararajan, Sellamanickam 2008: algorithms 1 to 3, equations
 * (8) to (12), (17)), in integers.
 *
 * Bias. Their bias is the weight of one more feature of constant value B (section 1), so it is regularised, and differs from
 * LIBSVM's. LIBSVM's free bias is the multiplier mu of the constraint sum alpha_i y_i = 0, and the constant feature's term
 * B^2/2 (sum alpha_i y_i)^2 is just the quadratic penalty of that constraint: so after every pass mu += B^2 sum alpha_i y_i (the
 * method of multipliers, Hestenes 1969, with one inexact minimisation a step). At the end the sum is zero within the
 * tolerance, and solution and bias are LIBSVM's. Where no multiplier is strictly between its bounds the bias is only known to
 * an interval; its middle is taken, as LIBSVM does.
 *
 * Units. A row r holds integers, S = 127, 32767 or ET_SVM_Z_ONE standing for 1.0, x = r / S, b = B S. A multiplier alpha_i is
 * an integer in units of L = C 2^-a. Then, with D = sum over features of w r, everything stays an integer but for one scale:
 *   w      = 2^-k sum alpha_i y_i r_i          (so a real weight is w L 2^k / S)
 *   D      = w.r 2^-z + mu                     (z = 0 for int8 rows, 15 for int16 rows: a 64-bit sum, cut)
 *   one    = S^2 / (L 2^(k+z))                 (the value of D that stands for a decision value of 1)
 *   G_i    = y_i D_i - one                     (their equation (12))
 *   step_i = -G_i 2^(k+z) / (r_i.r_i + b^2)    (their equation (9), before it is cut to [0, A_i], A_i = 2^a C_i / C)
 *
 * Overflow. Every |w[j]| is kept under `limit`, a power of two with limit (S_max n + b) 2^-z <= 2^31 - 2^28, so |D| <= 2^31 - 2^28
 * for any row at the limits of its range; one <= 2^27, so G fits. One update adds |step r| 2^-k <= 2^30 to a weight
 * (largest_step), limit <= 2^30: no weight leaves 32 bits. A weight that reaches the limit halves all of w and `one` (k + 1).
 * n <= 120, r <= 2^15, |w| < 2^30: the 64-bit sum of int16 rows stays below 2^53.
 *
 * Multipliers are stored as 16-bit floating numbers (5-bit exponent, 11-bit mantissa, unit C 2^-30), and an update only takes
 * values that this format has. So w can be rebuilt from the stored multipliers, and a sample whose multiplier cannot move by
 * one step of the format counts as optimal: the descent ends at that resolution even if the tolerance is finer. */
#include <string.h>

#include "models/svm_dot.h"
#include "models/svm_linear.h"
#include "models/svm_multiplier.h"

/* B of the augmented Lagrangian, beside features within [-1, 1]. Any value leads to the same solution; larger ones enforce the
 * equality sooner and make the descent slower. */
#define BIAS_FEATURE 1
#define BIAS_MOST (1 << 29)
#define ONE_MOST ((float)(1 << 27))

enum phase { PHASE_SCALE, PHASE_NORMS, PHASE_PAIR, PHASE_REBUILD, PHASE_PASS, PHASE_FREE, PHASE_MIDDLE, PHASE_STORE, PHASE_DONE };

typedef struct svm_linear_job {
  const et_definition *definition;
  et_sample_set set;
  const uint8_t *running;
  uint8_t *candidate;
  int32_t *w;          /* n + 1: weights, then the weight of the bias feature */
  uint16_t *inverse;   /* per sample: 2^inverse_bits / (r.r + b^2), rounded down so that no step overshoots */
  uint16_t *order;     /* samples of the pair; the first `active` are not shrunk */
  et_svm_scale *scale; /* n, STANDARD only */
  int16_t *z;          /* n, STANDARD only: the scaled row */
  uint32_t random;
  uint32_t work;
  uint32_t iterations;
  uint16_t counts[ET_CLASSES_MAX];
  uint16_t at;         /* where the phase is: feature, sample or place in the order */
  uint16_t pair;
  uint16_t size;       /* samples of the pair */
  uint16_t active;
  uint16_t epoch;
  uint8_t phase;
  uint8_t positive, negative;
  uint8_t wide;        /* rows are int16 */
  uint8_t drop;        /* s: an alpha in units of L is a code's value >> s */
  uint8_t halvings;    /* k */
  uint8_t inverse_bits;
  bool bound_reached;
  int32_t row_one;     /* S */
  int32_t bias_value;  /* b */
  int32_t limit;
  int32_t one;
  int32_t bias;        /* mu: the bias apart from that of the bias feature, in units of D */
  int32_t tolerance;   /* of G, in units of D */
  int32_t largest_step;
  int32_t cap[2];      /* A_i of the pair's negative and positive class */
  uint16_t cap_code[2];
  int32_t most_old, least_old; /* largest and least projected gradient of the pass before: shrinking thresholds */
  int32_t most, least;         /* of this pass */
} svm_linear_job;

/* ---- rows ---- */

static inline bool used(const svm_linear_job *job, uint16_t i) {
  return !et_svm_held_out(&job->set, i) && job->set.labels[i] < job->definition->fixed->classes;
}

static const void *row(svm_linear_job *job, uint16_t i) {
  const et_definition_fixed *fixed = job->definition->fixed;
  const uint32_t at = (uint32_t)i * fixed->features;
  const void *stored = fixed->storage == ET_STORAGE_INT8 ? (const void *)((const int8_t *)job->set.features + at)
                                                         : (const void *)((const int16_t *)job->set.features + at);
  if (job->scale == NULL) return stored;
  et_svm_scale_row(job->scale, stored, fixed->storage, fixed->features, job->z);
  return job->z;
}

static inline uint16_t *multiplier(const svm_linear_job *job, uint16_t i) {
  const uint8_t own = job->set.labels[i], other = own == job->positive ? job->negative : job->positive;
  const uint32_t slots = job->definition->fixed->classes - 1u;
  return (uint16_t *)(void *)job->set.extra + (uint32_t)i * slots + et_svm_slot(own, other);
}

static uint32_t square_narrow(const int8_t *r, uint16_t n) {
  uint32_t sum = 0;
  for (uint16_t j = 0; j < n; j++) sum += (uint32_t)(r[j] * r[j]);
  return sum;
}

static uint64_t square_wide(const int16_t *r, uint16_t n) {
  uint64_t sum = 0;
  for (uint16_t j = 0; j < n; j++) sum += (uint32_t)(r[j] * r[j]);
  return sum;
}

/* D of a row, in units of `one`. */
static inline int32_t decision(const svm_linear_job *job, const void *r, uint16_t n, bool wide) {
  if (!wide) return et_svm_dot_32x8(job->w, r, n) + job->w[n] * job->bias_value + job->bias;
  return (int32_t)((et_svm_dot_32x16(job->w, r, n) + (int64_t)job->w[n] * job->bias_value) >> 15) + job->bias;
}

/* The longest step that adds at most 2^30 to a weight: |step| r_max 2^-k <= 2^30, where r_max is the bias value. */
static void set_largest_step(svm_linear_job *job) {
  const int bits = 30 + job->halvings - (job->wide ? 15 + 1 : 7 + 1);
  job->largest_step = (int32_t)1 << (bits < 23 ? bits : 23);
}

static void halve(svm_linear_job *job) {
  const uint16_t n = job->definition->fixed->features;
  for (uint16_t j = 0; j <= n; j++) job->w[j] >>= 1;
  job->halvings++;
  job->one >>= 1;
  job->bias >>= 1;
  job->tolerance = job->tolerance > 1 ? job->tolerance >> 1 : 1;
  if (job->most_old != INT32_MAX) job->most_old >>= 1;
  if (job->least_old != INT32_MIN) job->least_old >>= 1;
  job->most >>= 1;
  job->least >>= 1;
  set_largest_step(job);
}

/* w += 2^-k step y r, for every feature and the bias; |step| <= largest_step, signed by y. */
static void update(svm_linear_job *job, const void *r, uint16_t n, bool wide, int32_t step) {
  const uint8_t k = job->halvings;
  const int32_t half = k > 0 ? (int32_t)1 << (k - 1) : 0;
  int32_t *w = job->w;
  int32_t reach = 0; /* bits of any magnitude */
  if (!wide) {
    const int8_t *x = r;
    for (uint16_t j = 0; j < n; j++) {
      const int32_t v = w[j] + ((step * x[j] + half) >> k);
      w[j] = v;
      reach |= v ^ (v >> 31);
    }
  } else {
    const int16_t *x = r;
    for (uint16_t j = 0; j < n; j++) {
      const int32_t v = w[j] + (int32_t)(((int64_t)step * x[j] + half) >> k);
      w[j] = v;
      reach |= v ^ (v >> 31);
    }
  }
  const int32_t v = w[n] + (int32_t)(((int64_t)step * job->bias_value + half) >> k);
  w[n] = v;
  reach |= v ^ (v >> 31);
  for (; reach >= job->limit; reach >>= 1) halve(job);
}

/* ---- set-up of a pair ---- */

/* A warm start takes the bias of the running generation, if it has this pair. */
static int32_t start_bias(const svm_linear_job *job) {
  const et_definition *definition = job->definition;
  const et_svm_linear_header *header = (const et_svm_linear_header *)(const void *)job->running;
  if (definition->fixed->parameters.svm.warm_start == 0 || header->layout != ET_SVM_LINEAR_LAYOUT) return 0;
  const et_svm_linear_pair *pair =
      (const et_svm_linear_pair *)(const void *)(job->running + et_svm_linear_pair_offset(definition, job->pair));
  if (pair->trained == 0) return 0;
  float bias = (float)pair->bias;
  float weight_unit = definition->fixed->storage == ET_STORAGE_INT16 ? 1.0f / 256.0f : 1.0f;
  if (job->scale != NULL) { /* back from the folded form: the bias at the mean of the features */
    if (definition->fixed->storage == ET_STORAGE_INT8) weight_unit = 1.0f / 256.0f;
    const int32_t *weights = (const int32_t *)(const void *)(pair + 1);
    for (uint16_t j = 0; j < definition->fixed->features; j++) {
      bias += (float)weights[j] * (float)job->scale[j].mean * weight_unit;
    }
  }
  bias *= (float)job->one;
  for (int8_t e = pair->exponent; e > 0; e--) bias *= 0.5f;
  for (int8_t e = pair->exponent; e < 0; e++) bias *= 2.0f;
  const float most = (float)BIAS_MOST;
  return bias > most || bias < -most ? 0 : (int32_t)bias;
}

static void begin_pair(svm_linear_job *job) {
  const et_definition_fixed *fixed = job->definition->fixed;
  const float cost = fixed->parameters.svm.cost;
  const float weights[2] = {et_svm_class_weight(job->definition, job->counts, job->negative),
                            et_svm_class_weight(job->definition, job->counts, job->positive)};
  const float heavier = weights[0] > weights[1] ? weights[0] : weights[1];
  /* a: the larger cap in (2^22, 2^23], and up to sixteen times that where C is large, since the multipliers of a separable
   * problem do not grow with C. A step is at most 2^23 then (largest_step). */
  int a = 23;
  float cap = heavier * (float)(1 << 23);
  while (cap > (float)(1 << 23)) cap *= 0.5f, a--;
  while (cap <= (float)(1 << 22) && a < 30) cap *= 2.0f, a++;
  for (float large = cost * heavier; large > 16.0f && cap <= (float)(1 << 26) && a < 30; large *= 0.5f) cap *= 2.0f, a++;
  /* one = S^2 2^a / (C 2^(k + z)) */
  const float s = (float)job->row_one;
  float one = s * s * (float)((uint32_t)1 << a) / cost / (job->wide ? 32768.0f : 1.0f);
  uint8_t k = 0;
  while (one > ONE_MOST) {
    one *= 0.5f;
    if (k < 24) k++; /* halvings leave room for more of them: k <= 29 keeps the rounding term in 32 bits */
    else a--;
  }
  job->halvings = k;
  job->drop = (uint8_t)((int)ET_SVM_MULTIPLIER_BITS - a);
  job->one = (int32_t)one;
  const float tolerance = fixed->parameters.svm.tolerance * one;
  job->tolerance = tolerance < 1.0f ? 1 : (int32_t)tolerance;
  for (uint8_t side = 0; side < 2; side++) {
    float most = weights[side] * (float)((uint32_t)1 << a);
    if (most < 1.0f) most = 1.0f;
    job->cap_code[side] = et_svm_multiplier_encode((int32_t)most, job->drop);
    job->cap[side] = et_svm_multiplier_decode(job->cap_code[side], job->drop);
  }
  set_largest_step(job);
  memset(job->w, 0, (fixed->features + 1u) * sizeof job->w[0]);

  job->size = 0;
  for (uint16_t i = 0; i < job->set.count; i++) {
    if (!used(job, i) || (job->set.labels[i] != job->positive && job->set.labels[i] != job->negative)) continue;
    job->order[job->size++] = i;
    uint16_t *code = multiplier(job, i);
    if (fixed->parameters.svm.warm_start == 0) *code = 0;
    const uint8_t side = job->set.labels[i] == job->positive;
    if (*code > job->cap_code[side]) *code = job->cap_code[side];
  }
  job->bias = start_bias(job);
  job->active = job->size;
  job->epoch = 0;
  job->most_old = INT32_MAX;
  job->least_old = INT32_MIN;
  job->most = INT32_MIN;
  job->least = INT32_MAX;
  job->at = 0;
}

/* Move w by any step, in parts that cannot overflow. */
static void update_in_parts(svm_linear_job *job, const void *r, uint16_t n, bool wide, int32_t rest) {
  while (rest > job->largest_step) {
    const int32_t part = job->largest_step; /* grows when w is halved */
    update(job, r, n, wide, part);
    rest -= part;
  }
  while (rest < -job->largest_step) {
    const int32_t part = -job->largest_step;
    update(job, r, n, wide, part);
    rest -= part;
  }
  update(job, r, n, wide, rest);
}

/* Add a stored multiplier to w. */
static void rebuild_sample(svm_linear_job *job, uint16_t i) {
  const int32_t alpha = et_svm_multiplier_decode(*multiplier(job, i), job->drop);
  if (alpha == 0) return;
  const bool positive = job->set.labels[i] == job->positive;
  update_in_parts(job, row(job, i), job->definition->fixed->features, job->wide != 0, positive ? alpha : -alpha);
}

/* ---- one visit of the inner loop ---- */

/* Algorithm 3 of Hsieh et al. for the sample at order[s]. Returns the work units spent; 0 = the sample was shrunk. */
static inline uint32_t visit(svm_linear_job *job, uint16_t s, bool wide) {
  const uint16_t n = job->definition->fixed->features;
  const uint16_t i = job->order[s];
  const bool positive = job->set.labels[i] == job->positive;
  uint16_t *code = multiplier(job, i);
  const void *r = row(job, i);
  const int32_t value = decision(job, r, n, wide);
  const int32_t gradient = (positive ? value : -value) - job->one;
  int32_t projected = gradient;
  if (*code == 0) {
    if (gradient > job->most_old) return 0;
    if (gradient > 0) projected = 0;
  } else if (*code == job->cap_code[positive]) {
    if (gradient < job->least_old) return 0;
    if (gradient < 0) projected = 0;
  }
  uint32_t work = n + 8u;
  if (projected != 0) {
    /* step = -G 2^(k+z) / (r.r + b^2) */
    const int64_t product = -(int64_t)gradient * job->inverse[i]; /* 2^31 * 2^16 */
    const int shift = (int)job->inverse_bits - job->halvings - (wide ? 15 : 0);
    int64_t step = shift >= 0 ? product >> shift : product * ((int64_t)1 << -shift);
    if (step > job->largest_step) step = job->largest_step;
    if (step < -job->largest_step) step = -job->largest_step;
    const int32_t old = et_svm_multiplier_decode(*code, job->drop);
    int32_t alpha = old + (int32_t)step;
    const uint16_t moved_code = alpha <= 0                     ? 0
                                : alpha >= job->cap[positive] ? job->cap_code[positive]
                                                              : et_svm_multiplier_encode(alpha, job->drop);
    alpha = et_svm_multiplier_decode(moved_code, job->drop) - old;
    if (alpha != 0) {
      if (projected > job->most) job->most = projected;
      if (projected < job->least) job->least = projected;
      *code = moved_code;
      /* In parts, because rounding to the format can make a step longer than largest_step. */
      update_in_parts(job, r, n, wide, positive ? alpha : -alpha);
      work += 2u * n;
      return work;
    }
  }
  /* Optimal, as far as the format can tell: counts as a projected gradient of zero. */
  if (job->most < 0) job->most = 0;
  if (job->least > 0) job->least = 0;
  return work;
}

/* Visits until the budget or the pass is used up. True at the end of the pass. */
static inline bool pass(svm_linear_job *job, uint32_t budget, bool wide) {
  uint32_t spent = 0;
  while (job->at < job->active && spent < budget) {
    const uint16_t s = job->at;
    const uint16_t other = (uint16_t)(s + et_svm_random_below(&job->random, (uint16_t)(job->active - s)));
    const uint16_t sample = job->order[other];
    job->order[other] = job->order[s];
    job->order[s] = sample;
    const uint32_t work = visit(job, s, wide);
    if (work == 0) { /* shrink: to the end, behind the active ones */
      job->active--;
      job->order[s] = job->order[job->active];
      job->order[job->active] = sample;
      spent += job->definition->fixed->features + 8u;
    } else {
      job->at++;
      spent += work;
    }
  }
  job->work += spent;
  return job->at >= job->active;
}

/* The multiplier step of the augmented Lagrangian: mu += B^2 sum alpha_i y_i. Returns its magnitude. */
static int32_t shift_bias(svm_linear_job *job) {
  const int32_t w = job->w[job->definition->fixed->features];
  const int32_t step = job->wide ? (int32_t)(((int64_t)w * job->bias_value) >> 15) : w * job->bias_value;
  job->bias += step;
  while (job->bias > BIAS_MOST || job->bias < -BIAS_MOST) halve(job);
  return step < 0 ? -step : step;
}

/* After a pass: stop, widen the set again, or go on with new thresholds. True when the pair is finished. */
static bool end_of_pass(svm_linear_job *job) {
  job->epoch++;
  job->iterations++;
  if (job->active == 0) { /* all shrunk: look at everything once more */
    job->most = 0;
    job->least = 0;
  }
  const int64_t gap = (int64_t)job->most - job->least;
  const int32_t moved = shift_bias(job);
  if (gap <= job->tolerance) {
    if (job->active == job->size && moved <= job->tolerance) return true;
    job->active = job->size;
    job->most_old = INT32_MAX;
    job->least_old = INT32_MIN;
  } else {
    job->most_old = job->most <= 0 ? INT32_MAX : job->most;
    job->least_old = job->least >= 0 ? INT32_MIN : job->least;
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

/* ---- the finished pair ---- */

static bool any_free(const svm_linear_job *job) {
  for (uint16_t s = 0; s < job->size; s++) {
    const uint16_t i = job->order[s];
    const uint16_t code = *multiplier(job, i);
    if (code != 0 && code != job->cap_code[job->set.labels[i] == job->positive]) return true;
  }
  return false;
}

/* Bounds that one sample at a bound of its multiplier sets on a change of the bias: G >= 0 at zero, G <= 0 at the cap. `least`
 * and `most` collect the interval. */
static void bound_bias(svm_linear_job *job, uint16_t i) {
  const bool positive = job->set.labels[i] == job->positive;
  const int32_t value = decision(job, row(job, i), job->definition->fixed->features, job->wide != 0);
  const int32_t change = positive ? job->one - value : -job->one - value; /* makes y D = one */
  if (positive == (*multiplier(job, i) == 0)) {
    if (change > job->least) job->least = change;
  } else {
    if (change < job->most) job->most = change;
  }
}

/* Real weight per unit of a stored feature. f = sum w r 2^-z / one, so a weight counts w / (one 2^z); with STANDARD scaling
 * r = (t - mean) multiplier 2^-shift, folded into the weight here. */
static float real_weight(const void *user, uint16_t j) {
  const svm_linear_job *job = user;
  float v = (float)job->w[j] / (float)job->one;
  if (job->wide) v *= 1.0f / 32768.0f;
  if (job->scale == NULL) return v;
  v *= (float)job->scale[j].multiplier / (float)((uint32_t)1 << job->scale[j].shift);
  return job->definition->fixed->storage == ET_STORAGE_INT8 ? v * 256.0f : v;
}

static void store_pair(svm_linear_job *job) {
  const et_definition *definition = job->definition;
  const uint16_t n = definition->fixed->features;
  float bias = (float)job->w[n] / (float)job->one * (float)job->bias_value;
  if (job->wide) bias *= 1.0f / 32768.0f;
  bias += (float)job->bias / (float)job->one;
  if (job->scale != NULL) {
    const float per_mean = definition->fixed->storage == ET_STORAGE_INT8 ? 1.0f / 256.0f : 1.0f;
    for (uint16_t j = 0; j < n; j++) bias -= real_weight(job, j) * (float)job->scale[j].mean * per_mean;
  }
  et_svm_linear_pair *pair = (et_svm_linear_pair *)(void *)(job->candidate + et_svm_linear_pair_offset(definition, job->pair));
  et_svm_linear_store_pair(pair, et_svm_linear_weight_bytes(definition), n,
                           definition->fixed->storage == ET_STORAGE_INT16, real_weight, job, bias);
}

/* ---- the job ---- */

static uint32_t rounded(uint32_t bytes) { return (bytes + 3u) & ~3u; }

uint32_t et_svm_linear_work_bytes(const et_definition *definition) {
  const et_definition_fixed *fixed = definition->fixed;
  uint32_t bytes = ET_SVM_ALIGN_SLACK + (uint32_t)sizeof(svm_linear_job);
  bytes += (fixed->features + 1u) * 4u + 2u * rounded(fixed->capacity * 2u);
  if (fixed->scaling == ET_SCALING_STANDARD) {
    bytes += rounded(fixed->features * (uint32_t)sizeof(et_svm_scale)) + rounded(fixed->features * 2u);
  }
  return bytes;
}

et_error et_svm_linear_train_begin(const et_model_context *context, const et_sample_set *set, const void *running,
                                   void *candidate) {
  const et_definition *definition = context->definition;
  const et_definition_fixed *fixed = definition->fixed;
  svm_linear_job *job = et_svm_align(context->work);
  if (set->count > fixed->capacity) return ET_WORKSPACE;
  memset(job, 0, sizeof *job);
  const et_error error = et_svm_count(definition, set, job->counts);
  if (error != ET_OK) return error;
  job->definition = definition;
  job->set = *set;
  job->running = running;
  job->candidate = candidate;
  uint8_t *at = (uint8_t *)(job + 1);
  job->w = (int32_t *)(void *)at;
  at += (fixed->features + 1u) * 4u;
  job->inverse = (uint16_t *)(void *)at;
  at += rounded(fixed->capacity * 2u);
  job->order = (uint16_t *)(void *)at;
  at += rounded(fixed->capacity * 2u);
  const bool standard = fixed->scaling == ET_SCALING_STANDARD;
  if (standard) {
    job->scale = (et_svm_scale *)(void *)at;
    at += rounded(fixed->features * (uint32_t)sizeof(et_svm_scale));
    job->z = (int16_t *)(void *)at;
  }
  job->wide = standard || fixed->storage == ET_STORAGE_INT16;
  job->row_one = standard ? ET_SVM_Z_ONE : job->wide ? 32767 : 127;
  job->bias_value = BIAS_FEATURE * job->row_one;
  /* limit (r_max n + b) 2^-z <= 2^30 */
  const uint32_t reach = job->wide ? fixed->features + (uint32_t)BIAS_FEATURE
                                  : 127u * fixed->features + (uint32_t)job->bias_value;
  job->limit = (int32_t)1 << et_svm_top_bit(0x40000000u / reach);
  job->random = fixed->seed ^ 0x2545f491u;
  if (job->random == 0) job->random = 1;
  /* r.r + b^2 >= b^2 >= 2^(bits - 15): the largest inverse fits 16 bits. */
  job->inverse_bits = (uint8_t)(15u + et_svm_top_bit((uint32_t)job->bias_value) * 2u);
  job->phase = standard ? PHASE_SCALE : PHASE_NORMS;
  job->positive = 0;
  job->negative = 1;

  memset(candidate, 0, et_svm_linear_bytes(definition));
  et_svm_linear_header *header = candidate;
  header->layout = ET_SVM_LINEAR_LAYOUT;
  header->classes = fixed->classes;
  header->features = fixed->features;
  header->weight_bytes = et_svm_linear_weight_bytes(definition);
  return ET_OK;
}

static void next_pair(svm_linear_job *job) {
  job->pair++;
  job->phase = et_svm_next_pair(job->definition->fixed->classes, &job->positive, &job->negative) ? PHASE_PAIR : PHASE_DONE;
}

static void norm_of_sample(svm_linear_job *job, uint16_t i) {
  const uint16_t n = job->definition->fixed->features;
  const uint64_t b2 = (uint64_t)job->bias_value * (uint64_t)job->bias_value;
  if (job->wide) {
    job->inverse[i] = (uint16_t)(((uint64_t)1 << job->inverse_bits) / (square_wide(row(job, i), n) + b2));
  } else { /* int8: 2^inverse_bits = 2^29, all in 32 bits: 120 * 127^2 + 254^2 < 2^21 */
    job->inverse[i] = (uint16_t)(((uint32_t)1 << job->inverse_bits) / (square_narrow(row(job, i), n) + (uint32_t)b2));
  }
  if (job->inverse[i] == 0) job->inverse[i] = 1;
}

/* One bounded piece of work of the present phase. Returns the units spent. */
static uint32_t piece(svm_linear_job *job, uint32_t budget) {
  const et_definition_fixed *fixed = job->definition->fixed;
  switch (job->phase) {
    case PHASE_SCALE:
      et_svm_scale_learn(job->definition, &job->set, job->at, &job->scale[job->at]);
      if (++job->at == fixed->features) {
        job->at = 0;
        job->phase = PHASE_NORMS;
      }
      return job->set.count;
    case PHASE_NORMS:
      if (job->at < job->set.count) {
        if (used(job, job->at)) norm_of_sample(job, job->at);
        job->at++;
        return fixed->features;
      }
      job->phase = PHASE_PAIR;
      return 1;
    case PHASE_PAIR:
      if (job->counts[job->positive] == 0 || job->counts[job->negative] == 0) {
        next_pair(job);
        return 1;
      }
      begin_pair(job);
      job->phase = PHASE_REBUILD;
      return job->set.count;
    case PHASE_REBUILD: {
      if (job->at < job->size) {
        rebuild_sample(job, job->order[job->at]);
        job->at++;
        return fixed->features;
      }
      job->at = 0;
      job->phase = PHASE_PASS;
      return 1;
    }
    case PHASE_PASS: {
      const uint32_t before = job->work;
      const bool ended = job->wide ? pass(job, budget, true) : pass(job, budget, false);
      if (ended && end_of_pass(job)) job->phase = PHASE_FREE;
      const uint32_t spent = job->work - before;
      job->work = before;
      return spent + 1;
    }
    case PHASE_FREE:
      job->phase = any_free(job) ? PHASE_STORE : PHASE_MIDDLE;
      job->at = 0;
      job->least = INT32_MIN / 2;
      job->most = INT32_MAX / 2;
      return job->size;
    case PHASE_MIDDLE:
      if (job->at < job->size) {
        bound_bias(job, job->order[job->at]);
        job->at++;
        return fixed->features;
      }
      if (job->least > INT32_MIN / 2 && job->most < INT32_MAX / 2 && job->least < job->most) {
        job->bias += job->least / 2 + job->most / 2;
      }
      job->phase = PHASE_STORE;
      return 1;
    case PHASE_STORE:
      store_pair(job);
      next_pair(job);
      return 4u * fixed->features;
    default: return 0;
  }
}

static uint16_t progress(const svm_linear_job *job) {
  const uint32_t pairs = et_svm_pairs(job->definition->fixed->classes);
  /* How many passes a pair needs is not known before; the share within a pair tends to one. */
  const uint32_t within = job->phase >= PHASE_PASS ? 1000u * job->epoch / (job->epoch + 10u) : 0u;
  const uint32_t done = (1000u * job->pair + within) / pairs;
  return done > 999u ? 999u : (uint16_t)done;
}

et_error et_svm_linear_train_step(const et_model_context *context, uint32_t budget, uint16_t *progress_permille) {
  svm_linear_job *job = et_svm_align(context->work);
  uint32_t spent = 0;
  while (job->phase != PHASE_DONE && spent < budget) {
    const uint32_t units = piece(job, budget - spent);
    job->work += units;
    spent += units;
  }
  if (job->phase != PHASE_DONE) {
    *progress_permille = progress(job);
    return ET_BUSY;
  }
  *progress_permille = 1000;
  return ET_OK;
}

void et_svm_linear_train_end(const et_model_context *context, bool cancelled, et_train_report *report) {
  const svm_linear_job *job = et_svm_align(context->work);
  report->work = job->work;
  report->iterations = job->iterations;
  report->result = cancelled || job->phase != PHASE_DONE ? ET_CANCELLED
                   : job->bound_reached                  ? ET_NOT_CONVERGED
                                                         : ET_OK;
}
