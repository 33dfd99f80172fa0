/* Where tickets, samples and confusion matrices lie in the arena. */
#ifndef ET_DATA_SET_H
#define ET_DATA_SET_H

#include "loop/core/core.h"
#include "loop/core/output_errors.h"
#include "decision/following_rule.h"
#include "decision/standing.h"
#include "decision/suspicion.h"
#include "decision/voices.h"

static inline et_ticket *et_tickets(const et_core *core) { return (et_ticket *)(void *)et_at(core, core->deployment.layout.tickets); }
static inline uint8_t *et_ticket_features(const et_core *core, uint8_t index) {
  return et_at(core, core->deployment.layout.tickets + core->deployment.definition.core->tickets * (uint32_t)sizeof(et_ticket) +
                         (uint32_t)index * core->deployment.layout.feature_bytes);
}
static inline uint16_t *et_class_counts(const et_core *core) {
  return (uint16_t *)(void *)et_at(core, core->deployment.layout.class_counts);
}
static inline uint8_t *et_labels(const et_core *core) { return et_at(core, core->deployment.layout.labels); }
static inline uint16_t *et_orders(const et_core *core) { return (uint16_t *)(void *)et_at(core, core->deployment.layout.orders); }
/* Samples in the order in which they came, oldest first. */
static inline uint16_t *et_by_time(const et_core *core) { return (uint16_t *)(void *)et_at(core, core->deployment.layout.by_time); }
static inline et_voices *et_voices_of(const et_core *core) { return (et_voices *)(void *)et_at(core, core->deployment.layout.voices); }
static inline et_standing *et_standing_of(const et_core *core) {
  return (et_standing *)(void *)et_at(core, core->deployment.layout.standing);
}
static inline et_following *et_following_of(const et_core *core) {
  return (et_following *)(void *)et_at(core, core->deployment.layout.following);
}
/* Whether the definition's start rule follows the truths: only then there is room for its shift. */
static inline bool et_follows(const et_core *core) { return core->deployment.layout.held_counts != core->deployment.layout.following; }
static inline et_feature_stillness *et_stillness_of(const et_core *core) {
  return (et_feature_stillness *)(void *)et_at(core, core->deployment.layout.still);
}
static inline uint8_t *et_held_out(const et_core *core) { return et_at(core, core->deployment.layout.held_out); }
static inline bool et_keeps_outcomes(const et_core *core) { return et_definition_keeps_outcomes(&core->deployment.definition); }
/* The outcome that judged a sample; behind it stands what the continuous output had given, where there is one. */
static inline int16_t *et_outcome_of(const et_core *core, uint16_t sample) {
  const uint32_t words = et_output_count(&core->deployment.definition) == 0u ? 1u : 2u;
  return (int16_t *)(void *)et_at(core, core->deployment.layout.outcomes + 2u * words * sample);
}
static inline uint8_t *et_deciders(const et_core *core) { return et_at(core, core->deployment.layout.deciders); }
static inline bool et_is_held_out(const et_core *core, uint16_t sample) {
  return ((uint32_t)et_held_out(core)[sample >> 3] >> (sample & 7u) & 1u) != 0u;
}
static inline uint8_t *et_sample(const et_core *core, uint16_t sample) {
  return et_at(core, core->deployment.layout.features + (uint32_t)sample * core->deployment.layout.feature_bytes);
}
/* Row `row` of the values of continuous outputs: what was decided under each ticket, the target of each ticket, then those below. */
static inline int16_t *et_values(const et_core *core, uint32_t row) {
  return (int16_t *)(void *)et_at(core, core->deployment.layout.values + 2u * row * et_output_count(&core->deployment.definition));
}
static inline int16_t *et_decided_values(const et_core *core, uint8_t place) { return et_values(core, place); }
static inline int16_t *et_told_values(const et_core *core, uint8_t place) {
  return et_values(core, (uint32_t)core->deployment.definition.core->tickets + place);
}
static inline int16_t *et_shown_values(const et_core *core) { return et_values(core, 2u * core->deployment.definition.core->tickets); }
static inline int16_t *et_last_targets(const et_core *core) { return et_values(core, 2u * core->deployment.definition.core->tickets + 1u); }
static inline int16_t *et_last_given(const et_core *core) { return et_values(core, 2u * core->deployment.definition.core->tickets + 2u); }
static inline et_output_errors *et_errors(const et_core *core) {
  return (et_output_errors *)(void *)et_at(core, core->deployment.layout.errors);
}
static inline int16_t *et_targets(const et_core *core, uint16_t sample) {
  return (int16_t *)(void *)et_at(core,
                                  core->deployment.layout.targets + 2u * (uint32_t)sample * et_output_count(&core->deployment.definition));
}
/* which: 0 running, 1 candidate */
static inline uint16_t *et_confusion(const et_core *core, uint8_t which) {
  const uint32_t classes = core->deployment.definition.core->classes;
  return (uint16_t *)(void *)et_at(core, core->deployment.layout.confusion + 2u * which * classes * classes);
}

#endif
