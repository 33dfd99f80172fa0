/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#ifndef ET_REGISTER_TABLE_H
#define ET_REGISTER_TABLE_H

#include <stdint.h>

#include "support/constant.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ET_REGISTER_WRITE = 1, ET_REGISTER_READ = 2, ET_REGISTER_MANAGE = 4, ET_REGISTER_WIDE = 8 };

/* Place of a register in et_register_table. */
typedef int16_t et_register;

/* Registers that show a member of the trainer, see loop/registers_shown.c. */
typedef enum et_register_shown {
  ET_R_TICKET = 0,
  ET_R_TICKET_CLAIM = 2,
  ET_R_CONFIDENCE = 6,
  ET_R_DECISION_GENERATION = 7,
  ET_R_DECIDED_BY = 8,
  ET_R_FEEDBACK_TICKET = 11,
  ET_R_FEEDBACK_KIND = 12,
  ET_R_FEEDBACK_VALUE = 13,
  ET_R_FEEDBACK_JUDGEMENT = 14,
  ET_R_SET_POINT = 16,
  ET_R_FEEDBACK_REASON = 17,
  ET_R_FEEDBACK_CLAIM = 18,
  ET_R_WATCH_BOOTS = 19,
  ET_R_WATCH_GENERATION = 20,
  ET_R_WATCH_UPTIME = 21,
  ET_R_PATTERN = 29,
  ET_R_PATTERN_SEEN = 30,
  ET_R_SCORE = 31,
  ET_R_THRESHOLD = 32,
  ET_R_BASELINE_SCORE = 33,
  ET_R_BASELINE_THRESHOLD = 34,
  ET_R_WINDOWS = 35,
  ET_R_WINDOW_SEQUENCE = 37,
  ET_R_REGIME = 41,
  ET_R_TARGET_TICKET = 43,
  ET_R_TARGET_KIND = 44,
  ET_R_TARGET_CLAIM = 46,
  ET_R_UNIT_ID = 55,
  ET_R_MODE = 60,
  ET_R_LAST_ERROR = 62,
  ET_R_LAST_ERROR_DETAIL = 63,
  ET_R_GENERATION = 64,
  ET_R_PREVIOUS_GENERATION = 65,
  ET_R_WINDOW_FILLED = 67,
  ET_R_SAMPLES_STORED = 68,
  ET_R_SAMPLES_NEW = 70,
  ET_R_SAMPLES_HELD_OUT = 71,
  ET_R_MEMORY_USED = 75,
  ET_R_DATASET_BYTES = 76,
  ET_R_UPTIME = 77,
  ET_R_INFERENCES = 78,
  ET_R_JUDGED = 79,
  ET_R_SATISFIED = 80,
  ET_R_STITCHED = 81,
  ET_R_REPLACED = 82,
  ET_R_TRAININGS = 83,
  ET_R_PROMOTED = 84,
  ET_R_REJECTED = 85,
  ET_R_ROLLED_BACK = 86,
  ET_R_TRAIN_WORK = 87,
  ET_R_TRAIN_ITERATIONS = 88,
  ET_R_TRAIN_RESULT = 89,
  ET_R_DRIFT = 90,
  ET_R_DISCARDED = 91,
  ET_R_SAVES = 92,
  ET_R_START_REASON = 94,
  ET_R_FRAMES_GOOD = 96,
  ET_R_FRAMES_BAD = 97,
  ET_R_EXCEPTIONS = 98,
  ET_R_REPEATS = 100,
  ET_R_LOG_NEXT = 101,
  ET_R_BOOTS = 102,
  ET_R_OPERATING_TIME = 104,
  ET_R_FROZEN_BY = 106,
  ET_R_LOCAL_STATE = 107,
  ET_R_LOCAL_CHANNEL = 108,
  ET_R_LOCAL_TICKET = 109,
  ET_R_LOCAL_VALUE = 110,
  ET_R_SUSPICION = 120,
  ET_R_EVALUATED_SAMPLES = 129,
  ET_R_EVALUATED_GENERATION = 130,
  ET_R_CANDIDATE_ACCURACY = 135,
  ET_R_CANDIDATE_BALANCED_ACCURACY = 136
} et_register_shown;

/* The other registers of each block: a switch over one of these without a default does not compile when a register is missing. */
typedef enum et_register_of_input {
  ET_R_FEATURES = 1
} et_register_of_input;

typedef enum et_register_of_decision {
  ET_R_DECISION_TICKET = 3,
  ET_R_DECISION_CLASS = 4,
  ET_R_ACTUATION = 5,
  ET_R_PENDING_TICKET = 9,
  ET_R_OUTPUTS = 10
} et_register_of_decision;

typedef enum et_register_of_feedback {
  ET_R_FEEDBACK_TRUTH = 15
} et_register_of_feedback;

typedef enum et_register_of_watch {
  ET_R_WATCH_SAVE_STATE = 22,
  ET_R_WATCH_SAVE_AGE = 23
} et_register_of_watch;

typedef enum et_register_of_samples {
  ET_R_SAMPLE_SEQUENCE = 24,
  ET_R_SAMPLE_COUNT = 25,
  ET_R_SAMPLE_VALUES = 26
} et_register_of_samples;

typedef enum et_register_of_stream {
  ET_R_NEXT_SEQUENCE = 27,
  ET_R_ALARM_BITS = 28,
  ET_R_SAMPLES_LOST = 36,
  ET_R_WINDOW_HELD = 38,
  ET_R_RESIDUALS = 39,
  ET_R_ENERGIES = 40,
  ET_R_CONSTANT_CHANNELS = 42
} et_register_of_stream;

typedef enum et_register_of_targets {
  ET_R_TARGETS = 45
} et_register_of_targets;

typedef enum et_register_of_identity {
  ET_R_MAP_VERSION = 47,
  ET_R_FIRMWARE_VERSION = 48,
  ET_R_SERIAL_NUMBER = 49,
  ET_R_MODELS_BUILT = 50,
  ET_R_KERNELS_BUILT = 51,
  ET_R_ARENA_BYTES = 52,
  ET_R_STORE_BYTES = 53,
  ET_R_BOARD = 54,
  ET_R_SECTIONS_KNOWN = 56,
  ET_R_LOCAL_INPUTS = 57,
  ET_R_LOCAL_OUTPUTS = 58
} et_register_of_identity;

typedef enum et_register_of_status {
  ET_R_STATE = 59,
  ET_R_PROGRESS = 61,
  ET_R_WINDOW_ACCURACY = 66,
  ET_R_SAMPLES_CAPACITY = 69,
  ET_R_TICKETS_PENDING = 72,
  ET_R_DEFINITION_FINGERPRINT = 73,
  ET_R_MODEL_FINGERPRINT = 74,
  ET_R_SAVE_AGE = 93,
  ET_R_LOCK_STATE = 95,
  ET_R_STACK_FREE = 99,
  ET_R_SAVE_STATE = 103,
  ET_R_SAVES_LEFT = 105
} et_register_of_status;

typedef enum et_register_of_voices {
  ET_R_VOICE_ACCURACY = 118,
  ET_R_VOICE_TRUTHS = 119,
  ET_R_SUSPICION_FEATURE = 121,
  ET_R_AGREEMENT = 122,
  ET_R_RULE_SHIFT = 123,
  ET_R_PROPOSED = 124
} et_register_of_voices;

typedef enum et_register_of_line {
  ET_R_LINE_RATE = 125,
  ET_R_LINE_PARITY = 126,
  ET_R_LINE_STOP_BITS = 127,
  ET_R_LINE_TRIAL_LEFT = 128
} et_register_of_line;

typedef enum et_register_of_command {
  ET_R_COMMAND_ARGUMENT = 111,
  ET_R_COMMAND_CODE = 112,
  ET_R_COMMAND_TICKET = 113,
  ET_R_COMMAND_PROOF = 114,
  ET_R_COMMAND_DONE = 115,
  ET_R_COMMAND_RESULT = 116,
  ET_R_COMMAND_DETAIL = 117
} et_register_of_command;

typedef enum et_register_of_evaluation {
  ET_R_ACCURACY = 131,
  ET_R_BALANCED_ACCURACY = 132,
  ET_R_F1 = 133,
  ET_R_MATTHEWS = 134,
  ET_R_RECALL = 137,
  ET_R_SAMPLES_PER_CLASS = 138,
  ET_R_OUTPUT_ERROR = 139,
  ET_R_MEAN_ERROR = 140,
  ET_R_CONFUSION = 146,
  ET_R_CURVE_STRIDE = 147,
  ET_R_CURVE_LOSS = 148,
  ET_R_CURVE_ERROR = 149
} et_register_of_evaluation;

typedef enum et_register_of_lock {
  ET_R_CHALLENGE = 141,
  ET_R_RESPONSE = 142,
  ET_R_KEY = 143,
  ET_R_UNLOCK_LEFT = 144,
  ET_R_WAIT_LEFT = 145
} et_register_of_lock;

typedef enum et_register_of_bulk {
  ET_R_BULK_OBJECT = 150,
  ET_R_BULK_PAGE = 151,
  ET_R_BULK_TOTAL = 152,
  ET_R_BULK_LENGTH = 153,
  ET_R_BULK_CRC = 154,
  ET_R_BULK_DATA = 155
} et_register_of_bulk;

typedef enum et_register_of_patterns {
  ET_R_PATTERN_COUNT = 156,
  ET_R_PATTERN_HITS = 157,
  ET_R_PATTERN_CONFIRMED = 158
} et_register_of_patterns;

#define ET_REGISTER_COUNT 159u

#define ET_A_TICKET 0u
#define ET_A_FEATURES 1u
#define ET_A_TICKET_CLAIM 121u
#define ET_A_DECISION_TICKET 128u
#define ET_A_DECISION_CLASS 129u
#define ET_A_ACTUATION 130u
#define ET_A_CONFIDENCE 131u
#define ET_A_DECISION_GENERATION 132u
#define ET_A_DECIDED_BY 133u
#define ET_A_PENDING_TICKET 134u
#define ET_A_OUTPUTS 135u
#define ET_A_FEEDBACK_TICKET 144u
#define ET_A_FEEDBACK_KIND 145u
#define ET_A_FEEDBACK_VALUE 146u
#define ET_A_FEEDBACK_JUDGEMENT 147u
#define ET_A_FEEDBACK_TRUTH 148u
#define ET_A_SET_POINT 149u
#define ET_A_FEEDBACK_REASON 150u
#define ET_A_FEEDBACK_CLAIM 151u
#define ET_A_WATCH_BOOTS 152u
#define ET_A_WATCH_GENERATION 153u
#define ET_A_WATCH_UPTIME 154u
#define ET_A_WATCH_SAVE_STATE 156u
#define ET_A_WATCH_SAVE_AGE 157u
#define ET_A_SAMPLE_SEQUENCE 160u
#define ET_A_SAMPLE_COUNT 161u
#define ET_A_SAMPLE_VALUES 162u
#define ET_A_NEXT_SEQUENCE 288u
#define ET_A_ALARM_BITS 289u
#define ET_A_PATTERN 290u
#define ET_A_PATTERN_SEEN 291u
#define ET_A_SCORE 292u
#define ET_A_THRESHOLD 294u
#define ET_A_BASELINE_SCORE 296u
#define ET_A_BASELINE_THRESHOLD 298u
#define ET_A_WINDOWS 300u
#define ET_A_SAMPLES_LOST 302u
#define ET_A_WINDOW_SEQUENCE 304u
#define ET_A_WINDOW_HELD 305u
#define ET_A_RESIDUALS 306u
#define ET_A_ENERGIES 322u
#define ET_A_REGIME 338u
#define ET_A_CONSTANT_CHANNELS 339u
#define ET_A_TARGET_TICKET 340u
#define ET_A_TARGET_KIND 341u
#define ET_A_TARGETS 342u
#define ET_A_TARGET_CLAIM 350u
#define ET_A_MAP_VERSION 512u
#define ET_A_FIRMWARE_VERSION 513u
#define ET_A_SERIAL_NUMBER 514u
#define ET_A_MODELS_BUILT 516u
#define ET_A_KERNELS_BUILT 517u
#define ET_A_ARENA_BYTES 518u
#define ET_A_STORE_BYTES 520u
#define ET_A_BOARD 522u
#define ET_A_UNIT_ID 530u
#define ET_A_SECTIONS_KNOWN 531u
#define ET_A_LOCAL_INPUTS 532u
#define ET_A_LOCAL_OUTPUTS 533u
#define ET_A_STATE 544u
#define ET_A_MODE 545u
#define ET_A_PROGRESS 546u
#define ET_A_LAST_ERROR 547u
#define ET_A_LAST_ERROR_DETAIL 548u
#define ET_A_GENERATION 549u
#define ET_A_PREVIOUS_GENERATION 550u
#define ET_A_WINDOW_ACCURACY 551u
#define ET_A_WINDOW_FILLED 552u
#define ET_A_SAMPLES_STORED 553u
#define ET_A_SAMPLES_CAPACITY 554u
#define ET_A_SAMPLES_NEW 555u
#define ET_A_SAMPLES_HELD_OUT 556u
#define ET_A_TICKETS_PENDING 557u
#define ET_A_DEFINITION_FINGERPRINT 558u
#define ET_A_MODEL_FINGERPRINT 560u
#define ET_A_MEMORY_USED 562u
#define ET_A_DATASET_BYTES 564u
#define ET_A_UPTIME 566u
#define ET_A_INFERENCES 568u
#define ET_A_JUDGED 570u
#define ET_A_SATISFIED 572u
#define ET_A_STITCHED 574u
#define ET_A_REPLACED 576u
#define ET_A_TRAININGS 578u
#define ET_A_PROMOTED 580u
#define ET_A_REJECTED 582u
#define ET_A_ROLLED_BACK 584u
#define ET_A_TRAIN_WORK 586u
#define ET_A_TRAIN_ITERATIONS 588u
#define ET_A_TRAIN_RESULT 590u
#define ET_A_DRIFT 591u
#define ET_A_DISCARDED 592u
#define ET_A_SAVES 604u
#define ET_A_SAVE_AGE 606u
#define ET_A_START_REASON 608u
#define ET_A_LOCK_STATE 609u
#define ET_A_FRAMES_GOOD 610u
#define ET_A_FRAMES_BAD 612u
#define ET_A_EXCEPTIONS 614u
#define ET_A_STACK_FREE 616u
#define ET_A_REPEATS 617u
#define ET_A_LOG_NEXT 618u
#define ET_A_BOOTS 620u
#define ET_A_SAVE_STATE 621u
#define ET_A_OPERATING_TIME 622u
#define ET_A_SAVES_LEFT 624u
#define ET_A_FROZEN_BY 626u
#define ET_A_LOCAL_STATE 627u
#define ET_A_LOCAL_CHANNEL 628u
#define ET_A_LOCAL_TICKET 629u
#define ET_A_LOCAL_VALUE 630u
#define ET_A_COMMAND_ARGUMENT 640u
#define ET_A_COMMAND_CODE 642u
#define ET_A_COMMAND_TICKET 643u
#define ET_A_COMMAND_PROOF 644u
#define ET_A_COMMAND_DONE 646u
#define ET_A_COMMAND_RESULT 647u
#define ET_A_COMMAND_DETAIL 648u
#define ET_A_VOICE_ACCURACY 704u
#define ET_A_VOICE_TRUTHS 709u
#define ET_A_SUSPICION 714u
#define ET_A_SUSPICION_FEATURE 715u
#define ET_A_AGREEMENT 716u
#define ET_A_RULE_SHIFT 717u
#define ET_A_PROPOSED 718u
#define ET_A_LINE_RATE 744u
#define ET_A_LINE_PARITY 745u
#define ET_A_LINE_STOP_BITS 746u
#define ET_A_LINE_TRIAL_LEFT 747u
#define ET_A_EVALUATED_SAMPLES 768u
#define ET_A_EVALUATED_GENERATION 769u
#define ET_A_ACCURACY 770u
#define ET_A_BALANCED_ACCURACY 771u
#define ET_A_F1 772u
#define ET_A_MATTHEWS 773u
#define ET_A_CANDIDATE_ACCURACY 774u
#define ET_A_CANDIDATE_BALANCED_ACCURACY 775u
#define ET_A_RECALL 776u
#define ET_A_SAMPLES_PER_CLASS 800u
#define ET_A_OUTPUT_ERROR 816u
#define ET_A_MEAN_ERROR 824u
#define ET_A_CHALLENGE 832u
#define ET_A_RESPONSE 840u
#define ET_A_KEY 848u
#define ET_A_UNLOCK_LEFT 856u
#define ET_A_WAIT_LEFT 857u
#define ET_A_CONFUSION 1024u
#define ET_A_CURVE_STRIDE 1280u
#define ET_A_CURVE_LOSS 1281u
#define ET_A_CURVE_ERROR 1313u
#define ET_A_BULK_OBJECT 1536u
#define ET_A_BULK_PAGE 1537u
#define ET_A_BULK_TOTAL 1538u
#define ET_A_BULK_LENGTH 1540u
#define ET_A_BULK_CRC 1541u
#define ET_A_BULK_DATA 1542u
#define ET_A_PATTERN_COUNT 1664u
#define ET_A_PATTERN_HITS 1665u
#define ET_A_PATTERN_CONFIRMED 1681u

typedef enum et_block {
  ET_BLOCK_INPUT,
  ET_BLOCK_DECISION,
  ET_BLOCK_FEEDBACK,
  ET_BLOCK_WATCH,
  ET_BLOCK_SAMPLES,
  ET_BLOCK_STREAM,
  ET_BLOCK_TARGETS,
  ET_BLOCK_IDENTITY,
  ET_BLOCK_STATUS,
  ET_BLOCK_VOICES,
  ET_BLOCK_LINE,
  ET_BLOCK_COMMAND,
  ET_BLOCK_EVALUATION,
  ET_BLOCK_LOCK,
  ET_BLOCK_BULK,
  ET_BLOCK_PATTERNS
} et_block;

/* One entry a register, in order of address. `words` in all; a value has one, or two with ET_REGISTER_WIDE. */
typedef struct et_register_entry {
  uint16_t address;
  uint16_t words;
  uint16_t max; /* of a writable single word; the least is 0 */
  uint8_t flags;
  uint8_t block; /* et_block */
} et_register_entry;

extern ET_CONSTANT et_register_entry et_register_table[ET_REGISTER_COUNT];

/* Words of one value. */
static inline uint16_t et_register_element(ET_CONSTANT et_register_entry *entry) {
  return (entry->flags & ET_REGISTER_WIDE) != 0u ? 2u : 1u;
}

#define ET_COIL_FREEZE 0u
#define ET_COIL_TRAIN_NOW 1u
#define ET_COIL_MANUAL_OVERRIDE 2u
#define ET_COIL_SENSOR_FAULT 3u
#define ET_COIL_ALARM_CONFIRMED 4u
#define ET_COIL_ALARM_FALSE 5u
#define ET_COIL_COUNT 6u
#define ET_INPUT_TRAINED 0u
#define ET_INPUT_TRAINING 1u
#define ET_INPUT_ALARM 2u
#define ET_INPUT_DRIFT 3u
#define ET_INPUT_UNSATISFIED 4u
#define ET_INPUT_LOCKED 5u
#define ET_INPUT_FAULT 6u
#define ET_INPUT_NEW_PATTERN 7u
#define ET_INPUT_SUSPICIOUS 8u
#define ET_INPUT_DECIDING 9u
#define ET_INPUT_LOCAL_FAULT 10u
#define ET_INPUT_CLASS_IS 16u
#define ET_INPUT_COUNT 32u

#ifdef __cplusplus
}
#endif

#endif
