#include "sketch_trainer.h"

#include "loop/trainer_state.h"

static et_trainer trainer;

void et_sketch_begin(const et_port *port) { et_trainer_begin(&trainer, port); }

bool et_sketch_poll(void) { return et_trainer_poll(&trainer); }
