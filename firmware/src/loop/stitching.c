#include "loop/stitching.h"

#include <string.h>

#include "loop/train_on_demand.h"

/* Multiply-accumulates one search for a redundant sample may take (REDUNDANT): keeps a judgement within one slice. */
#define ET_REDUNDANT_WORK 4096u

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

/* Oldest sample among those held out or not; `output_class` < 0: of any class. -1 = none. */
static int32_t oldest(const et_trainer *trainer, bool held_out, int16_t output_class) {
  int32_t found = -1;
  uint16_t i;
  for (i = 0; i < trainer->samples; i++) {
    if (et_is_held_out(trainer, i) != held_out) continue;
    if (output_class >= 0 && et_labels(trainer)[i] != output_class) continue;
    if (found < 0 || age(trainer, i) > age(trainer, (uint16_t)found)) found = i;
  }
  return found;
}

/* Class with the most samples in the pool, the newcomer counted with its own; ties go to the newcomer's class, so that a
 * balanced set stays balanced. */
static int16_t fullest_class(const et_trainer *trainer, bool held_out, uint8_t newcomer) {
  uint16_t counts[ET_CLASSES_MAX];
  int16_t best = newcomer;
  uint16_t i;
  memset(counts, 0, sizeof counts);
  counts[newcomer] = 1;
  for (i = 0; i < trainer->samples; i++)
    if (et_is_held_out(trainer, i) == held_out) counts[et_labels(trainer)[i]]++;
  for (i = 0; i < trainer->definition.fixed->classes; i++)
    if (counts[i] > counts[best]) best = (int16_t)i;
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

/* The sample of the newcomer's class most like it says nothing that the newcomer does not say. Looks at a bounded number of
 * samples, going round. */
static int32_t redundant(et_trainer *trainer, bool held_out, uint8_t newcomer, const uint8_t *features) {
  const uint16_t looks = (uint16_t)(ET_REDUNDANT_WORK / trainer->definition.fixed->features);
  uint32_t nearest = 0xffffffffu;
  int32_t found = -1;
  uint16_t i, at = trainer->redundant_at, examined = 0;
  for (i = 0; i < trainer->samples && examined < looks; i++) {
    at = (uint16_t)((at + 1u) % trainer->samples);
    if (et_labels(trainer)[at] != newcomer || et_is_held_out(trainer, at) != held_out) continue;
    const uint32_t d = distance(trainer, features, et_sample(trainer, at));
    examined++;
    if (d < nearest) {
      nearest = d;
      found = at;
    }
  }
  trainer->redundant_at = at;
  return found;
}

static uint16_t victim(et_trainer *trainer, bool held_out, uint8_t newcomer, const uint8_t *features) {
  int32_t found = -1;
  switch (trainer->definition.fixed->replacement) {
  case ET_REPLACEMENT_CLASS_QUOTA:
    found = oldest(trainer, held_out, fullest_class(trainer, held_out, newcomer));
    break;
  case ET_REPLACEMENT_REDUNDANT:
    found = redundant(trainer, held_out, newcomer, features);
    break;
  default: break;
  }
  /* The pool of held-out samples keeps its share; only when it is empty does one of the other pool give way. */
  if (found < 0) found = oldest(trainer, held_out, -1);
  if (found < 0) found = oldest(trainer, !held_out, -1);
  return (uint16_t)(found < 0 ? 0 : found);
}

static bool hold_out(et_trainer *trainer, uint8_t output_class) {
  const uint8_t every = trainer->definition.fixed->hold_out_every;
  uint8_t *position = et_at(trainer, trainer->layout.held_counts) + output_class;
  if (every == 0u) return false;
  *position = (uint8_t)((*position + 1u) % every);
  return *position == 0u;
}

static void store(et_trainer *trainer, et_ticket *ticket, uint8_t place) {
  const uint8_t *features = et_ticket_features(trainer, place);
  const uint8_t output_class = (uint8_t)ticket->truth;
  const bool held_out = hold_out(trainer, output_class);
  uint16_t at = trainer->samples;

  ticket->to_stitch = 0;
  rebase_one(trainer);
  if (at < trainer->definition.fixed->capacity) {
    trainer->samples++;
  } else {
    at = victim(trainer, held_out, output_class, features);
    if (et_is_held_out(trainer, at)) trainer->held_out_total--;
    et_class_counts(trainer)[et_labels(trainer)[at]]--;
    trainer->counters.replaced++;
  }
  memcpy(et_sample(trainer, at), features, trainer->layout.feature_bytes);
  et_labels(trainer)[at] = output_class;
  et_class_counts(trainer)[output_class]++;
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
  if (et_train_holds_samples(trainer)) ticket->to_stitch = 1;
  else store(trainer, ticket, place);
}

bool et_stitch_waiting(et_trainer *trainer) {
  uint8_t i;
  if (trainer->model == NULL || et_is_stream(trainer) || et_train_holds_samples(trainer)) return false;
  for (i = 0; i < trainer->definition.fixed->tickets; i++) {
    if (et_tickets(trainer)[i].to_stitch) {
      store(trainer, &et_tickets(trainer)[i], i);
      return true;
    }
  }
  return false;
}

void et_stitch_clear(et_trainer *trainer) {
  uint8_t i;
  trainer->samples = trainer->samples_new = trainer->held_out_total = 0;
  trainer->share_debt = trainer->order_next = trainer->rebase_at = trainer->redundant_at = 0;
  if (trainer->model == NULL || et_is_stream(trainer)) return;
  memset(et_at(trainer, trainer->layout.labels), 0, trainer->layout.dataset_bytes);
  memset(et_at(trainer, trainer->layout.held_counts), 0, trainer->definition.fixed->classes);
  memset(et_class_counts(trainer), 0, 2u * (uint32_t)trainer->definition.fixed->classes);
  for (i = 0; i < trainer->definition.fixed->tickets; i++) et_tickets(trainer)[i].to_stitch = 0;
}

void et_stitch_set(const et_trainer *trainer, et_sample_set *set) {
  set->features = et_at(trainer, trainer->layout.features);
  set->labels = et_labels(trainer);
  set->held_out = et_held_out(trainer);
  set->extra = et_at(trainer, trainer->layout.extra);
  set->count = trainer->samples;
}
