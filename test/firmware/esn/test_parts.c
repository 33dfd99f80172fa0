/* The reservoir alone. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "models/esn/model.h"
#include "replay_file.h"

static uint32_t random_state = 12345;

static double uniform(void) {
  random_state = random_state * 1664525u + 1013904223u;
  return ((double)(random_state >> 8) + 0.5) / 16777216.0;
}

static double normal(void) { return sqrt(-2.0 * log(uniform())) * cos(6.283185307179586 * uniform()); }

static double to_real(et_esn_unit x) {
#ifdef ET_ESN_FIXED
  return x / 32768.0;
#else
  return (double)x;
#endif
}

static et_esn_input to_input(double x) {
#ifdef ET_ESN_FIXED
  return (et_esn_input)lround(x * 4096.0);
#else
  return (et_esn_input)x;
#endif
}

/* The reservoir follows its equation in double precision with the library's tanh. */
void test_reservoir(void) {
  for (uint8_t topology = 0; topology < 2; topology++) {
    for (int leaky = 0; leaky < 2; leaky++) {
      const et_esn_reservoir reservoir = {
          .units = 33, .channels = 2, .topology = topology, .recurrent = 0.9f, .input = 0.4f, .leak = leaky ? 0.6f : 1.0f, .seed = 7};
      uint8_t masks[33];
      et_esn_unit x[33] = {0}, scratch[33];
      double reference[33] = {0}, worst = 0.0, energy = 0.0;
      et_esn_signs(&reservoir, 3, masks);
      for (int t = 0; t < 400; t++) {
        double u[2] = {normal(), normal()}, next[33];
        et_esn_input inputs[2] = {to_input(u[0]), to_input(u[1])};
        const et_esn_energy sum = et_esn_reservoir_step(&reservoir, masks, inputs, x, scratch);
        if (topology == 1) { /* wiring is checked by its spectral radius below; here only bounds */
          for (int i = 0; i < 33; i++) worst = fmax(worst, fabs(to_real(x[i])) > 1.0 ? 1.0 : 0.0);
          continue;
        }
        energy = 0.0;
        for (int i = 0; i < 33; i++) {
          double p = 0.9 * reference[(i + 32) % 33];
          for (int k = 0; k < 2; k++) p += (masks[i] >> k & 1 ? 0.4 : -0.4) * u[k];
          next[i] = reference[i] + (leaky ? 0.6 : 1.0) * (tanh(p) - reference[i]);
        }
        memcpy(reference, next, sizeof next);
        for (int i = 0; i < 33; i++) {
          worst = fmax(worst, fabs(to_real(x[i]) - reference[i]));
          energy += reference[i] * reference[i];
        }
        NEAR((double)sum * (double)ET_ESN_ENERGY_UNIT, energy, 0.05);
      }
      CHECK(worst < (topology == 1 ? 0.5 : 3e-3));
    }
  }
  /* Echo state property of SPARSE: two different starts end in the same state. */
  const et_esn_reservoir sparse = {.units = 100, .channels = 1, .topology = 1, .recurrent = 0.8f, .input = 0.5f, .leak = 1.0f, .seed = 9};
  uint8_t masks[100];
  et_esn_unit a[100], b[100], scratch[100];
  double apart = 0.0;
  et_esn_signs(&sparse, 0, masks);
  for (int i = 0; i < 100; i++) {
    a[i] = 0;
    b[i] = ET_ESN_ONE;
  }
  for (int t = 0; t < 200; t++) {
    const et_esn_input u = to_input(normal());
    (void)et_esn_reservoir_step(&sparse, masks, &u, a, scratch);
    (void)et_esn_reservoir_step(&sparse, masks, &u, b, scratch);
  }
  for (int i = 0; i < 100; i++) apart = fmax(apart, fabs(to_real(a[i]) - to_real(b[i])));
  CHECK(apart < 2e-3);
  /* The same seed makes the same signs, another draw or seed others. */
  uint8_t again[100];
  et_esn_reservoir other = sparse;
  other.channels = 3;
  et_esn_signs(&other, 0, masks);
  et_esn_signs(&other, 0, again);
  CHECK(memcmp(masks, again, 100) == 0);
  et_esn_signs(&other, 1, again);
  CHECK(memcmp(masks, again, 100) != 0);
  /* Correlation of signs: a channel with itself one step on, by hand. */
  const et_esn_reservoir four = {.units = 4, .channels = 1};
  const uint8_t alternating[4] = {1, 0, 1, 0};
  NEAR(et_esn_sign_correlation(&four, alternating, 1), 1.0, 1e-6);
  NEAR(et_esn_sign_correlation(&four, alternating, 0), 0.0, 1e-6);
}
