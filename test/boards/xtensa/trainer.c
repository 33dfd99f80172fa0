/* The whole trainer, called by a program: three stream models watch two channels, a network in bytes is taught Iris. Each says the CRC-32 of
 * what it learned: the same on every core. definitions.h: their blobs; rows.h: flowers and species. */
#include "definitions.h"
#include "loop/trainer_state.h"
#include "rows.h"
#include "say.h"

#define SAMPLES 6000u

static et_trainer trainer;
static et_port port;
static uint64_t arena[98304 / sizeof(uint64_t)];
static uint32_t now_ms, taken, noise;

static uint32_t clock_ms(void *user) {
  (void)user;
  return now_ms;
}

/* A triangle between -1000 and 1000. */
static int32_t triangle(uint32_t time, uint32_t period) {
  const int32_t way = (int32_t)(time % period * 4000u / period);
  return way < 2000 ? way - 1000 : 3000 - way;
}

/* A sample a millisecond: a triangle on each channel, and noise. */
static bool sample(void *user, int16_t *values, uint8_t channels) {
  (void)user;
  if (taken == now_ms) return false;
  taken++;
  for (uint8_t i = 0; i < channels; i++) {
    noise = noise * 1664525u + 1013904223u;
    values[i] = (int16_t)(triangle(taken + 7u * i, 40u + 9u * i) + (int32_t)(noise >> 24));
  }
  return true;
}

static void report(const char *name, uint32_t crc) {
  char line[] = "    00000000\n";
  uint32_t i;
  for (i = 0; i < 3u; i++) line[i] = name[i];
  for (i = 0; i < 8u; i++) line[4u + i] = "0123456789abcdef"[crc >> (28u - 4u * i) & 15u];
  say(line, sizeof line - 1u);
}

static et_status settled(void) {
  et_status status;
  do {
    while (et_trainer_work(&trainer)) continue;
    et_trainer_status(&trainer, &status);
  } while (status.state == ET_STATE_TRAINING || (status.generation != 0u && status.model == 0u));
  return status;
}

static bool begin(const void *definition, uint32_t length) {
  now_ms = taken = 0;
  noise = 1;
  et_trainer_begin(&trainer, &port);
  return et_trainer_deploy(&trainer, definition, length) == ET_OK;
}

static bool watch(const char *name, const void *definition, uint32_t length) {
  et_status status;
  if (!begin(definition, length)) return false;
  for (now_ms = 1; now_ms < SAMPLES; now_ms++)
    while (et_trainer_work(&trainer)) continue;
  status = settled();
  report(name, status.model);
  return status.generation != 0u;
}

static bool teach(const char *name, const void *definition, uint32_t length) {
  et_status status;
  if (!begin(definition, length)) return false;
  for (uint32_t i = 0; i < ROWS; i++) {
    int16_t features[FEATURES];
    const int16_t label = labels[i];
    et_answer answer;
    for (uint32_t k = 0; k < FEATURES; k++) features[k] = rows[i][k];
    now_ms++;
    if (et_trainer_infer(&trainer, features, &answer) != ET_OK) return false;
    if (et_trainer_feedback(&trainer, answer.ticket, ET_FEEDBACK_KIND_TEACH, &label, NULL) != ET_OK) return false;
    (void)settled();
  }
  if (et_trainer_train(&trainer) != ET_OK) return false;
  status = settled();
  report(name, status.model);
  return status.generation != 0u;
}

int main(void) {
  port.clock_ms = clock_ms;
  port.sample = sample;
  port.arena = (uint8_t *)arena;
  port.arena_bytes = sizeof arena;
  if (!watch("esn", esn, sizeof esn) || !watch("cor", correlation, sizeof correlation) || !watch("pro", process, sizeof process)) return 1;
  return teach("dnn", network, sizeof network) ? 0 : 2;
}
