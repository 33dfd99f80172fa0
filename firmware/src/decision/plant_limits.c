#include "decision/plant_limits.h"

uint16_t et_plant_limits_barred(const et_plant_limits *limits, uint8_t current, uint32_t held_ms, et_limited *why) {
  *why = ET_LIMITED_NOT;
  if (held_ms < 1000u * (uint32_t)limits->hold_s[current]) {
    *why = ET_LIMITED_HELD;
    return (uint16_t)(~(1u << current));
  }
  if (limits->opposed[current] != 0u) *why = ET_LIMITED_OPPOSED;
  return limits->opposed[current];
}

uint16_t et_plant_limits_way(const et_plant_limits *limits, uint8_t classes, uint8_t current, uint8_t target, uint16_t barred) {
  const uint16_t all = (uint16_t)((1ul << classes) - 1u), self = (uint16_t)(1u << current);
  const uint16_t leaving = (uint16_t)(barred | self), between = (uint16_t)(leaving | limits->opposed[target]);
  if (leaving == UINT16_MAX || ((unsigned)limits->opposed[current] >> target & 1u) == 0u) return barred; /* held, or not opposed */
  return (between & all) != all ? between : leaving;
}

bool et_plant_limits_valid(const et_plant_limits *limits, uint8_t classes) {
  const uint16_t all = (uint16_t)((1ul << classes) - 1u);
  uint8_t a, b;
  for (a = 0; a < classes; a++) {
    const uint16_t self = (uint16_t)(1u << a);
    if ((limits->opposed[a] & self) != 0u || (limits->opposed[a] & ~(unsigned)all) != 0u) return false;
    if (limits->opposed[a] != 0u && (limits->opposed[a] | self) == all) return false;
    for (b = 0; b < classes; b++)
      if (((unsigned)limits->opposed[a] >> b & 1u) != ((unsigned)limits->opposed[b] >> a & 1u)) return false;
  }
  return true;
}
