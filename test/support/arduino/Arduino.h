/* A thin stand-in of the Arduino interfaces that the library and its examples use: enough to compile and link for cores whose own Arduino
 * core is not packaged here. It runs nothing. */
#ifndef ARDUINO_STAND_IN_H
#define ARDUINO_STAND_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HIGH 1
#define LOW 0
#define INPUT 0
#define OUTPUT 1
#define INPUT_PULLUP 2
#define A0 14
#define A1 15
#define PROGMEM
#define pgm_read_byte(at) (*(const uint8_t *)(at))

extern "C" {
unsigned long millis(void);
unsigned long micros(void);
int analogRead(uint8_t pin);
int digitalRead(uint8_t pin);
void digitalWrite(uint8_t pin, uint8_t value);
void analogWrite(uint8_t pin, int value);
void pinMode(uint8_t pin, uint8_t mode);
}

class Print {
public:
  virtual size_t write(uint8_t byte) = 0;
  virtual size_t write(const uint8_t *bytes, size_t count) = 0;
  virtual void flush() {}
  size_t print(const char *text);
  size_t print(long value);
  size_t println(long value);
};

class Stream : public Print {
public:
  virtual int available() = 0;
  virtual int read() = 0;
  virtual int peek() = 0;
};

class HardwareSerial : public Stream {
public:
  void begin(unsigned long baud);
  size_t write(uint8_t byte) override;
  size_t write(const uint8_t *bytes, size_t count) override;
  int available() override;
  int read() override;
  int peek() override;
};

extern HardwareSerial Serial;

void setup();
void loop();

#endif
