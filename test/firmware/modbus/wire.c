#include "wire.h"

#include <string.h>

#include "../check.h"

/* Bit by bit from the polynomial, so that the frames of the test do not depend on the code under test. */
static uint16_t reference_crc(const uint8_t *bytes, uint16_t length) {
  uint16_t crc = 0xffffu, i;
  int bit;
  for (i = 0; i < length; i++) {
    crc ^= bytes[i];
    for (bit = 0; bit < 8; bit++) crc = (uint16_t)((crc & 1u) != 0u ? (crc >> 1) ^ 0xa001u : crc >> 1);
  }
  return crc;
}

static uint16_t receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us) {
  wire *line = user;
  const uint16_t length = line->waiting_length < capacity ? line->waiting_length : capacity;
  if (length != 0u) memcpy(bytes, line->waiting, length);
  line->waiting_length = (uint16_t)(line->waiting_length - length);
  memmove(line->waiting, line->waiting + length, line->waiting_length);
  *silence_us = line->waiting_length == 0u ? line->silence_us : 0u;
  return length;
}

static void send(void *user, const uint8_t *bytes, uint16_t length) {
  wire *line = user;
  CHECK(!line->sending);
  CHECK(length <= ET_MODBUS_FRAME_MAX);
  memcpy(line->answer, bytes, length);
  line->answer_length = length;
  line->answers++;
}

static bool sending(void *user) { return ((wire *)user)->sending; }

static uint8_t read_registers(void *user, uint16_t address, uint16_t quantity, uint8_t *bytes) {
  wire *line = user;
  uint16_t i;
  if (line->fail != 0u) return line->fail;
  if ((uint32_t)address + quantity > SPACE_REGISTERS) return ET_MODBUS_ILLEGAL_ADDRESS;
  for (i = 0; i < quantity; i++) {
    bytes[2u * i] = (uint8_t)(line->registers[address + i] >> 8);
    bytes[2u * i + 1u] = (uint8_t)line->registers[address + i];
  }
  return 0;
}

static uint8_t write_registers(void *user, uint16_t address, uint16_t quantity, uint8_t *bytes) {
  wire *line = user;
  uint16_t i;
  if (line->fail != 0u) return line->fail;
  if ((uint32_t)address + quantity > SPACE_REGISTERS) return ET_MODBUS_ILLEGAL_ADDRESS;
  line->writes++;
  for (i = 0; i < quantity; i++) line->registers[address + i] = (uint16_t)(bytes[2u * i] << 8 | bytes[2u * i + 1u]);
  memset(bytes, 0xee, 2u * quantity); /* it is scratch now */
  return 0;
}

static uint8_t read_bits(void *user, bool inputs, uint16_t address, uint16_t quantity, uint8_t *packed) {
  wire *line = user;
  uint16_t i;
  if (line->fail != 0u) return line->fail;
  if ((uint32_t)address + quantity > SPACE_BITS) return ET_MODBUS_ILLEGAL_ADDRESS;
  memset(packed, 0xff, (quantity + 7u) / 8u); /* the server clears what is beyond the last bit */
  for (i = 0; i < quantity; i++) {
    const bool value = line->bits[address + i] != inputs; /* inputs are the coils inverted, to tell them apart */
    if (!value) packed[i / 8u] &= (uint8_t)(~(1u << (i % 8u)));
  }
  return 0;
}

static uint8_t write_bits(void *user, uint16_t address, uint16_t quantity, const uint8_t *packed) {
  wire *line = user;
  uint16_t i;
  if (line->fail != 0u) return line->fail;
  if ((uint32_t)address + quantity > SPACE_BITS) return ET_MODBUS_ILLEGAL_ADDRESS;
  line->writes++;
  for (i = 0; i < quantity; i++) line->bits[address + i] = (((unsigned)packed[i / 8u] >> (i % 8u)) & 1u) != 0u;
  return 0;
}

static const char *identification(void *user, uint8_t object) {
  const wire *line = user;
  return object < 8u ? line->texts[object] : NULL;
}

void wire_begin(wire *line, uint32_t baud) {
  uint16_t i;
  memset(line, 0, sizeof *line);
  for (i = 0; i < SPACE_REGISTERS; i++) line->registers[i] = (uint16_t)(0x1000u + i);
  line->port.user = line;
  line->port.line.baud = baud;
  line->port.receive = receive;
  line->port.send = send;
  line->port.sending = sending;
  line->space.user = line;
  line->space.read_registers = read_registers;
  line->space.write_registers = write_registers;
  line->space.read_bits = read_bits;
  line->space.write_bits = write_bits;
  line->space.identification = identification;
  line->texts[0] = "vendor";
  line->texts[1] = "code";
  line->texts[2] = "1.0";
  line->texts[4] = "product";
  et_modbus_begin(&line->server);
}

void wire_put(wire *line, const uint8_t *bytes, uint16_t length) {
  CHECK(line->waiting_length + length <= WIRE_MAX);
  memcpy(line->waiting + line->waiting_length, bytes, length);
  line->waiting_length = (uint16_t)(line->waiting_length + length);
}

void wire_frame(wire *line, const uint8_t *bytes, uint16_t length) {
  const uint16_t crc = reference_crc(bytes, length);
  const uint8_t tail[2] = {(uint8_t)crc, (uint8_t)(crc >> 8)};
  wire_put(line, bytes, length);
  wire_put(line, tail, 2);
}

unsigned wire_settle(wire *line, uint8_t unit, uint32_t silence_us) {
  const unsigned before = line->answers;
  unsigned idle = 0;
  line->silence_us = silence_us;
  while (idle < 3u) {
    const uint16_t waiting = line->waiting_length;
    idle = et_modbus_poll(&line->server, &line->port, unit, &line->space) || waiting != line->waiting_length ? 0u : idle + 1u;
  }
  return line->answers - before;
}

bool wire_answered(const wire *line, const uint8_t *bytes, uint16_t length) {
  return line->answer_length == length + 2u && memcmp(line->answer, bytes, length) == 0 &&
         reference_crc(line->answer, line->answer_length) == 0u;
}
