/* The whole state of a trainer. A port allocates one statically; what depends on the definition lives in the arena. */
#ifndef ET_TRAINER_STATE_H
#define ET_TRAINER_STATE_H

#include "edge_trainer/trainer.h"

#ifdef __cplusplus
extern "C" { /* for a program in C++ that allocates one */
#endif

#include "loop/bulk.h"
#include "loop/commands.h"
#include "loop/core/core.h"
#include "loop/decide/decide.h"
#include "loop/line.h"
#include "loop/persistence.h"
#include "loop/stream/stream.h"
#include "modbus/server.h"

struct et_trainer {
  et_core core;
  et_decide decide;
  et_stream stream;
  const et_loop_ops *ops; /* of the deployed model, and the blocks that they work on */
  void *loop;
  et_commands commands;
  et_bulk bulk;
  et_persistence persistence;
  et_modbus_server server;
  et_modbus_space space;
  et_line_trial line;
  uint8_t unit;
  bool restart_pending;
  bool leaving; /* for the boot loader, since leaving_ms */
  uint32_t leaving_ms;
};

/* ---- The loop of the deployed model ---- */

static inline et_error et_trainer_start(et_trainer *trainer, uint32_t which) { return trainer->ops->start(trainer->loop, which); }
static inline void et_trainer_cancel(et_trainer *trainer) { trainer->ops->cancel(trainer->loop); }
static inline et_state et_trainer_state(const et_trainer *trainer) { return trainer->ops->state(trainer->loop); }

/* Errors: VALUE. */
et_error et_trainer_set_mode(et_trainer *trainer, uint16_t mode, et_frozen_by by);
/* Pick the loop that the deployed model works in. */
void et_trainer_pick_loop(et_trainer *trainer);

#ifdef __cplusplus
}
#endif

#endif
