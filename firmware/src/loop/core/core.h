/* Ground floor of the loop: what every block works with. */
#ifndef ET_CORE_H
#define ET_CORE_H

#include "edge_trainer/port.h"
#include "loop/core/changes.h"
#include "loop/core/clock.h"
#include "loop/core/saved_sections.h"
#include "loop/core/deployment.h"
#include "loop/core/generations.h"
#include "loop/core/job.h"
#include "loop/core/lock.h"
#include "loop/core/log.h"
#include "loop/core/staging.h"
#include "loop/core/ticket.h"
#include "loop/core/window.h"
#include "support/blocks.h"

typedef struct et_core {
  const et_port *port;
  et_deployment deployment;
  et_generations generations;
  et_outcome outcome;
  et_window window;
  et_job job;
  et_training training;
  et_staging staging;
  et_counters counters;
  et_changes changes;
  et_clock clock;
  et_log_ring log;
  et_lock lock;
  uint16_t repeats; /* requests that came again and changed nothing */
} et_core;

static inline uint8_t *et_at(const et_core *core, uint32_t offset) { return core->port->arena + offset; }
static inline int16_t *et_input(const et_core *core) { return (int16_t *)(void *)et_at(core, core->deployment.layout.input); }
static inline int16_t *et_measured(const et_core *core) { return (int16_t *)(void *)et_at(core, core->deployment.layout.measured); }
static inline uint8_t *et_generation(const et_core *core, uint8_t block) {
  return et_at(core, core->deployment.layout.models + block * et_up_to_4(core->deployment.layout.model_bytes));
}
static inline bool et_is_stream(const et_core *core) {
  return ET_WITH_STREAM != 0 && core->deployment.model != NULL && core->deployment.model->stream != NULL;
}
static inline uint32_t et_now_ms(const et_core *core) { return core->port->clock_ms(core->port->user); }

#endif
