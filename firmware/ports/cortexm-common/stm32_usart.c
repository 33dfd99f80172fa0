#include "cortexm-common/stm32_usart.h"

#include "cortexm-common/cortexm.h"

#define SR(usart) ET_REGISTER((usart)->base + 0x00u)
#define DR(usart) ET_REGISTER((usart)->base + 0x04u)
#define BRR(usart) ET_REGISTER((usart)->base + 0x08u)
#define CR1(usart) ET_REGISTER((usart)->base + 0x0Cu)
#define CR2(usart) ET_REGISTER((usart)->base + 0x10u)
#define DIVIDER_LEAST 16u
#define DIVIDER_MOST 65535u

enum { PE = 1 << 0, FE = 1 << 1, RXNE = 1 << 5, TC = 1 << 6, TXE = 1 << 7 }; /* SR; ORE, NE, FE clear with SR, DR read */
enum {
  RE = 1 << 2,
  TE = 1 << 3,
  RXNEIE = 1 << 5,
  TCIE = 1 << 6,
  TXEIE = 1 << 7,
  PS = 1 << 9,
  PCE = 1 << 10,
  M = 1 << 12,
  UE = 1 << 13
}; /* CR1 */

/* The parity bit counts as one of nine. */
static void control(const et_stm32_usart *usart, uint32_t interrupts) { CR1(usart) = UE | RE | TE | RXNEIE | usart->format | interrupts; }

/* Mantissa and fraction of the divider by 16 are the divider itself. */
bool et_stm32_usart_set_line(void *user, const et_line *line, bool apply) {
  et_stm32_usart *usart = user;
  const uint32_t divider = et_line_divider(usart->clock_hertz, line->baud, DIVIDER_LEAST, DIVIDER_MOST);
  if (divider == 0u || !apply) return divider != 0u;
  CR1(usart) = 0; /* its interrupts too */
  BRR(usart) = divider;
  CR2(usart) = line->stop_bits == 2u ? 2ul << 12 : 0u;
  usart->format = line->parity == ET_PARITY_NONE ? 0u : M | PCE | (line->parity == ET_PARITY_ODD ? PS : 0u);
  et_serial_forget(&usart->queue);
  usart->port->line = *line;
  control(usart, 0);
  return true;
}

void et_stm32_usart_begin(et_stm32_usart *usart) { (void)et_stm32_usart_set_line(usart, &et_line_built, true); }

void et_stm32_usart_interrupt(et_stm32_usart *usart) {
  uint32_t status = SR(usart);
  uint8_t byte;
  if ((status & (RXNE | 0xFu)) != 0u) {
    const uint8_t received = (uint8_t)DR(usart); /* clears an error without a byte, too */
    /* A byte of another rate or parity spoils its frame. */
    if ((status & RXNE) != 0u && (status & (PE | FE)) == 0u) et_serial_received(&usart->queue, received, usart->clock_us(0));
  }
  if (!usart->sending) return;
  while ((SR(usart) & TXE) != 0u && et_serial_next(&usart->queue, &byte)) DR(usart) = byte;
  if (usart->queue.out_left != 0u) return;
  if ((CR1(usart) & TXEIE) != 0u) control(usart, TCIE); /* last byte is in the shift register: wait for TC */
  status = SR(usart);
  if ((status & TXE) != 0u && (status & TC) != 0u) {
    control(usart, 0);
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
  control(usart, TXEIE);
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
