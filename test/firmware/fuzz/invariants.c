#include "invariants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what, int line) {
  fprintf(stderr, "invariants.c:%d: does not hold: %s\n", line, what);
  abort();
}
#define must(condition) ((condition) ? (void)0 : fail(#condition, __LINE__))

/* Parts lie one behind the other, whole words each, and what lies in them fits. */
static void check_layout(const et_trainer *trainer) {
  const et_core *core = &trainer->core;
  const et_definition_core *shape = core->deployment.definition.core;
  const et_memory_layout *layout = &core->deployment.layout;
  uint32_t parts[(offsetof(et_memory_layout, staging) - offsetof(et_memory_layout, definition)) / sizeof(uint32_t)];
  const uint32_t tickets = et_is_stream(core) ? 0u : shape->tickets, samples = et_is_stream(core) ? 0u : shape->capacity;
  size_t i;
  memcpy(parts, &layout->definition, sizeof parts);
  for (i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    must(parts[i] % 4u == 0u);
    must(i == 0u || parts[i] >= parts[i - 1u]);
  }
  must(layout->total <= core->port->arena_bytes);
  must(layout->definition + core->deployment.definition.length <= layout->input);
  must(layout->tickets + tickets * ((uint32_t)sizeof(et_ticket) + layout->feature_bytes) <= layout->values);
  must(layout->features + samples * layout->feature_bytes <= layout->models);
  must(layout->models + 3u * et_up_to_4(layout->model_bytes) <= layout->shared);
  must(layout->shared + layout->shared_bytes <= layout->work);
  must(layout->work + layout->work_bytes <= layout->total);
  must(core->deployment.definition.blob == (const void *)et_at(core, layout->definition));
}

static void check_generations(const et_trainer *trainer) {
  const et_generations *generations = &trainer->core.generations;
  must(generations->running <= 2u && generations->candidate <= 2u && generations->previous <= 2u);
  must(generations->running != generations->candidate && generations->running != generations->previous);
  must(generations->candidate != generations->previous);
  must(generations->previous_number == 0u || generations->number != 0u);
}

static bool is_class(const et_core *core, uint16_t output_class) { return output_class < core->deployment.definition.core->classes; }

static void check_ticket(const et_core *core, const et_ticket *ticket) {
  uint8_t voice;
  must(ticket->state <= ET_SLOT_DECIDING);
  /* One that waits to be stitched may have lost its number to a new decision. */
  must(ticket->to_stitch == 0u || is_class(core, ticket->truth));
  if (ticket->state == ET_SLOT_FREE) return;
  must(ticket->truth == ET_NO_TRUTH || is_class(core, ticket->truth));
  must(is_class(core, ticket->output_class) && is_class(core, ticket->chosen));
  for (voice = 0; voice < ET_VOICES; voice++) must(ticket->proposed[voice] == ET_SILENT || is_class(core, ticket->proposed[voice]));
}

static void check_tickets(const et_trainer *trainer) {
  const et_core *core = &trainer->core;
  const et_ticket *tickets = et_tickets(core);
  const uint8_t count = core->deployment.definition.core->tickets;
  uint8_t i, j, deciding = 0;
  must(trainer->decide.io.deciding <= count);
  for (i = 0; i < count; i++) {
    check_ticket(core, &tickets[i]);
    if (tickets[i].state == ET_SLOT_DECIDING) deciding++;
    for (j = 0; j < i && tickets[i].number != 0u; j++) must(tickets[i].number != tickets[j].number);
  }
  must(deciding == (trainer->decide.io.deciding != 0u ? 1u : 0u));
  must(trainer->decide.io.shown.number == 0u || is_class(core, trainer->decide.io.shown.output_class));
}

/* Every sample is of a class, and counted once. */
static void check_counts(const et_trainer *trainer) {
  const et_core *core = &trainer->core;
  const uint8_t classes = core->deployment.definition.core->classes;
  uint16_t counts[2u * ET_CLASSES_MAX] = {0};
  uint16_t i, held = 0;
  for (i = 0; i < trainer->decide.stitching.samples; i++) {
    const bool out = et_is_held_out(core, i);
    must(is_class(core, et_labels(core)[i]));
    counts[et_labels(core)[i] + (out ? classes : 0u)]++;
    if (out) held++;
  }
  must(held == trainer->decide.stitching.held_out_total);
  must(memcmp(counts, et_class_counts(core), 2u * sizeof counts[0] * classes) == 0);
}

/* The order in time names each sample once, and stamps do not fall along it. */
static void check_order(const et_trainer *trainer) {
  const et_core *core = &trainer->core;
  const uint16_t samples = trainer->decide.stitching.samples;
  const uint16_t *by_time = et_by_time(core), *stamps = et_orders(core);
  uint8_t seen[ET_CAPACITY_MAX] = {0};
  uint16_t i;
  for (i = 0; i < samples; i++) {
    must(by_time[i] < samples && seen[by_time[i]] == 0u);
    seen[by_time[i]] = 1;
    must(i == 0u || stamps[by_time[i]] >= stamps[by_time[i - 1u]]);
    must(stamps[by_time[i]] <= trainer->decide.stitching.order_next);
  }
}

static void check_search(const et_trainer *trainer) {
  const et_core *core = &trainer->core;
  const et_search *search = &trainer->decide.stitching.search;
  if (!search->active) return;
  must(search->place < core->deployment.definition.core->tickets && et_tickets(core)[search->place].to_stitch != 0u);
  must(!search->found || search->best < trainer->decide.stitching.samples);
}

static void check_array(const et_trainer *trainer) {
  const et_definition *definition = &trainer->core.deployment.definition;
  const et_sample_ring *ring = &trainer->decide.ring;
  const et_staging *staged = &trainer->decide.io.staged;
  if (et_array_count(definition) == 0u) return;
  must(staged->object == ET_OBJECT_NONE || staged->total == et_array_count(definition));
  must(et_stream_channels(definition) == 0u || (ring->held <= et_array_count(definition) && ring->at < et_array_count(definition)));
}

static void check_decisions(const et_trainer *trainer) {
  const et_core *core = &trainer->core;
  const et_definition *definition = &core->deployment.definition;
  must(trainer->decide.stitching.samples <= definition->core->capacity);
  must(core->window.good <= core->window.filled && core->window.filled <= definition->training->accuracy_window);
  must(et_voices_valid(et_voices_of(core), definition->core->classes));
  must(et_standing_valid(et_standing_of(core)));
  check_tickets(trainer);
  check_counts(trainer);
  check_order(trainer);
  check_search(trainer);
  check_array(trainer);
}

void check(const et_trainer *trainer) {
  must(trainer->unit >= 1u && trainer->unit <= 247u);
  must(trainer->core.training.mode <= ET_MODE_FROZEN);
  must(trainer->core.counters.satisfied <= trainer->core.counters.judged);
  must(trainer->persistence.section <= ET_SAVED_SECTIONS + 1u);
  if (trainer->core.deployment.model == NULL) return;
  check_layout(trainer);
  check_generations(trainer);
  if (!et_is_stream(&trainer->core)) check_decisions(trainer);
}

void check_driven(const et_trainer *trainer, int16_t value) {
  const et_definition *definition = &trainer->core.deployment.definition;
  uint8_t i = 0;
  while (i < definition->core->classes && definition->classes[i].actuation != value) i++;
  must(i < definition->core->classes);
}

void check_decided(const et_trainer *trainer, uint8_t code, int16_t value) {
  const et_core *core = &trainer->core;
  const et_definition *definition = &core->deployment.definition;
  must(code < definition->core->classes);
  if (et_gives_values(core)) {
    const et_output *output = &definition->outputs[et_output_at(definition, 0)];
    must(value >= output->min && value <= output->max);
  } else {
    must(value == definition->classes[et_class_of(definition, code)].actuation);
  }
}
