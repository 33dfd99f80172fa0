#include "loop/bits.h"

#include <string.h>

#include "loop/access.h"
#include "loop/decide/io.h"
#include "loop/registers.h"
#include "loop/trainer_state.h"
#include "modbus/register_table.h"

static bool coil(const et_trainer *trainer, uint16_t address) {
  const et_core *core = &trainer->core;
  switch (address) {
  case ET_COIL_FREEZE: return core->training.mode == ET_MODE_FROZEN;
  case ET_COIL_TRAIN_NOW: return core->job.phase == ET_JOB_TRAIN;
  case ET_COIL_MANUAL_OVERRIDE: return trainer->decide.feedback.manual_override;
  case ET_COIL_SENSOR_FAULT: return trainer->decide.feedback.sensor_fault;
#if ET_WITH_STREAM
  case ET_COIL_ALARM_CONFIRMED: return trainer->stream.alarm.judged == ET_FEEDBACK_KIND_CONFIRMED;
  case ET_COIL_ALARM_FALSE: return trainer->stream.alarm.judged == ET_FEEDBACK_KIND_FALSE_ALARM;
#endif
  default: return false;
  }
}

static bool discrete_input(et_trainer *trainer, uint16_t address) {
  et_core *core = &trainer->core;
  const et_state state = et_trainer_state(trainer);
  switch (address) {
  case ET_INPUT_TRAINED: return core->generations.number != 0u;
  case ET_INPUT_TRAINING: return state != ET_STATE_EMPTY && state != ET_STATE_READY && state != ET_STATE_SAVING;
#if ET_WITH_STREAM
  case ET_INPUT_ALARM: return trainer->stream.alarm.result.alarm;
  case ET_INPUT_NEW_PATTERN: return trainer->stream.alarm.result.alarm && trainer->stream.alarm.result.new_pattern;
#endif
  case ET_INPUT_DRIFT: return trainer->decide.on_demand.drift;
  case ET_INPUT_UNSATISFIED: return trainer->decide.feedback.unsatisfied;
  case ET_INPUT_LOCKED: return et_lock_state(core) == 1u;
  case ET_INPUT_SUSPICIOUS: return trainer->decide.feedback.watch.kind != ET_SUSPICION_NONE;
  case ET_INPUT_DECIDING: return et_io_deciding(&trainer->decide) != 0u;
#if ET_WITH_LOCAL_IO
  case ET_INPUT_LOCAL_FAULT: return trainer->decide.local.state > ET_LOCAL_STATE_OVERRIDDEN;
#endif
  case ET_INPUT_FAULT: return trainer->persistence.fault;
  default: break;
  }
  if (address < ET_INPUT_CLASS_IS || trainer->decide.io.shown.number == 0u) return false;
  return et_class_code(&core->deployment.definition, trainer->decide.io.shown.output_class) == address - ET_INPUT_CLASS_IS;
}

uint8_t et_read_bits(void *user, bool inputs, uint16_t address, uint16_t quantity, uint8_t *packed) {
  et_trainer *trainer = user;
  uint16_t i;
  if ((uint32_t)address + quantity > (inputs ? ET_INPUT_COUNT : ET_COILS)) return et_refuse(trainer, ET_ADDRESS, address);
  memset(packed, 0, (quantity + 7u) / 8u);
  for (i = 0; i < quantity; i++) {
    const uint16_t here = (uint16_t)(address + i);
    if (inputs ? discrete_input(trainer, here) : coil(trainer, here)) packed[i >> 3] |= (uint8_t)(1u << (i & 7u));
  }
  return 0;
}

/* Coil 0. What management has frozen, the process does not lift. */
static et_error write_freeze(et_trainer *trainer, bool on) {
  const et_training *training = &trainer->core.training;
  if (on == (training->mode == ET_MODE_FROZEN)) return ET_OK;
  if (on) return et_trainer_set_mode(trainer, ET_MODE_FROZEN, ET_FROZEN_BY_PROCESS);
  if (training->frozen_by == ET_FROZEN_BY_MANAGEMENT) return ET_FROZEN_FOR_PROCESS;
  return et_trainer_set_mode(trainer, training->mode_before_freeze, ET_FROZEN_BY_NOBODY);
}

static et_error write_coil(et_trainer *trainer, uint16_t address, bool on) {
  const bool teaches = address == ET_COIL_FREEZE || address == ET_COIL_TRAIN_NOW;
  const et_error error = et_may_process(trainer, teaches ? ET_WRITE_TEACH : ET_WRITE_OUTCOME);
  if (error != ET_OK) return error;
  switch (address) {
  case ET_COIL_FREEZE: return write_freeze(trainer, on);
  case ET_COIL_TRAIN_NOW:
    if (!on || trainer->core.job.phase == ET_JOB_TRAIN) return ET_OK;
    return et_trainer_start(trainer, 0u);
  case ET_COIL_MANUAL_OVERRIDE:
    trainer->decide.feedback.manual_override = on;
    if (on) et_io_spoil(&trainer->decide, ET_DISCARD_REASON_MANUAL_OVERRIDE);
    return ET_OK;
  case ET_COIL_SENSOR_FAULT:
    trainer->decide.feedback.sensor_fault = on;
    if (on) et_io_spoil(&trainer->decide, ET_DISCARD_REASON_SENSOR_FAULT);
    return ET_OK;
  default: {
    const int16_t nothing = 0;
    if (!on) return ET_OK;
    if (!et_is_stream(&trainer->core)) return ET_NOT_SUPPORTED;
    return trainer->ops->judge(trainer->loop, trainer->stream.alarm.number,
                               address == ET_COIL_ALARM_CONFIRMED ? ET_FEEDBACK_KIND_CONFIRMED : ET_FEEDBACK_KIND_FALSE_ALARM, &nothing);
  }
  }
}

uint8_t et_write_bits(void *user, uint16_t address, uint16_t quantity, const uint8_t *packed) {
  et_trainer *trainer = user;
  uint16_t i;
  if ((uint32_t)address + quantity > ET_COIL_COUNT) return et_refuse(trainer, ET_ADDRESS, address);
  for (i = 0; i < quantity; i++) {
    const uint16_t here = (uint16_t)(address + i);
    const et_error error = write_coil(trainer, here, ((uint32_t)packed[i >> 3] >> (i & 7u) & 1u) != 0u);
    if (error != ET_OK) return et_refuse(trainer, error, here);
  }
  return 0;
}
