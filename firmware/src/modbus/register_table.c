/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#include "modbus/register_table.h"

ET_CONSTANT et_register_entry et_register_table[ET_REGISTER_COUNT] = {
  { 0u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_INPUT }, /* ticket */
  { 1u, 120u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_INPUT }, /* features */
  { 121u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_INPUT }, /* ticket_claim */
  { 128u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_DECISION }, /* decision_ticket */
  { 129u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_DECISION }, /* decision_class */
  { 130u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_DECISION }, /* actuation */
  { 131u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_DECISION }, /* confidence */
  { 132u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_DECISION }, /* decision_generation */
  { 133u, 1u, 8u, ET_REGISTER_READ, ET_BLOCK_DECISION }, /* decided_by */
  { 134u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_DECISION }, /* pending_ticket */
  { 135u, 8u, 65535u, ET_REGISTER_READ, ET_BLOCK_DECISION }, /* outputs */
  { 144u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_FEEDBACK }, /* feedback_ticket */
  { 145u, 1u, 6u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_FEEDBACK }, /* feedback_kind */
  { 146u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_FEEDBACK }, /* feedback_value */
  { 147u, 1u, 4u, ET_REGISTER_READ, ET_BLOCK_FEEDBACK }, /* feedback_judgement */
  { 148u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_FEEDBACK }, /* feedback_truth */
  { 149u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_FEEDBACK }, /* set_point */
  { 150u, 1u, 5u, ET_REGISTER_READ, ET_BLOCK_FEEDBACK }, /* feedback_reason */
  { 151u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_FEEDBACK }, /* feedback_claim */
  { 152u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_WATCH }, /* watch_boots */
  { 153u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_WATCH }, /* watch_generation */
  { 154u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_WATCH }, /* watch_uptime */
  { 156u, 1u, 4u, ET_REGISTER_READ, ET_BLOCK_WATCH }, /* watch_save_state */
  { 157u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_WATCH }, /* watch_save_age */
  { 160u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_SAMPLES }, /* sample_sequence */
  { 161u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_SAMPLES }, /* sample_count */
  { 162u, 120u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_SAMPLES }, /* sample_values */
  { 288u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STREAM }, /* next_sequence */
  { 289u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STREAM }, /* alarm_bits */
  { 290u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STREAM }, /* pattern */
  { 291u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STREAM }, /* pattern_seen */
  { 292u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM }, /* score */
  { 294u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM }, /* threshold */
  { 296u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM }, /* baseline_score */
  { 298u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM }, /* baseline_threshold */
  { 300u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM }, /* windows */
  { 302u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM }, /* samples_lost */
  { 304u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STREAM }, /* window_sequence */
  { 305u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STREAM }, /* window_held */
  { 306u, 16u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM }, /* residuals */
  { 322u, 16u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STREAM }, /* energies */
  { 338u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STREAM }, /* regime */
  { 339u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STREAM }, /* constant_channels */
  { 340u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_TARGETS }, /* target_ticket */
  { 341u, 1u, 6u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_TARGETS }, /* target_kind */
  { 342u, 8u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_TARGETS }, /* targets */
  { 350u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_TARGETS }, /* target_claim */
  { 512u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_IDENTITY }, /* map_version */
  { 513u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_IDENTITY }, /* firmware_version */
  { 514u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_IDENTITY }, /* serial_number */
  { 516u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_IDENTITY }, /* models_built */
  { 517u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_IDENTITY }, /* kernels_built */
  { 518u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_IDENTITY }, /* arena_bytes */
  { 520u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_IDENTITY }, /* store_bytes */
  { 522u, 8u, 65535u, ET_REGISTER_READ, ET_BLOCK_IDENTITY }, /* board */
  { 530u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_IDENTITY }, /* unit_id */
  { 531u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_IDENTITY }, /* sections_known */
  { 532u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_IDENTITY }, /* local_inputs */
  { 533u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_IDENTITY }, /* local_outputs */
  { 544u, 1u, 6u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* state */
  { 545u, 1u, 2u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* mode */
  { 546u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* progress */
  { 547u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* last_error */
  { 548u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* last_error_detail */
  { 549u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* generation */
  { 550u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* previous_generation */
  { 551u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* window_accuracy */
  { 552u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* window_filled */
  { 553u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* samples_stored */
  { 554u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* samples_capacity */
  { 555u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* samples_new */
  { 556u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* samples_held_out */
  { 557u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* tickets_pending */
  { 558u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* definition_fingerprint */
  { 560u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* model_fingerprint */
  { 562u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* memory_used */
  { 564u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* dataset_bytes */
  { 566u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* uptime */
  { 568u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* inferences */
  { 570u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* judged */
  { 572u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* satisfied */
  { 574u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* stitched */
  { 576u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* replaced */
  { 578u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* trainings */
  { 580u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* promoted */
  { 582u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* rejected */
  { 584u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* rolled_back */
  { 586u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* train_work */
  { 588u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* train_iterations */
  { 590u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* train_result */
  { 591u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* drift */
  { 592u, 12u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* discarded */
  { 604u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* saves */
  { 606u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* save_age */
  { 608u, 1u, 5u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* start_reason */
  { 609u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* lock_state */
  { 610u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* frames_good */
  { 612u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* frames_bad */
  { 614u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* exceptions */
  { 616u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* stack_free */
  { 617u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* repeats */
  { 618u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* log_next */
  { 620u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* boots */
  { 621u, 1u, 4u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* save_state */
  { 622u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* operating_time */
  { 624u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_STATUS }, /* saves_left */
  { 626u, 1u, 2u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* frozen_by */
  { 627u, 1u, 7u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* local_state */
  { 628u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* local_channel */
  { 629u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* local_ticket */
  { 630u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_STATUS }, /* local_value */
  { 640u, 2u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_COMMAND }, /* command_argument */
  { 642u, 1u, 24u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_COMMAND }, /* command_code */
  { 643u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_COMMAND }, /* command_ticket */
  { 644u, 2u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_WIDE, ET_BLOCK_COMMAND }, /* command_proof */
  { 646u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_COMMAND }, /* command_done */
  { 647u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_COMMAND }, /* command_result */
  { 648u, 2u, 65535u, ET_REGISTER_READ | ET_REGISTER_WIDE, ET_BLOCK_COMMAND }, /* command_detail */
  { 704u, 5u, 65535u, ET_REGISTER_READ, ET_BLOCK_VOICES }, /* voice_accuracy */
  { 709u, 5u, 65535u, ET_REGISTER_READ, ET_BLOCK_VOICES }, /* voice_truths */
  { 714u, 1u, 4u, ET_REGISTER_READ, ET_BLOCK_VOICES }, /* suspicion */
  { 715u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_VOICES }, /* suspicion_feature */
  { 716u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_VOICES }, /* agreement */
  { 717u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_VOICES }, /* rule_shift */
  { 718u, 5u, 65535u, ET_REGISTER_READ, ET_BLOCK_VOICES }, /* proposed */
  { 744u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_LINE }, /* line_rate */
  { 745u, 1u, 2u, ET_REGISTER_READ, ET_BLOCK_LINE }, /* line_parity */
  { 746u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_LINE }, /* line_stop_bits */
  { 747u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_LINE }, /* line_trial_left */
  { 768u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* evaluated_samples */
  { 769u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* evaluated_generation */
  { 770u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* accuracy */
  { 771u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* balanced_accuracy */
  { 772u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* f1 */
  { 773u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* matthews */
  { 774u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* candidate_accuracy */
  { 775u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* candidate_balanced_accuracy */
  { 776u, 16u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* recall */
  { 800u, 16u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* samples_per_class */
  { 816u, 8u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* output_error */
  { 824u, 8u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* mean_error */
  { 832u, 8u, 65535u, ET_REGISTER_READ, ET_BLOCK_LOCK }, /* challenge */
  { 840u, 8u, 65535u, ET_REGISTER_WRITE, ET_BLOCK_LOCK }, /* response */
  { 848u, 8u, 65535u, ET_REGISTER_WRITE, ET_BLOCK_LOCK }, /* key */
  { 856u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_LOCK }, /* unlock_left */
  { 857u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_LOCK }, /* wait_left */
  { 1024u, 256u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* confusion */
  { 1280u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* curve_stride */
  { 1281u, 32u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* curve_loss */
  { 1313u, 32u, 65535u, ET_REGISTER_READ, ET_BLOCK_EVALUATION }, /* curve_error */
  { 1536u, 1u, 12u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_BULK }, /* bulk_object */
  { 1537u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ, ET_BLOCK_BULK }, /* bulk_page */
  { 1538u, 2u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ | ET_REGISTER_MANAGE | ET_REGISTER_WIDE, ET_BLOCK_BULK }, /* bulk_total */
  { 1540u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ | ET_REGISTER_MANAGE, ET_BLOCK_BULK }, /* bulk_length */
  { 1541u, 1u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ | ET_REGISTER_MANAGE, ET_BLOCK_BULK }, /* bulk_crc */
  { 1542u, 112u, 65535u, ET_REGISTER_WRITE | ET_REGISTER_READ | ET_REGISTER_MANAGE, ET_BLOCK_BULK }, /* bulk_data */
  { 1664u, 1u, 65535u, ET_REGISTER_READ, ET_BLOCK_PATTERNS }, /* pattern_count */
  { 1665u, 16u, 65535u, ET_REGISTER_READ, ET_BLOCK_PATTERNS }, /* pattern_hits */
  { 1681u, 16u, 65535u, ET_REGISTER_READ, ET_BLOCK_PATTERNS }, /* pattern_confirmed */
};
