/* Real streams for the tests: the fan data as register values (mg), and a model that runs through them. */
#ifndef STREAM_REPLAY_FILE_H
#define STREAM_REPLAY_FILE_H

#include "host_model.h"

#define FAN_SAMPLES 3000

/* Samples of `configuration` (1..3) at `speed` (percent): FAN_SAMPLES x 3. Ends the program when the file is not there. */
const int16_t *fan(int speed, int configuration);

/* An echo state network with the default parameters for three channels, memory zeroed. The same static memory each time. */
host_model *fresh_model(void (*change)(host_model *model));
/* The same of another family, which `begin` (host_correlation, host_process) sets up. */
host_model *fresh_family(void (*begin)(host_model *model, uint8_t channels), uint8_t channels, void (*change)(host_model *model));

/* Feed samples; `count` of them. Scores of the windows finished on the way go to `scores` (may be NULL); returns how many were
 * scored. */
unsigned feed(host_model *model, const int16_t *samples, unsigned count, float *scores);

/* A fresh model that has learned on the first 1800 samples of fan `speed`, configuration 1, has had 100 more and is scoring. */
host_model *learned_fan(int speed, void (*change)(host_model *model));

int write_scores(const char *file);

#endif
