#include "loop/core/wear.h"

/* At most 2^28 cycles count, so that the sums below stay under 2^32. */
#define CYCLES_MOST 0x10000000u

static uint32_t saves_in_all(uint32_t cycles) {
  const uint32_t known = cycles == 0u ? ET_WEAR_CYCLES_UNKNOWN : cycles < CYCLES_MOST ? cycles : CYCLES_MOST;
  return 2u * known;
}

uint32_t et_wear_free(uint32_t cycles) { return saves_in_all(cycles) / 10u; }

/* Rounded up: ten years take no more than the saves that there are. */
uint32_t et_wear_interval_s(uint32_t cycles) {
  const uint32_t spread = saves_in_all(cycles) - et_wear_free(cycles);
  return ET_WEAR_LIFE_S / spread + (ET_WEAR_LIFE_S % spread != 0u ? 1u : 0u);
}

/* After ten years the memory has done its duty: the pace goes on. operating_s / 1 + 2^29 / 10 may pass 2^32 - 1: cut off. */
uint32_t et_wear_allowed(uint32_t cycles, uint32_t operating_s) {
  const uint32_t earned = operating_s / et_wear_interval_s(cycles), all = earned + et_wear_free(cycles);
  return all < earned ? UINT32_MAX : all;
}
