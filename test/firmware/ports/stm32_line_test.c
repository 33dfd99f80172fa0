/* Line settings in the registers of an STM32's USART (RM0090 section 30.6), which no emulator here models; and the dividers of all UARTs. */
#include "cortexm-common/stm32_usart.h"

#include <stdio.h>
#include <string.h>

#include "../check.h"

enum { SR, DR, BRR, CR1, CR2 };

volatile uint32_t et_test_registers[8];
static et_port port;
static bool driven;

static void drive(bool on) { driven = on; }
static uint32_t clock_us(void *user) {
  (void)user;
  return 0;
}

static et_stm32_usart usart = {.base = 0x40011000u, .drive = drive, .clock_us = clock_us, .port = &port, .clock_hertz = 84000000u};

static bool set(uint32_t baud, uint8_t parity, uint8_t stop_bits, bool apply) {
  const et_line line = {baud, parity, stop_bits};
  return et_stm32_usart_set_line(&usart, &line, apply);
}

/* A byte with these error bits; how many the trainer then gets. */
static uint16_t arrives(uint32_t errors) {
  uint8_t bytes[8];
  uint32_t silence;
  et_test_registers[SR] = 1u << 5 | errors;
  et_test_registers[DR] = 0x55u;
  et_stm32_usart_interrupt(&usart);
  return et_stm32_usart_receive(&usart, bytes, sizeof bytes, &silence);
}

static void settings(void) {
  et_stm32_usart_begin(&usart);
  CHECK(et_test_registers[BRR] == 729u && et_test_registers[CR1] == 0x202Cu && et_test_registers[CR2] == 0u); /* 115200 8N1 */
  CHECK(port.line.baud == 115200u && port.line.parity == ET_PARITY_NONE && port.line.stop_bits == 1u);
  CHECK(set(19200u, ET_PARITY_EVEN, 1u, false)); /* asked only */
  CHECK(et_test_registers[BRR] == 729u && port.line.baud == 115200u);
  CHECK(set(19200u, ET_PARITY_EVEN, 1u, true));
  CHECK(et_test_registers[BRR] == 4375u && et_test_registers[CR1] == (0x202Cu | 1u << 12 | 1u << 10) && et_test_registers[CR2] == 0u);
  CHECK(port.line.baud == 19200u && port.line.parity == ET_PARITY_EVEN);
  CHECK(set(9600u, ET_PARITY_ODD, 2u, true));
  CHECK(et_test_registers[BRR] == 8750u && et_test_registers[CR1] == (0x202Cu | 1u << 12 | 3u << 9) && et_test_registers[CR2] == 2u << 12);
  CHECK(!set(1000u, ET_PARITY_NONE, 1u, true)); /* a divider that the register does not hold */
  CHECK(et_test_registers[BRR] == 8750u && port.line.baud == 9600u);
}

static void noise(void) {
  CHECK(arrives(0) == 1u);
  CHECK(arrives(1u << 0) == 0u); /* parity */
  CHECK(arrives(1u << 1) == 0u); /* framing */
  CHECK(arrives(0) == 1u);
}

static void sends_with_parity(void) {
  const uint8_t bytes[] = {1};
  CHECK(set(19200u, ET_PARITY_EVEN, 1u, true));
  et_stm32_usart_send(&usart, bytes, 1);
  CHECK(driven && (et_test_registers[CR1] & 1u << 10) != 0u);
  et_test_registers[SR] = 1u << 7 | 1u << 6;
  CHECK(!et_stm32_usart_sending(&usart) && !driven && (et_test_registers[CR1] & 1u << 10) != 0u);
}

/* Clocks of the boards and their UARTs' dividers: within 2.5 %, or refused. */
static void dividers(void) {
  CHECK(et_line_divider(16000000u / 8u, 115200u, 1u, 4096u) == 17u); /* ATmega2560 */
  CHECK(et_line_divider(16000000u / 8u, 9600u, 1u, 4096u) == 208u);
  CHECK(et_line_divider(16000000u / 8u, 230400u, 1u, 4096u) == 0u);        /* 250 000 or 222 222 */
  CHECK(et_line_divider(500000000u, 19200u, 64u, 65535u * 64u) == 26042u); /* RP2040 */
  CHECK(et_line_divider(24000000u, 115200u, 16u, 65535u) == 208u);         /* STM32F100 */
  CHECK(et_line_divider(24000000u, 1000000u, 16u, 65535u) == 24u);
}

int main(void) {
  settings();
  noise();
  sends_with_parity();
  dividers();
  printf("all checks passed\n");
  return 0;
}
