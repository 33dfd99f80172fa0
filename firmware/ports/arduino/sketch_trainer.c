#include "sketch_trainer.h"

#include "loop/trainer_state.h"

static et_trainer trainer;

et_trainer *et_sketch_trainer(void) { return &trainer; }
