/* What the stream families share, each part alone. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "models/stream/learning.h"
#include "models/stream/watch.h"

#define D 4u

static uint32_t random_state = 12345;

static double uniform(void) {
  random_state = random_state * 1664525u + 1013904223u;
  return ((double)(random_state >> 8) + 0.5) / 16777216.0;
}

static double normal(void) { return sqrt(-2.0 * log(uniform())) * cos(6.283185307179586 * uniform()); }

static const et_healthy_shape full = {D, D, ET_COVARIANCE_FULL}, diagonal = {D, D, ET_COVARIANCE_DIAGONAL};

/* Four features, two of them moving together, each window sharing `overlap` - 1 parts with the next. */
static void window(double noise[][D], unsigned overlap, float *features) {
  memmove(noise[1], noise[0], (overlap - 1u) * sizeof noise[0]);
  for (unsigned i = 0; i < D; i++) noise[0][i] = normal();
  noise[0][1] = 0.8 * noise[0][0] + 0.6 * noise[0][1];
  for (unsigned i = 0; i < D; i++) {
    double sum = 0.0;
    for (unsigned j = 0; j < overlap; j++) sum += noise[j][i];
    features[i] = (float)(i + 0.2 * sum / sqrt(overlap));
  }
}

static union {
  uint64_t align;
  uint8_t bytes[4096];
} healthy_memory, learning_memory;

static et_healthy *learned(const et_healthy_shape *shape, unsigned windows, uint8_t overlap, float q) {
  et_healthy *healthy = (et_healthy *)(void *)healthy_memory.bytes;
  et_learning *learning = (et_learning *)(void *)learning_memory.bytes;
  static double noise[8][D];
  float features[D];
  if (et_learning_bytes(shape) > sizeof learning_memory || et_healthy_bytes(shape) > sizeof healthy_memory) abort();
  et_healthy_clear(healthy, shape);
  et_learning_begin(learning, shape, overlap);
  for (unsigned w = 0; w < windows; w++) {
    window(noise, overlap, features);
    et_learning_window(learning, shape, features, (float)(0.1 * normal()), (int16_t)(100 + w % 7u));
  }
  while (!et_learning_step(learning, healthy, q, 100u)) {}
  return healthy;
}

static float score_of(const et_healthy *healthy, const float *features, uint32_t budget) {
  et_healthy_scoring scoring = {0};
  float solved[D], score;
  while (!et_healthy_score(healthy, features, solved, &scoring, budget, &score)) {}
  return score;
}

void test_healthy(void) {
  et_healthy *healthy = (et_healthy *)(void *)healthy_memory.bytes;
  et_healthy_clear(healthy, &full);
  CHECK(et_healthy_valid(healthy, &full)); /* empty is valid */
  /* A factor by hand: C = L L' with L = [1; 0.5 1; 0 0 2; 0 0 1 0.5]. */
  static const float factor[10] = {1, 0.5f, 1, 0, 0, 2, 0, 0, 1, 0.5f};
  memcpy(et_healthy_factor(healthy), factor, sizeof factor);
  for (unsigned i = 0; i < D; i++) {
    et_healthy_mean(healthy)[i] = 1.0f;
    et_healthy_spread(healthy)[i] = 1.0f;
  }
  const float features[D] = {2, 2, 5, 3}; /* y = [1, 0.5, 2, 0] */
  NEAR(score_of(healthy, features, 1u), sqrt(5.25 / 4.0), 1e-6);
  NEAR(score_of(healthy, features, UINT32_MAX), sqrt(5.25 / 4.0), 1e-6);

  /* Stitching a window is the exponentially weighted covariance: (1 - w) C + w (1 - w) (f - m)(f - m)'. */
  const float w = 0.05f;
  double expected[D][D], l[D][D] = {{1, 0, 0, 0}, {0.5, 1, 0, 0}, {0, 0, 2, 0}, {0, 0, 1, 0.5}};
  for (unsigned i = 0; i < D; i++)
    for (unsigned j = 0; j < D; j++) {
      expected[i][j] = (double)w * (1.0 - (double)w) * (double)((features[i] - 1) * (features[j] - 1));
      for (unsigned k = 0; k < D; k++) expected[i][j] += (1.0 - (double)w) * l[i][k] * l[j][k];
    }
  et_healthy_stitching stitching = {0};
  float vector[D];
  while (!et_healthy_stitch(healthy, features, w, vector, &stitching)) {}
  for (unsigned i = 0; i < D; i++)
    for (unsigned j = 0; j <= i; j++) {
      double product = 0.0;
      for (unsigned k = 0; k <= j; k++)
        product +=
            (double)et_healthy_factor(healthy)[et_healthy_packed(i) + k] * (double)et_healthy_factor(healthy)[et_healthy_packed(j) + k];
      NEAR(product, expected[i][j], 1e-5);
    }
  NEAR(et_healthy_mean(healthy)[2], 1.0 + 0.05 * 4.0, 1e-6);

  /* Any bytes are judged without harm; wrong ones are refused. */
  healthy = learned(&full, 200, 4, 0.01f);
  CHECK(healthy->valid == 1 && et_healthy_valid(healthy, &full) && !et_healthy_valid(healthy, &diagonal));
  static uint8_t saved[sizeof healthy_memory.bytes];
  memcpy(saved, healthy, sizeof saved);
  et_healthy_factor(healthy)[9] = -1.0f;
  CHECK(!et_healthy_valid(healthy, &full));
  memcpy(healthy, saved, sizeof saved);
  et_healthy_spread(healthy)[0] = NAN;
  CHECK(!et_healthy_valid(healthy, &full));
  for (uint32_t i = 0; i < 2000; i++) {
    memcpy(healthy, saved, sizeof saved);
    ((uint8_t *)healthy)[(i * 2654435761u >> 8) % et_healthy_bytes(&full)] ^= (uint8_t)(1u << (i % 8));
    (void)et_healthy_valid(healthy, &full);
  }
}

void test_learning(void) {
  /* The quantiles: a normal deviate, and the root of a gamma's (chi square with 4 degrees over 4: 0.99 quantile 13.277). */
  NEAR(et_normal_deviate(0.01f), 2.3263, 1e-3);
  NEAR(et_normal_deviate(0.001f), 3.0902, 1e-3);
  et_moments moments = {0};
  for (int i = 0; i < 20000; i++) {
    double square = 0.0;
    for (unsigned k = 0; k < 4u; k++) square += pow(normal(), 2.0);
    et_moments_add(&moments, (float)sqrt(square / 4.0));
    if (moments.count == UINT16_MAX) break;
  }
  NEAR(et_moments_threshold(&moments, 0.01f), sqrt(13.277 / 4.0), 0.03);

  /* False alarms near the design, on windows that were not learned, for overlapping windows and for strides; without the gap and the
   * blocks left out they would be several times that. */
  static const struct {
    const et_healthy_shape *shape;
    unsigned windows;
    uint8_t overlap;
    unsigned stride;
  } cases[] = {{&full, 112, 4, 1}, {&full, 1400, 4, 16}, {&full, 400, 1, 4}, {&diagonal, 300, 4, 8}};
  for (unsigned c = 0; c < 4u; c++) {
    unsigned over = 0, tested = 0;
    for (unsigned repeat = 0; repeat < 40u; repeat++) {
      const et_healthy *healthy = learned(cases[c].shape, cases[c].windows, cases[c].overlap, 0.01f);
      static double noise[8][D];
      float features[D];
      for (unsigned w = 0; w < 200u; w++) {
        window(noise, cases[c].overlap, features);
        if (w < 8u) continue;
        over += score_of(healthy, features, 50u) > healthy->threshold;
        tested++;
      }
      CHECK(healthy->windows == cases[c].windows && healthy->context_least == 100 && healthy->context_most == 106);
      CHECK(healthy->rms_threshold > 1.5f && healthy->rms_threshold < 4.0f);
    }
    const double share = (double)over / tested;
    printf("%u windows that share %u parts: %.4f over the threshold at a design of 0.01\n", cases[c].windows, cases[c].overlap, share);
    CHECK(share > 0.002 && share < 0.03);
    CHECK(((const et_learning *)(void *)learning_memory.bytes)->stride == cases[c].stride);
  }
  /* Windows without any chance in them: a threshold nevertheless, and nothing is divided by nothing. */
  et_healthy *healthy = (et_healthy *)(void *)healthy_memory.bytes;
  et_learning *learning = (et_learning *)(void *)learning_memory.bytes;
  const float same[D] = {1, 2, 3, 4};
  et_healthy_clear(healthy, &full);
  et_learning_begin(learning, &full, 4);
  for (unsigned w = 0; w < 100u; w++) et_learning_window(learning, &full, same, 0.5f, 0);
  while (!et_learning_step(learning, healthy, 0.01f, 1000u)) {}
  CHECK(et_healthy_valid(healthy, &full) && healthy->threshold >= 1.0f && score_of(healthy, same, 10u) < 0.1f);
}

static union {
  uint64_t align;
  uint8_t bytes[4096];
} watch_memory;
static uint8_t table_memory[512];

static et_watch_view watch_of(void) {
  et_watch_view view;
  memset(&watch_memory, 0, sizeof watch_memory);
  memset(table_memory, 0, sizeof table_memory);
  if (et_watch_bytes(D) > sizeof watch_memory) abort();
  et_watch_view_of(&watch_memory, D, &view);
  view.table = (et_pattern_table){table_memory, 3, D};
  view.alarm_on = 3;
  view.alarm_off = 2;
  return view;
}

/* A window of a score so many deviations from healthy. */
static bool watched(const et_watch_view *view, const et_healthy *healthy, float z, const float *features) {
  et_stream_result result;
  memset(&result, 0, sizeof result);
  et_watch_window(view, healthy, 0, features, expf(healthy->log_mean + z * healthy->log_spread));
  while (et_watch_slice(view, healthy, features)) {}
  et_watch_report(view, &result);
  return result.alarm;
}

void test_watch(void) {
  const et_healthy *healthy = learned(&full, 300, 4, 0.01f);
  const float features[D] = {9, 9, 9, 9};
  et_watch_view view = watch_of();
  /* However bad, no fewer windows than alarm_on raise it. */
  CHECK(!watched(&view, healthy, 50.0f, features) && !watched(&view, healthy, 50.0f, features) && watched(&view, healthy, 50.0f, features));
  CHECK(watched(&view, healthy, 0.0f, features) && !watched(&view, healthy, 0.0f, features)); /* two under the threshold end it */
  /* What is only a little worse adds up; a single window is forgotten. */
  view = watch_of();
  unsigned needed = 0;
  while (needed < 100u && !watched(&view, healthy, 2.0f, features)) needed++;
  for (unsigned i = 0; i < 50u; i++) CHECK(watched(&view, healthy, 2.0f, features)); /* what raised it under the threshold keeps it */
  CHECK(watched(&view, healthy, 0.5f, features) && watched(&view, healthy, 1.2f, features));  /* evidence, taken together */
  CHECK(watched(&view, healthy, 0.5f, features) && !watched(&view, healthy, 0.9f, features)); /* none, taken together */
  CHECK(needed + 1u == 10u);                                                                  /* 12 / (2 - 0.75) */
  view = watch_of();
  for (unsigned i = 0; i < 200u; i++) CHECK(!watched(&view, healthy, i % 8u == 0u ? 6.0f : -0.2f, features));
  /* Healthy windows for a long time: none. */
  view = watch_of();
  unsigned alarms = 0;
  for (unsigned i = 0; i < 5000u; i++) alarms += watched(&view, healthy, (float)normal(), features);
  CHECK(alarms == 0);

  /* Answers: there must have been an alarm; confirmed marks the pattern; a false one gives its hit back and is learned. */
  view = watch_of();
  CHECK(et_watch_judge(&view, true) == ET_TICKET_UNKNOWN);
  for (unsigned i = 0; i < 20u; i++) (void)watched(&view, healthy, 9.0f, features);
  uint16_t hits = 0;
  bool confirmed = true;
  et_watch_info(&view, 1, &hits, &confirmed);
  CHECK(hits == 1 && !confirmed);
  CHECK(et_watch_judge(&view, false) == ET_OK);
  et_watch_info(&view, 1, &hits, &confirmed);
  CHECK(confirmed && et_watch_load(&view, table_memory) == ET_ALARM_ACTIVE);
  const float before = score_of(healthy, features, 50u);
  CHECK(et_watch_judge(&view, true) == ET_OK && !view.watch->alarm);
  while (et_watch_stitch(&view, (et_healthy *)(void *)healthy_memory.bytes)) {}
  const float after = score_of(healthy, features, 50u);
  CHECK(after < 0.2f * before && et_healthy_valid(healthy, &full));
  et_watch_info(&view, 1, &hits, &confirmed);
  CHECK(hits == 0);
  CHECK(et_watch_load(&view, table_memory) == ET_OK);
}

static void event_of(et_anomaly *event, const float *centre, unsigned windows, const et_pattern_table *table) {
  et_anomaly_begin(event, D);
  for (unsigned w = 0; w < windows; w++) {
    float deviations[D];
    for (unsigned i = 0; i < D; i++) deviations[i] = centre[i] + (float)normal();
    et_anomaly_window(event);
    while (et_anomaly_slice(event, deviations, table)) {}
  }
  et_anomaly_end(event);
  while (et_anomaly_slice(event, centre, table)) {}
}

void test_patterns(void) {
  static union {
    uint64_t align;
    uint8_t bytes[256];
  } memory;
  et_anomaly *event = (et_anomaly *)(void *)memory.bytes;
  memset(table_memory, 0, sizeof table_memory);
  const et_pattern_table table = {table_memory, 3, D};
  const float a[D] = {10, 8, 3, 2}, b[D] = {13, 9, 1, 5}, c[D] = {-4, -3, -5, -2}, d[D] = {0, 20, 0, 20};
  event_of(event, a, 40, &table);
  CHECK(event->fresh && event->pattern == 1 && et_pattern_at(&table, 0)->hits == 1);
  event_of(event, b, 40, &table);
  CHECK(event->fresh && event->pattern == 2);
  event_of(event, a, 40, &table);
  CHECK(!event->fresh && event->pattern == 1 && et_pattern_at(&table, 0)->hits == 2 && et_pattern_at(&table, 0)->events == 2);
  /* A short event is assigned when it ends; one that is too short never is. */
  event_of(event, b, 5, &table);
  CHECK(!event->fresh && event->pattern == 2 && et_pattern_at(&table, 1)->hits == 2);
  event_of(event, b, 1, &table);
  CHECK(event->pattern == 0 && et_pattern_at(&table, 1)->hits == 2);
  /* A full table gives up the unconfirmed pattern met least; confirmed ones stay. */
  event_of(event, c, 20, &table);
  CHECK(event->fresh && event->pattern == 3);
  et_anomaly_confirm(event, &table);
  event_of(event, a, 20, &table);
  event_of(event, d, 20, &table);
  CHECK(event->fresh && event->pattern == 2 && et_pattern_at(&table, 1)->hits == 1 && et_pattern_at(&table, 2)->confirmed == 1);
  event_of(event, a, 20, &table);
  et_anomaly_confirm(event, &table);
  event_of(event, d, 20, &table);
  et_anomaly_confirm(event, &table);
  event_of(event, b, 20, &table);
  CHECK(event->fresh && event->pattern == 0); /* all confirmed: told, but not kept */
  /* A false alarm takes its hit back. */
  const uint16_t hits = et_pattern_at(&table, 1)->hits;
  event_of(event, d, 20, &table);
  CHECK(et_pattern_at(&table, 1)->hits == hits + 1);
  et_anomaly_false(event, &table);
  CHECK(et_pattern_at(&table, 1)->hits == hits && event->pattern == 0);
  /* Merging adds the hits up and frees the other place; numbers that name nothing are refused. */
  const uint16_t both = (uint16_t)(et_pattern_at(&table, 0)->hits + et_pattern_at(&table, 2)->hits);
  CHECK(et_pattern_merge(&table, 1, 3) == ET_OK && et_pattern_at(&table, 0)->hits == both && et_pattern_at(&table, 2)->hits == 0);
  CHECK(et_pattern_merge(&table, 1, 3) == ET_VALUE && et_pattern_merge(&table, 1, 1) == ET_VALUE);
  CHECK(et_pattern_forget(&table, 0) == ET_VALUE && et_pattern_forget(&table, 4) == ET_VALUE);
  CHECK(et_pattern_forget(&table, 1) == ET_OK && et_pattern_at(&table, 0)->hits == 0);
  /* Deviations that are not finite or huge do not poison a pattern; bytes from anywhere are judged. */
  const float wild[D] = {NAN, INFINITY, -INFINITY, 1e30f};
  event_of(event, wild, 20, &table);
  CHECK(event->pattern == 1 && et_patterns_valid(table_memory, &table));
  et_pattern_at(&table, 0)->events = 99;
  CHECK(!et_patterns_valid(table_memory, &table));
}
