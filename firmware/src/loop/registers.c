#include "loop/registers.h"

#include "loop/bits.h"
#include "loop/bulk.h"
#include "loop/registers_read.h"
#include "loop/registers_write.h"
#include "loop/trainer_state.h"
#include "modbus/register_table.h"

/* Modbus exception codes (Application Protocol V1.1b3, section 7). */
enum { ILLEGAL_ADDRESS = 2, ILLEGAL_VALUE = 3, DEVICE_FAILURE = 4, DEVICE_BUSY = 6 };

uint8_t et_refuse(et_trainer *trainer, et_error error, uint16_t detail) {
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
  case ET_FROZEN_FOR_PROCESS:
  case ET_BROADCAST:
  case ET_PROCESS_CLOSED:
  case ET_KEY_WAIT:
  case ET_KEY_RESPONSE: return DEVICE_FAILURE;
  default: return ILLEGAL_VALUE;
  }
}

uint16_t et_register_at(uint16_t address) {
  uint16_t low = 0, high = ET_REGISTER_COUNT;
  while (low < high) {
    const uint16_t middle = (uint16_t)((low + high) / 2u);
    ET_CONSTANT et_register_entry *entry = &et_register_table[middle];
    if ((uint32_t)entry->address + entry->words <= address) low = (uint16_t)(middle + 1u);
    else high = middle;
  }
  return low;
}

static uint8_t read_registers(void *user, uint16_t address, uint16_t quantity, uint8_t *bytes) {
  et_trainer *trainer = user;
  uint16_t at = et_register_at(address);
  uint16_t i;
  for (i = 0; i < quantity; i++) {
    const uint16_t here = (uint16_t)(address + i);
    ET_CONSTANT et_register_entry *entry = &et_register_table[at];
    uint16_t value = 0;
    if (at < ET_REGISTER_COUNT && here >= entry->address + entry->words) entry = &et_register_table[++at];
    if (at >= ET_REGISTER_COUNT) return et_refuse(trainer, ET_ADDRESS, here);
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
    } else if (here >= ET_PLC_REGISTERS && et_register_table[at - 1u].block != entry->block) {
      return et_refuse(trainer, ET_ADDRESS, here); /* between two blocks; a gap within one, or anywhere among those of the PLC, reads 0 */
    }
    bytes[2u * i] = (uint8_t)(value >> 8);
    bytes[2u * i + 1u] = (uint8_t)value;
  }
  return 0;
}

static const char *identification(void *user, uint8_t object) {
  const et_trainer *trainer = user;
  switch (object) {
  case 0: return "Edge Trainer";                /* VendorName */
  case 1: return "ET";                          /* ProductCode */
  case 2: return ET_FIRMWARE_VERSION_TEXT;      /* MajorMinorRevision */
  case 4: return "Edge Trainer";                /* ProductName */
  case 5: return trainer->core.port->board;     /* ModelName */
  case 6: return "self-learning Modbus device"; /* UserApplicationName */
  default: return NULL;
  }
}

void et_registers_space(et_trainer *trainer, et_modbus_space *space) {
  space->user = trainer;
  space->read_registers = read_registers;
  space->write_registers = et_write_registers;
  space->read_bits = et_read_bits;
  space->write_bits = et_write_bits;
  space->identification = identification;
}
