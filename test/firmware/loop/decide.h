/* What the tests of the decision share; decide_test.c runs them all. */
#ifndef TEST_DECIDE_H
#define TEST_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

/* A number below `below` by chance, the same ones in every run. */
uint32_t draw(uint32_t below);

void start_rules(void);
void suspicions(void);

#endif
