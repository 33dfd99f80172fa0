/* Edge Trainer for Arduino: a self-learning Modbus device on a Stream, a closed loop in the sketch itself, or the models alone
 * (edge_trainer/svm.h, edge_trainer/dnn.h).
 *
 *   static uint64_t arena[EDGE_TRAINER_ARENA_BYTES / 8];
 *   EdgeTrainer trainer(Serial, 115200, arena, sizeof arena);
 *   void setup() { Serial.begin(115200); trainer.begin(); }
 *   void loop() { trainer.poll(); }
 *
 * A sketch has one trainer. Settings come before begin(). */
#ifndef EDGE_TRAINER_ARDUINO_H
#define EDGE_TRAINER_ARDUINO_H

#include <Arduino.h>

#include "edge_trainer/dnn.h"
#include "edge_trainer/port.h"
#include "edge_trainer/svm.h"
#include "edge_trainer/trainer.h"

/* What a trainer of this chip may have and leave the sketch its stack. */
#ifndef EDGE_TRAINER_ARENA_BYTES
#ifdef __AVR__
#define EDGE_TRAINER_ARENA_BYTES 4608
#else
#define EDGE_TRAINER_ARENA_BYTES 24576
#endif
#endif

class EdgeTrainer {
public:
  /* `wire` is begun by the sketch, at `baud`; 0 = no UART behind it (USB alone): frames then end without a silence. `arena`: aligned to 8. */
  EdgeTrainer(Stream &wire, uint32_t baud, void *arena, uint32_t arenaBytes);
  /* Without a wire: the sketch closes the loop by the calls below. */
  EdgeTrainer(void *arena, uint32_t arenaBytes);
  /* What the board calls itself (16 ASCII characters at most, kept by the caller), and its number. */
  void identity(const char *board, uint32_t serialNumber);
  /* Pin that is high while an answer is sent: driver enable of an RS-485 transceiver. */
  void driverEnable(uint8_t pin);
  /* Where what was learned is kept: edgeTrainerEeprom() or edgeTrainerFile(). Without one a restart forgets. */
  void store(const et_nvm &memory);
  /* The board's own sensor: one sample in register units, or false while none is due. Needs a build with stream families: not AVR. */
  void sensor(bool (*sample)(int16_t *values, uint8_t channels));
  /* The board's own channels, counted from 0: a definition with a section io closes the loop on them. Both answer at once; false = sensor or
   * actuator failed, and the fail-safe class drives the output. */
  void channels(uint8_t inputs, bool (*read)(uint8_t channel, int16_t *value), uint8_t outputs,
                bool (*drive)(uint8_t channel, int16_t value));
  void begin();
  /* One round: at most an answer and a slice of some milliseconds. True while there is something to compute. */
  bool poll();

  /* The closed loop by calls, with or without a wire; edge_trainer/trainer.h says what each does, and its errors. */
  et_error deploy(const void *definition, uint32_t length);
  et_error infer(const int16_t *features, et_answer &answer);
  et_error answer(uint16_t ticket, et_answer &answer);
  et_error feedback(uint16_t ticket, et_feedback_kind kind, int16_t value);
  et_error setPoint(int16_t value);
  et_error train();
  et_error save();
  et_status status();
  uint32_t detail();

private:
  static uint32_t clockMs(void *user);
  static uint32_t clockUs(void *user);
  static uint16_t receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence);
  static void send(void *user, const uint8_t *bytes, uint16_t length);
  static bool sending(void *user);
  static bool sample(void *user, int16_t *values, uint8_t channels);
  static bool readInput(void *user, uint8_t channel, int16_t *value);
  static bool driveOutput(void *user, uint8_t channel, int16_t value);
  void setUp(void *arena, uint32_t arenaBytes);
  void drive(bool on);

  Stream *wire_; /* nullptr = none */
  et_port port_;
  bool (*sample_)(int16_t *values, uint8_t channels);
  bool (*read_)(uint8_t channel, int16_t *value);
  bool (*drive_)(uint8_t channel, int16_t value);
  uint32_t heardUs_;
  bool quiet_, driven_;
  uint8_t pin_;
};

#endif
