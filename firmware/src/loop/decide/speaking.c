#include "loop/decide/speaking.h"

#include <string.h>

#include "decision/plant_limits.h"
#include "decision/start_rule.h"
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
  uint8_t *said = ticket->said;
  et_voices *voices = et_voices_of(core);
  et_start_rule constant;
  const et_start_rule *rule = rule_of(core, &constant);
  memset(said, ET_SILENT, ET_VOICES);
  said[ET_DECIDED_BY_START_RULE] = et_start_rule_say(rule, &core->deployment.definition, et_input(core), 0);
  if (rule->follow != 0) said[ET_DECIDED_BY_FOLLOWING_RULE] = et_start_rule_say(rule, &core->deployment.definition, et_input(core), voices->shift);
  said[ET_DECIDED_BY_LAST_TRUTH] = et_voices_last(voices);
}

void et_ask_models(et_decide *decide, const uint8_t *stored, et_ticket *ticket) {
  const et_core *core = decide->core;
  const et_model_ops *model = core->deployment.model;
  et_decision decision = { 0, 0 };
  if (core->generations.number == 0u) return;
  model->infer(&core->deployment.context, et_generation(core, core->generations.running), stored, &decision);
  ticket->said[ET_DECIDED_BY_MODEL] = decision.output_class;
  if (model->infer_second == NULL) return;
  model->infer_second(&core->deployment.context, et_generation(core, core->generations.running), stored, &decision);
  ticket->said[ET_DECIDED_BY_SECOND_MODEL] = decision.output_class;
}

/* A constant class says nothing about these features: it is no match for a model, which does. */
static void hush_constant(const et_core *core, uint8_t said[ET_VOICES]) {
  et_start_rule constant;
  if (said[ET_DECIDED_BY_MODEL] != ET_SILENT && rule_of(core, &constant)->kind == ET_START_CONSTANT)
    said[ET_DECIDED_BY_START_RULE] = ET_SILENT;
}

void et_speak(et_decide *decide, et_ticket *ticket) {
  const et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  et_speaking *speaking = &decide->speaking;
  const uint32_t now = et_now_ms(core);
  et_limited why = ET_LIMITED_NOT;
  et_choice choice;
  uint8_t heard[ET_VOICES];
  memcpy(heard, ticket->said, sizeof heard);
  hush_constant(core, heard);
  et_voices_decide(et_voices_of(core), heard, 0, definition->core->default_class, &choice);
  ticket->chosen = choice.output_class;
  ticket->by = choice.by;
  ticket->bin = choice.bin;
  ticket->confidence = choice.confidence;
  if (definition->limits != NULL && speaking->given) {
    const uint16_t barred = et_plant_limits_barred(definition->limits, speaking->current, now - speaking->since_ms, &why);
    if (((unsigned)barred >> choice.output_class & 1u) != 0u) {
      const uint16_t way = et_plant_limits_way(definition->limits, definition->core->classes, speaking->current, choice.output_class, barred);
      et_voices_decide(et_voices_of(core), heard, way, definition->core->default_class, &choice);
      ticket->by = why == ET_LIMITED_HELD ? ET_DECIDED_BY_HOLD_TIME : ET_DECIDED_BY_OPPOSED_CLASSES;
      ticket->confidence = choice.confidence;
    }
  }
  ticket->output_class = choice.output_class;
  if (speaking->given && speaking->current == choice.output_class) return;
  speaking->current = choice.output_class;
  speaking->since_ms = now;
  speaking->given = true;
}

/* Logs the voice that has been right most often when another one takes the lead. */
static void look_who_leads(et_decide *decide) {
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

void et_hear(et_decide *decide, const et_ticket *ticket, bool lesson) {
  const et_core *core = decide->core;
  const uint8_t truth = (uint8_t)ticket->truth;
  et_voices *voices = et_voices_of(core);
  et_start_rule constant;
  const et_start_rule *rule = rule_of(core, &constant);
  uint8_t said[ET_VOICES];
  memcpy(said, ticket->said, sizeof said);
  if (lesson) said[ET_DECIDED_BY_LAST_TRUTH] = ET_SILENT;
  et_voices_learn(voices, said, truth, truth == ticket->chosen, ticket->bin);
  if (!lesson) et_voices_truth(voices, truth);
  if (said[ET_DECIDED_BY_FOLLOWING_RULE] != ET_SILENT && !lesson)
    voices->shift = et_start_rule_follow(rule, voices->shift, said[ET_DECIDED_BY_FOLLOWING_RULE], truth);
  look_who_leads(decide);
}

void et_speaking_begin(et_decide *decide) {
  const et_core *core = decide->core;
  memset(&decide->speaking, 0, sizeof decide->speaking);
  memset(&decide->feedback.watch, 0, sizeof decide->feedback.watch);
  if (core->deployment.model == NULL || et_is_stream(core)) return;
  et_voices_begin(et_voices_of(core), core->deployment.definition.core->classes);
  et_suspicion_begin(&decide->feedback.watch, et_stillness_of(core), core->deployment.definition.core->features);
}
