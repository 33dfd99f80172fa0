#include "decision/following_rule.h"

#define ONE ((int32_t)256) /* 1.0, of a step `follow` and of a part */
#define LEAST_STEP 64      /* of ONE */
#define TREND_TRUTHS 4     /* that the trend is a mean of */
#define PLACE_MOST 32767   /* 128 steps */

/* Where a decision stands between two places of a context: part / 256 on the way from `place` to the next. */
typedef struct stand {
  uint8_t place;
  int32_t part;
} stand;

static uint8_t contexts_of(const et_start_rule *rule) {
  uint8_t count = 0;
  while (count < ET_RULE_CONTEXTS && rule->by[count] != ET_ASSUMED) count++;
  return count;
}

static bool follows(const et_start_rule *rule) { return rule->follow > 0 && (rule->kind == ET_START_STEPS || rule->kind == ET_START_PMV); }

uint32_t et_following_bytes(const et_start_rule *rule) {
  if (!follows(rule)) return 0;
  return (uint32_t)sizeof(et_following) + (uint32_t)sizeof(int16_t) * ET_FOLLOWING_PLACES * contexts_of(rule);
}

static stand stand_of(const et_definition *definition, const void *stored, uint8_t feature) {
  const bool narrow = definition->core->storage == ET_STORAGE_INT8;
  const int32_t full = narrow ? 127 : 32767;
  const int32_t value = full + (narrow ? ((const int8_t *)stored)[feature] : ((const int16_t *)stored)[feature]); /* 0..2 full, and -1 */
  const int32_t at = (value < 0 ? 0 : value) * ((int32_t)(ET_FOLLOWING_PLACES - 1u) * ONE / 2) / full; /* at most 65534 * 2048 < 2^31 */
  const int32_t last = (int32_t)ET_FOLLOWING_PLACES - 2;
  stand here;
  here.place = (uint8_t)(at / ONE > last ? last : at / ONE);
  here.part = at - ONE * here.place;
  return here;
}

static int32_t clamped(int32_t value, int32_t most) { return value > most ? most : value < -most ? -most : value; }

int16_t et_following_shift(et_following *following, const et_start_rule *rule, const et_definition *definition, const void *stored) {
  const uint8_t contexts = contexts_of(rule);
  const int32_t most = ONE * (ET_RULE_SHIFT_MOST / rule->follow + 1);
  int32_t sum = clamped(following->offset, most); /* saved bytes may be anything */
  uint8_t i;
  for (i = 0; i < contexts; i++) {
    const int16_t *places = following->places + i * ET_FOLLOWING_PLACES;
    const stand here = stand_of(definition, stored, rule->by[i]);
    sum += (places[here.place] * (ONE - here.part) + places[here.place + 1u] * here.part) / ONE;
  }
  /* |sum| <= most, so |sum * follow| <= 256 (16000 + 32767) < 2^24. */
  following->shift = (int16_t)clamped(clamped(sum, most) * rule->follow / ONE, ET_RULE_SHIFT_MOST);
  return following->shift;
}

static void move_place(int16_t *place, int32_t by) { *place = (int16_t)clamped(*place + by, PLACE_MOST); }

void et_following_learn(et_following *following, const et_start_rule *rule, const et_definition *definition, const void *stored,
                        uint8_t proposed, uint8_t truth) {
  const int32_t sign = et_start_rule_towards(rule, proposed, truth);
  const uint8_t contexts = contexts_of(rule);
  const int32_t most = ONE * (ET_RULE_SHIFT_MOST / rule->follow + 1);
  stand at[ET_RULE_CONTEXTS];
  int32_t step, all = ONE * ONE;
  uint8_t i;
  following->trend = (int16_t)(following->trend + (ONE * sign - following->trend) / TREND_TRUTHS);
  if (sign == 0) return;
  step = following->trend < 0 ? -following->trend : following->trend;
  step = step < LEAST_STEP ? LEAST_STEP : step > ONE ? ONE : step;
  for (i = 0; i < contexts; i++) {
    at[i] = stand_of(definition, stored, rule->by[i]);
    all += at[i].part * at[i].part + (ONE - at[i].part) * (ONE - at[i].part);
  }
  /* step <= 256 and a part <= 256: products are at most 2^24, `all` at least 2^16. */
  following->offset = clamped(clamped(following->offset, most) + sign * step * ONE * ONE / all, most);
  for (i = 0; i < contexts; i++) {
    int16_t *places = following->places + i * ET_FOLLOWING_PLACES + at[i].place;
    move_place(&places[0], sign * step * ONE * (ONE - at[i].part) / all);
    move_place(&places[1], sign * step * ONE * at[i].part / all);
  }
}
