/* Notes behind a slot's payload, on flash and on EEPROM: the last whole one counts, wherever the power is cut and whatever lies there from an
 * earlier time; those of another slot never do.
 *
 *   journal    prints points=N; exit code 1 when a check fails */
#include <string.h>

#include "../check.h"
#include "memory.h"
#include "payload.h"
#include "store/journal.h"

static memory m;
static et_port port;
static et_store store;
static et_journal journal;
static unsigned long points;

static void content_of(uint32_t n, uint8_t content[ET_NOTE_BYTES]) {
  uint32_t i;
  for (i = 0; i < ET_NOTE_BYTES; i++) content[i] = (uint8_t)(n * 31u + i * 7u);
}

static bool note(uint32_t n) {
  uint8_t content[ET_NOTE_BYTES];
  content_of(n, content);
  return et_journal_append(&journal, &store, content);
}

/* Number of the note that counts after a start; 0 = none, 255 = one that nobody wrote. */
static uint32_t found(void) {
  uint8_t content[ET_NOTE_BYTES], expected[ET_NOTE_BYTES];
  uint32_t n;
  memory_restart(&m);
  (void)et_store_open(&store, &port);
  if (!et_journal_open(&journal, &store, content)) return 0;
  for (n = 1; n < 255u; n++) {
    content_of(n, expected);
    if (memcmp(content, expected, ET_NOTE_BYTES) == 0) return n;
  }
  return 255;
}

static void begin(bool flash, uint32_t saves) {
  uint32_t n;
  memory_begin(&m, &port, flash);
  (void)et_store_open(&store, &port);
  for (n = 1; n <= saves; n++) CHECK(save_state(&store, n) == ET_OK);
  CHECK(found() == 0u);
}

static void last_counts(bool flash) {
  uint32_t n, room;
  memory_begin(&m, &port, flash);
  (void)et_store_open(&store, &port);
  CHECK(found() == 0u && !note(1) && et_journal_room(&journal) == 0u); /* no slot yet */
  begin(flash, 3);
  room = et_journal_room(&journal);
  CHECK(room >= ET_STORE_NOTES_LEAST);
  for (n = 1; n <= room; n++) {
    CHECK(note(n) && et_journal_room(&journal) == room - n);
    if (n % 3u == 0u) CHECK(found() == n && et_journal_room(&journal) == room - n);
  }
  CHECK(!note(n) && found() == room);
  CHECK(is_state(&store, 3));
  CHECK(save_state(&store, 4) == ET_OK);
  CHECK(found() == 0u && note(9) && found() == 9u);
  CHECK(m.misuse == 0u);
}

/* A note of the slot to come, written before its header: it counts when the header does, and not before. */
static void before_the_header(bool flash) {
  uint32_t step, place, steps, kinds[2] = {0, 0};
  for (step = 0; step < 64u; step++) {
    for (place = 0; place <= ET_STORE_NOTE_BYTES + 1u; place++) {
      uint32_t now;
      begin(flash, 2);
      CHECK(note(1));
      memory_restart(&m);
      m.cut_step = step;
      m.cut_bytes = place;
      m.cut_before = place > ET_STORE_NOTE_BYTES;
      m.cut_erase = (torn_erase)(place % TORN_KINDS);
      put_state(&store, 3);
      et_journal_begin(&journal, &store);
      (void)note(2);
      (void)et_store_end(&store);
      steps = m.steps;
      points++;
      now = found();
      CHECK((is_state(&store, 2) && now == 1u) || (is_state(&store, 3) && now == 2u));
      kinds[now - 1u]++;
      CHECK(note(7) && found() == 7u);
    }
    if (step >= steps) break;
  }
  CHECK(kinds[0] != 0u && kinds[1] != 0u && m.misuse == 0u);
}

/* The power cut at every byte of every write of a note; then another note, cut too; then one more. */
static void cut_anywhere(bool flash) {
  uint32_t step, place;
  for (step = 0; step < 2u; step++) {
    for (place = 0; place <= ET_STORE_NOTE_BYTES + 1u; place++) {
      uint32_t now;
      begin(flash, 4);
      CHECK(note(1) && note(2));
      memory_restart(&m);
      m.cut_step = step;
      m.cut_bytes = place;
      m.cut_before = place > ET_STORE_NOTE_BYTES;
      (void)note(3);
      points++;
      now = found();
      CHECK(now == 2u || now == 3u);
      m.cut_step = step;
      m.cut_bytes = ET_STORE_NOTE_BYTES - place % ET_STORE_NOTE_BYTES;
      (void)note(4);
      points++;
      now = found();
      CHECK(now >= 2u && now <= 4u);
      CHECK(note(5) && found() == 5u && is_state(&store, 4));
    }
  }
  CHECK(m.misuse == 0u);
}

/* A memory that was written all over by an earlier life with the very same saves and other notes. */
static void earlier_life(void) {
  uint32_t n;
  begin(false, 2);
  for (n = 1; n <= 8u; n++) CHECK(note(n));
  CHECK(et_store_erase(&store) == ET_OK);
  CHECK(found() == 0u);
  CHECK(save_state(&store, 1) == ET_OK);
  put_state(&store, 2); /* the same slot, the same bytes, the same checksum of the header */
  et_journal_begin(&journal, &store);
  CHECK(et_store_end(&store) == ET_OK && found() == 0u);
  CHECK(note(1) && found() == 1u && note(2) && found() == 2u);
}

static void failing(bool flash) {
  uint32_t fault;
  for (fault = 0; fault < 33u; fault++) {
    begin(flash, 2);
    CHECK(note(1));
    memory_restart(&m);
    m.fault_step = flash ? 0u : 1u;
    m.fault_tells = fault == 0u;
    m.fault_at = fault - 1u;
    CHECK(note(2)); /* at the next place, or once more */
    CHECK(found() == 2u);
  }
  begin(flash, 2);
  CHECK(note(1));
  m.reads_fail = true;
  CHECK(!note(2)); /* what cannot be read back does not count */
}

int main(void) {
  uint32_t flash;
  for (flash = 0; flash < 2u; flash++) {
    last_counts(flash != 0u);
    before_the_header(flash != 0u);
    cut_anywhere(flash != 0u);
    failing(flash != 0u);
  }
  earlier_life();
  printf("points=%lu\nall checks passed\n", points);
  return 0;
}
