/* RP2040 (Cortex-M0+, 125 MHz, 264 kB SRAM, 2 MB flash of a Raspberry Pi Pico). UART0 on GPIO 0 (TX) and GPIO 1 (RX).
 * Sections: RP2040 datasheet. Flash is written by the boot ROM's functions (2.8.3.1.3); where there is no boot ROM (some
 * emulators) the board has no non-volatile memory and says so. */
#include <stddef.h>
#include <string.h>

#include "common/board.h"
#include "common/line.h"
#include "common/serial_queue.h"
#include "cortexm-common/cortexm.h"
#include "rp2040/channels.h"

#define PERIPHERAL_HERTZ 125000000u
#define CRYSTAL_MHZ 12u

#define CLEAR 0x3000u                                        /* alias of a register that clears the bits written (2.1.2) */
#define CLOCKS(offset) ET_REGISTER(0x40008000u + (offset))   /* 2.15.7 */
#define RESETS(offset) ET_REGISTER(0x4000C000u + (offset))   /* 2.14.3 */
#define PSM_WDSEL ET_REGISTER(0x40010008u)                   /* 2.13.5 */
#define IO_BANK0(offset) ET_REGISTER(0x40014000u + (offset)) /* 2.19.6.1 */
#define PADS_GPIO1 ET_REGISTER(0x4001C008u)                  /* 2.19.6.3 */
#define XOSC(offset) ET_REGISTER(0x40024000u + (offset))     /* 2.16.7 */
#define PLL_SYS(offset) ET_REGISTER(0x40028000u + (offset))  /* 2.18.4 */
#define UART0(offset) ET_REGISTER(0x40034000u + (offset))    /* 4.2.8 */
#define TIMER(offset) ET_REGISTER(0x40054000u + (offset))    /* 4.6.5 */
#define WATCHDOG(offset) ET_REGISTER(0x40058000u + (offset)) /* 4.7.6 */
#define ROSC_RANDOMBIT ET_REGISTER(0x4006001Cu)              /* 2.17.8 */
#define SSI(offset) ET_REGISTER(0x18000000u + (offset))      /* 4.10.13 */

#define WATCHDOG_US 8000000u
#define FLASH 0x10000000u
#define SECTOR 4096u
#define PAGE 256u
#define STORE (2048u * 1024u - 256u * 1024u) /* offset in the flash */
#define STORE_BYTES (256u * 1024u)
#define STORE_CYCLES 100000u /* W25Q16JV data sheet, sector erase cycles */
#define IDENTITY (STORE - SECTOR)

static et_port port;
static et_serial_queue queue;
static volatile uint32_t milliseconds;
static volatile uint32_t next_ms_at;

/* ---- Clock: the 1 MHz timer, alarm 0 every millisecond ---- */

static uint32_t clock_us(void *user) {
  (void)user;
  return TIMER(0x28u);
}

static uint32_t clock_ms(void *user) {
  (void)user;
  return milliseconds;
}

static void timer0_handler(void) {
  TIMER(0x34u) = 1u;
  /* Catch up: flash operations hold interrupts back for tens of milliseconds; an alarm must lie ahead to ring. */
  while ((int32_t)(TIMER(0x28u) + 10u - next_ms_at) >= 0) {
    milliseconds = milliseconds + 1u;
    next_ms_at = next_ms_at + 1000u;
  }
  TIMER(0x10u) = next_ms_at;
}

/* ---- UART ---- */

static void fill_transmitter(void) {
  uint8_t byte;
  while ((UART0(0x18u) & 1u << 5) == 0u && et_serial_next(&queue, &byte)) UART0(0x00u) = byte;
  if (queue.out_left == 0u) UART0(0x38u) = 1u << 4 | 1u << 6; /* only the receive interrupts */
}

static void uart0_handler(void) {
  while ((UART0(0x18u) & 1u << 4) == 0u) {
    const uint32_t data = UART0(0x00u);
    if ((data & 7u << 8) == 0u) et_serial_received(&queue, (uint8_t)data, clock_us(0)); /* framing, parity, break: it spoils its frame */
  }
  UART0(0x44u) = 1u << 5 | 1u << 6;
  if (queue.out_left != 0u) fill_transmitter();
}

static uint16_t uart_receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us) {
  (void)user;
  return et_serial_take(&queue, bytes, capacity, clock_us(0), silence_us);
}

static void uart_send(void *user, const uint8_t *bytes, uint16_t length) {
  const uint32_t masked = et_mask_interrupts();
  (void)user;
  queue.out = bytes;
  queue.out_left = length;
  UART0(0x38u) = 1u << 4 | 1u << 5 | 1u << 6;
  fill_transmitter(); /* the interrupt comes when the FIFO drains, not while it is empty */
  et_unmask_interrupts(masked);
}

static bool uart_sending(void *user) {
  (void)user;
  return queue.out_left != 0u || (UART0(0x18u) & 1u << 3) != 0u;
}

/* The divider is in 1/64 of 16 bit times. */
static bool set_line(void *user, const et_line *line, bool apply) {
  const uint32_t divider = et_line_divider(PERIPHERAL_HERTZ * 4u, line->baud, 64u, 65535u * 64u);
  uint32_t masked;
  (void)user;
  if (divider == 0u || !apply) return divider != 0u;
  masked = et_mask_interrupts();
  UART0(0x30u) = 0;
  UART0(0x24u) = divider >> 6;
  UART0(0x28u) = divider & 63u;
  UART0(0x2Cu) = 3u << 5 | 1u << 4 | (line->stop_bits == 2u ? 1u << 3 : 0u) | /* 8 bits, FIFOs on */
                 (line->parity == ET_PARITY_NONE   ? 0u
                  : line->parity == ET_PARITY_EVEN ? 3u << 1
                                                   : 1u << 1);
  UART0(0x30u) = 1u | 1u << 8 | 1u << 9;
  et_serial_forget(&queue);
  et_unmask_interrupts(masked);
  port.line = *line;
  return true;
}

/* TIMER_IRQ_0 is interrupt 0, UART0_IRQ interrupt 20 (2.3.2). */
__attribute__((section(".vectors_irq"), used)) static const et_handler interrupts[21] = {[0] = timer0_handler, [20] = uart0_handler};

/* ---- Flash ---- */

typedef void (*rom_call)(void);
typedef void (*rom_erase)(uint32_t offset, uint32_t count, uint32_t block, uint8_t command);
typedef void (*rom_program)(uint32_t offset, const uint8_t *bytes, uint32_t count);
typedef void (*rom_usb_boot)(uint32_t activity_pins, uint32_t interfaces_off);
typedef uintptr_t (*rom_lookup)(const uint16_t *table, uint32_t code);

static struct {
  rom_call connect, exit_xip, flush, enter_xip;
  rom_erase erase;
  rom_program program;
} rom;

/* The empty statement keeps the compiler from concluding that nothing can lie at address 0. */
static uint16_t rom_half(uint32_t address) {
  __asm__("" : "+r"(address));
  return *(const volatile uint16_t *)(uintptr_t)address;
}

static uintptr_t rom_function(char a, char b) {
  const rom_lookup lookup = (rom_lookup)(uintptr_t)rom_half(0x18u);
  return lookup((const uint16_t *)(uintptr_t)rom_half(0x14u), (uint32_t)(uint8_t)a | (uint32_t)(uint8_t)b << 8);
}

/* The ROM's magic at 0x10 (2.8.3), then its function table. */
static bool rom_begin(void) {
  if (rom_half(0x10u) != ('M' | 'u' << 8) || (rom_half(0x12u) & 0xFFu) != 1u) return false;
  rom.connect = (rom_call)rom_function('I', 'F');
  rom.exit_xip = (rom_call)rom_function('E', 'X');
  rom.erase = (rom_erase)rom_function('R', 'E');
  rom.program = (rom_program)rom_function('R', 'P');
  rom.flush = (rom_call)rom_function('F', 'C');
  rom.enter_xip = (rom_call)rom_function('C', 'X');
  return rom.connect != 0 && rom.exit_xip != 0 && rom.erase != 0 && rom.program != 0 && rom.flush != 0 && rom.enter_xip != 0;
}

/* From SRAM, without interrupts: while it runs, nothing can be read from the flash. `page` NULL = erase the sector. */
__attribute__((section(".ram_code"), noinline)) static void flash_work(uint32_t offset, const uint8_t *page) {
  const uint32_t masked = et_mask_interrupts();
  rom.connect();
  rom.exit_xip();
  if (page == 0) rom.erase(offset, SECTOR, SECTOR, 0x20u);
  else rom.program(offset, page, PAGE);
  rom.flush();
  rom.enter_xip(); /* serial reads as boot2.S sets them up, but at a very slow clock */
  SSI(0x08u) = 0;
  SSI(0x14u) = 4u;
  SSI(0x08u) = 1u;
  et_unmask_interrupts(masked);
}

static bool flash_write(uint32_t offset, const void *bytes, uint32_t length) {
  uint32_t done = 0;
  while (done < length) {
    uint8_t page[PAGE]; /* bits that stay 1 do not program anything */
    const uint32_t inside = (offset + done) % PAGE;
    const uint32_t count = length - done < PAGE - inside ? length - done : PAGE - inside;
    memset(page, 0xFF, sizeof page);
    memcpy(page + inside, (const uint8_t *)bytes + done, count);
    flash_work(offset + done - inside, page);
    done += count;
  }
  return memcmp((const void *)(uintptr_t)(FLASH + offset), bytes, length) == 0;
}

static bool nvm_read(void *user, uint32_t offset, void *bytes, uint32_t length) {
  (void)user;
  memcpy(bytes, (const void *)(uintptr_t)(FLASH + STORE + offset), length);
  return true;
}

static bool nvm_write(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  (void)user;
  return flash_write(STORE + offset, bytes, length);
}

static bool nvm_erase(void *user, uint32_t offset) {
  (void)user;
  flash_work(STORE + offset, 0);
  return ET_REGISTER(FLASH + STORE + offset) == 0xFFFFFFFFu;
}

/* The ring oscillator's phase, sampled at uneven times (2.17.5). */
static void random_bytes(void *user, uint8_t *bytes, uint16_t length) {
  (void)user;
  while (length-- > 0u) {
    uint32_t byte = 0;
    for (uint32_t bit = 0; bit < 32u; bit++) {
      byte = byte << 1 | byte >> 7;
      byte = (byte ^ (ROSC_RANDOMBIT & 1u) ^ (TIMER(0x28u) & 1u)) & 0xFFu;
    }
    *bytes++ = (uint8_t)byte;
  }
}

/* The chip has no number of its own: one is drawn at the first start and kept in a sector in front of the store. */
static uint32_t identity(bool has_flash) {
  uint32_t number = ET_REGISTER(FLASH + IDENTITY);
  if (number != 0xFFFFFFFFu || !has_flash) return number;
  random_bytes(0, (uint8_t *)&number, 4u);
  number &= 0x7FFFFFFFu;
  (void)flash_write(IDENTITY, &number, 4u);
  return number;
}

static void restart(void *user) {
  (void)user;
  WATCHDOG(0x00u) = 1ul << 31;
  for (;;) {}
}

/* Restarts into the boot ROM, which shows itself as a USB drive (2.8.3.1.5). */
static void boot_loader(void *user) {
  const rom_usb_boot usb_boot = (rom_usb_boot)rom_function('U', 'B');
  (void)user;
  if (usb_boot != 0) usb_boot(0, 0);
}

void et_board_alive(void) { WATCHDOG(0x04u) = 2u * WATCHDOG_US; /* counts two a microsecond: erratum RP2040-E1 */ }

static void wait_for(volatile uint32_t *status, uint32_t mask) {
  while ((*status & mask) != mask) {}
}

static void clock_begin(void) {
  const uint32_t blocks = 1ul << 5 | 1ul << 8 | 1ul << 12 | 1ul << 21 | 1ul << 22; /* IO, pads, PLL, timer, UART0 */
  XOSC(0x0Cu) = 47u;                                                               /* 1 ms */
  XOSC(0x00u) = 0xAA0u | 0xFABul << 12;
  wait_for(&XOSC(0x04u), 1ul << 31);
  CLOCKS(0x30u) = 2u; /* reference: crystal */
  RESETS(CLEAR) = blocks;
  wait_for(&RESETS(0x08u), blocks);
  PLL_SYS(0x00u) = 1u; /* 12 MHz * 125 / 6 / 2 */
  PLL_SYS(0x08u) = 125u;
  PLL_SYS(0x04u + CLEAR) = 1u << 0 | 1u << 5;
  wait_for(&PLL_SYS(0x00u), 1ul << 31);
  PLL_SYS(0x0Cu) = 6ul << 16 | 2ul << 12;
  PLL_SYS(0x04u + CLEAR) = 1u << 3;
  CLOCKS(0x3Cu) = 1u;                      /* system: PLL */
  CLOCKS(0x48u) = 1u << 11;                /* peripherals: system */
  WATCHDOG(0x2Cu) = CRYSTAL_MHZ | 1u << 9; /* the 1 MHz tick of timer and watchdog */
}

const et_port *et_board_begin(void) {
  bool has_flash;
  clock_begin();
  next_ms_at = TIMER(0x28u) + 1000u;
  TIMER(0x38u) = 1u;
  TIMER(0x10u) = next_ms_at;
  et_enable_interrupt(0u);

  IO_BANK0(0x04u) = 2u; /* GPIO 0 and 1: UART0 */
  IO_BANK0(0x0Cu) = 2u;
  PADS_GPIO1 |= 1u << 3; /* pull up: a line that nobody drives is idle */
  UART0(0x34u) = 0;      /* interrupt at 4 bytes received, or 32 bit times after the last one; 4 left to send */
  (void)set_line(0, &et_line_built, true);
  UART0(0x38u) = 1u << 4 | 1u << 6;
  et_enable_interrupt(20u);

  has_flash = rom_begin();
  port.board = "RP2040";
  port.serial_number = identity(has_flash);
  port.clock_ms = clock_ms;
  port.clock_us = clock_us;
  port.receive = uart_receive;
  port.send = uart_send;
  port.sending = uart_sending;
  port.set_line = set_line;
  port.random = random_bytes;
  port.stack_free = et_stack_free;
  port.restart = restart;
  if (has_flash) port.boot_loader = boot_loader;
  if (has_flash) port.nvm = (et_nvm){STORE_BYTES, SECTOR, 4u, nvm_read, nvm_write, nvm_erase, STORE_CYCLES};
  et_channels_begin(&port);
  port.arena = et_arena();
  port.arena_bytes = et_arena_bytes();

  PSM_WDSEL = 0x0001FFFCu; /* everything but the oscillators starts again */
  et_board_alive();
  WATCHDOG(0x00u) = 1ul << 30;
  return &port;
}
