#include "models/svm/scale.h"

#include "models/svm/common.h"

static uint32_t square_root(uint64_t v) {
  uint64_t root = 0;
  for (uint64_t bit = (uint64_t)1 << 62; bit != 0; bit >>= 2) { /* digit by digit, no division */
    if (v >= root + bit) {
      v -= root + bit;
      root = (root >> 1) + bit;
    } else {
      root >>= 1;
    }
  }
  return (uint32_t)root;
}

void et_svm_scale_learn(const et_definition *definition, const et_sample_set *set, uint16_t j, et_svm_scale *scale) {
  const uint16_t n = definition->core->features;
  const bool narrow = definition->core->storage == ET_STORAGE_INT8;
  int32_t sum = 0;      /* 65535 * 32767 < 2^31 */
  uint64_t squares = 0; /* 65535 * 2^30 < 2^46 */
  uint32_t count = 0;
  for (uint16_t i = 0; i < set->count; i++) {
    if (et_svm_held_out(set, i) || set->labels[i] >= definition->core->classes) continue;
    const uint32_t at = (uint32_t)i * n + j;
    const int32_t q = narrow ? ((const int8_t *)set->features)[at] : ((const int16_t *)set->features)[at];
    sum += q;
    squares += (uint32_t)(q * q);
    count++;
  }
  scale->mean = 0;
  scale->multiplier = 0;
  scale->shift = 0;
  scale->reserved = 0;
  if (count == 0) return;
  /* count^2 variance = count sum(q^2) - sum(q)^2, exact: below 2^62. */
  uint64_t spread = count * squares - (uint64_t)((int64_t)sum * sum);
  const int32_t wide_sum = narrow ? sum * 256 : sum; /* 65535 * 127 * 256 and 65535 * 32767, with half of 65535: below 2^31 */
  const int32_t half = wide_sum < 0 ? -(int32_t)(count / 2) : (int32_t)(count / 2);
  scale->mean = (int16_t)et_svm_quotient(wide_sum + half, count);
  if (spread == 0) return;
  uint8_t doubled = 0; /* at most 30; widen small spreads so that the root keeps its digits */
  while (spread < ((uint64_t)1 << 60)) {
    spread <<= 2;
    doubled++;
  }
  /* deviation = root 2^-doubled / count in units of q (or of 1/256 q) */
  const float deviation = (float)square_root(spread) / ((float)((uint32_t)1 << doubled) * (float)count);
  float factor = (float)ET_SVM_Z_ONE / (narrow ? deviation * 256.0f : deviation);
  uint8_t shift = 0;
  while (factor < 8192.0f && shift < 30) {
    factor *= 2.0f;
    shift++;
  }
  /* Only a 16-bit feature that varies by less than half its last bit gets here with more than 16383. */
  scale->multiplier = factor > 16383.0f ? 16383u : (uint16_t)(factor + 0.5f);
  scale->shift = shift;
}

static int16_t saturate(int32_t z) {
  if (z > 32767) return 32767;
  return z < -32767 ? -32767 : (int16_t)z;
}

void et_svm_scale_row(const et_svm_scale *scale, const void *row, uint8_t storage, uint16_t n, int16_t *z) {
  if (storage == ET_STORAGE_INT8) {
    const int8_t *q = row;
    for (uint16_t j = 0; j < n; j++) {
      z[j] = saturate((((int32_t)q[j] * 256 - scale[j].mean) * (int32_t)scale[j].multiplier) >> scale[j].shift);
    }
  } else {
    const int16_t *q = row;
    for (uint16_t j = 0; j < n; j++) {
      z[j] = saturate((((int32_t)q[j] - scale[j].mean) * (int32_t)scale[j].multiplier) >> scale[j].shift);
    }
  }
}
