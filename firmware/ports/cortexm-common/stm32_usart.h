/* USART of STM32F1 and STM32F4: same registers (RM0008 and RM0041 section 27.6 / 23.6; RM0090 section 30.6). */
#ifndef ET_STM32_USART_H
#define ET_STM32_USART_H

#include "common/line.h"
#include "common/serial_queue.h"

/* `drive` switches the driver-enable pin of an RS-485 transceiver. */
typedef struct et_stm32_usart {
  uint32_t base;
  void (*drive)(bool on);
  uint32_t (*clock_us)(void *user);
  et_port *port;        /* whose line this is */
  uint32_t clock_hertz; /* of its bus */
  uint32_t format;      /* parity, as CR1 has it */
  et_serial_queue queue;
  volatile bool sending;
} et_stm32_usart;

/* With the settings of the build. */
void et_stm32_usart_begin(et_stm32_usart *usart);
void et_stm32_usart_interrupt(et_stm32_usart *usart);

/* et_port callbacks; `user` is the et_stm32_usart. */
uint16_t et_stm32_usart_receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us);
void et_stm32_usart_send(void *user, const uint8_t *bytes, uint16_t length);
bool et_stm32_usart_sending(void *user);
bool et_stm32_usart_set_line(void *user, const et_line *line, bool apply);

#endif
