#include "modbus/functions.h"

#include <string.h>

#include "support/bytes.h"

/* Quantities per request (APP 6.1, 6.3, 6.11, 6.12, 6.17). */
enum { READ_BITS_MAX = 2000, READ_MAX = 125, WRITE_BITS_MAX = 1968, WRITE_MAX = 123, BOTH_READ_MAX = 125, BOTH_WRITE_MAX = 121 };

#define PDU_MAX 253u

/* Read device identification (APP 6.21). */
enum { MEI_IDENTIFICATION = 14, BASIC = 1, REGULAR = 2, EXTENDED = 3, INDIVIDUAL = 4 };
enum { LAST_BASIC = 2, LAST_REGULAR = 6, CONFORMITY = 0x82, MORE_FOLLOWS = 0xff };

static uint8_t check_span(uint16_t address, uint16_t quantity, uint16_t most) {
  if (quantity == 0u || quantity > most) return ET_MODBUS_ILLEGAL_VALUE;
  if ((uint32_t)address + quantity > 0x10000u) return ET_MODBUS_ILLEGAL_ADDRESS;
  return 0;
}

static uint8_t read_bits(const uint8_t *request, uint8_t *answer, uint16_t *length, const et_modbus_space *space) {
  const bool inputs = request[1] == 2u;
  const uint16_t address = et_be16(request + 2), quantity = et_be16(request + 4);
  const uint8_t bytes = (uint8_t)((quantity + 7u) / 8u);
  uint8_t exception = check_span(address, quantity, READ_BITS_MAX);
  if (exception != 0u) return exception;
  exception = space->read_bits(space->user, inputs, address, quantity, answer + 3);
  if (exception != 0u) return exception;
  if (quantity % 8u != 0u) answer[2u + bytes] &= (uint8_t)((1u << (quantity % 8u)) - 1u); /* unused bits are 0 */
  answer[2] = bytes;
  *length = (uint16_t)(3u + bytes);
  return 0;
}

static uint8_t read_registers(const uint8_t *request, uint8_t *answer, uint16_t *length, const et_modbus_space *space) {
  const uint16_t address = et_be16(request + 2), quantity = et_be16(request + 4);
  uint8_t exception = check_span(address, quantity, READ_MAX);
  if (exception == 0u) exception = space->read_registers(space->user, address, quantity, answer + 3);
  if (exception != 0u) return exception;
  answer[2] = (uint8_t)(2u * quantity);
  *length = (uint16_t)(3u + 2u * quantity);
  return 0;
}

/* Functions 5, 6, 15 and 16 answer with the address and the value or quantity they were sent. */
static void repeat_header(uint16_t address, uint16_t value, uint8_t *answer, uint16_t *length) {
  et_put_be16(answer + 2, address);
  et_put_be16(answer + 4, value);
  *length = 6;
}

static uint8_t write_one_bit(const uint8_t *request, uint8_t *answer, uint16_t *length, const et_modbus_space *space) {
  const uint16_t address = et_be16(request + 2), value = et_be16(request + 4);
  const uint8_t packed = value == 0xff00u ? 1u : 0u;
  uint8_t exception;
  if (value != 0u && value != 0xff00u) return ET_MODBUS_ILLEGAL_VALUE;
  exception = space->write_bits(space->user, address, 1, &packed);
  if (exception == 0u) repeat_header(address, value, answer, length);
  return exception;
}

static uint8_t write_one_register(uint8_t *request, uint8_t *answer, uint16_t *length, const et_modbus_space *space) {
  const uint16_t address = et_be16(request + 2), value = et_be16(request + 4);
  const uint8_t exception = space->write_registers(space->user, address, 1, request + 4);
  if (exception == 0u) repeat_header(address, value, answer, length);
  return exception;
}

static uint8_t write_many(uint8_t *request, uint8_t *answer, uint16_t *length, const et_modbus_space *space) {
  const bool bits = request[1] == 15u;
  const uint16_t address = et_be16(request + 2), quantity = et_be16(request + 4);
  uint8_t exception = check_span(address, quantity, bits ? WRITE_BITS_MAX : WRITE_MAX);
  if (exception != 0u) return exception;
  if (request[6] != (bits ? (quantity + 7u) / 8u : 2u * quantity)) return ET_MODBUS_ILLEGAL_VALUE;
  exception = bits ? space->write_bits(space->user, address, quantity, request + 7)
                   : space->write_registers(space->user, address, quantity, request + 7);
  if (exception == 0u) repeat_header(address, quantity, answer, length);
  return exception;
}

/* The write comes before the read (APP 6.17): features in, decision out in one exchange. */
static uint8_t write_and_read(uint8_t *request, uint8_t *answer, uint16_t *length, const et_modbus_space *space) {
  const uint16_t read_address = et_be16(request + 2), read_quantity = et_be16(request + 4);
  const uint16_t write_address = et_be16(request + 6), write_quantity = et_be16(request + 8);
  uint8_t exception = check_span(read_address, read_quantity, BOTH_READ_MAX);
  if (exception == 0u) exception = check_span(write_address, write_quantity, BOTH_WRITE_MAX);
  if (exception != 0u) return exception;
  if (request[10] != 2u * write_quantity) return ET_MODBUS_ILLEGAL_VALUE;
  exception = space->write_registers(space->user, write_address, write_quantity, request + 11);
  if (exception == 0u) exception = space->read_registers(space->user, read_address, read_quantity, answer + 3);
  if (exception != 0u) return exception;
  answer[2] = (uint8_t)(2u * read_quantity);
  *length = (uint16_t)(3u + 2u * read_quantity);
  return 0;
}

static uint8_t *put_object(uint8_t *at, uint8_t object, const char *text, uint16_t length) {
  at[0] = object;
  at[1] = (uint8_t)length;
  memcpy(at + 2, text, length);
  return at + 2u + length;
}

static uint8_t identify(const uint8_t *request, uint8_t *answer, uint16_t *length, const et_modbus_space *space) {
  const uint8_t code = request[3];
  uint8_t object = request[4];
  const uint8_t last = code == BASIC ? LAST_BASIC : LAST_REGULAR; /* more than there is: what there is */
  uint8_t *end = answer + 8;
  uint8_t count = 0;
  if (request[2] != MEI_IDENTIFICATION) return ET_MODBUS_ILLEGAL_FUNCTION;
  if (code < BASIC || code > INDIVIDUAL) return ET_MODBUS_ILLEGAL_VALUE;
  answer[5] = answer[6] = 0; /* no more follows */
  if (code == INDIVIDUAL) {
    const char *text = space->identification(space->user, object);
    if (text == NULL) return ET_MODBUS_ILLEGAL_ADDRESS;
    end = put_object(end, object, text, (uint16_t)strlen(text));
    count = 1;
  } else {
    /* An object that does not exist starts again from the first (APP 6.21). */
    if (object > last || space->identification(space->user, object) == NULL) object = 0;
    for (; object <= last; object++) {
      const char *text = space->identification(space->user, object);
      const size_t bytes = text == NULL ? 0u : strlen(text);
      if (text == NULL) continue;
      if ((size_t)(end - answer) + 2u + bytes > 1u + PDU_MAX) {
        answer[5] = MORE_FOLLOWS;
        answer[6] = object;
        break;
      }
      end = put_object(end, object, text, (uint16_t)bytes);
      count++;
    }
  }
  answer[2] = MEI_IDENTIFICATION;
  answer[3] = code;
  answer[4] = CONFORMITY; /* regular identification, as a stream and object by object */
  answer[7] = count;
  *length = (uint16_t)(end - answer);
  return 0;
}

uint16_t et_modbus_execute(uint8_t *request, uint16_t length, uint8_t *answer, const et_modbus_space *space) {
  const uint8_t unit = request[0], function = request[1];
  uint16_t answered = 0;
  uint8_t exception;
  switch (function) {
  case 1:
  case 2: exception = read_bits(request, answer, &answered, space); break;
  case 3:
  case 4: exception = read_registers(request, answer, &answered, space); break;
  case 5: exception = write_one_bit(request, answer, &answered, space); break;
  case 6: exception = write_one_register(request, answer, &answered, space); break;
  case 15:
  case 16: exception = write_many(request, answer, &answered, space); break;
  case 23: exception = write_and_read(request, answer, &answered, space); break;
  case 43: exception = length == 7u ? identify(request, answer, &answered, space) : (uint8_t)ET_MODBUS_ILLEGAL_FUNCTION; break;
  default: exception = ET_MODBUS_ILLEGAL_FUNCTION; break;
  }
  answer[0] = unit;
  answer[1] = function;
  if (exception != 0u) {
    answer[1] = (uint8_t)(function | 0x80u);
    answer[2] = exception;
    answered = 3;
  }
  return answered;
}

bool et_modbus_is_exception(const uint8_t *answer) { return (answer[1] & 0x80u) != 0u; }
