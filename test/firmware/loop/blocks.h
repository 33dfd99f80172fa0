/* A trainer whose blocks the tests call as its registers call them, with a definition that they change to their needs. */
#ifndef TEST_BLOCKS_H
#define TEST_BLOCKS_H

#include "loop/trainer_state.h"

#define FEATURES 2u
#define CLASSES 3u

#include "../definition_blob.h"

#define ARENA_WORDS 4096u

extern et_trainer trainer;
extern uint64_t arena_words[ARENA_WORDS]; /* aligned as a port must */
extern uint8_t *const arena;
extern uint32_t now_ms;
extern uint16_t last_ticket;
extern definition_blob wanted; /* what deploy() deploys */

/* Makes `wanted` the definition that every test changes. */
void usual(void);
void deploy(void);

et_error infer(uint16_t number, int16_t a, int16_t b);
et_error judge(uint16_t number, uint16_t kind, int16_t value);
/* A decision with its right class, stitched. */
void teach(int16_t a, int16_t b, int16_t truth);

/* The tests of train_test.c and definition_test.c. */
void trains_on_demand_and_decides(void);
void refuses_definitions(void);

#endif
