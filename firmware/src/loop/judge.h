/* Feedback, whoever brings it: a master by the feedback block or that of targets, or the program by a call. */
#ifndef ET_JUDGE_H
#define ET_JUDGE_H

#include "edge_trainer/trainer.h"

/* Judge decision or alarm `number`; `told`: a value, or the targets in the order of the registers, `count` of them. The feedback block shows
 * it afterwards. Errors: as et_trainer_feedback, WORDS_MISSING (targets are missing). */
et_error et_judge(et_trainer *trainer, uint16_t number, uint16_t kind, const int16_t *told, uint16_t count, uint16_t *detail);

#endif
