#include "loop/feedback.h"

#include "loop/io.h"
#include "loop/stitching.h"
#include "loop/stream_loop.h"
#include "loop/train_on_demand.h"

static void show(et_trainer *trainer, const et_ticket *ticket) {
  trainer->feedback_judgement = ticket->judgement;
  trainer->feedback_truth = ticket->truth;
}

static void discard(et_trainer *trainer, et_ticket *ticket, uint16_t reason) {
  trainer->counters.discarded[reason]++;
  ticket->state = ET_SLOT_JUDGED;
  ticket->judgement = ET_JUDGEMENT_DISCARDED;
  ticket->truth = ET_NO_TRUTH;
}

/* Slide the window of judged outcomes by one. */
static void window_push(et_trainer *trainer, bool satisfied) {
  const uint16_t size = trainer->definition.fixed->accuracy_window;
  uint8_t *byte = &trainer->window[trainer->window_at >> 3];
  const uint8_t bit = (uint8_t)(1u << (trainer->window_at & 7u));
  if (trainer->window_filled == size) {
    if (*byte & bit) trainer->window_good--;
  } else {
    trainer->window_filled++;
  }
  if (satisfied) {
    *byte |= bit;
    trainer->window_good++;
  } else {
    *byte &= (uint8_t)~bit;
  }
  trainer->window_at = (uint16_t)((trainer->window_at + 1u) % size);
}

uint16_t et_feedback_window_accuracy(const et_trainer *trainer) {
  if (trainer->window_filled == 0u) return 65535u;
  return (uint16_t)((1000u * (uint32_t)trainer->window_good + trainer->window_filled / 2u) / trainer->window_filled);
}

/* The rule: outcome -> satisfied, ground truth. A satisfactory outcome makes the decision itself the truth. */
static bool apply_rule(const et_trainer *trainer, const et_ticket *ticket, int16_t value, uint16_t *truth) {
  const et_definition_fixed *fixed = trainer->definition.fixed;
  const int32_t error = (int32_t)value - trainer->set_point;
  *truth = ticket->output_class;
  if (fixed->rule == ET_RULE_DEAD_BAND) {
    if (error < -(int32_t)fixed->band) *truth = fixed->class_low;
    else if (error > fixed->band) *truth = fixed->class_high;
    else return true;
    /* Off the set point although the decision was already the right one: it was not wrong, only not enough. */
    return *truth == ticket->output_class;
  }
  if (fixed->limit_side == ET_LIMIT_SIDE_ABOVE ? error > 0 : error < 0) {
    *truth = fixed->class_low;
    return *truth == ticket->output_class;
  }
  return true;
}

/* Why this outcome cannot be judged, or -1. A label says what would have been right for those features, whatever the actuator did
 * since, so only a sensor fault spoils it. */
static int16_t unjudgeable(const et_trainer *trainer, const et_ticket *ticket, uint16_t kind) {
  const et_definition_fixed *fixed = trainer->definition.fixed;
  const uint32_t age = et_now_ms(trainer) - ticket->decided_ms;
  if (fixed->ticket_ttl_ms != 0u && age > fixed->ticket_ttl_ms) return ET_DISCARD_REASON_EXPIRED;
  if (ticket->spoiled & (1u << ET_DISCARD_REASON_SENSOR_FAULT)) return ET_DISCARD_REASON_SENSOR_FAULT;
  if (kind != ET_FEEDBACK_KIND_OUTCOME) return -1;
  if (ticket->spoiled & (1u << ET_DISCARD_REASON_MANUAL_OVERRIDE)) return ET_DISCARD_REASON_MANUAL_OVERRIDE;
  if (ticket->spoiled & (1u << ET_DISCARD_REASON_SET_POINT_CHANGED)) return ET_DISCARD_REASON_SET_POINT_CHANGED;
  return -1;
}

et_error et_feedback_judge(et_trainer *trainer, uint16_t number, uint16_t kind, int16_t value) {
  const et_definition_fixed *fixed;
  et_ticket *ticket;
  int16_t index, reason;
  uint16_t truth;
  bool satisfied;

  if (trainer->model == NULL) return ET_NO_DEFINITION;
  if (et_is_stream(trainer)) return et_stream_judge(trainer, number, kind);
  if (kind == ET_FEEDBACK_KIND_FALSE_ALARM || kind == ET_FEEDBACK_KIND_CONFIRMED) return ET_RULE_MISMATCH;
  fixed = trainer->definition.fixed;
  index = et_io_find(trainer, number);
  if (index < 0) return ET_TICKET_UNKNOWN;
  ticket = &et_tickets(trainer)[index];

  if (ticket->state == ET_SLOT_JUDGED) {
    if (ticket->feedback_kind != kind || ticket->feedback_value != value) return ET_TICKET_JUDGED;
    trainer->repeats++;
    show(trainer, ticket);
    return ET_OK;
  }
  if (kind == ET_FEEDBACK_KIND_DISCARD) {
    if (value < 0 || value > ET_DISCARD_REASON_TOO_EARLY) return ET_VALUE;
  } else if (kind != ET_FEEDBACK_KIND_OUTCOME || fixed->rule == ET_RULE_LABEL) {
    if (value < 0 || value >= fixed->classes) return ET_CLASS_UNKNOWN;
  }
  /* A lesson is worth waiting for: whoever teaches in a row would overrun the few tickets that can wait. */
  if (kind == ET_FEEDBACK_KIND_TEACH && (et_train_holds_samples(trainer) || et_stitch_pending(trainer))) return ET_BUSY;
  if (kind == ET_FEEDBACK_KIND_OUTCOME && fixed->settle_ms != 0u &&
      et_now_ms(trainer) - ticket->decided_ms < fixed->settle_ms) {
    /* The plant has not answered yet: this outcome is not judged, a later one may be. */
    trainer->counters.discarded[ET_DISCARD_REASON_TOO_EARLY]++;
    trainer->feedback_judgement = ET_JUDGEMENT_DISCARDED;
    trainer->feedback_truth = ET_NO_TRUTH;
    return ET_OK;
  }
  ticket->feedback_kind = (uint8_t)kind;
  ticket->feedback_value = value;

  reason = kind == ET_FEEDBACK_KIND_DISCARD ? value : unjudgeable(trainer, ticket, kind);
  if (reason >= 0) {
    discard(trainer, ticket, (uint16_t)reason);
    show(trainer, ticket);
    return ET_OK;
  }

  if (kind == ET_FEEDBACK_KIND_OUTCOME && fixed->rule != ET_RULE_LABEL) {
    satisfied = apply_rule(trainer, ticket, value, &truth);
  } else {
    truth = (uint16_t)value;
    satisfied = truth == ticket->output_class;
  }
  ticket->state = ET_SLOT_JUDGED;
  ticket->truth = truth;
  ticket->judgement = satisfied ? ET_JUDGEMENT_SATISFIED : ET_JUDGEMENT_UNSATISFIED;
  show(trainer, ticket);
  if (kind != ET_FEEDBACK_KIND_TEACH) {
    trainer->unsatisfied = !satisfied;
    trainer->counters.judged++;
    if (satisfied) trainer->counters.satisfied++;
    window_push(trainer, satisfied);
    et_train_judged(trainer, ticket->generation, satisfied);
  }
  et_stitch(trainer, (uint8_t)index, kind == ET_FEEDBACK_KIND_TEACH || !satisfied);
  return ET_OK;
}

void et_feedback_set_point(et_trainer *trainer, int16_t set_point) {
  if (set_point == trainer->set_point) return;
  trainer->set_point = set_point;
  et_io_spoil(trainer, ET_DISCARD_REASON_SET_POINT_CHANGED);
}
