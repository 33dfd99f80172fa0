/* What of a trainer is kept through a power cut, and when: definition, generations, data set, counters, lock. */
#ifndef ET_PERSISTENCE_H
#define ET_PERSISTENCE_H

#include "edge_trainer/trainer.h"
#include "loop/core/counters.h"
#include "store/store.h"

/* What is saved beside definition, models and samples. Fields are only ever added at its end. */
typedef struct et_saved {
  et_counters counters;
  uint32_t saves, log_next;
  uint16_t generation, previous_generation, next_generation, running_accuracy, previous_accuracy;
  uint16_t samples, samples_new, held_out_total, order_next, share_debt, failed_trainings, alarm_number;
  int16_t set_point;
  uint8_t unit, mode, mode_before_freeze, drift, key_set, reserved;
  uint8_t key[16];
  uint16_t reserved2[4];
} et_saved;

typedef struct et_persistence {
  et_store store;
  et_saved saved;
  bool fault;
  uint8_t generations; /* core->changes.generations when the save began */
  uint8_t section;
  uint32_t at;
  uint32_t saves, saved_ms;
  uint8_t start_reason;
} et_persistence;

/* Take over the newest state of the store, or stay with defaults; sets start_reason. */
void et_persistence_load(et_trainer *trainer);

/* One bounded slice of a save, or the decision to start one. Returns true when a save is going on. */
bool et_persistence_slice(et_trainer *trainer);

#endif
