#include "cortexm-common/stm32_usart.h"

#include "cortexm-common/cortexm.h"

#define SR(usart) ET_REGISTER((usart)->base + 0x00u)
#define DR(usart) ET_REGISTER((usart)->base + 0x04u)
#define BRR(usart) ET_REGISTER((usart)->base + 0x08u)
#define CR1(usart) ET_REGISTER((usart)->base + 0x0Cu)

enum { RXNE = 1 << 5, TC = 1 << 6, TXE = 1 << 7 };                                    /* SR; ORE, NE, FE clear with SR, DR read */
enum { RE = 1 << 2, TE = 1 << 3, RXNEIE = 1 << 5, TCIE = 1 << 6, TXEIE = 1 << 7, UE = 1 << 13 }; /* CR1 */

void et_stm32_usart_begin(et_stm32_usart *usart, uint32_t clock_hertz, uint32_t baud) {
  BRR(usart) = (clock_hertz + baud / 2u) / baud; /* mantissa and fraction of the divider by 16 are the divider itself */
  CR1(usart) = UE | RE | TE | RXNEIE;
}

void et_stm32_usart_interrupt(et_stm32_usart *usart) {
  uint32_t status = SR(usart);
  uint8_t byte;
  if ((status & RXNE) != 0u) et_serial_received(&usart->queue, (uint8_t)DR(usart), usart->clock_us(0));
  else if ((status & 0xFu) != 0u) (void)DR(usart); /* an error without a byte: reading DR clears it */
  if (!usart->sending) return;
  while ((SR(usart) & TXE) != 0u && et_serial_next(&usart->queue, &byte)) DR(usart) = byte;
  if (usart->queue.out_left != 0u) return;
  if ((CR1(usart) & TXEIE) != 0u) CR1(usart) = UE | RE | TE | RXNEIE | TCIE; /* last byte is in the shift register: wait for TC */
  status = SR(usart);
  if ((status & TXE) != 0u && (status & TC) != 0u) {
    CR1(usart) = UE | RE | TE | RXNEIE;
    usart->sending = false;
    usart->drive(false);
  }
}

uint16_t et_stm32_usart_receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us) {
  et_stm32_usart *usart = user;
  return et_serial_take(&usart->queue, bytes, capacity, usart->clock_us(0), silence_us);
}

void et_stm32_usart_send(void *user, const uint8_t *bytes, uint16_t length) {
  et_stm32_usart *usart = user;
  usart->drive(true);
  usart->queue.out = bytes;
  usart->queue.out_left = length;
  usart->sending = true;
  CR1(usart) = UE | RE | TE | RXNEIE | TXEIE;
}

bool et_stm32_usart_sending(void *user) {
  et_stm32_usart *usart = user;
  if (usart->sending) {
    /* Emulators (QEMU 7) raise no interrupt when the transmitter runs empty; looking here costs nothing on a real one. */
    const uint32_t masked = et_mask_interrupts();
    et_stm32_usart_interrupt(usart);
    et_unmask_interrupts(masked);
  }
  return usart->sending;
}
