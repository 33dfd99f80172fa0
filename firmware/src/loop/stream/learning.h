/* The loop around a stream model: a queue of samples from the wire or the board's own sensor, learning phases, alarms. */
#ifndef ET_LEARNING_H
#define ET_LEARNING_H

#include "edge_trainer/contract.h"

struct et_stream;

/* Take one frame of samples into the queue; `values` are big-endian registers. A frame already taken changes nothing. Missing
 * samples are counted and restart the window. Errors: NOT_SUPPORTED, VALUE, BUSY (the last frame is still being worked on). */
et_error et_stream_receive(struct et_stream *stream, uint16_t sequence, uint16_t count, const uint8_t *values, uint16_t registers);

#endif
