#include "loop/decide/voices_record.h"

#include <string.h>

#include "loop/core/change.h"

typedef char et_voices_without_padding[sizeof(et_voices) == 52u && sizeof(et_following) == 8u && sizeof(et_voices_head) == 8u ? 1 : -1];

static uint32_t tables_bytes(const et_core *core) { return et_voices_bytes(core->deployment.definition.core->classes); }

static uint32_t shift_bytes(const et_core *core) {
  const et_start_rule *rule = core->deployment.definition.start;
  return rule == NULL ? 0u : et_following_bytes(rule);
}

uint32_t et_voices_record_bytes(const et_core *core) {
  if (core->deployment.model == NULL || et_is_stream(core)) return 0;
  return (uint32_t)sizeof(et_voices_head) + tables_bytes(core) + shift_bytes(core);
}

static et_voices_head head_of(const et_core *core) {
  et_voices_head head;
  head.magic = ET_VOICES_MAGIC;
  head.layout = ET_VOICES_LAYOUT;
  head.classes = core->deployment.definition.core->classes;
  head.meaning = et_rule_meaning(&core->deployment.definition);
  return head;
}

void et_voices_record_copy(const et_core *core, uint32_t offset, uint8_t *out, uint32_t length) {
  const et_voices_head head = head_of(core);
  const void *const parts[] = { &head, et_voices_of(core), et_following_of(core) };
  const uint32_t sizes[] = { (uint32_t)sizeof head, tables_bytes(core), shift_bytes(core) };
  uint8_t i;
  for (i = 0; i < 3u && length != 0u; i++) {
    uint32_t step;
    if (offset >= sizes[i]) {
      offset -= sizes[i];
      continue;
    }
    step = sizes[i] - offset < length ? sizes[i] - offset : length;
    memcpy(out, (const uint8_t *)parts[i] + offset, step);
    out += step;
    length -= step;
    offset = 0;
  }
}

et_error et_voices_record_load(et_core *core, const uint8_t *record) {
  const et_voices_head head = head_of(core);
  const uint8_t *tables = record + sizeof head;
  if (memcmp(record, &head, sizeof head) != 0) return ET_MODEL_SHAPE;
  if (!et_voices_valid((const et_voices *)(const void *)tables, head.classes)) return ET_MODEL_CONTENT;
  memcpy(et_voices_of(core), tables, tables_bytes(core));
  memcpy(et_following_of(core), tables + tables_bytes(core), shift_bytes(core));
  return ET_OK;
}
