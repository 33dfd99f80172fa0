#include "loop/judge.h"

#include "loop/trainer_state.h"
#include "modbus/register_table.h"

/* Targets in the order of the registers become targets in the order of the outputs, each in range; all of them, or none that is one. */
static et_error read_targets(const et_definition *definition, uint16_t kind, const int16_t *told, uint16_t count, int16_t *values,
                             uint16_t *detail) {
  uint8_t i;
  if (kind == ET_FEEDBACK_KIND_DISCARD || (kind == ET_FEEDBACK_KIND_OUTCOME && et_definition_tracks(definition))) return ET_OK;
  *detail = ET_A_TARGETS;
  if (count != definition->output_count) return ET_WORDS_MISSING;
  for (i = 0; i < definition->output_count; i++) {
    const et_output *output = &definition->outputs[i];
    values[i] = told[output->position];
    *detail = output->position;
    if (values[i] < output->min || values[i] > output->max) return ET_TARGET_RANGE;
  }
  return ET_OK;
}

et_error et_judge(et_trainer *trainer, uint16_t number, uint16_t kind, const int16_t *told, uint16_t count, uint16_t *detail) {
  et_core *core = &trainer->core;
  int16_t values[ET_FEEDBACK_VALUES] = {told[0]};
  et_error error = ET_OK;
  if (et_gives_values(core)) error = read_targets(&core->deployment.definition, kind, told, count, values, detail);
  if (error == ET_OK) error = number == 0u ? ET_TICKET_ZERO : trainer->ops->judge(trainer->loop, number, kind, values);
  if (error != ET_OK) return error;
  core->outcome.ticket = number;
  core->outcome.kind = kind;
  core->outcome.value = told[0];
  core->outcome.at_ms = et_now_ms(core);
  return ET_OK;
}
