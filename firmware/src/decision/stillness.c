#include "decision/stillness.h"

#include <string.h>

static void count(uint16_t *events) {
  if (*events < 65535u) ++*events;
}

void et_stillness_remember(et_stillness *still) {
  if (still->same > still->longest && still->value != still->rest) {
    still->elsewhere = still->longest;
    still->rest = still->value;
  }
  if (still->value != still->rest) {
    if (still->same > still->elsewhere) still->elsewhere = still->same;
  } else if (still->same > still->longest) {
    still->longest = still->same;
  }
}

void et_stillness_allow(et_feature_stillness *still) {
  uint8_t i;
  et_stillness_remember(&still->at);
  for (i = 0; i < ET_TRUTH_GROUPS; i++)
    if (still->truths[i] > still->most[i]) still->most[i] = still->truths[i];
}

bool et_stillness_ends(et_stillness *still, int16_t value) {
  if (still->same == 0u || value != still->value) return true;
  count(&still->same);
  return false;
}

void et_stillness_begin(et_stillness *still, int16_t value) {
  still->value = value;
  still->same = 1;
}

void et_stillness_of_feature(et_feature_stillness *still, int16_t value, uint8_t truth, bool stuck) {
  if (et_stillness_ends(&still->at, value)) {
    if (!stuck) et_stillness_allow(still);
    et_stillness_begin(&still->at, value);
    memset(still->truths, 0, sizeof still->truths);
  }
  count(&still->truths[truth % ET_TRUTH_GROUPS]);
}

bool et_stillness_outlasts(const et_stillness *still, uint32_t times) {
  const uint32_t usual = still->value == still->rest ? still->longest : still->elsewhere;
  return usual != 0u && still->same > times * usual; /* times < 2^16 */
}
