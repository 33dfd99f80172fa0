/* Bytes between a UART interrupt and the trainer: a receive ring with the time of the last byte, and the answer being sent. */
#ifndef ET_SERIAL_QUEUE_H
#define ET_SERIAL_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

/* At 115200 baud 128 bytes are 11 ms, several slices of training. A power of two, at most 256. */
#ifndef ET_RECEIVE_RING
#define ET_RECEIVE_RING 128u
#endif

typedef struct et_serial_queue {
  volatile uint8_t ring[ET_RECEIVE_RING];
  volatile uint8_t head; /* written by the interrupt */
  volatile uint8_t tail; /* written by the trainer */
  volatile bool old;     /* the last byte is more than QUIET_US back: the clock may wrap */
  volatile uint32_t last_us;
  const uint8_t *volatile out;
  volatile uint16_t out_left;
} et_serial_queue;

/* From the interrupt: a byte arrived at `now_us`. A full ring drops it; the frame then fails its CRC. */
void et_serial_received(et_serial_queue *queue, uint8_t byte, uint32_t now_us);

/* From the interrupt: next byte to send; false = none left. */
bool et_serial_next(et_serial_queue *queue, uint8_t *byte);

/* With its interrupt held back: what was received under other settings of the line is nobody's. */
void et_serial_forget(et_serial_queue *queue);

/* et_port.receive with the queue and the present time. */
uint16_t et_serial_take(et_serial_queue *queue, uint8_t *bytes, uint16_t capacity, uint32_t now_us, uint32_t *silence_us);

#endif
