/* STM32F405 (Cortex-M4F, 168 MHz, 1 MB flash, 128 kB SRAM in one piece). Sections: RM0090 rev 19.
 * USART1 on PA9 / PA10; PA8 is high while sending (driver enable of an RS-485 transceiver).
 *
 * With ET_ACCELEROMETER an LIS3DSH on SPI1 (PA5 clock, PA6 in, PA7 out, PE3 select: the STM32F4DISCOVERY) is the board's own sensor.
 *
 * QEMU (machine netduinoplus2) models core, SysTick and USART, but neither RCC nor the flash controller nor the watchdog: their
 * registers read 0 where the reset value is not 0. The port then leaves the clock alone and reports no non-volatile memory. */
#include <string.h>

#ifdef ET_ACCELEROMETER
#include "accelerometer/lis3dsh.h"
#endif
#include "cortexm-common/stm32_port.h"

#define CORE_HERTZ 168000000u
#define APB2_HERTZ (CORE_HERTZ / 2u)

/* Crystal in MHz, 0 = the internal 16 MHz oscillator (1 % at room temperature; RM0090 7.2.2). */
#ifndef ET_HSE_MHZ
#define ET_HSE_MHZ 0u
#endif

#define RCC_CR ET_REGISTER(0x40023800u) /* 7.3.1 */
#define RCC_PLLCFGR ET_REGISTER(0x40023804u)
#define RCC_CFGR ET_REGISTER(0x40023808u)
#define RCC_AHB1ENR ET_REGISTER(0x40023830u)
#define RCC_AHB2ENR ET_REGISTER(0x40023834u)
#define RCC_APB2ENR ET_REGISTER(0x40023844u)
#define GPIOA_MODER ET_REGISTER(0x40020000u) /* 8.4 */
#define GPIOA_PUPDR ET_REGISTER(0x4002000Cu)
#define GPIOA_BSRR ET_REGISTER(0x40020018u)
#define GPIOA_AFRH ET_REGISTER(0x40020024u)
#define FLASH_ACR ET_REGISTER(0x40023C00u) /* 3.9 */
#define FLASH_KEYR ET_REGISTER(0x40023C04u)
#define FLASH_SR ET_REGISTER(0x40023C0Cu)
#define FLASH_CR ET_REGISTER(0x40023C10u)
#define RNG_CR ET_REGISTER(0x50060800u) /* 24.4 */
#define RNG_SR ET_REGISTER(0x50060804u)
#define RNG_DR ET_REGISTER(0x50060808u)
#define UNIQUE_ID 0x1FFF7A10u /* 39.1 */

/* Sectors 1 and 2, 16 kB each (table 5): erased in 250 to 500 ms, within a master's patience. sector 0 holds the vectors. */
#define STORE 0x08004000u
#define STORE_PAGE 0x4000u
#define STORE_PAGES 2u
#define STORE_CYCLES 10000u /* STM32F405 data sheet, flash endurance */

static void drive(bool on) { GPIOA_BSRR = on ? 1u << 8 : 1u << 24; }

static et_port port;
static et_stm32_usart usart = {.base = 0x40011000u, .drive = drive, .clock_us = et_systick_us, .port = &port, .clock_hertz = APB2_HERTZ};

static void usart1_handler(void) { et_stm32_usart_interrupt(&usart); }

__attribute__((section(".vectors_irq"), used)) static const et_handler interrupts[ET_STM32_USART1_INTERRUPT + 1u] = {
    [ET_STM32_USART1_INTERRUPT] = usart1_handler};

static void clock_begin(void) {
  uint32_t source_mhz = 16u;
  FLASH_ACR = 5u | 7u << 8; /* 5 wait states at 168 MHz (table 10), prefetch and caches on */
  if (ET_HSE_MHZ != 0u) {
    RCC_CR |= 1ul << 16;
    if (et_stm32_wait_for(0x40023800u, 1ul << 17, 1ul << 17)) source_mhz = ET_HSE_MHZ;
  }
  /* 1 MHz into the PLL, times 336, by 2 for the core and by 7 for the 48 MHz of the random generator. */
  RCC_PLLCFGR = source_mhz | 336ul << 6 | 7ul << 24 | (source_mhz == 16u ? 0u : 1ul << 22);
  RCC_CR |= 1ul << 24;
  (void)et_stm32_wait_for(0x40023800u, 1ul << 25, 1ul << 25);
  RCC_CFGR = 2u | 5ul << 10 | 4ul << 13; /* PLL; APB1 by 4, APB2 by 2 */
  (void)et_stm32_wait_for(0x40023808u, 3u << 2, 2u << 2);
}

/* ---- Flash ---- */

static bool flash_ready(void) {
  /* An erase with this code in the same bank stalls the processor; the loop only bounds a fault. */
  if (!et_stm32_wait_for(0x40023C0Cu, 1ul << 16, 0)) return false;
  return (FLASH_SR & 0xF2u) == 0u;
}

static void flash_unlock(void) {
  if ((FLASH_CR & 1ul << 31) != 0u) {
    FLASH_KEYR = 0x45670123u;
    FLASH_KEYR = 0xCDEF89ABu;
  }
  FLASH_SR = 0xF3u;
}

static void flash_lock(void) {
  FLASH_CR = 1ul << 31;
  FLASH_ACR &= ~(1ul << 10); /* what the data cache holds is out of date (3.5.4) */
  FLASH_ACR |= 1ul << 12;
  FLASH_ACR &= ~(1ul << 12);
  FLASH_ACR |= 1ul << 10;
}

static bool nvm_read(void *user, uint32_t offset, void *bytes, uint32_t length) {
  (void)user;
  memcpy(bytes, (const void *)(uintptr_t)(STORE + offset), length);
  return true;
}

static bool nvm_write(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  bool good = true;
  (void)user;
  flash_unlock();
  FLASH_CR = 1u | 2u << 8; /* program, 32 bits at once: 2.7 to 3.6 V */
  for (uint32_t at = 0; good && at < length; at += 4u) {
    uint32_t word;
    memcpy(&word, (const uint8_t *)bytes + at, 4u);
    ET_REGISTER(STORE + offset + at) = word;
    good = flash_ready();
  }
  flash_lock();
  return good;
}

static bool nvm_erase(void *user, uint32_t offset) {
  bool good;
  (void)user;
  flash_unlock();
  FLASH_CR = 2u | 2u << 8 | (1u + offset / STORE_PAGE) << 3;
  FLASH_CR |= 1ul << 16;
  good = flash_ready();
  flash_lock();
  return good;
}

static void random_bytes(void *user, uint8_t *bytes, uint16_t length) {
  (void)user;
  while (length > 0u) {
    uint32_t word;
    uint16_t count = length < 4u ? length : 4u;
    if (!et_stm32_wait_for(0x50060804u, 1u, 1u)) word = et_systick_us(0);
    else word = RNG_DR;
    memcpy(bytes, &word, count);
    bytes += count;
    length = (uint16_t)(length - count);
  }
}

#ifdef ET_ACCELEROMETER
#define GPIOA_AFRL ET_REGISTER(0x40020020u)
#define GPIOE_MODER ET_REGISTER(0x40021000u)
#define GPIOE_BSRR ET_REGISTER(0x40021018u)
#define SPI1_CR1 ET_REGISTER(0x40013000u) /* 28.5 */
#define SPI1_SR ET_REGISTER(0x40013008u)
#define SPI1_DR ET_REGISTER(0x4001300Cu)
#ifndef ET_ACCELEROMETER_RATE
#define ET_ACCELEROMETER_RATE ET_LIS3DSH_400HZ
#endif

static et_lis3dsh accelerometer;

static void spi_exchange(uint8_t *bytes, uint16_t length) {
  GPIOE_BSRR = 1ul << 19;
  for (uint16_t i = 0; i < length; i++) {
    if (!et_stm32_wait_for(0x40013008u, 2u, 2u)) break;
    SPI1_DR = bytes[i];
    bytes[i] = et_stm32_wait_for(0x40013008u, 1u, 1u) ? (uint8_t)SPI1_DR : 0u;
  }
  GPIOE_BSRR = 1ul << 3;
}

static bool sample(void *user, int16_t *values, uint8_t channels) {
  (void)user;
  return et_lis3dsh_sample(&accelerometer, values, channels);
}

/* False: the chip does not answer. */
static bool accelerometer_begin(void) {
  RCC_AHB1ENR |= 1u << 4;
  RCC_APB2ENR |= 1u << 12;
  GPIOE_BSRR = 1ul << 3;
  GPIOE_MODER = (GPIOE_MODER & ~(3ul << 6)) | 1ul << 6;
  GPIOA_AFRL = (GPIOA_AFRL & 0x000FFFFFul) | 0x55500000ul; /* PA5, PA6, PA7: AF5 */
  GPIOA_MODER = (GPIOA_MODER & ~(0x3Ful << 10)) | 0x2Aul << 10;
  SPI1_CR1 = 3u | 1u << 2 | 3u << 3 | 1u << 6 | 3u << 8; /* mode 3, master, 84 MHz / 16, on, select by hand */
  return et_lis3dsh_begin(&accelerometer, spi_exchange, ET_ACCELEROMETER_RATE);
}
#endif

void et_board_alive(void) { et_stm32_watchdog_feed(); }

const et_port *et_board_begin(void) {
  const bool has_clock = (RCC_CR & 2u) != 0u; /* the internal oscillator is running: the only way to be here on a chip */
  const bool has_flash = (FLASH_CR & 1ul << 31) != 0u;
  if (has_clock) {
    clock_begin();
    RCC_AHB1ENR |= 1u;
    RCC_AHB2ENR |= 1u << 6;
    RCC_APB2ENR |= 1u << 4;
    RNG_CR = 1u << 2;
    GPIOA_AFRH = 7u << 4 | 7u << 8; /* PA9, PA10: AF7 */
    GPIOA_PUPDR |= 1ul << 20;       /* a line that nobody drives is idle */
    GPIOA_MODER = (GPIOA_MODER & ~(0x3Ful << 16)) | 1ul << 16 | 2ul << 18 | 2ul << 20;
    drive(false);
    et_stm32_watchdog_begin();
  }
  et_systick_begin(CORE_HERTZ);
  et_stm32_usart_begin(&usart);
  et_enable_interrupt(ET_STM32_USART1_INTERRUPT);

  port.board = "STM32F405";
  port.serial_number = 0x405u;
  et_stm32_port_begin(&port, &usart, has_clock, UNIQUE_ID);
  port.random = has_clock ? random_bytes : NULL;
  if (has_flash) port.nvm = (et_nvm){STORE_PAGE * STORE_PAGES, STORE_PAGE, 4u, nvm_read, nvm_write, nvm_erase, STORE_CYCLES};
#ifdef ET_ACCELEROMETER
  if (has_clock && accelerometer_begin()) port.sample = sample;
#endif
  return &port;
}
