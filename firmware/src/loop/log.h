/* The on-board log: a ring of the last events, readable as bulk object LOG. */
#ifndef ET_LOG_H
#define ET_LOG_H

#include "loop/trainer_state.h"

/* Note an event with two numbers whose meaning depends on it (docs/protocol.md). */
void et_log(et_trainer *trainer, et_event event, uint16_t a, uint16_t b);

/* Records kept now, and record `index` of them, oldest first. */
uint16_t et_log_count(const et_trainer *trainer);
const et_log_record *et_log_at(const et_trainer *trainer, uint16_t index);

#endif
