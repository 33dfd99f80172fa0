/* What of a trainer is kept through a power cut, and when: definition, generations, data set, counters, lock. */
#ifndef ET_PERSISTENCE_H
#define ET_PERSISTENCE_H

#include "loop/trainer_state.h"

/* Take over the newest state of the store, or stay with defaults; sets start_reason. */
void et_persistence_load(et_trainer *trainer);

/* One bounded slice of a save, or the decision to start one. Returns true when a save is going on. */
bool et_persistence_slice(et_trainer *trainer);

/* What is being saved has changed under it: the slot before stays the newest, and the save starts over. */
void et_persistence_restart(et_trainer *trainer);

#endif
