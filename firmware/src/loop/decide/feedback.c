#include "loop/decide/feedback.h"
#include "loop/core/log.h"

#include "loop/decide/decide.h"
#include "loop/decide/io.h"
#include "loop/decide/relabel.h"
#include "loop/decide/stitching.h"
#include "loop/decide/train_on_demand.h"

static void show_outcome(et_decide *decide, const et_ticket *ticket) {
  et_core *core = decide->core;
  core->outcome.judgement = ticket->judgement;
  core->outcome.truth = ticket->truth;
  core->outcome.reason = ticket->reason;
}

static void discard(et_decide *decide, et_ticket *ticket, uint16_t reason) {
  decide->core->counters.discarded[reason]++;
  ticket->state = ET_SLOT_JUDGED;
  ticket->judgement = ET_JUDGEMENT_DISCARDED;
  ticket->reason = (uint8_t)reason;
  ticket->truth = ET_NO_TRUTH;
}

uint8_t et_feedback_truth(const et_decide *decide, uint8_t decided, int16_t outcome) {
  const et_definition *definition = &decide->core->deployment.definition;
  const et_definition_feedback *rule = definition->feedback;
  int32_t error = (int32_t)outcome - decide->feedback.set_point;
  if (rule->rule == ET_RULE_DEAD_BAND) {
    const bool low = error < 0;
    const uint8_t named = low ? rule->class_low : rule->class_high, opposite = low ? rule->class_high : rule->class_low;
    const uint8_t between = definition->core->default_class;
    if (low) error = -error;
    if (error <= rule->band) return decided;
    /* Too cold after cooling: cooling went too far. The default class lies between the two; heating would swing from one to the other. */
    return decided == opposite && between != opposite ? between : named;
  }
  return (rule->limit_side == ET_LIMIT_SIDE_ABOVE ? error > 0 : error < 0) ? rule->class_low : decided;
}

/* Why this outcome cannot be judged, or -1. A label says what would have been right for those features, whatever the actuator did
 * since, so only a sensor fault spoils it. */
static int16_t unjudgeable(const et_decide *decide, const et_ticket *ticket, uint16_t kind) {
  const et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  const uint32_t age = et_now_ms(core) - ticket->decided_ms;
  if (definition->feedback->ticket_ttl_ms != 0u && age > definition->feedback->ticket_ttl_ms) return ET_DISCARD_REASON_EXPIRED;
  if (ticket->spoiled & (1u << ET_DISCARD_REASON_SENSOR_FAULT)) return ET_DISCARD_REASON_SENSOR_FAULT;
  if (kind != ET_FEEDBACK_KIND_OUTCOME) return -1;
  if (ticket->spoiled & (1u << ET_DISCARD_REASON_MANUAL_OVERRIDE)) return ET_DISCARD_REASON_MANUAL_OVERRIDE;
  if (ticket->spoiled & (1u << ET_DISCARD_REASON_SET_POINT_CHANGED)) return ET_DISCARD_REASON_SET_POINT_CHANGED;
  return -1;
}

/* Permille of the stored samples that are of other classes. */
static uint16_t share_of_others(const et_decide *decide, uint16_t truth) {
  const et_core *core = decide->core;
  const uint16_t *own = et_class_counts(core) + truth;
  const uint32_t samples = decide->stitching.samples, others = samples - own[0] - own[core->deployment.definition.core->classes];
  return (uint16_t)(samples == 0u ? 0u : 1000u * others / samples);
}

/* Compares the truth with what the voices chose. False: the feedback is suspicious and the definition says to pause. */
static bool learns(et_decide *decide, uint8_t index, const et_ticket *ticket) {
  et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  et_feedback_watch *watch = &decide->feedback.watch;
  et_evidence evidence;
  if (et_gives_values(core)) return true; /* it compares classes */
  /* What was decided before anything was learned proves nothing. */
  if (definition->feedback->suspicion == ET_SUSPICION_ACTION_OFF || ticket->generation == 0u) return true;
  evidence.features = et_ticket_features(core, index);
  evidence.narrow = definition->core->storage == ET_STORAGE_INT8;
  evidence.outcome = ticket->feedback_value;
  evidence.decided = ticket->chosen;
  evidence.truth = (uint8_t)ticket->truth;
  evidence.model = ticket->proposed[ET_DECIDED_BY_MODEL];
  evidence.model_accuracy = et_voices_accuracy(et_voices_of(core), ET_DECIDED_BY_MODEL);
  evidence.others = share_of_others(decide, ticket->truth);
  if (et_suspicion_judged(watch, et_stillness_of(core), et_plain_features(definition), &evidence)) {
    core->changes.wanted = true;
    et_log(core, ET_EVENT_SUSPICION, watch->kind, watch->kind == ET_SUSPICION_FEATURE_STUCK ? watch->feature : watch->usual);
  }
  return watch->kind == ET_SUSPICION_NONE || definition->feedback->suspicion == ET_SUSPICION_ACTION_REPORT;
}

/* The truth of the ticket at ring index `index` is known: judge its decision, and learn from it. */
static void accept_truth(et_decide *decide, uint8_t index, uint16_t kind, uint16_t truth) {
  et_core *core = decide->core;
  et_ticket *ticket = &et_tickets(core)[index];
  /* Off the set point although the decision was already the right one: it was not wrong, only not enough. */
  const bool satisfied = et_gives_values(core) ? et_outputs_met(core, index) : truth == ticket->output_class;
  ticket->state = ET_SLOT_JUDGED;
  ticket->truth = truth;
  ticket->judgement = satisfied ? ET_JUDGEMENT_SATISFIED : ET_JUDGEMENT_UNSATISFIED;
  show_outcome(decide, ticket);
  /* A lesson is judged too, once there is something that it can judge. */
  if (kind != ET_FEEDBACK_KIND_TEACH || ticket->generation != 0u) {
    decide->feedback.unsatisfied = !satisfied;
    core->counters.judged++;
    if (satisfied) core->counters.satisfied++;
    et_window_push(core, satisfied);
    et_train_judged(decide);
  }
  if (!learns(decide, index, ticket)) return;
  if (!et_gives_values(core)) et_speaking_learn(decide, ticket, kind == ET_FEEDBACK_KIND_TEACH);
  et_stitch(decide, index, kind == ET_FEEDBACK_KIND_TEACH || !satisfied);
}

/* The truth that a feedback gives: of continuous outputs the targets, and all are of one class. */
static uint16_t truth_of(const et_decide *decide, uint8_t index, uint16_t kind, const int16_t *values) {
  const et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  if (et_gives_values(core)) {
    if (kind == ET_FEEDBACK_KIND_OUTCOME && et_definition_tracks(definition)) {
      const int16_t target = et_outputs_tracked(core, decide->feedback.set_point, et_decided_values(core, index)[0], values[0]);
      et_outputs_tell(core, index, &target); /* the only output */
    } else {
      et_outputs_tell(core, index, values);
    }
    return 0;
  }
  if (kind == ET_FEEDBACK_KIND_OUTCOME && definition->feedback->rule != ET_RULE_LABEL)
    return et_feedback_truth(decide, et_tickets(core)[index].output_class, values[0]);
  return et_class_of(definition, (uint8_t)values[0]);
}

/* The ticket was judged by this very feedback. */
static bool same_feedback(const et_core *core, uint8_t index, uint16_t kind, const int16_t *values) {
  const et_ticket *ticket = &et_tickets(core)[index];
  if (ticket->feedback_kind != kind || ticket->feedback_value != values[0]) return false;
  if (kind == ET_FEEDBACK_KIND_OUTCOME && et_definition_tracks(&core->deployment.definition)) return true; /* the target is its own */
  return !et_gives_values(core) || kind == ET_FEEDBACK_KIND_DISCARD || ticket->truth == ET_NO_TRUTH || et_outputs_told(core, index, values);
}

et_error et_feedback_judge(et_decide *decide, uint16_t number, uint16_t kind, const int16_t *values) {
  const int16_t value = values[0];
  et_core *core = decide->core;
  const et_definition *definition;
  et_ticket *ticket;
  int16_t index, reason;

  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (kind == ET_FEEDBACK_KIND_FALSE_ALARM || kind == ET_FEEDBACK_KIND_CONFIRMED) return ET_RULE_MISMATCH;
  definition = &core->deployment.definition;
  index = et_io_find(decide, number);
  if (index < 0) return ET_TICKET_UNKNOWN;
  ticket = &et_tickets(core)[index];

  if (ticket->state == ET_SLOT_DECIDING) return ET_BUSY; /* there is nothing to judge yet */
  if (ticket->state == ET_SLOT_JUDGED) {
    if (!same_feedback(core, (uint8_t)index, kind, values)) return ET_TICKET_JUDGED;
    core->repeats++;
    show_outcome(decide, ticket);
    return ET_OK;
  }
  if (kind == ET_FEEDBACK_KIND_DISCARD) {
    if (value < 0 || value > ET_DISCARD_REASON_TOO_EARLY) return ET_VALUE;
  } else if (kind != ET_FEEDBACK_KIND_OUTCOME || definition->feedback->rule == ET_RULE_LABEL) {
    if (!et_gives_values(core) && (value < 0 || value >= definition->core->classes)) return ET_CLASS_UNKNOWN;
  }
  /* A lesson is worth waiting for: whoever teaches in a row would overrun the few tickets that can wait. */
  if (kind == ET_FEEDBACK_KIND_TEACH && (et_job_holds_samples(&core->job) || et_stitch_pending(decide))) return ET_BUSY;
  if (kind == ET_FEEDBACK_KIND_OUTCOME && definition->feedback->settle_ms != 0u &&
      et_now_ms(core) - ticket->decided_ms < definition->feedback->settle_ms) {
    /* The plant has not answered yet: this outcome is not judged, a later one may be. */
    core->counters.discarded[ET_DISCARD_REASON_TOO_EARLY]++;
    core->outcome.judgement = ET_JUDGEMENT_TOO_EARLY;
    core->outcome.reason = ET_DISCARD_REASON_TOO_EARLY;
    core->outcome.truth = ET_NO_TRUTH;
    return ET_OK;
  }
  ticket->feedback_kind = (uint8_t)kind;
  ticket->feedback_value = value;

  reason = kind == ET_FEEDBACK_KIND_DISCARD ? value : unjudgeable(decide, ticket, kind);
  if (reason >= 0) {
    discard(decide, ticket, (uint16_t)reason);
    show_outcome(decide, ticket);
    return ET_OK;
  }

  accept_truth(decide, (uint8_t)index, kind, truth_of(decide, (uint8_t)index, kind, values));
  return ET_OK;
}

void et_feedback_set_point(et_decide *decide, int16_t set_point) {
  if (set_point == decide->feedback.set_point) return;
  decide->feedback.set_point = set_point;
  decide->core->changes.noted = true;
  et_io_spoil(decide, ET_DISCARD_REASON_SET_POINT_CHANGED);
  et_relabel_begin(decide);
}
