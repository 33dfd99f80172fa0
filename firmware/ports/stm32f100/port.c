/* STM32F100 (RM0041) and STM32F103 (RM0008), Cortex-M3 without FPU: 8 kB SRAM at 24 MHz, 20 kB at 72 MHz; flash as in PM0075 /
 * PM0063. USART1 on PA9 / PA10; PA8 is high while sending (driver enable of an RS-485 transceiver).
 *
 * QEMU (machine stm32vldiscovery) models core, SysTick and USART, but neither RCC nor the flash controller nor the watchdog:
 * their registers read 0 where the reset value is not 0. The port then leaves the clock alone and reports no non-volatile
 * memory. */
#include <string.h>

#include "cortexm-common/stm32_port.h"

#ifdef ET_STM32F103
#define BOARD "STM32F103"
#define CORE_HERTZ 72000000u
#define SERIAL_FALLBACK 0x103u
#define STORE_BYTES 0x2800u /* two slots of 5 kB: the trainer takes the rest of the flash */
#else
#define BOARD "STM32F100"
#define CORE_HERTZ 24000000u
#define SERIAL_FALLBACK 0x100u
#define STORE_BYTES 0x4000u
#endif
#define APB2_HERTZ CORE_HERTZ

#define RCC_CR ET_REGISTER(0x40021000u) /* RM0008 7.3.1, RM0041 6.3.1 */
#define RCC_CFGR ET_REGISTER(0x40021004u)
#define RCC_APB2ENR ET_REGISTER(0x40021018u)
#define GPIOA_CRH ET_REGISTER(0x40010804u) /* RM0008 9.2.2 */
#define GPIOA_BSRR ET_REGISTER(0x40010810u)
#define FLASH_ACR ET_REGISTER(0x40022000u) /* PM0075 3 */
#define FLASH_KEYR ET_REGISTER(0x40022004u)
#define FLASH_SR ET_REGISTER(0x4002200Cu)
#define FLASH_CR ET_REGISTER(0x40022010u)
#define FLASH_AR ET_REGISTER(0x40022014u)
#define UNIQUE_ID 0x1FFFF7E8u /* RM0008 30.2 */

extern uint8_t et_store_start[]; /* linker script */
#define STORE ((uint32_t)(uintptr_t)et_store_start)
#define STORE_PAGE 1024u
#define STORE_CYCLES 10000u /* STM32F100xB and STM32F103x8 data sheets, flash endurance */

static void drive(bool on) { GPIOA_BSRR = on ? 1u << 8 : 1u << 24; }

static et_port port;
static et_stm32_usart usart = {.base = 0x40013800u, .drive = drive, .clock_us = et_systick_us, .port = &port, .clock_hertz = APB2_HERTZ};

static void usart1_handler(void) { et_stm32_usart_interrupt(&usart); }

__attribute__((section(".vectors_irq"), used)) static const et_handler interrupts[ET_STM32_USART1_INTERRUPT + 1u] = {
    [ET_STM32_USART1_INTERRUPT] = usart1_handler};

/* Both boards carry an 8 MHz crystal. Without it (F103: at most 64 MHz from the internal oscillator) the board does not start:
 * a wrong baud rate would be silence too, only harder to find. */
static void clock_begin(void) {
  RCC_CR |= 1ul << 16;
  while ((RCC_CR & 1ul << 17) == 0u) {}
#ifdef ET_STM32F103
  FLASH_ACR = 2u | 1u << 4;                    /* 2 wait states above 48 MHz, prefetch */
  RCC_CFGR = 1ul << 16 | 7ul << 18 | 4ul << 8; /* PLL: crystal times 9; APB1 by 2 */
#else
  RCC_CFGR = 1ul << 16 | 1ul << 18; /* PLL: crystal times 3 */
#endif
  RCC_CR |= 1ul << 24;
  while ((RCC_CR & 1ul << 25) == 0u) {}
  RCC_CFGR |= 2u;
  while ((RCC_CFGR & 3u << 2) != 2u << 2) {}
}

/* ---- Flash ---- */

static bool flash_ready(void) {
  if (!et_stm32_wait_for(0x4002200Cu, 1u, 0)) return false;
  return (FLASH_SR & 0x14u) == 0u; /* PGERR, WRPRTERR */
}

static void flash_begin(uint32_t operation) {
  if ((FLASH_CR & 1u << 7) != 0u) {
    FLASH_KEYR = 0x45670123u;
    FLASH_KEYR = 0xCDEF89ABu;
  }
  FLASH_SR = 0x34u;
  FLASH_CR = operation;
}

static bool nvm_read(void *user, uint32_t offset, void *bytes, uint32_t length) {
  (void)user;
  memcpy(bytes, (const void *)(uintptr_t)(STORE + offset), length);
  return true;
}

static bool nvm_write(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  bool good = true;
  (void)user;
  flash_begin(1u);
  for (uint32_t at = 0; good && at < length; at += 2u) {
    uint16_t half;
    memcpy(&half, (const uint8_t *)bytes + at, 2u);
    *(volatile uint16_t *)(uintptr_t)(STORE + offset + at) = half;
    good = flash_ready();
  }
  FLASH_CR = 1u << 7;
  return good;
}

static bool nvm_erase(void *user, uint32_t offset) {
  bool good;
  (void)user;
  flash_begin(2u);
  FLASH_AR = STORE + offset;
  FLASH_CR = 2u | 1u << 6;
  good = flash_ready();
  FLASH_CR = 1u << 7;
  return good;
}

void et_board_alive(void) { et_stm32_watchdog_feed(); }

const et_port *et_board_begin(void) {
  const bool has_clock = (RCC_CR & 2u) != 0u; /* the internal oscillator is running: the only way to be here on a chip */
  const bool has_flash = (FLASH_CR & 1u << 7) != 0u;
  if (has_clock) {
    clock_begin();
    RCC_APB2ENR |= 1u << 2 | 1u << 14;
    GPIOA_CRH = (GPIOA_CRH & ~0xFFFu) | 0x8B3u; /* PA8 output, PA9 alternate output, PA10 input with pull */
    GPIOA_BSRR = 1u << 10;                      /* pull up: a line that nobody drives is idle */
    drive(false);
    et_stm32_watchdog_begin();
  }
  et_systick_begin(CORE_HERTZ);
  et_stm32_usart_begin(&usart);
  et_enable_interrupt(ET_STM32_USART1_INTERRUPT);

  port.board = BOARD;
  port.serial_number = SERIAL_FALLBACK;
  et_stm32_port_begin(&port, &usart, has_clock, UNIQUE_ID);
  if (has_flash) port.nvm = (et_nvm){STORE_BYTES, STORE_PAGE, 2u, nvm_read, nvm_write, nvm_erase, STORE_CYCLES};
  return &port;
}
