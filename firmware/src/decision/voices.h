/* Voices: who says what the decision should be, and whose word counts.
 *
 * Every voice (the start rule, the same rule with a shift that follows the truths, the last truth, the models) says a class, or nothing.
 * Each keeps a small table N[truth][proposed] of what it had proposed before each truth came. The decision is the class c with the largest
 *   sum over the voices that speak of  log2 N[c][proposed] - log2 (sum of the row N[c])
 * where no class gets more from a voice than the one it proposed. That is naive Bayes over the tables with all classes taken as equally
 * frequent (Duda, Hart, Stork, "Pattern Classification", 2.11: conditional independence), but for that bound. So a voice that is right
 * counts, and one that guesses or is regularly wrong adds nothing. Nobody is ever much worse than the best voice, and nothing has to be
 * measured on samples kept from training.
 *
 * The confidence is what came true: decisions are counted in bins of the tables' own probability, which is too sure because voices agree
 * for the same reasons, and the decision reports the share of right ones in its bin. */
#ifndef ET_VOICES_H
#define ET_VOICES_H

#include "edge_trainer/contract.h"

#define ET_VOICES 5u
#define ET_SILENT 255u /* of a voice that makes no proposal */
#define ET_CONFIDENCE_BINS 8u

/* Flat bytes, saved as they are; `tables`: uint8 [ET_VOICES][classes][classes]. */
typedef struct et_voices {
  uint16_t counted[ET_VOICES]; /* truths that each voice had spoken before */
  uint16_t right[ET_VOICES];   /* and was the proposal */
  uint8_t bin_all[ET_CONFIDENCE_BINS];
  uint8_t bin_right[ET_CONFIDENCE_BINS];
  uint32_t recent;  /* the last decisions that truths came for, a bit each: right */
  uint16_t usual;   /* share of right ones over the last hundreds, permille */
  uint16_t since;   /* decisions since the last truth */
  uint16_t usually; /* decisions between two truths, in 1/16 */
  uint8_t classes;
  uint8_t last;     /* the last truth, a voice itself while it is fresh */
  uint8_t ahead;    /* of truths where the tables and the following rule differed: the tables were right, */
  uint8_t behind;   /* the following rule was right */
  uint8_t judged;   /* bits of `recent`; begins anew when the tables are halved */
  uint8_t together; /* 1 = the tables have shown that they are better than the following rule alone */
  uint8_t tables[];
} et_voices;

struct et_standing;

typedef struct et_choice {
  uint16_t confidence; /* permille */
  uint8_t output_class;
  uint8_t tables; /* class with the most support */
  uint8_t by;     /* et_voice whose word made the difference to the next best class */
  uint8_t bin;    /* of the confidence, for et_voices_learn */
} et_choice;

static inline uint32_t et_voices_bytes(uint8_t classes) { return (uint32_t)sizeof(et_voices) + ET_VOICES * (uint32_t)classes * classes; }
void et_voices_begin(et_voices *voices, uint8_t classes);
/* Another one speaks from now on: this voice has earned nothing yet. */
void et_voices_forget(et_voices *voices, uint8_t voice);

/* The class with the most support among those whose bit in `barred` is 0 (if all are barred, none is), unless voices of better standing are
 * against it (`standing` NULL: whatever their standing). No voice speaks: `fallback`. */
void et_voices_decide(const et_voices *voices, const struct et_standing *standing, const uint8_t proposed[ET_VOICES], uint16_t barred,
                      uint8_t fallback, et_choice *choice);

/* `truth` came for a decision for which the voices gave `proposed`; `right`: the decision was that class; `bin`: of its confidence. */
void et_voices_learn(et_voices *voices, const uint8_t proposed[ET_VOICES], uint8_t truth, bool right, uint8_t bin);

/* `truth` came where the tables would have decided `tables` and the following rule `rule`. */
void et_voices_compare(et_voices *voices, uint8_t tables, uint8_t rule, uint8_t truth);

/* One more decision: what the last truth says to it, ET_SILENT when it is stale. */
uint8_t et_voices_last(et_voices *voices);
/* A truth of the plant came (not a lesson, whose order says nothing). */
void et_voices_truth(et_voices *voices, uint8_t truth);

/* Share of truths that the voice had proposed, permille; 65535 = it has not spoken yet. */
uint16_t et_voices_accuracy(const et_voices *voices, uint8_t voice);

/* Untrusted bytes: are they tables of a definition with `classes` classes? */
bool et_voices_valid(const et_voices *voices, uint8_t classes);

/* log2 in 1/256, 1..255. */
uint16_t et_log2(uint8_t value);
/* 65536 * 2^(-x / 256) */
uint32_t et_power_of_half(uint32_t x);

#endif
