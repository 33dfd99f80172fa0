/* What the voices have earned, as it travels in a backup: a head, et_voices with its tables, the shift of a rule that follows, then the weights
 * of all of them (et_standing). All of it is little-endian and without padding on every board; classes stand in the order of their
 * identities. */
#ifndef ET_VOICES_RECORD_H
#define ET_VOICES_RECORD_H

#include "loop/decide/data_set.h"

typedef struct et_voices_head {
  uint16_t magic; /* ET_VOICES_MAGIC */
  uint8_t layout;
  uint8_t classes;
  uint32_t meaning; /* et_rule_meaning of the definition it was earned under */
} et_voices_head;
#define ET_VOICES_MAGIC 0x4f56u /* "VO" */
#define ET_VOICES_LAYOUT 2u

/* 0 for a stream model, which has no voices. */
uint32_t et_voices_record_bytes(const et_core *core);
/* `length` bytes from `offset`, which lie within the record. */
void et_voices_record_copy(const et_core *core, uint32_t offset, uint8_t *out, uint32_t length);
/* Takes the place of what the voices have. Errors, nothing is changed then: MODEL_SHAPE (earned under other classes or another start
 * rule), MODEL_CONTENT. `record` has et_voices_record_bytes and may be any bytes. */
et_error et_voices_record_load(et_core *core, const uint8_t *record);

#endif
