#include "reference.h"

#include <math.h>
#include <stdlib.h>

static double one_of(const problem *p) { return p->core.storage == ET_STORAGE_INT8 ? 127.0 : 32767.0; }

static bool taken(const problem *p, int i) {
  return ((unsigned)p->held_out[i >> 3] >> (i & 7) & 1u) == 0 && p->labels[i] < p->core.classes;
}

static double weight_of(const problem *p, int label) {
  const int rule = p->parameters.class_weights;
  if (rule == ET_CLASS_WEIGHTS_EXPLICIT) return p->classes[label].weight / 256.0;
  if (rule != ET_CLASS_WEIGHTS_BALANCED) return 1.0;
  int counts[ET_CLASSES_MAX] = {0}, total = 0, present = 0;
  for (int i = 0; i < p->set.count; i++) {
    if (taken(p, i)) counts[p->labels[i]]++, total++;
  }
  for (int c = 0; c < p->core.classes; c++) present += counts[c] > 0;
  return (double)total / ((double)present * counts[label]);
}

/* Mean and 1 / deviation of every feature, or 0 and 1. */
static void scales(const problem *p, double *mean, double *factor) {
  for (int j = 0; j < p->core.features; j++) {
    mean[j] = 0;
    factor[j] = 1.0 / one_of(p);
    if (p->core.scaling != ET_SCALING_STANDARD) continue;
    double sum = 0, squares = 0;
    int n = 0;
    for (int i = 0; i < p->set.count; i++) {
      if (!taken(p, i)) continue;
      const double q = problem_get(p, (uint16_t)i, (uint16_t)j);
      sum += q, squares += q * q, n++;
    }
    mean[j] = sum / n;
    const double variance = squares / n - mean[j] * mean[j];
    factor[j] = variance > 1e-9 ? 1.0 / sqrt(variance) : 0.0;
  }
}

void reference_begin(reference *r, const problem *p, int positive, int negative) {
  const int all = p->set.count, features = p->core.features;
  const et_svm_parameters *svm = &p->parameters;
  r->sample = malloc(sizeof(int) * (size_t)(all + 1));
  r->count = 0;
  for (int i = 0; i < all; i++) {
    if (taken(p, i) && (p->labels[i] == positive || p->labels[i] == negative)) r->sample[r->count++] = i;
  }
  const size_t n = (size_t)r->count;
  r->alpha = calloc(n, sizeof(double));
  r->bound = calloc(n, sizeof(double));
  r->y = calloc(n, sizeof(double));
  r->kernel = calloc(n * n, sizeof(double));
  double mean[ET_FEATURES_MAX], factor[ET_FEATURES_MAX];
  scales(p, mean, factor);
  const int kind = p->core.model == ET_MODEL_SVM_LINEAR ? ET_KERNEL_LINEAR : svm->kernel;
  const double gamma = svm->gamma > 0 ? (double)svm->gamma : 1.0 / features;
  for (size_t a = 0; a < n; a++) {
    const int label = p->labels[r->sample[a]];
    r->y[a] = label == positive ? 1 : -1;
    r->bound[a] = (double)svm->cost * weight_of(p, label);
    for (size_t b = 0; b < n; b++) {
      double dot = 0, distance = 0;
      for (int j = 0; j < features; j++) {
        const double u = (problem_get(p, (uint16_t)r->sample[a], (uint16_t)j) - mean[j]) * factor[j];
        const double v = (problem_get(p, (uint16_t)r->sample[b], (uint16_t)j) - mean[j]) * factor[j];
        dot += u * v;
        distance += (u - v) * (u - v);
      }
      r->kernel[a * n + b] = kind == ET_KERNEL_LINEAR ? dot
                             : kind == ET_KERNEL_RBF  ? exp(-gamma * distance)
                                                      : pow(gamma * dot + (double)svm->coef0, svm->degree);
    }
  }
}

void reference_solve(reference *r) {
  const size_t n = (size_t)r->count;
  double *f = malloc(sizeof(double) * n); /* y times the gradient */
  for (size_t t = 0; t < n; t++) f[t] = -r->y[t];
  double up = 0, low = 0;
  for (long step = 0; step < 5000000; step++) {
    size_t i = 0, j = 0;
    up = -INFINITY, low = INFINITY;
    for (size_t t = 0; t < n; t++) {
      const bool rise = r->y[t] > 0 ? r->alpha[t] < r->bound[t] : r->alpha[t] > 0;
      const bool fall = r->y[t] > 0 ? r->alpha[t] > 0 : r->alpha[t] < r->bound[t];
      if (rise && -f[t] > up) up = -f[t], i = t;
      if (fall && -f[t] < low) low = -f[t], j = t;
    }
    if (up - low < 1e-9) break;
    double a = r->kernel[i * n + i] + r->kernel[j * n + j] - 2 * r->kernel[i * n + j];
    if (a < 1e-12) a = 1e-12;
    double delta = (up - low) / a;
    const double room_i = r->y[i] > 0 ? r->bound[i] - r->alpha[i] : r->alpha[i];
    const double room_j = r->y[j] > 0 ? r->alpha[j] : r->bound[j] - r->alpha[j];
    if (delta > room_i) delta = room_i;
    if (delta > room_j) delta = room_j;
    r->alpha[i] = delta == room_i ? (r->y[i] > 0 ? r->bound[i] : 0) : r->alpha[i] + r->y[i] * delta;
    r->alpha[j] = delta == room_j ? (r->y[j] > 0 ? 0 : r->bound[j]) : r->alpha[j] - r->y[j] * delta;
    for (size_t t = 0; t < n; t++) f[t] += delta * (r->kernel[i * n + t] - r->kernel[j * n + t]);
  }
  double sum = 0;
  int free_count = 0;
  for (size_t t = 0; t < n; t++) {
    if (r->alpha[t] > 0 && r->alpha[t] < r->bound[t]) sum -= f[t], free_count++;
  }
  r->bias = free_count > 0 ? sum / free_count : (up + low) / 2;
  free(f);
}

double reference_decision(const reference *r, const double *alpha, double bias, int t) {
  double sum = bias;
  for (int s = 0; s < r->count; s++) sum += alpha[s] * r->y[s] * r->kernel[(size_t)s * (size_t)r->count + (size_t)t];
  return sum;
}

double reference_objective(const reference *r, const double *alpha) {
  double value = 0;
  for (int t = 0; t < r->count; t++) {
    value += 0.5 * alpha[t] * r->y[t] * reference_decision(r, alpha, 0, t) - alpha[t];
  }
  return value;
}

void reference_read(const reference *r, const problem *p, int positive, int negative, double *alpha) {
  const uint16_t *codes = (const uint16_t *)(const void *)p->set.extra;
  for (int t = 0; t < r->count; t++) {
    const int i = r->sample[t], own = p->labels[i], other = own == positive ? negative : positive;
    const unsigned code = codes[i * (p->core.classes - 1) + (other < own ? other : other - 1)];
    const unsigned exponent = code >> 11;
    const double units = exponent == 0 ? code : ldexp(2048 + (code & 2047u), (int)exponent - 1);
    alpha[t] = ldexp(units, -30) * (double)p->parameters.cost;
  }
}

void reference_free(reference *r) {
  free(r->alpha);
  free(r->bound);
  free(r->y);
  free(r->kernel);
  free(r->sample);
}
