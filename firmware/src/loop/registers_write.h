/* Writes to registers: checked whole, then done whole or not at all. */
#ifndef ET_REGISTERS_WRITE_H
#define ET_REGISTERS_WRITE_H

#include "edge_trainer/contract.h"

/* As et_modbus_space has it; `user` is the trainer. */
uint8_t et_write_registers(void *user, uint16_t address, uint16_t quantity, uint8_t *bytes);

#endif
