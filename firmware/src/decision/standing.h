/* How the voices have fared beside all of them together.
 *
 * The tables combine the voices as if each were wrong for reasons of its own, and as if what came true before still did. Where the truths
 * move away from what the tables know, a single voice may be right more often. So there is one more opinion, that of the tables, and
 * all opinions are weighed by what came true of them: a weighted majority in which each error costs weight (Littlestone and Warmuth, "The
 * weighted majority algorithm", 1994; Freund and Schapire's Hedge, 1997). An error over a rare truth costs more, so that all classes
 * count alike. In the beginning the tables weigh as much as all voices, and decide. */
#ifndef ET_STANDING_H
#define ET_STANDING_H

#include "decision/voices.h"

/* Flat bytes, saved as they are. */
typedef struct et_standing {
  uint16_t behind[ET_VOICES + 1u]; /* errors more than the best opinion has, in 1/16, each over its class's share; the last: the tables' */
  uint8_t came[];                  /* truths of each class; all are halved when one is full */
} et_standing;

static inline uint32_t et_standing_bytes(uint8_t classes) { return (uint32_t)sizeof(et_standing) + classes; }

/* All are alike again; which truths are rare stays known. */
void et_standing_forget(et_standing *standing);

/* The class with the most weight where the tables chose `tables`; those whose bit in `barred` is set have none. `*by`: the voice that says it
 * and weighs most, where it is another one. */
uint8_t et_standing_choose(const et_standing *standing, uint8_t classes, const uint8_t proposed[ET_VOICES], uint8_t tables, uint16_t barred,
                           uint8_t *by);

/* `truth` came where the tables had chosen `tables`. Who was silent fares as the tables did. */
void et_standing_learn(et_standing *standing, uint8_t classes, const uint8_t proposed[ET_VOICES], uint8_t tables, uint8_t truth);

/* Untrusted bytes. */
bool et_standing_valid(const et_standing *standing);

#endif
