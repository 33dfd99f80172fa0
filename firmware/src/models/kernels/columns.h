/* Sums of products of weights and inputs, the inner loops of every forward pass. int32 sums of int8 weights and int16 inputs are exact,
 * so that the versions with DSP instructions (Cortex-M4, M7, M33) give the reference's bytes.
 *
 * Inputs lie in blocks of four weights' length, in the order 0, 2, 1, 3: the order in which SXTB16 unpacks four bytes of weights. Four
 * columns (positions of a convolution) lie interleaved, 16 values a block. */
#ifndef ET_KERNELS_COLUMNS_H
#define ET_KERNELS_COLUMNS_H

#include <stdint.h>
#include <string.h>

/* ET_KERNELS_REFERENCE: the reference on a core that has the instructions too, for comparing. */
#if defined(__ARM_FEATURE_DSP) && __ARM_FEATURE_DSP && !defined(ET_KERNELS_REFERENCE)
#define ET_KERNELS_DSP 1
#else
#define ET_KERNELS_DSP 0
#endif

/* Where value k of a row lies within its column. */
static inline uint32_t et_column_order(uint32_t k) { return (k & ~3u) | ((k & 1u) << 1) | ((k >> 1) & 1u); }

#if ET_KERNELS_DSP

static inline uint32_t et_word(const void *at) {
  uint32_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

/* Two words at once, at a multiple of 4; compilers give two loads. */
#define ET_WORDS(at, offset, low, high) \
  __asm__("ldrd %0, %1, [%2, %3]" : "=r"(low), "=r"(high) : "r"(at), "I"(offset), "m"(*(const int16_t(*)[16])(at)))

/* Bytes 0 and 2, sign-extended to two halves. */
static inline uint32_t et_even_bytes(uint32_t bytes) {
  uint32_t halves;
  __asm__("sxtb16 %0, %1" : "=r"(halves) : "r"(bytes));
  return halves;
}

/* Bytes 1 and 3. */
static inline uint32_t et_odd_bytes(uint32_t bytes) {
  uint32_t halves;
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(halves) : "r"(bytes));
  return halves;
}

/* acc + low a * low b + high a * high b */
static inline int32_t et_both(uint32_t a, uint32_t b, int32_t acc) {
  int32_t sum;
  __asm__("smlad %0, %1, %2, %3" : "=r"(sum) : "r"(a), "r"(b), "r"(acc));
  return sum;
}

static inline uint32_t et_less(uint32_t a, uint32_t b) {
  uint32_t difference;
  __asm__("ssub16 %0, %1, %2" : "=r"(difference) : "r"(a), "r"(b));
  return difference;
}

#endif

/* acc[j] += sum w[k] * column j [k], k < n, j < 4. `columns`: (n + 3) / 4 blocks, zero behind n: up to three weights behind the row are
 * read and count for nothing. Inline: the sums stay in registers. */
static inline void et_dot_columns(const int8_t *w, const int16_t *columns, uint32_t n, int32_t acc[4]) {
  int32_t a = acc[0], b = acc[1], c = acc[2], d = acc[3];
  const int16_t *x = columns;
  const int8_t *end = w + ((n + 3u) & ~3u);
  while (w != end) {
#if ET_KERNELS_DSP
    const uint32_t four = et_word(w), w02 = et_even_bytes(four), w13 = et_odd_bytes(four);
    uint32_t x02, x13;
    ET_WORDS(x, 0, x02, x13);
    a = et_both(w13, x13, et_both(w02, x02, a));
    ET_WORDS(x, 8, x02, x13);
    b = et_both(w13, x13, et_both(w02, x02, b));
    ET_WORDS(x, 16, x02, x13);
    c = et_both(w13, x13, et_both(w02, x02, c));
    ET_WORDS(x, 24, x02, x13);
    d = et_both(w13, x13, et_both(w02, x02, d));
#else
    const int32_t w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3];
    a += w0 * x[0] + w2 * x[1] + w1 * x[2] + w3 * x[3];
    b += w0 * x[4] + w2 * x[5] + w1 * x[6] + w3 * x[7];
    c += w0 * x[8] + w2 * x[9] + w1 * x[10] + w3 * x[11];
    d += w0 * x[12] + w2 * x[13] + w1 * x[14] + w3 * x[15];
#endif
    w += 4;
    x += 16;
  }
  acc[0] = a;
  acc[1] = b;
  acc[2] = c;
  acc[3] = d;
}

/* acc[j] += sum of row j, at w + j * stride, with one column. */
void et_dot_rows(const int8_t *w, uint32_t stride, const int16_t *column, uint32_t n, int32_t acc[4]);
int32_t et_dot_column(const int8_t *w, const int16_t *column, uint32_t n);

/* n values of x less `zero` to places from k on of a column; `step`: 4 for one column, 16 for one of four interleaved ones. */
void et_gather(const int8_t *x, int32_t zero, uint32_t n, int16_t *column, uint32_t k, uint32_t step);

/* to[k] += e * w[k], k < n. */
void et_axpy_q8(int32_t *to, const int8_t *w, int32_t e, uint32_t n);
void et_axpy_f32(float *to, const float *w, float e, uint32_t n);
/* to[k] += e * (x[k] - zero) */
void et_axpy_zero_q8(int32_t *to, const int8_t *x, int32_t zero, int32_t e, uint32_t n);

/* Four interleaved columns of floats, 4 values an index. */
void et_dot_columns_f32(const float *w, const float *columns, uint32_t n, float acc[4]);
/* acc[k & 1] += w[k] x[k]: two sums, so that a core with a pipeline need not wait for one. A row in stretches: all but the last even. */
void et_dot_f32(const float *w, const float *x, uint32_t n, float acc[2]);

#endif
