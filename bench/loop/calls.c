/* A trainer that is part of a program, without Modbus: deploys, decides, learns from outcomes and saves, with a store and one family. Only its
 * size is of interest. */
#include "loop/trainer_state.h"
#include "thermostat.h"

int main(void);
_Noreturn void reset(void);

static et_trainer trainer;
static et_port port;
static uint64_t arena[2560 / sizeof(uint64_t)];
static volatile int16_t sensors[THERMOSTAT_FEATURES], outcome, heater;
static volatile uint32_t now_ms;
static volatile uint8_t memory[1024];

static uint32_t clock_ms(void *user) {
  (void)user;
  return now_ms;
}

static bool read_memory(void *user, uint32_t offset, void *bytes, uint32_t length) {
  (void)user;
  for (uint32_t i = 0; i < length; i++) ((uint8_t *)bytes)[i] = memory[offset + i];
  return true;
}

static bool write_memory(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  (void)user;
  for (uint32_t i = 0; i < length; i++) memory[offset + i] = ((const uint8_t *)bytes)[i];
  return true;
}

int main(void) {
  port.clock_ms = clock_ms;
  port.nvm.size = sizeof memory;
  port.nvm.page_bytes = port.nvm.write_bytes = 1;
  port.nvm.read = read_memory;
  port.nvm.write = write_memory;
  port.arena = (uint8_t *)arena;
  port.arena_bytes = sizeof arena;
  et_trainer_begin(&trainer, &port);
  if (et_trainer_deploy(&trainer, thermostat, sizeof thermostat) != ET_OK) return 1;
  for (;;) {
    int16_t values[THERMOSTAT_FEATURES], became = outcome;
    et_answer answer;
    et_status status;
    for (unsigned i = 0; i < THERMOSTAT_FEATURES; i++) values[i] = sensors[i];
    if (et_trainer_infer(&trainer, values, &answer) != ET_OK) return 2;
    heater = answer.actuation;
    (void)et_trainer_feedback(&trainer, answer.ticket, ET_FEEDBACK_KIND_OUTCOME, &became, NULL);
    while (et_trainer_work(&trainer)) continue;
    et_trainer_status(&trainer, &status);
    if (status.saved == ET_SAVE_STATE_NOT_SAVED) (void)et_trainer_save(&trainer);
  }
}

_Noreturn void reset(void) {
  (void)main();
  for (;;) {}
}

__attribute__((section(".vectors"), used)) static void (*const vectors[])(void) = {(void (*)(void))0x20004000, reset};
