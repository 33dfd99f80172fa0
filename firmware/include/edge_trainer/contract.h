/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#ifndef EDGE_TRAINER_CONTRACT_H
#define EDGE_TRAINER_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ET_MAP_VERSION 2u
#define ET_FIRMWARE_MAJOR 0u
#define ET_FIRMWARE_MINOR 1u
#define ET_FIRMWARE_VERSION_TEXT "0.1"

#define ET_FEATURES_MAX 120u /* features of one definition: ticket and features fit one FC 16 or FC 23 frame */
#define ET_CLASSES_MAX 16u /* classes of one definition */
#define ET_OUTPUTS_MAX 8u /* continuous outputs of one definition */
#define ET_CHANNELS_MAX 8u /* channels of a stream model */
#define ET_TICKETS_MAX 64u /* decisions that may wait for their feedback */
#define ET_PATTERNS_MAX 16u /* anomaly patterns a stream model can tell apart */
#define ET_PAGE_BYTES 224u /* bytes of one page of the bulk window */
#define ET_PLC_REGISTERS 352u /* registers from 0 on that can all be read; those without a name read 0 */
#define ET_COILS 16u /* coils that can be read; those without a name read 0 */
#define ET_REPEAT_SECONDS 30u /* a ticket that no request has named for so long is a new one */
#define ET_UNLOCK_SECONDS 10u /* an upload stays open so long after the response, or after its last page */
#define ET_BAUD_LEAST 9600u /* slowest line that a trainer is set to */
#define ET_BAUD_MOST 1000000u /* fastest line that a trainer is set to */
#define ET_LINE_DELAY_SECONDS 1u /* a line changes its settings so long after the command, so that the master reads the result first */
#define ET_LEAVE_SECONDS 1u /* a board leaves for its boot loader so long after the command, so that the master reads the result first */
#define ET_LINE_TRIAL_SECONDS 30u /* new line settings without a request go back after so long */
#define ET_LOG_RECORDS 32u /* events kept in the on-board log ring */
#define ET_LOG_RECORD_BYTES 16u /* bytes of one event in the log */
#define ET_CAPACITY_MAX 4096u /* stored samples of one definition */
#define ET_LOCAL_INTERVAL_LEAST 10u /* milliseconds between two decisions that a board asks for by itself, at least */
#define ET_LOCAL_INTERVAL_MOST 3600000u /* and at most */
#define ET_ARRAY_MAX 32768u /* values of a feature that is an array */
#define ET_LAYERS_MAX 32u /* layers of a network */
#define ET_RULE_CONTEXTS 4u /* features that the shift of a start rule may depend on */
#define ET_RULE_STEPS 7u /* steps of a start rule */
#define ET_WINDOW_MAX 256u /* judged outcomes over which the accuracy is computed */

/* what the trainer is doing besides answering */
typedef enum et_state {
  ET_STATE_EMPTY = 0,
  ET_STATE_READY = 1,
  ET_STATE_TRAINING = 2,
  ET_STATE_EVALUATING = 3,
  ET_STATE_SAVING = 4,
  ET_STATE_LEARNING = 5,
  ET_STATE_CALIBRATING = 6
} et_state;

/* who may start a training */
typedef enum et_mode {
  ET_MODE_AUTO = 0,
  ET_MODE_MANUAL = 1,
  ET_MODE_FROZEN = 2
} et_mode;

/* model family */
typedef enum et_model {
  ET_MODEL_NONE = 0,
  ET_MODEL_SVM_LINEAR = 1,
  ET_MODEL_SVM_KERNEL = 2,
  ET_MODEL_ESN = 3,
  ET_MODEL_DNN = 4,
  ET_MODEL_CORRELATION = 5,
  ET_MODEL_PROCESS = 6,
  ET_MODEL_SVM_BOTH = 7,
  ET_MODEL_AUTOENCODER = 8
} et_model;

/* kernel of svm_kernel */
typedef enum et_kernel {
  ET_KERNEL_LINEAR = 0,
  ET_KERNEL_RBF = 1,
  ET_KERNEL_POLYNOMIAL = 2
} et_kernel;

/* kind of a network's layer */
typedef enum et_layer {
  ET_LAYER_DENSE = 1,
  ET_LAYER_CONV = 2,
  ET_LAYER_DEPTHWISE = 3,
  ET_LAYER_MAX_POOL = 4,
  ET_LAYER_AVERAGE_POOL = 5,
  ET_LAYER_GLOBAL_AVERAGE_POOL = 6,
  ET_LAYER_FLATTEN = 7,
  ET_LAYER_ADD = 8,
  ET_LAYER_SOFTMAX = 9
} et_layer;

/* activation function of a network's layer */
typedef enum et_activation {
  ET_ACTIVATION_LINEAR = 0,
  ET_ACTIVATION_RELU = 1,
  ET_ACTIVATION_RELU6 = 2
} et_activation;

/* what a network's layer sees beyond the edge: nothing, or zeros so that its output is as large as its input */
typedef enum et_padding {
  ET_PADDING_VALID = 0,
  ET_PADDING_SAME = 1
} et_padding;

/* what training changes in a network's layer */
typedef enum et_update {
  ET_UPDATE_FROZEN = 0,
  ET_UPDATE_BIAS = 1,
  ET_UPDATE_ALL = 2
} et_update;

/* numbers of a network */
typedef enum et_number_format {
  ET_NUMBER_FORMAT_Q8 = 0,
  ET_NUMBER_FORMAT_F32 = 1
} et_number_format;

/* numbers of a layer with weights */
typedef enum et_layer_format {
  ET_LAYER_FORMAT_NETWORK = 0,
  ET_LAYER_FORMAT_Q8 = 1,
  ET_LAYER_FORMAT_F32 = 2
} et_layer_format;

/* how a stitched sample's features are stored */
typedef enum et_storage {
  ET_STORAGE_INT8 = 1,
  ET_STORAGE_INT16 = 2
} et_storage;

/* how features are scaled before they reach the model */
typedef enum et_scaling {
  ET_SCALING_RANGE = 0,
  ET_SCALING_STANDARD = 1
} et_scaling;

/* a feature outside its range */
typedef enum et_out_of_range {
  ET_OUT_OF_RANGE_REFUSE = 0,
  ET_OUT_OF_RANGE_CLAMP = 1
} et_out_of_range;

/* how an outcome becomes a ground truth */
typedef enum et_rule {
  ET_RULE_LABEL = 0,
  ET_RULE_DEAD_BAND = 1,
  ET_RULE_LIMIT = 2,
  ET_RULE_TRACKING = 3
} et_rule;

/* which side of the limit is unsatisfactory */
typedef enum et_limit_side {
  ET_LIMIT_SIDE_ABOVE = 0,
  ET_LIMIT_SIDE_BELOW = 1
} et_limit_side;

/* start rule: what decides before anything is learned */
typedef enum et_start {
  ET_START_NONE = 0,
  ET_START_CONSTANT = 1,
  ET_START_CHOICE = 2,
  ET_START_STEPS = 3,
  ET_START_PMV = 4
} et_start;

/* whose word decided, or which limit of the plant held it back */
typedef enum et_decided_by {
  ET_DECIDED_BY_START_RULE = 0,
  ET_DECIDED_BY_FOLLOWING_RULE = 1,
  ET_DECIDED_BY_LAST_TRUTH = 2,
  ET_DECIDED_BY_MODEL = 3,
  ET_DECIDED_BY_SECOND_MODEL = 4,
  ET_DECIDED_BY_HOLD_TIME = 5,
  ET_DECIDED_BY_OPPOSED_CLASSES = 6,
  ET_DECIDED_BY_HYSTERESIS = 7,
  ET_DECIDED_BY_MAX_CHANGE = 8
} et_decided_by;

/* what is wrong with the feedback */
typedef enum et_suspicion {
  ET_SUSPICION_NONE = 0,
  ET_SUSPICION_OUTCOME_STUCK = 1,
  ET_SUSPICION_FEATURE_STUCK = 2,
  ET_SUSPICION_CONTRADICTION = 3,
  ET_SUSPICION_INDEPENDENT = 4
} et_suspicion;

/* what a trainer does when it suspects the feedback */
typedef enum et_suspicion_action {
  ET_SUSPICION_ACTION_PAUSE = 0,
  ET_SUSPICION_ACTION_REPORT = 1,
  ET_SUSPICION_ACTION_OFF = 2
} et_suspicion_action;

/* weight of a class in the training loss */
typedef enum et_class_weights {
  ET_CLASS_WEIGHTS_NONE = 0,
  ET_CLASS_WEIGHTS_BALANCED = 1,
  ET_CLASS_WEIGHTS_EXPLICIT = 2
} et_class_weights;

/* topology of the echo state network */
typedef enum et_reservoir {
  ET_RESERVOIR_CYCLE = 0,
  ET_RESERVOIR_SPARSE = 1
} et_reservoir;

/* how the echo state network's readout learns */
typedef enum et_readout {
  ET_READOUT_RIDGE = 0,
  ET_READOUT_RLS = 1
} et_readout;

/* how the features of a window are judged together */
typedef enum et_covariance {
  ET_COVARIANCE_FULL = 0,
  ET_COVARIANCE_DIAGONAL = 1,
  ET_COVARIANCE_LARGEST = 2
} et_covariance;

/* what an outcome says */
typedef enum et_feedback_kind {
  ET_FEEDBACK_KIND_OUTCOME = 0,
  ET_FEEDBACK_KIND_LABEL = 1,
  ET_FEEDBACK_KIND_OVERRIDE = 2,
  ET_FEEDBACK_KIND_DISCARD = 3,
  ET_FEEDBACK_KIND_FALSE_ALARM = 4,
  ET_FEEDBACK_KIND_CONFIRMED = 5,
  ET_FEEDBACK_KIND_TEACH = 6
} et_feedback_kind;

/* why an outcome cannot be judged (value of a DISCARD feedback, and the per-reason counters) */
typedef enum et_discard_reason {
  ET_DISCARD_REASON_OTHER = 0,
  ET_DISCARD_REASON_SENSOR_FAULT = 1,
  ET_DISCARD_REASON_MANUAL_OVERRIDE = 2,
  ET_DISCARD_REASON_SET_POINT_CHANGED = 3,
  ET_DISCARD_REASON_EXPIRED = 4,
  ET_DISCARD_REASON_TOO_EARLY = 5
} et_discard_reason;

/* how a feedback was judged */
typedef enum et_judgement {
  ET_JUDGEMENT_NONE = 0,
  ET_JUDGEMENT_SATISFIED = 1,
  ET_JUDGEMENT_UNSATISFIED = 2,
  ET_JUDGEMENT_DISCARDED = 3,
  ET_JUDGEMENT_TOO_EARLY = 4
} et_judgement;

/* how much of what the trainer knows is in the non-volatile memory */
typedef enum et_save_state {
  ET_SAVE_STATE_SAVED = 0,
  ET_SAVE_STATE_SAMPLES_WAIT = 1,
  ET_SAVE_STATE_NOT_SAVED = 2,
  ET_SAVE_STATE_FAILED = 3,
  ET_SAVE_STATE_NO_STORE = 4
} et_save_state;

/* parity bit of a character on the line */
typedef enum et_parity {
  ET_PARITY_NONE = 0,
  ET_PARITY_EVEN = 1,
  ET_PARITY_ODD = 2
} et_parity;

/* who has frozen the trainer, and so who may lift it */
typedef enum et_frozen_by {
  ET_FROZEN_BY_NOBODY = 0,
  ET_FROZEN_BY_PROCESS = 1,
  ET_FROZEN_BY_MANAGEMENT = 2
} et_frozen_by;

/* the loop that the board closes by itself; in every state above RUNNING but OVERRIDDEN the fail-safe class drives the output */
typedef enum et_local_state {
  ET_LOCAL_STATE_OFF = 0,
  ET_LOCAL_STATE_RUNNING = 1,
  ET_LOCAL_STATE_OVERRIDDEN = 2,
  ET_LOCAL_STATE_INPUT_FAILED = 3,
  ET_LOCAL_STATE_INPUT_RANGE = 4,
  ET_LOCAL_STATE_OUTPUT_FAILED = 5,
  ET_LOCAL_STATE_SENSOR_FAULT = 6,
  ET_LOCAL_STATE_NO_WINDOW = 7
} et_local_state;

/* what the process may write while a key is set: decisions only, outcomes too, or everything (lessons, training, freeze) */
typedef enum et_process_writes {
  ET_PROCESS_WRITES_DECIDE_AND_OUTCOME = 0,
  ET_PROCESS_WRITES_DECIDE = 1,
  ET_PROCESS_WRITES_ALL = 2
} et_process_writes;

/* what the bulk window shows or takes */
typedef enum et_object {
  ET_OBJECT_NONE = 0,
  ET_OBJECT_DEFINITION = 1,
  ET_OBJECT_DEFINITION_STAGED = 2,
  ET_OBJECT_MODEL_RUNNING = 3,
  ET_OBJECT_MODEL_PREVIOUS = 4,
  ET_OBJECT_MODEL_STAGED = 5,
  ET_OBJECT_DATASET = 6,
  ET_OBJECT_LOG = 7,
  ET_OBJECT_PATTERNS = 8,
  ET_OBJECT_PATTERNS_STAGED = 9,
  ET_OBJECT_VOICES = 10,
  ET_OBJECT_VOICES_STAGED = 11,
  ET_OBJECT_INPUT = 12
} et_object;

/* what a log record tells */
typedef enum et_event {
  ET_EVENT_START = 1,
  ET_EVENT_DEFINITION = 2,
  ET_EVENT_TRAIN_BEGIN = 3,
  ET_EVENT_TRAIN_END = 4,
  ET_EVENT_PROMOTED = 5,
  ET_EVENT_REJECTED = 6,
  ET_EVENT_ROLLED_BACK = 7,
  ET_EVENT_AUTO_ROLLED_BACK = 8,
  ET_EVENT_MODE = 9,
  ET_EVENT_SAVED = 10,
  ET_EVENT_SAVE_FAILED = 11,
  ET_EVENT_DRIFT = 12,
  ET_EVENT_ALARM = 13,
  ET_EVENT_ALARM_END = 14,
  ET_EVENT_NEW_PATTERN = 15,
  ET_EVENT_UNLOCKED = 16,
  ET_EVENT_LOCK_REFUSED = 17,
  ET_EVENT_DATASET_CLEARED = 18,
  ET_EVENT_MODEL_RESTORED = 19,
  ET_EVENT_TRAIN_FAILED = 20,
  ET_EVENT_FACTORY_RESET = 21,
  ET_EVENT_PATTERNS_RESTORED = 22,
  ET_EVENT_STREAM_STOPPED = 23,
  ET_EVENT_STREAM_BACK = 24,
  ET_EVENT_VOICE_LEADS = 25,
  ET_EVENT_SUSPICION = 26,
  ET_EVENT_LINE_KEPT = 27,
  ET_EVENT_LINE_BACK = 28,
  ET_EVENT_LOCAL_IO = 29
} et_event;

/* what a new definition does to something that was learned */
typedef enum et_fate {
  ET_FATE_KEPT = 0,
  ET_FATE_CONVERTED = 1,
  ET_FATE_DISCARDED = 2
} et_fate;

/* what it is in a new definition that discards or converts */
typedef enum et_change_cause {
  ET_CHANGE_CAUSE_NONE = 0,
  ET_CHANGE_CAUSE_FIRST = 1,
  ET_CHANGE_CAUSE_MODEL = 2,
  ET_CHANGE_CAUSE_FEATURES = 3,
  ET_CHANGE_CAUSE_CLASSES = 4,
  ET_CHANGE_CAUSE_STORAGE = 5,
  ET_CHANGE_CAUSE_SCALING = 6,
  ET_CHANGE_CAUSE_CAPACITY = 7,
  ET_CHANGE_CAUSE_TICKETS = 8,
  ET_CHANGE_CAUSE_PARAMETERS = 9,
  ET_CHANGE_CAUSE_RANGE = 10,
  ET_CHANGE_CAUSE_WIDENED = 11,
  ET_CHANGE_CAUSE_RULE = 12,
  ET_CHANGE_CAUSE_OUTPUTS = 13
} et_change_cause;

/* where the state came from at start-up */
typedef enum et_start_reason {
  ET_START_REASON_DEFAULTS_BLANK = 0,
  ET_START_REASON_SLOT_NEWEST = 1,
  ET_START_REASON_SLOT_OLDER = 2,
  ET_START_REASON_DEFAULTS_CORRUPT = 3,
  ET_START_REASON_MIGRATED = 4,
  ET_START_REASON_NO_MEMORY = 5
} et_start_reason;

/* what a command does; argument in command_argument */
typedef enum et_command {
  ET_COMMAND_NONE = 0,
  ET_COMMAND_TRAIN = 1,
  ET_COMMAND_CANCEL = 2,
  ET_COMMAND_EVALUATE = 3,
  ET_COMMAND_ROLL_BACK = 4,
  ET_COMMAND_SET_MODE = 5,
  ET_COMMAND_SAVE = 6,
  ET_COMMAND_CLEAR_DATASET = 7,
  ET_COMMAND_RESET_MODEL = 8,
  ET_COMMAND_RESET_COUNTERS = 9,
  ET_COMMAND_COMMIT_DEFINITION = 10,
  ET_COMMAND_COMMIT_MODEL = 11,
  ET_COMMAND_RESTART = 12,
  ET_COMMAND_FACTORY_RESET = 13,
  ET_COMMAND_LEARN = 14,
  ET_COMMAND_PATTERN_MERGE = 15,
  ET_COMMAND_PATTERN_FORGET = 16,
  ET_COMMAND_LOCK = 18,
  ET_COMMAND_COMMIT_PATTERNS = 19,
  ET_COMMAND_SET_UNIT = 20,
  ET_COMMAND_TRUST_FEEDBACK = 21,
  ET_COMMAND_SET_LINE = 23,
  ET_COMMAND_BOOT_LOADER = 24,
  ET_COMMAND_COMMIT_VOICES = 22
} et_command;

/* What went wrong; texts in et_error_text(). */
typedef enum et_error {
  ET_OK = 0, /* done */
  ET_BUSY = 1, /* another long job is running; wait for it or cancel it */
  ET_NO_DEFINITION = 2, /* no definition is deployed; deploy one first */
  ET_ADDRESS = 3, /* no such register */
  ET_READ_ONLY = 4, /* this register cannot be written */
  ET_VALUE = 5, /* value out of its range */
  ET_PARTIAL = 6, /* a value wider than one register must be written whole */
  ET_LOCKED = 7, /* management is locked; give the key */
  ET_FEATURE_RANGE = 8, /* a feature is outside the range of the definition; the detail register holds its index */
  ET_TICKET_UNKNOWN = 9, /* no decision is waiting under this ticket: it expired, was never made, was pushed out or lost in a restart */
  ET_TICKET_JUDGED = 10, /* this ticket was already judged with another outcome; the first one stands */
  ET_TICKET_TAKEN = 14, /* this ticket already stands for something else; take another number */
  ET_WORDS_MISSING = 15, /* words are missing, come out of order or belong to another master; write them all again, in one request or under a claim */
  ET_BROADCAST = 16, /* this is never taken by broadcast; write it to the trainer's own unit id */
  ET_PROCESS_CLOSED = 17, /* closed to the process while a key is set; the definition says what stays open */
  ET_TARGET_RANGE = 18, /* a target is outside the range of its output; the detail register holds the output's index */
  ET_INPUT_OTHER = 19, /* the array under this check sum is not here: pages are missing, or another one has come in between; send its pages again */
  ET_TICKET_ZERO = 11, /* ticket 0 is reserved; use 1 to 65535 */
  ET_CLASS_UNKNOWN = 12, /* no such class in the definition */
  ET_RULE_MISMATCH = 13, /* this kind of feedback does not fit the definition's rule or model */
  ET_DEFINITION_CRC = 20, /* definition refused: checksum wrong */
  ET_DEFINITION_VERSION = 21, /* definition refused: layout version not known to this firmware */
  ET_DEFINITION_LENGTH = 22, /* definition refused: length does not fit its content */
  ET_DEFINITION_FIELD = 23, /* definition refused: a field is out of range; the detail register holds its byte offset */
  ET_DEFINITION_MEMORY = 24, /* definition refused: it needs more memory than the board has */
  ET_DEFINITION_SECTION = 26, /* definition refused: a section is missing, unknown to this firmware or of another layout; the detail register holds its number */
  ET_MODEL_NOT_BUILT = 25, /* this model, kernel or start rule is not in this firmware build */
  ET_MODEL_CRC = 30, /* model refused: checksum wrong */
  ET_MODEL_SHAPE = 31, /* model refused: made for another definition */
  ET_MODEL_VERSION = 32, /* model refused: layout version not known to this firmware */
  ET_MODEL_CONTENT = 33, /* model refused: its numbers are out of range */
  ET_WEIGHTS_MISSING = 35, /* layers that are not trained have no weights yet; restore or import a model that has them */
  ET_NO_PREVIOUS = 34, /* there is no previous generation to roll back to */
  ET_TOO_FEW_SAMPLES = 40, /* too few samples to train on; add samples, or let decisions be judged */
  ET_SINGLE_CLASS = 41, /* all samples belong to one class, and there is nothing to tell apart; add samples of another class */
  ET_FROZEN = 42, /* the trainer is frozen and learns nothing; set the mode to auto or manual first */
  ET_FROZEN_FOR_PROCESS = 49, /* frozen by management; only the command SET_MODE lifts it */
  ET_ALARM_ACTIVE = 43, /* refused while an alarm is active; wait for its end, or answer it as false */
  ET_CANCELLED = 44, /* cancelled; the running model is untouched */
  ET_NOT_CONVERGED = 45, /* the iteration bound was reached before convergence */
  ET_NUMERIC = 46, /* the training met a number that is not finite; the running model is untouched */
  ET_REGULARISED = 48, /* the signal says less than the model could hold: the solution was regularised; the candidate is valid */
  ET_WORKSPACE = 47, /* the training needs more room than was planned */
  ET_PAGE = 50, /* no such page in this object */
  ET_PAGE_CRC = 51, /* page refused: checksum wrong */
  ET_OBJECT = 52, /* no such object, or it cannot be written */
  ET_INCOMPLETE = 53, /* not all pages have arrived */
  ET_STORE_FULL = 60, /* the state does not fit a slot of the non-volatile memory; it is kept in RAM only */
  ET_STORE_FAILED = 61, /* the non-volatile memory did not take the data; the older state is still there */
  ET_NO_STORE = 62, /* this board has no non-volatile memory */
  ET_WEAR = 63, /* the wear budget of the memory allows no save now; what was learned stays in RAM until the next save is allowed; the detail register holds the seconds until then */
  ET_KEY_WRONG = 70, /* refused: the response or proof does not match the key */
  ET_KEY_WAIT = 71, /* refused: too many wrong responses; wait */
  ET_KEY_RESPONSE = 72, /* a key is set: it changes only together with a response to it */
  ET_COMMAND_UNKNOWN = 80, /* no such command */
  ET_NOT_SUPPORTED = 81, /* the deployed model does not support this */
  ET_BOARD_CANNOT = 83, /* this board cannot do that; it goes on as it was */
  ET_SEQUENCE_GAP = 82, /* samples are missing before this sequence number; the window was restarted */
  ET_WINDOW_SHORT = 84, /* the window does not hold enough samples yet; the detail register says how many it holds */
  ET_WINDOW_STOPPED = 85, /* the stream has stopped; the detail register says for how many seconds. The next sample begins a new window */
  ET_WINDOW_BEHIND = 86, /* the stream has not reached the sample that the request names; read next_sequence and ask again */
  ET_INPUT_STREAMED = 87 /* the definition takes its values from the stream: stream the samples instead of an array */
} et_error;

#ifdef __cplusplus
}
#endif

#endif
