/* Readout: ridge solution against float64, recursive least squares. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "reference.h"
#include "replay_file.h"

#define N1 65

static double to_real(et_esn_unit x) {
#ifdef ET_ESN_FIXED
  return x / 32767.0;
#else
  return (double)x;
#endif
}

/* A x = b by Gauss with pivoting, double. a: n x n, b: n x m row-major, overwritten by the solution. */
static void solve_double(double *a, double *b, int n, int m) {
  for (int c = 0; c < n; c++) {
    int pivot = c;
    for (int r = c + 1; r < n; r++) {
      if (fabs(a[r * n + c]) > fabs(a[pivot * n + c])) pivot = r;
    }
    for (int j = 0; j < n; j++) {
      const double t = a[c * n + j];
      a[c * n + j] = a[pivot * n + j];
      a[pivot * n + j] = t;
    }
    for (int j = 0; j < m; j++) {
      const double t = b[c * m + j];
      b[c * m + j] = b[pivot * m + j];
      b[pivot * m + j] = t;
    }
    for (int r = 0; r < n; r++) {
      if (r == c) continue;
      const double f = a[r * n + c] / a[c * n + c];
      for (int j = c; j < n; j++) a[r * n + j] -= f * a[c * n + j];
      for (int j = 0; j < m; j++) b[r * m + j] -= f * b[c * m + j];
    }
  }
  for (int r = 0; r < n; r++) {
    for (int j = 0; j < m; j++) b[r * m + j] /= a[r * n + r];
  }
}

/* Relative error of the board's ridge solution against float64 on the very same states, driven by real vibration. */
static double readout_error(int speed, float ridge, unsigned samples, uint32_t slice) {
  static et_esn_cell gram[ET_ESN_PACKED(N1)], cross[3 * N1];
  const et_esn_sums sums = {gram, cross, N1, 3};
  static double a[N1 * N1], b[N1 * 3];
  const et_esn_reservoir reservoir = {
      .units = 64, .channels = 3, .topology = 0, .recurrent = 0.9f, .input = 0.25f, .leak = 1.0f, .seed = 1};
  uint8_t masks[64];
  et_esn_unit x[N1] = {0};
  const uint8_t shift = et_esn_gram_shift(samples);
  const int16_t *data = fan(speed, 1);
  double mean[3] = {0, 0, 0}, scale[3] = {0, 0, 0};
  memset(gram, 0, sizeof gram);
  memset(cross, 0, sizeof cross);
  memset(a, 0, sizeof a);
  memset(b, 0, sizeof b);
  et_esn_signs(&reservoir, 0, masks);
  x[64] = ET_ESN_ONE;
  for (unsigned k = 0; k < 3; k++) {
    for (unsigned t = 0; t < FAN_SAMPLES; t++) mean[k] += data[3 * t + k] / (double)FAN_SAMPLES;
    for (unsigned t = 0; t < FAN_SAMPLES; t++) scale[k] += (data[3 * t + k] - mean[k]) * (data[3 * t + k] - mean[k]) / FAN_SAMPLES;
    scale[k] = sqrt(scale[k]);
  }
  for (unsigned t = 0; t < samples + 50; t++) {
    et_esn_input u[3];
    double target[3];
    for (unsigned k = 0; k < 3; k++) {
      const double z = fmax(-7.9, fmin(7.9, (data[3 * (t % FAN_SAMPLES) + k] - mean[k]) / scale[k]));
#ifdef ET_ESN_FIXED
      u[k] = (et_esn_input)lround(z * 4096.0);
      target[k] = u[k] / 4096.0;
#else
      u[k] = (et_esn_input)z;
      target[k] = (double)u[k];
#endif
    }
    if (t >= 50) {
      for (unsigned row = 0; row <= N1;) row = et_esn_gram_add(&sums, shift, x, u, row, 500);
      for (unsigned i = 0; i < N1; i++) {
        for (unsigned j = 0; j < N1; j++) a[i * N1 + j] += to_real(x[i]) * to_real(x[j]);
        for (unsigned k = 0; k < 3; k++) b[i * 3 + k] += to_real(x[i]) * target[k];
      }
    }
    (void)et_esn_reservoir_step(&reservoir, masks, u, x, NULL);
  }
  double trace = 0.0;
  for (unsigned i = 0; i < N1; i++) trace += a[i * N1 + i];
  for (unsigned i = 0; i < N1; i++) a[i * N1 + i] += (double)ridge * trace / N1;
  solve_double(a, b, N1, 3);
  et_esn_solve solve;
  et_esn_solve_begin(&solve, shift, ridge);
  while (!et_esn_solve_step(&solve, &sums, slice)) {}
  CHECK(solve.boosts == 0);
  double difference = 0.0, norm = 0.0;
  for (unsigned i = 0; i < N1; i++) {
    for (unsigned k = 0; k < 3; k++) {
      const double w = b[i * 3 + k], v = (double)cross[k * N1 + i].real;
      difference += (w - v) * (w - v);
      norm += w * w;
    }
  }
  return sqrt(difference / norm);
}

void test_readout(void) {
  double worst = 0.0;
  for (int speed = 20; speed <= 100; speed += 20) {
    const double error = readout_error(speed, 1e-4f, 513, 2048);
    worst = fmax(worst, error);
    NEAR(error, 0.0, 1e-3);
  }
  NEAR(readout_error(60, 1e-4f, 20000, 2048), 0.0, 1e-3); /* a long learning phase */
  printf("readout, relative error against float64: %.2g at most over five speeds\n", worst);
  /* The size of the slices changes nothing. */
  CHECK(readout_error(60, 1e-4f, 513, 1) == readout_error(60, 1e-4f, 513, 1000000000u));

  /* A Gram matrix that is not positive definite to rounding is regularised, and says so: all states alike. */
  static et_esn_cell gram[ET_ESN_PACKED(9)], cross[9];
  const et_esn_sums sums = {gram, cross, 9, 1};
  et_esn_unit same[9];
  et_esn_input bias;
#ifdef ET_ESN_FIXED
  bias = 4096;
#else
  bias = 1.0f;
#endif
  memset(gram, 0, sizeof gram);
  memset(cross, 0, sizeof cross);
  for (int i = 0; i < 9; i++) same[i] = ET_ESN_ONE;
  for (int t = 0; t < 100; t++) (void)et_esn_gram_add(&sums, et_esn_gram_shift(100), same, &bias, 0, UINT32_MAX);
  et_esn_solve solve;
  et_esn_solve_begin(&solve, et_esn_gram_shift(100), 1e-9f);
  while (!et_esn_solve_step(&solve, &sums, 64)) {}
  CHECK(solve.boosts > 0);
  float weights[9], sum = 0.0f;
  for (int i = 0; i < 9; i++) {
    weights[i] = cross[i].real;
    sum += weights[i];
  }
  CHECK(et_esn_weights_valid(weights, 9));
  NEAR(sum, 1.0, 0.05); /* and still predicts */
  weights[3] = NAN;
  CHECK(!et_esn_weights_valid(weights, 9));
  weights[3] = 1e9f;
  CHECK(!et_esn_weights_valid(weights, 9));
  /* Nothing ever moved: finite, no division by zero. */
  memset(gram, 0, sizeof gram);
  memset(cross, 0, sizeof cross);
  et_esn_solve_begin(&solve, 0, 1e-4f);
  while (!et_esn_solve_step(&solve, &sums, 64)) {}
  CHECK(cross[0].real == 0.0f);
  CHECK(et_esn_gram_shift(1) == 0 && et_esn_gram_shift(2) == 0 && et_esn_gram_shift(3) == 1 && et_esn_gram_shift(1024) == 9 &&
        et_esn_gram_shift(1025) == 10);
#ifdef ET_ESN_FIXED
  /* Accumulators hold the largest states for as many samples as the shift was made for. */
  memset(gram, 0, sizeof gram);
  for (int t = 0; t < 100000; t++) (void)et_esn_gram_add(&sums, et_esn_gram_shift(100000), same, &bias, 0, UINT32_MAX);
  CHECK(gram[0].whole > 0);
  NEAR(gram[0].whole * pow(2.0, et_esn_gram_shift(100000) - 30), 100000.0, 20.0);
  /* Quantised weights: a row keeps 15 bits whatever its size. */
  const float rows[4] = {1e-4f, -0.5e-4f, 3.0e3f, 1.0f};
  et_esn_weight quantised[4];
  int8_t exponent[2];
  et_esn_quantise(rows, 2, 2, quantised, exponent);
  for (int i = 0; i < 4; i++) NEAR(quantised[i] * pow(2.0, 3 - exponent[i / 2]), rows[i], fabs((double)rows[i & 2]) * 4e-5);
#endif
}

/* Recursive least squares comes to the batch solution, follows a change, and survives what breaks it. */
void test_rls(void) {
  enum { n = 9 };
  static float memory[ET_ESN_RLS_FLOATS(n, 1)];
  float weights[n] = {0};
  et_esn_rls rls;
  uint32_t random = 1;
  et_esn_rls_begin(&rls, memory, n, 1, 0.99f, 100.0f);
  for (int t = 0; t < 3000; t++) {
    et_esn_unit x[n];
    double target = 0.0;
    for (int i = 0; i < n; i++) {
      random = random * 1664525u + 1013904223u;
      const double value = i == n - 1 ? 1.0 : (double)(random >> 8) / 16777216.0 - 0.5;
#ifdef ET_ESN_FIXED
      x[i] = (et_esn_unit)lround(value * 32767.0);
#else
      x[i] = (et_esn_unit)value;
#endif
      target += (t < 1500 ? 1.0 : -1.0) * (i - 4) * 0.3 * value;
    }
    et_esn_input goal;
#ifdef ET_ESN_FIXED
    goal = (et_esn_input)lround(target * 4096.0);
#else
    goal = (et_esn_input)target;
#endif
    CHECK(et_esn_rls_offer(&rls, memory, weights, x, n, &goal));
    if (t == 0) CHECK(!et_esn_rls_offer(&rls, memory, weights, x, n, &goal)); /* one update at a time */
    while (!et_esn_rls_step(&rls, memory, weights, n, 50)) {}
    if (t == 1499) {
      for (int i = 0; i < n; i++) NEAR(weights[i], (i - 4) * 0.3, 5e-3);
    }
  }
  for (int i = 0; i < n; i++) NEAR(weights[i], -(i - 4) * 0.3, 5e-3);
  CHECK(rls.updates == 3000 && rls.restarts == 0);
  /* A silent input lets P grow by 1 / f a sample: it is started again before it overflows. */
  et_esn_unit silent[n] = {0};
  et_esn_input nothing = 0;
  for (int t = 0; t < 3000; t++) {
    (void)et_esn_rls_offer(&rls, memory, weights, silent, n, &nothing);
    while (!et_esn_rls_step(&rls, memory, weights, n, 1000)) {}
  }
  CHECK(rls.restarts > 0);
  for (int i = 0; i < n; i++) NEAR(weights[i], -(i - 4) * 0.3, 5e-3); /* what was learned is kept */
  /* P that is no longer a covariance is noticed. */
  memory[0] = -1.0e6f;
  const uint32_t before = rls.restarts;
  et_esn_unit x[n];
  for (int i = 0; i < n; i++) x[i] = ET_ESN_ONE;
  (void)et_esn_rls_offer(&rls, memory, weights, x, n, &nothing);
  while (!et_esn_rls_step(&rls, memory, weights, n, 1000)) {}
  CHECK(rls.restarts == before + 1 && et_esn_weights_valid(weights, n));
}

/* The whole chain against the float64 reference that numpy made (reference.py). */
void test_reference(void) {
  host_model *model = fresh_model(NULL);
  float scores[200];
  (void)et_esn.stream->learn(&model->context, model->running, model->candidate, 0);
  (void)feed(model, fan(60, 1), 1800, NULL);
  const unsigned scored = feed(model, fan(60, 1) + 3 * 1800, 1200, scores);
  const et_esn_block *block = model->running;
  CHECK(block->valid == 1);
  double difference = 0.0, norm = 0.0;
  for (int k = 0; k < 3; k++) NEAR((double)et_esn_scale(block)[k] / reference_scale[k], 1.0, 2e-4);
  for (int i = 0; i < 195; i++) {
    const double d = (double)et_esn_weights(block)[i] - reference_weights[i];
    difference += d * d;
    norm += reference_weights[i] * reference_weights[i];
  }
  printf("readout, whole chain against numpy: relative difference %.2g\n", sqrt(difference / norm));
#ifdef ET_ESN_FIXED
  CHECK(sqrt(difference / norm) < 0.05); /* its states are rounded to 2^-15 */
#else
  CHECK(sqrt(difference / norm) < 0.02); /* tanh from a table, float32 states */
#endif
  const et_healthy *healthy = et_esn_healthy(block);
  for (int i = 0; i < 4; i++) NEAR(et_healthy_mean(healthy)[i], reference_centre[i], 0.02);
  for (int i = 0; i < 10; i++) NEAR(et_healthy_factor(healthy)[i], reference_factor[i], 0.01);
  CHECK(scored >= 119 && scored <= 120);
  const unsigned late = 120u - scored;
  for (unsigned i = 0; i + late < 30; i++) NEAR(scores[i], reference_scores[i + late], 0.1 + 0.03 * reference_scores[i + late]);
}
