/* ATmega2560 at 16 MHz, as on an Arduino Mega 2560 (256 kB flash, 8 kB SRAM, 4 kB EEPROM): USART0 on PE0 / PE1 (pins 0 and 1, and the
 * USB socket); PE4 (pin 2) is high while sending (driver enable of an RS-485 transceiver). Sections: data sheet 2549.
 *
 * What an interrupt writes and is wider than a byte is read with interrupts off. */
#include <avr/eeprom.h>
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>
#include <string.h>
#include <util/atomic.h>

#include "common/board.h"
#include "common/line.h"
#include "common/serial_queue.h"

#define UART_HERTZ (F_CPU / 8ul) /* double speed */
#define UART_DIVIDER_MOST 4096u
#define SERIAL_NUMBER 0x2560u
#define US_PER_COUNT 4u      /* timer 0 at clock / 64 */
#define STORE_CYCLES 100000u /* data sheet, EEPROM endurance */
#define CHUNK 16u            /* bytes taken with interrupts off: less than a byte's time on the line */

static et_port port;
static et_serial_queue queue;
static volatile bool sending;
static volatile uint32_t milliseconds;

ISR(TIMER0_COMPA_vect) { milliseconds = milliseconds + 1u; }

static uint32_t clock_ms(void *user) {
  uint32_t now;
  (void)user;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { now = milliseconds; }
  return now;
}

static uint32_t clock_us(void *user) {
  uint32_t ms;
  uint8_t count;
  (void)user;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    ms = milliseconds;
    count = TCNT0;
    if ((TIFR0 & _BV(OCF0A)) != 0u) { /* the counter wrapped, its interrupt waits */
      count = TCNT0;
      ms++;
    }
  }
  return ms * 1000u + (uint32_t)count * US_PER_COUNT;
}

/* ---- UART ---- */

static void drive(bool on) {
  if (on) PORTE |= _BV(PE4);
  else PORTE &= (uint8_t)~_BV(PE4);
}

/* A byte of another rate or parity spoils its frame. */
ISR(USART0_RX_vect) {
  const uint8_t wrong = UCSR0A & (_BV(FE0) | _BV(UPE0));
  const uint8_t byte = UDR0;
  if (wrong == 0u) et_serial_received(&queue, byte, clock_us(0));
}

ISR(USART0_UDRE_vect) {
  uint8_t byte;
  if (!et_serial_next(&queue, &byte)) return;
  UCSR0A |= _BV(TXC0); /* by writing 1: the byte before was not the last */
  UDR0 = byte;
  if (queue.out_left == 0u) UCSR0B = (uint8_t)((UCSR0B & ~_BV(UDRIE0)) | _BV(TXCIE0));
}

ISR(USART0_TX_vect) {
  UCSR0B &= (uint8_t)~_BV(TXCIE0);
  sending = false;
  drive(false);
}

static uint16_t uart_receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us) {
  uint16_t count = 0, more;
  (void)user;
  do {
    const uint16_t room = (uint16_t)(capacity - count);
    const uint32_t now = clock_us(0);
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { more = et_serial_take(&queue, bytes + count, room < CHUNK ? room : CHUNK, now, silence_us); }
    count = (uint16_t)(count + more);
  } while (more == CHUNK);
  return count;
}

static void uart_send(void *user, const uint8_t *bytes, uint16_t length) {
  (void)user;
  drive(true);
  sending = true;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    queue.out = bytes;
    queue.out_left = length;
    UCSR0B |= _BV(UDRIE0);
  }
}

static bool uart_sending(void *user) {
  (void)user;
  return sending;
}

static bool set_line(void *user, const et_line *line, bool apply) {
  const uint32_t divider = et_line_divider(UART_HERTZ, line->baud, 1u, UART_DIVIDER_MOST);
  (void)user;
  if (divider == 0u || !apply) return divider != 0u;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    UBRR0 = (uint16_t)(divider - 1u);
    UCSR0C = (uint8_t)(_BV(UCSZ01) | _BV(UCSZ00) | (line->stop_bits == 2u ? _BV(USBS0) : 0) |
                       (line->parity == ET_PARITY_NONE   ? 0
                        : line->parity == ET_PARITY_EVEN ? _BV(UPM01)
                                                         : _BV(UPM01) | _BV(UPM00)));
    et_serial_forget(&queue);
  }
  port.line = *line;
  return true;
}

/* ---- EEPROM: a byte takes 3.4 ms, and one that has its value already is not written ---- */

static bool nvm_read(void *user, uint32_t offset, void *bytes, uint32_t length) {
  (void)user;
  eeprom_read_block(bytes, (const void *)(uint16_t)offset, (size_t)length);
  return true;
}

static bool nvm_write(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  const uint8_t *from = bytes;
  bool good = true;
  (void)user;
  for (uint16_t at = 0; at < (uint16_t)length; at++) {
    uint8_t *to = (uint8_t *)((uint16_t)offset + at);
    eeprom_update_byte(to, from[at]);
    good = good && eeprom_read_byte(to) == from[at];
    wdt_reset();
  }
  return good;
}

static void restart(void *user) {
  (void)user;
  wdt_enable(WDTO_15MS);
  for (;;) {}
}

void et_board_alive(void) { wdt_reset(); }

void et_board_wait(void) {
  set_sleep_mode(SLEEP_MODE_IDLE);
  sleep_mode();
}

/* A watchdog that has bitten goes on running, at its shortest. */
__attribute__((naked, used, section(".init3"))) static void watchdog_off(void) {
  MCUSR = 0;
  wdt_disable();
}

const et_port *et_board_begin(void) {
  et_memory_begin();
  DDRE |= _BV(DDE4);
  drive(false);
  TCCR0A = _BV(WGM01); /* clear on compare, every millisecond */
  OCR0A = (uint8_t)(F_CPU / 64ul / 1000ul - 1ul);
  TCCR0B = _BV(CS01) | _BV(CS00);
  TIMSK0 = _BV(OCIE0A);
  UCSR0A = _BV(U2X0);
  (void)set_line(0, &et_line_built, true);
  UCSR0B = _BV(RXCIE0) | _BV(RXEN0) | _BV(TXEN0);
  wdt_enable(WDTO_8S);
  sei();

  port.board = "ATmega2560";
  port.serial_number = SERIAL_NUMBER;
  port.clock_ms = clock_ms;
  port.clock_us = clock_us;
  port.receive = uart_receive;
  port.send = uart_send;
  port.sending = uart_sending;
  port.set_line = set_line;
  port.stack_free = et_stack_free;
  port.restart = restart;
  port.nvm = (et_nvm){E2END + 1u, 1u, 1u, nvm_read, nvm_write, NULL, STORE_CYCLES};
  port.arena = et_arena();
  port.arena_bytes = et_arena_bytes();
  return &port;
}
