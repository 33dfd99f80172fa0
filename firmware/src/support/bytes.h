/* Numbers in byte order given by name, at any alignment. Modbus is big-endian, stored blocks are little-endian. */
#ifndef ET_BYTES_H
#define ET_BYTES_H

#include <stdint.h>

static inline uint16_t et_be16(const uint8_t *bytes) { return (uint16_t)((uint16_t)(bytes[0] << 8) | bytes[1]); }

static inline uint32_t et_be32(const uint8_t *bytes) { return (uint32_t)et_be16(bytes) << 16 | et_be16(bytes + 2); }

static inline void et_put_be16(uint8_t *bytes, uint16_t value) {
  bytes[0] = (uint8_t)(value >> 8);
  bytes[1] = (uint8_t)value;
}

static inline void et_put_be32(uint8_t *bytes, uint32_t value) {
  et_put_be16(bytes, (uint16_t)(value >> 16));
  et_put_be16(bytes + 2, (uint16_t)value);
}

static inline uint16_t et_le16(const uint8_t *bytes) { return (uint16_t)((uint16_t)(bytes[1] << 8) | bytes[0]); }

static inline uint32_t et_le32(const uint8_t *bytes) { return (uint32_t)et_le16(bytes + 2) << 16 | et_le16(bytes); }

static inline void et_put_le16(uint8_t *bytes, uint16_t value) {
  bytes[0] = (uint8_t)value;
  bytes[1] = (uint8_t)(value >> 8);
}

static inline void et_put_le32(uint8_t *bytes, uint32_t value) {
  et_put_le16(bytes, (uint16_t)value);
  et_put_le16(bytes + 2, (uint16_t)(value >> 16));
}

#endif
