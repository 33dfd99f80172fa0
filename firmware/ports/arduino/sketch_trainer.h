/* The one trainer of a sketch. Its struct is C; a sketch is C++. */
#ifndef ET_SKETCH_TRAINER_H
#define ET_SKETCH_TRAINER_H

#include "edge_trainer/port.h"

#ifdef __cplusplus
extern "C" {
#endif

void et_sketch_begin(const et_port *port);
bool et_sketch_poll(void);

#ifdef __cplusplus
}
#endif

#endif
