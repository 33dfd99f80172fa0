/* Errors of the outputs: p - y of softmax and cross-entropy, o - y of (Huber's) squared error. The labels y may be smoothed (Szegedy,
 * Vanhoucke, Ioffe, Shlens, Wojna, Rethinking the Inception architecture for computer vision, CVPR 2016, section 7): of the share s each of
 * K classes has s / K, the label 1 - s besides. A network that is more certain than that is taught back. */
#include "models/dnn/loss.h"

#include "models/kernels/exponential.h"

#define CLASS_UNITS 80u /* of an output, whose exponential is taken */
#define VALUE_UNITS 40u /* of an output's error, measured or left for the backward pass */

/* Output i of the node that the loss reads. */
static float logit(const et_dnn *net, uint32_t i) { return et_dnn_value(net, net->plan->logits, i); }

typedef struct et_dnn_question {
  const et_dnn *net;
  uint32_t count;
  float *errors; /* where the logits were and nobody reads them again: the errors, worked out once; NULL = nowhere */
  /* classes */
  float largest_logit, sum;
  float other, right; /* targets of a class: when another one is the label, and when it is */
  uint32_t label;
  /* values */
  const et_dnn_set *set; /* NULL: the input is the target */
  uint32_t sample;
  float limit;
} et_dnn_question;

static float target_of(const et_dnn_question *question, uint32_t i) {
  if (question->set != NULL)
    return question->set->targets != NULL ? question->set->targets[question->sample * question->count + i]
                                          : question->set->target(question->set->user, question->sample, i);
  const et_dnn *net = question->net;
  const void *input = et_dnn_buffer_at(net, 0, ET_DNN_ACTIVATION);
  if (et_dnn_gives_floats(&net->plan->nodes[0])) return ((const float *)input)[i];
  const et_dnn_range *range = et_dnn_range_of(net, 0);
  return range->scale * (float)(((const int8_t *)input)[i] - range->zero);
}

static float class_error(const et_dnn_question *question, float exponential, uint32_t i) {
  return exponential / question->sum - (i == question->label ? question->right : question->other);
}

static float error_of(const et_dnn_question *question, uint32_t i) {
  if (question->errors != NULL) return question->errors[i];
  if (question->net->plan->network.head == ET_DNN_CLASSES)
    return class_error(question, et_exponential(logit(question->net, i) - question->largest_logit), i);
  const float error = logit(question->net, i) - target_of(question, i);
  return error > question->limit ? question->limit : error < -question->limit ? -question->limit : error;
}

/* The logits, when they are floats that the backward pass does not look at; else NULL. */
static float *in_place(const et_dnn *net) {
  const et_dnn_node *node = &net->plan->nodes[net->plan->logits];
  if (node->layer.activation != ET_DNN_LINEAR || !et_dnn_gives_floats(node)) return NULL;
  return et_dnn_buffer_at(net, net->plan->logits, ET_DNN_ACTIVATION);
}

static void ask_classes(et_dnn_question *question, et_dnn_loss *loss) {
  uint32_t best = 0;
  for (uint32_t i = 1; i < question->count; i++)
    if (logit(question->net, i) > logit(question->net, best)) best = i;
  question->largest_logit = logit(question->net, best);
  loss->right = best == question->label;
  float *values = in_place(question->net);
  for (uint32_t i = 0; i < question->count; i++) {
    const float part = et_exponential(logit(question->net, i) - question->largest_logit);
    question->sum += part;
    if (values != NULL) values[i] = part;
  }
  if (values == NULL) return;
  /* An exponential is what costs here: each is taken once. */
  for (uint32_t i = 0; i < question->count; i++) values[i] = class_error(question, values[i], i);
  question->errors = values;
}

static void measure(const et_dnn_question *question, et_dnn_loss *loss) {
  const float error = error_of(question, loss->at), magnitude = error < 0.0f ? -error : error;
  if (magnitude > loss->largest) loss->largest = magnitude;
  loss->square += error * error;
  if (!(magnitude <= 1e9f)) loss->beyond = true;
}

static void leave_error(const et_dnn_question *question, const et_dnn_loss *loss, void *to) {
  const float error = error_of(question, loss->at);
  if (et_dnn_is_float(&question->net->plan->nodes[question->net->plan->logits])) {
    ((float *)to)[loss->at] = error;
    return;
  }
  const float bytes = loss->largest > 0.0f ? error / (loss->largest / 127.0f) : 0.0f;
  ((int8_t *)to)[loss->at] = (int8_t)(bytes + (bytes < 0.0f ? -0.5f : 0.5f));
}

enum { MEASURE, LEAVE };

bool et_dnn_judge(const et_dnn *net, const et_dnn_set *set, uint32_t sample, const et_dnn_options *options, bool errors, et_dnn_loss *loss,
                  uint32_t *budget) {
  et_dnn_question question = {.net = net, .count = et_dnn_elements(net->plan->nodes[net->plan->logits].out)};
  const bool classes = net->plan->network.head == ET_DNN_CLASSES;
  question.limit = options->huber > 0.0f ? options->huber : 1.0f;
  if (classes) {
    question.label = set->labels[sample];
    question.other = options->smoothing / (float)question.count;
    question.right = 1.0f - options->smoothing + question.other;
    ask_classes(&question, loss);
    et_dnn_spend(budget, CLASS_UNITS * question.count);
  } else if (net->plan->network.head == ET_DNN_VALUES) {
    question.set = set;
    question.sample = sample;
  }
  for (; loss->phase == MEASURE; loss->at++) {
    if (loss->at == question.count) {
      loss->at = 0;
      loss->phase = LEAVE;
      break;
    }
    if (*budget == 0 && !classes) return false;
    measure(&question, loss);
    if (!classes) et_dnn_spend(budget, VALUE_UNITS);
  }
  if (!errors || loss->beyond) return true;
  void *to = et_dnn_buffer_at(net, net->plan->logits, ET_DNN_ERROR);
  for (; loss->at < question.count; loss->at++) {
    if (*budget == 0 && !classes) return false;
    leave_error(&question, loss, to);
    if (!classes) et_dnn_spend(budget, VALUE_UNITS);
  }
  return true;
}

uint32_t et_dnn_loss_least(const et_dnn_plan *plan) {
  return plan->network.head == ET_DNN_CLASSES ? CLASS_UNITS * et_dnn_elements(plan->nodes[plan->logits].out) : 1u;
}
