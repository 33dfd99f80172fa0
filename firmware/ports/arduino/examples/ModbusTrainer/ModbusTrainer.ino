/* A self-learning Modbus device, unit 1, on the serial port (115200 baud, 8N1). Node-RED or any master does the rest.
 *
 * With an RS-485 transceiver on the port, pin 2 drives its DE and RE. What was learned is kept through a power cut. */
#include <EdgeTrainer.h>

#if defined(ESP8266) || defined(ESP32)
#include <EdgeTrainerFile.h>
#elif defined(__AVR__)
#include <EdgeTrainerEeprom.h>
#include <avr/sleep.h>
#endif

const uint32_t BAUD = 115200;
const uint8_t DRIVER_ENABLE = 2;

static uint64_t arena[EDGE_TRAINER_ARENA_BYTES / 8];
static EdgeTrainer trainer(Serial, BAUD, arena, sizeof arena);

void setup() {
  Serial.begin(BAUD);
  trainer.driverEnable(DRIVER_ENABLE);
#if defined(ESP8266) || defined(ESP32)
  LittleFS.begin();
  trainer.store(edgeTrainerFile());
#elif defined(__AVR__)
  trainer.store(edgeTrainerEeprom());
#endif
  trainer.begin();
}

void loop() {
  if (trainer.poll()) return;
#ifdef __AVR__
  set_sleep_mode(SLEEP_MODE_IDLE); /* until the next byte or the next millisecond */
  sleep_mode();
#endif
}
