/* A board that watches a machine by itself: two analog channels (A0, A1; a vibration sensor, a current clamp), 100 samples a second. Give it a
 * definition with two channels over Modbus (115200 baud, 8N1); the samples need no wire any more.
 *
 * Models of streams need more than the 8 kB of an ATmega2560: there the sketch compiles, and the trainer asks no sensor. */
#include <EdgeTrainer.h>

const uint32_t BAUD = 115200;
const uint32_t PERIOD_US = 10000;
const uint8_t CHANNELS[] = {A0, A1};

static uint64_t arena[EDGE_TRAINER_ARENA_BYTES / 8];
static EdgeTrainer trainer(Serial, BAUD, arena, sizeof arena);
static uint32_t lastUs;

/* In register units: the converter's counts. */
static bool sample(int16_t *values, uint8_t channels) {
  if (micros() - lastUs < PERIOD_US) return false;
  lastUs += PERIOD_US;
  for (uint8_t i = 0; i < channels; i++) values[i] = i < sizeof CHANNELS ? static_cast<int16_t>(analogRead(CHANNELS[i])) : 0;
  return true;
}

void setup() {
  Serial.begin(BAUD);
  trainer.sensor(sample);
  lastUs = micros();
  trainer.begin();
}

void loop() {
  trainer.poll();
}
