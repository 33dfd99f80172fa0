#include "decision/start_rule.h"

#include "decision/voices.h"

static int32_t clamped(int32_t value, int32_t most) { return value > most ? most : value < -most ? -most : value; }

/* The index of a rule with steps; false when it has none. */
static int16_t index_of(const et_start_rule *rule, const et_definition *definition, const int16_t *input) {
  float values[ET_PMV_INPUTS];
  uint8_t i;
  if (ET_WITH_PMV == 0 || rule->kind != ET_START_PMV) return input[et_feature_position(definition, rule->feature)];
  for (i = 0; i < ET_PMV_INPUTS; i++)
    values[i] = rule->pmv[i].offset + (rule->inputs[i] == ET_ASSUMED
                                           ? 0.0f
                                           : rule->pmv[i].slope * (float)input[et_feature_position(definition, rule->inputs[i])]);
  /* A body that moves meets the air faster than the room's instrument, and pumps air through its clothes (ISO 7730, 4 and annex C). */
  if (values[ET_PMV_MET] > 1.0f) values[ET_PMV_SPEED] += 0.3f * (values[ET_PMV_MET] - 1.0f);
  if (values[ET_PMV_MET] > 1.2f) values[ET_PMV_CLO] *= 0.6f + 0.4f / values[ET_PMV_MET];
  return et_predicted_mean_vote(values);
}

/* The stored class of the code that the plant chose. */
static uint8_t chosen(const et_start_rule *rule, const et_definition *definition, const int16_t *input) {
  const int16_t code = input[et_feature_position(definition, rule->feature)];
  return code >= 0 && code < (int16_t)definition->core->classes ? et_class_of(definition, (uint8_t)code) : ET_SILENT;
}

uint8_t et_start_rule_say(const et_start_rule *rule, const et_definition *definition, const int16_t *input, int16_t shift) {
  int32_t index;
  uint8_t step = 0;
  switch (rule->kind) {
  case ET_START_CONSTANT: return rule->constant;
  case ET_START_CHOICE: return chosen(rule, definition, input);
  case ET_START_STEPS:
  case ET_START_PMV: break;
  default: return ET_SILENT;
  }
  index = index_of(rule, definition, input) - (int32_t)shift;
  while (step < rule->steps && index > rule->ends[step]) step++;
  return rule->classes[step];
}

/* Where a class stands among the steps; the first, when it stands there twice. */
static int32_t rank_of(const et_start_rule *rule, uint8_t output_class) {
  int32_t step;
  for (step = 0; step <= rule->steps; step++)
    if (rule->classes[step] == output_class) return step;
  return -1;
}

int16_t et_start_rule_follow(const et_start_rule *rule, int16_t shift, uint8_t said, uint8_t truth) {
  const int32_t from = rank_of(rule, said), to = rank_of(rule, truth);
  if ((rule->kind != ET_START_STEPS && rule->kind != ET_START_PMV) || from < 0 || to < 0 || from == to) return shift;
  /* A truth further down than what was said: the steps were too low, they move up. */
  return (int16_t)clamped(shift + (to < from ? (int32_t)rule->follow : -(int32_t)rule->follow), ET_RULE_SHIFT_MOST);
}

static bool is_finite(float value) { return value >= -1e6f && value <= 1e6f; }

bool et_start_rule_valid(const et_start_rule *rule, uint8_t features, uint8_t classes) {
  uint8_t i;
  if (rule->kind > ET_START_PMV) return false;
  if (rule->kind == ET_START_NONE) return true;
  if (rule->kind == ET_START_CONSTANT) return rule->constant < classes;
  if (rule->kind != ET_START_PMV && rule->feature >= features) return false;
  if (rule->kind == ET_START_CHOICE) return true;
  if (rule->steps < 1u || rule->steps > ET_RULE_STEPS || rule->follow < 0) return false;
  for (i = 0; i <= rule->steps; i++)
    if (rule->classes[i] >= classes) return false;
  for (i = 1; i < rule->steps; i++)
    if (rule->ends[i] <= rule->ends[i - 1u]) return false;
  for (i = 0; i < ET_PMV_INPUTS && rule->kind == ET_START_PMV; i++) {
    if (rule->inputs[i] != ET_ASSUMED && rule->inputs[i] >= features) return false;
    if (!is_finite(rule->pmv[i].offset) || !is_finite(rule->pmv[i].slope)) return false;
  }
  return true;
}
