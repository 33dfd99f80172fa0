/* Prepares each pair of classes for the descent, stores what it found, and cuts all of it into slices. */
#include <string.h>

#include "models/svm/linear_job.h"
#include "support/blocks.h"

enum phase {
  PHASE_SCALE,   /* STANDARD: mean and deviation, feature by feature */
  PHASE_PAIR,    /* bounds and units of a pair */
  PHASE_GATHER,  /* its samples, with the multipliers that they start from */
  PHASE_BALANCE, /* the sum of those back to zero */
  PHASE_MEAN,    /* its mean row */
  PHASE_REBUILD, /* w from the stored multipliers */
  PHASE_PASS,
  PHASE_FREE,   /* is any multiplier between its bounds? */
  PHASE_MIDDLE, /* no: the middle of the biases that are as good */
  PHASE_STORE,
  PHASE_DONE
};

/* b = B S. Any B leads to the same solution: a larger one enforces the equality sooner and makes the descent slower. B = 1/2 suits
 * features within [-1, 1]. Standardised rows are longer, |x|^2 is about n, and their multipliers smaller: what is left of
 * sum alpha_i y_i must be as much smaller, so B = sqrt(n) / 4, rounded up to a quarter. All that as long as multipliers have room; with
 * a small C, sum alpha_i y_i can hardly move mu, so B^2 grows with 1 / C: B is multiplied by 2^e, 4^e <= 1 / (4 C); at most 2^6
 * (C >= 1e-4). */
static int32_t constant_feature_in_quarters(const et_definition *definition) {
  int32_t root = 2;
  if (definition->core->scaling == ET_SCALING_STANDARD) {
    while (root * root < definition->core->features) root++; /* 11 at most */
  }
  return root;
}
static uint8_t constant_feature_doublings(float cost) {
  uint8_t doublings = 0;
  for (; cost <= 0.25f; cost *= 4.0f) doublings++;
  return doublings;
}

/* ---- a pair's set-up ---- */

/* Of two words: the library's conversion brings double precision arithmetic along, 3.5 kB of it. Off by one last bit at most. */
static float wide_to_float(int64_t value) { return (float)(int32_t)(value >> 32) * 4294967296.0f + (float)(uint32_t)value; }

/* A warm start takes the bias of the running generation, if it has this pair: mu = bias + w.m, with w.m left to the first
 * passes, because the running weights need not be those of the stored multipliers. */
static int32_t start_mu(const et_svm_linear_job *job) {
  const et_definition *definition = job->definition;
  const et_svm_linear_header *header = (const et_svm_linear_header *)(const void *)job->running;
  if (et_svm_of(definition)->warm_start == 0 || header->layout != ET_SVM_LINEAR_LAYOUT) return 0;
  const et_svm_linear_pair *pair =
      (const et_svm_linear_pair *)(const void *)(job->running + et_svm_linear_pair_offset(job->definition, job->pair));
  if (pair->trained == 0) return 0;
  const float unit = definition->core->storage == ET_STORAGE_INT16 ? 1.0f / 256.0f : 1.0f;
  float value = (float)pair->bias; /* f at the mean row m */
  for (uint16_t j = 0; j < definition->core->features; j++) {
    if (header->weight_bytes == 2) {
      const float m = job->wide ? (float)((const int16_t *)job->centre)[j] : (float)((const int8_t *)job->centre)[j];
      value += (float)((const int16_t *)(const void *)(pair + 1))[j] * m * unit;
    } else { /* folded weights take stored features: the mean of all samples is near enough to the pair's */
      const float mean = (float)job->scale[j].mean * (definition->core->storage == ET_STORAGE_INT8 ? 1.0f / 256.0f : 1.0f);
      value += (float)((const int32_t *)(const void *)(pair + 1))[j] * mean * unit;
    }
  }
  value *= (float)job->margin;
  for (int8_t e = pair->exponent; e > 0; e--) value *= 0.5f;
  for (int8_t e = pair->exponent; e < 0; e++) value *= 2.0f;
  const float most = (float)ET_SVM_LINEAR_MU_MOST;
  return value > most || value < -most ? 0 : (int32_t)value;
}

/* Work units of a sample that is gathered or balanced: some 20 instructions each. */
#define GATHER_UNITS 2u

/* Samples that were replaced took their multipliers along: bring sum alpha_i y_i back to zero, at the cost of the heavier side. */
static uint32_t balance(et_svm_linear_job *job, uint32_t budget) {
  const bool heavy = job->sums[1] > job->sums[0];
  int64_t excess = heavy ? job->sums[1] - job->sums[0] : job->sums[0] - job->sums[1];
  uint32_t spent = 0;
  for (; job->at < job->size && excess > 0; job->at++, spent += GATHER_UNITS) {
    uint16_t *const entry = &job->order[job->at];
    if (spent >= budget) return spent;
    if (et_svm_linear_positive(*entry) != heavy) continue;
    uint16_t *code = et_svm_linear_multiplier(job, *entry);
    const int32_t alpha = et_svm_multiplier_decode(*code, job->drop);
    int32_t rest = alpha > excess ? alpha - (int32_t)excess : 0;
    *entry &= ET_SVM_LINEAR_SAMPLE | ET_SVM_LINEAR_POSITIVE;
    if (rest > 0) {
      *code = et_svm_multiplier_encode(&rest, job->drop);
    } else {
      *code = 0;
      *entry |= ET_SVM_LINEAR_AT_ZERO;
    }
    excess -= alpha;
    job->sums[heavy] -= alpha;
  }
  job->at = 0;
  job->phase = PHASE_MEAN;
  return spent + 1u;
}

/* Flags of a sample that starts from its stored multiplier, which may be above a bound that has come down since. */
static uint32_t stored(const et_svm_linear_job *job, uint32_t side, uint16_t *code, int64_t sums[2]) {
  uint32_t flags = 0;
  if (*code >= job->cap_code[side]) {
    *code = job->cap_code[side];
    flags = ET_SVM_LINEAR_AT_CAP;
  }
  sums[side] += et_svm_multiplier_decode(*code, job->drop);
  return flags;
}

/* The pair's samples into the order, as many as the budget allows, and the sums of their stored multipliers, 2^13 * 2^27 at most:
 * negative, positive class. */
static uint32_t gather(et_svm_linear_job *job, uint32_t budget) {
  /* Local copies: stores through pointers could change the job, as far as the compiler knows. */
  const et_sample_set set = job->set;
  const uint8_t *const labels = set.labels;
  const uint32_t positive = job->positive, negative = job->negative, begin = job->at;
  const uint32_t each = job->definition->core->classes - 1u;
  const uint32_t left = set.count - begin, most = budget / GATHER_UNITS + 1u, end = begin + (left < most ? left : most);
  uint16_t *positives = (uint16_t *)(void *)set.extra + begin * each + job->slot[1];
  uint16_t *negatives = (uint16_t *)(void *)set.extra + begin * each + job->slot[0];
  uint8_t *const curvature = job->curvature;
  uint16_t *order = job->order + job->size;
  int64_t sums[2] = {job->sums[0], job->sums[1]};
  const bool cold = job->cold;
  for (uint32_t i = begin; i < end; i++, positives += each, negatives += each) {
    const uint32_t label = labels[i];
    uint32_t entry = i | ET_SVM_LINEAR_POSITIVE;
    uint16_t *code = positives;
    if (label != positive) {
      if (label != negative) continue;
      entry = i;
      code = negatives;
    }
    if (et_svm_held_out(&set, (uint16_t)i)) continue;
    curvature[i] = 0;
    if (cold || *code == 0) {
      *code = 0;
      entry |= ET_SVM_LINEAR_AT_ZERO;
    } else {
      entry |= stored(job, label == positive, code, sums);
    }
    *order++ = (uint16_t)entry;
  }
  job->size = (uint16_t)(order - job->order);
  job->sums[0] = sums[0];
  job->sums[1] = sums[1];
  job->at = (uint16_t)end;
  if (end == set.count) {
    job->at = 0;
    job->active = job->size;
    job->any_stored = sums[0] != 0 || sums[1] != 0;
    job->phase = job->any_stored ? PHASE_BALANCE : PHASE_MEAN;
  }
  return (end - begin) * GATHER_UNITS + 1u;
}

static void begin_pair(et_svm_linear_job *job) {
  const et_definition *definition = job->definition;
  const float cost = et_svm_of(definition)->cost;
  const float weights[2] = {et_svm_class_weight(job->definition, job->counts, job->negative),
                            et_svm_class_weight(job->definition, job->counts, job->positive)};
  const float heavier = weights[0] > weights[1] ? weights[0] : weights[1];
  /* a: the larger cap in (2^21, 2^22], the largest step; and up to 32 times that where C is large, because the multipliers of a
   * separable problem do not grow with C. */
  const float step_most = (float)((int32_t)1 << ET_SVM_LINEAR_STEP_BITS);
  int a = ET_SVM_LINEAR_STEP_BITS;
  float cap = heavier * step_most;
  while (cap > step_most) cap *= 0.5f, a--;
  while (cap <= step_most * 0.5f && a < ET_SVM_MULTIPLIER_BITS) cap *= 2.0f, a++;
  for (float large = cost * heavier; large > 16.0f && cap <= (float)((int32_t)1 << 26) && a < ET_SVM_MULTIPLIER_BITS; large *= 0.5f) {
    cap *= 2.0f;
    a++;
  }
  /* margin = S^2 2^a / (C 2^(k + z)) */
  const float s = (float)job->row_one;
  float margin = s * s * (float)((uint32_t)1 << a) / cost / (job->wide ? 32768.0f : 1.0f);
  uint8_t k = 0;
  while (margin > (float)ET_SVM_LINEAR_MARGIN_MOST) {
    margin *= 0.5f;
    if (k < 24) k++; /* room for the halvings to come */
    else a--;
  }
  et_svm_linear_set_halvings(job, k);
  job->drop = (uint8_t)(ET_SVM_MULTIPLIER_BITS - a);
  job->margin = (int32_t)margin;
  const float tolerance = et_svm_of(definition)->tolerance * margin;
  job->tolerance = tolerance < 1.0f ? 1 : (int32_t)tolerance;
  for (uint8_t side = 0; side < 2; side++) {
    float most = weights[side] * (float)((uint32_t)1 << a);
    if (most < 1.0f) most = 1.0f;
    job->cap[side] = (int32_t)most;
    job->cap_code[side] = et_svm_multiplier_encode(&job->cap[side], job->drop);
  }
  job->slot[0] = et_svm_slot(job->negative, job->positive);
  job->slot[1] = et_svm_slot(job->positive, job->negative);

  job->sums[0] = job->sums[1] = 0;
  job->size = 0;
  memset(job->w, 0, (definition->core->features + 1u) * sizeof job->w[0]);
  job->epoch = 0;
  job->shrink_above = INT32_MAX;
  job->recalling = false;
  job->unchecked = 0;
  job->most = 0;
  job->least = 0;
  job->room = 0;
  job->mu = 0;
  job->offset = 0;
  job->wide_offset = 0;
  job->at = 0;
}

/* Any m is right, and a rough mean does: it is taken over 32 to 63 samples, spread over the pair. */
static uint16_t mean_stride(const et_svm_linear_job *job) { return job->size < 64 ? 1u : (uint16_t)(job->size / 32u); }

/* The mean row needs sums: w lends its place, 65 * 32767 < 2^31. */
static void add_to_mean(et_svm_linear_job *job, uint16_t entry) {
  const uint32_t n = job->definition->core->features, i = entry & ET_SVM_LINEAR_SAMPLE;
  int32_t *sum = job->w, *const end = sum + n;
  if (job->wide) {
    for (const int16_t *r = et_svm_linear_row(job, i); sum != end;) *sum++ += *r++;
  } else {
    for (const int8_t *r = (const int8_t *)job->set.features + i * n; sum != end;) *sum++ += *r++;
  }
}

static void finish_mean(et_svm_linear_job *job) {
  const uint16_t n = job->definition->core->features;
  const uint16_t stride = mean_stride(job), count = (uint16_t)((job->size + stride - 1u) / stride);
  for (uint16_t j = 0; j < n; j++) {
    const int32_t mean = et_svm_quotient(job->w[j], count);
    if (job->wide) ((int16_t *)job->centre)[j] = (int16_t)mean;
    else ((int8_t *)job->centre)[j] = (int8_t)mean;
    job->w[j] = 0;
  }
  et_svm_linear_set_mu(job, start_mu(job));
}

static void rebuild_sample(et_svm_linear_job *job, uint16_t entry) {
  const int32_t alpha = et_svm_multiplier_decode(*et_svm_linear_multiplier(job, entry), job->drop);
  if (alpha == 0) return;
  et_svm_linear_update(job, et_svm_linear_row(job, entry & ET_SVM_LINEAR_SAMPLE), et_svm_linear_positive(entry) ? alpha : -alpha);
}

/* ---- the finished pair ---- */

static bool any_free(const et_svm_linear_job *job) {
  for (uint16_t s = 0; s < job->size; s++) {
    if ((job->order[s] & (ET_SVM_LINEAR_AT_ZERO | ET_SVM_LINEAR_AT_CAP)) == 0) return true;
  }
  return false;
}

/* Bounds that one sample at a bound of its multiplier sets on a change of the bias: G >= 0 at zero, G <= 0 at the cap. `least`
 * and `most` collect the interval. */
static void bound_bias(et_svm_linear_job *job, uint16_t entry) {
  const bool positive = et_svm_linear_positive(entry);
  const int32_t value = et_svm_linear_decision(job, et_svm_linear_row(job, entry & ET_SVM_LINEAR_SAMPLE));
  const int32_t change = (positive ? job->margin : -job->margin) - value; /* makes y D = margin */
  if (positive == ((entry & ET_SVM_LINEAR_AT_ZERO) != 0)) {
    if (change > job->least) job->least = change;
  } else {
    if (change < job->most) job->most = change;
  }
}

/* From w to real weights per unit of a stored feature, in the place of w: f = D / margin, so a weight counts w / (margin 2^z); with
 * STANDARD scaling r = (t - mean) multiplier 2^-shift (models/svm/scale.h) is folded in. Floating point, but only here: some hundred
 * operations per pair. */
static void store_pair(et_svm_linear_job *job) {
  const et_definition *definition = job->definition;
  const bool narrow = definition->core->storage == ET_STORAGE_INT8;
  const uint16_t n = definition->core->features;
  const float per_margin = 1.0f / (float)job->margin, per_row = job->wide ? per_margin * (1.0f / 32768.0f) : per_margin;
  float bias = job->wide ? wide_to_float(job->wide_offset) * per_row + (float)job->mu * per_margin : (float)job->offset * per_margin;
  float *weights = (float *)(void *)job->w;
  for (uint16_t j = 0; j < n; j++) {
    float v = (float)job->w[j] * per_row;
    if (job->scale != NULL) {
      const et_svm_scale *scale = &job->scale[j];
      v *= (float)scale->multiplier / (float)((uint32_t)1 << scale->shift) * (narrow ? 256.0f : 1.0f);
      bias -= v * (float)scale->mean * (narrow ? 1.0f / 256.0f : 1.0f);
    }
    memcpy(&weights[j], &v, sizeof v);
  }
  et_svm_linear_pair *pair = (et_svm_linear_pair *)(void *)(job->candidate + et_svm_linear_pair_offset(definition, job->pair));
  et_svm_linear_store_pair(pair, et_svm_linear_weight_bytes(definition), n, !narrow, weights, bias);
}

/* The one class that there is wins its pairs on the margin, by the bias alone; the others have no vote. */
static void store_constant(et_svm_linear_job *job) {
  et_svm_linear_pair *pair =
      (et_svm_linear_pair *)(void *)((uint8_t *)job->candidate + et_svm_linear_pair_offset(job->definition, job->pair));
  if (job->counts[job->positive] == 0 && job->counts[job->negative] == 0) return;
  pair->bias = job->counts[job->positive] != 0 ? 1 : -1;
  pair->trained = 1;
}

static void next_pair(et_svm_linear_job *job) {
  job->cold = et_svm_of(job->definition)->warm_start == 0;
  job->pair++;
  job->phase = et_svm_next_pair(job->definition->core->classes, &job->positive, &job->negative) ? PHASE_PAIR : PHASE_DONE;
}

/* ---- the job ---- */

uint32_t et_svm_linear_work_bytes(const et_definition *definition) {
  const bool wide = definition->core->scaling == ET_SCALING_STANDARD || definition->core->storage == ET_STORAGE_INT16;
  uint32_t bytes = ET_POINTER_SLACK + (uint32_t)sizeof(et_svm_linear_job);
  bytes += (definition->core->features + 1u) * 4u + et_up_to_4(definition->core->capacity) + et_up_to_4(definition->core->capacity * 2u) +
           et_up_to_4(definition->core->features * (wide ? 2u : 1u));
  if (definition->core->scaling == ET_SCALING_STANDARD) {
    bytes += et_up_to_4(definition->core->features * (uint32_t)sizeof(et_svm_scale)) + et_up_to_4(definition->core->features * 2u);
  }
  return bytes;
}

et_error et_svm_linear_train_begin(const et_model_context *context, const et_sample_set *set, const void *running, void *candidate) {
  const et_definition *definition = context->definition;
  et_svm_linear_job *job = et_align_pointers(context->work);
  if (set->count > definition->core->capacity) return ET_WORKSPACE;
  memset(job, 0, sizeof *job);
  const et_error error = et_svm_count(definition, set, job->counts);
  if (error != ET_OK && error != ET_SINGLE_CLASS) return error;
  job->constant = error == ET_SINGLE_CLASS;
  const bool standard = definition->core->scaling == ET_SCALING_STANDARD;
  job->definition = definition;
  job->set = *set;
  job->running = running;
  job->candidate = candidate;
  job->wide = standard || definition->core->storage == ET_STORAGE_INT16;
  uint8_t *at = (uint8_t *)(job + 1);
  job->w = et_cut_4(&at, (definition->core->features + 1u) * 4u);
  job->curvature = et_cut_4(&at, definition->core->capacity);
  job->order = et_cut_4(&at, definition->core->capacity * 2u);
  job->centre = et_cut_4(&at, definition->core->features * (job->wide ? 2u : 1u));
  if (standard) {
    job->scale = et_cut_4(&at, definition->core->features * (uint32_t)sizeof(et_svm_scale));
    job->z = et_cut_4(&at, definition->core->features * 2u);
  }
  job->row_one = (int16_t)(standard ? ET_SVM_Z_ONE : job->wide ? 32767 : 127);
  job->bias_shift = constant_feature_doublings(et_svm_of(definition)->cost);
  job->bias_odd = (int16_t)(job->row_one * constant_feature_in_quarters(definition) / 4); /* 4096 * 11 / 4 at most, or 32767 / 2 */
  job->bias_value = job->bias_odd * ((int32_t)1 << job->bias_shift);
  /* limit (2 R n + b) 2^-z <= 2^30, with R 2^-z = 1 for int16 rows */
  const uint32_t b = (uint32_t)job->bias_value;
  const uint32_t reach = job->wide ? 2u * definition->core->features + (b >> 15) + 1u : 254u * definition->core->features + b;
  job->limit = (int32_t)1 << et_svm_top_bit(0x40000000u / reach);
  job->farthest = job->wide ? 65534 : 254;
  if (job->farthest < job->bias_value) job->farthest = job->bias_value;
  job->random = definition->core->seed ^ 0x2545f491u;
  if (job->random == 0) job->random = 1;
  /* b^2 >= 2^(2 top_bit(b)); |r - m|^2 + b^2 is at most 2^18 times that (scaled rows: 120 (16 S)^2 over (S / 2)^2), so an exponent
   * fits five bits. */
  job->curvature_base = (uint8_t)(et_svm_top_bit(b) * 2u);
  job->phase = standard ? PHASE_SCALE : PHASE_PAIR;
  job->cold = et_svm_of(definition)->warm_start == 0;
  job->positive = 0;
  job->negative = 1;

  memset(candidate, 0, et_svm_linear_bytes(definition));
  et_svm_linear_header *header = candidate;
  header->layout = ET_SVM_LINEAR_LAYOUT;
  header->classes = definition->core->classes;
  header->features = definition->core->features;
  header->weight_bytes = et_svm_linear_weight_bytes(definition);
  return ET_OK;
}

/* Phases that visit every sample of the pair (every `stride`-th) once: as many as the budget allows, then the next phase. */
static inline uint32_t each_sample(et_svm_linear_job *job, uint32_t budget, uint16_t stride, void (*visit)(et_svm_linear_job *, uint16_t),
                                   uint8_t next) {
  const uint32_t units = job->definition->core->features + 4u;
  uint32_t spent = 0;
  for (; job->at < job->size; job->at = (uint16_t)(job->at + stride), spent += units) {
    if (spent >= budget) return spent;
    visit(job, job->order[job->at]);
  }
  job->at = 0;
  job->phase = next;
  return spent + 1u;
}

/* One bounded piece of work of the present phase. Returns the units spent. */
static uint32_t phase_step(et_svm_linear_job *job, uint32_t budget) {
  const uint16_t n = job->definition->core->features;
  switch (job->phase) {
  case PHASE_SCALE:
    et_svm_scale_learn(job->definition, &job->set, job->at, &job->scale[job->at]);
    if (++job->at == n) job->phase = PHASE_PAIR;
    return job->set.count;
  case PHASE_PAIR:
    if (job->counts[job->positive] == 0 || job->counts[job->negative] == 0) {
      if (job->constant) store_constant(job);
      next_pair(job);
      return 1;
    }
    begin_pair(job);
    job->phase = PHASE_GATHER;
    return 32u;
  case PHASE_GATHER: return gather(job, budget);
  case PHASE_BALANCE: return balance(job, budget);
  case PHASE_MEAN: {
    const uint32_t spent = each_sample(job, budget, mean_stride(job), add_to_mean, PHASE_REBUILD);
    if (job->phase == PHASE_REBUILD) finish_mean(job);
    return spent;
  }
  case PHASE_REBUILD:
    if (!job->any_stored) job->at = job->size;
    return each_sample(job, budget, 1, rebuild_sample, PHASE_PASS);
  case PHASE_PASS: {
    uint32_t spent;
    if (et_svm_linear_descend(job, budget, &spent)) job->phase = PHASE_FREE;
    return spent;
  }
  case PHASE_FREE:
    job->phase = any_free(job) ? PHASE_STORE : PHASE_MIDDLE;
    job->at = 0;
    job->least = INT32_MIN / 2;
    job->most = INT32_MAX / 2;
    return job->size;
  case PHASE_MIDDLE: {
    const uint32_t spent = each_sample(job, budget, 1, bound_bias, PHASE_STORE);
    if (job->phase == PHASE_STORE && job->least > INT32_MIN / 2 && job->most < INT32_MAX / 2 && job->least < job->most) {
      et_svm_linear_set_mu(job, job->mu + job->least / 2 + job->most / 2);
    }
    return spent;
  }
  case PHASE_STORE:
    store_pair(job);
    next_pair(job);
    return 32u * n;
  default: return 0;
  }
}

static uint16_t progress(const et_svm_linear_job *job) {
  const uint32_t pairs = et_svm_pairs(job->definition->core->classes);
  /* How many passes a pair needs is not known before; the share within a pair tends to one. */
  const uint32_t within = job->phase >= PHASE_PASS ? 1000u * job->epoch / (job->epoch + 10u) : 0u;
  const uint32_t done = (1000u * job->pair + within) / pairs;
  return done > 999u ? 999u : (uint16_t)done;
}

et_error et_svm_linear_train_step(const et_model_context *context, uint32_t budget, uint16_t *progress_permille) {
  et_svm_linear_job *job = et_align_pointers(context->work);
  uint32_t spent = 0;
  while (job->phase != PHASE_DONE && spent < budget) {
    spent += phase_step(job, budget - spent);
    if (!job->out_of_range) continue;
    if (job->cold) {
      job->phase = PHASE_DONE;
    } else {
      job->out_of_range = false;
      job->cold = true;
      job->phase = PHASE_PAIR;
    }
  }
  job->work += spent;
  *progress_permille = job->phase == PHASE_DONE ? 1000u : progress(job);
  return job->phase == PHASE_DONE ? ET_OK : ET_BUSY;
}

void et_svm_linear_train_end(const et_model_context *context, bool cancelled, et_train_report *report) {
  const et_svm_linear_job *job = et_align_pointers(context->work);
  report->work = job->work;
  report->iterations = job->iterations;
  report->result = et_svm_train_result(!cancelled && job->phase == PHASE_DONE, job->out_of_range, job->bound_reached);
}
