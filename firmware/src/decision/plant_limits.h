/* What the plant allows, whoever decides: a least time that a class is held, and classes that never follow each other directly. */
#ifndef ET_PLANT_LIMITS_H
#define ET_PLANT_LIMITS_H

#include "edge_trainer/definition.h"

/* Why the class that had the most support is not the one that was decided. */
typedef enum et_limited { ET_LIMITED_NOT, ET_LIMITED_HELD, ET_LIMITED_OPPOSED } et_limited;

/* Classes that may not be decided now, one bit each, after `held_ms` in `current`; `*why` says which limit speaks. */
uint16_t et_plant_limits_barred(const et_plant_limits *limits, uint8_t current, uint32_t held_ms, et_limited *why);

/* Classes barred on the way from `current` to `target`, when `barred` are now: where they are opposed, the plant leaves its present class
 * for one that goes with both, if there is one. */
uint16_t et_plant_limits_way(const et_plant_limits *limits, uint8_t classes, uint8_t current, uint8_t target, uint16_t barred);

/* Whether the limits fit: opposed both ways, never to itself, and some class is left to go to from everywhere. */
bool et_plant_limits_valid(const et_plant_limits *limits, uint8_t classes);

#endif
