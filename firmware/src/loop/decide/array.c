#include "loop/decide/array.h"

#include "support/crc.h"

/* On the wire 0 is the least value, stored it is -128. */
#define MIDDLE 0x80u

#if ET_WITH_ARRAY

static uint8_t *staged_bytes(const et_core *core) { return et_at(core, core->deployment.layout.array); }

static bool came_before(const uint8_t *stored, const uint8_t *data, uint16_t length) {
  uint16_t i;
  for (i = 0; i < length; i++)
    if (stored[i] != (uint8_t)(data[i] ^ MIDDLE)) return false;
  return true;
}

/* Two masters that took an array from each other would both begin again for ever. */
static bool is_arriving(const et_decide *decide, uint32_t now) {
  return decide->io.staged.object == ET_OBJECT_INPUT && decide->io.arriving && now - decide->io.staged.touched_ms < ET_SEQUENCE_PATIENCE_MS;
}

et_error et_array_take(et_decide *decide, uint16_t page, uint32_t start, const uint8_t *data, uint16_t length) {
  uint8_t *to = staged_bytes(decide->core) + start;
  et_staging *staged = &decide->io.staged;
  const uint32_t now = et_now_ms(decide->core);
  uint16_t i;
  bool again = staged->object == ET_OBJECT_INPUT && page < staged->next_page && came_before(to, data, length);
  if (page == 0u && !(again && staged->next_page == 1u)) {
    if (is_arriving(decide, now)) return ET_BUSY;
    decide->io.arriving = true;
    again = false;
    staged->object = ET_OBJECT_INPUT;
    staged->total = et_array_count(&decide->core->deployment.definition);
    staged->next_page = 0;
    staged->crc = 0;
  }
  if (staged->object != ET_OBJECT_INPUT || page > staged->next_page) return ET_PAGE;
  if (page < staged->next_page && !again) return ET_PAGE;
  staged->touched_ms = now;
  if (again) return ET_OK;
  for (i = 0; i < length; i++) to[i] = (uint8_t)(data[i] ^ MIDDLE);
  staged->crc = et_crc32(staged->crc, data, length);
  staged->next_page++;
  return ET_OK;
}

et_error et_array_ready(const et_decide *decide, uint16_t *detail) {
  const et_staging *staged = &decide->io.staged;
  const uint16_t *named = (const uint16_t *)(const void *)et_input(decide->core);
  if (et_array_count(&decide->core->deployment.definition) == 0u) return ET_OK;
  *detail = staged->next_page;
  if (staged->object != ET_OBJECT_INPUT || (uint32_t)staged->next_page * ET_PAGE_BYTES < staged->total) return ET_INPUT_OTHER;
  return staged->crc == ((uint32_t)named[0] << 16 | named[1]) ? ET_OK : ET_INPUT_OTHER;
}

void et_array_name(const et_decide *decide, int16_t words[ET_ARRAY_WORDS]) {
  words[0] = (int16_t)(uint16_t)(decide->io.staged.crc >> 16);
  words[1] = (int16_t)(uint16_t)decide->io.staged.crc;
}

void et_array_named(et_decide *decide) { decide->io.arriving = false; }

void et_array_forget(et_decide *decide) { decide->io.staged.object = ET_OBJECT_NONE; }

const et_staging *et_array_staging(const et_decide *decide) { return &decide->io.staged; }

#endif
