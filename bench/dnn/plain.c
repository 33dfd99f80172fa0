/* A float training as one writes it first, for what it takes of memory: every tensor, its error and every gradient has a buffer of its own,
 * no layer goes along with another, nothing is skipped. Dense layers and convolutions, with the pool behind them. Arguments: problem.h;
 * shapes and first weights are the family's, so that both must learn alike. One JSON object; `ram_bytes` is all that it allocates but the
 * samples, `momentum_bytes` what a momentum would take besides. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/dnn/parts.h"
#include "problem.h"

typedef struct plain_layer {
  const et_dnn_node *node;
  const float *in;
  float *in_error;                          /* NULL: of the network's input */
  float *mid, *mid_error, *out, *out_error; /* without a pool `out` is `mid` */
  float *weights, *biases, *gradient, *bias_gradient;
} plain_layer;

static plain_layer layers[ET_DNN_LAYERS_MAX];
static uint32_t count;
static size_t ram_bytes, momentum_bytes;
static float *input;

static float *floats(size_t n) {
  ram_bytes += n * sizeof(float);
  return problem_memory(n * sizeof(float));
}

static void build(const problem *p) {
  const float *in = input = floats(p->inputs);
  float *in_error = NULL;
  for (uint8_t k = 1; k <= p->network.layer_count; k++) {
    const et_dnn_node *node = &p->plan.nodes[k];
    if (node->operation == ET_DNN_DO_NOTHING) continue;
    if (node->operation != ET_DNN_DO_CONVOLVE) problem_stop("the plain training does not know this layer");
    plain_layer *l = &layers[count++];
    const uint32_t mid = et_dnn_elements(node->mid), out = et_dnn_elements(node->out), weights = node->out.c * node->row;
    const bool pools = node->pool_h * node->pool_w > 1;
    *l = (plain_layer){.node = node, .in = in, .in_error = in_error, .mid = floats(mid), .mid_error = floats(mid)};
    l->out = pools ? floats(out) : l->mid;
    l->out_error = pools ? floats(out) : l->mid_error;
    l->weights = floats(weights);
    l->gradient = floats(weights);
    l->biases = floats(node->out.c);
    l->bias_gradient = floats(node->out.c);
    momentum_bytes += (weights + node->out.c) * sizeof(float);
    memcpy(l->weights, et_dnn_at(&p->net, node->weights), weights * sizeof(float));
    in = l->out;
    in_error = l->out_error;
  }
}

/* Index of the input under a tap of the kernel, or -1 outside. */
static int32_t under(const et_dnn_node *node, uint32_t y, uint32_t x, uint32_t ky, uint32_t kx) {
  const int32_t iy = (int32_t)(y * node->layer.stride_h + ky) - node->pad_top;
  const int32_t ix = (int32_t)(x * node->layer.stride_w + kx) - node->pad_left;
  if (iy < 0 || ix < 0 || iy >= node->in.h || ix >= node->in.w) return -1;
  return (iy * node->in.w + ix) * node->in.c;
}

/* What is done with the row of inputs under one tap for output `element`, whose channel has `weights` there. */
typedef void tap_work(const plain_layer *l, uint32_t element, uint32_t weight, uint32_t at);

static void products(const plain_layer *l, uint32_t element, uint32_t weight, uint32_t at) {
  for (uint32_t i = 0; i < l->node->in.c; i++) l->mid[element] += l->weights[weight + i] * l->in[at + i];
}

static void derivatives(const plain_layer *l, uint32_t element, uint32_t weight, uint32_t at) {
  const float e = l->mid_error[element];
  for (uint32_t i = 0; i < l->node->in.c; i++) l->gradient[weight + i] += e * l->in[at + i];
  for (uint32_t i = 0; i < l->node->in.c && l->in_error != NULL; i++) l->in_error[at + i] += e * l->weights[weight + i];
}

static void over_taps(const plain_layer *l, tap_work *work) {
  const et_dnn_node *node = l->node;
  for (uint32_t y = 0, element = 0; y < node->mid.h; y++)
    for (uint32_t x = 0; x < node->mid.w; x++)
      for (uint32_t c = 0; c < node->mid.c; c++, element++)
        for (uint32_t tap = 0; tap < (uint32_t)node->layer.kernel_h * node->layer.kernel_w; tap++) {
          const int32_t at = under(node, y, x, tap / node->layer.kernel_w, tap % node->layer.kernel_w);
          if (at >= 0) work(l, element, c * node->row + tap * node->in.c, (uint32_t)at);
        }
}

/* The element before the pool that output `element` shows. */
static uint32_t largest_of(const plain_layer *l, uint32_t element) {
  const et_dnn_node *node = l->node;
  const uint32_t c = element % node->out.c, x = element / node->out.c % node->out.w, y = element / node->out.c / node->out.w;
  uint32_t best = 0;
  for (uint32_t j = 0; j < (uint32_t)node->pool_h * node->pool_w; j++) {
    const uint32_t at = ((y * node->pool_h + j / node->pool_w) * node->mid.w + x * node->pool_w + j % node->pool_w) * node->mid.c + c;
    if (j == 0 || l->mid[at] > l->mid[best]) best = at;
  }
  return best;
}

static void forward(const plain_layer *l) {
  for (uint32_t i = 0; i < et_dnn_elements(l->node->mid); i++) l->mid[i] = l->biases[i % l->node->mid.c];
  over_taps(l, products);
  for (uint32_t i = 0; i < et_dnn_elements(l->node->mid) && l->node->layer.activation == ET_DNN_RELU; i++)
    if (l->mid[i] < 0.0f) l->mid[i] = 0.0f;
  for (uint32_t i = 0; i < et_dnn_elements(l->node->out) && l->out != l->mid; i++) l->out[i] = l->mid[largest_of(l, i)];
}

static void backward(const plain_layer *l) {
  const et_dnn_node *node = l->node;
  const uint32_t mid = et_dnn_elements(node->mid);
  if (l->out != l->mid) {
    memset(l->mid_error, 0, mid * sizeof(float));
    for (uint32_t i = 0; i < et_dnn_elements(node->out); i++) l->mid_error[largest_of(l, i)] = l->out_error[i];
  }
  for (uint32_t i = 0; i < mid && node->layer.activation == ET_DNN_RELU; i++)
    if (l->mid[i] <= 0.0f) l->mid_error[i] = 0.0f;
  memset(l->gradient, 0, node->out.c * node->row * sizeof(float));
  memset(l->bias_gradient, 0, node->out.c * sizeof(float));
  if (l->in_error != NULL) memset(l->in_error, 0, et_dnn_elements(node->in) * sizeof(float));
  for (uint32_t i = 0; i < mid; i++) l->bias_gradient[i % node->mid.c] += l->mid_error[i];
  over_taps(l, derivatives);
}

static void move(const plain_layer *l, float rate) {
  for (uint32_t i = 0; i < l->node->out.c * l->node->row; i++) l->weights[i] -= rate * l->gradient[i];
  for (uint32_t c = 0; c < l->node->out.c; c++) l->biases[c] -= rate * l->bias_gradient[c];
}

/* The class with the largest output. */
static uint32_t infer(const problem *p, uint32_t sample) {
  const int8_t *bytes = p->samples + (size_t)sample * p->inputs;
  for (uint32_t i = 0; i < p->inputs; i++) input[i] = p->network.input_scale * (float)(bytes[i] - p->network.input_zero);
  for (uint32_t k = 0; k < count; k++) forward(&layers[k]);
  const float *out = layers[count - 1].out;
  uint32_t best = 0;
  for (uint32_t i = 1; i < p->outputs; i++) best = out[i] > out[best] ? i : best;
  return best;
}

static void learn(const problem *p, uint32_t sample, float rate) {
  const plain_layer *last = &layers[count - 1];
  const float largest = last->out[infer(p, sample)];
  float sum = 0.0f;
  for (uint32_t i = 0; i < p->outputs; i++) sum += expf(last->out[i] - largest);
  for (uint32_t i = 0; i < p->outputs; i++)
    last->out_error[i] = expf(last->out[i] - largest) / sum - (i == p->labels[sample] ? 1.0f : 0.0f);
  for (uint32_t k = count; k-- > 0;) backward(&layers[k]);
  for (uint32_t k = 0; k < count; k++) move(&layers[k], rate);
}

int main(int argc, char **argv) {
  static problem p;
  problem_read(&p, argc, argv);
  if (p.network.format != ET_DNN_F32 || p.kind != 0) problem_stop("f32 and classes only");
  build(&p);
  const uint32_t total = p.train * p.options.epochs;
  for (uint32_t done = 0; done < total; done++) {
    const float t = (float)done / (float)total;
    learn(&p, done % p.train, p.options.rate * (0.02f + 0.98f * (1.0f - t * t * (3.0f - 2.0f * t))));
  }
  uint32_t right = 0;
  for (uint32_t i = p.train; i < p.train + p.test; i++) right += infer(&p, i) == p.labels[i];
  printf("{\"accuracy\":%.4f,\"ram_bytes\":%zu,\"momentum_bytes\":%zu}\n", 100.0 * right / p.test, ram_bytes, momentum_bytes);
  return 0;
}
