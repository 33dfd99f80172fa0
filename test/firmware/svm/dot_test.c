/* On a core with the DSP extension: its inference kernels give the same bits as the plain ones, for every length, alignment and at
 * the limits of the ranges. */
#include "bench/cores/board.h"
#include "models/svm/common.h"
#include "models/kernels/dot.h"

static int16_t v[124];
static int8_t narrow[128];
static int16_t wide[124];

int main(void) {
  uint32_t state = 5, wrong = 0, compared = 0;
  for (uint32_t round = 0; round < 40; round++) {
    for (uint32_t j = 0; j < 124; j++) {
      const uint32_t r = et_xorshift32(&state);
      v[j] = round == 0 ? (int16_t)-32768 : round == 1 ? (int16_t)32767 : (int16_t)r;
      narrow[j] = round < 2 ? (int8_t)-127 : (int8_t)(r >> 16);
      wide[j] = round < 2 ? (int16_t)-32767 : (int16_t)(r >> 8);
    }
    for (uint16_t n = 0; n <= 120; n++) {
      const int8_t *x = narrow + round % 4; /* rows of odd lengths are not aligned */
      wrong += et_dot_16x8(v, x, n) != et_dot_16x8_reference(v, x, n);
      wrong += et_dot_16x16(v + round % 3, wide, n) != et_dot_16x16_reference(v + round % 3, wide, n);
      compared += 2;
    }
  }
#ifdef __ARM_FEATURE_DSP
  board_report("dsp", 1);
#endif
  board_report("compared", compared);
  board_report("wrong", wrong);
  return 0;
}
