/* Start rule: what the plant had before anybody learned. It decides alone until other voices have earned their word.
 *
 * A rule is an index and steps: the index is a feature as it stands in its register (a dead band, a design table) or the predicted mean
 * vote of ISO 7730 in 1/1000; the class is that of the first step whose end the index does not pass. Or it is a constant class, or the
 * PLC's own choice, which a feature carries as the class's code. */
#ifndef ET_START_RULE_H
#define ET_START_RULE_H

#include "edge_trainer/contract.h"

#define ET_RULE_STEPS 7u
#define ET_ASSUMED 255u /* as a feature: the input is not measured, its offset is its value */
#define ET_RULE_SHIFT_MOST 16000

/* In the order of ISO 7730: air and radiant temperature in degC, humidity in %, air speed in m/s, metabolic rate in met, clothing in
 * clo. */
typedef enum et_pmv_input { ET_PMV_AIR, ET_PMV_RADIANT, ET_PMV_HUMIDITY, ET_PMV_SPEED, ET_PMV_MET, ET_PMV_CLO, ET_PMV_INPUTS } et_pmv_input;

/* Value = offset + slope * register of the feature. */
typedef struct et_rule_input {
  float offset;
  float slope;
} et_rule_input;

typedef struct et_start_rule {
  uint8_t kind;                     /* et_start */
  uint8_t feature;                  /* STEPS, CHOICE: its index */
  uint8_t steps;                    /* STEPS, PMV: how many ends, 1..7; there is one class more */
  uint8_t constant;                 /* CONSTANT: the class */
  int16_t ends[ET_RULE_STEPS];      /* ascending, units of the index */
  int16_t follow;                   /* how far a wrong word moves the following rule; 0 = it does not follow */
  uint8_t classes[ET_RULE_STEPS + 1u];
  uint8_t inputs[ET_PMV_INPUTS];    /* PMV: feature of each input, or ET_ASSUMED */
  uint8_t reserved[2];
  et_rule_input pmv[ET_PMV_INPUTS];
} et_start_rule;

/* The rule's word for these features (register units, `features` of them), its steps moved by `shift`; ET_SILENT when it has none. */
uint8_t et_start_rule_say(const et_start_rule *rule, const int16_t *input, int16_t shift);

/* The shift after `truth` came where the shifted rule had said `said`: one `follow` towards it. */
int16_t et_start_rule_follow(const et_start_rule *rule, int16_t shift, uint8_t said, uint8_t truth);

/* Whether the rule fits so many features and classes. */
bool et_start_rule_valid(const et_start_rule *rule, uint8_t features, uint8_t classes);

/* Predicted mean vote, ISO 7730:2005 (1) to (4), in 1/1000, cut to +-3000; no external work. */
int16_t et_predicted_mean_vote(const float inputs[ET_PMV_INPUTS]);

#endif
