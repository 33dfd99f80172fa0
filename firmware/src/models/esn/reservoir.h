/* The reservoir: a fixed random recurrent layer that is never trained and, but for one byte per unit, never stored.
 *
 *   x(t) = (1 - a) x(t-1) + a tanh(v S u(t) + W x(t-1))
 *
 * CYCLE: the simple cycle reservoir of Rodan & Tino ("Minimum complexity echo state network", IEEE Trans. Neural Networks 22,
 * 2011): unit i receives unit i - 1 with the one weight r; all input weights have the one magnitude v, signs S from a seed.
 * SPARSE: every unit receives ET_ESN_FAN_IN units drawn from the seed with ternary weights {-w, 0, +w}; the spectral radius of
 * such a matrix tends to w sqrt(ET_ESN_FAN_IN) (circular law), so w = radius / sqrt(ET_ESN_FAN_IN).
 *
 * tanh is a table with linear interpolation in both builds (largest error 1e-4), so that float and fixed point are the same
 * network. With ET_ESN_FIXED defined, units are Q15 and inputs Q12 in int16, for cores without a floating point unit. */
#ifndef ET_ESN_RESERVOIR_H
#define ET_ESN_RESERVOIR_H

#include <stdint.h>

#define ET_ESN_FAN_IN 4u
/* Inputs are standard deviations from healthy, clipped here: one spike must not fill the memory of the reservoir. */
#define ET_ESN_INPUT_LIMIT 8

#ifdef ET_ESN_FIXED
typedef int16_t et_esn_unit;    /* Q15 */
typedef int16_t et_esn_input;   /* Q12 */
typedef uint64_t et_esn_energy; /* sum of squares, Q21 */
#define ET_ESN_ONE ((et_esn_unit)32767)
#define ET_ESN_ENERGY_UNIT (1.0f / 2097152.0f)
#else
typedef float et_esn_unit;
typedef float et_esn_input;
typedef float et_esn_energy;
#define ET_ESN_ONE 1.0f
#define ET_ESN_ENERGY_UNIT 1.0f
#endif

typedef struct et_esn_reservoir {
  uint16_t units;   /* N, 16..200 */
  uint8_t channels; /* K, 1..6 */
  uint8_t topology; /* et_reservoir */
  float recurrent;  /* r (CYCLE) or spectral radius (SPARSE), 0..1 */
  float input;      /* v, 0..2 */
  float leak;       /* a, 0 < a <= 1 */
  uint32_t seed;
} et_esn_reservoir;

/* How many draws of the input signs are compared, and over how many steps of echo. */
#define ET_ESN_SIGN_DRAWS 16u
#define ET_ESN_SIGN_LAGS 8u

/* Input signs of draw `draw`: bit k of masks[i] set = channel k enters unit i with +v. */
void et_esn_signs(const et_esn_reservoir *reservoir, uint8_t draw, uint8_t *masks);

/* Sum over all pairs of channels of the squared correlation (-1..1 each) of the signs of one channel with those of the other
 * `lag` units further. While it is not zero, the echo of one axis adds to or cancels another's in the energy of the state,
 * and this energy then depends on the phase between axes instead of on their level. Rodan & Tino likewise ask for aperiodic
 * signs. Work: units * channels^2. */
float et_esn_sign_correlation(const et_esn_reservoir *reservoir, const uint8_t *masks, unsigned lag);

/* One step in place. x: N units. `scratch`: N units for SPARSE, unused (may be NULL) for CYCLE. Returns the sum of squares of
 * the new state in ET_ESN_ENERGY_UNIT. */
et_esn_energy et_esn_reservoir_step(const et_esn_reservoir *reservoir, const uint8_t *masks, const et_esn_input *inputs, et_esn_unit *x,
                                    et_esn_unit *scratch);

#endif
