#include "loop/decide/io.h"

#include <string.h>

#include "loop/decide/array.h"
#include "loop/decide/decide.h"
#include "loop/decide/stitching.h"
#include "support/crc.h"

/* Scale register units to the stored format: the range's middle becomes 0, its ends +-127 or +-32767, rounded to nearest.
 * x = 2 raw - min - max lies in +-(max - min) <= 65535 after clamping, so x * 32767 <= 65535 * 32767 < 2^31. */
static int32_t scale(const et_feature_entry *feature, int16_t raw, int32_t full) {
  const int32_t span = (int32_t)feature->max - feature->min;
  const int32_t value = raw < feature->min ? feature->min : raw > feature->max ? feature->max : raw;
  const int32_t product = (2 * value - feature->min - feature->max) * full;
  return (product >= 0 ? product + span / 2 : product - span / 2) / span;
}

static void store_features(et_decide *decide, uint8_t *stored) {
  const et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  const int16_t *input = et_asked(decide);
  uint8_t i;
  if (et_stream_channels(definition) != 0u) {
    et_ring_copy(decide, stored);
  } else if (et_array_count(definition) != 0u) {
    et_array_named(decide);
    memcpy(stored, et_at(core, core->deployment.layout.array), core->deployment.layout.feature_bytes);
  } else if (definition->core->storage == ET_STORAGE_INT8) {
    for (i = 0; i < definition->core->features; i++)
      ((int8_t *)(void *)stored)[i] = (int8_t)scale(&definition->features[i], input[et_feature_position(definition, i)], 127);
  } else {
    for (i = 0; i < definition->core->features; i++)
      ((int16_t *)(void *)stored)[i] = (int16_t)scale(&definition->features[i], input[et_feature_position(definition, i)], 32767);
  }
}

static et_error check_range(const et_core *core, const int16_t *input, uint16_t *detail) {
  const et_definition *definition = &core->deployment.definition;
  uint8_t i;
  if (definition->core->out_of_range == ET_OUT_OF_RANGE_CLAMP) return ET_OK;
  for (i = 0; i < et_plain_features(definition); i++) {
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
  for (i = 0; i < core->deployment.definition.core->tickets; i++)
    if (tickets[i].state != ET_SLOT_FREE && tickets[i].number == number) return i;
  return -1;
}

uint16_t et_io_next_ticket(const et_decide *decide, uint16_t after) {
  uint16_t number = after;
  do number = (uint16_t)(number == UINT16_MAX ? 1u : number + 1u);
  while (et_io_find(decide, number) >= 0); /* ends: there are 64 tickets at most */
  return number;
}

/* The next place in the ring: the oldest, but a decision that still waits to be stitched gives way last. */
static uint8_t next_place(const et_decide *decide) {
  const et_core *core = decide->core;
  const et_ticket *tickets = et_tickets(core);
  const uint8_t count = core->deployment.definition.core->tickets;
  uint8_t i;
  for (i = 0; i < count; i++) {
    const uint8_t at = (uint8_t)((decide->io.next + i) % count);
    if (!tickets[at].to_stitch) return at;
  }
  return (uint8_t)(decide->io.next % count);
}

/* CRC-32 of the words as they were written. */
static uint32_t words_of(const et_core *core, const int16_t *input) {
  return et_crc32(0u, (const uint8_t *)input, 2u * (uint32_t)et_input_words(&core->deployment.definition));
}

static bool was_heard_of(const et_core *core, const et_ticket *ticket) {
  return et_now_ms(core) - ticket->asked_ms < 1000u * ET_REPEAT_SECONDS;
}

/* The number stands for a new decision from now on; a sample that waits to be stitched still is. */
static void retire(et_core *core, et_ticket *ticket) {
  ticket->number = 0;
  if (ticket->state != ET_SLOT_PENDING) return;
  ticket->state = ET_SLOT_FREE;
  core->counters.discarded[ET_DISCARD_REASON_EXPIRED]++;
}

/* The decision block shows the decision at `place`. */
static void show_decision(et_decide *decide, uint8_t place) {
  decide->io.shown = et_tickets(decide->core)[place];
  if (et_gives_values(decide->core)) et_outputs_show(decide->core, place);
}

/* All voices have spoken, or the model has given its values. */
static void decided(et_decide *decide, uint8_t place) {
  et_core *core = decide->core;
  et_ticket *ticket = &et_tickets(core)[place];
  if (et_gives_values(core)) et_outputs_speak(decide, place);
  else et_speak(decide, ticket);
  ticket->decided_ms = et_now_ms(core);
  ticket->state = ET_SLOT_PENDING;
  ticket->generation = core->generations.number;
  show_decision(decide, place);
  core->counters.inferences++;
  if (core->port->actuate != NULL)
    core->port->actuate(core->port->user, et_class_code(&core->deployment.definition, ticket->output_class),
                        et_io_actuation(decide, ticket->output_class));
  if (et_is_local(&core->deployment.definition)) et_local_decided(decide, ticket);
}

/* The model takes longer than a request may. */
static bool takes_long(const et_core *core) {
  const et_model_ops *model = core->deployment.model;
  return core->generations.number != 0u && model->cost != NULL && model->cost(&core->deployment.context) > ET_DECISION_WORK;
}

static void begin(et_decide *decide, uint8_t place, uint16_t number, bool own) {
  et_core *core = decide->core;
  et_ticket *ticket = &et_tickets(core)[place];
  uint8_t *stored = et_ticket_features(core, place);
  decide->io.own = ET_WITH_LOCAL_IO != 0 && own;
  store_features(decide, stored);
  memset(ticket, 0, sizeof *ticket);
  ticket->number = number;
  ticket->words = words_of(core, et_asked(decide));
  ticket->asked_ms = et_now_ms(core);
  ticket->truth = ET_NO_TRUTH;
  if (decide->feedback.manual_override) ticket->spoiled |= (uint8_t)(1u << ET_DISCARD_REASON_MANUAL_OVERRIDE);
  if (decide->feedback.sensor_fault) ticket->spoiled |= (uint8_t)(1u << ET_DISCARD_REASON_SENSOR_FAULT);
  et_ask(decide, ticket);
  if (takes_long(core)) {
    ticket->state = ET_SLOT_DECIDING;
    decide->io.deciding = (uint8_t)(place + 1u);
    decide->io.cursor = 0;
    ticket->generation = core->generations.number;
    return;
  }
  et_ask_models(decide, stored, ticket);
  decided(decide, place);
}

uint16_t et_io_deciding(const et_decide *decide) {
  return decide->io.deciding == 0u ? 0u : et_tickets(decide->core)[decide->io.deciding - 1u].number;
}

void et_io_abandon(et_decide *decide) {
  if (decide->io.deciding != 0u) memset(&et_tickets(decide->core)[decide->io.deciding - 1u], 0, sizeof(et_ticket));
  decide->io.deciding = 0;
  et_array_forget(decide);
}

bool et_io_slice(et_decide *decide) {
  const et_core *core = decide->core;
  const et_model_ops *model = core->deployment.model;
  const uint8_t place = (uint8_t)(decide->io.deciding - 1u);
  et_decision decision = {0, 0};
  et_ticket *ticket;
  if (decide->io.deciding == 0u) return false;
  ticket = &et_tickets(core)[place];
  if (ticket->generation != core->generations.number) decide->io.cursor = 0; /* another generation answers now */
  ticket->generation = core->generations.number;
  if (core->generations.number != 0u) {
    if (!model->infer_step(&core->deployment.context, NULL, et_generation(core, core->generations.running), et_ticket_features(core, place),
                           &decide->io.cursor, ET_SLICE_WORK, &decision))
      return true;
    ticket->proposed[ET_DECIDED_BY_MODEL] = decision.output_class;
  }
  decide->io.deciding = 0;
  decided(decide, place);
  return true;
}

/* Whether the array that a decision is about is there; the board's own loop decides about the window as it is. */
static et_error array_ready(const et_decide *decide, const int16_t *input, bool own, uint16_t *detail) {
  if (et_stream_channels(&decide->core->deployment.definition) != 0u) return et_ring_ready(decide, own ? NULL : input, detail);
  return et_array_ready(decide, detail);
}

static et_error infer(et_decide *decide, uint16_t number, bool own, uint16_t *detail) {
  et_core *core = decide->core;
  const int16_t *input = et_features_of(core, own);
  et_ticket *ticket;
  uint8_t place;
  int16_t known;
  et_error error;

  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (et_is_stream(core)) return ET_NOT_SUPPORTED;
  if (number == 0u) return ET_TICKET_ZERO;
  error = check_range(core, input, detail);
  if (error != ET_OK) return error;

  known = et_io_find(decide, number);
  if (known >= 0) {
    ticket = &et_tickets(core)[known];
    if (ticket->state == ET_SLOT_DECIDING && ticket->words == words_of(core, input)) {
      core->repeats++;
      ticket->asked_ms = et_now_ms(core);
      return ET_OK;
    }
    if (was_heard_of(core, ticket)) {
      if (ticket->words != words_of(core, input)) return ET_TICKET_TAKEN;
      if (ticket->generation == core->generations.number) {
        core->repeats++;
        ticket->asked_ms = et_now_ms(core);
        show_decision(decide, (uint8_t)known);
        return ET_OK;
      }
    }
  }
  if (decide->io.deciding != 0u) return ET_BUSY;
  if (ET_WITH_ARRAY != 0 && (error = array_ready(decide, input, own, detail)) != ET_OK) return error;
  if (known >= 0) retire(core, &et_tickets(core)[known]);
  place = next_place(decide);
  ticket = &et_tickets(core)[place];
  if (ticket->to_stitch) et_stitch_give_up(decide, place);
  begin(decide, place, number, own);
  decide->io.next = (uint8_t)((place + 1u) % core->deployment.definition.core->tickets);
  return ET_OK;
}

et_error et_io_infer(et_decide *decide, uint16_t number, uint16_t *detail) {
  const et_error error = infer(decide, number, false, detail);
  if (error == ET_OK) decide->io.ticket = number;
  return error;
}
#if ET_WITH_LOCAL_IO
et_error et_io_infer_own(et_decide *decide, uint16_t number, uint16_t *detail) { return infer(decide, number, true, detail); }
#endif

bool et_io_repeats(et_decide *decide, uint16_t number) {
  et_core *core = decide->core;
  const int16_t known = et_io_find(decide, number);
  et_ticket *ticket;
  if (known < 0) return false;
  ticket = &et_tickets(core)[known];
  if (ticket->state != ET_SLOT_DECIDING && decide->io.shown.number != number) return false;
  if (!was_heard_of(core, ticket)) return false;
  ticket->asked_ms = et_now_ms(core);
  core->repeats++;
  return true;
}

uint16_t et_io_pending(const et_decide *decide) {
  const et_core *core = decide->core;
  uint16_t pending = 0;
  uint8_t i;
  if (core->deployment.model == NULL || et_is_stream(core)) return 0;
  for (i = 0; i < core->deployment.definition.core->tickets; i++)
    if (et_tickets(core)[i].state == ET_SLOT_PENDING) pending++;
  return pending;
}

int16_t et_io_actuation(const et_decide *decide, uint8_t output_class) {
  const et_core *core = decide->core;
  if (core->deployment.model == NULL || output_class >= core->deployment.definition.core->classes) return 0;
  if (et_gives_values(core)) return et_shown_values(core)[et_output_at(&core->deployment.definition, 0)];
  return core->deployment.definition.classes[output_class].actuation;
}

void et_io_spoil(et_decide *decide, et_discard_reason reason) {
  et_core *core = decide->core;
  uint8_t i;
  if (core->deployment.model == NULL || et_is_stream(core)) return;
  for (i = 0; i < core->deployment.definition.core->tickets; i++)
    if (et_tickets(core)[i].state == ET_SLOT_PENDING || et_tickets(core)[i].state == ET_SLOT_DECIDING)
      et_tickets(core)[i].spoiled |= (uint8_t)(1u << reason);
}
