/* Edge Trainer: a self-learning Modbus device. This is all that a board's main() needs:
 *
 *   #include "loop/trainer_state.h"  (the whole struct, so that it can be static; examples/trainer.c is complete)
 *   static et_trainer trainer;
 *   et_trainer_begin(&trainer, &port);
 *   for (;;) (void)et_trainer_poll(&trainer);
 */
#ifndef EDGE_TRAINER_TRAINER_H
#define EDGE_TRAINER_TRAINER_H

#include "edge_trainer/contract.h"
#include "edge_trainer/port.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct et_trainer et_trainer; /* complete in src/loop/trainer_state.h, so that a port can allocate it statically */

/* Start: recover the newest valid state from the non-volatile memory, else defaults. `port` must outlive the trainer. */
void et_trainer_begin(et_trainer *trainer, const et_port *port);

/* One round, for ever: take bytes, answer at most one request, then run one bounded slice of the running job. Returns whether there
 * was such a slice: a port that can sleep may do so after false, until a byte arrives, a sample is due or 20 ms have gone by. */
bool et_trainer_poll(et_trainer *trainer);

/* Before the power goes on purpose (a program that ends, a switch for maintenance): one bounded slice of saving what is not saved yet.
 * Nothing is answered any more. False when all is saved, or cannot be. */
bool et_trainer_stop_slice(et_trainer *trainer);

#ifdef __cplusplus
}
#endif

#endif
