/* Every register's value. */
#ifndef ET_REGISTERS_READ_H
#define ET_REGISTERS_READ_H

#include "edge_trainer/trainer.h"
#include "modbus/register_table.h"

/* Word `index` of the register (0 = its first; wide values: high word first). */
uint16_t et_register_read(et_trainer *trainer, et_register id, uint16_t index);

#endif
