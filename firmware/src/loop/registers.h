/* The register map's meaning: every register of registers.json read from and written to the blocks of the loop. */
#ifndef ET_REGISTERS_H
#define ET_REGISTERS_H

#include "edge_trainer/trainer.h"
#include "modbus/server.h"

/* The callbacks of the Modbus server; `user` is the trainer. */
void et_registers_space(et_trainer *trainer, et_modbus_space *space);

#endif
