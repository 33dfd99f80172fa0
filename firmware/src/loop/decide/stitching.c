#include "loop/decide/stitching.h"

#include <string.h>

#include "loop/core/change.h"
#include "loop/decide/decide.h"
#include "loop/decide/train_on_demand.h"

/* Multiply-accumulates that one search for a redundant sample may take. */
#define ET_REDUNDANT_WORK 4096u
/* Work units that it takes to look at a sample and pass it over. */
#define ET_GLANCE_WORK 4u
/* Samples that a class keeps to train on, however old: one alone may be a mistake. */
#define ET_LAST_OF_CLASS 2u

static uint16_t age(const et_decide *decide, uint16_t sample) {
  return (uint16_t)(decide->stitching.order_next - et_orders(decide->core)[sample]);
}

/* Stamps are 16 bit: a sample older than this is kept at this age, one per stitch, so that it never looks young again.
 * The cursor visits every sample within 4096 stitches, before 61 440 + 4096 wraps. */
static void rebase_one(et_decide *decide) {
  if (decide->stitching.samples == 0u) return;
  decide->stitching.rebase_at = (uint16_t)((decide->stitching.rebase_at + 1u) % decide->stitching.samples);
  if (age(decide, decide->stitching.rebase_at) > 61440u)
    et_orders(decide->core)[decide->stitching.rebase_at] = (uint16_t)(decide->stitching.order_next - 61440u);
}

/* Stored samples of a class in one of the two pools. */
static uint16_t *pool_count(const et_decide *decide, bool held_out, uint8_t output_class) {
  const et_core *core = decide->core;
  return et_class_counts(core) + (held_out ? core->deployment.definition.fixed->classes : 0u) + output_class;
}

/* Class with the most samples in the pool, the newcomer counted with its own; ties go to the newcomer's class, so that a
 * balanced set stays balanced. */
static uint8_t fullest_class(const et_decide *decide, bool held_out, uint8_t newcomer) {
  uint32_t most = *pool_count(decide, held_out, newcomer) + 1u;
  uint8_t best = newcomer, i;
  for (i = 0; i < decide->core->deployment.definition.fixed->classes; i++) {
    if (i != newcomer && *pool_count(decide, held_out, i) > most) {
      most = *pool_count(decide, held_out, i);
      best = i;
    }
  }
  return best;
}

static uint32_t distance(const et_decide *decide, const uint8_t *a, const uint8_t *b) {
  const et_core *core = decide->core;
  uint32_t sum = 0;
  uint8_t i;
  for (i = 0; i < core->deployment.definition.fixed->features; i++) {
    int32_t d = core->deployment.definition.fixed->storage == ET_STORAGE_INT8
                    ? (int32_t)((const int8_t *)(const void *)a)[i] - ((const int8_t *)(const void *)b)[i]
                    : ((int32_t)((const int16_t *)(const void *)a)[i] - ((const int16_t *)(const void *)b)[i]) / 256;
    sum += (uint32_t)(d * d); /* |d| <= 256, 120 features: < 2^23 */
  }
  return sum;
}

/* ---- Which stored sample gives way, looked for in slices ---- */

/* The pool of held-out samples keeps its share; only when it is empty does one of the other pool give way. REDUNDANT: the sample of
 * the newcomer's class that is most like it says nothing that the newcomer does not say; a bounded number is compared, going round. */
static void search_begin(et_decide *decide, uint8_t place, bool held_out) {
  et_core *core = decide->core;
  const et_definition_fixed *fixed = core->deployment.definition.fixed;
  const uint8_t newcomer = (uint8_t)et_tickets(core)[place].truth;
  const uint16_t pool = held_out ? decide->stitching.held_out_total : (uint16_t)(decide->stitching.samples - decide->stitching.held_out_total);
  et_search *search = &decide->stitching.search;
  memset(search, 0, sizeof *search);
  search->active = true;
  search->place = place;
  search->held_out = held_out;
  search->pool = pool != 0u ? held_out : !held_out;
  search->output_class = -1;
  search->left = decide->stitching.samples;
  search->best_distance = 0xffffffffu;
  if (pool == 0u) return;
  /* Then at least one class has more than its last, and something is found. Held-out samples follow the plant: they judge what is. */
  search->keeps = !held_out && pool > ET_LAST_OF_CLASS * (uint32_t)fixed->classes;
  if (fixed->replacement == ET_REPLACEMENT_CLASS_QUOTA) {
    const uint8_t fullest = fullest_class(decide, held_out, newcomer);
    if (*pool_count(decide, held_out, fullest) != 0u) search->output_class = fullest;
  } else if (fixed->replacement == ET_REPLACEMENT_REDUNDANT && *pool_count(decide, held_out, newcomer) != 0u) {
    search->output_class = newcomer;
    search->redundant = true;
    search->looks = (uint16_t)(ET_REDUNDANT_WORK / fixed->features);
    search->at = decide->stitching.redundant_at;
  }
}

static void compare(et_decide *decide, uint16_t at) {
  et_core *core = decide->core;
  et_search *search = &decide->stitching.search;
  if (search->redundant) {
    const uint32_t d = distance(decide, et_ticket_features(core, search->place), et_sample(core, at));
    if (d < search->best_distance) {
      search->best_distance = d;
      search->best = at;
    }
    search->looks--;
  } else if (!search->found || age(decide, at) > age(decide, search->best)) {
    search->best = at;
  }
  search->found = true;
}

/* Whether sample `at` stays although it is old: the last of a class that the newcomer is not of. Without them a plant that wants one
 * thing for weeks fills the set with one class, a training is refused, and the model that plays on is the one from before. */
static bool is_kept(const et_decide *decide, uint16_t at) {
  const et_core *core = decide->core;
  const et_search *search = &decide->stitching.search;
  const uint8_t output_class = et_labels(core)[at];
  return search->keeps && output_class != (uint8_t)et_tickets(core)[search->place].truth &&
         *pool_count(decide, search->pool, output_class) <= ET_LAST_OF_CLASS;
}

/* Looks at as many samples as fit a slice; true when the search is over. */
static bool search_slice(et_decide *decide) {
  et_core *core = decide->core;
  et_search *search = &decide->stitching.search;
  uint32_t spent = 0;
  while (search->left != 0u && (!search->redundant || search->looks != 0u)) {
    uint16_t at;
    if (spent >= ET_SLICE_WORK) return false;
    search->at = at = (uint16_t)(search->at + 1u < decide->stitching.samples ? search->at + 1u : 0u);
    search->left--;
    spent += ET_GLANCE_WORK;
    if (et_is_held_out(core, at) != search->pool) continue;
    if (search->output_class >= 0 ? et_labels(core)[at] != search->output_class : is_kept(decide, at)) continue;
    compare(decide, at);
    if (search->redundant) spent += core->deployment.definition.fixed->features;
  }
  if (search->redundant) decide->stitching.redundant_at = search->at;
  return true;
}

static bool hold_out(et_decide *decide, uint8_t output_class) {
  et_core *core = decide->core;
  const uint8_t every = core->deployment.definition.fixed->hold_out_every;
  uint8_t *position = et_at(core, core->deployment.layout.held_counts) + output_class;
  if (every == 0u) return false;
  *position = (uint8_t)((*position + 1u) % every);
  return *position == 0u;
}

/* Puts what place `place` of the tickets holds at `at`, a free place or that of the sample that gives way. */
static void put(et_decide *decide, uint8_t place, uint16_t at, bool held_out) {
  et_core *core = decide->core;
  et_ticket *ticket = &et_tickets(core)[place];
  const uint8_t output_class = (uint8_t)ticket->truth;
  ticket->to_stitch = 0;
  rebase_one(decide);
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
  (*pool_count(decide, held_out, output_class))++;
  et_orders(core)[at] = decide->stitching.order_next++;
  memset(et_at(core, core->deployment.layout.extra + (uint32_t)at * core->deployment.layout.sample_extra), 0, core->deployment.layout.sample_extra);
  if (held_out) {
    et_held_out(core)[at >> 3] |= (uint8_t)(1u << (at & 7u));
    decide->stitching.held_out_total++;
  } else {
    et_held_out(core)[at >> 3] &= (uint8_t)~(1u << (at & 7u));
  }
  core->counters.stitched++;
  if (decide->stitching.samples_new < 65535u) decide->stitching.samples_new++;
  core->changes.wanted = true;
}

void et_stitch(et_decide *decide, uint8_t place, bool always) {
  et_core *core = decide->core;
  et_ticket *ticket = &et_tickets(core)[place];
  if (!always) {
    /* Exact share without a random generator: one satisfactory sample whenever a whole one has added up. */
    decide->stitching.share_debt = (uint16_t)(decide->stitching.share_debt + core->deployment.definition.fixed->satisfactory_share);
    if (decide->stitching.share_debt < 1000u) return;
    decide->stitching.share_debt = (uint16_t)(decide->stitching.share_debt - 1000u);
  }
  if (et_job_holds_samples(&core->job) || decide->stitching.samples >= core->deployment.definition.fixed->capacity) ticket->to_stitch = 1;
  else put(decide, place, decide->stitching.samples, hold_out(decide, (uint8_t)ticket->truth));
}

bool et_stitch_pending(const et_decide *decide) {
  const et_core *core = decide->core;
  uint8_t i;
  if (core->deployment.model == NULL || et_is_stream(core)) return false;
  for (i = 0; i < core->deployment.definition.fixed->tickets; i++)
    if (et_tickets(core)[i].to_stitch) return true;
  return false;
}

bool et_stitch_waiting(et_decide *decide) {
  et_core *core = decide->core;
  uint8_t i;
  if (core->deployment.model == NULL || et_is_stream(core) || et_job_holds_samples(&core->job)) return false;
  if (decide->stitching.search.active) {
    if (!search_slice(decide)) return true;
    decide->stitching.search.active = false;
    put(decide, decide->stitching.search.place, decide->stitching.search.best, decide->stitching.search.held_out);
    return true;
  }
  for (i = 0; i < core->deployment.definition.fixed->tickets; i++) {
    if (et_tickets(core)[i].to_stitch) {
      const bool held_out = hold_out(decide, (uint8_t)et_tickets(core)[i].truth);
      if (decide->stitching.samples < core->deployment.definition.fixed->capacity) put(decide, i, decide->stitching.samples, held_out);
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
  decide->stitching.share_debt = decide->stitching.order_next = decide->stitching.rebase_at = decide->stitching.redundant_at = 0;
  decide->stitching.search.active = false;
  if (core->deployment.model == NULL || et_is_stream(core)) return;
  memset(et_at(core, core->deployment.layout.labels), 0, core->deployment.layout.dataset_bytes);
  memset(et_at(core, core->deployment.layout.held_counts), 0, core->deployment.definition.fixed->classes);
  memset(et_class_counts(core), 0, 4u * (uint32_t)core->deployment.definition.fixed->classes);
  for (i = 0; i < core->deployment.definition.fixed->tickets; i++) et_tickets(core)[i].to_stitch = 0;
}

void et_stitch_set(const et_decide *decide, et_sample_set *set) {
  const et_core *core = decide->core;
  set->features = et_at(core, core->deployment.layout.features);
  set->labels = et_labels(core);
  set->held_out = et_held_out(core);
  set->extra = et_at(core, core->deployment.layout.extra);
  set->count = decide->stitching.samples;
  set->class_counts = et_class_counts(core);
}

void et_data_set_convert(et_decide *decide, const et_definition *after) {
  et_core *core = decide->core;
  const et_definition *before = &core->deployment.definition;
  et_change_rows(before, after, et_sample(core, 0), decide->stitching.samples);
  et_change_rows(before, after, et_ticket_features(core, 0), before->fixed->tickets);
  /* Multipliers belong to the rows as they were: the next training starts from none. */
  memset(et_at(core, core->deployment.layout.extra), 0, (uint32_t)before->fixed->capacity * core->deployment.layout.sample_extra);
}
