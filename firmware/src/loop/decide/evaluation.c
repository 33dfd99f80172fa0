#include "loop/decide/evaluation.h"

static uint32_t row_sum(const uint16_t *confusion, uint8_t classes, uint8_t row) {
  uint32_t sum = 0;
  uint8_t i;
  for (i = 0; i < classes; i++) sum += confusion[(uint16_t)row * classes + i];
  return sum;
}

static uint32_t column_sum(const uint16_t *confusion, uint8_t classes, uint8_t column) {
  uint32_t sum = 0;
  uint8_t i;
  for (i = 0; i < classes; i++) sum += confusion[(uint16_t)i * classes + column];
  return sum;
}

static uint16_t permille(uint32_t part, uint32_t whole) { return (uint16_t)(whole == 0u ? 0u : (1000u * part + whole / 2u) / whole); }

/* Integer square root, rounded down; bit by bit. */
static uint64_t square_root(uint64_t value) {
  uint64_t root = 0, bit = (uint64_t)1 << 62;
  while (bit > value) bit >>= 2;
  while (bit != 0u) {
    if (value >= root + bit) {
      value -= root + bit;
      root = (root >> 1) + bit;
    } else {
      root >>= 1;
    }
    bit >>= 2;
  }
  return root;
}

/* Permille of the mean of `present` shares of 65536: at most 16 of them, times 1000 < 2^31. */
static uint16_t mean_of_shares(uint32_t sum, uint32_t present) {
  return present == 0u ? 0u : (uint16_t)((sum * 1000u / present + 32768u) >> 16);
}

/* part / whole, rounded, where that is below 1024: bit by bit, because a 64-bit division takes 800 bytes on a core that has none. */
static uint16_t small_quotient(uint64_t part, uint64_t whole) {
  uint16_t quotient = 0, bit;
  part += whole / 2u;
  for (bit = 512; bit != 0u; bit >>= 1)
    if ((quotient + bit) * whole <= part) quotient = (uint16_t)(quotient + bit);
  return quotient;
}

uint16_t et_accuracy(const uint16_t *confusion, uint8_t classes) {
  uint32_t right = 0, all = 0;
  uint8_t i;
  for (i = 0; i < classes; i++) {
    right += confusion[(uint16_t)i * classes + i];
    all += row_sum(confusion, classes, i);
  }
  return permille(right, all);
}

uint16_t et_recall(const uint16_t *confusion, uint8_t classes, uint8_t output_class) {
  const uint32_t all = row_sum(confusion, classes, output_class);
  return all == 0u ? 65535u : permille(confusion[(uint16_t)output_class * classes + output_class], all);
}

uint16_t et_balanced_accuracy(const uint16_t *confusion, uint8_t classes) {
  uint32_t sum = 0, present = 0; /* recalls in 1/65536: rounding must not decide a promotion */
  uint8_t i;
  for (i = 0; i < classes; i++) {
    const uint32_t all = row_sum(confusion, classes, i);
    if (all == 0u) continue;
    sum += ((uint32_t)confusion[(uint16_t)i * classes + i] << 16) / all;
    present++;
  }
  return mean_of_shares(sum, present);
}

uint16_t et_macro_f1(const uint16_t *confusion, uint8_t classes) {
  uint32_t sum = 0, present = 0;
  uint8_t i;
  for (i = 0; i < classes; i++) {
    const uint32_t truth = row_sum(confusion, classes, i), decided = column_sum(confusion, classes, i);
    if (truth == 0u) continue;
    sum += ((uint32_t)confusion[(uint16_t)i * classes + i] << 17) / (truth + decided);
    present++;
  }
  return mean_of_shares(sum, present);
}

int16_t et_matthews(const uint16_t *confusion, uint8_t classes) {
  /* c correct of s samples, t_k times truth k, p_k times decision k:
   * R = (c s - sum p_k t_k) / sqrt((s^2 - sum p_k^2)(s^2 - sum t_k^2)); s <= 4096, so every sum is below 2^25 and the product
   * below 2^50. The root is taken in 1/64: rounded down to a whole number it would be far off for a few samples. */
  uint64_t correct = 0, all = 0, cross = 0, decided2 = 0, truth2 = 0, scale;
  int64_t numerator;
  uint8_t i;
  for (i = 0; i < classes; i++) {
    const uint64_t truth = row_sum(confusion, classes, i), decided = column_sum(confusion, classes, i);
    correct += confusion[(uint16_t)i * classes + i];
    all += truth;
    cross += truth * decided;
    decided2 += decided * decided;
    truth2 += truth * truth;
  }
  scale = square_root(((all * all - decided2) * (all * all - truth2)) << 12);
  if (scale == 0u) return 0;
  numerator = ((int64_t)(correct * all) - (int64_t)cross) * 64000;
  return (int16_t)(numerator >= 0 ? small_quotient((uint64_t)numerator, scale) : -small_quotient((uint64_t)-numerator, scale));
}
