/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#include "modbus/register_table.h"

ET_CONSTANT et_register_entry et_register_table[ET_REGISTER_COUNT] = {
  { 0u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_INPUT, 0u, 65535u }, /* ticket */
  { 1u, 120u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_INPUT, 0u, 65535u }, /* features */
  { 121u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_INPUT, 0u, 65535u }, /* ticket_claim */
  { 128u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_DECISION, 0u, 65535u }, /* decision_ticket */
  { 129u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_DECISION, 0u, 65535u }, /* decision_class */
  { 130u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_DECISION, 0u, 65535u }, /* actuation */
  { 131u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_DECISION, 0u, 65535u }, /* confidence */
  { 132u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_DECISION, 0u, 65535u }, /* decision_generation */
  { 133u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_DECISION, 0u, 7u }, /* decided_by */
  { 134u, 5u, 1u, ET_REGISTER_READ, ET_BLOCK_DECISION, 0u, 65535u }, /* said */
  { 139u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_DECISION, 0u, 65535u }, /* pending_ticket */
  { 144u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_FEEDBACK, 0u, 65535u }, /* feedback_ticket */
  { 145u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_FEEDBACK, 0u, 6u }, /* feedback_kind */
  { 146u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_FEEDBACK, 0u, 65535u }, /* feedback_value */
  { 147u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_FEEDBACK, 0u, 4u }, /* feedback_judgement */
  { 148u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_FEEDBACK, 0u, 65535u }, /* feedback_truth */
  { 149u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_FEEDBACK, 0u, 65535u }, /* set_point */
  { 150u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_FEEDBACK, 0u, 5u }, /* feedback_reason */
  { 151u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_FEEDBACK, 0u, 65535u }, /* feedback_claim */
  { 152u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_WATCH, 0u, 65535u }, /* watch_boots */
  { 153u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_WATCH, 0u, 65535u }, /* watch_generation */
  { 154u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_WATCH, 0u, 65535u }, /* watch_uptime */
  { 156u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_WATCH, 0u, 4u }, /* watch_save_state */
  { 157u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_WATCH, 0u, 65535u }, /* watch_save_age */
  { 160u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_SAMPLES, 0u, 65535u }, /* sample_sequence */
  { 161u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_SAMPLES, 0u, 65535u }, /* sample_count */
  { 162u, 120u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_SAMPLES, 0u, 65535u }, /* sample_values */
  { 288u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STREAM, 0u, 65535u }, /* next_sequence */
  { 289u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STREAM, 0u, 65535u }, /* alarm_bits */
  { 290u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STREAM, 0u, 65535u }, /* pattern */
  { 291u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STREAM, 0u, 65535u }, /* pattern_seen */
  { 292u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM, 0u, 65535u }, /* score */
  { 294u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM, 0u, 65535u }, /* threshold */
  { 296u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM, 0u, 65535u }, /* baseline_score */
  { 298u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM, 0u, 65535u }, /* baseline_threshold */
  { 300u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM, 0u, 65535u }, /* windows */
  { 302u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM, 0u, 65535u }, /* samples_lost */
  { 304u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STREAM, 0u, 65535u }, /* window_sequence */
  { 306u, 16u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM, 0u, 65535u }, /* residuals */
  { 322u, 16u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM, 0u, 65535u }, /* energies */
  { 338u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STREAM, 0u, 65535u }, /* regime */
  { 339u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STREAM, 0u, 65535u }, /* constant_channels */
  { 512u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_IDENTITY, 0u, 65535u }, /* map_version */
  { 513u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_IDENTITY, 0u, 65535u }, /* firmware_version */
  { 514u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_IDENTITY, 0u, 65535u }, /* serial_number */
  { 516u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_IDENTITY, 0u, 65535u }, /* models_built */
  { 517u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_IDENTITY, 0u, 65535u }, /* kernels_built */
  { 518u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_IDENTITY, 0u, 65535u }, /* arena_bytes */
  { 520u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_IDENTITY, 0u, 65535u }, /* store_bytes */
  { 522u, 8u, 1u, ET_REGISTER_READ, ET_BLOCK_IDENTITY, 0u, 65535u }, /* board */
  { 530u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_IDENTITY, 0u, 65535u }, /* unit_id */
  { 531u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_IDENTITY, 0u, 65535u }, /* sections_known */
  { 544u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 6u }, /* state */
  { 545u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 2u }, /* mode */
  { 546u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* progress */
  { 547u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* last_error */
  { 548u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* last_error_detail */
  { 549u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* generation */
  { 550u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* previous_generation */
  { 551u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* window_accuracy */
  { 552u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* window_filled */
  { 553u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* samples_stored */
  { 554u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* samples_capacity */
  { 555u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* samples_new */
  { 556u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* samples_held_out */
  { 557u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* tickets_pending */
  { 558u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* definition_fingerprint */
  { 560u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* model_fingerprint */
  { 562u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* memory_used */
  { 564u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* dataset_bytes */
  { 566u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* uptime */
  { 568u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* inferences */
  { 570u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* judged */
  { 572u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* satisfied */
  { 574u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* stitched */
  { 576u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* replaced */
  { 578u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* trainings */
  { 580u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* promoted */
  { 582u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* rejected */
  { 584u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* rolled_back */
  { 586u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* train_work */
  { 588u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* train_iterations */
  { 590u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* train_result */
  { 591u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* drift */
  { 592u, 12u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* discarded */
  { 604u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* saves */
  { 606u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* save_age */
  { 608u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 5u }, /* start_reason */
  { 609u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* lock_state */
  { 610u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* frames_good */
  { 612u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* frames_bad */
  { 614u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* exceptions */
  { 616u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* stack_free */
  { 617u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* repeats */
  { 618u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* log_next */
  { 620u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 65535u }, /* boots */
  { 621u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 4u }, /* save_state */
  { 622u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* operating_time */
  { 624u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS, 0u, 65535u }, /* saves_left */
  { 626u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_STATUS, 0u, 2u }, /* frozen_by */
  { 640u, 2u, 2u, ET_REGISTER_WRITE | ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_COMMAND, 0u, 65535u }, /* command_argument */
  { 642u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_COMMAND, 0u, 22u }, /* command_code */
  { 643u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_COMMAND, 0u, 65535u }, /* command_ticket */
  { 644u, 2u, 2u, ET_REGISTER_WRITE | ET_REGISTER_WIDE, ET_BLOCK_COMMAND, 0u, 65535u }, /* command_proof */
  { 646u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_COMMAND, 0u, 65535u }, /* command_done */
  { 647u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_COMMAND, 0u, 65535u }, /* command_result */
  { 648u, 2u, 2u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_COMMAND, 0u, 65535u }, /* command_detail */
  { 704u, 5u, 1u, ET_REGISTER_READ, ET_BLOCK_VOICES, 0u, 65535u }, /* voice_accuracy */
  { 709u, 5u, 1u, ET_REGISTER_READ, ET_BLOCK_VOICES, 0u, 65535u }, /* voice_truths */
  { 714u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_VOICES, 0u, 4u }, /* suspicion */
  { 715u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_VOICES, 0u, 65535u }, /* suspicion_feature */
  { 716u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_VOICES, 0u, 65535u }, /* agreement */
  { 717u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_VOICES, 0u, 65535u }, /* rule_shift */
  { 768u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_EVALUATION, 0u, 65535u }, /* evaluated_samples */
  { 769u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_EVALUATION, 0u, 65535u }, /* evaluated_generation */
  { 770u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_EVALUATION, 0u, 65535u }, /* accuracy */
  { 771u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_EVALUATION, 0u, 65535u }, /* balanced_accuracy */
  { 772u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_EVALUATION, 0u, 65535u }, /* f1 */
  { 773u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_EVALUATION, 0u, 65535u }, /* matthews */
  { 774u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_EVALUATION, 0u, 65535u }, /* candidate_accuracy */
  { 775u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_EVALUATION, 0u, 65535u }, /* candidate_balanced_accuracy */
  { 776u, 16u, 1u, ET_REGISTER_READ, ET_BLOCK_EVALUATION, 0u, 65535u }, /* recall */
  { 800u, 16u, 1u, ET_REGISTER_READ, ET_BLOCK_EVALUATION, 0u, 65535u }, /* samples_per_class */
  { 832u, 8u, 1u, ET_REGISTER_READ, ET_BLOCK_LOCK, 0u, 65535u }, /* challenge */
  { 840u, 8u, 1u, ET_REGISTER_WRITE, ET_BLOCK_LOCK, 0u, 65535u }, /* response */
  { 848u, 8u, 1u, ET_REGISTER_WRITE, ET_BLOCK_LOCK, 0u, 65535u }, /* key */
  { 856u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_LOCK, 0u, 65535u }, /* unlock_left */
  { 857u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_LOCK, 0u, 65535u }, /* wait_left */
  { 1024u, 256u, 1u, ET_REGISTER_READ, ET_BLOCK_EVALUATION, 0u, 65535u }, /* confusion */
  { 1536u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_BULK, 0u, 11u }, /* bulk_object */
  { 1537u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_BULK, 0u, 65535u }, /* bulk_page */
  { 1538u, 2u, 2u, ET_REGISTER_WRITE | ET_REGISTER_READ | ET_REGISTER_MANAGE | ET_REGISTER_WIDE, ET_BLOCK_BULK, 0u, 65535u }, /* bulk_total */
  { 1540u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ | ET_REGISTER_MANAGE, ET_BLOCK_BULK, 0u, 65535u }, /* bulk_length */
  { 1541u, 1u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ | ET_REGISTER_MANAGE, ET_BLOCK_BULK, 0u, 65535u }, /* bulk_crc */
  { 1542u, 112u, 1u, ET_REGISTER_WRITE | ET_REGISTER_READ | ET_REGISTER_MANAGE, ET_BLOCK_BULK, 0u, 65535u }, /* bulk_data */
  { 1664u, 1u, 1u, ET_REGISTER_READ, ET_BLOCK_PATTERNS, 0u, 65535u }, /* pattern_count */
  { 1665u, 16u, 1u, ET_REGISTER_READ, ET_BLOCK_PATTERNS, 0u, 65535u }, /* pattern_hits */
  { 1681u, 16u, 1u, ET_REGISTER_READ, ET_BLOCK_PATTERNS, 0u, 65535u }, /* pattern_confirmed */
};
