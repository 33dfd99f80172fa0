/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#include "edge_trainer/definition_sections.h"

ET_STORED(core_size, sizeof(et_definition_core) == 16u);
ET_STORED(core_model, offsetof(et_definition_core, model) == 0u && sizeof(((et_definition_core *)0)->model) == 1u);
ET_STORED(core_features, offsetof(et_definition_core, features) == 1u && sizeof(((et_definition_core *)0)->features) == 1u);
ET_STORED(core_classes, offsetof(et_definition_core, classes) == 2u && sizeof(((et_definition_core *)0)->classes) == 1u);
ET_STORED(core_storage, offsetof(et_definition_core, storage) == 3u && sizeof(((et_definition_core *)0)->storage) == 1u);
ET_STORED(core_scaling, offsetof(et_definition_core, scaling) == 4u && sizeof(((et_definition_core *)0)->scaling) == 1u);
ET_STORED(core_out_of_range, offsetof(et_definition_core, out_of_range) == 5u && sizeof(((et_definition_core *)0)->out_of_range) == 1u);
ET_STORED(core_default_class, offsetof(et_definition_core, default_class) == 6u && sizeof(((et_definition_core *)0)->default_class) == 1u);
ET_STORED(core_tickets, offsetof(et_definition_core, tickets) == 7u && sizeof(((et_definition_core *)0)->tickets) == 1u);
ET_STORED(core_capacity, offsetof(et_definition_core, capacity) == 8u && sizeof(((et_definition_core *)0)->capacity) == 2u);
ET_STORED(core_save_interval_s, offsetof(et_definition_core, save_interval_s) == 10u && sizeof(((et_definition_core *)0)->save_interval_s) == 2u);
ET_STORED(core_seed, offsetof(et_definition_core, seed) == 12u && sizeof(((et_definition_core *)0)->seed) == 4u);

static const et_field_range core_ranges[8] = {
  { offsetof(et_definition_core, features), ET_FIELD_U8, { .whole = 1 }, { .whole = 120 } },
  { offsetof(et_definition_core, classes), ET_FIELD_U8, { .whole = 0 }, { .whole = 16 } },
  { offsetof(et_definition_core, storage), ET_FIELD_U8, { .whole = 1 }, { .whole = 2 } },
  { offsetof(et_definition_core, scaling), ET_FIELD_U8, { .whole = 0 }, { .whole = 1 } },
  { offsetof(et_definition_core, out_of_range), ET_FIELD_U8, { .whole = 0 }, { .whole = 1 } },
  { offsetof(et_definition_core, default_class), ET_FIELD_U8, { .whole = 0 }, { .whole = 15 } },
  { offsetof(et_definition_core, tickets), ET_FIELD_U8, { .whole = 1 }, { .whole = 64 } },
  { offsetof(et_definition_core, capacity), ET_FIELD_U16, { .whole = 0 }, { .whole = 4096 } },
};

const et_section_format et_section_core = { 1u, 1u, sizeof(et_definition_core), 8u, core_ranges };

ET_STORED(classes_size, sizeof(et_class_entry) == 4u);
ET_STORED(classes_actuation, offsetof(et_class_entry, actuation) == 0u && sizeof(((et_class_entry *)0)->actuation) == 2u);
ET_STORED(classes_weight, offsetof(et_class_entry, weight) == 2u && sizeof(((et_class_entry *)0)->weight) == 2u);

static const et_field_range classes_ranges[1] = {
  { offsetof(et_class_entry, weight), ET_FIELD_U16, { .whole = 1 }, { .whole = 65280 } },
};

const et_section_format et_section_classes = { 2u, 1u, sizeof(et_class_entry), 1u, classes_ranges };

ET_STORED(features_size, sizeof(et_feature_entry) == 4u);
ET_STORED(features_min, offsetof(et_feature_entry, min) == 0u && sizeof(((et_feature_entry *)0)->min) == 2u);
ET_STORED(features_max, offsetof(et_feature_entry, max) == 2u && sizeof(((et_feature_entry *)0)->max) == 2u);

const et_section_format et_section_features = { 3u, 1u, sizeof(et_feature_entry), 0u, NULL };

ET_STORED(feedback_size, sizeof(et_definition_feedback) == 20u);
ET_STORED(feedback_settle_ms, offsetof(et_definition_feedback, settle_ms) == 0u && sizeof(((et_definition_feedback *)0)->settle_ms) == 4u);
ET_STORED(feedback_ticket_ttl_ms, offsetof(et_definition_feedback, ticket_ttl_ms) == 4u && sizeof(((et_definition_feedback *)0)->ticket_ttl_ms) == 4u);
ET_STORED(feedback_set_point, offsetof(et_definition_feedback, set_point) == 8u && sizeof(((et_definition_feedback *)0)->set_point) == 2u);
ET_STORED(feedback_band, offsetof(et_definition_feedback, band) == 10u && sizeof(((et_definition_feedback *)0)->band) == 2u);
ET_STORED(feedback_rule, offsetof(et_definition_feedback, rule) == 12u && sizeof(((et_definition_feedback *)0)->rule) == 1u);
ET_STORED(feedback_limit_side, offsetof(et_definition_feedback, limit_side) == 13u && sizeof(((et_definition_feedback *)0)->limit_side) == 1u);
ET_STORED(feedback_class_low, offsetof(et_definition_feedback, class_low) == 14u && sizeof(((et_definition_feedback *)0)->class_low) == 1u);
ET_STORED(feedback_class_high, offsetof(et_definition_feedback, class_high) == 15u && sizeof(((et_definition_feedback *)0)->class_high) == 1u);
ET_STORED(feedback_suspicion, offsetof(et_definition_feedback, suspicion) == 16u && sizeof(((et_definition_feedback *)0)->suspicion) == 1u);

static const et_field_range feedback_ranges[6] = {
  { offsetof(et_definition_feedback, band), ET_FIELD_I16, { .whole = 0 }, { .whole = 32767 } },
  { offsetof(et_definition_feedback, rule), ET_FIELD_U8, { .whole = 0 }, { .whole = 3 } },
  { offsetof(et_definition_feedback, limit_side), ET_FIELD_U8, { .whole = 0 }, { .whole = 1 } },
  { offsetof(et_definition_feedback, class_low), ET_FIELD_U8, { .whole = 0 }, { .whole = 15 } },
  { offsetof(et_definition_feedback, class_high), ET_FIELD_U8, { .whole = 0 }, { .whole = 15 } },
  { offsetof(et_definition_feedback, suspicion), ET_FIELD_U8, { .whole = 0 }, { .whole = 2 } },
};

const et_section_format et_section_feedback = { 4u, 1u, sizeof(et_definition_feedback), 6u, feedback_ranges };

ET_STORED(stitching_size, sizeof(et_definition_stitching) == 4u);
ET_STORED(stitching_satisfactory_share, offsetof(et_definition_stitching, satisfactory_share) == 0u && sizeof(((et_definition_stitching *)0)->satisfactory_share) == 2u);
ET_STORED(stitching_hold_out_every, offsetof(et_definition_stitching, hold_out_every) == 2u && sizeof(((et_definition_stitching *)0)->hold_out_every) == 1u);
ET_STORED(stitching_keep_outcomes, offsetof(et_definition_stitching, keep_outcomes) == 3u && sizeof(((et_definition_stitching *)0)->keep_outcomes) == 1u);

static const et_field_range stitching_ranges[2] = {
  { offsetof(et_definition_stitching, satisfactory_share), ET_FIELD_U16, { .whole = 0 }, { .whole = 1000 } },
  { offsetof(et_definition_stitching, keep_outcomes), ET_FIELD_U8, { .whole = 0 }, { .whole = 1 } },
};

const et_section_format et_section_stitching = { 5u, 1u, sizeof(et_definition_stitching), 2u, stitching_ranges };

ET_STORED(training_size, sizeof(et_definition_training) == 16u);
ET_STORED(training_min_new_samples, offsetof(et_definition_training, min_new_samples) == 0u && sizeof(((et_definition_training *)0)->min_new_samples) == 2u);
ET_STORED(training_min_samples, offsetof(et_definition_training, min_samples) == 2u && sizeof(((et_definition_training *)0)->min_samples) == 2u);
ET_STORED(training_accuracy_window, offsetof(et_definition_training, accuracy_window) == 4u && sizeof(((et_definition_training *)0)->accuracy_window) == 2u);
ET_STORED(training_accuracy_threshold, offsetof(et_definition_training, accuracy_threshold) == 6u && sizeof(((et_definition_training *)0)->accuracy_threshold) == 2u);
ET_STORED(training_cooldown_s, offsetof(et_definition_training, cooldown_s) == 8u && sizeof(((et_definition_training *)0)->cooldown_s) == 2u);
ET_STORED(training_drift_trainings, offsetof(et_definition_training, drift_trainings) == 10u && sizeof(((et_definition_training *)0)->drift_trainings) == 2u);
ET_STORED(training_mode, offsetof(et_definition_training, mode) == 12u && sizeof(((et_definition_training *)0)->mode) == 1u);
ET_STORED(training_process_writes, offsetof(et_definition_training, process_writes) == 13u && sizeof(((et_definition_training *)0)->process_writes) == 1u);

static const et_field_range training_ranges[5] = {
  { offsetof(et_definition_training, min_samples), ET_FIELD_U16, { .whole = 0 }, { .whole = 4096 } },
  { offsetof(et_definition_training, accuracy_window), ET_FIELD_U16, { .whole = 1 }, { .whole = 256 } },
  { offsetof(et_definition_training, accuracy_threshold), ET_FIELD_U16, { .whole = 0 }, { .whole = 1001 } },
  { offsetof(et_definition_training, mode), ET_FIELD_U8, { .whole = 0 }, { .whole = 2 } },
  { offsetof(et_definition_training, process_writes), ET_FIELD_U8, { .whole = 0 }, { .whole = 2 } },
};

const et_section_format et_section_training = { 6u, 1u, sizeof(et_definition_training), 5u, training_ranges };
