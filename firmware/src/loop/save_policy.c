#include "loop/save_policy.h"

#include "loop/core/wear.h"
#include "loop/trainer_state.h"

et_save_state et_save_state_of(const et_trainer *trainer) {
  const et_changes *changes = &trainer->core.changes;
  if (et_store_slot_bytes(&trainer->persistence.store) == 0u) return ET_SAVE_STATE_NO_STORE;
  if (trainer->persistence.fault) return ET_SAVE_STATE_FAILED;
  if (changes->important || changes->urgent || trainer->core.job.phase == ET_JOB_SAVE) return ET_SAVE_STATE_NOT_SAVED;
  return changes->wanted ? ET_SAVE_STATE_SAMPLES_WAIT : ET_SAVE_STATE_SAVED;
}

uint32_t et_save_age_s(const et_trainer *trainer) {
  const et_persistence *persistence = &trainer->persistence;
  return persistence->saves == 0u ? trainer->core.clock.uptime_s : (et_now_ms(&trainer->core) - persistence->saved_ms) / 1000u;
}

uint32_t et_saves_left(const et_trainer *trainer) {
  const uint32_t allowed = et_wear_allowed(ET_WEAR_CYCLES_UNKNOWN, trainer->core.clock.operating_s);
  return allowed > trainer->persistence.saves ? allowed - trainer->persistence.saves : 0u;
}
