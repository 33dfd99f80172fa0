/* RV32IMC, the core of an ESP32-C3, on QEMU's machine virt: UART is a 16550 on interrupt 10 of the PLIC, the clock is the machine
 * timer at 10 MHz, a restart goes through the test device. The machine has no watchdog, no chip id and no baud rate.
 * Sections: RISC-V Privileged Architectures 20211203; 16550: TI PC16550D. */
#include "riscv32/riscv32.h"

#include "common/board.h"
#include "common/serial_queue.h"

#define TICKS_PER_US 10u
#define TICKS_PER_MS 10000u
#define SERIAL_NUMBER 0x32u
#define RESTART 0x7777u

#define TEST_DEVICE ET_REGISTER(0x00100000u)
#define MTIMECMP_LOW ET_REGISTER(0x02004000u)
#define MTIMECMP_HIGH ET_REGISTER(0x02004004u)
#define MTIME_LOW ET_REGISTER(0x0200BFF8u)
#define MTIME_HIGH ET_REGISTER(0x0200BFFCu)
#define UART_INTERRUPT 10u
#define PLIC_PRIORITY(source) ET_REGISTER(0x0C000000u + 4u * (source))
#define PLIC_ENABLE ET_REGISTER(0x0C002000u)
#define PLIC_THRESHOLD ET_REGISTER(0x0C200000u)
#define PLIC_CLAIM ET_REGISTER(0x0C200004u)
#define UART_DATA ET_BYTE_REGISTER(0x10000000u)
#define UART_INTERRUPTS ET_BYTE_REGISTER(0x10000001u)
#define UART_FIFO ET_BYTE_REGISTER(0x10000002u)
#define UART_FORMAT ET_BYTE_REGISTER(0x10000003u)
#define UART_STATUS ET_BYTE_REGISTER(0x10000005u)

enum { ON_RECEIVED = 1, ON_EMPTY = 2 };                    /* UART_INTERRUPTS */
enum { RECEIVED = 1 << 0, EMPTY = 1 << 5, SENT = 1 << 6 }; /* UART_STATUS */
enum { MACHINE_TIMER = 7, MACHINE_EXTERNAL = 11 };         /* mcause, mie: 3.1.9, 3.1.15 */

/* The march of the ESP32-C3 names no Zicsr; its core has it, as every core with interrupts. */
#define CSR_WRITE(name, value) \
  __asm__ volatile(".option push\n\t.option arch, +zicsr\n\tcsrw " #name ", %0\n\t.option pop" : : "r"(value) : "memory")
#define CSR_SET(name, value) \
  __asm__ volatile(".option push\n\t.option arch, +zicsr\n\tcsrs " #name ", %0\n\t.option pop" : : "r"(value) : "memory")
#define CSR_READ(name, to) __asm__ volatile(".option push\n\t.option arch, +zicsr\n\tcsrr %0, " #name "\n\t.option pop" : "=r"(to))

static et_serial_queue queue;

int main(void);
void et_reset(void);
void et_begin(void);

static uint64_t ticks(void) {
  uint32_t high, low;
  do {
    high = MTIME_HIGH;
    low = MTIME_LOW;
  } while (high != MTIME_HIGH);
  return (uint64_t)high << 32 | low;
}

static uint32_t clock_us(void *user) {
  (void)user;
  return (uint32_t)(ticks() / TICKS_PER_US);
}

static uint32_t clock_ms(void *user) {
  (void)user;
  return (uint32_t)(ticks() / TICKS_PER_MS);
}

/* ---- UART ---- */

static void uart_interrupt(void) {
  uint8_t byte;
  while ((UART_STATUS & RECEIVED) != 0u) et_serial_received(&queue, UART_DATA, clock_us(0));
  while ((UART_STATUS & EMPTY) != 0u && et_serial_next(&queue, &byte)) UART_DATA = byte;
  if (queue.out_left == 0u) UART_INTERRUPTS = ON_RECEIVED;
}

static uint16_t uart_receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us) {
  (void)user;
  return et_serial_take(&queue, bytes, capacity, clock_us(0), silence_us);
}

/* Switching the interrupt on raises it at once: the transmitter is empty. */
static void uart_send(void *user, const uint8_t *bytes, uint16_t length) {
  (void)user;
  queue.out = bytes;
  queue.out_left = length;
  UART_INTERRUPTS = ON_RECEIVED | ON_EMPTY;
}

static bool uart_sending(void *user) {
  (void)user;
  return queue.out_left != 0u || (UART_STATUS & SENT) == 0u;
}

/* ---- Core ---- */

static void restart(void *user) {
  (void)user;
  TEST_DEVICE = RESTART;
  for (;;) {}
}

static void wake_never(void) { MTIMECMP_HIGH = 0xFFFFFFFFu; }

/* Anything but an interrupt is a fault: the state is in the store, and a board in a cabinet can only start again. */
__attribute__((interrupt("machine"), aligned(4))) static void trap(void) {
  uint32_t cause;
  CSR_READ(mcause, cause);
  if (cause == (1ul << 31 | MACHINE_TIMER)) {
    wake_never();
  } else if (cause == (1ul << 31 | MACHINE_EXTERNAL)) {
    const uint32_t source = PLIC_CLAIM;
    if (source == UART_INTERRUPT) uart_interrupt();
    PLIC_CLAIM = source;
  } else {
    restart(0);
  }
}

__attribute__((naked, section(".vectors"), used)) void et_reset(void) { __asm__ volatile("la sp, et_stack_top\n\tj et_begin"); }

__attribute__((noreturn, used)) void et_begin(void) {
  CSR_WRITE(mtvec, (uintptr_t)trap);
  et_memory_begin();
  (void)main();
  for (;;) restart(0);
}

void et_board_alive(void) {}

void et_board_wait(void) {
  const uint64_t wake = ticks() + TICKS_PER_MS;
  wake_never(); /* no moment between both halves lies in the past */
  MTIMECMP_LOW = (uint32_t)wake;
  MTIMECMP_HIGH = (uint32_t)(wake >> 32);
  __asm__ volatile("wfi" : : : "memory");
}

const et_port *et_board_begin(void) {
  static et_port port;
  UART_FORMAT = 3u; /* 8N1 */
  UART_FIFO = 7u;   /* on, cleared; an interrupt for every byte */
  UART_INTERRUPTS = ON_RECEIVED;
  PLIC_PRIORITY(UART_INTERRUPT) = 1u;
  PLIC_ENABLE = 1u << UART_INTERRUPT;
  PLIC_THRESHOLD = 0;
  wake_never();
  CSR_WRITE(mie, 1u << MACHINE_TIMER | 1u << MACHINE_EXTERNAL);
  CSR_SET(mstatus, 1u << 3); /* MIE */

  port.board = "RV32IMC";
  port.serial_number = SERIAL_NUMBER;
  port.clock_ms = clock_ms;
  port.clock_us = clock_us;
  port.receive = uart_receive;
  port.send = uart_send;
  port.sending = uart_sending;
  port.line.baud = 0; /* an emulated line has no baud rate: its bytes come in bursts */
  port.stack_free = et_stack_free;
  port.restart = restart;
  port.nvm = et_riscv32_flash;
  port.arena = et_arena();
  port.arena_bytes = et_arena_bytes();
  return &port;
}
