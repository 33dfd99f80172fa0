/* A board that closes the loop by itself, by its definition. Inputs 0 and 1: converter on A0 and A1, counts; outputs 0: pin 13, high above 0;
 * 1: pin 9, duty cycle 0 to 255. Give it a definition with a section `io` over Modbus once (115200 baud, 8N1); from then on it reads, decides,
 * drives and learns without any master, also after a restart. A converter at either end of its range counts as a broken wire: the output
 * then gets the fail-safe class. */
#include <EdgeTrainer.h>
#ifdef __AVR__
#include <EdgeTrainerEeprom.h>
#endif

const uint32_t BAUD = 115200;
const uint8_t INPUT_PINS[] = {A0, A1};
const uint8_t RELAY = 13, VALVE = 9;

static uint64_t arena[EDGE_TRAINER_ARENA_BYTES / 8];
static EdgeTrainer trainer(Serial, BAUD, arena, sizeof arena);

static bool readInput(uint8_t channel, int16_t *value) {
  *value = static_cast<int16_t>(analogRead(INPUT_PINS[channel]));
  return *value > 0 && *value < 1023;
}

static bool driveOutput(uint8_t channel, int16_t value) {
  if (channel == 0) digitalWrite(RELAY, value > 0 ? HIGH : LOW);
  else analogWrite(VALVE, value < 0 ? 0 : value > 255 ? 255 : value);
  return true;
}

void setup() {
  Serial.begin(BAUD);
  pinMode(RELAY, OUTPUT);
  pinMode(VALVE, OUTPUT);
  trainer.channels(sizeof INPUT_PINS, readInput, 2, driveOutput);
#ifdef __AVR__
  trainer.store(edgeTrainerEeprom());
#endif
  trainer.begin();
}

void loop() { trainer.poll(); }
