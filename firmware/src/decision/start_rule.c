#include "decision/start_rule.h"

#include "decision/voices.h"

/* The index of a rule with steps; false when it has none. */
static int16_t index_of(const et_start_rule *rule, const et_definition *definition, const int16_t *input) {
  float values[ET_PMV_INPUTS];
  unsigned i;
  if (ET_WITH_PMV == 0 || rule->kind != ET_START_PMV) return input[et_feature_position(definition, rule->feature)];
  for (i = 0; i < ET_PMV_INPUTS; i++)
    values[i] =
        rule->pmv[i].offset +
        (rule->inputs[i] == ET_ASSUMED ? 0.0f : rule->pmv[i].slope * (float)input[et_feature_position(definition, rule->inputs[i])]);
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

static bool has_steps(const et_start_rule *rule) { return rule->kind == ET_START_STEPS || rule->kind == ET_START_PMV; }

static uint8_t step_of(const et_start_rule *rule, int32_t index) {
  uint8_t step = 0;
  while (step < rule->steps && index > rule->ends[step]) step++;
  return step;
}

/* Where a class stands among the steps; the first, when it stands there twice. */
static int32_t rank_of(const et_start_rule *rule, uint8_t output_class) {
  int32_t step;
  for (step = 0; step <= rule->steps; step++)
    if (rule->classes[step] == output_class) return step;
  return -1;
}

uint8_t et_start_rule_say(const et_start_rule *rule, const et_definition *definition, const int16_t *input, int16_t shift) {
  switch (rule->kind) {
  case ET_START_CONSTANT: return rule->constant;
  case ET_START_CHOICE: return chosen(rule, definition, input);
  case ET_START_STEPS:
  case ET_START_PMV: return rule->classes[step_of(rule, index_of(rule, definition, input) - (int32_t)shift)];
  default: return ET_SILENT;
  }
}

uint8_t et_start_rule_stay(const et_start_rule *rule, const et_definition *definition, const int16_t *input, int16_t shift,
                           uint8_t current) {
  int32_t index, step, held;
  if (!has_steps(rule)) return et_start_rule_say(rule, definition, input, shift);
  index = index_of(rule, definition, input) - (int32_t)shift;
  step = step_of(rule, index);
  held = rank_of(rule, current);
  if (held < 0 || current == definition->core->default_class) return rule->classes[step];
  if (step > held && index <= (int32_t)rule->ends[held] + rule->hysteresis) return current;
  if (step < held && index > (int32_t)rule->ends[held - 1] - rule->hysteresis) return current;
  return rule->classes[step];
}

int32_t et_start_rule_towards(const et_start_rule *rule, uint8_t proposed, uint8_t truth) {
  const int32_t from = rank_of(rule, proposed), to = rank_of(rule, truth);
  if (!has_steps(rule) || from < 0 || to < 0 || from == to) return 0;
  return to < from ? 1 : -1; /* a truth further down than what was proposed: the steps were too low */
}

static bool is_finite(float value) { return value >= -1e6f && value <= 1e6f; }

bool et_start_rule_valid(const et_start_rule *rule, uint8_t features, uint8_t classes) {
  uint8_t i;
  if (rule->kind > ET_START_PMV) return false;
  if (rule->kind == ET_START_NONE) return true;
  if (rule->kind == ET_START_CONSTANT) return rule->constant < classes;
  if (rule->kind != ET_START_PMV && rule->feature >= features) return false;
  if (rule->kind == ET_START_CHOICE) return true;
  if (rule->steps < 1u || rule->steps > ET_RULE_STEPS || rule->follow < 0 || rule->hysteresis < 0 || rule->leads > 1u) return false;
  for (i = 0; i < ET_RULE_CONTEXTS; i++)
    if (rule->by[i] != ET_ASSUMED && rule->by[i] >= features) return false;
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
