#include "models/kernels/dot.h"
#include "models/svm/linear_job.h"

#if defined(__GNUC__)
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE
#endif
/* What every visit runs is compiled twice, for int8 rows that are read in place and for all others; once where size comes first. */
#if defined(__OPTIMIZE_SIZE__)
#define PER_WIDTH static NOINLINE
#elif defined(__GNUC__)
#define PER_WIDTH static inline __attribute__((always_inline))
#else
#define PER_WIDTH static inline
#endif

const void *et_svm_linear_row(et_svm_linear_job *job, uint32_t i) {
  const et_definition *definition = job->definition;
  const uint32_t at = i * definition->core->features;
  const void *stored = definition->core->storage == ET_STORAGE_INT8 ? (const void *)((const int8_t *)job->set.features + at)
                                                                    : (const void *)((const int16_t *)job->set.features + at);
  if (job->scale == NULL) return stored;
  et_svm_scale_row(job->scale, stored, definition->core->storage, definition->core->features, job->z);
  return job->z;
}

int32_t et_svm_linear_decision(const et_svm_linear_job *job, const void *row) {
  const uint16_t n = job->definition->core->features;
  if (!job->wide) return et_dot_32x8(job->w, row, n) + job->offset;
  return (int32_t)((et_dot_32x16(job->w, row, n) + job->wide_offset) >> 15) + job->mu;
}

void et_svm_linear_set_mu(et_svm_linear_job *job, int32_t mu) {
  if (!job->wide) job->offset += mu - job->mu;
  job->mu = mu;
}

/* What D has besides w.r, after a change of w. */
static void set_offset(et_svm_linear_job *job) {
  const uint16_t n = job->definition->core->features;
  const int32_t v = job->w[n];
  if (job->wide) job->wide_offset = (int64_t)v * job->bias_value - et_dot_32x16(job->w, job->centre, n);
  else job->offset = v * job->bias_value - et_dot_32x8(job->w, job->centre, n) + job->mu;
}

/* k, and what an update needs of it. The largest step adds at most 2^30 to a weight: |step| 2 R 2^-k <= 2^30, and |step| b 2^-k <= 2^30. */
void et_svm_linear_set_halvings(et_svm_linear_job *job, uint8_t k) {
  const int row_bits = job->wide ? 16 : 8, bias_bits = (int)et_svm_top_bit((uint32_t)job->bias_odd) + 1 + job->bias_shift;
  const int bits = 30 + k - (row_bits > bias_bits ? row_bits : bias_bits);
  job->halvings = k;
  job->largest_step = (int32_t)1 << (bits < ET_SVM_LINEAR_STEP_BITS ? bits : ET_SVM_LINEAR_STEP_BITS);
  job->curvature_shift = (int8_t)(job->curvature_base - 1 - k - (job->wide ? 15 : 0));
  /* b 2^-k as factor 2^-down */
  job->bias_down = k > job->bias_shift ? (uint8_t)(k - job->bias_shift) : 0;
  job->bias_factor = job->bias_odd * ((int32_t)1 << (job->bias_shift + job->bias_down - k));
}

/* Halve w `times` times, and with it everything that is measured in units of D. */
static NOINLINE void halve(et_svm_linear_job *job, uint8_t times) {
  const uint16_t n = job->definition->core->features;
  for (uint16_t j = 0; j <= n; j++) job->w[j] >>= times;
  job->mu >>= times;
  if (job->margin >> times < ET_SVM_LINEAR_MARGIN_LEAST || job->halvings + times > ET_SVM_LINEAR_HALVINGS_MOST) {
    job->out_of_range = true; /* w no longer fits its multipliers: the pair is given up or begun again */
  } else {
    et_svm_linear_set_halvings(job, (uint8_t)(job->halvings + times));
    job->margin >>= times;
    job->tolerance >>= times;
    if (job->tolerance == 0) job->tolerance = 1;
    if (job->shrink_above != INT32_MAX) job->shrink_above >>= times;
    job->most >>= times;
    job->least >>= times;
  }
  set_offset(job);
  job->room = 0;
}

/* Halves w until every weight is below `limit`. */
static NOINLINE void check_limit(et_svm_linear_job *job) {
  const uint32_t n = job->definition->core->features;
  int32_t reach = 0;
  uint8_t times = 0;
  for (uint32_t j = 0; j <= n; j++) {
    const int32_t x = job->w[j], size = x ^ (x >> 31);
    if (size > reach) reach = size;
  }
  for (; reach >> times >= job->limit; times++) continue;
  if (times != 0) halve(job, times);
  else job->room = (int32_t)((uint32_t)(job->limit - reach) / (uint32_t)job->farthest);
}

/* w += 2^-k step (r - m), |step| <= 5/4 largest_step + 2^15; check_limit then, if there is no room left. Compiled twice: for int8
 * rows, whose products fit 32 bits, and for int16 rows. */
PER_WIDTH void update(et_svm_linear_job *job, const void *row, int32_t step, bool wide) {
  const uint8_t k = job->halvings, down = job->bias_down;
  const int32_t half = (int32_t)(((uint32_t)1 << k) >> 1), bias_half = (int32_t)(((uint32_t)1 << down) >> 1);
  int32_t *w = job->w;
  int32_t *const end = w + job->definition->core->features;
  int32_t v = *end;
  if (!wide) {
    const int8_t *r = row, *m = job->centre;
    v += (step * job->bias_factor + bias_half) >> down;
    *end = v;
    uint32_t offset = (uint32_t)v * (uint32_t)job->bias_value; /* unsigned: it may pass 31 bits until w is halved below */
    while (w != end) {
      const int32_t centre = *m++, x = *w + ((step * (*r++ - centre) + half) >> k);
      *w++ = x;
      offset -= (uint32_t)x * (uint32_t)centre;
    }
    job->offset = (int32_t)(offset + (uint32_t)job->mu);
  } else {
    const int16_t *r = row, *m = job->centre;
    v += (int32_t)(((int64_t)step * job->bias_factor + bias_half) >> down);
    *end = v;
    int64_t offset = (int64_t)v * job->bias_value;
    while (w != end) {
      const int32_t centre = *m++, x = *w + (int32_t)(((int64_t)step * (*r++ - centre) + half) >> k);
      *w++ = x;
      offset -= (int64_t)x * centre;
    }
    job->wide_offset = offset;
  }
  job->room -= ((step < 0 ? -step : step) >> k) + 1;
}

void et_svm_linear_update(et_svm_linear_job *job, const void *row, int32_t step) {
  do { /* in parts that cannot overflow; largest_step grows when w is halved */
    const int32_t most = job->largest_step, part = step > most ? most : step < -most ? -most : step;
    if (job->wide) update(job, row, part, true);
    else update(job, row, part, false);
    if (job->room < 0) check_limit(job);
    step -= part;
  } while (step != 0);
}

/* The curvature q = |r - m|^2 + b^2 of a sample, found when it moves for the first time: most never do. Only 1 / q is needed, and a
 * coordinate step lowers the dual as long as it is shorter than twice Newton's (the relaxed one is at most 1.33 times that), so a
 * byte does:
 *   1 / q = about mantissa 2^-(exponent + 4), 8 <= mantissa < 16, 2^exponent <= q < 2^(exponent + 1), off by 1/16 at most.
 * Stored as (exponent - curvature_base + 1) 8 + mantissa - 8; 0 = not known yet. */
static inline uint32_t curvature_code(const et_svm_linear_job *job, uint32_t exponent, uint32_t top) { /* top: 128..255 */
  const uint32_t mantissa = (2048u + top / 2u) / top;
  return (exponent - job->curvature_base + 1u) * 8u + (mantissa > 15u ? 7u : mantissa - 8u);
}
static NOINLINE uint32_t find_curvature(const et_svm_linear_job *job, const void *row) {
  const uint32_t n = job->definition->core->features, b = (uint32_t)job->bias_value;
  if (!job->wide) { /* 120 * 254^2 + (63 * 64)^2 < 2^25 */
    const int8_t *const m = job->centre;
    uint32_t q = b * b; /* >= 63^2 */
    for (uint32_t j = 0; j < n; j++) {
      const int32_t d = ((const int8_t *)row)[j] - m[j];
      q += (uint32_t)(d * d);
    }
    const uint32_t exponent = et_svm_top_bit(q);
    return curvature_code(job, exponent, q >> (exponent - 7));
  }
  const int16_t *const m = job->centre;
  uint64_t q = (uint64_t)b * b; /* 120 * 2^32 + 2^42 */
  for (uint32_t j = 0; j < n; j++) {
    const int32_t d = (int32_t)((const int16_t *)row)[j] - m[j];
    q += (uint64_t)((int64_t)d * d);
  }
  const uint32_t high = (uint32_t)(q >> 32);
  const uint32_t exponent = high != 0 ? 32u + et_svm_top_bit(high) : et_svm_top_bit((uint32_t)q);
  return curvature_code(job, exponent, (uint32_t)(q >> (exponent - 7)));
}

/* The projected gradients of a pass are between these; zero is always among them. */
static inline void note_gradient(et_svm_linear_job *job, int32_t gradient) {
  if (gradient > job->most) job->most = gradient;
  if (gradient < job->least) job->least = gradient;
}

/* Moves one multiplier, and w with it, by omega step_i cut to the bounds, unless it is optimal as far as its format can tell. Returns
 * the entry with its new flags. */
PER_WIDTH uint32_t move(et_svm_linear_job *job, uint32_t entry, int32_t gradient, bool wide) {
  const uint32_t i = entry & ET_SVM_LINEAR_SAMPLE;
  const bool positive = et_svm_linear_positive(entry);
  const void *row = wide ? et_svm_linear_row(job, i) : (const int8_t *)job->set.features + i * job->definition->core->features;
  uint32_t curvature = job->curvature[i];
  if (curvature == 0) {
    curvature = find_curvature(job, row);
    job->curvature[i] = (uint8_t)curvature;
  }
  const int32_t mantissa = (int32_t)((curvature & 7u) + 8u);
  const int shift = (int)(curvature >> 3) + job->curvature_shift;
  /* 2^27 * 2^4 fits; the four bits that G loses first are lost after it otherwise */
  int32_t step;
  if (shift >= 0) {
    step = ((gradient >> 4) * mantissa) >> shift;
  } else {
    const int64_t long_step = (int64_t)gradient * mantissa * ((int64_t)1 << -shift) / 16;
    step = long_step > INT32_MAX ? INT32_MAX : long_step < -INT32_MAX ? -INT32_MAX : (int32_t)long_step;
  }
  const int32_t most = job->largest_step;
  if ((uint32_t)step + (uint32_t)most > 2u * (uint32_t)most) step = step < 0 ? -most : most;
  step += step >> 2; /* omega = 5/4 */
  uint16_t *const code = et_svm_linear_multiplier(job, entry);
  const int32_t old = et_svm_multiplier_decode(*code, job->drop);
  int32_t alpha = old - step;
  uint32_t new_code;
  entry &= ET_SVM_LINEAR_SAMPLE | ET_SVM_LINEAR_POSITIVE;
  if (alpha <= 0) {
    alpha = 0;
    new_code = 0;
    entry |= ET_SVM_LINEAR_AT_ZERO;
  } else if (alpha >= job->cap[positive]) {
    alpha = job->cap[positive];
    new_code = job->cap_code[positive];
    entry |= ET_SVM_LINEAR_AT_CAP;
  } else {
    new_code = et_svm_multiplier_encode(&alpha, job->drop); /* off by 2^15 at most */
    if (new_code == job->cap_code[positive]) entry |= ET_SVM_LINEAR_AT_CAP;
  }
  step = alpha - old;
  if (step == 0) return entry;
  *code = (uint16_t)new_code;
  job->moves++;
  note_gradient(job, gradient);
  update(job, row, positive ? step : -step, wide);
  return entry;
}

/* Not inlined: most visits do not come here, and the loop of those that do not shall keep its registers. The look at the limit is not
 * further down, because an ATmega has no stack left there. */
static NOINLINE uint32_t move_narrow(et_svm_linear_job *job, uint32_t entry, int32_t gradient) {
  entry = move(job, entry, gradient, false);
  if (job->room < 0) check_limit(job);
  return entry;
}
static NOINLINE uint32_t move_wide(et_svm_linear_job *job, uint32_t entry, int32_t gradient) {
  entry = move(job, entry, gradient, true);
  if (job->room < 0) check_limit(job);
  return entry;
}

/* G_i of an entry of the order. */
static inline int32_t gradient_of(et_svm_linear_job *job, uint32_t entry, uint32_t n, const int8_t *rows, bool wide) {
  const uint32_t i = entry & ET_SVM_LINEAR_SAMPLE;
  const int32_t value =
      wide ? et_svm_linear_decision(job, et_svm_linear_row(job, i)) : et_dot_32x8_from(job->offset, job->w, rows + i * n, n);
  return (et_svm_linear_positive(entry) ? value : -value) - job->margin;
}

/* The projected gradient (section 3.2) is zero where the gradient points out of the box. */
static inline bool points_inward(uint32_t entry, int32_t gradient) {
  return gradient >= 0 ? (entry & ET_SVM_LINEAR_AT_ZERO) == 0 : (entry & ET_SVM_LINEAR_AT_CAP) == 0;
}

/* Algorithm 3 of Hsieh et al., `visits` of a pass. Compiled twice: for int8 rows that are read in place, and for all others. The order
 * is drawn as it is used: the entry of this place is any of those from here to the last active one. */
PER_WIDTH void visit(et_svm_linear_job *job, uint32_t visits, bool wide) {
  /* Local copies: the compiler must assume that stores through pointers change the job. */
  const uint32_t n = job->definition->core->features;
  const int8_t *const rows = job->set.features;
  const uint32_t until = (uint32_t)(job->active - job->at) - visits;
  uint16_t *at = job->order + job->at;
  uint32_t rest = until + visits, random = job->random;
  while (rest != until) {
    uint16_t *const drawn = at + et_svm_random_below(&random, rest);
    uint32_t entry = *drawn;
    *drawn = *at;
    const int32_t gradient = gradient_of(job, entry, n, rows, wide);
    rest--;
    if (points_inward(entry, gradient)) {
      entry = wide ? move_wide(job, entry, gradient) : move_narrow(job, entry, gradient);
    } else if ((gradient ^ (gradient >> 31)) > job->shrink_above) { /* to the end, behind the active ones */
      *at = at[rest];
      at[rest] = (uint16_t)entry;
      continue;
    }
    *at++ = (uint16_t)entry;
  }
  job->random = random;
  job->at = (uint16_t)(at - job->order);
  job->active = (uint16_t)(job->at + rest);
}

static NOINLINE void visit_narrow(et_svm_linear_job *job, uint32_t visits) { visit(job, visits, false); }
static NOINLINE void visit_wide(et_svm_linear_job *job, uint32_t visits) { visit(job, visits, true); }

/* Looks at `visits` of the shrunk samples again: those whose projected gradient is not zero are active from now on. Hsieh et al. make
 * all active again for a pass (algorithm 3, step 4.b); most would be shrunk by the next. */
PER_WIDTH void recall(et_svm_linear_job *job, uint32_t visits, bool wide) {
  const uint32_t n = job->definition->core->features;
  const int8_t *const rows = job->set.features;
  uint16_t *at = job->order + job->at, *const end = at + visits;
  for (; at != end; at++) {
    const uint32_t entry = *at;
    const int32_t gradient = gradient_of(job, entry, n, rows, wide);
    if (!points_inward(entry, gradient)) continue;
    note_gradient(job, gradient);
    *at = job->order[job->active];
    job->order[job->active++] = (uint16_t)entry;
  }
  job->at = (uint16_t)(job->at + visits);
}

static NOINLINE void recall_narrow(et_svm_linear_job *job, uint32_t visits) { recall(job, visits, false); }
static NOINLINE void recall_wide(et_svm_linear_job *job, uint32_t visits) { recall(job, visits, true); }

/* The step of the method of multipliers: mu += B^2 sum alpha_i y_i, at most by a quarter of `margin` at a time: one pass is far from a
 * minimisation where C is large, and mu would overshoot. Returns the magnitude before it is cut. */
static int32_t move_mu(et_svm_linear_job *job) {
  const int32_t v = job->w[job->definition->core->features];
  const int32_t step = job->wide ? (int32_t)(((int64_t)v * job->bias_value) >> 15) : v * job->bias_value;
  const int32_t most = job->margin / 4;
  et_svm_linear_set_mu(job, job->mu + (step > most ? most : step < -most ? -most : step));
  while (job->mu > ET_SVM_LINEAR_MU_MOST || job->mu < -ET_SVM_LINEAR_MU_MOST) halve(job, 1);
  return step < 0 ? -step : step;
}

/* |G| < 2^30 + 2^29 + 2^27, so the difference fits 32 bits without a sign. */
static bool is_flat(const et_svm_linear_job *job) { return (uint32_t)job->most - (uint32_t)job->least <= (uint32_t)job->tolerance; }

/* True when there is none: the bound is reached. */
static bool next_pass(et_svm_linear_job *job) {
  if (job->epoch >= et_svm_of(job->definition)->max_epochs) {
    job->bound_reached = true;
    return true;
  }
  job->most = 0;
  job->least = 0;
  job->at = 0;
  return false;
}

/* After a pass: move mu, then look at the shrunk ones, or go on with a new threshold. True when the pair is finished. */
static bool end_of_pass(et_svm_linear_job *job) {
  job->epoch++;
  job->iterations++;
  job->balanced = move_mu(job) <= job->tolerance >> 2;
  job->unchecked = (uint16_t)(job->unchecked + job->active);
  /* Not only when the active ones are done: what shrank too early may be just what they wait for while mu runs away. */
  if (is_flat(job) || job->unchecked >= ET_SVM_LINEAR_UNCHECKED_MOST * (uint32_t)job->size) {
    job->at = job->active;
    job->recalling = true;
    return false;
  }
  /* Hsieh et al. shrink at zero above the largest violation of the pass before, at the cap below the least, and not where there is
   * none. Here the smaller magnitude of the two serves both sides: what is shrunk is looked at again before the end. */
  const int32_t above = job->most > 0 ? job->most : -job->least, below = job->least < 0 ? -job->least : job->most;
  job->shrink_above = above < below ? above : below;
  return next_pass(job);
}

/* After the shrunk ones were looked at: the pair is finished when all samples are within the tolerance and the multipliers balanced. */
static bool end_of_recall(et_svm_linear_job *job) {
  job->recalling = false;
  job->unchecked = 0;
  if (is_flat(job) && job->balanced) return true;
  job->shrink_above = INT32_MAX;
  return next_pass(job);
}

bool et_svm_linear_descend(et_svm_linear_job *job, uint32_t budget, uint32_t *spent) {
  const uint32_t n = job->definition->core->features, each = n + 8u, longest = each + 2u * n;
  bool finished = false;
  *spent = 0;
  do {
    const bool recalling = job->recalling;
    uint32_t visits = (uint32_t)(recalling ? job->size : job->active) - job->at;
    if (visits * longest > budget - *spent) visits = (budget - *spent) / longest + 1u;
    job->moves = 0;
    if (recalling) {
      if (job->wide) recall_wide(job, visits);
      else recall_narrow(job, visits);
      if (job->at == job->size) finished = end_of_recall(job);
    } else {
      if (job->wide) visit_wide(job, visits);
      else visit_narrow(job, visits);
      if (job->at == job->active) finished = end_of_pass(job);
    }
    *spent += visits * each + job->moves * 2u * n + 1u;
  } while (!finished && !job->out_of_range && *spent < budget);
  return finished;
}
