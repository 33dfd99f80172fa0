/* Coils and discrete inputs. */
#ifndef ET_BITS_H
#define ET_BITS_H

#include "edge_trainer/contract.h"

/* As et_modbus_space has them; `user` is the trainer. */
uint8_t et_read_bits(void *user, bool inputs, uint16_t address, uint16_t quantity, uint8_t *packed);
uint8_t et_write_bits(void *user, uint16_t address, uint16_t quantity, const uint8_t *packed);

#endif
