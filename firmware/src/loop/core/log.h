/* The on-board log: a ring of the last events, readable as bulk object LOG. */
#ifndef ET_LOG_H
#define ET_LOG_H

#include "edge_trainer/contract.h"
#include "loop/core/limits.h"

struct et_core;

typedef struct et_log_record {
  uint32_t number;
  uint32_t uptime_s;
  uint16_t generation;
  uint8_t event; /* et_event */
  uint8_t reserved;
  uint16_t a; /* per event: accuracies in permille, error codes; docs/protocol.md */
  uint16_t b;
} et_log_record;

typedef struct et_log_ring {
  et_log_record records[ET_BUILD_LOG_RECORDS];
  uint32_t next;                /* number of the next record: counts on through restarts */
  uint32_t first;               /* number of the first record since the start: those before it are gone */
  uint16_t error, error_detail; /* the last one */
} et_log_ring;

/* Note an event with two numbers whose meaning depends on it (docs/protocol.md). */
void et_log(struct et_core *core, et_event event, uint16_t a, uint16_t b);

/* Records kept now, and record `index` of them, oldest first. */
uint16_t et_log_count(const struct et_core *core);
const et_log_record *et_log_at(const struct et_core *core, uint16_t index);

#endif
