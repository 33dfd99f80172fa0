#include "loop/core/core.h"
#include "support/crc.h"

static void new_running(et_core *core) {
  core->generations.fingerprint = 0;
  core->generations.fingerprint_at = core->generations.fingerprint_crc = 0;
  core->changes.wanted = core->changes.important = true;
  core->changes.edits++;
  core->changes.basis++;
}

/* The swap is one assignment: candidate -> running -> previous -> candidate. */
void et_generations_promote(et_core *core, uint16_t accuracy) {
  const uint8_t free_block = core->generations.previous;
  core->generations.previous = core->generations.running;
  core->generations.previous_number = core->generations.number;
  core->generations.previous_accuracy = core->generations.accuracy;
  core->generations.previous_fingerprint = core->generations.fingerprint;
  core->generations.running = core->generations.candidate;
  core->generations.candidate = free_block;
  core->generations.number = ++core->generations.next_number;
  if (core->generations.number == 0u) core->generations.number = core->generations.next_number = 1; /* 0 means untrained */
  core->generations.accuracy = accuracy;
  new_running(core);
}

et_error et_generations_roll_back(et_core *core, et_event event) {
  uint8_t block;
  uint16_t accuracy;
  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (core->generations.previous_number == 0u) return ET_NO_PREVIOUS;
  if (et_job_runs(&core->job)) return ET_BUSY;
  block = core->generations.running;
  accuracy = core->generations.accuracy;
  core->generations.running = core->generations.previous;
  core->generations.number = core->generations.previous_number;
  core->generations.accuracy = core->generations.previous_accuracy;
  /* Rolls back one step: the generation that was rolled back is gone, so that a second rollback cannot bring it back. */
  core->generations.previous = block;
  core->generations.previous_number = 0;
  core->generations.previous_accuracy = 65535u;
  core->counters.rolled_back++;
  new_running(core);
  core->generations.fingerprint = core->generations.previous_fingerprint;
  core->generations.previous_fingerprint = 0;
  et_log(core, event, core->generations.accuracy, accuracy);
  return ET_OK;
}

bool et_generations_fingerprint_slice(et_core *core) {
  const uint32_t left = core->deployment.layout.model_bytes - core->generations.fingerprint_at;
  const uint32_t step = left < 1024u ? left : 1024u;
  if (core->deployment.model == NULL || core->generations.fingerprint != 0u || left == 0u) return false;
  core->generations.fingerprint_crc =
      et_crc32(core->generations.fingerprint_crc, et_generation(core, core->generations.running) + core->generations.fingerprint_at, step);
  core->generations.fingerprint_at += step;
  if (step == left) core->generations.fingerprint = core->generations.fingerprint_crc == 0u ? 1u : core->generations.fingerprint_crc;
  return true;
}
