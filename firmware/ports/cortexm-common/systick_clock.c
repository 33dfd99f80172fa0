#include "cortexm-common/systick_clock.h"

#include "cortexm-common/cortexm.h"

static volatile uint32_t milliseconds;
static uint32_t cycles_per_us;

void et_systick_handler(void);
void et_systick_handler(void) { milliseconds = milliseconds + 1u; }

void et_systick_begin(uint32_t hertz) {
  cycles_per_us = hertz / 1000000u;
  SYST_RVR = hertz / 1000u - 1u;
  SYST_CVR = 0;
  SYST_CSR = 7u;
}

uint32_t et_systick_ms(void *user) {
  (void)user;
  return milliseconds;
}

uint32_t et_systick_us(void *user) {
  const uint32_t masked = et_mask_interrupts();
  uint32_t left = SYST_CVR;
  uint32_t ms = milliseconds;
  (void)user;
  if ((SCB_ICSR & (1ul << 26)) != 0u) { /* the counter wrapped, its interrupt waits */
    left = SYST_CVR;
    ms++;
  }
  et_unmask_interrupts(masked);
  return ms * 1000u + (SYST_RVR - left) / cycles_per_us;
}
