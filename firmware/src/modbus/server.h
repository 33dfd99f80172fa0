/* Modbus RTU server after "MODBUS Application Protocol Specification V1.1b3" (APP below) and "MODBUS over Serial Line V1.02"
 * (SER below). Functions 1, 2, 3, 4, 5, 6, 15, 16, 23 and 43/14. Knows frames; what registers and bits mean is the space's. */
#ifndef ET_MODBUS_SERVER_H
#define ET_MODBUS_SERVER_H

#include "edge_trainer/port.h"

#define ET_MODBUS_FRAME_MAX 256u /* SER 2.3: unit, 253 bytes PDU, CRC */

/* Exception codes (APP 7). */
enum {
  ET_MODBUS_ILLEGAL_FUNCTION = 1,
  ET_MODBUS_ILLEGAL_ADDRESS = 2,
  ET_MODBUS_ILLEGAL_VALUE = 3,
  ET_MODBUS_DEVICE_FAILURE = 4,
  ET_MODBUS_DEVICE_BUSY = 6
};

/* What the server serves. All functions return 0 = done, else the exception code of the answer. Register bytes are big-endian,
 * 2 * quantity of them, as on the wire; packed bits start at the lowest bit of the first byte. Quantities are within the
 * limits of the protocol and address + quantity never passes 65536. */
typedef struct et_modbus_space {
  void *user;
  uint8_t (*read_registers)(void *user, uint16_t address, uint16_t quantity, uint8_t *bytes);
  uint8_t (*write_registers)(void *user, uint16_t address, uint16_t quantity, uint8_t *bytes); /* may use bytes as scratch */
  uint8_t (*read_bits)(void *user, bool inputs, uint16_t address, uint16_t quantity, uint8_t *packed);
  uint8_t (*write_bits)(void *user, uint16_t address, uint16_t quantity, const uint8_t *packed);
  const char *(*identification)(void *user, uint8_t object); /* FC 43/14; NULL = no such object; ASCII, at most 240 characters */
} et_modbus_space;

typedef struct et_modbus_server {
  uint32_t frames_good;               /* requests for this unit, broadcasts included, with a good CRC */
  uint32_t frames_bad;                /* runs of bytes that were no frame of anybody */
  uint32_t exceptions;                /* exception answers */
  uint16_t length;                    /* bytes in `frame` */
  bool broadcast;                     /* the request that is being executed came to unit 0 */
  bool scanned;                       /* nothing new since `frame` was searched to its end */
  uint8_t frame[ET_MODBUS_FRAME_MAX]; /* received bytes, then the answer: the request is read before it is overwritten */
} et_modbus_server;

void et_modbus_begin(et_modbus_server *server);

/* What was received belongs to no frame any more: the line has changed. */
void et_modbus_forget(et_modbus_server *server);

/* Take received bytes, answer at most one request. Returns true when a request was handled. unit 1..247.
 *
 * With port->line.baud > 0 a frame ends by 3.5 characters of silence (SER 2.5.1.1; 1750 us above 19200 baud); shorter gaps are
 * tolerated. With baud 0 it ends where its function code says. In both cases a request is found at any offset by its CRC, so
 * that garbage costs what it hit and no more; requests and answers of other units are skipped silently. When several requests
 * for this unit have piled up (the board was busy writing flash, the master timed out), only the last is answered: a late
 * answer would be taken for that to the next request. */
bool et_modbus_poll(et_modbus_server *server, const et_port *port, uint8_t unit, const et_modbus_space *space);

#endif
