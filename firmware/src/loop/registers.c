#include "loop/registers.h"

#include <string.h>

#include "loop/bulk.h"
#include "loop/commands.h"
#include "loop/core/lock.h"
#include "loop/decide/evaluation.h"
#include "loop/decide/feedback.h"
#include "loop/decide/io.h"
#include "loop/decide/train_on_demand.h"
#include "loop/registers_read.h"
#include "loop/stream/learning.h"
#include "loop/trainer_state.h"
#include "modbus/register_table.h"

/* Modbus exception codes (Application Protocol V1.1b3, section 7). */
enum { ILLEGAL_ADDRESS = 2, ILLEGAL_VALUE = 3, DEVICE_FAILURE = 4, DEVICE_BUSY = 6 };

/* Why a request is refused goes to last_error; the master gets the exception that fits. */
static uint8_t refuse(et_trainer *trainer, et_error error, uint16_t detail) {
  et_core *core = &trainer->core;
  core->log.error = (uint16_t)error;
  core->log.error_detail = detail;
  switch (error) {
  case ET_OK: return 0;
  case ET_ADDRESS:
  case ET_READ_ONLY: return ILLEGAL_ADDRESS;
  case ET_BUSY: return DEVICE_BUSY;
  case ET_LOCKED:
  case ET_NO_DEFINITION:
  case ET_NOT_SUPPORTED:
  case ET_FROZEN:
  case ET_KEY_WAIT: return DEVICE_FAILURE;
  default: return ILLEGAL_VALUE;
  }
}

static uint16_t word(const uint8_t *bytes) { return (uint16_t)(bytes[0] << 8 | bytes[1]); }

/* First entry at or behind the address. */
static uint16_t find(uint16_t address) {
  uint16_t low = 0, high = ET_REGISTER_COUNT;
  while (low < high) {
    const uint16_t middle = (uint16_t)((low + high) / 2u);
    const et_register_entry *entry = &et_register_table[middle];
    if ((uint32_t)entry->address + entry->words <= address) low = (uint16_t)(middle + 1u);
    else high = middle;
  }
  return low;
}

static uint8_t read_registers(void *user, uint16_t address, uint16_t quantity, uint8_t *bytes) {
  et_trainer *trainer = user;
  uint16_t at = find(address);
  uint16_t i;
  for (i = 0; i < quantity; i++) {
    const uint16_t here = (uint16_t)(address + i);
    const et_register_entry *entry = &et_register_table[at];
    uint16_t value = 0;
    if (at < ET_REGISTER_COUNT && here >= entry->address + entry->words) entry = &et_register_table[++at];
    if (at >= ET_REGISTER_COUNT) return refuse(trainer, ET_ADDRESS, here);
    if (at == ET_R_BULK_DATA && here >= entry->address) {
      /* The rest of the page in one go. */
      const uint16_t left = (uint16_t)(entry->address + entry->words - here);
      const uint16_t take = left < quantity - i ? left : (uint16_t)(quantity - i);
      et_bulk_read_data(trainer, (uint16_t)(here - entry->address), bytes + 2u * i, take);
      i = (uint16_t)(i + take - 1u);
      continue;
    }
    if (here >= entry->address) {
      if ((entry->flags & ET_REGISTER_READ) != 0u) value = et_register_read(trainer, (et_register)at, (uint16_t)(here - entry->address));
    } else if (at == 0u || et_register_table[at - 1u].block != entry->block) {
      return refuse(trainer, ET_ADDRESS, here); /* between two blocks; a gap within one reads 0 */
    }
    bytes[2u * i] = (uint8_t)(value >> 8);
    bytes[2u * i + 1u] = (uint8_t)value;
  }
  return 0;
}

/* ---- Writes: checked whole, then done whole or not at all ---- */

/* Swap `count` words of a shadow with big-endian bytes: a write that is refused afterwards is taken back by the same call. */
static void swap(int16_t *shadow, uint8_t *bytes, uint16_t count) {
  uint16_t i;
  for (i = 0; i < count; i++) {
    const uint16_t old = (uint16_t)shadow[i];
    shadow[i] = (int16_t)word(bytes + 2u * i);
    bytes[2u * i] = (uint8_t)(old >> 8);
    bytes[2u * i + 1u] = (uint8_t)old;
  }
}

static et_error write_input(et_trainer *trainer, uint16_t address, uint16_t quantity, uint8_t *bytes, uint16_t *detail) {
  et_core *core = &trainer->core;
  const bool ticket = address == ET_A_TICKET;
  const uint16_t first = ticket ? 0u : (uint16_t)(address - ET_A_FEATURES);
  const uint16_t count = ticket ? (uint16_t)(quantity - 1u) : quantity;
  uint8_t *features = ticket ? bytes + 2 : bytes;
  et_error error;
  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (et_is_stream(core)) return ET_NOT_SUPPORTED;
  if ((uint32_t)first + count > core->deployment.definition.fixed->features) {
    *detail = (uint16_t)(ET_A_FEATURES + core->deployment.definition.fixed->features);
    return ET_ADDRESS;
  }
  swap(et_input(core) + first, features, count);
  if (!ticket) return ET_OK;
  error = et_io_infer(&trainer->decide, word(bytes), detail);
  if (error == ET_OK) trainer->decide.io.ticket = word(bytes);
  else swap(et_input(core) + first, features, count);
  return error;
}

static et_error write_feedback(et_trainer *trainer, uint16_t address, uint16_t quantity, const uint8_t *bytes) {
  et_core *core = &trainer->core;
  const uint16_t kind_before = core->outcome.kind;
  const int16_t value_before = core->outcome.value;
  uint16_t number = 0, i;
  et_error error;
  if (address == ET_A_SET_POINT) {
    if (core->deployment.model == NULL) return ET_NO_DEFINITION;
    et_feedback_set_point(&trainer->decide, (int16_t)word(bytes));
    return ET_OK;
  }
  for (i = 0; i < quantity; i++) {
    const uint16_t value = word(bytes + 2u * i);
    switch ((uint16_t)(address + i)) {
    case ET_A_FEEDBACK_TICKET: number = value; break;
    case ET_A_FEEDBACK_KIND: core->outcome.kind = value; break;
    default: core->outcome.value = (int16_t)value; break;
    }
  }
  if (address != ET_A_FEEDBACK_TICKET) return ET_OK;
  error = number == 0u ? ET_TICKET_ZERO : trainer->ops->judge(trainer->loop, number, core->outcome.kind, core->outcome.value);
  if (error == ET_OK) {
    core->outcome.ticket = number;
  } else {
    core->outcome.kind = kind_before;
    core->outcome.value = value_before;
  }
  return error;
}

static et_error write_samples(et_trainer *trainer, uint16_t address, uint16_t quantity, const uint8_t *bytes) {
  if (address != ET_A_SAMPLE_SEQUENCE || quantity < 3u) return ET_PARTIAL;
  return et_stream_take(&trainer->stream, word(bytes), word(bytes + 2), bytes + 4, (uint16_t)(quantity - 2u));
}

static et_error write_command(et_trainer *trainer, uint16_t address, uint16_t quantity, const uint8_t *bytes) {
  uint16_t i;
  for (i = 0; i < quantity; i++) {
    const uint16_t value = word(bytes + 2u * i);
    switch ((uint16_t)(address + i)) {
    case ET_A_COMMAND_ARGUMENT: trainer->commands.argument = (uint32_t)value << 16 | (trainer->commands.argument & 0xffffu); break;
    case ET_A_COMMAND_ARGUMENT + 1u: trainer->commands.argument = (trainer->commands.argument & 0xffff0000u) | value; break;
    case ET_A_COMMAND_CODE: trainer->commands.code = value; break;
    default: {
      const et_error error = et_command_run(trainer, value);
      if (error == ET_OK) trainer->commands.ticket = value;
      return error;
    }
    }
  }
  return ET_OK;
}

static et_error write_lock(et_trainer *trainer, uint16_t address, uint16_t quantity, const uint8_t *bytes) {
  et_core *core = &trainer->core;
  if (quantity != 8u) return ET_PARTIAL;
  if (address == ET_A_RESPONSE) return et_lock_respond(core, bytes);
  if (address != ET_A_KEY) return ET_PARTIAL;
  et_lock_set_key(core, bytes);
  return ET_OK;
}

static et_error write_bulk(et_trainer *trainer, uint16_t address, uint16_t quantity, const uint8_t *bytes) {
  if (address == ET_A_BULK_OBJECT && quantity == 1u) return et_bulk_select(trainer, word(bytes), 0);
  if (address == ET_A_BULK_OBJECT && quantity == 2u) return et_bulk_select(trainer, word(bytes), word(bytes + 2));
  if (address == ET_A_BULK_PAGE && quantity == 1u) return et_bulk_select(trainer, trainer->bulk.object, word(bytes));
  if (address != ET_A_BULK_OBJECT || quantity < 7u) return ET_PARTIAL;
  return et_bulk_put(trainer, bytes, quantity);
}

/* Every register of the request: there, writable, not locked, in range, wide values whole. */
static et_error check_write(et_trainer *trainer, uint16_t address, uint16_t quantity, const uint8_t *bytes, uint16_t *detail) {
  uint16_t at = find(address);
  uint16_t i;
  for (i = 0; i < quantity; i++) {
    const uint16_t here = (uint16_t)(address + i);
    const et_register_entry *entry;
    *detail = here;
    while (at < ET_REGISTER_COUNT && here >= et_register_table[at].address + et_register_table[at].words) at++;
    if (at >= ET_REGISTER_COUNT || here < et_register_table[at].address) return ET_ADDRESS;
    entry = &et_register_table[at];
    if ((entry->flags & ET_REGISTER_WRITE) == 0u) return ET_READ_ONLY;
    if ((entry->flags & ET_REGISTER_MANAGE) != 0u && !et_lock_open(&trainer->core)) return ET_LOCKED;
    if (entry->words == 1u && (word(bytes + 2u * i) < entry->min || word(bytes + 2u * i) > entry->max)) return ET_VALUE;
    if (entry->element > 1u) {
      const uint16_t within = (uint16_t)((here - entry->address) % entry->element);
      if ((i == 0u && within != 0u) || (i + 1u == quantity && within + 1u != entry->element)) return ET_PARTIAL;
    }
  }
  return ET_OK;
}

static uint8_t write_registers(void *user, uint16_t address, uint16_t quantity, uint8_t *bytes) {
  et_trainer *trainer = user;
  uint16_t detail = 0;
  et_error error = check_write(trainer, address, quantity, bytes, &detail);
  if (error == ET_OK) {
    /* The blocks are apart, so a write that passed the check lies within one. */
    detail = address;
    switch (et_register_table[find(address)].block) {
    case ET_BLOCK_INPUT: error = write_input(trainer, address, quantity, bytes, &detail); break;
    case ET_BLOCK_FEEDBACK: error = write_feedback(trainer, address, quantity, bytes); break;
    case ET_BLOCK_SAMPLES: error = write_samples(trainer, address, quantity, bytes); break;
    case ET_BLOCK_COMMAND: error = write_command(trainer, address, quantity, bytes); break;
    case ET_BLOCK_LOCK: error = write_lock(trainer, address, quantity, bytes); break;
    case ET_BLOCK_BULK: error = write_bulk(trainer, address, quantity, bytes); break;
    case ET_BLOCK_IDENTITY:
      trainer->unit = (uint8_t)word(bytes);
      trainer->core.changes.wanted = trainer->core.changes.urgent = true;
      break;
    default: error = ET_READ_ONLY; break;
    }
  }
  return error == ET_OK ? 0u : refuse(trainer, error, detail);
}

/* ---- Bits ---- */

static bool coil(const et_trainer *trainer, uint16_t address) {
  const et_core *core = &trainer->core;
  switch (address) {
  case ET_COIL_FREEZE: return core->training.mode == ET_MODE_FROZEN;
  case ET_COIL_TRAIN_NOW: return core->job.phase == ET_JOB_TRAIN;
  case ET_COIL_MANUAL_OVERRIDE: return trainer->decide.feedback.manual_override;
  case ET_COIL_SENSOR_FAULT: return trainer->decide.feedback.sensor_fault;
  case ET_COIL_ALARM_CONFIRMED: return trainer->stream.alarm.judged == ET_FEEDBACK_KIND_CONFIRMED;
  default: return trainer->stream.alarm.judged == ET_FEEDBACK_KIND_FALSE_ALARM;
  }
}

static bool discrete_input(et_trainer *trainer, uint16_t address) {
  et_core *core = &trainer->core;
  const et_state state = et_trainer_state(trainer);
  switch (address) {
  case ET_INPUT_TRAINED: return core->generations.number != 0u;
  case ET_INPUT_TRAINING: return state != ET_STATE_EMPTY && state != ET_STATE_READY && state != ET_STATE_SAVING;
#ifndef ET_WITHOUT_STREAM
  case ET_INPUT_ALARM: return trainer->stream.alarm.result.alarm;
  case ET_INPUT_NEW_PATTERN: return trainer->stream.alarm.result.alarm && trainer->stream.alarm.result.new_pattern;
#endif
  case ET_INPUT_DRIFT: return trainer->decide.on_demand.drift;
  case ET_INPUT_UNSATISFIED: return trainer->decide.feedback.unsatisfied;
  case ET_INPUT_LOCKED: return et_lock_state(core) == 1u;
  case ET_INPUT_FAULT: return trainer->persistence.fault;
  default: break;
  }
  if (address >= ET_INPUT_CLASS_IS) return trainer->decide.io.shown.number != 0u && et_class_code(&trainer->core.deployment.definition, trainer->decide.io.shown.output_class) == address - ET_INPUT_CLASS_IS;
  return false;
}

static uint8_t read_bits(void *user, bool inputs, uint16_t address, uint16_t quantity, uint8_t *packed) {
  et_trainer *trainer = user;
  uint16_t i;
  if ((uint32_t)address + quantity > (inputs ? ET_INPUT_COUNT : ET_COIL_COUNT)) return refuse(trainer, ET_ADDRESS, address);
  memset(packed, 0, (quantity + 7u) / 8u);
  for (i = 0; i < quantity; i++) {
    const uint16_t here = (uint16_t)(address + i);
    if (inputs ? discrete_input(trainer, here) : coil(trainer, here)) packed[i >> 3] |= (uint8_t)(1u << (i & 7u));
  }
  return 0;
}

static et_error write_coil(et_trainer *trainer, uint16_t address, bool on) {
  et_core *core = &trainer->core;
  switch (address) {
  case ET_COIL_FREEZE:
    if (on == (core->training.mode == ET_MODE_FROZEN)) return ET_OK;
    return et_trainer_set_mode(trainer, on ? ET_MODE_FROZEN : core->training.mode_before_freeze);
  case ET_COIL_TRAIN_NOW:
    if (!on || core->job.phase == ET_JOB_TRAIN) return ET_OK;
    return et_trainer_start(trainer, 0u);
  case ET_COIL_MANUAL_OVERRIDE:
    trainer->decide.feedback.manual_override = on;
    if (on) et_io_spoil(&trainer->decide, ET_DISCARD_REASON_MANUAL_OVERRIDE);
    return ET_OK;
  case ET_COIL_SENSOR_FAULT:
    trainer->decide.feedback.sensor_fault = on;
    if (on) et_io_spoil(&trainer->decide, ET_DISCARD_REASON_SENSOR_FAULT);
    return ET_OK;
  default:
    if (!on) return ET_OK;
    if (!et_is_stream(core)) return ET_NOT_SUPPORTED;
    return trainer->ops->judge(trainer->loop, trainer->stream.alarm.number,
                               address == ET_COIL_ALARM_CONFIRMED ? ET_FEEDBACK_KIND_CONFIRMED : ET_FEEDBACK_KIND_FALSE_ALARM, 0);
  }
}

static uint8_t write_bits(void *user, uint16_t address, uint16_t quantity, const uint8_t *packed) {
  et_trainer *trainer = user;
  uint16_t i;
  if ((uint32_t)address + quantity > ET_COIL_COUNT) return refuse(trainer, ET_ADDRESS, address);
  for (i = 0; i < quantity; i++) {
    const uint16_t here = (uint16_t)(address + i);
    const et_error error = write_coil(trainer, here, ((uint32_t)packed[i >> 3] >> (i & 7u) & 1u) != 0u);
    if (error != ET_OK) return refuse(trainer, error, here);
  }
  return 0;
}

static const char *identification(void *user, uint8_t object) {
  const et_trainer *trainer = user;
  switch (object) {
  case 0: return "Edge Trainer";                     /* VendorName */
  case 1: return "ET";                               /* ProductCode */
  case 2: return ET_FIRMWARE_VERSION_TEXT;           /* MajorMinorRevision */
  case 4: return "Edge Trainer";                     /* ProductName */
  case 5: return trainer->core.port->board;               /* ModelName */
  case 6: return "self-learning Modbus device";      /* UserApplicationName */
  default: return NULL;
  }
}

void et_registers_space(et_trainer *trainer, et_modbus_space *space) {
  space->user = trainer;
  space->read_registers = read_registers;
  space->write_registers = write_registers;
  space->read_bits = read_bits;
  space->write_bits = write_bits;
  space->identification = identification;
}
