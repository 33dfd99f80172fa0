/* The register map's meaning: every register of registers.json read from and written to the blocks of the loop. */
#ifndef ET_REGISTERS_H
#define ET_REGISTERS_H

#include "edge_trainer/trainer.h"
#include "modbus/server.h"

/* Why a request is refused goes to last_error; returns the Modbus exception that fits, 0 for OK. */
uint8_t et_refuse(et_trainer *trainer, et_error error, uint16_t detail);

/* First entry of the register table at or behind the address. */
uint16_t et_register_at(uint16_t address);

/* The callbacks of the Modbus server; `user` is the trainer. */
void et_registers_space(et_trainer *trainer, et_modbus_space *space);

#endif
