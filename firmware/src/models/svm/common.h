/* What linear and kernel SVM share: the pairs of one-vs-one, class weights, voting and confidence. */
#ifndef ET_MODELS_SVM_COMMON_H
#define ET_MODELS_SVM_COMMON_H

#include "edge_trainer/model.h"
#include "edge_trainer/svm_parameters.h"
#include "support/prng.h"

static inline bool et_svm_held_out(const et_sample_set *set, uint16_t sample) {
  return set->held_out != NULL && ((unsigned)set->held_out[sample >> 3] >> (sample & 7u) & 1u) != 0u;
}

/* One-vs-one: a binary problem for each pair positive < negative of classes, in the order (0,1) (0,2) .. (1,2) .. */
static inline uint16_t et_svm_pairs(uint8_t classes) { return (uint16_t)(classes * (classes - 1u) / 2u); }

/* The next pair in that order; (0, 1) is the first. False after the last. */
bool et_svm_next_pair(uint8_t classes, uint8_t *positive, uint8_t *negative);

/* A sample of class `own` takes part in classes - 1 pairs: the place of the pair with `other` among its multipliers. */
static inline uint8_t et_svm_slot(uint8_t own, uint8_t other) { return other < own ? other : (uint8_t)(other - 1u); }

/* Count the samples per class that may be trained on. TOO_FEW_SAMPLES under two, SINGLE_CLASS when they agree. Samples
 * whose label is not a class of the definition are left out. */
et_error et_svm_count(const et_definition *definition, const et_sample_set *set, uint16_t counts[ET_CLASSES_MAX]);

/* C_i / C of a class, 1/256..4095. BALANCED: samples / (classes present * samples of the class). */
float et_svm_class_weight(const et_definition *definition, const uint16_t counts[ET_CLASSES_MAX], uint8_t class_index);

/* Collects the votes of the binary problems. Margins are in 1/65536, positive for the pair's positive class; they are cut to
 * +-128 so that no sum overflows. */
typedef struct et_svm_votes {
  uint8_t votes[ET_CLASSES_MAX];
  int32_t margins[ET_CLASSES_MAX]; /* sum of the signed margins, to break ties */
  int32_t weakest[ET_CLASSES_MAX]; /* least signed margin of the class in any of its pairs */
} et_svm_votes;
#define ET_SVM_MARGIN_ONE 65536
#define ET_SVM_MARGIN_MAX (128 * ET_SVM_MARGIN_ONE)

void et_svm_votes_begin(et_svm_votes *votes, uint8_t classes);
void et_svm_vote(et_svm_votes *votes, uint8_t positive, uint8_t negative, int32_t margin);
/* Most votes; a tie goes to the larger sum of margins, then to the lower index. Confidence as et_svm_confidence. */
void et_svm_votes_decide(const et_svm_votes *votes, uint8_t classes, et_decision *decision);

/* Confidence in permille from the decided class's weakest margin m (1 = on the margin of the SVM):
 * 500 + 500 m / (1 + |m|), so 500 on the boundary, 750 on the margin, towards 1000 far from it, and under 500 when the class
 * won the vote although it lost a pair. Monotone in m; at least 1, as 0 means "untrained". It is not a probability. */
uint16_t et_svm_confidence(int32_t margin);

/* How a training ended. `whole`: neither cancelled nor cut short. */
static inline et_error et_svm_train_result(bool whole, bool out_of_range, bool bound_reached) {
  return !whole ? ET_CANCELLED : out_of_range ? ET_NUMERIC : bound_reached ? ET_NOT_CONVERGED : ET_OK;
}

/* Quotient towards zero, of more than INT32_MIN. The signed division of a core without a divider would be linked beside the unsigned
 * one: 460 bytes on a Cortex-M0. */
int32_t et_svm_quotient(int32_t dividend, uint32_t divisor);

/* Uniform enough in 0..below-1, below <= 65535, without a 64-bit product, which a Cortex-M0 has none of. */
static inline uint32_t et_svm_random_below(uint32_t *state, uint32_t below) { return ((et_xorshift32(state) >> 16) * below) >> 16; }

#endif
