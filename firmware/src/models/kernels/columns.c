#include "models/kernels/columns.h"

int32_t et_dot_column(const int8_t *w, const int16_t *column, uint32_t n) {
  int32_t acc = 0;
  const int16_t *x = column;
  const int8_t *end = w + (n & ~3u);
  while (w != end) {
#if ET_KERNELS_DSP
    const uint32_t four = et_word(w);
    acc = et_both(et_odd_bytes(four), et_word(x + 2), et_both(et_even_bytes(four), et_word(x), acc));
#else
    acc += w[0] * x[0] + w[2] * x[1] + w[1] * x[2] + w[3] * x[3];
#endif
    w += 4;
    x += 4;
  }
  for (uint32_t k = 0; k < (n & 3u); k++) acc += w[k] * x[et_column_order(k)];
  return acc;
}

void et_dot_rows(const int8_t *w, uint32_t stride, const int16_t *column, uint32_t n, int32_t acc[4]) {
  int32_t a = acc[0], b = acc[1], c = acc[2], d = acc[3];
  const int16_t *x = column;
  const int8_t *w1 = w + stride, *w2 = w1 + stride, *w3 = w2 + stride;
  const uint32_t whole = n & ~3u;
  for (uint32_t k = 0; k < whole; k += 4) {
#if ET_KERNELS_DSP
    const uint32_t x02 = et_word(x), x13 = et_word(x + 2);
    uint32_t four = et_word(w + k);
    a = et_both(et_odd_bytes(four), x13, et_both(et_even_bytes(four), x02, a));
    four = et_word(w1 + k);
    b = et_both(et_odd_bytes(four), x13, et_both(et_even_bytes(four), x02, b));
    four = et_word(w2 + k);
    c = et_both(et_odd_bytes(four), x13, et_both(et_even_bytes(four), x02, c));
    four = et_word(w3 + k);
    d = et_both(et_odd_bytes(four), x13, et_both(et_even_bytes(four), x02, d));
#else
    const int32_t x0 = x[0], x2 = x[1], x1 = x[2], x3 = x[3];
    a += w[k] * x0 + w[k + 1] * x1 + w[k + 2] * x2 + w[k + 3] * x3;
    b += w1[k] * x0 + w1[k + 1] * x1 + w1[k + 2] * x2 + w1[k + 3] * x3;
    c += w2[k] * x0 + w2[k + 1] * x1 + w2[k + 2] * x2 + w2[k + 3] * x3;
    d += w3[k] * x0 + w3[k + 1] * x1 + w3[k + 2] * x2 + w3[k + 3] * x3;
#endif
    x += 4;
  }
  for (uint32_t k = 0; k < (n & 3u); k++) {
    const int32_t value = x[et_column_order(k)];
    a += w[whole + k] * value;
    b += w1[whole + k] * value;
    c += w2[whole + k] * value;
    d += w3[whole + k] * value;
  }
  acc[0] = a;
  acc[1] = b;
  acc[2] = c;
  acc[3] = d;
}

void et_gather(const int8_t *x, int32_t zero, uint32_t n, int16_t *column, uint32_t k, uint32_t step) {
  uint32_t i = 0;
  for (; i < n && ((k + i) & 3u) != 0; i++) column[((k + i) >> 2) * step + (et_column_order(k + i) & 3u)] = (int16_t)(x[i] - zero);
  int16_t *block = column + ((k + i) >> 2) * step;
#if ET_KERNELS_DSP
  const uint32_t zeros = ((uint32_t)zero & 0xffffu) | ((uint32_t)zero << 16);
#endif
  for (; i + 4 <= n; i += 4, block += step) {
#if ET_KERNELS_DSP
    const uint32_t four = et_word(x + i), x02 = et_less(et_even_bytes(four), zeros), x13 = et_less(et_odd_bytes(four), zeros);
    memcpy(block, &x02, sizeof x02);
    memcpy(block + 2, &x13, sizeof x13);
#else
    block[0] = (int16_t)(x[i] - zero);
    block[2] = (int16_t)(x[i + 1] - zero);
    block[1] = (int16_t)(x[i + 2] - zero);
    block[3] = (int16_t)(x[i + 3] - zero);
#endif
  }
  for (uint32_t j = 0; i < n; i++, j++) block[et_column_order(j)] = (int16_t)(x[i] - zero);
}

void et_axpy_q8(int32_t *to, const int8_t *w, int32_t e, uint32_t n) {
  const int32_t *end = to + (n & ~3u);
  while (to != end) {
    to[0] += e * w[0];
    to[1] += e * w[1];
    to[2] += e * w[2];
    to[3] += e * w[3];
    to += 4;
    w += 4;
  }
  for (uint32_t k = 0; k < (n & 3u); k++) to[k] += e * w[k];
}

void et_axpy_zero_q8(int32_t *to, const int8_t *x, int32_t zero, int32_t e, uint32_t n) {
  const int32_t *end = to + (n & ~3u);
  while (to != end) {
    to[0] += e * (x[0] - zero);
    to[1] += e * (x[1] - zero);
    to[2] += e * (x[2] - zero);
    to[3] += e * (x[3] - zero);
    to += 4;
    x += 4;
  }
  for (uint32_t k = 0; k < (n & 3u); k++) to[k] += e * (x[k] - zero);
}

void et_axpy_f32(float *to, const float *w, float e, uint32_t n) {
  for (uint32_t k = 0; k < n; k++) to[k] += e * w[k];
}

void et_dot_columns_f32(const float *w, const float *columns, uint32_t n, float acc[4]) {
  float a = acc[0], b = acc[1], c = acc[2], d = acc[3];
  const float *x = columns;
  for (uint32_t k = 0; k < n; k++, x += 4) {
    const float weight = w[k];
    a += weight * x[0];
    b += weight * x[1];
    c += weight * x[2];
    d += weight * x[3];
  }
  acc[0] = a;
  acc[1] = b;
  acc[2] = c;
  acc[3] = d;
}

void et_dot_f32(const float *w, const float *x, uint32_t n, float acc[2]) {
  float a = acc[0], b = acc[1];
  uint32_t k = 0;
  for (; k + 2 <= n; k += 2) {
    a += w[k] * x[k];
    b += w[k + 1] * x[k + 1];
  }
  if (k < n) a += w[k] * x[k];
  acc[0] = a;
  acc[1] = b;
}
