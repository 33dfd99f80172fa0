/* A run of saves on flash and on EEPROM, with the power cut everywhere: before and after every write and erase, in every erase (half of
 * the page, the other half, all of it on its way), at every byte of a slot header, at places of every payload write. After each cut the
 * store must open with exactly the state before or the one that was being saved, must take the next save, and must stand a second cut in
 * that next save.
 *
 *   power_cut [SAVES]    prints points=N lost=N and what came back; exit code 1 when a state was lost */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "payload.h"

#define SAVES 50u
#define PAYLOAD_PLACES 8u

static memory m;
static et_port port;
static unsigned long points, lost, came_back_old, came_back_new;

static void loss(const char *what, uint32_t save) {
  lost++;
  if (lost <= 10u)
    fprintf(stderr, "%s: save %lu, step %lu, byte %lu%s: %s\n", m.flash ? "flash" : "EEPROM", (unsigned long)save,
            (unsigned long)m.cut_step, (unsigned long)m.cut_bytes, m.cut_before ? " (before)" : "", what);
}

/* The cut that `m` holds, in the save of state `save` over memory `before`, which holds state save - 1. */
static void cut(const uint8_t *before, uint32_t save) {
  et_store store;
  const memory plan = m;
  uint8_t cut_memory[MEMORY_BYTES];
  uint32_t survivor, second;
  memcpy(m.bytes, before, MEMORY_BYTES);
  (void)et_store_open(&store, &port);
  (void)save_state(&store, save);
  points++;
  if (!m.dead) loss("the cut did not come", save);

  memory_restart(&m);
  (void)et_store_open(&store, &port);
  if (is_state(&store, save)) {
    survivor = save;
    came_back_new++;
  } else if (is_state(&store, save - 1u)) {
    survivor = save - 1u;
    came_back_old++;
  } else {
    m.cut_step = plan.cut_step;
    m.cut_bytes = plan.cut_bytes;
    m.cut_before = plan.cut_before;
    loss("came back with neither the state before nor the one after", save);
    return;
  }
  memcpy(cut_memory, m.bytes, MEMORY_BYTES);

  if (save_state(&store, save + 1u) != ET_OK || !is_state(&store, save + 1u)) loss("the next save failed", save);
  (void)et_store_open(&store, &port);
  if (!is_state(&store, save + 1u)) loss("the next save was forgotten", save);

  /* A second cut, in that next save. */
  second = (uint32_t)(points % m.steps);
  memory_restart(&m);
  memcpy(m.bytes, cut_memory, MEMORY_BYTES);
  m.cut_step = second;
  m.cut_bytes = (uint32_t)(points % 33u);
  m.cut_erase = (torn_erase)(points % TORN_KINDS);
  (void)et_store_open(&store, &port);
  (void)save_state(&store, save + 1u);
  memory_restart(&m);
  (void)et_store_open(&store, &port);
  if (!is_state(&store, survivor) && !is_state(&store, save + 1u)) loss("lost by a second cut", save);
}

/* Every cut of one step of the save. `length` of a write in bytes; 0 = an erase. */
static void cut_step(const uint8_t *before, uint32_t save, uint32_t step, uint32_t length) {
  uint32_t i, places = 0;
  memory_restart(&m);
  m.cut_step = step;
  m.cut_before = true;
  cut(before, save);
  if (length == 0u) {
    for (i = 0; i < TORN_KINDS; i++) {
      memory_restart(&m);
      m.cut_step = step;
      m.cut_erase = (torn_erase)i;
      cut(before, save);
    }
    return;
  }
  places = length <= ET_STORE_HEADER_BYTES ? length : PAYLOAD_PLACES;
  for (i = 0; i <= places; i++) {
    memory_restart(&m);
    m.cut_step = step;
    m.cut_bytes = i * length / places; /* the last one: all of it has arrived, nobody was told */
    cut(before, save);
  }
}

static void run(bool flash, uint32_t saves) {
  uint8_t before[MEMORY_BYTES], after[MEMORY_BYTES];
  uint32_t lengths[sizeof m.lengths / sizeof m.lengths[0]];
  uint32_t save, step, steps;
  et_store store;
  memory_begin(&m, &port, flash);
  for (save = 1; save <= saves; save++) {
    memory_restart(&m);
    memcpy(before, m.bytes, MEMORY_BYTES);
    (void)et_store_open(&store, &port);
    if (!is_state(&store, save - 1u)) loss("the state before is not there", save);
    if (save_state(&store, save) != ET_OK) loss("a save with power failed", save);
    memcpy(after, m.bytes, MEMORY_BYTES);
    steps = m.steps;
    if (steps > sizeof lengths / sizeof lengths[0]) {
      fprintf(stderr, "more steps than are recorded\n");
      exit(2);
    }
    memcpy(lengths, m.lengths, sizeof lengths);
    for (step = 0; step < steps; step++) cut_step(before, save, step, lengths[step]);
    memcpy(m.bytes, after, MEMORY_BYTES);
  }
  if (m.misuse != 0u) {
    fprintf(stderr, "%lu writes that a flash refuses\n", (unsigned long)m.misuse);
    exit(2);
  }
}

int main(int count, char **arguments) {
  const uint32_t saves = count > 1 ? (uint32_t)strtoul(arguments[1], NULL, 10) : SAVES;
  run(true, saves);
  run(false, saves);
  printf("points=%lu lost=%lu old=%lu new=%lu\n", points, lost, came_back_old, came_back_new);
  return lost == 0u && came_back_old != 0u && came_back_new != 0u ? 0 : 1;
}
