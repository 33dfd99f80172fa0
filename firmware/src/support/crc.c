#include "support/crc.h"

/* Remainders of one nibble: a sixteenth of the usual table's size at about twice its time; small boards have no room for 1.5 kB
 * of tables. Entry n is n shifted through four steps of the polynomial; the tests derive both tables afresh. */
static const uint16_t nibble16[16] = {
    0x0000u, 0xcc01u, 0xd801u, 0x1400u, 0xf001u, 0x3c00u, 0x2800u, 0xe401u,
    0xa001u, 0x6c00u, 0x7800u, 0xb401u, 0x5000u, 0x9c01u, 0x8801u, 0x4400u,
};

static const uint32_t nibble32[16] = {
    0x00000000u, 0x1db71064u, 0x3b6e20c8u, 0x26d930acu, 0x76dc4190u, 0x6b6b51f4u, 0x4db26158u, 0x5005713cu,
    0xedb88320u, 0xf00f9344u, 0xd6d6a3e8u, 0xcb61b38cu, 0x9b64c2b0u, 0x86d3d2d4u, 0xa00ae278u, 0xbdbdf21cu,
};

uint16_t et_crc16(uint16_t crc, const uint8_t *bytes, uint32_t length) {
  while (length-- != 0u) {
    crc = (uint16_t)(crc ^ *bytes++);
    crc = (uint16_t)((crc >> 4) ^ nibble16[crc & 15u]);
    crc = (uint16_t)((crc >> 4) ^ nibble16[crc & 15u]);
  }
  return crc;
}

uint32_t et_crc32(uint32_t crc, const uint8_t *bytes, uint32_t length) {
  crc = ~crc;
  while (length-- != 0u) {
    crc ^= *bytes++;
    crc = (crc >> 4) ^ nibble32[crc & 15u];
    crc = (crc >> 4) ^ nibble32[crc & 15u];
  }
  return ~crc;
}
