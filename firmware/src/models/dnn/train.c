/* A training: samples in an order of its own, forward, loss, backward where it is worth it, epoch after epoch, in slices. */
#include "models/dnn/loss.h"

#include <math.h>

#include "edge_trainer/model.h"
#include "support/prng.h"

#define RATE_LAST 0.02f
#define LOSS_MEAN_OVER 256.0f
#define COPY_SHIFT 1 /* bytes copied a unit */
#define CHECK_UNITS 16u
/* Of drawing an order. */
#define EPOCH_UNITS 200u

/* CHECK looks at all samples, CATCH_UP at the epochs that a training before this one had done. KEEP and TAKE_BACK copy a generation: the
 * best one aside, and back at the end. */
enum { NEXT, FORWARD, LOSS, CHOOSE, ERROR, UPDATE, SETTLE, EVALUATE_NEXT, EVALUATE, JUDGE, KEEP, TAKE_BACK, CHECK, CATCH_UP };

static bool is_held_out(const et_dnn_set *set, uint32_t sample) {
  return set->held_out != NULL && (((uint32_t)set->held_out[sample >> 3] >> (sample & 7u)) & 1u);
}

static uint32_t common_divisor(uint32_t a, uint32_t b) {
  while (b != 0) {
    const uint32_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/* An order of all samples: every `stride`-th, a stride without a common divisor with their number; another in every epoch. */
static void begin_epoch(et_dnn_training *training) {
  const uint32_t count = training->set->count;
  training->stride = 1;
  training->start = 0;
  if (training->options.in_order || count < 4) return;
  training->start = et_xorshift32(&training->prng) % count;
  training->stride = count / 4u + et_xorshift32(&training->prng) % (count / 2u);
  while (common_divisor(training->stride, count) != 1) training->stride++;
}

static uint32_t sample_at(const et_dnn_training *training, uint32_t i) {
  return (uint32_t)((training->start + (uint64_t)i * training->stride) % training->set->count);
}

/* From 1 to 2 % along 1 - 3t^2 + 2t^3, which is within 1 % of half a cosine; at first less, where it warms up. */
static float scheduled(const et_dnn_training *training) {
  const float t = (float)training->done / (float)training->total, warm_up = 0.01f * (float)training->options.warm_up;
  const float rate = training->options.rate * (RATE_LAST + (1.0f - RATE_LAST) * (1.0f - t * t * (3.0f - 2.0f * t)));
  return t < warm_up ? rate * t / warm_up : rate;
}

et_dnn_status et_dnn_train_begin(et_dnn_training *training, const et_dnn *net, const et_dnn_set *set, const et_dnn_options *options,
                                 uint32_t resume_done) {
  memset(training, 0, sizeof *training);
  training->net = *net;
  training->set = set;
  training->options = *options;
  if (net->plan->first_trained == 0 || !net->plan->training) return ET_DNN_KIND;
  if (set->count == 0 || options->epochs == 0) return ET_DNN_FEW;
  training->total = set->count * options->epochs;
  training->prng = options->seed * 2u + 1u;
  training->best_score = -1e30f;
  training->loss_mean = 1.0f;
  training->done = resume_done < training->total ? resume_done : training->total;
  training->stage = CHECK;
  return ET_DNN_OK;
}

static bool is_sound(const et_dnn *net, const et_dnn_set *set, uint32_t sample) {
  const uint32_t outputs = et_dnn_outputs(net->plan);
  if (net->plan->network.head == ET_DNN_CLASSES) return set->labels[sample] < outputs;
  if (net->plan->network.head != ET_DNN_VALUES || set->targets == NULL) return true;
  for (uint32_t i = 0; i < outputs; i++)
    if (!(set->targets[sample * outputs + i] >= -1e6f && set->targets[sample * outputs + i] <= 1e6f)) return false;
  return true;
}

static et_dnn_status check(et_dnn_training *training, uint32_t *budget) {
  const et_dnn_set *set = training->set;
  for (; training->sample < set->count; training->sample++) {
    if (*budget == 0) return ET_DNN_BUSY;
    if (!is_sound(&training->net, set, training->sample)) return ET_DNN_LABEL;
    if (!is_held_out(set, training->sample)) training->found = true;
    else if (training->held_out_count < UINT16_MAX) training->held_out_count++;
    et_dnn_spend(budget, CHECK_UNITS);
  }
  if (!training->found) return ET_DNN_FEW;
  begin_epoch(training);
  training->stage = CATCH_UP;
  return ET_DNN_BUSY;
}

/* The orders of past epochs are drawn again, so that the next ones are those of a training that never stopped. */
static void catch_up(et_dnn_training *training, uint32_t *budget) {
  while (training->epoch < training->done / training->set->count) {
    if (*budget == 0) return;
    training->epoch++;
    begin_epoch(training);
    et_dnn_spend(budget, EPOCH_UNITS);
  }
  training->stage = NEXT;
}

static void begin_forward(et_dnn_training *training, bool learns) {
  et_dnn_infer_begin(training->set->input(training->set->user, training->sample), &training->cursor);
  training->cursor.learns = learns;
}

/* OK when the pass has reached the loss. */
static et_dnn_status forward_to_logits(et_dnn_training *training, uint32_t *budget) {
  while (training->cursor.node <= training->net.plan->logits) {
    if (*budget == 0 || !et_dnn_forward(&training->net, &training->cursor, budget)) return ET_DNN_BUSY;
    if (training->cursor.beyond) {
      training->failed_node = training->cursor.node;
      return ET_DNN_NOT_FINITE;
    }
    training->cursor.node++;
  }
  return ET_DNN_OK;
}

static void begin_node(et_dnn_training *training, uint8_t stage) {
  training->stage = stage;
  training->cursor.at = 0;
  training->cursor.row = 0;
  training->cursor.phase = 0;
  training->cursor.largest = 0;
  training->cursor.within = 0;
}

static void sample_done(et_dnn_training *training) {
  training->done++;
  training->stage = NEXT;
}

/* Forward, and then the loss in `stage`. Classes are judged in one slice: they wait for the next when this one has no room. */
static et_dnn_status forward(et_dnn_training *training, uint8_t stage, uint32_t *budget) {
  const et_dnn_status status = forward_to_logits(training, budget);
  if (status != ET_DNN_OK) return status;
  training->stage = stage;
  memset(&training->loss, 0, sizeof training->loss);
  if (*budget < et_dnn_loss_least(training->net.plan)) *budget = 0;
  return ET_DNN_BUSY;
}

/* The loss of the sample; the backward pass begins, or the next sample. */
static et_dnn_status loss(et_dnn_training *training, uint32_t *budget) {
  const et_dnn *net = &training->net;
  const et_dnn_loss *found = &training->loss;
  if (!et_dnn_judge(net, training->set, training->sample, &training->options, true, &training->loss, budget)) return ET_DNN_BUSY;
  if (found->beyond) {
    training->failed_node = net->plan->logits;
    return ET_DNN_NOT_FINITE;
  }
  training->loss_mean += (found->largest - training->loss_mean) / LOSS_MEAN_OVER;
  if (found->largest > training->loss_largest) training->loss_largest = found->largest;
  training->loss_sum += found->largest;
  training->loss_count++;
  if (found->largest == 0.0f || found->largest < training->options.gate) {
    sample_done(training);
    return ET_DNN_BUSY;
  }
  training->backward++;
  training->error_scale = found->largest / 127.0f;
  training->rate = scheduled(training);
  for (uint8_t k = 1; k <= net->plan->logits; k++) {
    et_dnn_range *range = et_dnn_range_of(net, k);
    if (range->error_seen > 0) range->error_unit = range->error_largest / 127.0f;
  }
  training->cursor.node = net->plan->logits;
  begin_node(training, CHOOSE);
  return ET_DNN_BUSY;
}

static float kept_share(const et_dnn_training *training) {
  const et_dnn_options *options = &training->options;
  if (!(options->lambda_min > 0.0f) || options->lambda_min >= 1.0f) return 1.0f;
  const float part = training->loss_largest > 0.0f ? training->loss_mean / training->loss_largest : 1.0f;
  return options->lambda_min + (options->lambda_max - options->lambda_min) * (part < 1.0f ? part : 1.0f);
}

/* One slice of a node's backward pass: which channels, the error of its input, its update; then the node before. */
static et_dnn_status backward(et_dnn_training *training, uint32_t *budget) {
  et_dnn_pass pass = {.net = &training->net,
                      .cursor = &training->cursor,
                      .rate = training->rate,
                      .error_scale = training->error_scale,
                      .share = kept_share(training),
                      .skip = !training->options.plain,
                      .unscaled = training->options.unscaled};
  bool done;
  if (training->stage == CHOOSE) done = et_dnn_keep_largest(&pass, budget);
  else if (training->stage == ERROR) done = et_dnn_error_node(&pass, budget);
  else done = et_dnn_update_node(&pass, budget);
  training->backward_macs_low += pass.macs;
  if (training->backward_macs_low < pass.macs) training->backward_macs_high++;
  if (pass.failed) {
    training->failed_node = training->cursor.node;
    return ET_DNN_NOT_FINITE;
  }
  if (!done) return ET_DNN_BUSY;
  if (training->stage != UPDATE) {
    begin_node(training, (uint8_t)(training->stage + 1));
    return ET_DNN_BUSY;
  }
  const et_dnn_plan *plan = training->net.plan;
  do training->cursor.node--;
  while (training->cursor.node >= plan->first_trained && !(plan->nodes[training->cursor.node].flags & ET_DNN_WANTS_ERROR));
  if (training->cursor.node < plan->first_trained) sample_done(training);
  else begin_node(training, CHOOSE);
  return ET_DNN_BUSY;
}

static void begin_copy(et_dnn_training *training, uint8_t stage) {
  training->stage = stage;
  training->cursor.at = 0;
}

/* True when the generation is copied. */
static bool copy(et_dnn_training *training, uint8_t *to, const uint8_t *from, uint32_t *budget) {
  const uint32_t left = training->net.plan->model_bytes - training->cursor.at;
  const uint32_t most = *budget << COPY_SHIFT > *budget ? *budget << COPY_SHIFT : *budget;
  const uint32_t step = left < most ? left : most;
  memcpy(to + training->cursor.at, from + training->cursor.at, step);
  training->cursor.at += step;
  et_dnn_spend(budget, (step >> COPY_SHIFT) + 1u);
  return step == left;
}

/* The next epoch, or the end: true when nothing is left to do. */
static bool next_epoch(et_dnn_training *training) {
  const et_dnn_options *options = &training->options;
  training->epoch++;
  training->evaluated = 0;
  training->held_out_sum = 0;
  if (training->done < training->total && (options->patience == 0 || training->stale_epochs < options->patience)) {
    begin_epoch(training);
    training->stage = NEXT;
    return false;
  }
  if (options->best == NULL || training->held_out_count == 0) return true;
  begin_copy(training, TAKE_BACK);
  return false;
}

/* 65535 stands for "not known". */
static uint16_t permille(float value) { return value < 65.0f ? (uint16_t)(1000.0f * value + 0.5f) : 65000u; }

/* Every second point goes, so that there is room for as many epochs again. */
static void thin_curve(et_train_curve *curve) {
  curve->filled /= 2u;
  curve->stride = (uint16_t)(curve->stride * 2u); /* at most twice the epochs over 32: 4096 */
  for (uint16_t i = 0; i < curve->filled; i++) {
    curve->loss[i] = curve->loss[2u * i + 1u];
    curve->error[i] = curve->error[2u * i + 1u];
  }
}

static uint16_t held_out_error(const et_dnn_training *training) {
  const float judged = (float)training->held_out_count, sum = training->held_out_sum;
  if (training->held_out_count == 0) return UINT16_MAX;
  if (training->net.plan->network.head == ET_DNN_CLASSES) return permille(1.0f - sum / judged);
  return permille(sqrtf(-sum / (judged * (float)et_dnn_outputs(training->net.plan))));
}

/* A point of the learning curve, where this epoch has one. */
static void draw_point(et_dnn_training *training) {
  et_train_curve *curve = training->options.curve;
  if (curve != NULL) {
    if (curve->filled == ET_CURVE_POINTS) thin_curve(curve);
    if (training->epoch + 1u == (curve->filled + 1u) * (uint32_t)curve->stride) {
      curve->loss[curve->filled] = training->loss_count == 0 ? UINT16_MAX : permille(training->loss_sum / (float)training->loss_count);
      curve->error[curve->filled++] = held_out_error(training);
    }
  }
  training->loss_sum = 0.0f;
  training->loss_count = 0;
}

/* The held-out samples have been judged: the better generation is kept; an epoch that was none counts towards the end. True when the
 * training is over. */
static bool epoch_done(et_dnn_training *training) {
  draw_point(training);
  if (training->held_out_count == 0) return next_epoch(training);
  if (training->held_out_sum > training->best_score) {
    training->best_score = training->held_out_sum;
    training->stale_epochs = 0;
    if (training->options.best == NULL) return next_epoch(training);
    begin_copy(training, KEEP);
    return false;
  }
  training->stale_epochs++;
  return next_epoch(training);
}

/* The next sample of the epoch; behind the last come the held-out ones. */
static void next_sample(et_dnn_training *training, uint32_t *budget) {
  const uint32_t count = training->set->count;
  const uint32_t i = training->done - training->epoch * count;
  et_dnn_spend(budget, 4);
  if (i >= count) {
    memset(&training->cursor, 0, sizeof training->cursor);
    training->stage = SETTLE;
    return;
  }
  training->sample = sample_at(training, i);
  if (is_held_out(training->set, training->sample)) {
    training->done++;
    return;
  }
  begin_forward(training, true);
  training->stage = FORWARD;
}

static et_dnn_status next_evaluated(et_dnn_training *training, uint32_t *budget) {
  et_dnn_spend(budget, 4);
  if (training->held_out_count == 0 || training->evaluated >= training->set->count) return epoch_done(training) ? ET_DNN_OK : ET_DNN_BUSY;
  training->sample = training->evaluated++;
  if (!is_held_out(training->set, training->sample)) return ET_DNN_BUSY;
  begin_forward(training, false);
  training->stage = EVALUATE;
  return ET_DNN_BUSY;
}

static void evaluate(et_dnn_training *training, uint32_t *budget) {
  const et_dnn_loss *found = &training->loss;
  if (!et_dnn_judge(&training->net, training->set, training->sample, &training->options, false, &training->loss, budget)) return;
  training->held_out_sum += training->net.plan->network.head == ET_DNN_CLASSES ? (found->right ? 1.0f : 0.0f) : -found->square;
  training->stage = EVALUATE_NEXT;
}

et_dnn_status et_dnn_train_step(et_dnn_training *training, uint32_t budget) {
  et_dnn_status status = ET_DNN_BUSY;
  const uint32_t done = training->done;
  while (budget > 0 && status == ET_DNN_BUSY && training->done == done) {
    switch (training->stage) {
    case CHECK: status = check(training, &budget); break;
    case CATCH_UP: catch_up(training, &budget); break;
    case NEXT: next_sample(training, &budget); break;
    case FORWARD: status = forward(training, LOSS, &budget); break;
    case LOSS: status = loss(training, &budget); break;
    case SETTLE:
      if (et_dnn_settle_step(&training->net, &training->cursor, &budget)) training->stage = EVALUATE_NEXT;
      break;
    case EVALUATE_NEXT: status = next_evaluated(training, &budget); break;
    case EVALUATE: status = forward(training, JUDGE, &budget); break;
    case JUDGE: evaluate(training, &budget); break;
    case KEEP:
      if (copy(training, training->options.best, training->net.model, &budget) && next_epoch(training)) status = ET_DNN_OK;
      break;
    case TAKE_BACK:
      if (copy(training, training->net.model, training->options.best, &budget)) status = ET_DNN_OK;
      break;
    default: status = backward(training, &budget); break;
    }
  }
  return status;
}
