#include "loop/decide/local_io.h"

#include <string.h>

#include "loop/core/log.h"
#include "loop/decide/decide.h"
#include "support/register_value.h"

#if ET_WITH_LOCAL_IO

static bool has_input(const et_port *port, uint8_t channel) { return port->read_input != NULL && channel < port->inputs; }
static bool has_output(const et_port *port, uint8_t channel) { return port->drive_output != NULL && channel < port->outputs; }

et_error et_local_fits(const et_port *port, const et_definition *definition, uint16_t *detail) {
  uint8_t i;
  if (definition->io == NULL) return ET_OK;
  *detail = definition->io->output;
  if (!has_output(port, definition->io->output)) return ET_BOARD_CANNOT;
  for (i = 0; i <= definition->core->features; i++) {
    *detail = definition->local[i].channel;
    if (*detail != ET_LOCAL_NONE && !has_input(port, definition->local[i].channel)) return ET_BOARD_CANNOT;
  }
  *detail = 0;
  return ET_OK;
}

/* Value of a channel in register units; false: it failed. Product and sum of factors up to 1e9 and 16 bits stay far inside a float. */
static bool read(const et_port *port, const et_local_input *input, int16_t *value) {
  int16_t raw = 0;
  float scaled;
  if (!has_input(port, input->channel) || !port->read_input(port->user, input->channel, &raw)) return false;
  scaled = input->slope * (float)raw;
  scaled += input->offset;
  *value = et_register_value(scaled);
  return true;
}

static bool drive(et_decide *decide, uint8_t output_class) {
  const et_definition *definition = &decide->core->deployment.definition;
  const et_port *port = decide->core->port;
  const int16_t value = definition->classes[output_class].actuation;
  decide->local.drives = true;
  decide->local.value = value;
  return has_output(port, definition->io->output) && port->drive_output(port->user, definition->io->output, value);
}

/* Logs each change, except the start of the loop: the log's record of the definition says that already. */
static void enter_state(et_decide *decide, et_local_state state, uint8_t channel) {
  et_local *local = &decide->local;
  const bool changed = local->state != state || local->channel != channel;
  const bool begins = local->state == ET_LOCAL_STATE_OFF && state == ET_LOCAL_STATE_RUNNING;
  local->state = (uint8_t)state;
  local->channel = channel;
  if (changed && !begins) et_log(decide->core, ET_EVENT_LOCAL_IO, (uint16_t)state, channel);
}

/* The loop stands still: fail-safe, and no outcome may judge a decision that was in force only in part. */
static void fail(et_decide *decide, et_local_state state, uint8_t channel) {
  const et_local_io *io = decide->core->deployment.definition.io;
  decide->local.judged = 0;
  if (!drive(decide, io->fail_safe)) {
    state = ET_LOCAL_STATE_OUTPUT_FAILED;
    channel = io->output;
  }
  et_speaking_given(decide, io->fail_safe);
  enter_state(decide, state, channel);
}

/* The features, in register order. False: a channel failed. */
static bool measure(et_decide *decide) {
  const et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  uint8_t i;
  if (et_stream_channels(definition) != 0u) {
    et_measured(core)[0] = et_ring_newest(decide);
    return true;
  }
  for (i = 0; i < definition->core->features; i++)
    if (!read(core->port, &definition->local[i], &et_measured(core)[et_feature_position(definition, i)])) {
      fail(decide, ET_LOCAL_STATE_INPUT_FAILED, definition->local[i].channel);
      return false;
    }
  return true;
}

/* Reads the outcome of the last decision. With the rule LABEL the channel gives a class code; any other value says nothing. */
static bool report_outcome(et_decide *decide) {
  const et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  const et_local_input *input = &definition->local[definition->core->features];
  const bool labels = definition->feedback->rule == ET_RULE_LABEL;
  int16_t values[ET_FEEDBACK_VALUES] = {0};
  if (input->channel == ET_LOCAL_NONE) return true;
  if (!read(core->port, input, &values[0])) {
    fail(decide, ET_LOCAL_STATE_INPUT_FAILED, input->channel);
    return false;
  }
  if (decide->local.judged == 0u || (labels && (values[0] < 0 || values[0] >= definition->core->classes))) return true;
  (void)et_feedback_judge(decide, decide->local.judged, labels ? ET_FEEDBACK_KIND_LABEL : ET_FEEDBACK_KIND_OUTCOME, values);
  return true;
}

static void decide_now(et_decide *decide) {
  const uint16_t before = decide->local.ticket;
  uint16_t detail = 0;
  et_error error;
  decide->local.ticket = et_io_next_ticket(decide, before);
  error = et_io_infer_own(decide, decide->local.ticket, &detail);
  if (error != ET_OK) decide->local.ticket = before;
  if (error == ET_FEATURE_RANGE) fail(decide, ET_LOCAL_STATE_INPUT_RANGE, (uint8_t)detail);
  else if (error != ET_OK && et_stream_channels(&decide->core->deployment.definition) != 0u) fail(decide, ET_LOCAL_STATE_NO_WINDOW, 0);
}

static bool is_due(et_local *local, uint32_t now, uint32_t interval_ms) {
  if (!local->started) local->due_ms = now;
  if ((int32_t)(now - local->due_ms) < 0) return false;
  local->due_ms += interval_ms;
  if ((int32_t)(now - local->due_ms) >= 0) local->due_ms = now + interval_ms; /* a save took longer: what was missed is not made up for */
  return true;
}

bool et_local_slice(et_decide *decide) {
  const et_core *core = decide->core;
  et_local *local = &decide->local;
  const et_definition *definition = &core->deployment.definition;
  if (core->deployment.model == NULL || definition->io == NULL || et_io_deciding(decide) != 0u) return false;
  if (!is_due(local, et_now_ms(core), definition->io->interval_ms)) return false;
  local->started = true;
  if (!local->drives) (void)drive(decide, definition->io->fail_safe);
  if (decide->feedback.sensor_fault) fail(decide, ET_LOCAL_STATE_SENSOR_FAULT, 0);
  else if (report_outcome(decide) && measure(decide)) decide_now(decide);
  return true;
}

void et_local_decided(et_decide *decide, const et_ticket *ticket) {
  et_local *local = &decide->local;
  if (!decide->io.own || ticket->number != local->ticket) return;
  local->judged = ticket->number;
  if (decide->feedback.manual_override) enter_state(decide, ET_LOCAL_STATE_OVERRIDDEN, 0);
  else if (drive(decide, ticket->output_class)) enter_state(decide, ET_LOCAL_STATE_RUNNING, 0);
  else fail(decide, ET_LOCAL_STATE_OUTPUT_FAILED, decide->core->deployment.definition.io->output);
}

void et_local_leave(et_decide *decide, const et_definition *after) {
  const et_definition *before = &decide->core->deployment.definition;
  const bool goes_on =
      after != NULL && after->io != NULL && decide->local.drives && before->io != NULL && before->io->output == after->io->output;
  const uint16_t ticket = decide->local.ticket;
  if (decide->core->deployment.model != NULL && before->io != NULL && !goes_on) (void)drive(decide, before->io->fail_safe);
  memset(&decide->local, 0, sizeof decide->local);
  decide->local.ticket = ticket; /* a number is given once */
  decide->local.drives = goes_on;
}

#endif
