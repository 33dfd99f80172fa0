/* The two checksums of the contract: CRC-16 of Modbus RTU frames and bulk pages, CRC-32 of definitions, models and store. */
#ifndef ET_CRC_H
#define ET_CRC_H

#include <stdint.h>

#define ET_CRC16_START 0xffffu

/* CRC-16 Modbus: polynomial 0xA001 reflected, start ET_CRC16_START, no final xor (Modbus over Serial Line V1.02, 6.2.2).
 * Goes on from `crc`. On the wire the low byte comes first; a frame with its CRC behind it gives 0. */
uint16_t et_crc16(uint16_t crc, const uint8_t *bytes, uint32_t length);

/* CRC-32 of IEEE 802.3 (as in zlib): polynomial 0xEDB88320 reflected, start and final xor 0xFFFFFFFF, both done inside: start
 * with 0 and pass the result on to continue. */
uint32_t et_crc32(uint32_t crc, const uint8_t *bytes, uint32_t length);

#endif
