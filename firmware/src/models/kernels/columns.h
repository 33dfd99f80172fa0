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

/* acc[j] += sum w[k] * column j [k], k < n, j < 4. `columns`: (n + 3) / 4 blocks; what is behind n does not count. */
void et_dot_columns(const int8_t *w, const int16_t *columns, uint32_t n, int32_t acc[4]);
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
float et_dot_f32(const float *w, const float *x, uint32_t n);

#endif
