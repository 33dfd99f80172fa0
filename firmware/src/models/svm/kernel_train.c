/* Training of the kernel SVM: sequential minimal optimization with second-order working set selection (Fan, Chen, Lin 2005,
 * WSS 2) on the dual of the L1-loss problem,
 *   min over alpha of 1/2 alpha' Q alpha - e' alpha,  0 <= alpha_t <= C_t,  y' alpha = 0,  Q_ts = y_t y_s K_ts,
 * without a kernel matrix: one gradient vector, one kernel row kept from the selection to the update, the other computed on the
 * way. In their notation, with f_t = y_t grad_t = sum over s of alpha_s y_s K_st - y_t:
 *   i     = argmax of -f_t over I_up                                       (y = +1, alpha < C or y = -1, alpha > 0)
 *   j     = argmin of -b_t^2 / a_t over I_low with -f_t < -f_i,            a_t = K_ii + K_tt - 2 K_it, b_t = f_t - f_i
 *   delta = min(b_j / a_j, room of i, room of j);  alpha_i += y_i delta, alpha_j -= y_j delta,  f_t += delta (K_it - K_jt)
 *   stop when max over I_up of -f - min over I_low of -f <= tolerance
 * Every loop over samples can be left and resumed: a slice ends within one kernel value.
 *
 * Budget. When a pair ends with more than sv_budget support vectors it is trained once more, on those sv_budget samples (half of
 * each class, as far as there are) that have the largest multipliers. The result is the exact solution of that smaller problem; it
 * has at most sv_budget support vectors. The report says OK: the bound was asked for. */
#include <string.h>

#include "models/svm/kernel.h"
#include "models/svm/multiplier.h"
#include "support/blocks.h"

#define TAU 1e-6f       /* least curvature a: duplicates have none */
#define VALUE_UNITS 64u /* work of one kernel value and its updates beside the products */

enum phase {
  PHASE_SCALE,    /* STANDARD: mean and deviation, feature by feature */
  PHASE_PAIR,     /* samples and bounds of a pair */
  PHASE_GRADIENT, /* f of the stored multipliers, one support vector after the other */
  PHASE_SELECT,   /* the first i */
  PHASE_ROW_I,    /* K_i, and j */
  PHASE_ROW_J,    /* K_j, the update of f, and the next i */
  PHASE_REDUCE,   /* too many support vectors: pick those that stay */
  PHASE_COMPACT,  /* all pairs done: collect the support vectors */
  PHASE_DONE
};

typedef struct svm_kernel_job {
  const et_definition *definition;
  et_sample_set set;
  uint8_t *candidate;
  float *f;            /* per place: y grad */
  float *row;          /* K_it */
  float *alpha;        /* per place: alpha / C, so at most the class weight */
  float *diagonal;     /* K_tt; not for RBF, where it is 1 */
  uint16_t *order;     /* sample of a place */
  et_svm_scale *scale; /* in the candidate; STANDARD only */
  int16_t *z, *z_other;
  et_svm_kernel_function function;
  et_svm_kernel_places places;
  uint32_t work;
  uint32_t iterations, pair_iterations;
  uint16_t counts[ET_CLASSES_MAX];
  uint16_t size;      /* places of the pair */
  uint16_t at, outer; /* where the phase is */
  uint16_t pair;
  uint16_t i, j;
  uint16_t quota[2]; /* REDUCE: places still to give to the negative and positive class */
  uint8_t phase;
  uint8_t positive, negative;
  bool bound_reached;
  bool constant;     /* all samples are of one class: a model that decides it, whatever comes */
  bool out_of_range; /* kernel values left what a float holds */
  bool reduced;
  float cap[2];  /* C_t / C of the negative and positive class */
  float delta;   /* of alpha / C */
  float up, low; /* max of -f over I_up, min over I_low */
  float best;    /* b_j^2 / a_j */
  uint16_t up_place, next_up;
} svm_kernel_job;

static inline bool positive_at(const svm_kernel_job *job, uint16_t t) { return job->set.labels[job->order[t]] == job->positive; }
static inline bool may_rise(const svm_kernel_job *job, uint16_t t, bool y) { /* in I_up: y alpha can grow */
  return y ? job->alpha[t] < job->cap[1] : job->alpha[t] > 0.0f;
}
static inline bool may_fall(const svm_kernel_job *job, uint16_t t, bool y) { /* in I_low */
  return y ? job->alpha[t] > 0.0f : job->alpha[t] < job->cap[0];
}
static inline uint16_t *code_of(const svm_kernel_job *job, uint16_t sample) {
  const uint8_t own = job->set.labels[sample], other = own == job->positive ? job->negative : job->positive;
  uint16_t *codes = (uint16_t *)(void *)job->set.extra;
  return codes + (uint32_t)sample * (job->definition->core->classes - 1u) + et_svm_slot(own, other);
}
static inline bool is_trained_on(const svm_kernel_job *job, uint16_t sample) {
  return !et_svm_held_out(&job->set, sample) && job->set.labels[sample] < job->definition->core->classes;
}

static const void *stored_row(const svm_kernel_job *job, uint16_t sample) {
  const et_definition *definition = job->definition;
  const uint32_t at = (uint32_t)sample * definition->core->features;
  return definition->core->storage == ET_STORAGE_INT8 ? (const void *)((const int8_t *)job->set.features + at)
                                                      : (const void *)((const int16_t *)job->set.features + at);
}

/* Row of a place, scaled into `z` where the definition says so. */
static const void *row_of(const svm_kernel_job *job, uint16_t t, int16_t *z) {
  const void *stored = stored_row(job, job->order[t]);
  if (job->scale == NULL) return stored;
  et_svm_scale_row(job->scale, stored, job->definition->core->storage, job->definition->core->features, z);
  return z;
}

static inline float diagonal(const svm_kernel_job *job, uint16_t t) { return job->diagonal == NULL ? 1.0f : job->diagonal[t]; }

/* ---- a pair ---- */

static void begin_descent(svm_kernel_job *job) {
  for (uint16_t t = 0; t < job->size; t++) job->f[t] = positive_at(job, t) ? -1.0f : 1.0f;
  job->at = 0;
  job->outer = 0;
  job->phase = PHASE_GRADIENT;
}

static void begin_pair(svm_kernel_job *job) {
  const et_definition *definition = job->definition;
  job->cap[0] = et_svm_class_weight(definition, job->counts, job->negative);
  job->cap[1] = et_svm_class_weight(definition, job->counts, job->positive);
  float sums[2] = {0.0f, 0.0f};
  job->size = 0;
  for (uint16_t i = 0; i < job->set.count; i++) {
    if (!is_trained_on(job, i) || (job->set.labels[i] != job->positive && job->set.labels[i] != job->negative)) continue;
    const uint16_t t = job->size++;
    const uint8_t side = job->set.labels[i] == job->positive;
    float ratio = et_svm_of(definition)->warm_start != 0 ? et_svm_multiplier_to_float(*code_of(job, i)) : 0.0f;
    if (ratio > job->cap[side]) ratio = job->cap[side];
    job->order[t] = i;
    job->alpha[t] = ratio;
    sums[side] += ratio;
  }
  /* Samples that were replaced took their multipliers along: bring y' alpha back to zero on the heavier side. */
  const uint8_t heavy = sums[1] > sums[0];
  float excess = sums[heavy] - sums[1 - heavy];
  for (uint16_t t = 0; t < job->size && excess > 0.0f; t++) {
    if (positive_at(job, t) != (heavy == 1) || job->alpha[t] == 0.0f) continue;
    const float cut = job->alpha[t] < excess ? job->alpha[t] : excess;
    job->alpha[t] -= cut;
    excess -= cut;
  }
  job->pair_iterations = 0;
  job->reduced = false;
  begin_descent(job);
}

/* Units of one kernel value. */
static inline uint32_t value_units(const svm_kernel_job *job) { return job->definition->core->features + VALUE_UNITS; }

static uint32_t gradient(svm_kernel_job *job, uint32_t budget) {
  uint32_t spent = 0;
  const float cost = et_svm_of(job->definition)->cost;
  for (; job->outer < job->size; job->outer++, job->at = 0) {
    const bool first = job->outer == 0;
    const float alpha = job->alpha[job->outer];
    if (alpha == 0.0f && !(first && job->diagonal != NULL)) {
      if (++spent >= budget) {
        job->outer++;
        return spent;
      }
      continue;
    }
    const void *own = row_of(job, job->outer, job->z);
    const float factor = (positive_at(job, job->outer) ? alpha : -alpha) * cost;
    for (; job->at < job->size; job->at++) {
      if (spent >= budget) return spent;
      const void *other = row_of(job, job->at, job->z_other);
      if (alpha != 0.0f) job->f[job->at] += factor * et_svm_kernel_value(&job->function, own, other);
      if (first && job->diagonal != NULL) job->diagonal[job->at] = et_svm_kernel_value(&job->function, other, other);
      spent += value_units(job);
    }
  }
  job->at = 0;
  job->up = -1e30f;
  job->low = 1e30f;
  job->phase = PHASE_SELECT;
  return spent + 1u;
}

/* Take a place into the search for the next i and the stopping rule. */
static inline void consider_place(svm_kernel_job *job, uint16_t t, bool y) {
  const float v = -job->f[t];
  if (may_rise(job, t, y) && v > job->up) {
    job->up = v;
    job->next_up = t;
  }
  if (may_fall(job, t, y) && v < job->low) job->low = v;
}

/* The pair is solved: bias as LIBSVM has it, multipliers back to the samples. */
static uint16_t finish_descent(svm_kernel_job *job) {
  float sum = 0.0f;
  uint32_t free_count = 0;
  uint16_t vectors = 0;
  for (uint16_t t = 0; t < job->size; t++) {
    const bool y = positive_at(job, t);
    const float alpha = job->alpha[t];
    const uint16_t code = et_svm_multiplier_from_float(alpha);
    *code_of(job, job->order[t]) = code;
    vectors = (uint16_t)(vectors + (code != 0));
    if (alpha > 0.0f && alpha < job->cap[y]) {
      sum -= job->f[t];
      free_count++;
    }
  }
  et_svm_kernel_bias *bias = (et_svm_kernel_bias *)(void *)(job->candidate + job->places.biases) + job->pair;
  bias->bias = free_count > 0 ? sum / (float)free_count : (job->up + job->low) * 0.5f;
  bias->trained = 1;
  if (!(bias->bias >= -ET_SVM_KERNEL_BIAS_MAX && bias->bias <= ET_SVM_KERNEL_BIAS_MAX)) job->out_of_range = true;
  return vectors;
}

static void next_pair(svm_kernel_job *job) {
  job->pair++;
  job->at = 0;
  job->phase = et_svm_next_pair(job->definition->core->classes, &job->positive, &job->negative) ? PHASE_PAIR : PHASE_COMPACT;
}

static void begin_reduce(svm_kernel_job *job) {
  const uint16_t budget = et_svm_of(job->definition)->sv_budget;
  uint16_t having[2] = {0, 0};
  for (uint16_t t = 0; t < job->size; t++) {
    if (job->alpha[t] > 0.0f) having[positive_at(job, t)]++;
  }
  job->quota[0] = (uint16_t)(budget / 2u);
  if (job->quota[0] > having[0]) job->quota[0] = having[0];
  job->quota[1] = (uint16_t)(budget - job->quota[0]);
  if (job->quota[1] > having[1]) {
    job->quota[1] = having[1];
    job->quota[0] = (uint16_t)(budget - having[1]);
  }
  job->at = 0;
  job->phase = PHASE_REDUCE;
}

/* Bring the largest multiplier that has a place left to place `at`. One pass over the rest a call. */
static uint32_t reduce(svm_kernel_job *job) {
  if (job->quota[0] == 0 && job->quota[1] == 0) {
    for (uint16_t t = job->at; t < job->size; t++) *code_of(job, job->order[t]) = 0;
    job->size = job->at;
    for (uint16_t t = 0; t < job->size; t++) job->alpha[t] = 0.0f;
    job->reduced = true;
    begin_descent(job);
    return job->size;
  }
  uint16_t best = job->at;
  float most = -1.0f;
  for (uint16_t t = job->at; t < job->size; t++) {
    if (job->quota[positive_at(job, t)] > 0 && job->alpha[t] > most) {
      most = job->alpha[t];
      best = t;
    }
  }
  job->quota[positive_at(job, best)]--;
  const uint16_t sample = job->order[best];
  const float alpha = job->alpha[best];
  job->order[best] = job->order[job->at];
  job->alpha[best] = job->alpha[job->at];
  job->order[job->at] = sample;
  job->alpha[job->at] = alpha;
  job->at++;
  return job->size;
}

/* i is known: stop, or look for j. */
static void choose(svm_kernel_job *job) {
  const et_svm_parameters *parameters = et_svm_of(job->definition);
  job->at = 0;
  const bool bound = job->pair_iterations >= (uint32_t)parameters->max_epochs * 1000u;
  if (bound || job->up - job->low <= parameters->tolerance) {
    job->bound_reached = job->bound_reached || bound;
    const uint16_t vectors = finish_descent(job);
    if (!job->reduced && parameters->sv_budget > 0 && vectors > parameters->sv_budget) begin_reduce(job);
    else next_pair(job);
    return;
  }
  job->up_place = job->next_up;
  job->best = 0.0f;
  job->phase = PHASE_ROW_I;
}

static void select_next(svm_kernel_job *job) {
  for (uint16_t t = 0; t < job->size; t++) consider_place(job, t, positive_at(job, t));
  choose(job);
}

static uint32_t row_i(svm_kernel_job *job, uint32_t budget) {
  const uint16_t i = job->up_place;
  const void *own = row_of(job, i, job->z);
  const float k_ii = diagonal(job, i), f_i = job->f[i];
  uint32_t spent = 0;
  for (; job->at < job->size; job->at++, spent += value_units(job)) {
    if (spent >= budget) return spent;
    const uint16_t t = job->at;
    const float k = et_svm_kernel_value(&job->function, own, row_of(job, t, job->z_other));
    job->row[t] = k;
    const float b = job->f[t] - f_i;
    if (b <= 0.0f || !may_fall(job, t, positive_at(job, t))) continue;
    float a = k_ii + diagonal(job, t) - 2.0f * k;
    if (a < TAU) a = TAU;
    const float gain = b * b / a;
    if (gain > job->best) {
      job->best = gain;
      job->j = t;
      job->delta = b / a;
    }
  }
  job->i = i;
  job->at = 0;
  if (job->best == 0.0f) { /* up > low by rounding only: nothing to gain, so this is the end */
    job->low = job->up;
    choose(job);
    return spent + 1u;
  }
  /* Move the pair; delta is of alpha, alphas are stored as alpha / C. */
  const uint16_t j = job->j;
  const float cost = et_svm_of(job->definition)->cost;
  const bool y_i = positive_at(job, i), y_j = positive_at(job, j);
  float delta = job->delta / cost;
  const float room_i = y_i ? job->cap[1] - job->alpha[i] : job->alpha[i];
  const float room_j = y_j ? job->alpha[j] : job->cap[0] - job->alpha[j];
  if (delta > room_i) delta = room_i;
  if (delta > room_j) delta = room_j;
  /* At a bound the value is set, not computed, so that it counts as being there. */
  job->alpha[i] = delta == room_i ? (y_i ? job->cap[1] : 0.0f) : y_i ? job->alpha[i] + delta : job->alpha[i] - delta;
  job->alpha[j] = delta == room_j ? (y_j ? 0.0f : job->cap[0]) : y_j ? job->alpha[j] - delta : job->alpha[j] + delta;
  job->delta = delta * cost;
  job->up = -1e30f;
  job->low = 1e30f;
  job->iterations++;
  job->pair_iterations++;
  job->phase = PHASE_ROW_J;
  return spent + 8u;
}

static uint32_t row_j(svm_kernel_job *job, uint32_t budget) {
  const void *own = row_of(job, job->j, job->z);
  uint32_t spent = 0;
  for (; job->at < job->size; job->at++, spent += value_units(job)) {
    if (spent >= budget) return spent;
    const uint16_t t = job->at;
    const float k = et_svm_kernel_value(&job->function, own, row_of(job, t, job->z_other));
    job->f[t] += job->delta * (job->row[t] - k);
    consider_place(job, t, positive_at(job, t));
  }
  choose(job);
  return spent + 1u;
}

/* Collect the samples that are a support vector of any pair. */
static uint32_t compact(svm_kernel_job *job) {
  const et_definition *definition = job->definition;
  et_svm_kernel_header *header = (et_svm_kernel_header *)(void *)job->candidate;
  if (job->at >= job->set.count) {
    job->phase = PHASE_DONE;
    return 1;
  }
  const uint16_t sample = job->at++;
  if (!is_trained_on(job, sample)) return 1;
  const uint32_t slots = definition->core->classes - 1u;
  const uint16_t *codes = (const uint16_t *)(const void *)job->set.extra + sample * slots;
  bool any = false;
  for (uint32_t s = 0; s < slots; s++) any = any || codes[s] != 0;
  if (!any || header->rows >= job->places.rows_most) return slots;
  uint8_t *row = job->candidate + job->places.rows + header->rows * job->places.row_bytes;
  row[0] = job->set.labels[sample];
  memcpy(row + 2, codes, 2u * slots);
  memcpy(row + job->places.row_features, stored_row(job, sample),
         definition->core->storage == ET_STORAGE_INT8 ? definition->core->features : 2u * definition->core->features);
  header->rows++;
  return definition->core->features;
}

/* A pair without samples of one class: what is stored for it is from another time. */
static void forget_pair(svm_kernel_job *job) {
  for (uint16_t i = 0; i < job->set.count; i++) {
    if (is_trained_on(job, i) && (job->set.labels[i] == job->positive || job->set.labels[i] == job->negative)) *code_of(job, i) = 0;
  }
}

/* The one class that there is wins its pairs on the margin, by the bias alone; the others have no vote. */
static void store_constant(svm_kernel_job *job) {
  et_svm_kernel_bias *bias = (et_svm_kernel_bias *)(void *)(job->candidate + job->places.biases) + job->pair;
  if (job->counts[job->positive] == 0 && job->counts[job->negative] == 0) return;
  bias->bias = job->counts[job->positive] != 0 ? 1.0f : -1.0f;
  bias->trained = 1;
}

/* ---- the job ---- */

uint32_t et_svm_kernel_work_bytes(const et_definition *definition) {
  const uint32_t vectors = et_svm_of(definition)->kernel == ET_KERNEL_RBF ? 3u : 4u;
  uint32_t bytes = ET_POINTER_SLACK + (uint32_t)sizeof(svm_kernel_job);
  bytes += vectors * 4u * definition->core->capacity + et_up_to_4(definition->core->capacity * 2u);
  if (definition->core->scaling == ET_SCALING_STANDARD) bytes += 2u * et_up_to_4(definition->core->features * 2u);
  return bytes;
}

et_error et_svm_kernel_train_begin(const et_model_context *context, const et_sample_set *set, const void *running, void *candidate) {
  (void)running; /* the warm start is in the samples' multipliers */
  const et_definition *definition = context->definition;
  svm_kernel_job *job = et_align_pointers(context->work);
  if (set->count > definition->core->capacity) return ET_WORKSPACE;
  memset(job, 0, sizeof *job);
  const et_error error = et_svm_count(definition, set, job->counts);
  if (error != ET_OK && error != ET_SINGLE_CLASS) return error;
  job->constant = error == ET_SINGLE_CLASS;
  job->definition = definition;
  job->set = *set;
  job->candidate = candidate;
  et_svm_kernel_find_places(definition, &job->places);
  et_svm_kernel_function_begin(definition, &job->function);
  uint8_t *at = (uint8_t *)(job + 1);
  job->f = et_cut_4(&at, 4u * definition->core->capacity);
  job->row = et_cut_4(&at, 4u * definition->core->capacity);
  job->alpha = et_cut_4(&at, 4u * definition->core->capacity);
  if (et_svm_of(definition)->kernel != ET_KERNEL_RBF) job->diagonal = et_cut_4(&at, 4u * definition->core->capacity);
  job->order = et_cut_4(&at, 2u * definition->core->capacity);
  memset(candidate, 0, job->places.bytes);
  if (definition->core->scaling == ET_SCALING_STANDARD) {
    job->scale = (et_svm_scale *)(void *)(job->candidate + job->places.scale);
    job->z = et_cut_4(&at, 2u * definition->core->features);
    job->z_other = et_cut_4(&at, 2u * definition->core->features);
  }
  job->phase = job->scale != NULL ? PHASE_SCALE : PHASE_PAIR;
  job->positive = 0;
  job->negative = 1;
  et_svm_kernel_header *header = candidate;
  header->layout = ET_SVM_KERNEL_LAYOUT;
  header->classes = definition->core->classes;
  header->features = definition->core->features;
  header->kernel = et_svm_of(definition)->kernel;
  return ET_OK;
}

static uint32_t phase_step(svm_kernel_job *job, uint32_t budget) {
  switch (job->phase) {
  case PHASE_SCALE:
    et_svm_scale_learn(job->definition, &job->set, job->at, &job->scale[job->at]);
    if (++job->at == job->definition->core->features) job->phase = PHASE_PAIR;
    return job->set.count;
  case PHASE_PAIR:
    if (job->counts[job->positive] == 0 || job->counts[job->negative] == 0) {
      forget_pair(job);
      if (job->constant) store_constant(job);
      next_pair(job);
    } else {
      begin_pair(job);
    }
    return 4u * job->set.count;
  case PHASE_GRADIENT: return gradient(job, budget);
  case PHASE_SELECT: select_next(job); return 4u * job->size;
  case PHASE_ROW_I: return row_i(job, budget);
  case PHASE_ROW_J: return row_j(job, budget);
  case PHASE_REDUCE: return reduce(job);
  case PHASE_COMPACT: return compact(job);
  default: return 0;
  }
}

et_error et_svm_kernel_train_step(const et_model_context *context, uint32_t budget, uint16_t *progress_permille) {
  svm_kernel_job *job = et_align_pointers(context->work);
  uint32_t spent = 0;
  while (job->phase != PHASE_DONE && spent < budget) {
    spent += phase_step(job, budget - spent);
    if (job->out_of_range) job->phase = PHASE_DONE;
  }
  job->work += spent;
  if (job->phase == PHASE_DONE) {
    *progress_permille = 1000;
    return ET_OK;
  }
  /* How many iterations a pair needs is not known before; the share within a pair tends to one. */
  const uint32_t pairs = et_svm_pairs(job->definition->core->classes);
  const uint32_t done = (1000u * job->pair + 1000u * job->pair_iterations / (job->pair_iterations + 50u)) / pairs;
  *progress_permille = done > 999u ? 999u : (uint16_t)done;
  return ET_BUSY;
}

void et_svm_kernel_train_end(const et_model_context *context, bool cancelled, et_train_report *report) {
  const svm_kernel_job *job = et_align_pointers(context->work);
  report->work = job->work;
  report->iterations = job->iterations;
  report->result = et_svm_train_result(!cancelled && job->phase == PHASE_DONE, job->out_of_range, job->bound_reached);
}
