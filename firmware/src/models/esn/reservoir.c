#include "models/esn/reservoir.h"

#include <math.h>
#include <string.h>

#include "edge_trainer/contract.h"
#include "models/kernels/arithmetic.h"
#include "models/esn/tanh.h"

/* Counter-based random numbers (the finaliser of MurmurHash3): any draw can be made again without stored state. */
static uint32_t hash(uint32_t x) {
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  return x ^ (x >> 16);
}

void et_esn_signs(const et_esn_reservoir *reservoir, uint8_t draw, uint8_t *masks) {
  const uint32_t stream = hash(reservoir->seed + 0x9e3779b9u * (draw + 1u));
  const uint32_t all = (1u << reservoir->channels) - 1u;
  for (uint32_t i = 0; i < reservoir->units; i++) masks[i] = (uint8_t)(hash(stream + i) & all);
}

float et_esn_sign_correlation(const et_esn_reservoir *reservoir, const uint8_t *masks, unsigned lag) {
  const unsigned n = reservoir->units, channels = reservoir->channels;
  float sum = 0.0f;
  for (unsigned a = 0; a < channels; a++) {
    for (unsigned b = 0; b < channels; b++) {
      if (lag == 0 && b <= a) continue; /* a with itself is 1; (b, a) is (a, b) */
      int agree = 0;
      unsigned j = (n - lag) % n;
      for (unsigned i = 0; i < n; i++) {
        agree += ((masks[i] >> a) ^ (masks[j] >> b)) & 1 ? -1 : 1;
        if (++j == n) j = 0;
      }
      const float correlation = (float)agree / (float)n;
      sum += correlation * correlation;
    }
  }
  return sum;
}

#ifdef ET_ESN_FIXED

typedef int32_t potential; /* pre-activation, Q15 */

/* v S u for each of the 2^K sign patterns, doubling one channel at a time: a step then costs one load per unit. */
static void input_sums(const et_esn_reservoir *reservoir, const et_esn_input *inputs, potential *sums) {
  const int32_t v = (int32_t)(reservoir->input * 16384.0f + 0.5f);
  sums[0] = 0;
  unsigned count = 1;
  for (unsigned k = 0; k < reservoir->channels; k++) {
    const potential term = (potential)(((int64_t)v * inputs[k]) >> 11); /* Q14 * Q12 -> Q15 */
    for (unsigned c = 0; c < count; c++) {
      sums[count + c] = sums[c] + term;
      sums[c] -= term;
    }
    count *= 2;
  }
}

static inline int32_t squash(potential p) {
  const int32_t magnitude = p < 0 ? -p : p;
  int32_t y;
  if (magnitude >= 4 * 32768) {
    y = et_tanh_table[ET_TANH_LAST];
  } else {
    const int32_t i = magnitude >> 10; /* steps of 1/32 */
    const int32_t low = et_tanh_table[i];
    y = low + (((et_tanh_table[i + 1] - low) * (magnitude & 1023) + 512) >> 10);
  }
  return p < 0 ? -y : y;
}

static inline int32_t mix(int32_t old, int32_t y, int32_t leak) { return leak == 32768 ? y : old + ((leak * (y - old) + 16384) >> 15); }

#define TO_WEIGHT(w) ((int32_t)(32768.0f * (w) + 0.5f))
#define WEIGHTED(w, sum, added) ((added) + (((w) * (sum) + 16384) >> 15))
typedef int32_t weight;
typedef int32_t value;
typedef uint32_t step_energy; /* of one sample: a unit has at most 2^21, and there are fewer than 2^10 */

#else

typedef float potential;
typedef float weight;
typedef float value;
typedef float step_energy;

static void input_sums(const et_esn_reservoir *reservoir, const et_esn_input *inputs, potential *sums) {
  sums[0] = 0.0f;
  unsigned count = 1;
  for (unsigned k = 0; k < reservoir->channels; k++) {
    const potential term = reservoir->input * inputs[k];
    for (unsigned c = 0; c < count; c++) {
      sums[count + c] = sums[c] + term;
      sums[c] -= term;
    }
    count *= 2;
  }
}

static inline float squash(potential p) {
  const float magnitude = fabsf(p) * (float)ET_TANH_STEPS;
  float y;
  if (magnitude >= (float)ET_TANH_LAST) {
    y = (float)et_tanh_table[ET_TANH_LAST];
  } else {
    const int32_t i = (int32_t)magnitude;
    const int32_t low = et_tanh_table[i];
    y = et_madd((float)(et_tanh_table[i + 1] - low), magnitude - (float)i, (float)low);
  }
  return copysignf(y * (1.0f / 32768.0f), p);
}

static inline float mix(float old, float y, float leak) { return et_madd(leak, y - old, old); }

#define TO_WEIGHT(w) (w)
#define WEIGHTED(w, sum, added) et_madd(w, sum, added)

#endif

static step_energy squares(step_energy sum, value x) {
#ifdef ET_ESN_FIXED
  return sum + ((uint32_t)(x * x) >> 9);
#else
  return et_madd(x, x, sum);
#endif
}

static inline step_energy cycle(weight r, weight leak, unsigned n, const uint8_t *masks, const potential *sums, et_esn_unit *x) {
  step_energy energy = 0;
  value before = x[n - 1];
  for (unsigned i = 0; i < n; i++) {
    const value old = x[i];
    const value now = mix(old, squash(WEIGHTED(r, before, sums[masks[i]])), leak);
    x[i] = (et_esn_unit)now;
    energy = squares(energy, now);
    before = old;
  }
  return energy;
}

static et_esn_energy step_cycle(const et_esn_reservoir *reservoir, const uint8_t *masks, const potential *sums, et_esn_unit *x) {
  const weight r = TO_WEIGHT(reservoir->recurrent), leak = TO_WEIGHT(reservoir->leak);
#ifdef ET_ESN_FIXED
  if (leak == TO_WEIGHT(1))
    return cycle(r, TO_WEIGHT(1), reservoir->units, masks, sums, x); /* nothing leaks: one question less for each unit */
#endif
  return cycle(r, leak, reservoir->units, masks, sums, x);
}

static et_esn_energy step_sparse(const et_esn_reservoir *reservoir, const uint8_t *masks, const potential *sums, et_esn_unit *x,
                                 et_esn_unit *scratch) {
  const weight w = TO_WEIGHT(reservoir->recurrent * 0.5f); /* 1 / sqrt(ET_ESN_FAN_IN) */
  const weight leak = TO_WEIGHT(reservoir->leak);
  const unsigned n = reservoir->units;
  step_energy energy = 0;
  memcpy(scratch, x, n * sizeof *x);
  uint32_t draw = hash(reservoir->seed ^ 0x5bd1e995u);
  for (unsigned i = 0; i < n; i++) {
    value sum = 0;
    for (unsigned c = 0; c < ET_ESN_FAN_IN; c++) {
      draw = draw * 1664525u + 1013904223u; /* full period; the high bits are the random ones */
      const value other = scratch[((draw >> 16) * n) >> 16];
      sum += draw & 0x8000u ? other : -other;
    }
    const value now = mix(scratch[i], squash(WEIGHTED(w, sum, sums[masks[i]])), leak);
    x[i] = (et_esn_unit)now;
    energy = squares(energy, now);
  }
  return energy;
}

et_esn_energy et_esn_reservoir_step(const et_esn_reservoir *reservoir, const uint8_t *masks, const et_esn_input *inputs, et_esn_unit *x,
                                    et_esn_unit *scratch) {
  potential sums[1u << ET_CHANNELS_MAX];
  input_sums(reservoir, inputs, sums);
  if (reservoir->topology == ET_RESERVOIR_SPARSE) return step_sparse(reservoir, masks, sums, x, scratch);
  return step_cycle(reservoir, masks, sums, x);
}
