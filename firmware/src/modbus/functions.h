/* Executes one request: the PDU level of the server. */
#ifndef ET_MODBUS_FUNCTIONS_H
#define ET_MODBUS_FUNCTIONS_H

#include "modbus/server.h"

/* Execute the request (`length` bytes with CRC, which is good) and build its answer without CRC. Returns the answer's length.
 * `answer` has ET_MODBUS_FRAME_MAX bytes and may overlap the request from below or be the request: what the request says is
 * read before the answer is written. The request's data bytes may be changed. */
uint16_t et_modbus_execute(uint8_t *request, uint16_t length, uint8_t *answer, const et_modbus_space *space);

/* Whether the answer is an exception. */
bool et_modbus_is_exception(const uint8_t *answer);

#endif
