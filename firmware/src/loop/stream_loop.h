/* The loop around a stream model: a queue of samples from the wire or the board's own sensor, learning phases, alarms. */
#ifndef ET_STREAM_LOOP_H
#define ET_STREAM_LOOP_H

#include "loop/trainer_state.h"

/* Take one frame of samples into the queue; `values` are big-endian registers. A frame already taken changes nothing. Missing
 * samples are counted and restart the window. Errors: NOT_SUPPORTED, VALUE, BUSY (the last frame is still being worked on). */
et_error et_stream_take(et_trainer *trainer, uint16_t sequence, uint16_t count, const uint8_t *values, uint16_t registers);

/* Work on one sample, or one slice of solving; false = nothing to do. */
bool et_stream_slice(et_trainer *trainer);

et_error et_stream_learn(et_trainer *trainer);
void et_stream_cancel(et_trainer *trainer);
/* Operator's answer to alarm `number`: FALSE_ALARM or CONFIRMED. The same again changes nothing. */
et_error et_stream_judge(et_trainer *trainer, uint16_t number, uint16_t kind);
et_state et_stream_state(const et_trainer *trainer);

#endif
