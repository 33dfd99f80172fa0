#include "loop/decide/decide.h"
#include "loop/decide/io.h"

#include <string.h>

/* Scale register units to the stored format: the range's middle becomes 0, its ends +-127 or +-32767, rounded to nearest.
 * x = 2 raw - min - max lies in +-(max - min) <= 65535 after clamping, so x * 32767 <= 65535 * 32767 < 2^31. */
static int32_t scale(const et_feature_entry *feature, int16_t raw, int32_t full) {
  const int32_t span = (int32_t)feature->max - feature->min;
  const int32_t value = raw < feature->min ? feature->min : raw > feature->max ? feature->max : raw;
  const int32_t product = (2 * value - feature->min - feature->max) * full;
  return (product >= 0 ? product + span / 2 : product - span / 2) / span;
}

static void store_features(const et_decide *decide, uint8_t *stored) {
  const et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  const int16_t *input = et_input(core);
  uint8_t i;
  if (definition->fixed->storage == ET_STORAGE_INT8) {
    for (i = 0; i < definition->fixed->features; i++)
      ((int8_t *)(void *)stored)[i] = (int8_t)scale(&definition->features[i], input[et_feature_position(definition, i)], 127);
  } else {
    for (i = 0; i < definition->fixed->features; i++)
      ((int16_t *)(void *)stored)[i] = (int16_t)scale(&definition->features[i], input[et_feature_position(definition, i)], 32767);
  }
}

static et_error check_range(const et_decide *decide, uint16_t *detail) {
  const et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  const int16_t *input = et_input(core);
  uint8_t i;
  if (definition->fixed->out_of_range == ET_OUT_OF_RANGE_CLAMP) return ET_OK;
  for (i = 0; i < definition->fixed->features; i++) {
    const uint8_t at = et_feature_position(definition, i);
    if (input[at] < definition->features[i].min || input[at] > definition->features[i].max) {
      *detail = at;
      return ET_FEATURE_RANGE;
    }
  }
  return ET_OK;
}

int16_t et_io_find(const et_decide *decide, uint16_t number) {
  const et_core *core = decide->core;
  const et_ticket *tickets;
  uint8_t i;
  if (core->deployment.model == NULL || number == 0u || et_is_stream(core)) return -1;
  tickets = et_tickets(core);
  for (i = 0; i < core->deployment.definition.fixed->tickets; i++)
    if (tickets[i].state != ET_SLOT_FREE && tickets[i].number == number) return i;
  return -1;
}

/* The next place in the ring: the oldest, but a decision that still waits to be stitched gives way last. */
static uint8_t next_place(const et_decide *decide) {
  const et_core *core = decide->core;
  const et_ticket *tickets = et_tickets(core);
  const uint8_t count = core->deployment.definition.fixed->tickets;
  uint8_t i;
  for (i = 0; i < count; i++) {
    const uint8_t at = (uint8_t)((decide->io.next + i) % count);
    if (!tickets[at].to_stitch) return at;
  }
  return (uint8_t)(decide->io.next % count);
}

et_error et_io_infer(et_decide *decide, uint16_t number, uint16_t *detail) {
  et_core *core = decide->core;
  et_decision decision = { 0, 0 };
  et_ticket *ticket;
  uint8_t *stored;
  uint8_t place;
  int16_t known;
  et_error error;

  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (et_is_stream(core)) return ET_NOT_SUPPORTED;
  if (number == 0u) return ET_TICKET_ZERO;
  error = check_range(decide, detail);
  if (error != ET_OK) return error;

  known = et_io_find(decide, number);
  place = next_place(decide);
  stored = et_ticket_features(core, place);
  if (known >= 0) {
    /* Compare through one scaled feature at a time: a repeat must not disturb the ring. */
    const et_definition *definition = &core->deployment.definition;
    const uint8_t *before = et_ticket_features(core, (uint8_t)known);
    const bool narrow = definition->fixed->storage == ET_STORAGE_INT8;
    uint8_t i;
    for (i = 0; i < definition->fixed->features; i++) {
      const int32_t now = scale(&definition->features[i], et_input(core)[et_feature_position(definition, i)], narrow ? 127 : 32767);
      const int32_t then = narrow ? ((const int8_t *)(const void *)before)[i] : ((const int16_t *)(const void *)before)[i];
      if (now != then) return ET_TICKET_TAKEN;
    }
    core->repeats++;
    decide->io.shown = et_tickets(core)[known];
    return ET_OK;
  }

  ticket = &et_tickets(core)[place];
  if (ticket->to_stitch) core->counters.discarded[ET_DISCARD_REASON_OTHER]++;
  store_features(decide, stored);
  if (core->generations.number == 0u) decision.output_class = core->deployment.definition.fixed->default_class;
  else core->deployment.model->infer(&core->deployment.context, et_generation(core, core->generations.running), stored, &decision);

  memset(ticket, 0, sizeof *ticket);
  ticket->number = number;
  ticket->decided_ms = et_now_ms(core);
  ticket->state = ET_SLOT_PENDING;
  ticket->output_class = decision.output_class;
  ticket->confidence = decision.confidence;
  ticket->generation = core->generations.number;
  ticket->truth = ET_NO_TRUTH;
  if (decide->feedback.manual_override) ticket->spoiled |= (uint8_t)(1u << ET_DISCARD_REASON_MANUAL_OVERRIDE);
  if (decide->feedback.sensor_fault) ticket->spoiled |= (uint8_t)(1u << ET_DISCARD_REASON_SENSOR_FAULT);
  decide->io.next = (uint8_t)((place + 1u) % core->deployment.definition.fixed->tickets);
  decide->io.shown = *ticket;
  core->counters.inferences++;
  if (core->port->actuate != NULL)
    core->port->actuate(core->port->user, et_class_code(&core->deployment.definition, decision.output_class),
                        et_io_actuation(decide, decision.output_class));
  return ET_OK;
}

uint16_t et_io_pending(const et_decide *decide) {
  const et_core *core = decide->core;
  uint16_t pending = 0;
  uint8_t i;
  if (core->deployment.model == NULL || et_is_stream(core)) return 0;
  for (i = 0; i < core->deployment.definition.fixed->tickets; i++)
    if (et_tickets(core)[i].state == ET_SLOT_PENDING) pending++;
  return pending;
}

int16_t et_io_actuation(const et_decide *decide, uint8_t output_class) {
  const et_core *core = decide->core;
  if (core->deployment.model == NULL || output_class >= core->deployment.definition.fixed->classes) return 0;
  return core->deployment.definition.classes[output_class].actuation;
}

void et_io_spoil(et_decide *decide, et_discard_reason reason) {
  et_core *core = decide->core;
  uint8_t i;
  if (core->deployment.model == NULL || et_is_stream(core)) return;
  for (i = 0; i < core->deployment.definition.fixed->tickets; i++)
    if (et_tickets(core)[i].state == ET_SLOT_PENDING) et_tickets(core)[i].spoiled |= (uint8_t)(1u << reason);
}
