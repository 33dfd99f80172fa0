/* A training as a job of the trainer: the candidate begins as a copy of the running generation, or with random weights. */
#include <string.h>

#include "models/dnn/family.h"
#include "models/dnn/parts.h"
#include "support/blocks.h"

/* A unit of a network's training takes more instructions than one of the other families: its part of a slice's budget, in eighths. */
#define BUDGET_EIGHTHS 5u
/* Bytes copied or cleared for a work unit. */
#define COPY_BYTES 2u

enum { PLACE, COPY, INITIALISE, BEGIN, LEARN };

typedef struct et_dnn_job {
  et_dnn_training training;
  et_dnn_set set;
  et_dnn_options options;
  et_dnn_cursor cursor; /* of the initialisation */
  const et_definition *definition;
  const int8_t *features; /* of the samples */
  const int16_t *targets;
  const uint8_t *running; /* NULL: random weights */
  uint8_t *candidate;
  uint8_t *work; /* of a step */
  int8_t *room;  /* one row, in the order of the network */
  uint32_t copied;
  uint32_t resume; /* samples that a training before this one had done */
  uint32_t basis;
  uint32_t random;
  uint8_t stage;
  et_error result;
  bool places; /* the order of the inputs means something */
  et_dnn_plan plan;
  et_dnn_node nodes[];
} et_dnn_job;

static bool keeps_best(const et_definition *definition) {
  return et_dnn_of(definition)->patience != 0u && definition->stitching->hold_out_every != 0u;
}

static uint32_t step_bytes(const et_dnn_plan *plan) { return et_up_to_4(plan->work_bytes); }

static uint32_t job_bytes(const et_definition *definition) {
  return ET_POINTER_SLACK + (uint32_t)sizeof(et_dnn_job) + (definition->entry_count + 1u) * (uint32_t)sizeof(et_dnn_node);
}

uint32_t et_dnn_train_work_bytes(const et_definition *definition, const et_dnn_plan *plan) {
  return job_bytes(definition) + step_bytes(plan) + et_dnn_room_bytes(definition) + (keeps_best(definition) ? plan->model_bytes : 0u);
}

static et_dnn_job *job_of(const et_model_context *context) { return et_align_pointers(context->work); }

static const int8_t *input_of(void *user, uint32_t sample) {
  const et_dnn_job *job = user;
  return et_dnn_inputs(job->definition, job->places, job->features + sample * et_row_bytes(job->definition), job->room);
}

/* -1 and 1 are the ends of the output's range; a target from before the range became narrower counts as the nearest end. */
static float target_of(void *user, uint32_t sample, uint32_t i) {
  const et_dnn_job *job = user;
  const et_output *output = &job->definition->outputs[i];
  const int16_t held = job->targets[sample * job->definition->output_count + i];
  const int32_t value = held < output->min ? output->min : held > output->max ? output->max : held;
  return (float)(2 * value - output->min - output->max) / (float)((int32_t)output->max - output->min);
}

static et_error error_of(et_dnn_status status) {
  switch (status) {
  case ET_DNN_OK: return ET_OK;
  case ET_DNN_BUSY: return ET_BUSY;
  case ET_DNN_NOT_FINITE: return ET_NUMERIC;
  case ET_DNN_FEW: return ET_TOO_FEW_SAMPLES;
  default: return ET_NOT_SUPPORTED; /* no layer is trained */
  }
}

/* TOO_FEW_SAMPLES and SINGLE_CLASS, as for every model that tells classes apart. */
static et_error count(const et_definition *definition, const et_sample_set *set) {
  uint32_t total = 0, present = 0;
  for (uint8_t c = 0; c < definition->core->classes; c++) {
    uint32_t of_class = 0;
    if (set->class_counts != NULL) of_class = set->class_counts[c];
    else
      for (uint16_t i = 0; i < set->count; i++)
        of_class += set->labels[i] == c && (set->held_out == NULL || ((uint32_t)set->held_out[i >> 3] >> (i & 7u) & 1u) == 0u);
    total += of_class;
    present += of_class != 0u;
  }
  return total < 2u ? ET_TOO_FEW_SAMPLES : present < 2u && definition->output_count == 0u ? ET_SINGLE_CLASS : ET_OK;
}

static void set_options(et_dnn_job *job) {
  const et_dnn_parameters *parameters = et_dnn_of(job->definition);
  memset(&job->options, 0, sizeof job->options);
  job->options.rate = parameters->rate;
  job->options.warm_up = parameters->warm_up;
  job->options.gate = parameters->gate;
  job->options.smoothing = 0.01f * (float)parameters->label_smoothing;
  job->options.lambda_min = parameters->lambda_min;
  job->options.lambda_max = parameters->lambda_max;
  job->options.epochs = parameters->epochs;
  job->options.patience = parameters->patience;
  job->options.seed = job->definition->core->seed;
}

et_error et_dnn_family_train_begin(const et_model_context *context, const et_sample_set *set, const void *running, void *candidate) {
  const et_definition *definition = context->definition;
  const et_dnn_parameters *parameters = et_dnn_of(definition);
  const bool blank = ((const et_dnn_stamp *)running)->layout == 0u;
  et_dnn_rest *rest = et_dnn_rest_of(context);
  et_dnn_job *job = job_of(context);
  et_error error = count(definition, set);
  if (error != ET_OK) return error;
  if (definition->output_count != 0u && set->targets == NULL) return ET_NOT_SUPPORTED;
  memset(job, 0, sizeof *job);
  et_dnn_shape_definition(definition, true, job->nodes, &job->plan);
  job->places = et_dnn_reads_places(&job->plan);
  /* What is not trained can only come from a model that was restored. */
  if (blank && job->plan.frozen_bytes != 0u) return ET_WEIGHTS_MISSING;
  if (job->plan.first_trained == 0u) return ET_NOT_SUPPORTED;
  job->definition = definition;
  job->features = set->features;
  job->candidate = candidate;
  job->running = blank || (parameters->warm_start == 0u && job->plan.frozen_bytes == 0u) ? NULL : running;
  set_options(job);
  job->set.input = input_of;
  job->set.user = job;
  job->set.labels = set->labels;
  job->targets = set->targets;
  job->set.target = target_of;
  job->set.held_out = set->held_out;
  job->set.count = set->count;
  job->basis = set->basis;
  job->stage = PLACE;
  job->options.curve = et_dnn_curve_of(context);
  if (rest->candidate == candidate && rest->basis == set->basis && rest->done != 0u) {
    job->resume = rest->done;
  } else {
    memset(job->options.curve, 0, sizeof *job->options.curve);
    job->options.curve->stride = 1;
  }
  rest->done = 0;
  return ET_OK;
}

/* Places of the job's memory, behind the job: the buffers of a step, a row of inputs, the best generation. True when all are known. */
static bool place(const et_model_context *context, et_dnn_job *job, uint32_t budget) {
  if (!et_dnn_place_step(&job->plan, budget)) return false;
  job->work = (uint8_t *)context->work + job_bytes(job->definition);
  job->room = (int8_t *)job->work + step_bytes(&job->plan);
  if (keeps_best(job->definition)) job->options.best = (uint8_t *)job->room + et_dnn_room_bytes(job->definition);
  return true;
}

/* True when the candidate holds the running generation, or zeros. */
static bool copy(et_dnn_job *job, uint32_t budget) {
  const uint32_t bytes = et_dnn_generation_bytes(&job->plan), left = bytes - job->copied;
  const uint32_t most = budget * COPY_BYTES, step = left < most ? left : most;
  if (job->running != NULL) memcpy(job->candidate + job->copied, job->running + job->copied, step);
  else memset(job->candidate + job->copied, 0, step);
  job->copied += step;
  return step == left;
}

static void stamp(et_dnn_job *job) {
  const et_dnn_stamp stamp = {ET_DNN_GENERATION_LAYOUT, job->plan.network.format, job->plan.network.layer_count, 0};
  memcpy(job->candidate, &stamp, sizeof stamp);
}

et_error et_dnn_family_train_step(const et_model_context *context, uint32_t budget, uint16_t *progress_permille) {
  et_dnn_job *job = job_of(context);
  const et_dnn net = et_dnn_net(&job->plan, job->candidate, job->work);
  *progress_permille = 0;
  budget = et_dnn_budget(&job->plan, budget * BUDGET_EIGHTHS / 8u);
  switch (job->stage) {
  case PLACE:
    if (place(context, job, budget)) job->stage = job->resume != 0u ? BEGIN : COPY;
    return ET_BUSY;
  case COPY:
    if (!copy(job, budget)) return ET_BUSY;
    et_dnn_initialise_begin(&job->cursor, job->definition->core->seed, &job->random);
    job->stage = job->running != NULL ? BEGIN : INITIALISE;
    return ET_BUSY;
  case INITIALISE:
    if (et_dnn_initialise_step(&net, &job->cursor, &job->random, budget)) job->stage = BEGIN;
    return ET_BUSY;
  case BEGIN:
    stamp(job);
    job->stage = LEARN;
    job->result = error_of(et_dnn_train_begin(&job->training, &net, &job->set, &job->options, job->resume));
    return job->result == ET_OK ? ET_BUSY : job->result;
  default: break;
  }
  job->result = error_of(et_dnn_train_step(&job->training, budget));
  /* done * 1000 fits: 4096 samples, 65535 epochs, 28 bits; so by thousandths of the total. */
  *progress_permille = (uint16_t)(job->training.total < 1000u ? job->training.done * 1000u / job->training.total
                                                              : job->training.done / (job->training.total / 1000u));
  return job->result;
}

void et_dnn_family_train_end(const et_model_context *context, bool cancelled, et_train_report *report) {
  const et_dnn_job *job = job_of(context);
  const et_dnn_training *training = &job->training;
  report->work = job->stage == LEARN ? training->backward_macs_low + training->done * job->plan.forward_macs : 0u;
  report->iterations = job->stage == LEARN ? training->epoch : 0u;
  report->result = cancelled ? ET_CANCELLED : job->result;
  report->layer = report->result == ET_NUMERIC ? training->failed_node : 0u;
  if (cancelled) {
    const et_dnn_rest rest = {job->candidate, job->basis, job->stage == LEARN ? training->done : job->resume};
    *et_dnn_rest_of(context) = rest;
  }
}
