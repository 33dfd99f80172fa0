/* The loop around a stream model: a queue of samples from the wire or the board's own sensor, learning phases, alarms. */
#ifndef ET_LEARNING_H
#define ET_LEARNING_H

#include "edge_trainer/contract.h"

struct et_stream;

/* Take one frame of samples into the queue; `values` are big-endian registers. A frame already taken changes nothing. Missing
 * samples are counted and restart the window. Errors: NOT_SUPPORTED, VALUE, BUSY (the last frame is still being worked on). */
et_error et_stream_take(struct et_stream *stream, uint16_t sequence, uint16_t count, const uint8_t *values, uint16_t registers);

/* Work on one sample, or one slice of solving; false = nothing to do. */
bool et_stream_slice(struct et_stream *stream);

/* `regime`: see et_stream_ops.learn. */
et_error et_stream_learn(struct et_stream *stream, uint32_t regime);
void et_stream_cancel(struct et_stream *stream);
/* Operator's answer to alarm `number`: FALSE_ALARM or CONFIRMED. The same again changes nothing. */
et_error et_stream_judge(struct et_stream *stream, uint16_t number, uint16_t kind);
et_state et_stream_state(const struct et_stream *stream);

#endif
