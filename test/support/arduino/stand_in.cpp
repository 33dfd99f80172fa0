/* Bodies of the stand-in: they keep the linker honest. The registers are volatile, so that nothing is computed away. */
#include "LittleFS.h"

static volatile unsigned long registers[4];

HardwareSerial Serial;
FileSystem LittleFS;

extern "C" {
unsigned long millis(void) { return registers[0]; }
unsigned long micros(void) { return registers[1]; }
int analogRead(uint8_t) { return static_cast<int>(registers[2]); }
int digitalRead(uint8_t) { return static_cast<int>(registers[2]); }
void digitalWrite(uint8_t, uint8_t value) { registers[3] = value; }
void analogWrite(uint8_t, int value) { registers[3] = static_cast<uint8_t>(value); }
void pinMode(uint8_t, uint8_t mode) { registers[3] = mode; }
void __cxa_pure_virtual(void) {
  for (;;) {
  }
}
}

size_t Print::print(const char *text) { return write(reinterpret_cast<const uint8_t *>(text), strlen(text)); }
size_t Print::print(long value) { return write(static_cast<uint8_t>(value)); }
size_t Print::println(long value) { return print(value); }

void HardwareSerial::begin(unsigned long baud) { registers[3] = baud; }
size_t HardwareSerial::write(uint8_t byte) {
  registers[3] = byte;
  return 1;
}
size_t HardwareSerial::write(const uint8_t *bytes, size_t count) {
  for (size_t at = 0; at < count; at++) write(bytes[at]);
  return count;
}
int HardwareSerial::available() { return static_cast<int>(registers[2]); }
int HardwareSerial::read() { return static_cast<int>(registers[2]); }
int HardwareSerial::peek() { return static_cast<int>(registers[2]); }

File::operator bool() const { return registers[2] != 0; }
bool File::seek(uint32_t position) { return position <= registers[2]; }
size_t File::read(uint8_t *bytes, size_t count) {
  memset(bytes, static_cast<int>(registers[2]), count);
  return count;
}
size_t File::write(const uint8_t *bytes, size_t count) {
  registers[3] = bytes[0];
  return count;
}
size_t File::size() const { return registers[2]; }
void File::close() {}
bool FileSystem::begin() { return registers[2] != 0; }
File FileSystem::open(const char *, const char *) { return File(); }

int main() {
  setup();
  for (;;) loop();
}
