/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#include "loop/core/saved_sections.h"

ET_STORED(saved_identity_size, sizeof(et_saved_identity) == 28u);
ET_STORED(saved_identity_saves, offsetof(et_saved_identity, saves) == 0u && sizeof(((et_saved_identity *)0)->saves) == 4u);
ET_STORED(saved_identity_log_next, offsetof(et_saved_identity, log_next) == 4u && sizeof(((et_saved_identity *)0)->log_next) == 4u);
ET_STORED(saved_identity_key, offsetof(et_saved_identity, key) == 8u && sizeof(((et_saved_identity *)0)->key) == 16u);
ET_STORED(saved_identity_key_set, offsetof(et_saved_identity, key_set) == 24u && sizeof(((et_saved_identity *)0)->key_set) == 1u);
ET_STORED(saved_identity_unit, offsetof(et_saved_identity, unit) == 25u && sizeof(((et_saved_identity *)0)->unit) == 1u);

ET_STORED(saved_counters_size, sizeof(et_counters) == 60u);
ET_STORED(saved_counters_inferences, offsetof(et_counters, inferences) == 0u && sizeof(((et_counters *)0)->inferences) == 4u);
ET_STORED(saved_counters_judged, offsetof(et_counters, judged) == 4u && sizeof(((et_counters *)0)->judged) == 4u);
ET_STORED(saved_counters_satisfied, offsetof(et_counters, satisfied) == 8u && sizeof(((et_counters *)0)->satisfied) == 4u);
ET_STORED(saved_counters_stitched, offsetof(et_counters, stitched) == 12u && sizeof(((et_counters *)0)->stitched) == 4u);
ET_STORED(saved_counters_replaced, offsetof(et_counters, replaced) == 16u && sizeof(((et_counters *)0)->replaced) == 4u);
ET_STORED(saved_counters_trainings, offsetof(et_counters, trainings) == 20u && sizeof(((et_counters *)0)->trainings) == 4u);
ET_STORED(saved_counters_promoted, offsetof(et_counters, promoted) == 24u && sizeof(((et_counters *)0)->promoted) == 4u);
ET_STORED(saved_counters_rejected, offsetof(et_counters, rejected) == 28u && sizeof(((et_counters *)0)->rejected) == 4u);
ET_STORED(saved_counters_rolled_back, offsetof(et_counters, rolled_back) == 32u && sizeof(((et_counters *)0)->rolled_back) == 4u);
ET_STORED(saved_counters_discarded, offsetof(et_counters, discarded) == 36u && sizeof(((et_counters *)0)->discarded) == 24u);

ET_STORED(saved_policy_size, sizeof(et_saved_policy) == 4u);
ET_STORED(saved_policy_set_point, offsetof(et_saved_policy, set_point) == 0u && sizeof(((et_saved_policy *)0)->set_point) == 2u);
ET_STORED(saved_policy_mode, offsetof(et_saved_policy, mode) == 2u && sizeof(((et_saved_policy *)0)->mode) == 1u);
ET_STORED(saved_policy_mode_before_freeze, offsetof(et_saved_policy, mode_before_freeze) == 3u && sizeof(((et_saved_policy *)0)->mode_before_freeze) == 1u);

ET_STORED(saved_generations_size, sizeof(et_saved_generations) == 12u);
ET_STORED(saved_generations_number, offsetof(et_saved_generations, number) == 0u && sizeof(((et_saved_generations *)0)->number) == 2u);
ET_STORED(saved_generations_previous_number, offsetof(et_saved_generations, previous_number) == 2u && sizeof(((et_saved_generations *)0)->previous_number) == 2u);
ET_STORED(saved_generations_next_number, offsetof(et_saved_generations, next_number) == 4u && sizeof(((et_saved_generations *)0)->next_number) == 2u);
ET_STORED(saved_generations_accuracy, offsetof(et_saved_generations, accuracy) == 6u && sizeof(((et_saved_generations *)0)->accuracy) == 2u);
ET_STORED(saved_generations_previous_accuracy, offsetof(et_saved_generations, previous_accuracy) == 8u && sizeof(((et_saved_generations *)0)->previous_accuracy) == 2u);

ET_STORED(saved_stitching_size, sizeof(et_saved_stitching) == 16u);
ET_STORED(saved_stitching_samples, offsetof(et_saved_stitching, samples) == 0u && sizeof(((et_saved_stitching *)0)->samples) == 2u);
ET_STORED(saved_stitching_samples_new, offsetof(et_saved_stitching, samples_new) == 2u && sizeof(((et_saved_stitching *)0)->samples_new) == 2u);
ET_STORED(saved_stitching_held_out_total, offsetof(et_saved_stitching, held_out_total) == 4u && sizeof(((et_saved_stitching *)0)->held_out_total) == 2u);
ET_STORED(saved_stitching_order_next, offsetof(et_saved_stitching, order_next) == 6u && sizeof(((et_saved_stitching *)0)->order_next) == 2u);
ET_STORED(saved_stitching_share_debt, offsetof(et_saved_stitching, share_debt) == 8u && sizeof(((et_saved_stitching *)0)->share_debt) == 2u);
ET_STORED(saved_stitching_failed_trainings, offsetof(et_saved_stitching, failed_trainings) == 10u && sizeof(((et_saved_stitching *)0)->failed_trainings) == 2u);
ET_STORED(saved_stitching_drift, offsetof(et_saved_stitching, drift) == 12u && sizeof(((et_saved_stitching *)0)->drift) == 1u);

ET_STORED(saved_alarm_size, sizeof(et_saved_alarm) == 4u);
ET_STORED(saved_alarm_number, offsetof(et_saved_alarm, number) == 0u && sizeof(((et_saved_alarm *)0)->number) == 2u);
