/* What goes through the bulk window: models, patterns, standing, data sets; read, changed and written back. */
#ifndef FUZZ_OBJECTS_H
#define FUZZ_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

void objects_begin(void);
void upload(uint16_t object, const uint8_t *bytes, uint32_t total);

/* The running model, or nothing, with some bytes changed. */
void upload_model(bool variant);
void upload_patterns(bool variant);
/* Reads an object whole and keeps it. */
void back_up(bool variant);
/* Writes back what was kept. `variant`: with a byte changed. */
void restore(bool variant);

#endif
