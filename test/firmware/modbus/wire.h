/* A port whose line the test is: bytes are laid on it in pieces with silences between, answers are kept. And a space that is a
 * plain array of registers and bits. */
#ifndef TEST_WIRE_H
#define TEST_WIRE_H

#include "modbus/server.h"

#define WIRE_MAX 4096u
#define SPACE_REGISTERS 300u
#define SPACE_BITS 2400u

typedef struct wire {
  uint8_t waiting[WIRE_MAX];
  uint16_t waiting_length;
  uint32_t silence_us;
  uint8_t answer[ET_MODBUS_FRAME_MAX];
  uint16_t answer_length;
  unsigned answers;
  bool sending;
  uint16_t registers[SPACE_REGISTERS];
  bool bits[SPACE_BITS];
  unsigned writes;
  uint8_t fail; /* exception that every access gives */
  const char *texts[8];
  et_port port;
  et_modbus_space space;
  et_modbus_server server;
} wire;

void wire_begin(wire *line, uint32_t baud);
/* Lay bytes on the line, as they are. */
void wire_put(wire *line, const uint8_t *bytes, uint16_t length);
/* Lay a frame on the line: the bytes with their CRC behind. */
void wire_frame(wire *line, const uint8_t *bytes, uint16_t length);
/* Poll until nothing moves any more, with so much silence since the last byte. Returns how many answers came. */
unsigned wire_settle(wire *line, uint8_t unit, uint32_t silence_us);
/* Whether the last answer is these bytes and a good CRC. */
bool wire_answered(const wire *line, const uint8_t *bytes, uint16_t length);

/* wire_frame and wire_answered with the bytes spelled out. */
#define FRAME(line, ...) wire_frame(line, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))
#define PUT(line, ...) wire_put(line, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))
#define ANSWERED(line, ...) wire_answered(line, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

#endif
