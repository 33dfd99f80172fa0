#include "loop/stitching.h"

#include <string.h>

#include "loop/train_on_demand.h"

/* Multiply-accumulates that one search for a redundant sample may take. */
#define ET_REDUNDANT_WORK 4096u
/* Work units that it takes to look at a sample and pass it over. */
#define ET_GLANCE_WORK 4u
/* Samples that a class keeps to train on, however old: one alone may be a mistake. */
#define ET_LAST_OF_CLASS 2u

static uint16_t age(const et_trainer *trainer, uint16_t sample) {
  return (uint16_t)(trainer->order_next - et_orders(trainer)[sample]);
}

/* Stamps are 16 bit: a sample older than this is kept at this age, one per stitch, so that it never looks young again.
 * The cursor visits every sample within 4096 stitches, before 61 440 + 4096 wraps. */
static void rebase_one(et_trainer *trainer) {
  if (trainer->samples == 0u) return;
  trainer->rebase_at = (uint16_t)((trainer->rebase_at + 1u) % trainer->samples);
  if (age(trainer, trainer->rebase_at) > 61440u)
    et_orders(trainer)[trainer->rebase_at] = (uint16_t)(trainer->order_next - 61440u);
}

/* Stored samples of a class in one of the two pools. */
static uint16_t *pool_count(const et_trainer *trainer, bool held_out, uint8_t output_class) {
  return et_class_counts(trainer) + (held_out ? trainer->definition.fixed->classes : 0u) + output_class;
}

/* Class with the most samples in the pool, the newcomer counted with its own; ties go to the newcomer's class, so that a
 * balanced set stays balanced. */
static uint8_t fullest_class(const et_trainer *trainer, bool held_out, uint8_t newcomer) {
  uint32_t most = *pool_count(trainer, held_out, newcomer) + 1u;
  uint8_t best = newcomer, i;
  for (i = 0; i < trainer->definition.fixed->classes; i++) {
    if (i != newcomer && *pool_count(trainer, held_out, i) > most) {
      most = *pool_count(trainer, held_out, i);
      best = i;
    }
  }
  return best;
}

static uint32_t distance(const et_trainer *trainer, const uint8_t *a, const uint8_t *b) {
  uint32_t sum = 0;
  uint8_t i;
  for (i = 0; i < trainer->definition.fixed->features; i++) {
    int32_t d = trainer->definition.fixed->storage == ET_STORAGE_INT8
                    ? (int32_t)((const int8_t *)(const void *)a)[i] - ((const int8_t *)(const void *)b)[i]
                    : ((int32_t)((const int16_t *)(const void *)a)[i] - ((const int16_t *)(const void *)b)[i]) / 256;
    sum += (uint32_t)(d * d); /* |d| <= 256, 120 features: < 2^23 */
  }
  return sum;
}

/* ---- Which stored sample gives way, looked for in slices ---- */

/* The pool of held-out samples keeps its share; only when it is empty does one of the other pool give way. REDUNDANT: the sample of
 * the newcomer's class that is most like it says nothing that the newcomer does not say; a bounded number is compared, going round. */
static void search_begin(et_trainer *trainer, uint8_t place, bool held_out) {
  const et_definition_fixed *fixed = trainer->definition.fixed;
  const uint8_t newcomer = (uint8_t)et_tickets(trainer)[place].truth;
  const uint16_t pool = held_out ? trainer->held_out_total : (uint16_t)(trainer->samples - trainer->held_out_total);
  et_search *search = &trainer->search;
  memset(search, 0, sizeof *search);
  search->active = true;
  search->place = place;
  search->held_out = held_out;
  search->pool = pool != 0u ? held_out : !held_out;
  search->output_class = -1;
  search->left = trainer->samples;
  search->best_distance = 0xffffffffu;
  if (pool == 0u) return;
  /* Then at least one class has more than its last, and something is found. Held-out samples follow the plant: they judge what is. */
  search->keeps = !held_out && pool > ET_LAST_OF_CLASS * (uint32_t)fixed->classes;
  if (fixed->replacement == ET_REPLACEMENT_CLASS_QUOTA) {
    const uint8_t fullest = fullest_class(trainer, held_out, newcomer);
    if (*pool_count(trainer, held_out, fullest) != 0u) search->output_class = fullest;
  } else if (fixed->replacement == ET_REPLACEMENT_REDUNDANT && *pool_count(trainer, held_out, newcomer) != 0u) {
    search->output_class = newcomer;
    search->redundant = true;
    search->looks = (uint16_t)(ET_REDUNDANT_WORK / fixed->features);
    search->at = trainer->redundant_at;
  }
}

static void compare(et_trainer *trainer, uint16_t at) {
  et_search *search = &trainer->search;
  if (search->redundant) {
    const uint32_t d = distance(trainer, et_ticket_features(trainer, search->place), et_sample(trainer, at));
    if (d < search->best_distance) {
      search->best_distance = d;
      search->best = at;
    }
    search->looks--;
  } else if (!search->found || age(trainer, at) > age(trainer, search->best)) {
    search->best = at;
  }
  search->found = true;
}

/* Whether sample `at` stays although it is old: the last of a class that the newcomer is not of. Without them a plant that wants one
 * thing for weeks fills the set with one class, a training is refused, and the model that plays on is the one from before. */
static bool is_kept(const et_trainer *trainer, uint16_t at) {
  const et_search *search = &trainer->search;
  const uint8_t output_class = et_labels(trainer)[at];
  return search->keeps && output_class != (uint8_t)et_tickets(trainer)[search->place].truth &&
         *pool_count(trainer, search->pool, output_class) <= ET_LAST_OF_CLASS;
}

/* Looks at as many samples as fit a slice; true when the search is over. */
static bool search_slice(et_trainer *trainer) {
  et_search *search = &trainer->search;
  uint32_t spent = 0;
  while (search->left != 0u && (!search->redundant || search->looks != 0u)) {
    uint16_t at;
    if (spent >= ET_SLICE_WORK) return false;
    search->at = at = (uint16_t)(search->at + 1u < trainer->samples ? search->at + 1u : 0u);
    search->left--;
    spent += ET_GLANCE_WORK;
    if (et_is_held_out(trainer, at) != search->pool) continue;
    if (search->output_class >= 0 ? et_labels(trainer)[at] != search->output_class : is_kept(trainer, at)) continue;
    compare(trainer, at);
    if (search->redundant) spent += trainer->definition.fixed->features;
  }
  if (search->redundant) trainer->redundant_at = search->at;
  return true;
}

static bool hold_out(et_trainer *trainer, uint8_t output_class) {
  const uint8_t every = trainer->definition.fixed->hold_out_every;
  uint8_t *position = et_at(trainer, trainer->layout.held_counts) + output_class;
  if (every == 0u) return false;
  *position = (uint8_t)((*position + 1u) % every);
  return *position == 0u;
}

/* Puts what place `place` of the tickets holds at `at`, a free place or that of the sample that gives way. */
static void put(et_trainer *trainer, uint8_t place, uint16_t at, bool held_out) {
  et_ticket *ticket = &et_tickets(trainer)[place];
  const uint8_t output_class = (uint8_t)ticket->truth;
  ticket->to_stitch = 0;
  rebase_one(trainer);
  if (at == trainer->samples) {
    trainer->samples++;
  } else {
    const bool was_held_out = et_is_held_out(trainer, at);
    if (was_held_out) trainer->held_out_total--;
    (*pool_count(trainer, was_held_out, et_labels(trainer)[at]))--;
    trainer->counters.replaced++;
  }
  memcpy(et_sample(trainer, at), et_ticket_features(trainer, place), trainer->layout.feature_bytes);
  et_labels(trainer)[at] = output_class;
  (*pool_count(trainer, held_out, output_class))++;
  et_orders(trainer)[at] = trainer->order_next++;
  memset(et_at(trainer, trainer->layout.extra + (uint32_t)at * trainer->layout.sample_extra), 0, trainer->layout.sample_extra);
  if (held_out) {
    et_held_out(trainer)[at >> 3] |= (uint8_t)(1u << (at & 7u));
    trainer->held_out_total++;
  } else {
    et_held_out(trainer)[at >> 3] &= (uint8_t)~(1u << (at & 7u));
  }
  trainer->counters.stitched++;
  if (trainer->samples_new < 65535u) trainer->samples_new++;
  trainer->save_wanted = true;
}

void et_stitch(et_trainer *trainer, uint8_t place, bool always) {
  et_ticket *ticket = &et_tickets(trainer)[place];
  if (!always) {
    /* Exact share without a random generator: one satisfactory sample whenever a whole one has added up. */
    trainer->share_debt = (uint16_t)(trainer->share_debt + trainer->definition.fixed->satisfactory_share);
    if (trainer->share_debt < 1000u) return;
    trainer->share_debt = (uint16_t)(trainer->share_debt - 1000u);
  }
  if (et_train_holds_samples(trainer) || trainer->samples >= trainer->definition.fixed->capacity) ticket->to_stitch = 1;
  else put(trainer, place, trainer->samples, hold_out(trainer, (uint8_t)ticket->truth));
}

bool et_stitch_pending(const et_trainer *trainer) {
  uint8_t i;
  if (trainer->model == NULL || et_is_stream(trainer)) return false;
  for (i = 0; i < trainer->definition.fixed->tickets; i++)
    if (et_tickets(trainer)[i].to_stitch) return true;
  return false;
}

bool et_stitch_waiting(et_trainer *trainer) {
  uint8_t i;
  if (trainer->model == NULL || et_is_stream(trainer) || et_train_holds_samples(trainer)) return false;
  if (trainer->search.active) {
    if (!search_slice(trainer)) return true;
    trainer->search.active = false;
    put(trainer, trainer->search.place, trainer->search.best, trainer->search.held_out);
    return true;
  }
  for (i = 0; i < trainer->definition.fixed->tickets; i++) {
    if (et_tickets(trainer)[i].to_stitch) {
      const bool held_out = hold_out(trainer, (uint8_t)et_tickets(trainer)[i].truth);
      if (trainer->samples < trainer->definition.fixed->capacity) put(trainer, i, trainer->samples, held_out);
      else search_begin(trainer, i, held_out);
      return true;
    }
  }
  return false;
}

void et_stitch_clear(et_trainer *trainer) {
  uint8_t i;
  trainer->samples = trainer->samples_new = trainer->held_out_total = 0;
  trainer->share_debt = trainer->order_next = trainer->rebase_at = trainer->redundant_at = 0;
  trainer->search.active = false;
  if (trainer->model == NULL || et_is_stream(trainer)) return;
  memset(et_at(trainer, trainer->layout.labels), 0, trainer->layout.dataset_bytes);
  memset(et_at(trainer, trainer->layout.held_counts), 0, trainer->definition.fixed->classes);
  memset(et_class_counts(trainer), 0, 4u * (uint32_t)trainer->definition.fixed->classes);
  for (i = 0; i < trainer->definition.fixed->tickets; i++) et_tickets(trainer)[i].to_stitch = 0;
}

void et_stitch_set(const et_trainer *trainer, et_sample_set *set) {
  set->features = et_at(trainer, trainer->layout.features);
  set->labels = et_labels(trainer);
  set->held_out = et_held_out(trainer);
  set->extra = et_at(trainer, trainer->layout.extra);
  set->count = trainer->samples;
  set->class_counts = et_class_counts(trainer);
}
