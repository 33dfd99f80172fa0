/* ISO 7730:2005 "Ergonomics of the thermal environment", equations (1) to (4). In the standard's symbols: M metabolic rate, W/m2; I_cl
 * clothing, m2K/W; f_cl clothing surface area factor; t_a, t_r air and mean radiant temperature, degC; v_ar air speed, m/s; p_a vapour
 * pressure, Pa; t_cl clothing surface temperature; h_c convective coefficient, W/(m2K). */
#include "decision/start_rule.h"

#include <math.h>

#define WATT_PER_MET 58.15f
#define INSULATION_PER_CLO 0.155f
#define KELVIN 273.0f /* as the standard adds it */
#define ROUNDS 60u    /* each halves the step at least; what a float tells apart is reached after some 25 */

/* e^x for |x| < 80, to 1e-6 of the value, the same on every board: x = k ln 2 + r, e^r by its series. */
static float exponential(float x) {
  const float scaled = x * 1.44269504f;
  const int whole = (int)(scaled < 0.0f ? scaled - 0.5f : scaled + 0.5f);
  const float r = (x - (float)whole * 0.693359375f) + (float)whole * 2.12194440e-4f; /* ln 2 in two parts */
  const float series =
      1.0f + r * (1.0f + r * (0.5f + r * (0.166666667f + r * (0.0416666667f + r * (0.00833333333f + r * 0.00138888889f)))));
  return ldexpf(series, whole);
}

static float limited(float value, float least, float most) {
  return value >= least ? (value <= most ? value : most) : least; /* not a number: the least */
}

static float fourth_power(float x) { return x * x * x * x; }

/* t_cl of equation (2) with h_c of (3): the balance falls with t_cl, so halving an interval finds its root. */
static float clothing_temperature(float t_a, float t_r, float v_ar, float M, float I_cl, float f_cl, float *h_c) {
  const float skin = 35.7f - 0.028f * M, forced = 12.1f * sqrtf(v_ar), radiant = fourth_power(t_r + KELVIN);
  float low = -100.0f, high = 150.0f, t_cl = 0.0f;
  unsigned round;
  for (round = 0; round < ROUNDS; round++) {
    const float middle = 0.5f * (low + high);
    const float natural = 2.38f * sqrtf(sqrtf(fabsf(middle - t_a)));
    float loss;
    *h_c = natural > forced ? natural : forced;
    t_cl = middle;
    if (middle <= low || middle >= high) break;
    loss = f_cl * (3.96e-8f * (fourth_power(middle + KELVIN) - radiant) + *h_c * (middle - t_a));
    if (middle < skin - I_cl * loss) low = middle;
    else high = middle;
    if (high - low < 0.001f) break;
  }
  return t_cl;
}

int16_t et_predicted_mean_vote(const float inputs[ET_PMV_INPUTS]) {
  const float t_a = limited(inputs[ET_PMV_AIR], -20.0f, 60.0f);
  const float t_r = limited(inputs[ET_PMV_RADIANT], -20.0f, 60.0f);
  const float humidity = limited(inputs[ET_PMV_HUMIDITY], 0.0f, 100.0f);
  const float v_ar = limited(inputs[ET_PMV_SPEED], 0.0f, 5.0f);
  const float M = limited(inputs[ET_PMV_MET], 0.5f, 6.0f) * WATT_PER_MET;
  const float I_cl = limited(inputs[ET_PMV_CLO], 0.0f, 4.0f) * INSULATION_PER_CLO;
  const float f_cl = I_cl <= 0.078f ? 1.0f + 1.29f * I_cl : 1.05f + 0.645f * I_cl;
  const float p_a = humidity * 10.0f * exponential(16.6536f - 4030.183f / (t_a + 235.0f));
  float h_c;
  const float t_cl = clothing_temperature(t_a, t_r, v_ar, M, I_cl, f_cl, &h_c);
  const float evaporation = M > WATT_PER_MET ? 0.42f * (M - WATT_PER_MET) : 0.0f;
  const float load = M - 3.05e-3f * (5733.0f - 6.99f * M - p_a) - evaporation - 1.7e-5f * M * (5867.0f - p_a) -
                     0.0014f * M * (34.0f - t_a) - 3.96e-8f * f_cl * (fourth_power(t_cl + KELVIN) - fourth_power(t_r + KELVIN)) -
                     f_cl * h_c * (t_cl - t_a);
  const float pmv = 1000.0f * (0.303f * exponential(-0.036f * M) + 0.028f) * load;
  const float cut = limited(pmv, -3000.0f, 3000.0f);
  return (int16_t)(cut < 0.0f ? cut - 0.5f : cut + 0.5f);
}
