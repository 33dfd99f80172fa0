/* Threshold, reservoir, patterns and calibration, each alone. */
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

void test_threshold(void) {
  /* P-square finds the 0.9 quantile of a normal distribution: 1.2816. */
  et_psquare quantile;
  et_psquare_begin(&quantile, 0.9f);
  CHECK(et_psquare_value(&quantile) == 0.0f);
  et_psquare_add(&quantile, 3.0f);
  et_psquare_add(&quantile, 1.0f);
  CHECK(et_psquare_value(&quantile) == 3.0f);
  et_psquare_begin(&quantile, 0.9f);
  for (int i = 0; i < 20000; i++) et_psquare_add(&quantile, (float)normal());
  NEAR(et_psquare_value(&quantile), 1.2816, 0.03);
  /* Many equal values must not divide by zero. */
  et_psquare_begin(&quantile, 0.9f);
  for (int i = 0; i < 100; i++) et_psquare_add(&quantile, 2.0f);
  NEAR(et_psquare_value(&quantile), 2.0, 1e-6);

  /* An exponential tail: t + (1 / rate) ln(N_t / (q n)); and SPOT keeps the false alarms at q. */
  et_esn_tail tail;
  et_esn_tail_begin(&tail, 2.3026f); /* the 0.9 quantile of an exponential with mean 1 */
  for (int i = 0; i < 5000; i++) et_esn_tail_count(&tail, (float)-log(uniform()));
  et_esn_tail_fit(&tail, 0.01f);
  NEAR(tail.threshold, 4.605, 0.25);
  unsigned alarms = 0;
  for (int i = 0; i < 20000; i++) alarms += et_esn_tail_judge(&tail, (float)-log(uniform()), 0.01f);
  NEAR(alarms / 20000.0, 0.01, 0.004);
  CHECK(tail.seen < 8192u && tail.over <= tail.seen);
  /* A lighter tail than exponential, as distances have: half-normal, 0.9 quantile 1.645, 0.99 quantile 2.576. */
  et_esn_tail_begin(&tail, 1.645f);
  for (int i = 0; i < 5000; i++) et_esn_tail_count(&tail, (float)fabs(normal()));
  et_esn_tail_fit(&tail, 0.01f);
  NEAR(tail.threshold, 2.576, 0.1);
  /* A fault that stays is not followed beyond what q explains. */
  tail.credit = ET_ESN_CREDIT;
  const float before = tail.threshold;
  for (int i = 0; i < 5000; i++) CHECK(et_esn_tail_judge(&tail, 9.0f, 0.01f));
  CHECK(tail.threshold == before && tail.credit < 1.0f);
  for (int i = 0; i < 20; i++) (void)et_esn_tail_judge(&tail, 1.7f, 0.01f);
  NEAR(tail.threshold, before, 0.03);
  /* No excess at all: a threshold nevertheless, above t. */
  et_esn_tail_begin(&tail, 1.0f);
  et_esn_tail_fit(&tail, 0.01f);
  CHECK(tail.threshold > 1.0f && isfinite(tail.threshold));
  CHECK(et_esn_tail_judge(&tail, 5.0f, 0.01f));
  CHECK(!et_esn_tail_judge(&tail, 0.5f, 0.01f));
}

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
      const et_esn_reservoir reservoir = {.units = 33, .channels = 2, .topology = topology, .recurrent = 0.9f, .input = 0.4f,
                                          .leak = leaky ? 0.6f : 1.0f, .seed = 7};
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

static void event_of(et_esn_event *event, const float *centre, unsigned windows, et_esn_pattern *table, unsigned places) {
  et_esn_event_begin(event, 2);
  for (unsigned w = 0; w < windows + 2; w++) {
    float components[4];
    for (int i = 0; i < 4; i++) components[i] = (w < 2 ? 0.0f : centre[i]) + (float)normal();
    (void)et_esn_event_window(event, components, 4, table, places);
  }
  et_esn_event_end(event, 4, table, places);
}

void test_patterns(void) {
  et_esn_pattern table[3];
  et_esn_event event;
  const float a[4] = {10, 8, 3, 2}, b[4] = {13, 9, 1, 5}, c[4] = {-4, -3, -5, -2}, d[4] = {0, 20, 0, 20};
  memset(table, 0, sizeof table);
  event_of(&event, a, 100, table, 3);
  CHECK(event.fresh && event.pattern == 1 && table[0].hits == 1);
  event_of(&event, b, 100, table, 3);
  CHECK(event.fresh && event.pattern == 2);
  event_of(&event, a, 100, table, 3);
  CHECK(!event.fresh && event.pattern == 1 && table[0].hits == 2);
  /* A short event is assigned when it ends; one that is too short never is. */
  event_of(&event, b, 10, table, 3);
  CHECK(!event.fresh && event.pattern == 2 && table[1].hits == 2);
  event_of(&event, b, 3, table, 3);
  CHECK(event.pattern == 0 && table[1].hits == 2);
  /* A full table gives up the unconfirmed pattern met least; confirmed ones stay. */
  event_of(&event, c, 60, table, 3);
  CHECK(event.fresh && event.pattern == 3);
  et_esn_event_confirm(&event, table, 3);
  CHECK(table[2].confirmed == 1);
  event_of(&event, a, 60, table, 3);
  event_of(&event, d, 60, table, 3);
  CHECK(event.fresh && event.pattern == 2 && table[1].hits == 1);
  et_esn_event event_a;
  event_of(&event_a, a, 60, table, 3);
  et_esn_event_confirm(&event_a, table, 3);
  et_esn_event_begin(&event, 0);
  et_esn_event_confirm(&event, table, 3); /* before the assignment */
  for (unsigned w = 0; w < 48; w++) (void)et_esn_event_window(&event, d, 4, table, 3);
  et_esn_event_end(&event, 4, table, 3);
  CHECK(event.pattern == 2 && table[1].confirmed == 1);
  event_of(&event, b, 60, table, 3);
  CHECK(event.fresh && event.pattern == 0); /* all confirmed: told, but not kept */
  /* A false alarm takes its hit back, and the place with the only one. */
  table[1].confirmed = 0;
  const uint16_t hits = table[1].hits;
  event_of(&event, d, 60, table, 3);
  CHECK(table[1].hits == hits + 1);
  et_esn_event_false(&event, table, 3);
  CHECK(table[1].hits == hits && event.pattern == 0);
  /* Merging adds the hits up and frees the other place; numbers that name nothing are refused. */
  const uint16_t both = (uint16_t)(table[0].hits + table[2].hits);
  CHECK(et_esn_pattern_merge(table, 3, 4, 1, 3) == ET_OK && table[0].hits == both && table[2].hits == 0 && table[0].confirmed);
  CHECK(et_esn_pattern_merge(table, 3, 4, 1, 3) == ET_VALUE);
  CHECK(et_esn_pattern_merge(table, 3, 4, 1, 1) == ET_VALUE);
  CHECK(et_esn_pattern_forget(table, 3, 0) == ET_VALUE && et_esn_pattern_forget(table, 3, 4) == ET_VALUE);
  CHECK(et_esn_pattern_forget(table, 3, 1) == ET_OK && table[0].hits == 0);
  /* Components that are not finite or huge do not poison a pattern. */
  et_esn_event_begin(&event, 0);
  const float wild[4] = {NAN, INFINITY, -INFINITY, 1e30f};
  for (int w = 0; w < 60; w++) (void)et_esn_event_window(&event, wild, 4, table, 3);
  et_esn_event_end(&event, 4, table, 3);
  CHECK(event.pattern == 1 && isfinite(et_esn_pattern_distance(&event, &table[0], 4)));
}

/* Calibration on Gaussian rows: centre and covariance are those of the rows, and the false alarms on new rows are near the design,
 * for a short calibration of overlapping windows and for a long one. */
void test_calibration(void) {
  static const unsigned windows[2] = {101, 1400};
  for (int c = 0; c < 2; c++) {
    double alarms = 0.0, tested = 0.0;
    uint16_t rows = 0, stride = 0;
    for (int repeat = 0; repeat < 40; repeat++) {
      host_model *model = fresh_model(NULL);
      et_esn_block *block = model->running;
      block->units = 64;
      block->channels = 3;
      et_esn_calibration calibration;
      et_esn_calibration_clear(block);
      double noise[5][2] = {{0}};
      for (unsigned w = 0; w < windows[c] + 400; w++) {
        et_esn_signature signature = {.rms = 0.0f};
        double sum[2] = {0, 0};
        for (int i = 0; i < 2; i++) noise[w % 5][i] = normal();
        for (int j = 0; j < 5; j++) { /* each window shares four fifths with the next */
          sum[0] += 0.1 * noise[j][0];
          sum[1] += 0.1 * (noise[j][0] + noise[j][1]);
        }
        for (int k = 0; k < 3; k++) signature.residual[k] = (float)(sum[0] - 2.0);
        signature.state = (float)(sum[1] - 1.0);
        signature.rms = (float)sum[0];
        const unsigned estimating = et_esn_estimating_windows(windows[c]);
        if (w < estimating) {
          et_esn_calibration_window(block, &signature);
          if (w + 1 == estimating) {
            et_esn_calibration_begin(&calibration, block, 5);
            while (!et_esn_calibration_step(&calibration, block, 0.01f, 300)) {}
          }
        } else if (w < windows[c]) {
          et_esn_threshold_window(block, &signature);
        } else {
          const float none[2] = {0.0f, 0.0f};
          if (w == windows[c]) et_esn_calibration_finish(block, 0.01f);
          alarms += et_esn_score(block, none, et_esn_row_of(&signature, 3)) > block->score.threshold;
          tested += 1.0;
        }
      }
      rows = block->rows;
      stride = block->stride;
    }
    CHECK(rows >= 56 && rows <= ET_ESN_ROWS && stride == (c == 0 ? 1 : 8));
    CHECK(alarms / tested > 0.001 && alarms / tested < 0.03);
    printf("calibration with %u windows: false alarms %.4f at a design of 0.01\n", windows[c], alarms / tested);
  }
}
