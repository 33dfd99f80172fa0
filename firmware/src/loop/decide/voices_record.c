#include "loop/decide/voices_record.h"

#include <string.h>

#include "loop/core/change.h"

typedef char et_voices_without_padding[sizeof(et_voices) == 52u && sizeof(et_following) == 8u && sizeof(et_voices_head) == 8u ? 1 : -1];

#define PARTS 4u

typedef struct et_part {
  uint8_t *at;
  uint32_t length;
} et_part;

/* The record in its order: what is copied out, and where it comes back to. */
static void parts_of(const et_core *core, et_voices_head *head, et_part parts[PARTS]) {
  const et_start_rule *rule = core->deployment.definition.start;
  const uint8_t classes = core->deployment.definition.core->classes;
  head->magic = ET_VOICES_MAGIC;
  head->layout = ET_VOICES_LAYOUT;
  head->classes = classes;
  head->meaning = et_rule_meaning(&core->deployment.definition);
  parts[0] = (et_part){(uint8_t *)head, sizeof *head};
  parts[1] = (et_part){(uint8_t *)et_voices_of(core), et_voices_bytes(classes)};
  parts[2] = (et_part){(uint8_t *)et_following_of(core), rule == NULL ? 0u : et_following_bytes(rule)};
  parts[3] = (et_part){(uint8_t *)et_standing_of(core), et_standing_bytes(classes)};
}

uint32_t et_voices_record_bytes(const et_core *core) {
  et_voices_head head;
  et_part parts[PARTS];
  if (core->deployment.model == NULL || et_is_stream(core)) return 0;
  parts_of(core, &head, parts);
  return parts[0].length + parts[1].length + parts[2].length + parts[3].length;
}

void et_voices_record_copy(const et_core *core, uint32_t offset, uint8_t *out, uint32_t length) {
  et_voices_head head;
  et_part parts[PARTS];
  uint8_t i;
  parts_of(core, &head, parts);
  for (i = 0; i < PARTS && length != 0u; i++) {
    uint32_t step;
    if (offset >= parts[i].length) {
      offset -= parts[i].length;
      continue;
    }
    step = parts[i].length - offset < length ? parts[i].length - offset : length;
    memcpy(out, parts[i].at + offset, step);
    out += step;
    length -= step;
    offset = 0;
  }
}

et_error et_voices_record_load(et_core *core, const uint8_t *record) {
  et_voices_head head;
  et_part parts[PARTS];
  et_standing weights; /* they may lie at an odd place */
  uint8_t i;
  parts_of(core, &head, parts);
  if (memcmp(record, &head, sizeof head) != 0) return ET_MODEL_SHAPE;
  record += sizeof head;
  memcpy(&weights, record + parts[1].length + parts[2].length, sizeof weights);
  if (!et_voices_valid((const et_voices *)(const void *)record, head.classes) || !et_standing_valid(&weights)) return ET_MODEL_CONTENT;
  for (i = 1; i < PARTS; i++) {
    memcpy(parts[i].at, record, parts[i].length);
    record += parts[i].length;
  }
  return ET_OK;
}
