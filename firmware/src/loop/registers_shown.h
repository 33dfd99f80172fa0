/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#ifndef ET_REGISTERS_SHOWN_H
#define ET_REGISTERS_SHOWN_H

#include "modbus/register_table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Registers that show a member of the trainer: its offset times 8, and its bytes: 1, 2 or 4. 0 = one whose value is worked out, or a
 * member that this build leaves out. */
extern ET_CONSTANT uint16_t et_registers_shown[ET_REGISTER_COUNT];

#ifdef __cplusplus
}
#endif

#endif
