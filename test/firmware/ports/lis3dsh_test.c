/* The accelerometer driver against a chip of its own kind: registers, address increment, and a queue of 32 samples. */
#include "accelerometer/lis3dsh.h"

#include <stdio.h>
#include <string.h>

#include "../check.h"

#define QUEUE 32

static uint8_t registers[64];
static int16_t queue[QUEUE][3];
static int queued;
static bool overrun;

static void measure(int16_t x, int16_t y, int16_t z) {
  if ((registers[0x20] & 0x07) != 0x07 || (registers[0x25] & 0x40) == 0 || (registers[0x2E] >> 5) != 2) return; /* not started */
  if (queued == QUEUE) {
    memmove(queue[0], queue[1], sizeof queue - sizeof queue[0]);
    queued--;
    overrun = true;
  }
  queue[queued][0] = x;
  queue[queued][1] = y;
  queue[queued][2] = z;
  queued++;
}

static uint8_t answer(uint8_t number) {
  if (number == 0x2F) return (uint8_t)((overrun ? 0x40 : 0) | (queued == 0 ? 0x20 : 0) | (queued == 0 ? 0 : queued - 1));
  if (number >= 0x28 && number <= 0x2D) {
    const int axis = (number - 0x28) / 2;
    const uint16_t raw = queued == 0 ? 0 : (uint16_t)queue[0][axis];
    return (uint8_t)((number & 1) != 0 ? raw >> 8 : raw);
  }
  return registers[number];
}

static void exchange(uint8_t *bytes, uint16_t length) {
  const bool read = (bytes[0] & 0x80) != 0;
  uint8_t number = bytes[0] & 0x7F;
  bool taken = false;
  for (uint16_t i = 1; i < length; i++) {
    if (read) {
      bytes[i] = answer(number);
      taken = taken || number == 0x2D;
    } else {
      registers[number] = bytes[i];
    }
    if ((registers[0x25] & 0x10) != 0) number++;
  }
  if (taken && queued > 0) {
    memmove(queue[0], queue[1], sizeof queue - sizeof queue[0]);
    queued--;
    overrun = false;
  }
}

int main(void) {
  et_lis3dsh sensor;
  int16_t values[6];
  registers[0x0F] = 0x32; /* another chip */
  CHECK(!et_lis3dsh_begin(&sensor, exchange, ET_LIS3DSH_400HZ));
  CHECK(registers[0x20] == 0);
  registers[0x0F] = 0x3F;
  CHECK(et_lis3dsh_begin(&sensor, exchange, ET_LIS3DSH_400HZ));
  CHECK(registers[0x20] == 0x7F); /* 400 Hz, whole values, three axes */
  CHECK(registers[0x24] == 0x58); /* 200 Hz filter, 8 g */
  CHECK(!et_lis3dsh_sample(&sensor, values, 3));
  measure(0, 1000, -1000);
  measure(32767, -32768, 2);
  CHECK(et_lis3dsh_sample(&sensor, values, 3));
  CHECK(values[0] == 0 && values[1] == 240 && values[2] == -240);
  CHECK(et_lis3dsh_sample(&sensor, values, 3));
  CHECK(values[0] == 7864 && values[1] == -7864 && values[2] == 0); /* 7864.08, -7864.32, 0.48 mg */
  CHECK(!et_lis3dsh_sample(&sensor, values, 3));
  for (int16_t i = 0; i < 40; i++) measure((int16_t)(100 * i), 0, 0);
  memset(values, 1, sizeof values);
  CHECK(et_lis3dsh_sample(&sensor, values, 6));
  CHECK(values[0] == 192 && values[3] == 0 && values[5] == 0); /* the ninth; channels that it does not have */
  CHECK(sensor.overruns == 1);
  int left = 0;
  while (et_lis3dsh_sample(&sensor, values, 1)) left++;
  CHECK(left == QUEUE - 1 && values[0] == 936 && sensor.overruns == 1);
  printf("all checks passed\n");
  return 0;
}
