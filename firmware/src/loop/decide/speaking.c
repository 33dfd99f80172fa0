#include "loop/decide/speaking.h"

#include <string.h>

#include "decision/following_rule.h"
#include "decision/plant_limits.h"
#include "decision/standing.h"
#include "loop/core/log.h"
#include "loop/decide/decide.h"

/* Truths that a voice must have spoken before, and permille that it must be ahead, to be called the one that leads. */
#define LEAD_TRUTHS 10u
#define LEAD_MARGIN 20u

/* The rule of the definition; without one, its default class. */
static const et_start_rule *rule_of(const et_core *core, et_start_rule *constant) {
  const et_definition *definition = &core->deployment.definition;
  if (definition->start != NULL && definition->start->kind != ET_START_NONE) return definition->start;
  memset(constant, 0, sizeof *constant);
  constant->kind = ET_START_CONSTANT;
  constant->constant = definition->core->default_class;
  return constant;
}

void et_ask(et_decide *decide, et_ticket *ticket) {
  const et_core *core = decide->core;
  uint8_t *proposed = ticket->proposed;
  et_voices *voices = et_voices_of(core);
  et_start_rule constant;
  const et_start_rule *rule = rule_of(core, &constant);
  memset(proposed, ET_SILENT, ET_VOICES);
  proposed[ET_DECIDED_BY_START_RULE] = et_start_rule_say(rule, &core->deployment.definition, et_asked(decide), 0);
  if (et_follows(core))
    proposed[ET_DECIDED_BY_FOLLOWING_RULE] =
        et_start_rule_say(rule, &core->deployment.definition, et_asked(decide),
                          et_following_shift(et_following_of(core), rule, &core->deployment.definition,
                                             et_ticket_features(core, (uint8_t)(ticket - et_tickets(core)))));
  proposed[ET_DECIDED_BY_LAST_TRUTH] = et_voices_last(voices);
}

void et_ask_models(et_decide *decide, const uint8_t *stored, et_ticket *ticket) {
  const et_core *core = decide->core;
  const et_model_ops *model = core->deployment.model;
  et_decision decision = {0, 0};
  if (core->generations.number == 0u) return;
  model->infer(&core->deployment.context, et_generation(core, core->generations.running), stored, &decision);
  ticket->proposed[ET_DECIDED_BY_MODEL] = decision.output_class;
  if (model->infer_second == NULL) return;
  model->infer_second(&core->deployment.context, et_generation(core, core->generations.running), stored, &decision);
  ticket->proposed[ET_DECIDED_BY_SECOND_MODEL] = decision.output_class;
}

/* A constant class says nothing about these features: it is no match for a model, which does. */
static void hush_constant(const et_core *core, uint8_t proposed[ET_VOICES]) {
  et_start_rule constant;
  if (proposed[ET_DECIDED_BY_MODEL] != ET_SILENT && rule_of(core, &constant)->kind == ET_START_CONSTANT)
    proposed[ET_DECIDED_BY_START_RULE] = ET_SILENT;
}

/* Where the rule leads, the plant is held at a set point and most votes say that nothing is wrong: opinions on votes weigh nothing there. */
static const et_standing *weights(const et_core *core) {
  const et_definition *definition = &core->deployment.definition;
  return definition->start != NULL && definition->start->leads != 0u ? NULL : et_standing_of(core);
}

/* All voices together; but where the following rule leads, that rule alone, until the others have shown that they are better. */
static void choose(const et_core *core, et_ticket *ticket, uint8_t heard[ET_VOICES], et_choice *choice) {
  const et_voices *voices = et_voices_of(core);
  const et_standing *standing = weights(core);
  const uint8_t fallback = core->deployment.definition.core->default_class;
  const uint8_t rule = ticket->proposed[ET_DECIDED_BY_FOLLOWING_RULE];
  memcpy(heard, ticket->proposed, ET_VOICES);
  hush_constant(core, heard);
  et_voices_decide(voices, standing, heard, 0, fallback, choice);
  ticket->together = choice->output_class;
  ticket->tables = choice->tables;
  if (rule == ET_SILENT || core->deployment.definition.start->leads == 0u || voices->together != 0u) return;
  memset(heard, ET_SILENT, ET_VOICES);
  heard[voices->counted[ET_DECIDED_BY_FOLLOWING_RULE] == 0u ? ET_DECIDED_BY_START_RULE : ET_DECIDED_BY_FOLLOWING_RULE] = rule;
  et_voices_decide(voices, standing, heard, 0, fallback, choice);
}

/* Whether the rule's hysteresis keeps the present class, where the rule itself would go to the one that was chosen. */
static bool keeps_present_class(const et_decide *decide, const et_ticket *ticket) {
  const et_core *core = decide->core;
  const et_speaking *speaking = &decide->speaking;
  const et_definition *definition = &core->deployment.definition;
  const uint8_t rule = ticket->proposed[et_follows(core) ? ET_DECIDED_BY_FOLLOWING_RULE : ET_DECIDED_BY_START_RULE];
  const int16_t shift = et_follows(core) ? et_following_of(core)->shift : (int16_t)0;
  if (definition->start == NULL || definition->start->hysteresis == 0 || !speaking->given || rule != ticket->chosen) return false;
  return ticket->chosen != speaking->current &&
         et_start_rule_stay(definition->start, definition, et_asked(decide), shift, speaking->current) == speaking->current;
}

/* What the plant gets for the class that was chosen; `heard` chose it. */
static void limit(const et_decide *decide, const uint8_t heard[ET_VOICES], et_ticket *ticket) {
  const et_core *core = decide->core;
  const et_speaking *speaking = &decide->speaking;
  const et_definition *definition = &core->deployment.definition;
  et_limited why = ET_LIMITED_NOT;
  et_choice choice;
  uint16_t barred, way;
  ticket->output_class = ticket->chosen;
  if (keeps_present_class(decide, ticket)) {
    ticket->output_class = speaking->current;
    ticket->by = ET_DECIDED_BY_HYSTERESIS;
    return;
  }
  if (definition->limits == NULL || !speaking->given) return;
  barred = et_plant_limits_barred(definition->limits, speaking->current, et_now_ms(core) - speaking->since_ms, &why);
  if (((unsigned)barred >> ticket->chosen & 1u) == 0u) return;
  way = et_plant_limits_way(definition->limits, definition->core->classes, speaking->current, ticket->chosen, barred);
  et_voices_decide(et_voices_of(core), weights(core), heard, way, definition->core->default_class, &choice);
  ticket->output_class = choice.output_class;
  ticket->confidence = choice.confidence;
  ticket->by = why == ET_LIMITED_HELD ? ET_DECIDED_BY_HOLD_TIME : ET_DECIDED_BY_OPPOSED_CLASSES;
}

void et_speak(et_decide *decide, et_ticket *ticket) {
  const et_core *core = decide->core;
  et_choice choice;
  uint8_t heard[ET_VOICES];
  choose(core, ticket, heard, &choice);
  ticket->chosen = choice.output_class;
  ticket->by = choice.by;
  ticket->bin = choice.bin;
  ticket->confidence = choice.confidence;
  limit(decide, heard, ticket);
  /* Where the board closes the loop, the plant never gets what a master asks for. */
  if (et_is_local(&core->deployment.definition) && !decide->io.own) return;
  et_speaking_given(decide, ticket->output_class);
}

void et_speaking_given(et_decide *decide, uint8_t output_class) {
  et_speaking *speaking = &decide->speaking;
  if (speaking->given && speaking->current == output_class) return;
  speaking->current = output_class;
  speaking->since_ms = et_now_ms(decide->core);
  speaking->given = true;
}

/* Logs the voice that has been right most often when another one takes the lead. */
static void log_leader(et_decide *decide) {
  const et_voices *voices = et_voices_of(decide->core);
  uint8_t leader = decide->speaking.leader, voice;
  for (voice = 0; voice < ET_VOICES; voice++) {
    if (voices->counted[voice] < LEAD_TRUTHS) continue;
    if (et_voices_accuracy(voices, voice) >= et_voices_accuracy(voices, leader) + LEAD_MARGIN) leader = voice;
  }
  if (leader == decide->speaking.leader) return;
  et_log(decide->core, ET_EVENT_VOICE_LEADS, leader, et_voices_accuracy(voices, leader));
  decide->speaking.leader = leader;
}

void et_speaking_learn(et_decide *decide, const et_ticket *ticket, bool lesson) {
  const et_core *core = decide->core;
  const uint8_t truth = (uint8_t)ticket->truth;
  et_voices *voices = et_voices_of(core);
  et_start_rule constant;
  const et_start_rule *rule = rule_of(core, &constant);
  uint8_t proposed[ET_VOICES], heard[ET_VOICES];
  memcpy(proposed, ticket->proposed, sizeof proposed);
  if (lesson) proposed[ET_DECIDED_BY_LAST_TRUTH] = ET_SILENT;
  et_voices_learn(voices, proposed, truth, truth == ticket->chosen, ticket->bin);
  memcpy(heard, proposed, sizeof heard);
  hush_constant(core, heard);
  et_standing_learn(et_standing_of(core), voices->classes, heard, ticket->tables, truth);
  if (!lesson) et_voices_truth(voices, truth);
  if (proposed[ET_DECIDED_BY_FOLLOWING_RULE] != ET_SILENT && et_follows(core)) { /* it may have waited while the rule became another one */
    et_voices_compare(voices, ticket->together, proposed[ET_DECIDED_BY_FOLLOWING_RULE], truth);
    if (!lesson)
      et_following_learn(et_following_of(core), rule, &core->deployment.definition,
                         et_ticket_features(core, (uint8_t)(ticket - et_tickets(core))), proposed[ET_DECIDED_BY_FOLLOWING_RULE], truth);
  }
  log_leader(decide);
}

static void begin_watch(et_decide *decide) {
  const et_core *core = decide->core;
  et_suspicion_begin(&decide->feedback.watch, et_stillness_of(core), et_plain_features(&core->deployment.definition));
}

static bool has_voices(const et_core *core) { return core->deployment.model != NULL && !et_is_stream(core); }

void et_speaking_forget_models(et_decide *decide) {
  const et_core *core = decide->core;
  if (!has_voices(core)) return;
  et_voices_forget(et_voices_of(core), ET_DECIDED_BY_MODEL);
  et_voices_forget(et_voices_of(core), ET_DECIDED_BY_SECOND_MODEL);
  et_standing_forget(et_standing_of(core));
  decide->speaking.leader = ET_DECIDED_BY_START_RULE;
  begin_watch(decide);
}

void et_speaking_forget_rule(et_decide *decide) {
  const et_core *core = decide->core;
  if (!has_voices(core)) return;
  et_voices_forget(et_voices_of(core), ET_DECIDED_BY_START_RULE);
  et_voices_forget(et_voices_of(core), ET_DECIDED_BY_FOLLOWING_RULE);
  et_standing_forget(et_standing_of(core));
  memset(et_following_of(core), 0, core->deployment.layout.held_counts - core->deployment.layout.following);
}

void et_speaking_begin(et_decide *decide) {
  const et_core *core = decide->core;
  memset(&decide->speaking, 0, sizeof decide->speaking);
  memset(&decide->feedback.watch, 0, sizeof decide->feedback.watch);
  if (!has_voices(core)) return;
  et_voices_begin(et_voices_of(core), core->deployment.definition.core->classes);
  memset(et_standing_of(core), 0, et_standing_bytes(core->deployment.definition.core->classes));
  et_speaking_forget_rule(decide);
  begin_watch(decide);
}
