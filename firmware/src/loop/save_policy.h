/* When the state is saved: at once what people rely on (a promotion, a definition, a key), samples and counters at their interval, and never
 * more often than the memory stands (core/wear.h), whatever the settings are. */
#ifndef ET_SAVE_POLICY_H
#define ET_SAVE_POLICY_H

#include "edge_trainer/trainer.h"

/* A save is due now. */
bool et_save_due(const et_trainer *trainer);

et_save_state et_save_state_of(const et_trainer *trainer);

/* Seconds since the last save; since start when there was none. */
uint32_t et_save_age_s(const et_trainer *trainer);

/* Saves that the wear budget allows now. */
uint32_t et_saves_left(const et_trainer *trainer);

#endif
