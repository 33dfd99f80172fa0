/* How long a value stands still, and how long it did before: at rest, where it does so longest, and everywhere else. A lamp is off for a
 * night, but its light is never the same for long.
 *
 * A sensor that sticks where it rests stands still as it does every night, but also at truths at which it never rested. So the truths that come
 * meanwhile count, in two groups, those of even classes and those of odd ones: each of the usual two, and heat and cool beside hold. */
#ifndef ET_STILLNESS_H
#define ET_STILLNESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct et_stillness {
  int16_t value;
  uint16_t same;      /* in a row, this time */
  uint16_t longest;   /* before, at any value */
  int16_t rest;       /* that value */
  uint16_t elsewhere; /* longest before at other values */
} et_stillness;

#define ET_TRUTH_GROUPS 2u
typedef struct et_feature_stillness {
  et_stillness at;
  uint16_t truths[ET_TRUTH_GROUPS]; /* of each group, this time */
  uint16_t most[ET_TRUTH_GROUPS];   /* before */
} et_feature_stillness;

/* Returns true when the value is another one: the stillness before may be remembered, then another begins. */
bool et_stillness_ends(et_stillness *still, int16_t value);
void et_stillness_remember(et_stillness *still);
void et_stillness_begin(et_stillness *still, int16_t value);
/* All of that for a feature, at a truth. `stuck`: an alarm is about it, and how long it stood still is nothing to remember. */
void et_stillness_of_feature(et_feature_stillness *still, int16_t value, uint8_t truth, bool stuck);
/* It may stand still as long as it does. */
void et_stillness_allow(et_feature_stillness *still);
/* It stands still more than `times` times as long as ever before, here or, where it does not usually rest, elsewhere. */
bool et_stillness_outlasts(const et_stillness *still, uint32_t times);

#endif
