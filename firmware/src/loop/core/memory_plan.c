#include "loop/core/memory_plan.h"

#include <string.h>

#include "loop/core/limits.h"
#include "loop/core/output_errors.h"
#include "loop/core/ticket.h"
#include "decision/standing.h"
#include "decision/following_rule.h"
#include "decision/suspicion.h"
#include "decision/voices.h"
#include "support/blocks.h"

/* Take `bytes` from the arena and round up, so that every part starts 4-byte aligned. All sums stay far below 2^32:
 * the largest terms are 4096 samples x (32 768 + model extra) bytes and three generations; a model whose need() is absurd is
 * caught by the saturation here. */
static uint32_t reserve(uint32_t *end, uint32_t bytes) {
  uint32_t at = *end;
  if (bytes > 0x10000000u || at > 0x10000000u) {
    *end = 0x10000001u;
    return at;
  }
  *end = at + et_up_to_4(bytes);
  return at;
}

et_error et_memory_plan(const et_definition *definition, uint32_t arena_bytes, et_memory_layout *layout) {
  const et_model_ops *model = et_model_find(definition->core->model);
  const bool stream = model->stream != NULL;
  const uint32_t samples = stream ? 0u : definition->core->capacity;
  const uint32_t outputs = et_output_count(definition);
  const uint32_t tickets = stream ? 0u : definition->core->tickets;
  /* The next definition may be longer than this one; a small board need not keep room for the longest that there is. */
  const uint32_t longer = definition->length + ET_STAGING_SPARE;
  const uint32_t staging = longer < ET_BUILD_STAGING_BYTES ? longer : ET_BUILD_STAGING_BYTES;
  et_memory_need need;
  uint32_t end = 0;

  memset(layout, 0, sizeof *layout);
  memset(&need, 0, sizeof need);
  model->need(definition, &need);
  layout->model_bytes = need.model_bytes;
  layout->shared_bytes = need.shared_bytes;
  layout->work_bytes = need.work_bytes;
  layout->sample_extra = (uint16_t)need.sample_bytes;
  layout->feature_bytes = et_row_bytes(definition);

  layout->definition = reserve(&end, definition->length);
  layout->input = reserve(&end, 2u * (stream ? ET_FEATURES_MAX : (uint32_t)et_input_words(definition)));
  layout->measured = reserve(&end, et_is_local(definition) ? 2u * (uint32_t)definition->core->features : 0u);
  layout->array = reserve(&end, et_array_count(definition) == 0u ? 0u : et_row_bytes(definition));
  layout->tickets = reserve(&end, tickets * ((uint32_t)sizeof(et_ticket) + layout->feature_bytes));
  layout->values = reserve(&end, 2u * outputs * (2u * tickets + ET_VALUE_ROWS));
  layout->confusion = reserve(&end, 4u * definition->core->classes * definition->core->classes);
  layout->errors = reserve(&end, outputs * (uint32_t)sizeof(et_output_errors));
  layout->still = reserve(&end, stream ? 0u : et_plain_features(definition) * (uint32_t)sizeof(et_feature_stillness));
  layout->standing = reserve(&end, stream ? 0u : et_standing_bytes(definition->core->classes));
  layout->voices = reserve(&end, stream ? 0u : et_voices_bytes(definition->core->classes));
  layout->following = reserve(&end, definition->start == NULL ? 0u : et_following_bytes(definition->start));
  layout->held_counts = reserve(&end, definition->core->classes);
  layout->class_counts = reserve(&end, 4u * definition->core->classes);
  layout->labels = reserve(&end, samples);
  layout->orders = reserve(&end, 2u * samples);
  layout->by_time = reserve(&end, 2u * samples);
  layout->held_out = reserve(&end, (samples + 7u) / 8u);
  layout->targets = reserve(&end, 2u * outputs * samples);
  layout->outcomes = reserve(&end, et_definition_keeps_outcomes(definition) ? 2u * samples * (outputs == 0u ? 1u : 2u) : 0u);
  layout->deciders = reserve(&end, et_definition_keeps_outcomes(definition) ? samples : 0u);
  layout->extra = reserve(&end, samples * need.sample_bytes);
  layout->features = reserve(&end, samples * layout->feature_bytes);
  layout->dataset_bytes = end - layout->labels;
  layout->models = reserve(&end, 3u * et_up_to_4(need.model_bytes));
  layout->shared = reserve(&end, need.shared_bytes);
  layout->work = reserve(&end, need.work_bytes);
  /* The next definition is received where jobs work: a job and an upload exclude each other. */
  layout->staging = layout->work;
  if (need.work_bytes < staging) {
    end = layout->work;
    (void)reserve(&end, staging);
  }
  layout->total = end;
  return end <= arena_bytes ? ET_OK : ET_DEFINITION_MEMORY;
}

/* Parts lie one behind the other in the order of the struct; the last offset is where they end. */
#define ET_PARTS ((uint32_t)((offsetof(et_memory_layout, work) - offsetof(et_memory_layout, input)) / sizeof(uint32_t)))
#define ET_PARTS_MOST 28u
typedef char et_parts_fit[ET_PARTS < ET_PARTS_MOST ? 1 : -1];

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

void et_memory_move(uint8_t *arena, const et_memory_layout *from, const et_memory_layout *to) {
  uint32_t old_at[ET_PARTS_MOST], new_at[ET_PARTS_MOST];
  uint32_t i;
  memcpy(old_at, &from->input, (ET_PARTS + 1u) * sizeof(uint32_t));
  memcpy(new_at, &to->input, (ET_PARTS + 1u) * sizeof(uint32_t));
  /* Parts that move down, the first one first, then those that move up, the last one first: as the order of parts is the same, a part
   * never lands on one that has yet to move. */
  for (i = 0; i < ET_PARTS; i++)
    if (new_at[i] < old_at[i]) memmove(arena + new_at[i], arena + old_at[i], least(new_at[i + 1u] - new_at[i], old_at[i + 1u] - old_at[i]));
  for (i = ET_PARTS; i-- != 0u;)
    if (new_at[i] > old_at[i]) memmove(arena + new_at[i], arena + old_at[i], least(new_at[i + 1u] - new_at[i], old_at[i + 1u] - old_at[i]));
  for (i = 0; i < ET_PARTS; i++) {
    const uint32_t kept = least(new_at[i + 1u] - new_at[i], old_at[i + 1u] - old_at[i]);
    memset(arena + new_at[i] + kept, 0, new_at[i + 1u] - new_at[i] - kept);
  }
}
