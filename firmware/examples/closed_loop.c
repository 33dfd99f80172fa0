/* From nothing to a closed loop that learns, without Modbus: a thermostat in a simulated room. Every ten minutes it decides, and learns from
 * what the room became. Its start rule heats below 20 degrees; people want 21. Then the power goes, and what was learned is still there.
 * thermostat.h is `edge-trainer plan thermostat.json --c thermostat.h`. Also valid C++11. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "edge_trainer/trainer.h"
#include "loop/trainer_state.h" /* the whole struct, so that it can be static */
#include "thermostat.h"

#define ARENA_BYTES 8192u
#define STORE_BYTES 8192u
#define STEP_MINUTES 10u
#define STEPS_A_DAY (24u * 60u / STEP_MINUTES)
#define DAYS 7u

static et_trainer trainer;
static uint64_t arena[ARENA_BYTES / sizeof(uint64_t)];
static uint8_t store[STORE_BYTES];
static uint32_t minutes; /* the clock of the simulation; a board has its own */

static uint32_t clock_ms(void *user) {
  (void)user;
  return minutes * 60000u;
}

static uint32_t clock_us(void *user) { return clock_ms(user) * 1000u; }

static bool read_store(void *user, uint32_t offset, void *bytes, uint32_t length) {
  (void)user;
  memcpy(bytes, store + offset, length);
  return true;
}

static bool write_store(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  (void)user;
  memcpy(store + offset, bytes, length);
  return true;
}

/* A board's set-up: what the store holds is there again, and the same definition once more changes nothing. */
static et_error start(const et_port *port) {
  memset(arena, 0, sizeof arena);
  et_trainer_begin(&trainer, port);
  return et_trainer_deploy(&trainer, thermostat, sizeof thermostat);
}

/* A board calls this between other work; a simulation has nothing else to do. */
static et_status settle(void) {
  et_status status;
  do {
    while (et_trainer_work(&trainer)) continue;
    et_trainer_status(&trainer, &status);
  } while (status.state != ET_STATE_READY);
  return status;
}

/* The room ten minutes later: it loses 1.5 % of the difference, a heater gives 0.7 degrees. */
static float room_after(float room, float outdoors, bool heated) { return room + 0.015f * (outdoors - room) + (heated ? 0.7f : 0.0f); }

static int16_t scaled(float value, float scale) { return (int16_t)lroundf(value * scale); }

/* One day; returns the percentage of it in which the room was as wanted. Negative: a call was refused. */
static int day_of(float *room) {
  int as_wanted = 0;
  for (unsigned step = 0; step < STEPS_A_DAY; step++) {
    const float hours = (float)(step * STEP_MINUTES) / 60.0f;
    const float outdoors = hours < 12.0f ? hours - 2.0f : 22.0f - hours; /* -2 degrees at midnight, 10 at noon */
    int16_t features[THERMOSTAT_FEATURES], outcome;
    et_answer answer;
    features[THERMOSTAT_FEATURE_ROOM] = scaled(*room, THERMOSTAT_FEATURE_ROOM_SCALE);
    features[THERMOSTAT_FEATURE_OUTDOORS] = scaled(outdoors, THERMOSTAT_FEATURE_OUTDOORS_SCALE);
    if (et_trainer_infer(&trainer, features, &answer) != ET_OK) return -1;
    *room = room_after(*room, outdoors, answer.actuation != 0);
    minutes += STEP_MINUTES;
    outcome = scaled(*room, THERMOSTAT_OUTCOME_SCALE);
    if (et_trainer_feedback(&trainer, answer.ticket, ET_FEEDBACK_KIND_OUTCOME, &outcome, NULL) != ET_OK) return -1;
    if (*room >= 20.5f && *room <= 21.5f) as_wanted++;
    (void)settle();
  }
  return 100 * as_wanted / (int)STEPS_A_DAY;
}

int main(void) {
  static et_port port; /* what it has no callback for is not there: no wire, no sensor */
  et_status before, after;
  float room = 18.0f;
  int first = 0, last = 0;
  port.board = "example";
  port.clock_ms = clock_ms;
  port.clock_us = clock_us;
  port.nvm.size = STORE_BYTES;
  port.nvm.page_bytes = port.nvm.write_bytes = 1; /* as an EEPROM: nothing needs erasing */
  port.nvm.read = read_store;
  port.nvm.write = write_store;
  port.nvm.cycles = 100000u;
  port.arena = (uint8_t *)arena;
  port.arena_bytes = ARENA_BYTES;
  memset(store, 0xff, sizeof store);
  if (start(&port) != ET_OK) return 1;
  for (unsigned day = 0; day < DAYS; day++) {
    last = day_of(&room);
    if (last < 0) return 2;
    if (day == 0) first = last;
  }
  if (et_trainer_save(&trainer) != ET_OK) return 3;
  before = settle();
  if (start(&port) != ET_OK) return 4; /* the power was gone */
  after = settle();
  printf("as wanted: %d %% of the first day, %d %% of the last; generation %u, %u samples\n", first, last, (unsigned)after.generation,
         (unsigned)after.samples);
  return after.generation == before.generation && after.model == before.model ? 0 : 5;
}
