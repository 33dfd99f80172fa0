/* Nearest shrunken centroid (Tibshirani et al. 2002, without the test of each feature): a generation holds the mean of each class. */
#include <string.h>

#include "edge_trainer/centroid_parameters.h"
#include "edge_trainer/model.h"
#include "support/blocks.h"

enum { LAYOUT = 1 };

/* A generation: head, then the mean of each class, int16 in the storage's own units. */
typedef struct centroid_head {
  uint8_t layout; /* 0 = untrained */
  uint8_t classes;
  uint16_t features;
  uint16_t trained; /* bit c: class c has a mean */
  uint16_t reserved;
} centroid_head;
ET_STORED(centroid_classes, ET_CLASSES_MAX <= 16);

/* Behind it in the work area: the sum of each feature of each class. |sum| <= 32767 * 65535 < 2^31. */
typedef struct centroid_job {
  et_sample_set set;
  uint8_t *candidate;
  int32_t *sums;
  uint32_t counts[ET_CLASSES_MAX];
  uint32_t work;
  uint16_t sample;
  bool done;
} centroid_job;

static uint32_t values(const et_definition *definition) { return (uint32_t)definition->core->classes * definition->core->features; }
static uint32_t model_bytes(const et_definition *definition) {
  return (uint32_t)sizeof(centroid_head) + et_up_to_4(2u * values(definition));
}
/* The work area is 4-byte aligned, the job holds pointers. */
static centroid_job *job_of(const et_model_context *context) { return et_align_pointers(context->work); }
static int32_t feature_of(const et_definition *definition, const void *features, size_t at) {
  return definition->core->storage == ET_STORAGE_INT8 ? ((const int8_t *)features)[at] : ((const int16_t *)features)[at];
}
static int16_t *means_of(void *model) { return (int16_t *)(void *)((uint8_t *)model + sizeof(centroid_head)); }

static void need(const et_definition *definition, et_memory_need *need) {
  need->model_bytes = model_bytes(definition);
  need->shared_bytes = 0;
  need->sample_bytes = 0;
  need->work_bytes = (uint32_t)sizeof(centroid_job) + ET_POINTER_SLACK + 4u * values(definition);
}

static void blank(const et_model_context *context, void *model) { memset(model, 0, model_bytes(context->definition)); }

/* Squared distance: at most 120 * 65534^2 < 2^39. */
static uint64_t distance(const et_definition *definition, const int16_t *mean, const void *features) {
  uint64_t sum = 0;
  for (uint16_t j = 0; j < definition->core->features; j++) {
    const int64_t difference = (int64_t)feature_of(definition, features, j) - mean[j];
    sum += (uint64_t)(difference * difference);
  }
  return sum;
}

/* Confidence: 500 where two classes are equally near, 1000 on a mean. */
static void infer(const et_model_context *context, const void *model, const void *features, et_decision *decision) {
  const et_definition *definition = context->definition;
  const centroid_head *head = model;
  decision->output_class = definition->core->default_class;
  decision->confidence = 0;
  if (head->layout == 0) return;
  const int16_t *means = (const int16_t *)(const void *)(head + 1);
  uint64_t nearest = UINT64_MAX, second = UINT64_MAX;
  for (uint8_t c = 0; c < definition->core->classes; c++) {
    if (((unsigned)head->trained >> c & 1u) == 0u) continue;
    const uint64_t here = distance(definition, means + (size_t)c * definition->core->features, features);
    if (here < nearest) {
      second = nearest;
      nearest = here;
      decision->output_class = c;
    } else if (here < second) {
      second = here;
    }
  }
  if (second == UINT64_MAX) second = nearest;
  const uint64_t both = nearest + second;
  decision->confidence = (uint16_t)(both == 0 ? 500u : 500u + 500u * (second - nearest) / both);
}

static bool held_out(const et_sample_set *set, uint16_t sample) {
  return set->held_out != NULL && ((unsigned)set->held_out[sample >> 3] >> (sample & 7u) & 1u) != 0u;
}

static et_error train_begin(const et_model_context *context, const et_sample_set *set, const void *running, void *candidate) {
  const et_definition *definition = context->definition;
  (void)running;
  centroid_job *job = job_of(context);
  memset(job, 0, sizeof *job);
  job->set = *set;
  job->candidate = candidate;
  job->sums = (int32_t *)(void *)(job + 1);
  memset(job->sums, 0, 4u * values(definition));
  uint32_t total = 0;
  uint8_t present = 0;
  uint16_t counts[ET_CLASSES_MAX] = {0};
  for (uint16_t i = 0; i < set->count; i++)
    if (set->labels[i] < definition->core->classes && !held_out(set, i)) counts[set->labels[i]]++;
  for (uint8_t c = 0; c < definition->core->classes; c++) {
    total += counts[c];
    present = (uint8_t)(present + (counts[c] > 0));
  }
  if (total < 2u) return ET_TOO_FEW_SAMPLES;
  return present < 2u ? ET_SINGLE_CLASS : ET_OK;
}

/* Rounds to nearest: a mean lies between the samples, so that it fits. */
static int16_t mean_of(float value) { return (int16_t)(value < 0.0f ? value - 0.5f : value + 0.5f); }

static void finish(const et_model_context *context, centroid_job *job) {
  const et_definition *definition = context->definition;
  const float shrinkage = et_centroid_of(definition)->shrinkage;
  const uint16_t n = definition->core->features;
  memset(job->candidate, 0, model_bytes(definition));
  centroid_head *head = (centroid_head *)(void *)job->candidate;
  head->layout = LAYOUT;
  head->classes = definition->core->classes;
  head->features = n;
  for (uint16_t j = 0; j < n; j++) {
    float middle = 0.0f;
    uint8_t present = 0;
    for (uint8_t c = 0; c < head->classes; c++) {
      if (job->counts[c] == 0) continue;
      middle += (float)job->sums[(size_t)c * n + j] / (float)job->counts[c];
      present++;
    }
    middle /= (float)present;
    for (uint8_t c = 0; c < head->classes; c++) {
      if (job->counts[c] == 0) continue;
      const float mean = (float)job->sums[(size_t)c * n + j] / (float)job->counts[c];
      means_of(head)[(size_t)c * n + j] = mean_of(mean + shrinkage * (middle - mean));
      head->trained = (uint16_t)(head->trained | 1u << c);
    }
  }
}

static et_error train_step(const et_model_context *context, uint32_t budget, uint16_t *progress_permille) {
  centroid_job *job = job_of(context);
  const uint16_t n = context->definition->core->features;
  uint32_t units = 0;
  while (job->sample < job->set.count && units < budget) {
    const uint16_t i = job->sample++;
    const uint8_t label = job->set.labels[i];
    units += 1u + n;
    if (label >= context->definition->core->classes || held_out(&job->set, i)) continue;
    job->counts[label]++;
    for (uint16_t j = 0; j < n; j++)
      job->sums[(size_t)label * n + j] += feature_of(context->definition, job->set.features, (size_t)i * n + j);
  }
  job->work += units;
  *progress_permille = (uint16_t)((uint32_t)job->sample * 999u / job->set.count);
  if (job->sample < job->set.count || units >= budget) return ET_BUSY; /* the means are a slice of their own */
  finish(context, job);
  job->done = true;
  return ET_OK;
}

static void train_end(const et_model_context *context, bool cancelled, et_train_report *report) {
  const centroid_job *job = job_of(context);
  report->work = job->work;
  report->iterations = 1;
  report->result = cancelled || !job->done ? ET_CANCELLED : ET_OK;
}

static et_error validate(const et_model_context *context, const void *model) {
  const et_definition *definition = context->definition;
  const centroid_head *head = model;
  if (head->layout == 0) return et_all_zero(model, model_bytes(definition)) ? ET_OK : ET_MODEL_CONTENT;
  const bool known = head->layout == LAYOUT && head->classes == definition->core->classes && head->features == definition->core->features &&
                     head->reserved == 0;
  return known && head->trained != 0 && (unsigned)head->trained >> head->classes == 0u ? ET_OK : ET_MODEL_CONTENT;
}

const et_model_ops et_centroid = {
    .family = ET_MODEL_CENTROID,
    .section = &et_section_centroid,
    .need = need,
    .blank = blank,
    .infer = infer,
    .train_begin = train_begin,
    .train_step = train_step,
    .train_end = train_end,
    .validate = validate,
};
