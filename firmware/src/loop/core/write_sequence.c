#include "loop/core/write_sequence.h"

static bool is_fresh(const et_write_sequence *sequence, uint32_t now_ms) {
  return sequence->claim != 0u && now_ms - sequence->at_ms <= ET_SEQUENCE_PATIENCE_MS;
}

static void give_up(et_write_sequence *sequence) { sequence->claim = sequence->next = 0; }

void et_sequence_claim(et_write_sequence *sequence, uint16_t number, uint32_t now_ms) {
  sequence->claim = number;
  sequence->next = 0;
  sequence->at_ms = now_ms;
}

bool et_sequence_words(et_write_sequence *sequence, uint16_t first, uint16_t count, bool same, uint32_t now_ms) {
  const bool repeat = same && (uint32_t)first + count == sequence->next;
  if (!is_fresh(sequence, now_ms) || (first != sequence->next && !repeat)) {
    give_up(sequence);
    return false;
  }
  if (!repeat) sequence->next = (uint16_t)(sequence->next + count);
  sequence->at_ms = now_ms;
  return true;
}

bool et_sequence_close(et_write_sequence *sequence, uint16_t number, uint16_t total, uint32_t now_ms) {
  const bool whole = is_fresh(sequence, now_ms) && sequence->claim == number && sequence->next == total;
  give_up(sequence);
  return whole;
}
