#include "modbus/frame.h"

#include "modbus/server.h"
#include "support/crc.h"

#define UNIT_MAX 247u
#define SHORTEST 4u /* unit, function, CRC */

/* Length of a request by its function code: NO_FRAME when that is not known, UNFINISHED when its byte count is not there yet. */
static uint16_t request_length(const uint8_t *bytes, uint16_t available) {
  switch (bytes[1]) {
  case 1:
  case 2:
  case 3:
  case 4:
  case 5:
  case 6: return 8;
  case 15:
  case 16: return available < 7u ? ET_MODBUS_UNFINISHED : (uint16_t)(9u + bytes[6]);
  case 23: return available < 11u ? ET_MODBUS_UNFINISHED : (uint16_t)(13u + bytes[10]);
  case 43:
    if (available < 3u) return ET_MODBUS_UNFINISHED;
    return bytes[2] == 14u ? 7u : ET_MODBUS_NO_FRAME;
  default: return ET_MODBUS_NO_FRAME;
  }
}

static uint16_t answer_length(const uint8_t *bytes, uint16_t available) {
  if ((bytes[1] & 0x80u) != 0u) return 5;
  switch (bytes[1]) {
  case 1:
  case 2:
  case 3:
  case 4:
  case 23: return available < 3u ? ET_MODBUS_UNFINISHED : (uint16_t)(5u + bytes[2]);
  case 5:
  case 6:
  case 15:
  case 16: return 8;
  default: return ET_MODBUS_NO_FRAME;
  }
}

/* `length` when the frame of that length is there and its CRC is good. */
static uint16_t confirmed(const uint8_t *bytes, uint16_t available, uint16_t length) {
  if (length == ET_MODBUS_NO_FRAME || length == ET_MODBUS_UNFINISHED) return length;
  if (length > ET_MODBUS_FRAME_MAX) return ET_MODBUS_NO_FRAME;
  if (length > available) return ET_MODBUS_UNFINISHED;
  return et_crc16(ET_CRC16_START, bytes, length) == 0u ? length : ET_MODBUS_NO_FRAME;
}

uint16_t et_modbus_frame_length(const uint8_t *bytes, uint16_t available, uint8_t unit) {
  uint16_t request, answer;
  if (bytes[0] > UNIT_MAX) return ET_MODBUS_NO_FRAME;
  if (available < 2u) return ET_MODBUS_UNFINISHED;
  request = confirmed(bytes, available, request_length(bytes, available));
  if (request != ET_MODBUS_NO_FRAME && request != ET_MODBUS_UNFINISHED) return request;
  if (bytes[0] == 0u || bytes[0] == unit) return request; /* nobody answers as 0, and only this server as itself */
  answer = confirmed(bytes, available, answer_length(bytes, available));
  return answer == ET_MODBUS_NO_FRAME ? request : answer;
}

uint16_t et_modbus_unknown_length(const uint8_t *bytes, uint16_t available, uint8_t unit, bool ended) {
  if (bytes[0] == unit ? bytes[1] == 0u || bytes[1] > 127u : !ended || bytes[0] > UNIT_MAX) return ET_MODBUS_NO_FRAME;
  if (request_length(bytes, available) != ET_MODBUS_NO_FRAME) return ET_MODBUS_NO_FRAME;
  if (available >= SHORTEST && et_crc16(ET_CRC16_START, bytes, available) == 0u) return available;
  return available < ET_MODBUS_FRAME_MAX ? ET_MODBUS_UNFINISHED : ET_MODBUS_NO_FRAME;
}
