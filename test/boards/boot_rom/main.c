/* A board's own start-up and serial port, and no trainer: 'a' is answered "A", by interrupt; 'b' starts the boot loader. */
#include "common/board.h"
#include "cortexm-common/stm32_boot_loader.h"

int main(void) {
  static const uint8_t answer[] = {'A'};
  const et_port *port = et_board_begin();
  for (;;) {
    uint8_t byte;
    uint32_t silence_us;
    if (port->receive(port->user, &byte, 1, &silence_us) != 1u) {
      if (!port->sending(port->user)) et_board_wait();
      continue;
    }
    if (byte == 'a') port->send(port->user, answer, sizeof answer);
    if (byte == 'b') et_stm32_boot_loader(port->user);
  }
}
