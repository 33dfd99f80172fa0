#include "models/svm_dot.h"
#include "models/svm_linear_job.h"

const void *et_svm_linear_row(et_svm_linear_job *job, uint16_t i) {
  const et_definition_fixed *fixed = job->definition->fixed;
  const uint32_t at = (uint32_t)i * fixed->features;
  const void *stored = fixed->storage == ET_STORAGE_INT8 ? (const void *)((const int8_t *)job->set.features + at)
                                                         : (const void *)((const int16_t *)job->set.features + at);
  if (job->scale == NULL) return stored;
  et_svm_scale_row(job->scale, stored, fixed->storage, fixed->features, job->z);
  return job->z;
}

static inline int32_t decision(const et_svm_linear_job *job, const void *row, uint16_t n, bool wide) {
  const int32_t v = job->w[n];
  if (!wide) return et_svm_dot_32x8(job->w, row, n) - (int32_t)job->centre_sum + v * job->bias_value + job->mu;
  const int64_t sum = et_svm_dot_32x16(job->w, row, n) - job->centre_sum + (int64_t)v * job->bias_value;
  return (int32_t)(sum >> 15) + job->mu;
}

int32_t et_svm_linear_decision(const et_svm_linear_job *job, const void *row) {
  return decision(job, row, job->definition->fixed->features, job->wide);
}

/* The longest step that adds at most 2^30 to a weight: |step| 2 R 2^-k <= 2^30. */
void et_svm_linear_set_largest_step(et_svm_linear_job *job) {
  const int bits = 30 + job->halvings - (job->wide ? 16 : 8);
  job->largest_step = (int32_t)1 << (bits < ET_SVM_LINEAR_STEP_BITS ? bits : ET_SVM_LINEAR_STEP_BITS);
}

static void halve(et_svm_linear_job *job) {
  const uint16_t n = job->definition->fixed->features;
  for (uint16_t j = 0; j <= n; j++) job->w[j] >>= 1;
  job->centre_sum = job->wide ? et_svm_dot_32x16(job->w, job->centre, n) : et_svm_dot_32x8(job->w, job->centre, n);
  job->halvings++;
  job->one >>= 1;
  job->mu >>= 1;
  job->tolerance = job->tolerance > 1 ? job->tolerance >> 1 : 1;
  if (job->most_old != INT32_MAX) job->most_old >>= 1;
  if (job->least_old != INT32_MIN) job->least_old >>= 1;
  job->most >>= 1;
  job->least >>= 1;
  et_svm_linear_set_largest_step(job);
}

/* |step| <= largest_step. */
static inline void update(et_svm_linear_job *job, const void *row, uint16_t n, bool wide, int32_t step) {
  const uint8_t k = job->halvings;
  const int32_t half = k > 0 ? (int32_t)1 << (k - 1) : 0;
  int32_t *w = job->w;
  int32_t reach = 0; /* the bits of all magnitudes */
  if (!wide) {
    const int8_t *r = row, *m = job->centre;
    int32_t centre_sum = 0;
    for (uint16_t j = 0; j < n; j++) {
      const int32_t v = w[j] + ((step * (r[j] - m[j]) + half) >> k);
      w[j] = v;
      reach |= v ^ (v >> 31);
      centre_sum += (int32_t)((uint32_t)v * (uint32_t)m[j]); /* may pass the bound until w is halved below */
    }
    job->centre_sum = centre_sum;
  } else {
    const int16_t *r = row, *m = job->centre;
    int64_t centre_sum = 0;
    for (uint16_t j = 0; j < n; j++) {
      const int32_t v = w[j] + (int32_t)(((int64_t)step * (r[j] - m[j]) + half) >> k);
      w[j] = v;
      reach |= v ^ (v >> 31);
      centre_sum += (int64_t)v * m[j];
    }
    job->centre_sum = centre_sum;
  }
  const int32_t v = w[n] + (int32_t)(((int64_t)step * job->bias_value + half) >> k);
  w[n] = v;
  reach |= v ^ (v >> 31);
  for (; reach >= job->limit; reach >>= 1) halve(job);
}

/* In parts that cannot overflow; largest_step grows when w is halved. */
static inline void update_by(et_svm_linear_job *job, const void *row, uint16_t n, bool wide, int32_t rest) {
  while (rest > job->largest_step) {
    const int32_t part = job->largest_step;
    update(job, row, n, wide, part);
    rest -= part;
  }
  while (rest < -job->largest_step) {
    const int32_t part = -job->largest_step;
    update(job, row, n, wide, part);
    rest -= part;
  }
  update(job, row, n, wide, rest);
}

void et_svm_linear_update(et_svm_linear_job *job, const void *row, int32_t step) {
  update_by(job, row, job->definition->fixed->features, job->wide, step);
}

/* The new code of a multiplier for a gradient: step = -G 2^(k+z) / (|r - m|^2 + b^2), cut to the bounds. */
static inline uint16_t moved(const et_svm_linear_job *job, int32_t gradient, uint16_t i, int32_t alpha, bool positive,
                             bool wide) {
  const int64_t product = (int64_t)gradient * job->inverse[i]; /* 2^31 * 2^16 */
  const int shift = (int)job->inverse_bits - job->halvings - (wide ? 15 : 0);
  int64_t step = shift >= 0 ? product >> shift : product * ((int64_t)1 << -shift);
  if (step > job->largest_step) step = job->largest_step;
  if (step < -job->largest_step) step = -job->largest_step;
  alpha -= (int32_t)step;
  if (alpha <= 0) return 0;
  return alpha >= job->cap[positive] ? job->cap_code[positive] : et_svm_multiplier_encode(alpha, job->drop);
}

/* Algorithm 3 of Hsieh et al. Always inlined into its two uses, int8 and int16 rows. */
static inline uint32_t pass(et_svm_linear_job *job, uint32_t budget, bool wide) {
  const uint16_t n = job->definition->fixed->features;
  const uint32_t units = n + 8u;
  /* Local copies: the compiler must assume that stores through pointers change the job. */
  uint16_t *const order = job->order;
  const uint8_t *const labels = job->set.labels;
  const uint8_t positive_class = job->positive;
  const uint32_t codes_each = job->definition->fixed->classes - 1u;
  uint16_t *const codes[2] = {et_svm_linear_multiplier(job, 0, false), et_svm_linear_multiplier(job, 0, true)};
  const int8_t *const rows = job->scale == NULL ? job->set.features : NULL;
  const uint32_t row_bytes = wide ? 2u * n : n;
  uint16_t s = job->at;
  uint32_t spent = 0, random = job->random;
  while (s < job->active && spent < budget) {
    const uint16_t other = (uint16_t)(s + et_svm_random_below(&random, (uint16_t)(job->active - s)));
    const uint16_t i = order[other];
    order[other] = order[s];
    order[s] = i;
    const bool positive = labels[i] == positive_class;
    const void *row = rows != NULL ? rows + i * row_bytes : et_svm_linear_row(job, i);
    const int32_t value = decision(job, row, n, wide);
    const int32_t gradient = (positive ? value : -value) - job->one;
    uint16_t *code = codes[positive] + i * codes_each;
    spent += units;
    int32_t projected = gradient; /* equation (8) of section 3.2: what of it points into the box */
    if (*code == 0 ? gradient >= 0 : *code == job->cap_code[positive] && gradient <= 0) {
      if (*code == 0 ? gradient > job->most_old : gradient < job->least_old) { /* shrink: behind the active ones */
        job->active--;
        order[s] = order[job->active];
        order[job->active] = i;
        continue;
      }
      projected = 0;
    } else {
      const int32_t old = et_svm_multiplier_decode(*code, job->drop);
      const uint16_t new_code = moved(job, gradient, i, old, positive, wide);
      const int32_t step = et_svm_multiplier_decode(new_code, job->drop) - old;
      if (step == 0) projected = 0; /* optimal, as far as the format can tell */
      else {
        *code = new_code;
        if (projected > job->most) job->most = projected;
        if (projected < job->least) job->least = projected;
        update_by(job, row, n, wide, positive ? step : -step);
        spent += 2u * n;
        s++;
        continue;
      }
    }
    if (job->most < 0) job->most = 0;
    if (job->least > 0) job->least = 0;
    s++;
  }
  job->random = random;
  job->at = s;
  return spent;
}

uint32_t et_svm_linear_pass(et_svm_linear_job *job, uint32_t budget, bool *ended) {
  const uint32_t spent = job->wide ? pass(job, budget, true) : pass(job, budget, false);
  *ended = job->at >= job->active;
  return spent;
}

/* The step of the method of multipliers: mu += B^2 sum alpha_i y_i. Returns its magnitude. */
static int32_t move_mu(et_svm_linear_job *job) {
  const int32_t v = job->w[job->definition->fixed->features];
  const int32_t step = job->wide ? (int32_t)(((int64_t)v * job->bias_value) >> 15) : v * job->bias_value;
  job->mu += step; /* 2^29 + 2^30 */
  while (job->mu > ET_SVM_LINEAR_MU_MOST || job->mu < -ET_SVM_LINEAR_MU_MOST) halve(job);
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
  const bool balanced = move_mu(job) <= job->tolerance;
  if (flat) {
    if (job->active == job->size && balanced) return true;
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
