/* What the ports of STM32F1 and STM32F4 do alike: the independent watchdog, waits for a register, and the callbacks of et_port that no
 * register tells apart. Inline: each image has one port. */
#ifndef ET_STM32_PORT_H
#define ET_STM32_PORT_H

#include "common/board.h"
#include "cortexm-common/cortexm.h"
#include "cortexm-common/stm32_boot_loader.h"
#include "cortexm-common/stm32_usart.h"
#include "cortexm-common/systick_clock.h"

#define ET_STM32_USART1_INTERRUPT 37u /* RM0008 table 63, RM0041 table 50, RM0090 table 61 */

/* Independent watchdog (RM0008 19.4, RM0090 21.4). */
#define IWDG_KR ET_REGISTER(0x40003000u)
#define IWDG_PR ET_REGISTER(0x40003004u)
#define IWDG_RLR ET_REGISTER(0x40003008u)

/* 1000 counts of its oscillator by 256: 6.4 s at the 40 kHz of an STM32F1, 8 s at the 32 kHz of an STM32F4. */
static inline void et_stm32_watchdog_begin(void) {
  IWDG_KR = 0x5555u;
  IWDG_PR = 6u;
  IWDG_RLR = 1000u;
  IWDG_KR = 0xCCCCu;
}

static inline void et_stm32_watchdog_feed(void) { IWDG_KR = 0xAAAAu; }

/* False: the bits of the register at `address` never had the value; the count only bounds a fault. */
static inline bool et_stm32_wait_for(uint32_t address, uint32_t mask, uint32_t value) {
  for (uint32_t tries = 0; tries < 1000000u; tries++)
    if ((ET_REGISTER(address) & mask) == value) return true;
  return false;
}

static inline void et_stm32_restart(void *user) {
  (void)user;
  et_system_reset();
}

/* All but names, flash and sensors; `on_chip`: not in an emulator, which has neither a unique id nor a baud rate. */
static inline void et_stm32_port_begin(et_port *port, et_stm32_usart *usart, bool on_chip, uint32_t unique_id) {
  port->user = usart;
  if (on_chip) port->serial_number = ET_REGISTER(unique_id) ^ ET_REGISTER(unique_id + 4u) ^ ET_REGISTER(unique_id + 8u);
  port->clock_ms = et_systick_ms;
  port->clock_us = et_systick_us;
  port->receive = et_stm32_usart_receive;
  port->send = et_stm32_usart_send;
  port->sending = et_stm32_usart_sending;
  if (on_chip) port->set_line = et_stm32_usart_set_line;
  else port->line.baud = 0; /* an emulated line has no baud rate: its bytes come in bursts */
  port->stack_free = et_stack_free;
  port->restart = et_stm32_restart;
  if (on_chip) port->boot_loader = et_stm32_boot_loader;
  port->arena = et_arena();
  port->arena_bytes = et_arena_bytes();
}

#endif
