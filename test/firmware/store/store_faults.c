/* The store on hardware that fails while the power stays: writes that come out wrong without a word, drivers that report a failure, pages
 * that do not erase, memory that cannot be read; forgetting everything with the power cut; too large states; the end of the sequence. */
#include <string.h>

#include "../check.h"
#include "memory.h"
#include "payload.h"

static memory m;
static et_port port;
static et_store store;

static et_start_reason reopen(void) {
  memory_restart(&m);
  return et_store_open(&store, &port);
}

static void begin(bool flash, uint32_t saves) {
  uint32_t n;
  memory_begin(&m, &port, flash);
  CHECK(reopen() == ET_START_REASON_DEFAULTS_BLANK);
  for (n = 1; n <= saves; n++) CHECK(save_state(&store, n) == ET_OK);
}

/* Every step of a save goes wrong, silently or told: either the save says so and the older state stays, or nothing was really wrong. */
static void failing_steps(bool flash) {
  uint32_t step, steps, kind, refused = 0;
  begin(flash, 5);
  memory_restart(&m);
  CHECK(save_state(&store, 6) == ET_OK);
  steps = m.steps;
  for (step = 0; step < steps; step++) {
    for (kind = 0; kind < 34u; kind++) { /* 0: the driver tells; else the byte that comes out wrong */
      et_error error;
      begin(flash, 5);
      memory_restart(&m);
      m.fault_step = step;
      m.fault_tells = kind == 0u;
      m.fault_at = kind - 1u;
      error = save_state(&store, 6);
      CHECK(error == ET_OK || error == ET_STORE_FAILED);
      if (kind == 0u) CHECK(error == ET_STORE_FAILED);
      if (error != ET_OK) refused++;
      CHECK(is_state(&store, error == ET_OK ? 6u : 5u));
      (void)reopen();
      CHECK(is_state(&store, error == ET_OK ? 6u : 5u));
      CHECK(save_state(&store, 7) == ET_OK && is_state(&store, 7));
      CHECK(reopen() == ET_START_REASON_SLOT_NEWEST && is_state(&store, 7));
    }
  }
  CHECK(refused > steps * 10u);
}

/* A page of the slot that is written next has worn out: its saves are refused for ever, the older state stays. */
static void worn_page(void) {
  uint32_t page, n, refused = 0;
  for (page = 0; page < MEMORY_BYTES / FLASH_PAGE_BYTES; page++) {
    uint32_t newest = 5;
    begin(true, 5);
    memory_restart(&m);
    m.worn_page = page;
    for (n = 6; n < 16u; n++) {
      const et_error error = save_state(&store, n);
      CHECK(error == ET_OK || error == ET_STORE_FAILED);
      if (error == ET_OK) newest = n;
      else refused++;
      CHECK(is_state(&store, newest));
      /* A save that was accepted is one that can be read, from a fresh start too. */
      {
        et_store other;
        (void)et_store_open(&other, &port);
        CHECK(is_state(&other, newest));
      }
    }
  }
  CHECK(refused != 0u);
}

static void unreadable(void) {
  begin(true, 5);
  m.reads_fail = true;
  CHECK(save_state(&store, 6) == ET_STORE_FAILED); /* what cannot be read back does not count */
  (void)et_store_open(&store, &port);
  CHECK(store.active == 2u);
  (void)reopen();
  CHECK(is_state(&store, 5));
}

/* Each bit of the newest slot flips in turn: the older slot answers, and it is told; never a damaged state. */
static void flipped_bits(bool flash) {
  uint32_t at, bit;
  uint32_t newest;
  begin(flash, 4);
  newest = store.active * (MEMORY_BYTES / 2u);
  for (at = 0; at < ET_STORE_HEADER_BYTES + store.length; at++) {
    bit = at % 8u;
    m.bytes[newest + at] ^= (uint8_t)(1u << bit);
    {
      et_store other;
      CHECK(et_store_open(&other, &port) == ET_START_REASON_SLOT_OLDER);
      CHECK(is_state(&other, 3));
    }
    m.bytes[newest + at] ^= (uint8_t)(1u << bit);
  }
  memset(m.bytes, 0x5a, sizeof m.bytes);
  CHECK(reopen() == ET_START_REASON_DEFAULTS_CORRUPT && store.active == 2u);
}

/* Forgetting: cut anywhere, the board comes back with the newest state or with nothing, never with an older one. */
static void forgetting(bool flash) {
  uint32_t saves, step, steps, place;
  for (saves = 0; saves <= 3u; saves++) {
    begin(flash, saves);
    memory_restart(&m);
    CHECK(et_store_erase(&store) == ET_OK && is_state(&store, 0));
    steps = m.steps;
    (void)reopen();
    CHECK(is_state(&store, 0));
    for (step = 0; step < steps; step++) {
      for (place = 0; place <= ET_STORE_HEADER_BYTES; place++) {
        begin(flash, saves);
        memory_restart(&m);
        m.cut_step = step;
        m.cut_bytes = place;
        m.cut_before = place == ET_STORE_HEADER_BYTES;
        m.cut_erase = (torn_erase)(place % TORN_KINDS);
        CHECK(et_store_erase(&store) == ET_STORE_FAILED);
        (void)reopen();
        CHECK(is_state(&store, saves) || is_state(&store, 0));
      }
    }
  }
}

static void sizes(void) {
  static uint8_t bytes[MEMORY_BYTES];
  const uint32_t most = MEMORY_BYTES / 2u - ET_STORE_HEADER_BYTES - ET_STORE_NOTES_LEAST * ET_STORE_NOTE_BYTES;
  uint32_t beyond;
  for (beyond = 0; beyond < 2u; beyond++) {
    begin(true, 3);
    CHECK(et_store_slot_bytes(&store) == most);
    memory_restart(&m);
    et_store_begin(&store);
    while (!et_store_erase_step(&store)) continue;
    et_store_put(&store, bytes, most + beyond);
    while (!et_store_verify_step(&store)) continue;
    CHECK(et_store_end(&store) == (beyond == 0u ? ET_OK : ET_STORE_FAILED));
    (void)reopen();
    if (beyond == 0u)
      CHECK(store.length == most && !et_store_read(&store, most, bytes, 1u) && !et_store_read(&store, 0xfffffff0u, bytes, 32u));
    else CHECK(is_state(&store, 3));
  }
  CHECK(m.misuse == 0u);
  /* No memory, and one too small for two slots. */
  port.nvm.size = 0;
  CHECK(et_store_open(&store, &port) == ET_START_REASON_NO_MEMORY && et_store_slot_bytes(&store) == 0u);
  CHECK(et_store_erase(&store) == ET_OK);
  port.nvm.size = FLASH_PAGE_BYTES;
  CHECK(et_store_open(&store, &port) == ET_START_REASON_NO_MEMORY);
}

/* The sequence number goes round: the newest stays the newest. */
static void sequence_wraps(void) {
  uint32_t n;
  begin(true, 2);
  store.sequence = 0xfffffffdu;
  CHECK(save_state(&store, 3) == ET_OK);
  for (n = 4; n < 10u; n++) {
    CHECK(save_state(&store, n) == ET_OK);
    CHECK(reopen() == ET_START_REASON_SLOT_NEWEST && is_state(&store, n));
  }
  CHECK(store.sequence < 10u);
}

int main(void) {
  failing_steps(true);
  failing_steps(false);
  worn_page();
  unreadable();
  flipped_bits(true);
  flipped_bits(false);
  forgetting(true);
  forgetting(false);
  sizes();
  sequence_wraps();
  printf("all checks passed\n");
  return 0;
}
