/* The window of judged outcomes. */
#ifndef ET_WINDOW_H
#define ET_WINDOW_H

#include "loop/core/limits.h"

typedef struct et_window {
  uint8_t bits[ET_BUILD_WINDOW_MAX / 8u]; /* ring: satisfied */
  uint16_t at, filled, good;
} et_window;

struct et_core;

/* Slide the window of judged outcomes by one. */
void et_window_push(struct et_core *core, bool satisfied);
/* Share of satisfactory outcomes in the window, permille; 65535 = none judged yet. */
uint16_t et_window_accuracy(const struct et_core *core);

#endif
