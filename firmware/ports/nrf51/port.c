/* nRF51822 (Cortex-M0, 16 MHz, 256 kB flash, 16 kB SRAM), pins of the BBC micro:bit: UART TX P0.24, RX P0.25.
 * Sections: nRF51 Series Reference Manual v3.0. QEMU (machine microbit) models all of it, flash controller included,
 * except the watchdog. */
#include <string.h>

#include "common/board.h"
#include "common/line.h"
#include "common/serial_queue.h"
#include "cortexm-common/cortexm.h"

#ifndef ET_PIN_TX
#define ET_PIN_TX 24u
#define ET_PIN_RX 25u
#endif

#define CLOCK_HFCLKSTART ET_REGISTER(0x40000000u) /* 13.2 */
#define CLOCK_HFCLKSTARTED ET_REGISTER(0x40000100u)
#define UART(offset) ET_REGISTER(0x40002000u + (offset))   /* 29.10 */
#define TIMER0(offset) ET_REGISTER(0x40008000u + (offset)) /* 18.2 */
#define RNG(offset) ET_REGISTER(0x4000D000u + (offset))    /* 21.2 */
#define WDT(offset) ET_REGISTER(0x40010000u + (offset))    /* 24.2 */
#define NVMC(offset) ET_REGISTER(0x4001E000u + (offset))   /* 6.2 */
#define GPIO_DIRSET ET_REGISTER(0x50000518u)
#define GPIO_OUTSET ET_REGISTER(0x50000508u)
#define GPIO_CNF(pin) ET_REGISTER(0x50000700u + 4u * (pin))
#define FICR_DEVICEID0 ET_REGISTER(0x10000060u)
#define FICR_DEVICEID1 ET_REGISTER(0x10000064u)

extern uint8_t et_store_start[]; /* linker script */
#define STORE ((uint32_t)(uintptr_t)et_store_start)
#define STORE_PAGE 1024u
#define STORE_BYTES 0x8000u
#define STORE_CYCLES 20000u /* nRF51822 product specification, flash endurance */

static et_port port;
static et_serial_queue queue;
static volatile bool sending;
static volatile uint32_t milliseconds;
static uint32_t next_ms_at;

/* ---- Clock: TIMER0 at 1 MHz, compare 0 every millisecond ---- */

static uint32_t clock_us(void *user) {
  const uint32_t masked = et_mask_interrupts();
  uint32_t now;
  (void)user;
  TIMER0(0x044u) = 1u; /* capture 1 */
  now = TIMER0(0x544u);
  et_unmask_interrupts(masked);
  return now;
}

static void timer0_handler(void) {
  TIMER0(0x140u) = 0;
  /* Catch up: flash operations hold interrupts back for longer than a millisecond. */
  TIMER0(0x044u) = 1u;
  while ((int32_t)(TIMER0(0x544u) + 2u - next_ms_at) >= 0) {
    milliseconds = milliseconds + 1u;
    next_ms_at += 1000u;
    TIMER0(0x540u) = next_ms_at;
    TIMER0(0x044u) = 1u;
  }
}

static uint32_t clock_ms(void *user) {
  (void)user;
  return milliseconds;
}

/* ---- UART ---- */

static void uart0_handler(void) {
  const uint32_t wrong = UART(0x480u) & 6u; /* parity, framing: such a byte spoils its frame */
  uint8_t byte;
  while (UART(0x108u) != 0u) { /* RXDRDY */
    UART(0x108u) = 0;
    byte = (uint8_t)UART(0x518u);
    if (wrong == 0u) et_serial_received(&queue, byte, clock_us(0));
  }
  if (UART(0x11Cu) != 0u) { /* TXDRDY */
    UART(0x11Cu) = 0;
    if (et_serial_next(&queue, &byte)) {
      UART(0x51Cu) = byte;
    } else {
      UART(0x00Cu) = 1u; /* STOPTX */
      sending = false;
    }
  }
  if (UART(0x124u) != 0u) { /* ERROR */
    UART(0x124u) = 0;
    UART(0x480u) = 0xFu;
  }
}

static uint16_t uart_receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us) {
  (void)user;
  return et_serial_take(&queue, bytes, capacity, clock_us(0), silence_us);
}

static void uart_send(void *user, const uint8_t *bytes, uint16_t length) {
  uint8_t byte;
  (void)user;
  queue.out = bytes;
  queue.out_left = length;
  sending = true;
  UART(0x008u) = 1u; /* STARTTX */
  if (et_serial_next(&queue, &byte)) UART(0x51Cu) = byte;
}

/* This UART has one stop bit and no odd parity (29.10.6). Its rate is a fraction of 2^32 of 16 MHz, of which the upper 20 bits count:
 * 268.435456 times the baud rate, which at BAUD_MOST leaves room in 32 bits. */
static bool set_line(void *user, const et_line *line, bool apply) {
  const uint32_t rate = line->baud * 268u + line->baud * 435u / 1000u;
  uint32_t masked;
  (void)user;
  if (line->stop_bits != 1u || line->parity == ET_PARITY_ODD) return false;
  if (!apply) return true;
  masked = et_mask_interrupts();
  UART(0x524u) = (rate + 0x800u) & 0xFFFFF000u;
  UART(0x56Cu) = line->parity == ET_PARITY_EVEN ? 7u << 1 : 0u;
  et_serial_forget(&queue);
  et_unmask_interrupts(masked);
  port.line = *line;
  return true;
}

static bool uart_sending(void *user) {
  (void)user;
  return sending;
}

/* UART0 is interrupt 2, TIMER0 interrupt 8 (table 5). */
__attribute__((section(".vectors_irq"), used)) static const et_handler interrupts[9] = {[2] = uart0_handler, [8] = timer0_handler};

/* ---- Flash: the processor waits while the controller works (6.1) ---- */

static void nvmc_ready(void) {
  while (NVMC(0x400u) == 0u) {}
}

static bool nvm_read(void *user, uint32_t offset, void *bytes, uint32_t length) {
  (void)user;
  memcpy(bytes, (const void *)(uintptr_t)(STORE + offset), length);
  return true;
}

static bool nvm_write(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  (void)user;
  NVMC(0x504u) = 1u; /* write enable */
  for (uint32_t at = 0; at < length; at += 4u) {
    uint32_t word;
    memcpy(&word, (const uint8_t *)bytes + at, 4u);
    ET_REGISTER(STORE + offset + at) = word;
    nvmc_ready();
  }
  NVMC(0x504u) = 0;
  return memcmp((const void *)(uintptr_t)(STORE + offset), bytes, length) == 0;
}

static bool nvm_erase(void *user, uint32_t offset) {
  (void)user;
  NVMC(0x504u) = 2u; /* erase enable */
  NVMC(0x508u) = STORE + offset;
  nvmc_ready();
  NVMC(0x504u) = 0;
  return ET_REGISTER(STORE + offset) == 0xFFFFFFFFu;
}

static void random_bytes(void *user, uint8_t *bytes, uint16_t length) {
  (void)user;
  RNG(0x504u) = 1u; /* bias correction */
  RNG(0x000u) = 1u;
  while (length-- > 0u) {
    for (uint32_t tries = 0; RNG(0x100u) == 0u && tries < 100000u; tries++) {}
    *bytes++ = (uint8_t)RNG(0x508u);
    RNG(0x100u) = 0;
  }
  RNG(0x004u) = 1u;
}

static void restart(void *user) {
  (void)user;
  et_system_reset();
}

void et_board_alive(void) { WDT(0x600u) = 0x6E524635u; }

const et_port *et_board_begin(void) {
  CLOCK_HFCLKSTART = 1u; /* the crystal: the baud rate needs it; the RC oscillator serves until it runs */
  for (uint32_t tries = 0; CLOCK_HFCLKSTARTED == 0u && tries < 100000u; tries++) {}
  TIMER0(0x508u) = 3u; /* 32 bits */
  TIMER0(0x510u) = 4u; /* 16 MHz / 2^4 */
  next_ms_at = 1000u;
  TIMER0(0x540u) = next_ms_at;
  TIMER0(0x304u) = 1ul << 16; /* interrupt on compare 0 */
  TIMER0(0x000u) = 1u;
  et_enable_interrupt(8u);

  GPIO_OUTSET = 1ul << ET_PIN_TX;
  GPIO_DIRSET = 1ul << ET_PIN_TX;
  GPIO_CNF(ET_PIN_RX) = 3u << 2; /* input, pull up */
  UART(0x50Cu) = ET_PIN_TX;
  UART(0x514u) = ET_PIN_RX;
  (void)set_line(0, &et_line_built, true);
  UART(0x500u) = 4u; /* enable */
  UART(0x304u) = 1u << 2 | 1u << 7 | 1u << 9;
  UART(0x000u) = 1u; /* STARTRX */
  et_enable_interrupt(2u);

  WDT(0x504u) = 8u * 32768u; /* 8 s */
  WDT(0x50Cu) = 1u;          /* runs during sleep */
  WDT(0x508u) = 1u;
  WDT(0x000u) = 1u;

  port.board = "nRF51822";
  port.serial_number = FICR_DEVICEID0 ^ FICR_DEVICEID1;
  port.clock_ms = clock_ms;
  port.clock_us = clock_us;
  port.receive = uart_receive;
  port.send = uart_send;
  port.sending = uart_sending;
  if (WDT(0x400u) != 0u) port.set_line = set_line;
  else port.line.baud = 0; /* no running watchdog: emulated; such a line has no baud rate, its bytes come in bursts */
  port.random = random_bytes;
  port.stack_free = et_stack_free;
  port.restart = restart;
  port.nvm = (et_nvm){STORE_BYTES, STORE_PAGE, 4u, nvm_read, nvm_write, nvm_erase, STORE_CYCLES};
  port.arena = et_arena();
  port.arena_bytes = et_arena_bytes();
  return &port;
}
