/* Edge2Train's Algorithm 1 (Sudharsan, Breslin, Ali, IoT '20), written from the paper: SMO in its simplified form, with the
 * second multiplier picked at random, in float32, linear kernel, all features of a row. The symbols are the paper's: alpha, b, C,
 * tol, E. It ends when ten passes in a row over the data have changed no multiplier, as the authors' program does, and after
 * 10 000 passes at the latest. The decision function is the paper's sum over all training rows; with -DSKIP_ZEROS rows whose
 * multiplier is zero are left out, as the authors' program does. Rows are read where they are stored. */
#include <stdbool.h>

#include "board.h"
#include "problem.h"

#ifndef SEED
#define SEED 1u
#endif
#define C 1.0f
#define TOL 1e-5f
#define STEP_LEAST 1e-4f
#define QUIET_PASSES 10u
#define MAX_PASSES 10000u
#define REPEAT 2u

static const float *const x = raw;
static float y[TRAIN], alpha[TRAIN], b;
static uint32_t random_state;

static float kernel(const float *p, const float *q) {
  float sum = 0.0f;
  for (uint32_t j = 0; j < FEATURES; j++) sum += p[j] * q[j];
  return sum;
}

static float infer(const float *row) {
  float f = b;
  for (uint32_t i = 0; i < TRAIN; i++) {
#ifdef SKIP_ZEROS
    if (alpha[i] == 0.0f) continue;
#endif
    f += alpha[i] * y[i] * kernel(x + i * FEATURES, row);
  }
  return f;
}

static void setup(void) {
  random_state = SEED;
  b = 0.0f;
  for (uint32_t i = 0; i < TRAIN; i++) {
    y[i] = labels[i] == 0 ? 1.0f : -1.0f;
    alpha[i] = 0.0f;
  }
}

static uint32_t another(uint32_t i) {
  random_state = random_state * 1664525u + 1013904223u;
  const uint32_t j = (random_state >> 16) % (TRAIN - 1u);
  return j < i ? j : j + 1u;
}

static bool improve(uint32_t i) {
  const float *xi = x + i * FEATURES;
  const float ei = infer(xi) - y[i];
  if (!((y[i] * ei < -TOL && alpha[i] < C) || (y[i] * ei > TOL && alpha[i] > 0.0f))) return false;
  const uint32_t j = another(i);
  const float *xj = x + j * FEATURES;
  const float ej = infer(xj) - y[j];
  const float ai = alpha[i], aj = alpha[j];
  float low, high;
  if (y[i] != y[j]) {
    low = aj - ai > 0.0f ? aj - ai : 0.0f;
    high = C + aj - ai < C ? C + aj - ai : C;
  } else {
    low = ai + aj - C > 0.0f ? ai + aj - C : 0.0f;
    high = ai + aj < C ? ai + aj : C;
  }
  if (high - low < STEP_LEAST) return false;
  const float kij = kernel(xi, xj), kii = kernel(xi, xi), kjj = kernel(xj, xj);
  const float eta = 2.0f * kij - kii - kjj;
  if (eta >= 0.0f) return false;
  float aj_new = aj - y[j] * (ei - ej) / eta;
  if (aj_new > high) aj_new = high;
  if (aj_new < low) aj_new = low;
  const float moved = aj_new - aj;
  if (moved < STEP_LEAST && moved > -STEP_LEAST) return false;
  const float ai_new = ai - y[i] * y[j] * moved;
  const float b1 = b - ei - y[i] * (ai_new - ai) * kii - y[j] * moved * kij;
  const float b2 = b - ej - y[i] * (ai_new - ai) * kij - y[j] * moved * kjj;
  alpha[i] = ai_new;
  alpha[j] = aj_new;
  if (ai_new > 0.0f && ai_new < C) b = b1;
  else if (aj_new > 0.0f && aj_new < C) b = b2;
  else b = (b1 + b2) * 0.5f;
  return true;
}

static uint32_t train(void) {
  uint32_t passes = 0, quiet = 0;
  while (quiet < QUIET_PASSES && passes < MAX_PASSES) {
    uint32_t changed = 0;
    for (uint32_t i = 0; i < TRAIN; i++) changed += improve(i);
    quiet = changed == 0 ? quiet + 1u : 0u;
    passes++;
  }
  return passes;
}

static uint32_t eval(void) {
  uint32_t right = 0;
  for (uint32_t i = TRAIN; i < TRAIN + TEST; i++) right += (infer(raw + i * FEATURES) > 0.0f) == (labels[i] == 0);
  return right;
}

int main(void) {
  setup();
  const uint32_t begin = board_ticks();
  const uint32_t passes = train();
  board_report("train_ticks", board_ticks() - begin);
  board_report("passes", passes);
  board_report("right", eval());
  board_report("seen", TEST);
  const uint32_t start = board_ticks();
  volatile float keep = 0.0f;
  for (uint32_t k = 0; k < REPEAT; k++) {
    for (uint32_t i = TRAIN; i < TRAIN + TEST; i++) keep = infer(raw + i * FEATURES);
  }
  (void)keep;
  board_report("infer_ticks", board_ticks() - start);
  board_report("infer_count", REPEAT * TEST);
  return 0;
}
