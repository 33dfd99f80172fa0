#include "loop/decide/stitching.h"

#include <string.h>

#include "loop/core/change.h"
#include "loop/decide/decide.h"
#include "loop/decide/relabel.h"
#include "loop/decide/train_on_demand.h"

/* Work units that it takes to look at a sample. */
#define ET_GLANCE_WORK 4u
/* A class keeps this part of the set against newcomers of other classes; half of its even share when there are many classes. */
#define ET_FLOOR_PART 6u
/* Stamps are 16 bit: when they run out all are halved. What lies that far back then counts as half as far apart. */
#define ET_STAMP_MOST 65535u

/* Stored samples of a class in one of the two pools. */
static uint16_t *pool_count(const et_decide *decide, bool held_out, uint8_t output_class) {
  const et_core *core = decide->core;
  return et_class_counts(core) + (held_out ? core->deployment.definition.core->classes : 0u) + output_class;
}

static uint16_t next_stamp(et_decide *decide) {
  et_stitching *stitching = &decide->stitching;
  uint16_t *stamps = et_orders(decide->core), i;
  if (stitching->order_next == ET_STAMP_MOST) { /* at most 4096 samples: some 30 000 instructions, once in 32 768 stitches */
    for (i = 0; i < stitching->samples; i++) stamps[i] /= 2u;
    stitching->order_next /= 2u;
  }
  return stitching->order_next++;
}

/* ---- Which stored sample gives way, looked for in slices ---- */

/* While less comes true than the definition asks for, labels may be wrong or out of date: then a newcomer that most of its neighbours
 * confirm takes the place of the nearest one that contradicts them (after Wilson, Asymptotic properties of nearest neighbor rules using edited
 * data, IEEE Transactions on Systems, Man, and Cybernetics 2(3), 1972). Where all comes true a contradiction is a border between classes, and
 * those samples are worth most. A definition without a threshold does not say what is too little. */
static bool has_doubts(const et_core *core) {
  const uint16_t threshold = core->deployment.definition.training->accuracy_threshold;
  return !et_gives_values(core) && threshold <= 1000u && et_window_accuracy(core) < threshold;
}

/* Time-even: of the samples between the first and the newcomer that one goes whose neighbours in time are closest together, so that the
 * set stays spread over all that was seen. What comes once a minute leaves three weeks in it, not the last hours; what changes is there
 * soon, because newcomers always enter. Held-out samples give way among themselves and keep their share. */
static void search_begin(et_decide *decide, uint8_t place, bool held_out) {
  const et_core *core = decide->core;
  const et_definition *definition = &core->deployment.definition;
  const uint16_t pool =
      held_out ? decide->stitching.held_out_total : (uint16_t)(decide->stitching.samples - decide->stitching.held_out_total);
  const uint16_t classes = definition->core->classes;
  et_search *search = &decide->stitching.search;
  memset(search, 0, sizeof *search);
  search->active = true;
  search->place = place;
  search->held_out = held_out;
  search->pool = pool != 0u ? held_out : !held_out;
  search->narrowest = UINT16_MAX;
  search->doubts = has_doubts(core);
  search->floor =
      search->pool ? 0u : (uint16_t)(definition->core->capacity / (2u * classes > ET_FLOOR_PART ? 2u * classes : ET_FLOOR_PART));
}

/* Whether sample `at` stays although it is close to others: its class has no more than its floor, and the newcomer is not of it. */
static bool is_kept(const et_decide *decide, uint16_t at) {
  const et_core *core = decide->core;
  const et_search *search = &decide->stitching.search;
  const uint8_t output_class = et_labels(core)[at];
  return output_class != (uint8_t)et_tickets(core)[search->place].truth && *pool_count(decide, search->pool, output_class) <= search->floor;
}

/* The sample at place `at` of the order in time may be a neighbour of the newcomer. Returns the work. */
static uint32_t note_neighbour(et_decide *decide, uint16_t at, bool stays) {
#if ET_WITH_NEIGHBOURS
  const et_core *core = decide->core;
  const et_definition_core *definition = core->deployment.definition.core;
  et_search *search = &decide->stitching.search;
  const uint16_t sample = et_by_time(core)[at];
  et_neighbour neighbour;
  neighbour.distance = et_distance(et_sample(core, sample), et_ticket_features(core, search->place), definition->features,
                                   definition->storage == ET_STORAGE_INT16);
  neighbour.at = at;
  neighbour.same = et_labels(core)[sample] == (uint8_t)et_tickets(core)[search->place].truth;
  neighbour.stays = stays;
  et_neighbours_note(&search->neighbours, &neighbour);
  return definition->features + ET_GLANCE_WORK;
#else
  (void)decide;
  (void)at;
  (void)stays;
  return 0;
#endif
}

/* Place of the sample that gives way because its neighbours contradict it, or ET_NO_NEIGHBOUR. */
static uint16_t contradicted(const et_search *search) {
#if ET_WITH_NEIGHBOURS
  return et_neighbours_contradict(&search->neighbours);
#else
  (void)search;
  return ET_NO_NEIGHBOUR;
#endif
}

/* Looks at as many samples as fit a slice, oldest first; true when the search is over. */
static bool search_slice(et_decide *decide) {
  const et_core *core = decide->core;
  const uint16_t *by_time = et_by_time(core), *stamps = et_orders(core);
  const uint16_t samples = decide->stitching.samples;
  et_search *search = &decide->stitching.search;
  uint32_t spent = 0;
  uint16_t contradicting;
  for (; search->at < samples; search->at++) {
    const uint16_t at = search->at;
    uint16_t between;
    bool stays;
    if (spent >= ET_SLICE_WORK) return false;
    spent += ET_GLANCE_WORK;
    if (et_is_held_out(core, by_time[at]) != search->pool) continue;
    stays = is_kept(decide, by_time[at]);
    if (search->doubts) spent += note_neighbour(decide, at, stays);
    if (stays) continue;
    /* The first has one neighbour only: it goes when there is no other. */
    between = at == 0u
                  ? (uint16_t)(UINT16_MAX - 1u)
                  : (uint16_t)((at + 1u < samples ? stamps[by_time[at + 1u]] : decide->stitching.order_next) - stamps[by_time[at - 1u]]);
    if (between >= search->narrowest) continue;
    search->narrowest = between;
    search->best = at;
  }
  contradicting = contradicted(search);
  if (contradicting != ET_NO_NEIGHBOUR) search->best = contradicting;
  return true;
}

static bool hold_out(et_decide *decide, uint8_t output_class) {
  et_core *core = decide->core;
  const uint8_t every = core->deployment.definition.stitching->hold_out_every;
  uint8_t *position = et_at(core, core->deployment.layout.held_counts) + output_class;
  if (every == 0u) return false;
  *position = (uint8_t)((*position + 1u) % every);
  return *position == 0u;
}

/* Takes the sample at place `at` of the order in time out of it, and gives its place in the set. */
static uint16_t remove_sample(et_decide *decide, uint16_t at) {
  uint16_t *by_time = et_by_time(decide->core);
  const uint16_t sample = by_time[at];
  for (; at + 1u < decide->stitching.samples; at++) by_time[at] = by_time[at + 1u];
  return sample;
}

/* Puts what place `place` of the tickets holds at `at`, a free place or that of the sample that gave way, as the newest. */
static void store_sample(et_decide *decide, uint8_t place, uint16_t at, bool held_out) {
  et_core *core = decide->core;
  et_ticket *ticket = &et_tickets(core)[place];
  const uint8_t output_class = (uint8_t)ticket->truth;
  const uint16_t stamp = next_stamp(decide);
  ticket->to_stitch = 0;
  if (at == decide->stitching.samples) {
    decide->stitching.samples++;
  } else {
    const bool was_held_out = et_is_held_out(core, at);
    if (was_held_out) decide->stitching.held_out_total--;
    (*pool_count(decide, was_held_out, et_labels(core)[at]))--;
    core->counters.replaced++;
  }
  memcpy(et_sample(core, at), et_ticket_features(core, place), core->deployment.layout.feature_bytes);
  et_labels(core)[at] = output_class;
  if (et_gives_values(core))
    memcpy(et_targets(core, at), et_told_values(core, place), 2u * (uint32_t)et_output_count(&core->deployment.definition));
  (*pool_count(decide, held_out, output_class))++;
  et_orders(core)[at] = stamp;
  et_by_time(core)[decide->stitching.samples - 1u] = at;
  memset(et_at(core, core->deployment.layout.extra + (uint32_t)at * core->deployment.layout.sample_extra), 0,
         core->deployment.layout.sample_extra);
  if (held_out) {
    et_held_out(core)[at >> 3] |= (uint8_t)(1u << (at & 7u));
    decide->stitching.held_out_total++;
  } else {
    et_held_out(core)[at >> 3] &= (uint8_t)(~(1u << (at & 7u)));
  }
  if (et_keeps_outcomes(core)) et_relabel_keep(decide, at, place);
  core->counters.stitched++;
  core->changes.basis++;
  if (decide->stitching.samples_new < 65535u) decide->stitching.samples_new++;
  core->changes.wanted = true;
}

void et_stitch(et_decide *decide, uint8_t place, bool always) {
  et_core *core = decide->core;
  et_ticket *ticket = &et_tickets(core)[place];
  if (!always) {
    /* Exact share without a random generator: one satisfactory sample whenever a whole one has added up. */
    decide->stitching.share_debt = (uint16_t)(decide->stitching.share_debt + core->deployment.definition.stitching->satisfactory_share);
    if (decide->stitching.share_debt < 1000u) return;
    decide->stitching.share_debt = (uint16_t)(decide->stitching.share_debt - 1000u);
  }
  if (et_job_holds_samples(&core->job) || decide->stitching.samples >= core->deployment.definition.core->capacity) ticket->to_stitch = 1;
  else store_sample(decide, place, decide->stitching.samples, hold_out(decide, (uint8_t)ticket->truth));
}

bool et_stitch_pending(const et_decide *decide) {
  const et_core *core = decide->core;
  uint8_t i;
  if (core->deployment.model == NULL || et_is_stream(core)) return false;
  for (i = 0; i < core->deployment.definition.core->tickets; i++)
    if (et_tickets(core)[i].to_stitch) return true;
  return false;
}

void et_stitch_give_up(et_decide *decide, uint8_t place) {
  et_search *search = &decide->stitching.search;
  decide->core->counters.discarded[ET_DISCARD_REASON_OTHER]++;
  if (search->place == place) search->active = false; /* what it looks for a place for is gone */
}

bool et_stitch_waiting(et_decide *decide) {
  et_core *core = decide->core;
  uint8_t i;
  if (core->deployment.model == NULL || et_is_stream(core) || et_job_holds_samples(&core->job)) return false;
  if (decide->stitching.search.active) {
    if (!decide->stitching.search.found) {
      decide->stitching.search.found = search_slice(decide);
      return true;
    }
    decide->stitching.search.active = false;
    store_sample(decide, decide->stitching.search.place, remove_sample(decide, decide->stitching.search.best),
                 decide->stitching.search.held_out);
    return true;
  }
  for (i = 0; i < core->deployment.definition.core->tickets; i++) {
    if (et_tickets(core)[i].to_stitch) {
      const bool held_out = hold_out(decide, (uint8_t)et_tickets(core)[i].truth);
      if (decide->stitching.samples < core->deployment.definition.core->capacity)
        store_sample(decide, i, decide->stitching.samples, held_out);
      else search_begin(decide, i, held_out);
      return true;
    }
  }
  return false;
}

void et_stitch_clear(et_decide *decide) {
  et_core *core = decide->core;
  uint8_t i;
  decide->stitching.samples = decide->stitching.samples_new = decide->stitching.held_out_total = 0;
  core->changes.basis++;
  decide->stitching.share_debt = decide->stitching.order_next = 0;
  decide->stitching.search.active = false;
  if (core->deployment.model == NULL || et_is_stream(core)) return;
  memset(et_at(core, core->deployment.layout.labels), 0, core->deployment.layout.dataset_bytes);
  memset(et_at(core, core->deployment.layout.held_counts), 0, core->deployment.definition.core->classes);
  memset(et_class_counts(core), 0, 4u * (uint32_t)core->deployment.definition.core->classes);
  for (i = 0; i < core->deployment.definition.core->tickets; i++) et_tickets(core)[i].to_stitch = 0;
}

void et_stitch_set(const et_decide *decide, et_sample_set *set) {
  const et_core *core = decide->core;
  set->features = et_at(core, core->deployment.layout.features);
  set->labels = et_labels(core);
  set->held_out = et_held_out(core);
  set->extra = et_at(core, core->deployment.layout.extra);
  set->count = decide->stitching.samples;
  set->targets = et_gives_values(core) ? et_targets(core, 0) : NULL;
  set->class_counts = et_class_counts(core);
  set->basis = core->changes.basis;
}

void et_data_set_convert(et_decide *decide, const et_definition *after) {
  et_core *core = decide->core;
  const et_definition *before = &core->deployment.definition;
  core->changes.basis++;
  et_change_rows(before, after, et_sample(core, 0), decide->stitching.samples);
  et_change_rows(before, after, et_ticket_features(core, 0), before->core->tickets);
  /* Multipliers belong to the rows as they were: the next training starts from none. */
  memset(et_at(core, core->deployment.layout.extra), 0, (uint32_t)before->core->capacity * core->deployment.layout.sample_extra);
}
