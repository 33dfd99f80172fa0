#include "common/serial_queue.h"

#define QUIET_US 1000000u

void et_serial_received(et_serial_queue *queue, uint8_t byte, uint32_t now_us) {
  const uint8_t next = (uint8_t)((queue->head + 1u) & (ET_RECEIVE_RING - 1u));
  queue->last_us = now_us;
  queue->old = false;
  if (next == queue->tail) return;
  queue->ring[queue->head] = byte;
  queue->head = next;
}

bool et_serial_next(et_serial_queue *queue, uint8_t *byte) {
  if (queue->out_left == 0u) return false;
  *byte = *queue->out;
  queue->out = queue->out + 1;
  queue->out_left = (uint16_t)(queue->out_left - 1u);
  return true;
}

void et_serial_forget(et_serial_queue *queue) { queue->tail = queue->head; }

uint16_t et_serial_take(et_serial_queue *queue, uint8_t *bytes, uint16_t capacity, uint32_t now_us, uint32_t *silence_us) {
  uint16_t count = 0;
  /* A byte that comes after `now_us` was read would seem to lie in the future: the difference then is 0. */
  const int32_t silence = (int32_t)(now_us - queue->last_us);
  while (count < capacity && queue->tail != queue->head) {
    bytes[count++] = queue->ring[queue->tail];
    queue->tail = (uint8_t)((queue->tail + 1u) & (ET_RECEIVE_RING - 1u));
  }
  if (silence > (int32_t)QUIET_US) queue->old = true;
  *silence_us = queue->old ? QUIET_US : silence < 0 ? 0u : (uint32_t)silence;
  return count;
}
