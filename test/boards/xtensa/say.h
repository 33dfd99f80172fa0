#ifndef ET_SAY_H
#define ET_SAY_H

#include <stdint.h>

void say(const char *text, uint32_t length);

#endif
