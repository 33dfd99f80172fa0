/* Every register's value. */
#ifndef ET_REGISTERS_READ_H
#define ET_REGISTERS_READ_H

#include "edge_trainer/trainer.h"
#include "modbus/register_table.h"

#define ET_FIRMWARE_MAJOR 0u
#define ET_FIRMWARE_MINOR 1u
#define ET_FIRMWARE_VERSION_TEXT "0.1"

/* Word `index` of the register (0 = its first; wide values: high word first). */
uint16_t et_register_read(et_trainer *trainer, et_register id, uint16_t index);

#endif
