/* What a process does: it asks for decisions, says what became of them, streams samples, moves set points; over the wire and by calls. */
#ifndef FUZZ_DECISIONS_H
#define FUZZ_DECISIONS_H

#include <stdbool.h>
#include <stdint.h>

/* A decision about features, about an array or about the window of a stream. */
void infer(bool variant);
/* A decision about features in register order. */
void decide_about(const int16_t *features);
void judge(bool variant);
/* The last decision, and what had been right. */
void teach(uint16_t truth);
void lesson(bool variant);
/* A target for each continuous output. */
void judge_targets(bool variant);
/* Many decisions in a row, about other features each time or (`variant`) about the same, and what became of each. */
void work_shift(bool variant);
void stream(bool variant);
void move_set_point(bool variant);
void write_coil(bool variant);
/* A word of those that are written one by one. */
void write_one(bool variant);
/* A decision, or (`variant`) a feedback, word by word under a claim. */
void word_by_word(bool variant);
/* A decision, and its answer in the same request. */
void write_and_read(bool variant);
/* The functions of trainer.h. */
void call(bool variant);

#endif
