/* Where an RTU frame ends. RTU frames carry no length: it follows from the function code and, for some, from a byte count. */
#ifndef ET_MODBUS_FRAME_H
#define ET_MODBUS_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#define ET_MODBUS_NO_FRAME 0u        /* no frame begins here */
#define ET_MODBUS_UNFINISHED 0xffffu /* a frame may begin here; more bytes are needed to tell */

/* Length, with CRC, of the frame that begins at `bytes`, of which `available` >= 1 are there: a request to anybody, or an
 * answer of another unit than `unit`, with a good CRC. Else NO_FRAME or UNFINISHED. */
uint16_t et_modbus_frame_length(const uint8_t *bytes, uint16_t available, uint8_t unit);

/* The same for a function code that is not known, which has no known length: such a frame counts when it ends with the bytes at
 * hand and, for other units, when these have `ended`. Weak evidence: to be asked only where a frame is due to begin. */
uint16_t et_modbus_unknown_length(const uint8_t *bytes, uint16_t available, uint8_t unit, bool ended);

#endif
