#include "models/esn/threshold.h"

#include <math.h>
#include <string.h>

/* Moments exist for gamma < 1/2 only; below -1/2 the tail would end within reach of the data. */
#define SHAPE_LIMIT 0.5f
/* Beyond this many scores both counts are halved, so that the tail's share follows a slow change. */
#define SEEN_MAX 8192u

void et_psquare_begin(et_psquare *quantile, float p) {
  memset(quantile, 0, sizeof *quantile);
  quantile->p = p;
}

static void sort(float *values, uint32_t count) {
  for (uint32_t i = 1; i < count; i++) {
    const float value = values[i];
    uint32_t j = i;
    while (j > 0 && values[j - 1] > value) {
      values[j] = values[j - 1];
      j--;
    }
    values[j] = value;
  }
}

/* Piecewise-parabolic prediction, box 1 of the paper; linear where the parabola would break the order. */
static void move_marker(et_psquare *q, unsigned i, float step) {
  const float *n = q->position;
  float *h = q->height;
  const float parabola =
      h[i] + step / (n[i + 1] - n[i - 1]) *
                 ((n[i] - n[i - 1] + step) * (h[i + 1] - h[i]) / (n[i + 1] - n[i]) +
                  (n[i + 1] - n[i] - step) * (h[i] - h[i - 1]) / (n[i] - n[i - 1]));
  if (h[i - 1] < parabola && parabola < h[i + 1]) {
    h[i] = parabola;
  } else {
    const unsigned j = step > 0.0f ? i + 1 : i - 1;
    h[i] += step * (h[j] - h[i]) / (n[j] - n[i]);
  }
  q->position[i] += step;
}

void et_psquare_add(et_psquare *q, float value) {
  if (q->count < 5) {
    q->height[q->count++] = value;
    sort(q->height, q->count);
    for (unsigned i = 0; i < 5; i++) q->position[i] = (float)(i + 1);
    return;
  }
  q->count++;
  unsigned cell;
  if (value < q->height[0]) {
    q->height[0] = value;
    cell = 0;
  } else if (value >= q->height[4]) {
    q->height[4] = value;
    cell = 3;
  } else {
    cell = 0;
    while (cell < 3 && value >= q->height[cell + 1]) cell++;
  }
  for (unsigned i = cell + 1; i < 5; i++) q->position[i] += 1.0f;

  const float share[3] = {q->p / 2.0f, q->p, (1.0f + q->p) / 2.0f};
  for (unsigned i = 1; i < 4; i++) {
    const float desired = 1.0f + (float)(q->count - 1) * share[i - 1];
    const float d = desired - q->position[i];
    if (d >= 1.0f && q->position[i + 1] - q->position[i] > 1.0f) move_marker(q, i, 1.0f);
    else if (d <= -1.0f && q->position[i - 1] - q->position[i] < -1.0f) move_marker(q, i, -1.0f);
  }
}

float et_psquare_value(const et_psquare *q) {
  if (q->count == 0) return 0.0f;
  if (q->count >= 5) return q->height[2];
  const uint32_t rank = (uint32_t)(q->p * (float)q->count);
  return q->height[rank < q->count ? rank : q->count - 1];
}

void et_esn_tail_begin(et_esn_tail *tail, float start) {
  memset(tail, 0, sizeof *tail);
  tail->start = start;
  tail->threshold = start;
}

void et_esn_tail_count(et_esn_tail *tail, float score) {
  tail->seen++;
  if (score > tail->start) {
    const float excess = score - tail->start;
    tail->over++;
    tail->sum += excess;
    tail->square += excess * excess;
  }
  if (tail->seen >= SEEN_MAX) {
    const float kept = (float)(tail->over / 2) / (float)(tail->over > 0 ? tail->over : 1);
    tail->seen /= 2;
    tail->over /= 2;
    tail->sum *= kept;
    tail->square *= kept;
  }
}

void et_esn_tail_fit(et_esn_tail *tail, float q) {
  if (tail->over < 2) {
    /* No tail to fit (all scores alike): t with a tenth of its own size as margin, beyond the one excess if there is one. */
    tail->threshold = tail->start + tail->sum + 0.1f * fabsf(tail->start) + 1.0e-6f;
    return;
  }
  const float n = (float)tail->over;
  const float mean = tail->sum / n;
  const float variance = (tail->square - n * mean * mean) / (n - 1.0f);
  float gamma = variance > 1.0e-12f ? 0.5f * (1.0f - mean * mean / variance) : -SHAPE_LIMIT;
  gamma = gamma > SHAPE_LIMIT ? SHAPE_LIMIT : gamma < -SHAPE_LIMIT ? -SHAPE_LIMIT : gamma;
  gamma *= n / (n + ET_ESN_SHAPE_PRIOR);
  const float sigma = mean * (1.0f - gamma);
  const float ratio = logf(q * (float)tail->seen / n);
  const float reach = fabsf(gamma) > 1.0e-4f ? (expf(-gamma * ratio) - 1.0f) / gamma : -ratio;
  tail->threshold = tail->start + (reach > 0.0f ? sigma * reach : 0.0f);
}

bool et_esn_tail_judge(et_esn_tail *tail, float score, float q) {
  const bool over = score > tail->threshold;
  if (!over) {
    tail->credit = tail->credit + q < ET_ESN_CREDIT ? tail->credit + q : ET_ESN_CREDIT;
    et_esn_tail_count(tail, score);
    if (score > tail->start) et_esn_tail_fit(tail, q);
  } else if (tail->credit >= 1.0f) {
    tail->credit -= 1.0f;
    const float most = tail->threshold + (tail->over > 0 ? tail->sum / (float)tail->over : 0.0f);
    et_esn_tail_count(tail, score < most ? score : most);
  }
  return over;
}
