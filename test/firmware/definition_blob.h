/* A definition of the linear or kernel SVM as a struct that a test fills in: CLASSES and FEATURES are defined before it. */
#ifndef TEST_DEFINITION_BLOB_H
#define TEST_DEFINITION_BLOB_H

#include "edge_trainer/definition.h"
#include "edge_trainer/svm_parameters.h"
#include "support/crc.h"

typedef struct definition_blob {
  et_definition_head head;
  et_section core_head;
  et_definition_core core;
  et_section classes_head;
  et_class_entry classes[CLASSES];
  et_section features_head;
  et_feature_entry features[FEATURES];
  et_section feedback_head;
  et_definition_feedback feedback;
  et_section stitching_head;
  et_definition_stitching stitching;
  et_section training_head;
  et_definition_training training;
  et_section parameters_head;
  et_svm_parameters parameters;
  uint32_t crc;
} definition_blob;

static inline void seal_section(et_section *section, const et_section_format *format, uint32_t bytes) {
  section->id = format->id;
  section->layout = format->layout;
  section->length = bytes;
  section->crc = et_crc32(0u, (const uint8_t *)(section + 1), bytes);
}

/* Only the checksum of the whole: what the sections say of themselves stays. */
static inline void seal_whole(definition_blob *blob) { blob->crc = et_crc32(0u, (const uint8_t *)blob, (uint32_t)sizeof *blob - 4u); }

static inline void seal(definition_blob *blob) {
  blob->head.magic = ET_DEFINITION_MAGIC;
  blob->head.layout = ET_DEFINITION_LAYOUT;
  blob->head.length = sizeof *blob;
  seal_section(&blob->core_head, &et_section_core, sizeof blob->core);
  seal_section(&blob->classes_head, &et_section_classes, sizeof blob->classes);
  seal_section(&blob->features_head, &et_section_features, sizeof blob->features);
  seal_section(&blob->feedback_head, &et_section_feedback, sizeof blob->feedback);
  seal_section(&blob->stitching_head, &et_section_stitching, sizeof blob->stitching);
  seal_section(&blob->training_head, &et_section_training, sizeof blob->training);
  seal_section(&blob->parameters_head, &et_section_svm, sizeof blob->parameters);
  seal_whole(blob);
}

#endif
