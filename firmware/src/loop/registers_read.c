#include "loop/registers_read.h"

#include <string.h>

#include "loop/bulk.h"
#include "loop/core/lock.h"
#include "loop/decide/evaluation.h"
#include "loop/decide/feedback.h"
#include "loop/decide/io.h"
#include "loop/decide/train_on_demand.h"
#include "loop/registers_shown.h"
#include "loop/save_policy.h"
#include "loop/trainer_state.h"

#if ET_WITH_STREAM
static uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}
#endif

static uint16_t built_models(void) {
  uint16_t built = 0;
  uint8_t family;
  for (family = 1; family < 16u; family++)
    if (et_model_find(family) != NULL) built |= (uint16_t)(1u << family);
  return built;
}

/* Two characters a register, zero padded. */
static uint32_t characters(const char *text, uint16_t index) {
  uint16_t length = 0;
  while (length < 16u && text[length] != '\0') length++;
  const uint8_t high = 2u * index < length ? (uint8_t)text[2u * index] : 0u;
  const uint8_t low = 2u * index + 1u < length ? (uint8_t)text[2u * index + 1u] : 0u;
  return (uint32_t)high << 8 | low;
}

static uint32_t identity_value(const et_trainer *trainer, et_register_of_identity id, uint16_t index) {
  const et_core *core = &trainer->core;
  switch (id) {
  case ET_R_MAP_VERSION: return ET_MAP_VERSION;
  case ET_R_FIRMWARE_VERSION: return ET_FIRMWARE_MAJOR << 8 | ET_FIRMWARE_MINOR;
  case ET_R_SERIAL_NUMBER: return core->port->serial_number;
  case ET_R_MODELS_BUILT: return built_models();
  case ET_R_KERNELS_BUILT: return et_model_find(ET_MODEL_SVM_KERNEL) != NULL ? 7u : 1u;
  case ET_R_ARENA_BYTES: return core->port->arena_bytes;
  case ET_R_STORE_BYTES: return et_store_slot_bytes(&trainer->persistence.store);
  case ET_R_BOARD: return characters(core->port->board, index);
  case ET_R_SECTIONS_KNOWN: return ET_SECTIONS_KNOWN;
#if ET_WITH_LOCAL_IO
  case ET_R_LOCAL_INPUTS: return core->port->read_input == NULL ? 0u : core->port->inputs;
  case ET_R_LOCAL_OUTPUTS: return core->port->drive_output == NULL ? 0u : core->port->outputs;
#else
  case ET_R_LOCAL_INPUTS:
  case ET_R_LOCAL_OUTPUTS: return 0;
#endif
  }
  return 0;
}

/* The value shown, or the target told last, of the output whose register is `element`. */
static uint16_t value_at(const et_core *core, bool target, uint16_t element) {
  if (et_gives_values(core)) {
    const uint8_t output = et_output_at(&core->deployment.definition, element);
    if (output != 255u) return (uint16_t)(target ? et_last_targets(core) : et_shown_values(core))[output];
  }
  return 0;
}

/* Mean error of the output whose register is `element`: of the running model, or of the mean. */
static uint16_t error_at(const et_core *core, bool mean, uint16_t element) {
  if (et_gives_values(core)) {
    const uint8_t output = et_output_at(&core->deployment.definition, element);
    if (output != 255u) return mean ? et_errors(core)[output].shown_mean : et_errors(core)[output].shown;
  }
  return 65535u;
}

static uint32_t targets_value(const et_trainer *trainer, et_register_of_targets id, uint16_t element) {
  const et_core *core = &trainer->core;
  switch (id) {
  case ET_R_TARGETS: return value_at(core, true, element);
  }
  return 0;
}

static uint32_t decision_value(const et_trainer *trainer, et_register_of_decision id, uint16_t element) {
  const et_ticket *shown = &trainer->decide.io.shown;
  switch (id) {
  case ET_R_DECISION_TICKET: return et_is_stream(&trainer->core) ? trainer->stream.alarm.number : shown->number;
  case ET_R_DECISION_CLASS: return shown->number == 0u ? 0u : et_class_code(&trainer->core.deployment.definition, shown->output_class);
  case ET_R_ACTUATION: return shown->number == 0u ? 0u : (uint16_t)et_io_actuation(&trainer->decide, shown->output_class);
  case ET_R_PENDING_TICKET: return et_io_deciding(&trainer->decide);
  case ET_R_OUTPUTS: return shown->number == 0u ? 0u : value_at(&trainer->core, false, element);
  }
  return 0;
}

#if ET_WITH_STREAM
/* The stored channel of one that the plant counts; a channel that the definition does not have reads 0. */
static uint16_t stored_channel(const et_definition *definition, uint16_t element) {
  if (definition->core == NULL || element >= definition->core->features) return element;
  return et_feature_at(definition, (uint8_t)element);
}

/* A mask of channels as they are stored, in the order of the plant. */
static uint32_t constant_channels(const et_definition *definition, uint8_t stored) {
  uint32_t mask = 0;
  for (uint16_t k = 0; k < ET_CHANNELS_MAX; k++) {
    if (((uint32_t)stored >> stored_channel(definition, k) & 1u) != 0u) mask |= 1u << k;
  }
  return mask;
}
#endif
static uint32_t voices_value(const et_trainer *trainer, et_register_of_voices id, uint16_t element) {
  const et_core *core = &trainer->core;
  const et_feedback_watch *watch = &trainer->decide.feedback.watch;
  const et_ticket *shown = &trainer->decide.io.shown;
  const bool none = core->deployment.model == NULL || et_is_stream(core);
  switch (id) {
  case ET_R_PROPOSED:
    return shown->number == 0u || et_gives_values(core) || shown->proposed[element] == ET_SILENT
               ? 65535u
               : et_class_code(&core->deployment.definition, shown->proposed[element]);
  case ET_R_VOICE_ACCURACY: return none ? 65535u : et_voices_accuracy(et_voices_of(core), (uint8_t)element);
  case ET_R_VOICE_TRUTHS: return none ? 0u : et_voices_of(core)->counted[element];
  case ET_R_SUSPICION_FEATURE:
    return watch->kind == ET_SUSPICION_FEATURE_STUCK ? et_feature_position(&core->deployment.definition, watch->feature) : 65535u;
  case ET_R_AGREEMENT: return watch->blocks == 0u ? 65535u : watch->usual;
  case ET_R_RULE_SHIFT: return none || !et_follows(core) ? 0u : (uint16_t)et_following_of(core)->shift;
  }
  return 0;
}

#if ET_WITH_ARRAY
/* Of a stream whose window a network reads. */
static uint32_t window_value(const et_trainer *trainer, et_register_of_stream id) {
  const et_sample_ring *ring = &trainer->decide.ring;
  switch (id) {
  case ET_R_NEXT_SEQUENCE: return ring->next_sequence;
  case ET_R_ALARM_BITS: return ring->stopped ? 16u : 0u;
  case ET_R_SAMPLES_LOST: return ring->lost;
  case ET_R_WINDOW_HELD: return et_ring_samples(&trainer->decide);
  default: return 0;
  }
}
#endif

static uint32_t stream_value(const et_trainer *trainer, et_register_of_stream id, uint16_t element) {
#if ET_WITH_STREAM
  const et_stream_result *result = &trainer->stream.alarm.result;
  const et_definition *definition = &trainer->core.deployment.definition;
#if ET_WITH_ARRAY
  if (et_stream_channels(definition) != 0u) return window_value(trainer, id);
#endif
  switch (id) {
  case ET_R_NEXT_SEQUENCE: return trainer->stream.queue.next_sequence;
  case ET_R_ALARM_BITS:
    return (result->alarm ? 1u : 0u) | (result->alarm && result->new_pattern ? 2u : 0u) | (result->calibrated ? 4u : 0u) |
           (result->learning ? 8u : 0u) | (trainer->stream.queue.stopped ? 16u : 0u) | (uint32_t)result->conditions << 5;
  case ET_R_SAMPLES_LOST: return trainer->stream.queue.lost;
  case ET_R_RESIDUALS: return bits_of(result->residuals[stored_channel(definition, element)]);
  case ET_R_CONSTANT_CHANNELS: return constant_channels(definition, result->constant);
  case ET_R_WINDOW_HELD: return 0;
  case ET_R_ENERGIES: return bits_of(result->energies[stored_channel(definition, element)]);
  }
#else
  (void)trainer;
  (void)id;
  (void)element;
#endif
  return 0;
}

static uint32_t pattern_value(const et_trainer *trainer, et_register_of_patterns id, uint16_t element) {
  const et_core *core = &trainer->core;
  uint16_t hits = 0, count = 0;
  bool confirmed = false;
  uint8_t i;
  if (!et_is_stream(core)) return 0;
  for (i = 1; i <= ET_PATTERNS_MAX; i++) {
    et_stream_pattern_info(core->deployment.model->stream, &core->deployment.context, i, &hits, &confirmed);
    if (hits != 0u) count++;
  }
  et_stream_pattern_info(core->deployment.model->stream, &core->deployment.context, (uint8_t)(element + 1u), &hits, &confirmed);
  switch (id) {
  case ET_R_PATTERN_COUNT: return count;
  case ET_R_PATTERN_HITS: return hits;
  case ET_R_PATTERN_CONFIRMED: return confirmed;
  }
  return 0;
}

/* The stored class of a code; 255 when no class has it. */
static uint8_t stored_class(const et_core *core, uint8_t classes, uint16_t code) {
  return code < classes ? et_class_of(&core->deployment.definition, (uint8_t)code) : 255u;
}

/* What the last evaluation left of the running generation; 0 = nothing was evaluated. */
static uint16_t known_accuracy(const et_trainer *trainer) {
  return trainer->decide.on_demand.evaluated_samples == 0u || trainer->core.generations.accuracy > 1000u
             ? 0u
             : trainer->core.generations.accuracy;
}

/* The learning curve, where the model has epochs: with a stride of 0 there is none. */
static uint16_t curve_value(const et_core *core, et_register_of_evaluation id, uint16_t element) {
#if ET_WITH_DNN
  const et_model_ops *model = core->deployment.model;
  const et_train_curve *curve = model == NULL || model->train_curve == NULL ? NULL : model->train_curve(&core->deployment.context);
  if (curve == NULL) return 0u;
  if (id == ET_R_CURVE_STRIDE) return curve->stride;
  if (element >= curve->filled) return 65535u;
  return id == ET_R_CURVE_LOSS ? curve->loss[element] : curve->error[element];
#else
  (void)core;
  (void)id;
  (void)element;
  return 0u;
#endif
}

static uint32_t evaluation_value(const et_trainer *trainer, et_register_of_evaluation id, uint16_t element) {
  const et_core *core = &trainer->core;
  const bool none = core->deployment.model == NULL || et_is_stream(core);
  const uint8_t classes = none ? 0u : core->deployment.definition.core->classes;
  const uint16_t *confusion = none ? NULL : et_confusion(core, 0);
  const uint8_t row = stored_class(core, classes, (uint16_t)(id == ET_R_CONFUSION ? element / ET_CLASSES_MAX : element));
  const uint8_t column = stored_class(core, classes, (uint16_t)(element % ET_CLASSES_MAX));
  switch (id) {
  case ET_R_RECALL: return row < classes ? et_recall(confusion, classes, row) : 65535u;
  case ET_R_SAMPLES_PER_CLASS: return row < classes ? (uint16_t)(et_class_counts(core)[row] + et_class_counts(core)[classes + row]) : 0u;
  case ET_R_CONFUSION: return row < classes && column < classes ? confusion[(uint16_t)row * classes + column] : 0u;
  case ET_R_OUTPUT_ERROR: return error_at(core, false, element);
  case ET_R_MEAN_ERROR: return error_at(core, true, element);
  case ET_R_CURVE_STRIDE:
  case ET_R_CURVE_LOSS:
  case ET_R_CURVE_ERROR: return curve_value(core, id, element);
  case ET_R_ACCURACY:
    if (!none && et_gives_values(core)) return known_accuracy(trainer);
    return none ? 0u : et_accuracy(confusion, classes);
  case ET_R_BALANCED_ACCURACY:
    if (!none && et_gives_values(core)) return known_accuracy(trainer);
    return none ? 0u : et_balanced_accuracy(confusion, classes);
  case ET_R_F1: return none ? 0u : et_macro_f1(confusion, classes);
  case ET_R_MATTHEWS: return none ? 0u : (uint16_t)et_matthews(confusion, classes);
  }
  return 0;
}

static uint32_t status_value(et_trainer *trainer, et_register_of_status id) {
  et_core *core = &trainer->core;
  switch (id) {
  case ET_R_STATE: return (uint32_t)et_trainer_state(trainer);
  case ET_R_PROGRESS: return core->job.phase == ET_JOB_NONE && !et_is_stream(core) ? 0u : core->job.progress;
  case ET_R_WINDOW_ACCURACY: return et_window_accuracy(core);
  case ET_R_SAMPLES_CAPACITY: return core->deployment.model == NULL || et_is_stream(core) ? 0u : core->deployment.definition.core->capacity;
  case ET_R_TICKETS_PENDING: return et_io_pending(&trainer->decide);
  case ET_R_DEFINITION_FINGERPRINT: return core->deployment.model == NULL ? 0u : core->deployment.definition.fingerprint;
  case ET_R_MODEL_FINGERPRINT: return core->generations.number == 0u ? 0u : core->generations.fingerprint;
  case ET_R_SAVE_AGE: return et_save_age_s(trainer);
  case ET_R_SAVE_STATE: return (uint32_t)et_save_state_of(trainer);
  case ET_R_SAVES_LEFT: return et_saves_left(trainer);
  case ET_R_LOCK_STATE: return et_lock_state(core);
  case ET_R_STACK_FREE: return core->port->stack_free != NULL ? core->port->stack_free(core->port->user) : 65535u;
  }
  return 0;
}

static uint32_t lock_value(et_trainer *trainer, et_register_of_lock id, uint16_t index) {
  et_core *core = &trainer->core;
  uint8_t challenge[16];
  switch (id) {
  case ET_R_UNLOCK_LEFT: return et_lock_left_s(core);
  case ET_R_WAIT_LEFT: return et_lock_wait_s(core);
  case ET_R_CHALLENGE:
    et_lock_challenge(core, index == 0u, challenge);
    return (uint32_t)challenge[2u * index] << 8 | challenge[2u * index + 1u];
  case ET_R_RESPONSE:
  case ET_R_KEY: break; /* written only */
  }
  return 0;
}

static uint32_t command_value(const et_trainer *trainer, et_register_of_command id) {
  const et_command_record *shown = &trainer->commands.known[trainer->commands.shown];
  switch (id) {
  case ET_R_COMMAND_ARGUMENT: return shown->argument;
  case ET_R_COMMAND_CODE: return shown->code;
  case ET_R_COMMAND_TICKET:
  case ET_R_COMMAND_DONE: return shown->ticket;
  case ET_R_COMMAND_RESULT: return shown->result;
  case ET_R_COMMAND_DETAIL: return shown->detail;
  case ET_R_COMMAND_PROOF: break; /* written only */
  }
  return 0;
}

static uint32_t feedback_value(const et_trainer *trainer, et_register_of_feedback id) {
  const et_core *core = &trainer->core;
  switch (id) {
  case ET_R_FEEDBACK_TRUTH:
    return core->outcome.truth == ET_NO_TRUTH ? ET_NO_TRUTH : et_class_code(&core->deployment.definition, (uint8_t)core->outcome.truth);
  }
  return 0;
}

static uint32_t line_value(const et_trainer *trainer, et_register_of_line id) {
  const et_line *line = &trainer->core.port->line;
  if (!et_line_settable(trainer)) return 0;
  switch (id) {
  case ET_R_LINE_RATE: return et_line_rate(line);
  case ET_R_LINE_PARITY: return line->parity;
  case ET_R_LINE_STOP_BITS: return line->stop_bits;
  case ET_R_LINE_TRIAL_LEFT: return et_line_trial_left_s(trainer);
  }
  return 0;
}

static uint32_t watch_value(const et_trainer *trainer, et_register_of_watch id) {
  switch (id) {
  case ET_R_WATCH_SAVE_STATE: return (uint32_t)et_save_state_of(trainer);
  case ET_R_WATCH_SAVE_AGE: {
    const uint32_t age = et_save_age_s(trainer);
    return age > 65535u ? 65535u : age;
  }
  }
  return 0;
}

static uint32_t input_value(const et_trainer *trainer, et_register_of_input id, uint16_t element) {
  const et_core *core = &trainer->core;
  switch (id) {
  case ET_R_FEATURES:
    if (core->deployment.model == NULL || et_is_stream(core) || element >= et_input_words(&core->deployment.definition)) return 0;
    return (uint16_t)(et_is_local(&core->deployment.definition) ? et_measured(core) : et_input(core))[element];
  }
  return 0;
}

/* The member that a register shows; `place` as in et_registers_shown. */
static uint32_t member_value(const et_trainer *trainer, uint16_t place, uint16_t element) {
  const uint8_t bytes = place & 7u;
  uint32_t value = 0;
  memcpy(&value, (const uint8_t *)trainer + (place >> 3) + element * bytes, bytes); /* the least bytes come first */
  return value;
}

static uint32_t worked_out(et_trainer *trainer, et_register id, uint16_t element) {
  switch (et_register_table[id].block) {
  case ET_BLOCK_INPUT: return input_value(trainer, (et_register_of_input)id, element);
  case ET_BLOCK_DECISION: return decision_value(trainer, (et_register_of_decision)id, element);
  case ET_BLOCK_VOICES: return voices_value(trainer, (et_register_of_voices)id, element);
  case ET_BLOCK_TARGETS: return targets_value(trainer, (et_register_of_targets)id, element);
  case ET_BLOCK_FEEDBACK: return feedback_value(trainer, (et_register_of_feedback)id);
  case ET_BLOCK_WATCH: return watch_value(trainer, (et_register_of_watch)id);
  case ET_BLOCK_LINE: return line_value(trainer, (et_register_of_line)id);
  case ET_BLOCK_STREAM: return stream_value(trainer, (et_register_of_stream)id, element);
  case ET_BLOCK_IDENTITY: return identity_value(trainer, (et_register_of_identity)id, element);
  case ET_BLOCK_STATUS: return status_value(trainer, (et_register_of_status)id);
  case ET_BLOCK_COMMAND: return command_value(trainer, (et_register_of_command)id);
  case ET_BLOCK_EVALUATION: return evaluation_value(trainer, (et_register_of_evaluation)id, element);
  case ET_BLOCK_LOCK: return lock_value(trainer, (et_register_of_lock)id, element);
  case ET_BLOCK_PATTERNS: return pattern_value(trainer, (et_register_of_patterns)id, element);
  default: return 0; /* samples are taken in, not kept */
  }
}

uint16_t et_register_read(et_trainer *trainer, et_register id, uint16_t index) {
  ET_CONSTANT et_register_entry *entry = &et_register_table[id];
  const uint16_t element = (uint16_t)(index / et_register_element(entry));
  const uint16_t place = et_registers_shown[id];
  uint32_t value;
  if (entry->block == ET_BLOCK_BULK) return et_bulk_read(trainer, (uint16_t)(entry->address - ET_A_BULK_OBJECT + index));
  value = place != 0u ? member_value(trainer, place, element) : worked_out(trainer, id, element);
  return et_register_element(entry) == 2u && index % 2u == 0u ? (uint16_t)(value >> 16) : (uint16_t)value;
}
