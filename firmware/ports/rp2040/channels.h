/* The RP2040's own channels. Inputs 0 to 3: converter on GPIO 26 to 29, 0 to 4095 counts of 3.3 V; input 4: temperature of the chip, counts
 * (4.9.5). Outputs 0 and 1: GPIO 16 and 17, high while the value is above 0; outputs 2 and 3: GPIO 18 and 19, high for value permille of each
 * millisecond. */
#ifndef ET_RP2040_CHANNELS_H
#define ET_RP2040_CHANNELS_H

#include "edge_trainer/port.h"

void et_channels_begin(et_port *port);

#endif
