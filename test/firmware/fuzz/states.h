/* States in the memory that the running firmware has not just written. */
#ifndef FUZZ_STATES_H
#define FUZZ_STATES_H

#include <stdbool.h>

/* A start from a memory that holds anything, in a slot that says it is whole. */
void recover(void);
/* What the trainer knows, as firmware 0.1 stored it, and a start from that. `variant`: a byte of its definition changed. */
void start_from_state_1(bool variant);

#endif
