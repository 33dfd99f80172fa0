#include "models/svm/common.h"

#include <string.h>

bool et_svm_next_pair(uint8_t classes, uint8_t *positive, uint8_t *negative) {
  if (*negative + 1 < classes) {
    (*negative)++;
    return true;
  }
  (*positive)++;
  *negative = (uint8_t)(*positive + 1);
  return *negative < classes;
}

et_error et_svm_count(const et_definition *definition, const et_sample_set *set, uint16_t counts[ET_CLASSES_MAX]) {
  memset(counts, 0, ET_CLASSES_MAX * sizeof counts[0]);
  const uint8_t *const labels = set->labels; /* copies: stores to counts could change what pointers reach */
  const et_sample_set copy = *set;
  const uint16_t count = set->count;
  const uint8_t classes = definition->core->classes;
  uint32_t total = 0;
  if (set->class_counts != NULL) {
    memcpy(counts, set->class_counts, classes * sizeof counts[0]);
  } else {
    for (uint16_t i = 0; i < count; i++) {
      const uint8_t label = labels[i];
      if (label < classes && !et_svm_held_out(&copy, i)) counts[label]++;
    }
  }
  for (uint8_t c = 0; c < classes; c++) total += counts[c];
  if (total < 2) return ET_TOO_FEW_SAMPLES;
  uint8_t present = 0;
  for (uint8_t c = 0; c < definition->core->classes; c++) present = (uint8_t)(present + (counts[c] > 0));
  return present < 2 ? ET_SINGLE_CLASS : ET_OK;
}

float et_svm_class_weight(const et_definition *definition, const uint16_t counts[ET_CLASSES_MAX], uint8_t class_index) {
  float weight = 1.0f;
  if (et_svm_of(definition)->class_weights == ET_CLASS_WEIGHTS_EXPLICIT) {
    weight = (float)definition->classes[class_index].weight * (1.0f / 256.0f);
  } else if (et_svm_of(definition)->class_weights == ET_CLASS_WEIGHTS_BALANCED && counts[class_index] > 0) {
    uint32_t total = 0, present = 0;
    for (uint8_t c = 0; c < definition->core->classes; c++) {
      total += counts[c];
      present += counts[c] > 0;
    }
    weight = (float)total / ((float)present * (float)counts[class_index]);
  }
  if (weight < 1.0f / 256.0f) return 1.0f / 256.0f;
  return weight > 4095.0f ? 4095.0f : weight;
}

void et_svm_votes_begin(et_svm_votes *votes, uint8_t classes) {
  for (uint8_t c = 0; c < classes; c++) {
    votes->votes[c] = 0;
    votes->margins[c] = 0;
    votes->weakest[c] = ET_SVM_MARGIN_MAX;
  }
}

void et_svm_vote(et_svm_votes *votes, uint8_t positive, uint8_t negative, int32_t margin) {
  if (margin > ET_SVM_MARGIN_MAX) margin = ET_SVM_MARGIN_MAX;
  if (margin < -ET_SVM_MARGIN_MAX) margin = -ET_SVM_MARGIN_MAX;
  votes->votes[margin > 0 ? positive : negative]++;
  votes->margins[positive] += margin;
  votes->margins[negative] -= margin;
  if (margin < votes->weakest[positive]) votes->weakest[positive] = margin;
  if (-margin < votes->weakest[negative]) votes->weakest[negative] = -margin;
}

void et_svm_votes_decide(const et_svm_votes *votes, uint8_t classes, et_decision *decision) {
  uint8_t best = 0;
  for (uint8_t c = 1; c < classes; c++) {
    if (votes->votes[c] > votes->votes[best] || (votes->votes[c] == votes->votes[best] && votes->margins[c] > votes->margins[best])) {
      best = c;
    }
  }
  decision->output_class = best;
  decision->confidence = et_svm_confidence(votes->weakest[best]);
}

int32_t et_svm_quotient(int32_t dividend, uint32_t divisor) {
  return dividend < 0 ? -(int32_t)((uint32_t)-dividend / divisor) : (int32_t)((uint32_t)dividend / divisor);
}

uint16_t et_svm_confidence(int32_t margin) {
  if (margin > ET_SVM_MARGIN_MAX) margin = ET_SVM_MARGIN_MAX;
  if (margin < -ET_SVM_MARGIN_MAX) margin = -ET_SVM_MARGIN_MAX;
  /* 1/256 of a margin is fine enough for permille, and keeps the product in 32 bits: 2^15 * 500 < 2^24. */
  const int32_t m = margin / (ET_SVM_MARGIN_ONE / 256);
  const int32_t share = et_svm_quotient(m * 500, 256u + (uint32_t)(m < 0 ? -m : m));
  const int32_t permille = 500 + share;
  return permille < 1 ? 1u : (uint16_t)permille;
}
