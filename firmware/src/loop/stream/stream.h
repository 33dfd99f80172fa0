/* The blocks that decide from a stream. */
#ifndef ET_LOOP_STREAM_H
#define ET_LOOP_STREAM_H

#include "loop/core/core.h"
#include "loop/core/loop_ops.h"
#include "loop/stream/alarm.h"
#include "loop/stream/queue.h"

typedef struct et_stream {
  et_core *core;
  et_queue queue;
  et_alarm alarm;
} et_stream;

extern const et_loop_ops et_stream_loop_ops;

#endif
