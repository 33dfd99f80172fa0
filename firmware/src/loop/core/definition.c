#include "edge_trainer/definition.h"

#include <string.h>

#include "decision/plant_limits.h"
#include "decision/start_rule.h"
#include "edge_trainer/model.h"
#include "loop/core/limits.h"
#include "support/crc.h"

/* The layout is part of the contract: the host's codec writes these offsets. */
#define ET_ASSERT(name, condition) typedef char et_assert_##name[(condition) ? 1 : -1]
ET_ASSERT(svm_fits, sizeof(et_svm_parameters) <= 48u);
ET_ASSERT(esn_fits, sizeof(et_esn_parameters) <= 48u);
ET_ASSERT(correlation_fits, sizeof(et_correlation_parameters) <= 48u);
ET_ASSERT(process_fits, sizeof(et_process_parameters) <= 48u);
ET_ASSERT(parameters_at, offsetof(et_definition_fixed, parameters) == 56u);
ET_ASSERT(fixed_size, sizeof(et_definition_fixed) == 104u);
ET_ASSERT(start_rule, sizeof(et_start_rule) == 84u);
ET_ASSERT(plant_limits, sizeof(et_plant_limits) == 64u);
ET_ASSERT(class_size, sizeof(et_class_entry) == 4u && sizeof(et_feature_entry) == 4u);

/* Refuse, naming the field by its offset in the blob. */
#define FIELD(condition, member)                                          \
  do {                                                                    \
    if (!(condition)) {                                                   \
      *detail = (uint16_t)offsetof(et_definition_fixed, member);          \
      return ET_DEFINITION_FIELD;                                         \
    }                                                                     \
  } while (0)

static et_error check_supervised(const et_definition_fixed *fixed, uint16_t *detail) {
  FIELD(fixed->classes >= 2u && fixed->classes <= ET_CLASSES_MAX, classes);
  FIELD(fixed->capacity >= 2u && fixed->capacity <= ET_CAPACITY_MAX, capacity);
  FIELD(fixed->rule <= ET_RULE_LIMIT, rule);
  FIELD(fixed->limit_side <= ET_LIMIT_SIDE_BELOW, limit_side);
  FIELD(fixed->band >= 0, band);
  FIELD(fixed->class_low < fixed->classes, class_low);
  FIELD(fixed->class_high < fixed->classes, class_high);
  FIELD(fixed->default_class < fixed->classes, default_class);
  FIELD(fixed->suspicion <= ET_SUSPICION_ACTION_OFF, suspicion);
  FIELD(fixed->satisfactory_share <= 1000u, satisfactory_share);
  FIELD(fixed->hold_out_every != 1u, hold_out_every);
  FIELD(fixed->min_samples >= 2u && fixed->min_samples <= fixed->capacity, min_samples);
  FIELD(fixed->accuracy_threshold <= 1001u, accuracy_threshold);
  return ET_OK;
}

/* Part by part to the end; each known one at most once, each of its size. */
static bool find_parts(const uint8_t *bytes, uint32_t at, uint32_t end, et_definition *definition) {
  definition->start = NULL;
  definition->limits = NULL;
  while (at != end) {
    const uint16_t *head = (const uint16_t *)(const void *)(bytes + at);
    if (end - at < 4u || head[1] > end - at - 4u || (head[1] & 3u) != 0u) return false;
    if (head[0] == ET_PART_START_RULE && head[1] == sizeof(et_start_rule) && definition->start == NULL)
      definition->start = (const et_start_rule *)(const void *)(head + 2);
    else if (head[0] == ET_PART_PLANT_LIMITS && head[1] == sizeof(et_plant_limits) && definition->limits == NULL)
      definition->limits = (const et_plant_limits *)(const void *)(head + 2);
    else return false;
    at += 4u + head[1];
  }
  return true;
}

/* `*detail`: where the refused part lies. */
static et_error check_parts(const et_definition *definition, uint16_t *detail) {
  const uint8_t *blob = (const uint8_t *)(const void *)definition->fixed;
  const et_definition_fixed *fixed = definition->fixed;
  if (definition->start != NULL && !et_start_rule_valid(definition->start, fixed->features, fixed->classes)) {
    *detail = (uint16_t)((const uint8_t *)(const void *)definition->start - blob);
    return ET_DEFINITION_FIELD;
  }
  if (definition->limits != NULL && !et_plant_limits_valid(definition->limits, fixed->classes)) {
    *detail = (uint16_t)((const uint8_t *)(const void *)definition->limits - blob);
    return ET_DEFINITION_FIELD;
  }
  return ET_OK;
}

/* The identity part at `bytes`: identities differ, positions are a permutation, scales are usable. */
static bool check_identities(const uint32_t *identities, const uint8_t *positions, uint8_t count) {
  uint8_t i, j;
  for (i = 0; i < count; i++) {
    if (positions[i] >= count) return false;
    for (j = 0; j < i; j++)
      if (identities[i] == identities[j] || positions[i] == positions[j]) return false;
  }
  return true;
}

static bool usable(float scale) { return scale >= 1e-9f && scale <= 1e9f; } /* false for NaN */

static et_error check_identity(const uint8_t *bytes, et_definition *definition, uint16_t *detail) {
  const uint8_t features = definition->fixed->features, classes = definition->fixed->classes;
  uint8_t i;
  definition->identity = (const et_identity_head *)(const void *)bytes;
  definition->identities = (const uint32_t *)(const void *)(definition->identity + 1);
  definition->scales = (const float *)(const void *)(definition->identities + features + classes);
  definition->positions = (const uint8_t *)(const void *)(definition->scales + features);
  *detail = (uint16_t)(bytes - (const uint8_t *)definition->fixed);
  if (!usable(definition->identity->outcome_scale)) return ET_DEFINITION_FIELD;
  for (i = 0; i < features; i++)
    if (!usable(definition->scales[i])) return ET_DEFINITION_FIELD;
  if (!check_identities(definition->identities, definition->positions, features) ||
      !check_identities(definition->identities + features, definition->positions + features, classes))
    return ET_DEFINITION_FIELD;
  *detail = 0;
  return ET_OK;
}

static uint8_t find(const uint8_t *positions, uint8_t count, uint8_t position) {
  uint8_t i = 0;
  while (i < count && positions[i] != position) i++;
  return i;
}

uint8_t et_feature_at(const et_definition *definition, uint8_t position) {
  return definition->positions == NULL ? position : find(definition->positions, definition->fixed->features, position);
}

uint8_t et_class_of(const et_definition *definition, uint8_t code) {
  return definition->positions == NULL ? code : find(definition->positions + definition->fixed->features, definition->fixed->classes, code);
}

et_error et_definition_check(const void *blob, uint32_t length, et_definition *definition, uint16_t *detail) {
  const uint8_t *bytes = blob;
  const et_definition_fixed *fixed = blob;
  uint32_t tables, crc, i;
  et_error error;

  *detail = 0;
  if (length < sizeof(et_definition_fixed) + 4u || length > ET_DEFINITION_BYTES_MAX) return ET_DEFINITION_LENGTH;
  if (fixed->magic != ET_DEFINITION_MAGIC || fixed->layout != ET_DEFINITION_LAYOUT) return ET_DEFINITION_VERSION;
  if (fixed->length != length || (length & 3u) != 0u) return ET_DEFINITION_LENGTH;
  memcpy(&crc, bytes + length - 4u, 4u);
  if (crc != et_crc32(0u, bytes, length - 4u)) return ET_DEFINITION_CRC;

  definition->fixed = fixed;
  definition->classes = (const et_class_entry *)(const void *)(bytes + sizeof(et_definition_fixed));
  definition->features = (const et_feature_entry *)(const void *)(bytes + sizeof(et_definition_fixed) + 4u * fixed->classes);
  definition->fingerprint = crc;
  definition->identity = NULL;
  definition->identities = NULL;
  definition->scales = NULL;
  definition->positions = NULL;

  FIELD(fixed->features >= 1u && fixed->features <= ET_FEATURES_MAX, features);
  FIELD(fixed->classes <= ET_CLASSES_MAX, classes);
  FIELD(fixed->identified <= 1u, identified);
  tables = 4u * ((uint32_t)fixed->classes + fixed->features);
  if (fixed->identified != 0u) tables += ET_IDENTITY_BYTES(fixed->features, fixed->classes);
  if (length < sizeof(et_definition_fixed) + tables + 4u) return ET_DEFINITION_LENGTH;
  if (!find_parts(bytes, (uint32_t)sizeof(et_definition_fixed) + tables, length - 4u, definition)) return ET_DEFINITION_LENGTH;

  const et_model_ops *model = et_model_find(fixed->model);
  if (model == NULL) return ET_MODEL_NOT_BUILT;

  FIELD(fixed->storage == ET_STORAGE_INT8 || fixed->storage == ET_STORAGE_INT16, storage);
  FIELD(fixed->scaling <= ET_SCALING_STANDARD, scaling);
  FIELD(fixed->out_of_range <= ET_OUT_OF_RANGE_CLAMP, out_of_range);
  FIELD(fixed->tickets >= 1u && fixed->tickets <= ET_TICKETS_MAX, tickets);
  FIELD(fixed->mode <= ET_MODE_FROZEN, mode);
  FIELD(fixed->accuracy_window >= 1u && fixed->accuracy_window <= ET_BUILD_WINDOW_MAX, accuracy_window);
  for (i = 0; i < fixed->features; i++) {
    if (definition->features[i].min >= definition->features[i].max) {
      *detail = (uint16_t)(sizeof(et_definition_fixed) + 4u * (fixed->classes + i));
      return ET_DEFINITION_FIELD;
    }
  }
  if (fixed->identified != 0u) {
    error = check_identity(bytes + sizeof(et_definition_fixed) + 4u * ((uint32_t)fixed->classes + fixed->features), definition, detail);
    if (error != ET_OK) return error;
  }
  if (model->stream != NULL) {
    FIELD(fixed->classes == 0u, classes);
    FIELD(fixed->features <= ET_CHANNELS_MAX, features);
    if (definition->start != NULL || definition->limits != NULL) return ET_DEFINITION_LENGTH;
  } else {
    error = check_supervised(fixed, detail);
    if (error == ET_OK) error = check_parts(definition, detail);
    if (error != ET_OK) return error;
  }
  return model->check(definition, detail);
}
