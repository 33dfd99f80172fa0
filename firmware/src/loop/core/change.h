/* What a new definition does to what was learned under the present one. The board acts on it, and the host asks the same code before
 * it sends anything, so that they never disagree. */
#ifndef ET_CHANGE_H
#define ET_CHANGE_H

#include "edge_trainer/model.h"
#include "loop/core/memory_plan.h"

typedef struct et_change {
  uint8_t samples; /* et_fate: CONVERTED = to the new ranges */
  uint8_t models;  /* et_fate: DISCARDED although the samples stay = trained again from them */
  uint8_t waiting; /* et_fate, of decisions that wait for their outcome */
  uint8_t labels; /* et_fate, of samples that the rule judged: CONVERTED = judged again, DISCARDED = they keep a label of the rule before */
  uint8_t voices; /* et_fate: DISCARDED = the start rule means something else; it and the shift that followed it begin anew */
  uint8_t cause;  /* et_change_cause of what is not KEPT, the gravest one */
  uint8_t place;  /* stored feature that it is about (RANGE, WIDENED) */
} et_change;

/* `before` NULL = nothing is deployed. Both definitions are checked. `samples`: stored now. */
void et_change_find(const et_definition *before, const et_definition *after, uint16_t samples, et_change *change);

/* The range of a stored feature is another one. */
bool et_change_of_range(const et_definition *before, const et_definition *after, uint8_t feature);
/* Fingerprint of what the voices' record belongs to: the classes, the start rule, and the ranges that its contexts are spread over. */
uint32_t et_rule_meaning(const et_definition *definition);
et_range_map et_range_map_of(const et_definition *before, const et_definition *after, uint8_t feature);

/* Convert `count` rows of stored features in place, one behind the other. */
void et_change_rows(const et_definition *before, const et_definition *after, void *rows, uint16_t count);

#endif
