#include "EdgeTrainer.h"

#include "edge_trainer/contract.h"
#include "sketch_trainer.h"

namespace {
const uint32_t QUIET_US = 1000000; /* longer silences are all the same: the clock may wrap */

#if defined(__AVR_ATmega2560__)
const char BOARD[] = "ATmega2560";
#elif defined(ESP8266)
const char BOARD[] = "ESP8266";
#elif defined(ESP32)
const char BOARD[] = "ESP32";
#else
const char BOARD[] = "Arduino";
#endif

EdgeTrainer &of(void *user) { return *static_cast<EdgeTrainer *>(user); }
} // namespace

EdgeTrainer::EdgeTrainer(Stream &wire, uint32_t baud, void *arena, uint32_t arenaBytes)
    : wire_(&wire), port_(), sample_(nullptr), read_(nullptr), drive_(nullptr), heardUs_(0), quiet_(true), driven_(false), pin_(0) {
  setUp(arena, arenaBytes);
  port_.receive = receive;
  port_.send = send;
  port_.sending = sending;
  port_.line.baud = baud;
  port_.line.parity = ET_PARITY_NONE;
  port_.line.stop_bits = 1;
}

EdgeTrainer::EdgeTrainer(void *arena, uint32_t arenaBytes)
    : wire_(nullptr), port_(), sample_(nullptr), read_(nullptr), drive_(nullptr), heardUs_(0), quiet_(true), driven_(false), pin_(0) {
  setUp(arena, arenaBytes);
}

void EdgeTrainer::setUp(void *arena, uint32_t arenaBytes) {
  port_.user = this;
  port_.board = BOARD;
  port_.serial_number = 1;
  port_.clock_ms = clockMs;
  port_.clock_us = clockUs;
  port_.arena = static_cast<uint8_t *>(arena);
  port_.arena_bytes = arenaBytes;
}

void EdgeTrainer::identity(const char *board, uint32_t serialNumber) {
  port_.board = board;
  port_.serial_number = serialNumber;
}

void EdgeTrainer::driverEnable(uint8_t pin) {
  driven_ = true;
  pin_ = pin;
}

void EdgeTrainer::store(const et_nvm &memory) { port_.nvm = memory; }

void EdgeTrainer::sensor(bool (*sample)(int16_t *values, uint8_t channels)) {
  sample_ = sample;
  port_.sample = EdgeTrainer::sample;
}

void EdgeTrainer::channels(uint8_t inputs, bool (*read)(uint8_t channel, int16_t *value), uint8_t outputs,
                           bool (*drive)(uint8_t channel, int16_t value)) {
  read_ = read;
  drive_ = drive;
  port_.inputs = inputs;
  port_.outputs = outputs;
  port_.read_input = readInput;
  port_.drive_output = driveOutput;
}

void EdgeTrainer::begin() {
  if (driven_) pinMode(pin_, OUTPUT);
  drive(false);
  et_trainer_begin(et_sketch_trainer(), &port_);
}

bool EdgeTrainer::poll() {
  et_trainer *trainer = et_sketch_trainer();
  return wire_ == nullptr ? et_trainer_work(trainer) : et_trainer_poll(trainer);
}

et_error EdgeTrainer::deploy(const void *definition, uint32_t length) { return et_trainer_deploy(et_sketch_trainer(), definition, length); }

et_error EdgeTrainer::infer(const int16_t *features, et_answer &answer) { return et_trainer_infer(et_sketch_trainer(), features, &answer); }

et_error EdgeTrainer::answer(uint16_t ticket, et_answer &answer) { return et_trainer_answer(et_sketch_trainer(), ticket, &answer); }

et_error EdgeTrainer::feedback(uint16_t ticket, et_feedback_kind kind, int16_t value) {
  return et_trainer_feedback(et_sketch_trainer(), ticket, kind, &value, nullptr);
}

et_error EdgeTrainer::setPoint(int16_t value) { return et_trainer_set_point(et_sketch_trainer(), value); }

et_error EdgeTrainer::train() { return et_trainer_train(et_sketch_trainer()); }

et_error EdgeTrainer::save() { return et_trainer_save(et_sketch_trainer()); }

et_status EdgeTrainer::status() {
  et_status status;
  et_trainer_status(et_sketch_trainer(), &status);
  return status;
}

uint32_t EdgeTrainer::detail() { return et_trainer_detail(et_sketch_trainer()); }

uint32_t EdgeTrainer::clockMs(void *) { return millis(); }

uint32_t EdgeTrainer::clockUs(void *) { return micros(); }

/* The silence counts from the look at which the last byte was found: at most a slice too short, never too long. */
uint16_t EdgeTrainer::receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence) {
  EdgeTrainer &self = of(user);
  uint16_t count = 0;
  while (count < capacity && self.wire_->available() > 0) bytes[count++] = static_cast<uint8_t>(self.wire_->read());
  const uint32_t now = micros();
  if (count > 0) {
    self.heardUs_ = now;
    self.quiet_ = false;
  } else if (now - self.heardUs_ > QUIET_US) {
    self.quiet_ = true;
  }
  *silence = self.quiet_ ? QUIET_US : now - self.heardUs_;
  return count;
}

/* The stream gets the whole answer, however small its buffer is: a slice of training or a byte of EEPROM takes longer than a frame may pause,
 * and an RS-485 driver has to be off before the master asks again. This blocks for the time of the answer (22 ms at 115200 baud). */
void EdgeTrainer::send(void *user, const uint8_t *bytes, uint16_t length) {
  EdgeTrainer &self = of(user);
  self.drive(true);
  self.wire_->write(bytes, length);
  if (self.driven_) self.wire_->flush();
  self.drive(false);
}

bool EdgeTrainer::sending(void *) { return false; }

bool EdgeTrainer::sample(void *user, int16_t *values, uint8_t channels) { return of(user).sample_(values, channels); }

bool EdgeTrainer::readInput(void *user, uint8_t channel, int16_t *value) { return of(user).read_(channel, value); }

bool EdgeTrainer::driveOutput(void *user, uint8_t channel, int16_t value) { return of(user).drive_(channel, value); }

void EdgeTrainer::drive(bool on) {
  if (driven_) digitalWrite(pin_, on ? HIGH : LOW);
}
