#include "edge_trainer/section.h"

#include <string.h>

static bool whole_within(const et_field_range *range, const uint8_t *at) {
  int32_t value;
  int16_t narrow;
  uint16_t wide;
  uint32_t widest;
  switch (range->type) {
  case ET_FIELD_U8: value = *at; break;
  case ET_FIELD_I16:
    memcpy(&narrow, at, sizeof narrow);
    value = narrow;
    break;
  case ET_FIELD_U16:
    memcpy(&wide, at, sizeof wide);
    value = wide;
    break;
  default:
    memcpy(&widest, at, sizeof widest);
    if (widest > 0x7fffffffu) return false; /* ranges of 32-bit fields end below 2^31 */
    value = (int32_t)widest;
    break;
  }
  return value >= range->min.whole && value <= range->max.whole;
}

et_error et_section_check(const et_section_format *format, const void *bytes, uint16_t *detail) {
  uint16_t i;
  for (i = 0; i < format->range_count; i++) {
    const et_field_range *range = &format->ranges[i];
    const uint8_t *at = (const uint8_t *)bytes + range->at;
    bool within;
    if (range->type == ET_FIELD_F32) {
      float value;
      memcpy(&value, at, sizeof value);
      within = value >= range->min.real && value <= range->max.real; /* not a number is in no range */
    } else {
      within = whole_within(range, at);
    }
    if (!within) {
      *detail = range->at;
      return ET_DEFINITION_FIELD;
    }
  }
  return ET_OK;
}
