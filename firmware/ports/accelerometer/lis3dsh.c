#include "accelerometer/lis3dsh.h"

#include <string.h>

#define WHO_AM_I 0x0Fu
#define ITS_NAME 0x3Fu
#define CTRL_REG4 0x20u /* rate, block data update, axes */
#define CTRL_REG5 0x24u /* anti-alias filter, full scale */
#define CTRL_REG6 0x25u /* queue, address increment */
#define OUT_X_L 0x28u
#define FIFO_CTRL 0x2Eu
#define FIFO_SRC 0x2Fu

#define READ 0x80u
#define ALL_AXES_WHOLE 0x0Fu /* x, y, z on; both bytes of a value are of the same sample */
#define FULL_SCALE_8G 0x18u
#define QUEUE_ON 0x40u
#define ADDRESS_INCREMENT 0x10u
#define QUEUE_STREAM 0x40u /* the oldest sample makes room */
#define QUEUE_OVERRUN 0x40u
#define QUEUE_EMPTY 0x20u

#define AXES 3u

static uint8_t read_register(const et_lis3dsh *sensor, uint8_t number) {
  uint8_t bytes[2] = {(uint8_t)(READ | number), 0};
  sensor->exchange(bytes, sizeof bytes);
  return bytes[1];
}

static void write_register(const et_lis3dsh *sensor, uint8_t number, uint8_t value) {
  uint8_t bytes[2] = {number, value};
  sensor->exchange(bytes, sizeof bytes);
}

/* 0.24 mg a digit at +-8 g: |raw| * 24 < 2^20. Rounded to nearest. */
static int16_t to_mg(int16_t raw) {
  const int32_t scaled = (int32_t)raw * 24;
  return (int16_t)((scaled >= 0 ? scaled + 50 : scaled - 50) / 100);
}

bool et_lis3dsh_begin(et_lis3dsh *sensor, void (*exchange)(uint8_t *bytes, uint16_t length), et_lis3dsh_rate rate) {
  /* The analogue filter halves the bandwidth that the rate leaves where it can: 800, 200 or 50 Hz (bits 7 and 6). */
  const uint32_t filter = rate <= ET_LIS3DSH_100HZ ? 3u : rate == ET_LIS3DSH_400HZ ? 1u : 0u;
  memset(sensor, 0, sizeof *sensor);
  sensor->exchange = exchange;
  if (read_register(sensor, WHO_AM_I) != ITS_NAME) return false;
  write_register(sensor, CTRL_REG6, QUEUE_ON | ADDRESS_INCREMENT);
  write_register(sensor, FIFO_CTRL, QUEUE_STREAM);
  write_register(sensor, CTRL_REG5, (uint8_t)(filter << 6 | FULL_SCALE_8G));
  write_register(sensor, CTRL_REG4, (uint8_t)((uint32_t)rate << 4 | ALL_AXES_WHOLE)); /* last: from here on it measures */
  return true;
}

bool et_lis3dsh_sample(et_lis3dsh *sensor, int16_t *values, uint8_t channels) {
  uint8_t bytes[1u + 2u * AXES] = {READ | OUT_X_L};
  const uint8_t state = read_register(sensor, FIFO_SRC);
  if ((state & QUEUE_EMPTY) != 0u) return false;
  if ((state & QUEUE_OVERRUN) != 0u) sensor->overruns++;
  sensor->exchange(bytes, sizeof bytes);
  for (uint8_t axis = 0; axis < channels; axis++)
    values[axis] = axis < AXES ? to_mg((int16_t)(uint16_t)(bytes[1u + 2u * axis] | (uint32_t)bytes[2u + 2u * axis] << 8)) : 0;
  return true;
}
