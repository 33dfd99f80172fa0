/* The serial line of a board: settings of its build, and what its UART divides its clock by. */
#ifndef ET_BOARD_LINE_H
#define ET_BOARD_LINE_H

#include "edge_trainer/contract.h"
#include "edge_trainer/port.h"

/* cmake -DET_LINE_BAUD=19200 -DET_LINE_PARITY=EVEN -DET_LINE_STOP_BITS=1 */
#ifndef ET_LINE_BAUD
#define ET_LINE_BAUD 115200
#endif
#ifndef ET_LINE_PARITY
#define ET_LINE_PARITY NONE
#endif
#ifndef ET_LINE_STOP_BITS
#define ET_LINE_STOP_BITS 1
#endif

extern const et_line et_line_built;

/* The whole number that divides `clock_hertz` to within 2.5 % of `baud` (half of what two UARTs may be apart in a character of 11 bits); 0 =
 * none, or none from `least` to `most`. `clock_hertz` at most 2^31. */
uint32_t et_line_divider(uint32_t clock_hertz, uint32_t baud, uint32_t least, uint32_t most);

#endif
