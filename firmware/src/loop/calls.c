/* The closed loop by calls: the functions behind the registers, for the program that the trainer is part of. */
#include <string.h>

#include "loop/bulk.h"
#include "loop/decide/array.h"
#include "loop/judge.h"
#include "loop/redeploy.h"
#include "loop/save_policy.h"
#include "loop/trainer_state.h"

uint32_t et_trainer_detail(const et_trainer *trainer) { return trainer->commands.detail; }

et_error et_trainer_deploy(et_trainer *trainer, const void *definition, uint32_t length) {
  et_core *core = &trainer->core;
  et_error error;
  trainer->commands.detail = length;
  if (length == 0u || length > et_upload_room(core)) return ET_DEFINITION_LENGTH;
  if (core->job.phase == ET_JOB_SAVE) return ET_BUSY;
  et_trainer_cancel(trainer); /* it works where the definition comes in */
  memcpy(et_at(core, core->deployment.layout.staging), definition, length);
  core->staging.object = ET_OBJECT_DEFINITION_STAGED;
  core->staging.total = length;
  core->staging.next_page = (uint16_t)((length + ET_PAGE_BYTES - 1u) / ET_PAGE_BYTES);
  core->staging.touched_ms = et_now_ms(core);
  error = et_redeploy(trainer);
  et_upload_forget(core);
  return error;
}

/* Words of the input block: features, or the check sum that names an array. */
static et_error infer(et_trainer *trainer, const int16_t *words, et_answer *answer) {
  et_core *core = &trainer->core;
  et_decide *decide = &trainer->decide;
  const uint16_t ticket = et_io_next_ticket(decide, decide->io.ticket);
  const size_t bytes = sizeof *words * et_input_words(&core->deployment.definition);
  int16_t before[ET_FEATURES_MAX];
  uint16_t detail = 0;
  et_error error;
  et_sequence_claim(&decide->io.words, 0, et_now_ms(core)); /* a master that writes word by word at the same time has to begin again */
  memcpy(before, et_input(core), bytes);
  memcpy(et_input(core), words, bytes);
  error = et_io_infer(decide, ticket, &detail);
  if (error == ET_OK) return et_trainer_answer(trainer, ticket, answer);
  memcpy(et_input(core), before, bytes);
  trainer->commands.detail = detail;
  return error;
}

/* Whether the deployed definition decides from an array, or from features. */
static et_error check_input(const et_trainer *trainer, bool array) {
  const et_core *core = &trainer->core;
  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (et_is_stream(core) || (et_array_count(&core->deployment.definition) != 0u) != array) return ET_NOT_SUPPORTED;
  return et_io_deciding(&trainer->decide) != 0u ? ET_BUSY : ET_OK;
}

static bool is_window(const et_trainer *trainer) {
  const et_core *core = &trainer->core;
  return core->deployment.model != NULL && et_stream_channels(&core->deployment.definition) != 0u;
}

et_error et_trainer_infer(et_trainer *trainer, const int16_t *features, et_answer *answer) {
  const et_error error = check_input(trainer, false);
  return error == ET_OK ? infer(trainer, features, answer) : error;
}

et_error et_trainer_infer_array(et_trainer *trainer, const uint8_t *values, et_answer *answer) {
#if ET_WITH_ARRAY
  const uint32_t count = et_array_count(&trainer->core.deployment.definition);
  int16_t name[ET_ARRAY_WORDS];
  uint32_t start;
  et_error error = is_window(trainer) ? ET_INPUT_STREAMED : check_input(trainer, true);
  for (start = 0; error == ET_OK && start < count; start += ET_PAGE_BYTES) {
    const uint32_t left = count - start;
    error = et_array_take(&trainer->decide, (uint16_t)(start / ET_PAGE_BYTES), start, values + start,
                          (uint16_t)(left < ET_PAGE_BYTES ? left : ET_PAGE_BYTES));
  }
  if (error != ET_OK) return error;
  et_array_name(&trainer->decide, name);
  return infer(trainer, name, answer);
#else
  (void)values;
  (void)answer;
  return check_input(trainer, true);
#endif
}

et_error et_trainer_infer_window(et_trainer *trainer, et_answer *answer) {
  const et_error error = check_input(trainer, true);
  const int16_t newest = et_ring_newest(&trainer->decide);
  if (error != ET_OK) return error;
  return is_window(trainer) ? infer(trainer, &newest, answer) : ET_NOT_SUPPORTED;
}

et_error et_trainer_answer(const et_trainer *trainer, uint16_t ticket, et_answer *answer) {
  const et_core *core = &trainer->core;
  const et_definition *definition = &core->deployment.definition;
  const int16_t place = et_io_find(&trainer->decide, ticket);
  const et_ticket *decided;
  uint8_t i;
  memset(answer, 0, sizeof *answer);
  if (place < 0) return ET_TICKET_UNKNOWN;
  decided = &et_tickets(core)[place];
  answer->ticket = ticket;
  answer->pending = decided->state == ET_SLOT_DECIDING;
  if (answer->pending) return ET_OK;
  answer->output_class = et_class_code(definition, decided->output_class);
  answer->by = decided->by;
  answer->confidence = decided->confidence;
  answer->generation = decided->generation;
  for (i = 0; i < et_output_count(definition); i++)
    answer->values[definition->outputs[i].position] = et_decided_values(core, (uint8_t)place)[i];
  answer->actuation = et_gives_values(core) ? answer->values[0] : definition->classes[decided->output_class].actuation;
  return ET_OK;
}

et_error et_trainer_feedback(et_trainer *trainer, uint16_t ticket, et_feedback_kind kind, const int16_t *values, uint8_t *judgement) {
  const et_core *core = &trainer->core;
  uint16_t detail = 0;
  const et_error error = et_judge(trainer, ticket, (uint16_t)kind, values,
                                  et_gives_values(core) ? et_output_count(&core->deployment.definition) : 1u, &detail);
  trainer->commands.detail = detail;
  if (judgement != NULL) *judgement = error == ET_OK ? core->outcome.judgement : (uint8_t)ET_JUDGEMENT_NONE;
  return error;
}

et_error et_trainer_set_point(et_trainer *trainer, int16_t set_point) {
  if (trainer->core.deployment.model == NULL) return ET_NO_DEFINITION;
  et_feedback_set_point(&trainer->decide, set_point);
  return ET_OK;
}

et_error et_trainer_train(et_trainer *trainer) { return et_trainer_start(trainer, 0u); }

et_error et_trainer_finding(const et_trainer *trainer, et_finding *finding) {
  memset(finding, 0, sizeof *finding);
  if (trainer->core.deployment.model == NULL) return ET_NO_DEFINITION;
#if ET_WITH_STREAM
  if (et_is_stream(&trainer->core)) {
    const et_alarm *alarm = &trainer->stream.alarm;
    const et_stream_result *result = &alarm->result;
    finding->ticket = alarm->number;
    finding->alarm = result->alarm;
    finding->new_pattern = result->alarm && result->new_pattern;
    finding->learning = result->learning;
    finding->calibrated = result->calibrated;
    finding->pattern = result->pattern;
    finding->regime = result->regime;
    finding->windows = result->windows;
    finding->score = result->score;
    finding->threshold = result->threshold;
    return ET_OK;
  }
#endif
  return ET_NOT_SUPPORTED;
}

void et_trainer_status(const et_trainer *trainer, et_status *status) {
  const et_core *core = &trainer->core;
  memset(status, 0, sizeof *status);
  status->state = (uint8_t)et_trainer_state(trainer);
  status->mode = core->training.mode;
  status->saved = (uint8_t)et_save_state_of(trainer);
  status->generation = core->generations.number;
  status->samples = trainer->decide.stitching.samples;
  status->satisfied = et_window_accuracy(core);
  status->model = core->generations.number == 0u ? 0u : core->generations.fingerprint;
}
