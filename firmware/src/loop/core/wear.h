/* How often the state may be saved so that the flash lasts. A page stands a number of erases; two slots take turns, so a board has twice as
 * many saves in all. A tenth of them is free to use at any time (commissioning, urgent changes); the rest is spread evenly over ten years
 * of operation. Whatever the settings are, there are never more saves than that. */
#ifndef ET_WEAR_H
#define ET_WEAR_H

#include <stdint.h>

#define ET_WEAR_LIFE_S 315360000u     /* ten years */
#define ET_WEAR_CYCLES_UNKNOWN 10000u /* erases that a page stands when the port does not say */

/* Saves that are free to use at any time. */
uint32_t et_wear_free(uint32_t cycles);

/* Saves allowed in all after `operating_s` seconds of operation. */
uint32_t et_wear_allowed(uint32_t cycles, uint32_t operating_s);

/* Seconds of operation between two saves once the free ones are used. */
uint32_t et_wear_interval_s(uint32_t cycles);

#endif
