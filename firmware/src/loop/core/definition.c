#include "edge_trainer/definition.h"

#include <string.h>

#include "decision/plant_limits.h"
#include "decision/start_rule.h"
#include "edge_trainer/model.h"
#include "loop/core/limits.h"
#include "support/crc.h"

ET_STORED(head, sizeof(et_definition_head) == 8u);
ET_STORED(section, sizeof(et_section) == 12u);
ET_STORED(start_rule, sizeof(et_start_rule) == 92u);
ET_STORED(plant_limits, sizeof(et_plant_limits) == 64u);
ET_STORED(output, sizeof(et_output) == 20u);
ET_STORED(local_io, sizeof(et_local_io) == 8u && sizeof(et_local_input) == 12u);
ET_STORED(outputs_fit, ET_OUTPUTS_MAX * sizeof(et_output) <= sizeof(et_start_rule) + sizeof(et_plant_limits) + sizeof(et_section));

typedef struct whole {
  const uint8_t *bytes;
  uint32_t end; /* of the sections */
} whole;

/* The section at `*at`, which moves behind it; NULL at the end, or where the lengths do not add up (`*at` stays). */
static const et_section *next_section(const whole *blob, uint32_t *at) {
  const et_section *section = (const et_section *)(const void *)(blob->bytes + *at);
  if (blob->end - *at < sizeof *section) return NULL;
  if (section->length > blob->end - *at - sizeof *section || (section->length & 3u) != 0u) return NULL;
  *at += (uint32_t)sizeof *section + section->length;
  return section;
}

/* Bytes of the section that `format` describes, as `count` entries; NULL and an error when it is missing or has another size. */
static const void *find_section(const whole *blob, const et_section_format *format, uint32_t count, et_error *error, uint16_t *detail) {
  const et_section *section;
  uint32_t at = sizeof(et_definition_head);
  *detail = format->id;
  *error = ET_DEFINITION_SECTION;
  while ((section = next_section(blob, &at)) != NULL) {
    if (section->id != format->id) continue;
    if (section->layout != format->layout) return NULL;
    if (section->length != count * format->bytes) {
      *error = ET_DEFINITION_LENGTH;
      return NULL;
    }
    *error = ET_OK;
    return section + 1;
  }
  return NULL;
}

static bool has_section(const whole *blob, uint16_t id) {
  const et_section *section;
  uint32_t at = sizeof(et_definition_head);
  while ((section = next_section(blob, &at)) != NULL)
    if (section->id == id) return true;
  return false;
}

/* The entries of the model's own list, one or more of them. */
static et_error find_list(const whole *blob, const et_model_ops *model, et_definition *definition, uint16_t *detail) {
  const et_section *section;
  uint32_t at = sizeof(et_definition_head), count = 0;
  et_error error;
  definition->entries = NULL;
  definition->entry_count = 0;
  if (model->list == NULL) return ET_OK;
  while ((section = next_section(blob, &at)) != NULL)
    if (section->id == model->list->id) count = section->length / model->list->bytes;
  definition->entries = find_section(blob, model->list, count, &error, detail);
  if (definition->entries == NULL) return error;
  if (count == 0u || count > model->list_most) return ET_DEFINITION_LENGTH;
  definition->entry_count = (uint16_t)count;
  return ET_OK;
}

/* A section that belongs to no model and is in this build. */
static bool is_own_section(uint16_t id) {
  if (ET_WITH_ARRAY != 0 && (id == ET_SECTION_ARRAY_ID || id == ET_SECTION_ARRAY_STREAM_ID)) return true;
  if (ET_WITH_LOCAL_IO != 0 && id == ET_SECTION_LOCAL_IO_ID) return true;
  return id != 0u && id <= (ET_WITH_OUTPUTS ? ET_SECTION_TRACKING_ID : ET_SECTION_PLANT_LIMITS_ID);
}

/* Sections that add up, each with its checksum right, none twice and none that must not be skipped. */
static et_error check_sections(const whole *blob, const et_model_ops *model, uint16_t *detail) {
  const et_section *section, *other;
  uint32_t at = sizeof(et_definition_head), before;
  while ((section = next_section(blob, &at)) != NULL) {
    *detail = section->id;
    if (section->crc != et_crc32(0u, (const uint8_t *)(section + 1), section->length)) return ET_DEFINITION_CRC;
    const bool own = section->id == model->section->id || (model->list != NULL && section->id == model->list->id);
    if (section->id < ET_SECTION_OPTIONAL && !is_own_section(section->id) && !own) return ET_DEFINITION_SECTION;
    for (before = sizeof(et_definition_head); (other = next_section(blob, &before)) != NULL && other != section;)
      if (other->id == section->id) return ET_DEFINITION_SECTION;
  }
  *detail = 0;
  return at == blob->end ? ET_OK : ET_DEFINITION_LENGTH;
}

/* `count` entries, each field within its range. */
static et_error check_ranges(const whole *blob, const et_section_format *format, const void *entries, uint32_t count, uint16_t *detail) {
  uint32_t i;
  for (i = 0; i < count; i++) {
    const uint8_t *entry = (const uint8_t *)entries + i * format->bytes;
    const et_error error = et_section_check(format, entry, detail);
    if (error == ET_OK) continue;
    *detail = (uint16_t)(*detail + (uint32_t)(entry - blob->bytes));
    return error;
  }
  return ET_OK;
}

static et_error find_all(const whole *blob, const et_model_ops *model, et_definition *definition, uint16_t *detail) {
  const et_definition_core *core = definition->core;
  et_error error;
  if ((definition->classes = find_section(blob, &et_section_classes, core->classes, &error, detail)) == NULL) return error;
  if ((definition->features = find_section(blob, &et_section_features, core->features, &error, detail)) == NULL) return error;
  if ((definition->feedback = find_section(blob, &et_section_feedback, 1, &error, detail)) == NULL) return error;
  if ((definition->stitching = find_section(blob, &et_section_stitching, 1, &error, detail)) == NULL) return error;
  if ((definition->training = find_section(blob, &et_section_training, 1, &error, detail)) == NULL) return error;
  if ((definition->parameters = find_section(blob, model->section, 1, &error, detail)) == NULL) return error;
  if ((error = find_list(blob, model, definition, detail)) != ET_OK) return error;
  if ((error = check_ranges(blob, &et_section_classes, definition->classes, core->classes, detail)) != ET_OK) return error;
  if ((error = check_ranges(blob, &et_section_feedback, definition->feedback, 1, detail)) != ET_OK) return error;
  if ((error = check_ranges(blob, &et_section_stitching, definition->stitching, 1, detail)) != ET_OK) return error;
  if ((error = check_ranges(blob, &et_section_training, definition->training, 1, detail)) != ET_OK) return error;
  return check_ranges(blob, model->section, definition->parameters, 1, detail);
}

/* What fields mean together; each alone is within its range. Refuses naming the field by its offset in the blob. */
#define FIELD(condition, part, member)                                                            \
  do {                                                                                            \
    if (!(condition)) {                                                                           \
      *detail = (uint16_t)((uint32_t)((const uint8_t *)&definition->part->member - blob->bytes)); \
      return ET_DEFINITION_FIELD;                                                                 \
    }                                                                                             \
  } while (0)

/* Identities differ, positions are a permutation. */
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

/* The identity section, if there is one. */
static et_error find_identity(const whole *blob, et_definition *definition, uint16_t *detail) {
  const uint8_t features = definition->core->features, classes = definition->core->classes;
  const et_section_format format = {ET_SECTION_IDENTITY_ID, ET_SECTION_IDENTITY_LAYOUT, (uint16_t)ET_IDENTITY_BYTES(features, classes), 0,
                                    NULL};
  et_error error;
  uint8_t i;
  definition->identities = NULL;
  definition->scales = NULL;
  definition->positions = NULL;
  if (!has_section(blob, format.id)) {
    definition->identity = NULL;
    return ET_OK;
  }
  definition->identity = find_section(blob, &format, 1, &error, detail);
  if (definition->identity == NULL) return error;
  definition->identities = (const uint32_t *)(const void *)(definition->identity + 1);
  definition->scales = (const float *)(const void *)(definition->identities + features + classes);
  definition->positions = (const uint8_t *)(const void *)(definition->scales + features);
  *detail = (uint16_t)((const uint8_t *)definition->identity - blob->bytes);
  if (!usable(definition->identity->outcome_scale)) return ET_DEFINITION_FIELD;
  for (i = 0; i < features; i++)
    if (!usable(definition->scales[i])) return ET_DEFINITION_FIELD;
  if (!check_identities(definition->identities, definition->positions, features) ||
      !check_identities(definition->identities + features, definition->positions + features, classes))
    return ET_DEFINITION_FIELD;
  return ET_OK;
}

/* Start rule and limits of the plant, where the blob has them. */
static et_error find_rules(const whole *blob, et_definition *definition, uint16_t *detail) {
  static const et_section_format start = {ET_SECTION_START_RULE_ID, ET_SECTION_START_RULE_LAYOUT, sizeof(et_start_rule), 0, NULL};
  static const et_section_format limits = {ET_SECTION_PLANT_LIMITS_ID, ET_SECTION_PLANT_LIMITS_LAYOUT, sizeof(et_plant_limits), 0, NULL};
  et_error error;
  definition->start = NULL;
  definition->limits = NULL;
  if (has_section(blob, start.id)) {
    definition->start = find_section(blob, &start, 1, &error, detail);
    if (definition->start == NULL) return error;
    *detail = (uint16_t)((const uint8_t *)definition->start - blob->bytes);
    if (ET_WITH_PMV == 0 && definition->start->kind == ET_START_PMV) return ET_MODEL_NOT_BUILT;
    if (!et_start_rule_valid(definition->start, definition->core->features, definition->core->classes)) return ET_DEFINITION_FIELD;
  }
  if (has_section(blob, limits.id)) {
    definition->limits = find_section(blob, &limits, 1, &error, detail);
    if (definition->limits == NULL) return error;
    *detail = (uint16_t)((const uint8_t *)definition->limits - blob->bytes);
    if (!et_plant_limits_valid(definition->limits, definition->core->classes)) return ET_DEFINITION_FIELD;
  }
  return ET_OK;
}

static bool usable_output(const et_definition *definition, uint8_t output) {
  const et_output *checked = &definition->outputs[output];
  uint8_t i;
  if (checked->min >= checked->max || checked->initial < checked->min || checked->initial > checked->max || !usable(checked->scale))
    return false;
  if (checked->position >= definition->output_count) return false;
  for (i = 0; i < output; i++)
    if (definition->outputs[i].identity == checked->identity || definition->outputs[i].position == checked->position) return false;
  return true;
}

/* How an outcome corrects the output, where the blob says it. */
static et_error find_tracking(const whole *blob, et_definition *definition, uint16_t *detail) {
  static const et_section_format format = {ET_SECTION_TRACKING_ID, ET_SECTION_TRACKING_LAYOUT, sizeof(et_tracking), 0, NULL};
  et_error error;
  float gain;
  if (!has_section(blob, format.id)) return ET_OK;
  *detail = format.id;
  if (definition->output_count == 0u) return ET_DEFINITION_SECTION;
  definition->tracking = find_section(blob, &format, 1, &error, detail);
  if (definition->tracking == NULL) return error;
  *detail = (uint16_t)((const uint8_t *)definition->tracking - blob->bytes);
  gain = definition->tracking->gain;
  return usable(gain < 0.0f ? -gain : gain) ? ET_OK : ET_DEFINITION_FIELD;
}

/* Continuous outputs, where the blob has them. */
static et_error find_outputs(const whole *blob, const et_model_ops *model, et_definition *definition, uint16_t *detail) {
  et_section_format format = {ET_SECTION_OUTPUTS_ID, ET_SECTION_OUTPUTS_LAYOUT, sizeof(et_output), 0, NULL};
  const et_section *section;
  uint32_t at = sizeof(et_definition_head), count = 0;
  et_error error;
  uint8_t i;
  definition->outputs = NULL;
  definition->tracking = NULL;
  definition->output_count = 0;
  if (ET_WITH_OUTPUTS == 0 || !has_section(blob, format.id)) return ET_OK; /* a build without them refused the section before */
  *detail = format.id;
  if (model->outputs == NULL || definition->start != NULL || definition->limits != NULL) return ET_DEFINITION_SECTION;
  while ((section = next_section(blob, &at)) != NULL)
    if (section->id == format.id) count = section->length / sizeof(et_output);
  if (count == 0u || count > ET_OUTPUTS_MAX) return ET_DEFINITION_LENGTH;
  definition->outputs = find_section(blob, &format, count, &error, detail);
  if (definition->outputs == NULL) return error;
  definition->output_count = (uint8_t)count;
  for (i = 0; i < definition->output_count; i++) {
    *detail = (uint16_t)((const uint8_t *)&definition->outputs[i] - blob->bytes);
    if (!usable_output(definition, i)) return ET_DEFINITION_FIELD;
  }
  return ET_OK;
}

#if ET_WITH_LOCAL_IO
static bool usable_input(const et_local_input *input) {
  return input->offset >= -1e9f && input->offset <= 1e9f && input->slope >= -1e9f && input->slope <= 1e9f; /* false for NaN */
}
#endif

/* Channels of the board itself, where the blob has them: for decisions between classes. */
static et_error find_local(const whole *blob, const et_model_ops *model, et_definition *definition, uint16_t *detail) {
#if ET_WITH_LOCAL_IO
  const uint8_t features = definition->core->features;
  const et_section_format format = {ET_SECTION_LOCAL_IO_ID, ET_SECTION_LOCAL_IO_LAYOUT, (uint16_t)ET_LOCAL_IO_BYTES(features), 0, NULL};
  et_error error;
  uint8_t i;
  definition->io = NULL;
  definition->local = NULL;
  if (!has_section(blob, format.id)) return ET_OK;
  *detail = format.id;
  if (model->stream != NULL || et_output_count(definition) != 0u) return ET_DEFINITION_SECTION;
  if (et_array_count(definition) != 0u && et_stream_channels(definition) == 0u) return ET_DEFINITION_SECTION; /* only a master has it */
  definition->io = find_section(blob, &format, 1, &error, detail);
  if (definition->io == NULL) return error;
  definition->local = (const et_local_input *)(const void *)(definition->io + 1);
  *detail = (uint16_t)((const uint8_t *)definition->io - blob->bytes);
  if (definition->io->interval_ms < ET_LOCAL_INTERVAL_LEAST || definition->io->interval_ms > ET_LOCAL_INTERVAL_MOST ||
      definition->io->fail_safe >= definition->core->classes)
    return ET_DEFINITION_FIELD;
  for (i = 0; i <= features; i++) {
    *detail = (uint16_t)((const uint8_t *)&definition->local[i] - blob->bytes);
    if (!usable_input(&definition->local[i])) return ET_DEFINITION_FIELD;
    /* The stream gives the window; each other feature has a channel. */
    if (i < features && (definition->local[i].channel == ET_LOCAL_NONE) != (et_stream_channels(definition) != 0u))
      return ET_DEFINITION_FIELD;
  }
#else
  (void)blob;
  (void)model;
  (void)definition;
  (void)detail;
#endif
  return ET_OK;
}

#if ET_WITH_ARRAY
/* The stream that the array is a window of, where the blob says so. */
static et_error find_stream(const whole *blob, et_definition *definition, uint16_t *detail) {
  static const et_section_format format = {ET_SECTION_ARRAY_STREAM_ID, ET_SECTION_ARRAY_STREAM_LAYOUT, sizeof(et_array_stream), 0, NULL};
  const et_array_stream *stream;
  et_error error;
  if (!has_section(blob, format.id)) return ET_OK;
  *detail = format.id;
  if (definition->array_count == 0u) return ET_DEFINITION_SECTION;
  stream = find_section(blob, &format, 1, &error, detail);
  if (stream == NULL) return error;
  *detail = (uint16_t)((const uint8_t *)stream - blob->bytes);
  if (stream->channels == 0u || stream->channels > ET_CHANNELS_MAX || definition->array_count % stream->channels != 0u)
    return ET_DEFINITION_FIELD;
  definition->stream_channels = stream->channels;
  return ET_OK;
}
#endif

/* How many values the feature has, where it is an array. */
static et_error find_array(const whole *blob, const et_model_ops *model, et_definition *definition, uint16_t *detail) {
#if ET_WITH_ARRAY
  static const et_section_format format = {ET_SECTION_ARRAY_ID, ET_SECTION_ARRAY_LAYOUT, sizeof(et_array), 0, NULL};
  const et_array *array;
  et_error error;
  definition->array_count = 0;
  definition->stream_channels = 0;
  if (!has_section(blob, format.id)) return find_stream(blob, definition, detail);
  *detail = format.id;
  if (!model->arrays || definition->start != NULL) return ET_DEFINITION_SECTION;
  array = find_section(blob, &format, 1, &error, detail);
  if (array == NULL) return error;
  FIELD(definition->core->features == 1u, core, features);
  *detail = (uint16_t)((const uint8_t *)array - blob->bytes);
  if (array->count < 2u || array->count > ET_ARRAY_MAX) return ET_DEFINITION_FIELD;
  definition->array_count = array->count;
  return find_stream(blob, definition, detail);
#else
  (void)blob;
  (void)model;
  (void)definition;
  (void)detail;
  return ET_OK;
#endif
}

static uint8_t find_position(const uint8_t *positions, uint8_t count, uint8_t position) {
  uint8_t i = 0;
  while (i < count && positions[i] != position) i++;
  return i;
}

uint8_t et_feature_at(const et_definition *definition, uint8_t position) {
  return definition->positions == NULL ? position : find_position(definition->positions, definition->core->features, position);
}

uint8_t et_class_of(const et_definition *definition, uint8_t code) {
  return definition->positions == NULL ? code
                                       : find_position(definition->positions + definition->core->features, definition->core->classes, code);
}

static et_error check_decide(const whole *blob, const et_definition *definition, uint16_t *detail) {
  const uint8_t classes = definition->core->classes;
  FIELD(et_output_count(definition) == 0u ? classes >= 2u : classes == 1u, core, classes);
  FIELD(definition->core->capacity >= 2u, core, capacity);
  FIELD(definition->core->default_class < classes, core, default_class);
  FIELD(definition->feedback->class_low < classes, feedback, class_low);
  FIELD(definition->feedback->class_high < classes, feedback, class_high);
  FIELD(definition->stitching->hold_out_every != 1u, stitching, hold_out_every);
  if (et_output_count(definition) != 0u) {
    FIELD(definition->stitching->hold_out_every != 0u, stitching, hold_out_every);
    FIELD(definition->feedback->rule == ET_RULE_LABEL || et_definition_tracks(definition), feedback, rule);
    /* One process value says nothing of a second output. */
    FIELD(!et_definition_tracks(definition) || et_output_count(definition) == 1u, feedback, rule);
    if (et_definition_tracks(definition) != (definition->tracking != NULL)) {
      *detail = ET_SECTION_TRACKING_ID;
      return ET_DEFINITION_SECTION;
    }
  } else {
    FIELD(definition->feedback->rule != ET_RULE_TRACKING, feedback, rule);
  }
  FIELD(definition->training->min_samples >= 2u && definition->training->min_samples <= definition->core->capacity, training, min_samples);
  return ET_OK;
}

static et_error check_meaning(const whole *blob, const et_model_ops *model, const et_definition *definition, uint16_t *detail) {
  uint32_t i;
  et_error error;
  FIELD(definition->training->accuracy_window <= ET_BUILD_WINDOW_MAX, training, accuracy_window);
  for (i = 0; i < definition->core->features; i++) {
    const et_feature_entry *feature = &definition->features[i];
    if (feature->min < feature->max) continue;
    *detail = (uint16_t)((uint32_t)((const uint8_t *)feature - blob->bytes));
    return ET_DEFINITION_FIELD;
  }
  if (model->stream != NULL) {
    FIELD(definition->core->classes == 0u, core, classes);
    FIELD(definition->core->features <= ET_CHANNELS_MAX, core, features);
    if (definition->start != NULL || definition->limits != NULL) { /* rules of decisions */
      *detail = definition->start != NULL ? ET_SECTION_START_RULE_ID : ET_SECTION_PLANT_LIMITS_ID;
      return ET_DEFINITION_SECTION;
    }
  } else {
    error = check_decide(blob, definition, detail);
    if (error != ET_OK) return error;
  }
  if (model->check == NULL) return ET_OK;
  error = model->check(definition, detail);
  if (error == ET_DEFINITION_FIELD) *detail = (uint16_t)(*detail + (uint32_t)((const uint8_t *)definition->parameters - blob->bytes));
  return error;
}

et_error et_definition_check(const void *bytes, uint32_t length, et_definition *definition, uint16_t *detail) {
  const et_definition_head *head = bytes;
  const whole blob = {bytes, length - 4u};
  const et_model_ops *model;
  uint32_t crc;
  et_error error;

  *detail = 0;
  if (length < sizeof *head + 4u || length > ET_DEFINITION_BYTES_MAX) return ET_DEFINITION_LENGTH;
  if (head->magic != ET_DEFINITION_MAGIC || head->layout != ET_DEFINITION_LAYOUT) return ET_DEFINITION_VERSION;
  if (head->length != length || (length & 3u) != 0u) return ET_DEFINITION_LENGTH;
  memcpy(&crc, blob.bytes + blob.end, 4u);
  if (crc != et_crc32(0u, blob.bytes, blob.end)) return ET_DEFINITION_CRC;
  definition->blob = bytes;
  definition->length = length;
  definition->fingerprint = crc;

  definition->core = find_section(&blob, &et_section_core, 1, &error, detail);
  if (definition->core == NULL) return error;
  error = check_ranges(&blob, &et_section_core, definition->core, 1, detail);
  if (error != ET_OK) return error;
  model = et_model_find(definition->core->model);
  if (model == NULL) return ET_MODEL_NOT_BUILT;
  error = check_sections(&blob, model, detail);
  if (error != ET_OK) return error;
  error = find_all(&blob, model, definition, detail);
  if (error != ET_OK) return error;
  error = find_identity(&blob, definition, detail);
  if (error == ET_OK) error = find_rules(&blob, definition, detail);
  if (error == ET_OK) error = find_outputs(&blob, model, definition, detail);
  if (error == ET_OK && ET_WITH_OUTPUTS != 0) error = find_tracking(&blob, definition, detail);
  if (error == ET_OK) error = find_array(&blob, model, definition, detail);
  if (error == ET_OK) error = find_local(&blob, model, definition, detail);
  return error != ET_OK ? error : check_meaning(&blob, model, definition, detail);
}
