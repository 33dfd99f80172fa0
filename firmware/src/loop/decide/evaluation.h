/* Evaluation: confusion matrix and the figures that follow from it, in integers (permille). */
#ifndef ET_EVALUATION_H
#define ET_EVALUATION_H

#include <stdint.h>

/* All over a matrix of classes x classes counts, row = truth, column = decision. Rows sum to at most 4096. 0 for an empty one. */
uint16_t et_accuracy(const uint16_t *confusion, uint8_t classes);
/* Recall of one class; 65535 = no such sample. */
uint16_t et_recall(const uint16_t *confusion, uint8_t classes, uint8_t output_class);
/* Mean recall over the classes present. */
uint16_t et_balanced_accuracy(const uint16_t *confusion, uint8_t classes);
/* Mean over the classes present of F1 = 2 TP / (2 TP + FP + FN). */
uint16_t et_macro_f1(const uint16_t *confusion, uint8_t classes);
/* Matthews correlation, multi-class (Gorodkin 2004, R_K): -1000..1000; 0 when undefined. */
int16_t et_matthews(const uint16_t *confusion, uint8_t classes);

#endif
