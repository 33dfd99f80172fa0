/* The one trainer of a sketch. Its struct is C; a sketch is C++. */
#ifndef ET_SKETCH_TRAINER_H
#define ET_SKETCH_TRAINER_H

#include "edge_trainer/trainer.h"

#ifdef __cplusplus
extern "C" {
#endif

et_trainer *et_sketch_trainer(void);

#ifdef __cplusplus
}
#endif

#endif
