/* Recursive least squares of the readout (declared in models/esn/readout.h). With P the inverse of the forgotten Gram matrix:
 *
 *   g = P x,  d = f + x' g,  W += e g' / d,  P = (P - g g' / d) / f
 *
 * P is kept as its lower triangle, so it cannot lose its symmetry; what rounding can still take is its positive
 * definiteness, and what a quiet input can do is blow it up by 1 / f a sample. Both are detected and P starts again. */
#include <math.h>

#include "models/kernels/arithmetic.h"
#include "models/esn/readout.h"

/* P may grow to so many times its initial value before it counts as blown up (Astrom & Wittenmark: estimator wind-up). */
#define WIND_UP 1.0e3f

#ifdef ET_ESN_FIXED
#define UNIT (1.0f / 32768.0f)
#define INPUT (1.0f / 4096.0f)
#else
#define UNIT 1.0f
#define INPUT 1.0f
#endif

static void restart(et_esn_rls *rls, float *p, unsigned n) {
  for (unsigned i = 0; i < n; i++) {
    for (unsigned j = 0; j < i; j++) *p++ = 0.0f;
    *p++ = rls->initial;
  }
  rls->stage = 0;
}

void et_esn_rls_begin(et_esn_rls *rls, float *memory, unsigned n, unsigned channels, float forgetting, float initial) {
  *rls = (et_esn_rls){.channels = (uint8_t)channels, .forgetting = forgetting, .initial = initial};
  restart(rls, memory, n);
}

bool et_esn_rls_offer(et_esn_rls *rls, float *memory, const float *weights, const et_esn_unit *x, unsigned n, const et_esn_input *target) {
  if (rls->stage != 0) return false;
  float *state = memory + ET_ESN_PACKED(n), *gain = state + n, *e = gain + n;
  for (unsigned i = 0; i < n; i++) {
    state[i] = UNIT * (float)x[i];
    gain[i] = 0.0f;
  }
  for (unsigned k = 0; k < rls->channels; k++, weights += n) {
    float prediction = 0.0f;
    for (unsigned i = 0; i < n; i++) prediction += weights[i] * state[i];
    e[k] = INPUT * (float)target[k] - prediction;
  }
  rls->stage = 1;
  rls->row = 0;
  return true;
}

bool et_esn_rls_step(et_esn_rls *rls, float *memory, float *weights, unsigned n, uint32_t budget) {
  float *state = memory + ET_ESN_PACKED(n), *gain = state + n;
  const float *e = gain + n;
  uint32_t work = 0;
  while (rls->stage != 0 && work * ET_FLOAT_WORK < budget) {
    const unsigned i = rls->row;
    float *row = memory + ET_ESN_PACKED(i);
    if (rls->stage == 1) { /* row i of the triangle serves g_i and, mirrored, every g_j before it */
      float sum = row[i] * state[i];
      const float xi = state[i];
      for (unsigned j = 0; j < i; j++) {
        sum = et_madd(row[j], state[j], sum);
        gain[j] = et_madd(row[j], xi, gain[j]);
      }
      gain[i] += sum;
      work += 2 * i + 2;
    } else if (rls->stage == 2) {
      const float step = gain[i] / rls->denominator;
      for (unsigned k = 0; k < rls->channels; k++) weights[k * n + i] += e[k] * step;
      work += rls->channels + 2u;
    } else {
      const float gi = gain[i] / rls->denominator, scale = 1.0f / rls->forgetting;
      for (unsigned j = 0; j <= i; j++) row[j] = et_madd(-gi, gain[j], row[j]) * scale;
      if (!(row[i] > 0.0f && row[i] <= WIND_UP * rls->initial)) {
        restart(rls, memory, n);
        rls->restarts++;
        return true;
      }
      work += i + 2;
    }
    if (++rls->row < n) continue;
    rls->row = 0;
    if (rls->stage == 1) {
      float d = rls->forgetting;
      for (unsigned k = 0; k < n; k++) d += state[k] * gain[k];
      if (!(d >= 0.5f * rls->forgetting && d < 1.0e12f)) { /* P lost positive definiteness, or is not finite: keep W */
        restart(rls, memory, n);
        rls->restarts++;
        return true;
      }
      rls->denominator = d;
    }
    if (++rls->stage == 4) {
      rls->stage = 0;
      rls->updates++;
      return true;
    }
  }
  return false;
}
