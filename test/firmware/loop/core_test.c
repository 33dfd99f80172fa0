/* Parts of the loop that stand alone: words that come one by one from several masters, and the wear budget. */
#include <string.h>

#include "../check.h"
#include "loop/core/wear.h"
#include "loop/core/write_sequence.h"

#define WORDS_MOST 3u
#define TURNS 16u

static et_write_sequence sequence;
static uint32_t now_ms;

static bool words(uint16_t first, uint16_t count, bool same, uint32_t at_ms) {
  return et_sequence_words(&sequence, first, count, same, at_ms);
}
static bool ticket(uint16_t number, uint32_t at_ms) { return et_sequence_close(&sequence, number, 3, at_ms); }

static void one_master(void) {
  memset(&sequence, 0, sizeof sequence);
  /* In order, one by one and several at a time; a lost answer is repeated. */
  et_sequence_claim(&sequence, 7, 0);
  et_sequence_claim(&sequence, 7, 100);
  CHECK(words(0, 1, false, 400) && words(0, 1, true, 500) && words(1, 2, false, 2500) && words(1, 2, true, 2600) && ticket(7, 2600));
  /* Used up; nothing claimed. */
  CHECK(!ticket(7, 2601) && !words(0, 3, false, 2700));
  /* Too few words; another number; too slow; out of order; a word again with another value. */
  et_sequence_claim(&sequence, 8, 3000);
  CHECK(words(0, 2, false, 3000) && !ticket(8, 3000));
  et_sequence_claim(&sequence, 8, 3500);
  CHECK(words(0, 3, false, 3500) && !ticket(9, 3500) && !ticket(8, 3500));
  et_sequence_claim(&sequence, 8, 4000);
  CHECK(words(0, 3, false, 4000) && !ticket(8, 4001 + ET_SEQUENCE_PATIENCE_MS));
  et_sequence_claim(&sequence, 8, 9000);
  CHECK(!words(0, 3, false, 9001 + ET_SEQUENCE_PATIENCE_MS));
  et_sequence_claim(&sequence, 8, 20000);
  CHECK(words(0, 1, false, 20000) && !words(2, 1, false, 20000));
  et_sequence_claim(&sequence, 8, 21000);
  CHECK(words(0, 1, false, 21000) && !words(0, 1, false, 21000));
  /* Past the wrap of the clock. */
  et_sequence_claim(&sequence, 9, UINT32_MAX - 100u);
  CHECK(words(0, 3, false, 100) && ticket(9, 200));
}

/* Two masters, each with its own words and number. `turns`: bit k = who has the k-th turn. A refused one begins again, or does not care. */
static uint32_t two_masters(uint32_t turns, uint16_t total, bool alike, bool stubborn) {
  uint8_t held[WORDS_MOST] = {0};
  uint16_t at[2] = {0, 0}; /* 0 the claim, 1 .. total its words, total + 1 the ticket */
  uint32_t turn, decided = 0;
  memset(&sequence, 0, sizeof sequence);
  for (turn = 0; turn < TURNS; turn++, now_ms += 10u) {
    const uint32_t who = turns >> turn & 1u;
    const uint16_t place = at[who], number = (uint16_t)(700u + who);
    bool taken = true;
    at[who] = (uint16_t)((place + 1u) % (total + 2u));
    if (place == 0u) {
      et_sequence_claim(&sequence, number, now_ms);
    } else if (place <= total) {
      const uint8_t value = (uint8_t)(alike && place == 1u ? 9u : 1u + who);
      taken = et_sequence_words(&sequence, (uint16_t)(place - 1u), 1, held[place - 1u] == value, now_ms);
      if (taken) held[place - 1u] = value;
    } else {
      taken = et_sequence_close(&sequence, number, total, now_ms);
      if (taken) {
        uint16_t i;
        decided++;
        for (i = 0; i < total; i++) CHECK(held[i] == (alike && i == 0u ? 9u : 1u + who));
      }
    }
    if (!taken && !stubborn) at[who] = 0;
  }
  return decided;
}

static void every_interleaving(void) {
  uint32_t turns, kind, decided = 0;
  uint16_t total;
  for (total = 1; total <= WORDS_MOST; total++) {
    CHECK(two_masters(0, total, false, false) == TURNS / (total + 2u));
    for (turns = 0; turns < 1u << TURNS; turns++)
      for (kind = 0; kind < 4u; kind++) {
        now_ms += 10000u;
        decided += two_masters(turns, total, (kind & 1u) != 0u, (kind & 2u) != 0u);
      }
  }
  CHECK(decided > 1u << TURNS);
}

static void wear(void) {
  static const uint32_t cycles[] = {1, 10000, 20000, 100000, 10000000, UINT32_MAX};
  uint32_t i, s, last;
  for (i = 0; i < sizeof cycles / sizeof cycles[0]; i++) {
    const uint32_t all = 2u * (cycles[i] < 0x10000000u ? cycles[i] : 0x10000000u);
    CHECK(et_wear_allowed(cycles[i], 0) == et_wear_free(cycles[i]) && et_wear_free(cycles[i]) == all / 10u);
    CHECK(et_wear_allowed(cycles[i], ET_WEAR_LIFE_S) <= all && et_wear_allowed(cycles[i], ET_WEAR_LIFE_S) >= et_wear_free(cycles[i]));
    for (s = 0, last = 0; s < ET_WEAR_LIFE_S; s += 1000003u) {
      const uint32_t allowed = et_wear_allowed(cycles[i], s);
      CHECK(allowed >= last);
      last = allowed;
    }
  }
  for (i = 1; i < 4u; i++) CHECK(et_wear_allowed(cycles[i], ET_WEAR_LIFE_S) == 2u * cycles[i]); /* what flash has: to the last one */
  CHECK(et_wear_interval_s(10000) == 17520u && et_wear_interval_s(0) == 17520u && et_wear_interval_s(UINT32_MAX) == 1u);
}

int main(void) {
  one_master();
  every_interleaving();
  wear();
  printf("all checks passed\n");
  return 0;
}
