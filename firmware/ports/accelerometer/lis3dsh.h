/* LIS3DSH, tri-axial accelerometer on SPI (the one on the STM32F4DISCOVERY). Register numbers: DocID022405 rev 3.
 * Knows no chip: the port gives it a way to exchange bytes. */
#ifndef ET_LIS3DSH_H
#define ET_LIS3DSH_H

#include <stdbool.h>
#include <stdint.h>

/* Samples per second. */
typedef enum et_lis3dsh_rate {
  ET_LIS3DSH_50HZ = 5,
  ET_LIS3DSH_100HZ = 6,
  ET_LIS3DSH_400HZ = 7,
  ET_LIS3DSH_800HZ = 8,
  ET_LIS3DSH_1600HZ = 9
} et_lis3dsh_rate;

typedef struct et_lis3dsh {
  /* One transaction: chip select low, `length` bytes out of and into `bytes`, chip select high. SPI mode 3, at most 10 MHz. */
  void (*exchange)(uint8_t *bytes, uint16_t length);
  uint32_t overruns; /* times that its queue of 32 samples ran over before it was read */
} et_lis3dsh;

/* Starts it at +-8 g with its queue on. False: no such chip answers. */
bool et_lis3dsh_begin(et_lis3dsh *sensor, void (*exchange)(uint8_t *bytes, uint16_t length), et_lis3dsh_rate rate);

/* The oldest sample in its queue, x, y, z in mg, as many as `channels` (1..3; what is beyond reads 0). False: none is there yet.
 * Has the form of et_port's `sample` but for the first argument. */
bool et_lis3dsh_sample(et_lis3dsh *sensor, int16_t *values, uint8_t channels);

#endif
