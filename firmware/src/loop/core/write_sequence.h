/* Words that belong together and come one by one (function 6, or several short function 16): a claim with the ticket's number, the words
 * from first to last, the ticket. Modbus does not say who writes; the number at both ends and the order between do, so that words of two
 * masters never pass for those of one, not even when they do not care for refusals. */
#ifndef ET_WRITE_SEQUENCE_H
#define ET_WRITE_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

#define ET_SEQUENCE_PATIENCE_MS 2000u /* longest time between two writes */

typedef struct et_write_sequence {
  uint32_t at_ms; /* when the last write came */
  uint16_t claim; /* number that the words belong to; 0 = nobody claims */
  uint16_t next;  /* words that have come */
} et_write_sequence;

/* Words under this number will come. Whoever claims later takes over: the other one is refused at its next write. */
void et_sequence_claim(et_write_sequence *sequence, uint16_t number, uint32_t now_ms);

/* Words `first` .. `first + count - 1` are written. `same`: they are what these words hold already, so that the last ones again are a
 * repeat. False when nobody claims or they are out of order: the claim is over. */
bool et_sequence_words(et_write_sequence *sequence, uint16_t first, uint16_t count, bool same, uint32_t now_ms);

/* The ticket is written: whether all `total` words before it came under its claim. The claim is over either way. */
bool et_sequence_close(et_write_sequence *sequence, uint16_t number, uint16_t total, uint32_t now_ms);

#endif
