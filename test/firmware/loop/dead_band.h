/* A definition that the tests of a whole loop begin with: CLASSES and FEATURES are defined before it. */
#ifndef TEST_DEAD_BAND_H
#define TEST_DEAD_BAND_H

#include <string.h>

#include "../definition_blob.h"

/* Dead band 0 +- 20: below it class 0 is right, above it class 2. Trains on command; outcomes are judged at once. */
static void dead_band(definition_blob *definition) {
  uint32_t i;
  memset(definition, 0, sizeof *definition);
  definition->core = (et_definition_core){.model = ET_MODEL_SVM_LINEAR,
                                          .features = FEATURES,
                                          .classes = CLASSES,
                                          .storage = ET_STORAGE_INT8,
                                          .default_class = 1,
                                          .tickets = 8,
                                          .capacity = 60};
  definition->feedback = (et_definition_feedback){.rule = ET_RULE_DEAD_BAND, .band = 20, .class_low = 0, .class_high = 2};
  definition->stitching = (et_definition_stitching){.satisfactory_share = 1000, .hold_out_every = 5, .keep_outcomes = 1};
  definition->training = (et_definition_training){
      .mode = ET_MODE_MANUAL, .min_new_samples = 4, .min_samples = 6, .accuracy_window = 5, .accuracy_threshold = 900};
  definition->parameters = (et_svm_parameters){.cost = 10.0f, .tolerance = 0.01f, .max_epochs = 1000, .degree = 1, .kernel = ET_KERNEL_RBF};
  for (i = 0; i < CLASSES; i++) definition->classes[i] = (et_class_entry){(int16_t)(100 * (int)i - 100), 256};
  for (i = 0; i < FEATURES; i++) definition->features[i] = (et_feature_entry){-100, 100};
}

#endif
