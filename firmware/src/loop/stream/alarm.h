/* Alarms of a stream model. */
#ifndef ET_ALARM_H
#define ET_ALARM_H

#include "edge_trainer/stream.h"

typedef struct et_alarm {
  uint16_t number, judged;
  bool raised, had_new_pattern; /* after the window before */
#if ET_WITH_STREAM
  et_stream_result result;
#endif
} et_alarm;

#endif
