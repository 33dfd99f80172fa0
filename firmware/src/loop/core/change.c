#include "loop/core/change.h"

#include <string.h>

#include "support/crc.h"

/* A range may grow to so many times its width at once: what was told apart by two steps of 254 is still told apart by half of one. */
#define ET_WIDEN_MOST 4.0f

static float feature_min(const et_definition *definition, uint8_t feature) {
  return (float)definition->features[feature].min / (definition->scales == NULL ? 1.0f : definition->scales[feature]);
}
static float feature_max(const et_definition *definition, uint8_t feature) {
  return (float)definition->features[feature].max / (definition->scales == NULL ? 1.0f : definition->scales[feature]);
}

et_range_map et_range_map_of(const et_definition *before, const et_definition *after, uint8_t feature) {
  const float span = feature_max(after, feature) - feature_min(after, feature);
  et_range_map map;
  map.gain = (feature_max(before, feature) - feature_min(before, feature)) / span;
  map.offset =
      (feature_max(before, feature) + feature_min(before, feature) - feature_max(after, feature) - feature_min(after, feature)) / span;
  return map;
}

static bool same_range(const et_definition *a, const et_definition *b, uint8_t feature) {
  return a->features[feature].min == b->features[feature].min && a->features[feature].max == b->features[feature].max &&
         (a->scales == NULL || a->scales[feature] == b->scales[feature]);
}

/* Every value that was in range is in range, within a step of the register, and the steps are fine enough. */
static bool widened(const et_definition *before, const et_definition *after, uint8_t feature) {
  const float step = 1.0f / (after->scales == NULL ? 1.0f : after->scales[feature]);
  const float span = feature_max(after, feature) - feature_min(after, feature);
  return feature_min(after, feature) <= feature_min(before, feature) + step &&
         feature_max(after, feature) >= feature_max(before, feature) - step &&
         span <= ET_WIDEN_MOST * (feature_max(before, feature) - feature_min(before, feature));
}

static bool same_identities(const et_definition *a, const et_definition *b, uint8_t first, uint8_t count) {
  if (a->identities == NULL || b->identities == NULL) return a->identities == b->identities;
  return memcmp(a->identities + first, b->identities + first, 4u * (size_t)count) == 0;
}

/* Other outputs: the samples' targets belong to the outputs before. */
static bool other_outputs(const et_definition *before, const et_definition *after) {
  uint8_t i;
  if (et_output_count(before) != et_output_count(after)) return true;
  for (i = 0; i < et_output_count(before); i++)
    if (before->outputs[i].identity != after->outputs[i].identity) return true;
  return false;
}

/* Other ranges: the numbers of a model mean other values. */
static bool other_values(const et_definition *before, const et_definition *after) {
  uint8_t i;
  for (i = 0; i < et_output_count(before); i++) {
    const et_output *x = &before->outputs[i], *y = &after->outputs[i];
    if (x->min != y->min || x->max != y->max || x->scale != y->scale) return true;
  }
  return false;
}

static bool is_stream(const et_definition *definition) { return et_model_find(definition->core->model)->stream != NULL; }

/* Why the samples do not fit the new definition; NONE = they fit. */
static et_change_cause other_samples(const et_definition *before, const et_definition *after, uint16_t samples) {
  const et_definition_core *x = before->core, *y = after->core;
  if (is_stream(before) != is_stream(after)) return ET_CHANGE_CAUSE_MODEL;
  if (x->features != y->features || et_array_count(before) != et_array_count(after) || !same_identities(before, after, 0, x->features))
    return ET_CHANGE_CAUSE_FEATURES;
  if (x->classes != y->classes || !same_identities(before, after, x->features, x->classes)) return ET_CHANGE_CAUSE_CLASSES;
  if (other_outputs(before, after)) return ET_CHANGE_CAUSE_OUTPUTS;
  if (x->storage != y->storage) return ET_CHANGE_CAUSE_STORAGE;
  if (!is_stream(after) && y->capacity < samples) return ET_CHANGE_CAUSE_CAPACITY;
  return ET_CHANGE_CAUSE_NONE;
}

/* Why the models do not fit the new definition; NONE = they fit. */
static et_change_cause other_models(const et_definition *before, const et_definition *after) {
  et_memory_need x, y;
  if (before->core->model != after->core->model) return ET_CHANGE_CAUSE_MODEL;
  if (before->core->scaling != after->core->scaling) return ET_CHANGE_CAUSE_SCALING;
  if (other_values(before, after)) return ET_CHANGE_CAUSE_OUTPUTS;
  if (et_model_meaning(before, 0u) != et_model_meaning(after, 0u)) return ET_CHANGE_CAUSE_PARAMETERS;
  et_model_find(before->core->model)->need(before, &x);
  et_model_find(after->core->model)->need(after, &y);
  /* A kernel's model has room for as many rows as the data set. */
  return x.model_bytes == y.model_bytes && x.shared_bytes == y.shared_bytes ? ET_CHANGE_CAUSE_NONE : ET_CHANGE_CAUSE_CAPACITY;
}

static float outcome_scale(const et_definition *definition) {
  return definition->identity == NULL ? 1.0f : definition->identity->outcome_scale;
}

static bool same_rule(const et_definition *before, const et_definition *after) {
  const et_definition_feedback *x = before->feedback, *y = after->feedback;
  const float a = outcome_scale(before), b = outcome_scale(after);
  if (x->rule != y->rule) return false;
  if (x->rule == ET_RULE_LABEL) return true;
  if (et_definition_tracks(before) && (before->tracking->gain != after->tracking->gain || other_values(before, after))) return false;
  return x->limit_side == y->limit_side && x->class_low == y->class_low && x->class_high == y->class_high &&
         (float)x->set_point / a == (float)y->set_point / b && (float)x->band / a == (float)y->band / b;
}

/* Another rule judges again what has its outcome; where no outcome is kept, labels stay. */
static uint8_t fate_of_labels(const et_definition *before, const et_definition *after) {
  if (is_stream(after) || same_rule(before, after)) return ET_FATE_KEPT;
  if (before->feedback->rule == ET_RULE_LABEL || after->feedback->rule == ET_RULE_LABEL) return ET_FATE_KEPT; /* given, not judged */
  return et_definition_keeps_outcomes(before) && et_definition_keeps_outcomes(after) ? ET_FATE_CONVERTED : ET_FATE_DISCARDED;
}

static void discard_all(et_change *change, et_change_cause cause) {
  change->samples = change->models = change->waiting = change->voices = ET_FATE_DISCARDED;
  change->labels = ET_FATE_KEPT;
  change->cause = (uint8_t)cause;
}

/* The samples fit: what the ranges do to them and to the models. */
static void ranges(const et_definition *before, const et_definition *after, et_change *change) {
  const et_model_ops *model = et_model_find(before->core->model);
  uint8_t i;
  for (i = 0; i < before->core->features; i++) {
    if (same_range(before, after, i)) continue;
    change->place = i;
    if (model->stream != NULL || et_array_count(after) != 0u || !widened(before, after, i)) {
      discard_all(change, ET_CHANGE_CAUSE_RANGE);
      return;
    }
    change->samples = change->waiting = ET_FATE_CONVERTED;
    if (change->models == ET_FATE_KEPT) {
      change->models = model->convert != NULL ? ET_FATE_CONVERTED : ET_FATE_DISCARDED;
      change->cause = ET_CHANGE_CAUSE_WIDENED;
    }
  }
}

void et_change_find(const et_definition *before, const et_definition *after, uint16_t samples, et_change *change) {
  et_change_cause cause;
  memset(change, 0, sizeof *change);
  if (before == NULL) {
    discard_all(change, ET_CHANGE_CAUSE_FIRST);
    return;
  }
  cause = other_samples(before, after, samples);
  if (cause == ET_CHANGE_CAUSE_NONE) {
    cause = other_models(before, after);
    if (cause != ET_CHANGE_CAUSE_NONE) change->models = ET_FATE_DISCARDED;
    change->cause = (uint8_t)cause;
    if (!is_stream(after)) cause = ET_CHANGE_CAUSE_NONE; /* a stream has nothing but its model */
  }
  if (cause != ET_CHANGE_CAUSE_NONE) {
    discard_all(change, cause);
    return;
  }
  ranges(before, after, change);
  if (change->samples == ET_FATE_DISCARDED) return;
  if (before->core->tickets != after->core->tickets) {
    change->waiting = ET_FATE_DISCARDED;
    if (change->cause == ET_CHANGE_CAUSE_NONE) change->cause = ET_CHANGE_CAUSE_TICKETS;
  }
  if (et_output_count(after) != 0u && other_values(before, after)) change->waiting = ET_FATE_DISCARDED;
  if (!is_stream(after) && et_rule_meaning(before) != et_rule_meaning(after)) change->voices = ET_FATE_DISCARDED;
  change->labels = fate_of_labels(before, after);
  if (change->labels != ET_FATE_KEPT && change->cause == ET_CHANGE_CAUSE_NONE) change->cause = ET_CHANGE_CAUSE_RULE;
}

bool et_change_of_range(const et_definition *before, const et_definition *after, uint8_t feature) {
  return !same_range(before, after, feature);
}

uint32_t et_rule_meaning(const et_definition *definition) {
  const et_definition_core *core = definition->core;
  const et_start_rule *rule = definition->start;
  const uint8_t classes[2] = {core->classes, core->default_class}; /* without a rule of its own the default class is the rule */
  uint32_t crc = et_crc32(0u, classes, sizeof classes);
  uint8_t i;
  if (definition->identities != NULL)
    crc = et_crc32(crc, (const uint8_t *)definition->identities, 4u * ((uint32_t)core->features + core->classes));
  if (rule == NULL) return crc;
  crc = et_crc32(crc, (const uint8_t *)rule, sizeof *rule);
  for (i = 0; i < ET_RULE_CONTEXTS && rule->by[i] != ET_ASSUMED; i++) {
    crc = et_crc32(crc, (const uint8_t *)&definition->features[rule->by[i]], sizeof definition->features[0]);
    if (definition->scales != NULL) crc = et_crc32(crc, (const uint8_t *)&definition->scales[rule->by[i]], sizeof definition->scales[0]);
  }
  return crc;
}

/* Rounded to nearest, kept within +-full. */
static int32_t converted(const et_range_map *map, int32_t q, float full) {
  const float value = map->gain * (float)q + map->offset * full;
  if (value >= full) return (int32_t)full;
  if (value <= -full) return -(int32_t)full;
  return (int32_t)(value < 0.0f ? value - 0.5f : value + 0.5f);
}

void et_change_rows(const et_definition *before, const et_definition *after, void *rows, uint16_t count) {
  const uint8_t features = before->core->features;
  uint8_t i;
  for (i = 0; i < features; i++) {
    et_range_map map;
    uint32_t at;
    if (same_range(before, after, i)) continue;
    map = et_range_map_of(before, after, i);
    /* count * features fits 32 bits: 4096 * 120. */
    for (at = i; at < (uint32_t)count * features; at += features) {
      if (before->core->storage == ET_STORAGE_INT8) ((int8_t *)rows)[at] = (int8_t)converted(&map, ((int8_t *)rows)[at], 127.0f);
      else ((int16_t *)rows)[at] = (int16_t)converted(&map, ((int16_t *)rows)[at], 32767.0f);
    }
  }
}
