#include "loop/core/wear.h"

/* At most 2^28 cycles count, so that the sums below stay under 2^32. */
#define CYCLES_MOST 0x10000000u

static uint32_t saves_in_all(uint32_t cycles) {
  const uint32_t known = cycles == 0u ? ET_WEAR_CYCLES_UNKNOWN : cycles < CYCLES_MOST ? cycles : CYCLES_MOST;
  return 2u * known;
}

uint32_t et_wear_free(uint32_t cycles) { return saves_in_all(cycles) / 10u; }

static uint32_t spread(uint32_t cycles) { return saves_in_all(cycles) - et_wear_free(cycles); }

uint32_t et_wear_allowed(uint32_t cycles, uint32_t operating_s) {
  /* After ten years the memory has done its duty: the pace goes on. operating_s < 2^32 and spread <= 2^29, so the quotient is below
   * 2^32 / 315 360 000 * 2^29 < 2^33; past 2^32 - 1 it is cut off. */
  const uint64_t earned = (uint64_t)operating_s * spread(cycles) / ET_WEAR_LIFE_S;
  const uint64_t all = earned + et_wear_free(cycles);
  return all > UINT32_MAX ? UINT32_MAX : (uint32_t)all;
}

uint32_t et_wear_interval_s(uint32_t cycles) {
  const uint32_t seconds = ET_WEAR_LIFE_S / spread(cycles);
  return seconds == 0u ? 1u : seconds;
}
