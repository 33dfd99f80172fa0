#include "loop/save_policy.h"

#include "loop/core/wear.h"
#include "loop/trainer_state.h"

/* Two promotions in a row are saved once. */
#define SPACING_MS 1000u

static uint32_t cycles(const et_trainer *trainer) { return trainer->core.port->nvm.cycles; }

uint32_t et_saves_left(const et_trainer *trainer) {
  const uint32_t allowed = et_wear_allowed(cycles(trainer), trainer->core.clock.operating_s);
  return allowed > trainer->persistence.begun ? allowed - trainer->persistence.begun : 0u;
}

/* Seconds of operation after which the wear budget allows the next save. */
static uint32_t save_wait_s(const et_trainer *trainer) { return et_saves_left(trainer) != 0u ? 0u : et_wear_interval_s(cycles(trainer)); }

/* The free saves are not for everybody: samples leave three quarters of them to promotions, these a quarter to what is asked for. */
bool et_save_due(const et_trainer *trainer) {
  const et_core *core = &trainer->core;
  const et_changes *changes = &core->changes;
  const uint32_t interval_s = core->deployment.model == NULL ? 0u : core->deployment.definition.core->save_interval_s;
  const uint32_t since_ms = et_now_ms(core) - trainer->persistence.saved_ms;
  uint32_t left, quarter;
  if (!changes->urgent && !changes->important && !changes->wanted) return false;
  left = et_saves_left(trainer);
  quarter = et_wear_free(cycles(trainer)) / 4u;
  if (changes->urgent && left != 0u) return true;
  if (changes->important && left > quarter && (trainer->persistence.saved_ms == 0u || since_ms >= SPACING_MS)) return true;
  return changes->wanted && interval_s != 0u && since_ms / 1000u >= interval_s && left > 3u * quarter;
}

et_error et_trainer_save(et_trainer *trainer) {
  et_changes *changes = &trainer->core.changes;
  if (trainer->core.port->nvm.size == 0u) return ET_NO_STORE;
  trainer->commands.detail = save_wait_s(trainer);
  if (trainer->commands.detail != 0u) return ET_WEAR;
  changes->wanted = changes->urgent = true;
  return ET_OK;
}

et_save_state et_save_state_of(const et_trainer *trainer) {
  const et_changes *changes = &trainer->core.changes;
  if (et_store_slot_bytes(&trainer->persistence.store) == 0u) return ET_SAVE_STATE_NO_STORE;
  if (trainer->persistence.fault) return ET_SAVE_STATE_FAILED;
  if (changes->important || changes->urgent || changes->noted || trainer->core.job.phase == ET_JOB_SAVE) return ET_SAVE_STATE_NOT_SAVED;
  return changes->wanted ? ET_SAVE_STATE_SAMPLES_WAIT : ET_SAVE_STATE_SAVED;
}

uint32_t et_save_age_s(const et_trainer *trainer) {
  const et_persistence *persistence = &trainer->persistence;
  return persistence->saves == 0u ? trainer->core.clock.uptime_s : (et_now_ms(&trainer->core) - persistence->saved_ms) / 1000u;
}
