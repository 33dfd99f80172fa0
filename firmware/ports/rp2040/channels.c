/* The RP2040's own channels (channels.h). Sections: RP2040 datasheet. */
#include "rp2040/channels.h"

#include "cortexm-common/cortexm.h"

#define CLEAR 0x3000u                                        /* alias of a register that clears the bits written (2.1.2) */
#define CLOCKS(offset) ET_REGISTER(0x40008000u + (offset))   /* 2.15.7 */
#define RESETS(offset) ET_REGISTER(0x4000C000u + (offset))   /* 2.14.3 */
#define IO_BANK0(offset) ET_REGISTER(0x40014000u + (offset)) /* 2.19.6.1 */
#define PADS(offset) ET_REGISTER(0x4001C000u + (offset))     /* 2.19.6.3 */
#define PLL_USB(offset) ET_REGISTER(0x4002C000u + (offset))  /* 2.18.4 */
#define ADC(offset) ET_REGISTER(0x4004C000u + (offset))      /* 4.9.6 */
#define PWM(slice, offset) ET_REGISTER(0x40050000u + 0x14u * (slice) + (offset)) /* 4.5.3 */
#define SIO(offset) ET_REGISTER(0xD0000000u + (offset))                          /* 2.3.1.7 */

#define ADC_PIN 26u
#define ADC_INPUTS 4u /* on pins; one more is the temperature of the chip */
#define ADC_MOST 4095
#define ADC_PATIENCE 2000u /* looks at a conversion of 2 us */
#define PIN 16u
#define SWITCHES 2u
#define FUNCTION_PWM 4u
#define FUNCTION_SIO 5u
#define PERMILLE 1000
#define PWM_DIVIDER 125u /* of 125 MHz: a count takes 1 us, a period 1 ms */

/* A converter at either end of its range: a wire is broken, or touches another one. */
static bool read_input(void *user, uint8_t channel, int16_t *value) {
  uint32_t left = ADC_PATIENCE;
  (void)user;
  ADC(0x00u) = 1u | 1u << 1 | 1u << 2 | (uint32_t)channel << 12;
  while ((ADC(0x00u) & 1u << 8) == 0u)
    if (left-- == 0u) return false;
  *value = (int16_t)(ADC(0x04u) & 0xFFFu);
  if ((ADC(0x00u) & 1u << 9) != 0u) return false;
  return channel >= ADC_INPUTS || (*value > 0 && *value < ADC_MOST);
}

static bool drive_output(void *user, uint8_t channel, int16_t value) {
  const uint32_t pin = PIN + channel;
  (void)user;
  if (channel < SWITCHES) {
    SIO(value > 0 ? 0x14u : 0x18u) = 1u << pin;
    SIO(0x24u) = 1u << pin;
    IO_BANK0(8u * pin + 4u) = FUNCTION_SIO;
  } else {
    const uint32_t slice = (pin >> 1) & 7u, shift = (pin & 1u) * 16u;
    const uint32_t share = value < 0 ? 0u : value > PERMILLE ? PERMILLE : (uint32_t)value;
    PWM(slice, 0x04u) = PWM_DIVIDER << 4;
    PWM(slice, 0x10u) = PERMILLE - 1u; /* a share of all lies beyond the last count: always high */
    PWM(slice, 0x0Cu) = (PWM(slice, 0x0Cu) & ~(0xFFFFu << shift)) | share << shift;
    PWM(slice, 0x00u) = 1u;
    IO_BANK0(8u * pin + 4u) = FUNCTION_PWM;
  }
  return true;
}

static void wait_for(volatile uint32_t *status, uint32_t mask) {
  while ((*status & mask) != mask) {}
}

void et_channels_begin(et_port *port) {
  const uint32_t blocks = 1ul << 0 | 1ul << 13 | 1ul << 14; /* ADC, PLL of 48 MHz, PWM */
  uint32_t i;
  RESETS(CLEAR) = blocks;
  wait_for(&RESETS(0x08u), blocks);
  PLL_USB(0x00u) = 1u; /* 12 MHz * 100 / 5 / 5 */
  PLL_USB(0x08u) = 100u;
  PLL_USB(0x04u + CLEAR) = 1u << 0 | 1u << 5;
  wait_for(&PLL_USB(0x00u), 1ul << 31);
  PLL_USB(0x0Cu) = 5ul << 16 | 5ul << 12;
  PLL_USB(0x04u + CLEAR) = 1u << 3;
  CLOCKS(0x60u) = 1u << 11; /* the converter: that PLL */
  ADC(0x00u) = 1u | 1u << 1;
  for (i = 0; i < ADC_INPUTS; i++) PADS(4u + 4u * (ADC_PIN + i)) = 1u << 7; /* neither input buffer nor pulls */
  port->inputs = ADC_INPUTS + 1u;
  port->outputs = 2u * SWITCHES;
  port->read_input = read_input;
  port->drive_output = drive_output;
}
