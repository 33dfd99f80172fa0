/* What healthy looks like in one operating regime, and how far a window is from it.
 *
 * A window is a vector f of features. Healthy is their mean m and covariance C, estimated from windows that were learned; the score is
 * the Mahalanobis distance per dimension (Hotelling's T^2, "Multivariate quality control", 1947),
 *
 *   score = sqrt((f - m)' C^-1 (f - m) / d),   C = 0.7 S + 0.3 diag(S),
 *
 * with S shrunk towards its diagonal by a fixed share (Ledoit & Wolf, "A well-conditioned estimator for large-dimensional covariance
 * matrices", 2004, for the idea; their estimated share was no better on real vibration). C = L L' is kept as L, packed by rows, so that a
 * score is one forward substitution, y = L^-1 (f - m), of d (d + 1) / 2 multiplications. On a small board only the diagonal is kept.
 *
 * A slow process has few features, and any one of them may tell: there the largest deviation counts (LARGEST).
 *
 * A family may have features after the first `scored` ones that tell patterns apart but are no part of the score. */
#ifndef ET_STREAM_HEALTHY_H
#define ET_STREAM_HEALTHY_H

#include <stdbool.h>
#include <stdint.h>

#include "edge_trainer/contract.h"

#define ET_HEALTHY_SHRINKAGE 0.3f

typedef struct et_healthy_shape {
  uint16_t dimensions;
  uint16_t scored;    /* of them in the score, 1..dimensions */
  uint8_t covariance; /* et_covariance */
} et_healthy_shape;

/* Part of a model generation: flat, little-endian, followed by mean, spread (dimensions each) and, when the covariance is full, by the
 * packed factor of the scored ones. */
typedef struct et_healthy {
  uint16_t dimensions;
  uint16_t scored;
  uint8_t covariance;
  uint8_t valid;         /* 1 = learned */
  uint16_t rows;         /* windows that mean and covariance are made of */
  uint32_t windows;      /* windows learned from */
  int16_t context_least; /* of the context channel while learning, register units */
  int16_t context_most;
  float threshold; /* of the score; frozen */
  float log_mean;  /* of the log of healthy scores, each judged by the windows around which it was not learned */
  float log_spread;
  float rms_mean; /* baseline: log RMS of the signal, all channels together */
  float rms_spread;
  float rms_threshold; /* of its two-sided deviation, in standard deviations */
} et_healthy;

uint32_t et_healthy_bytes(const et_healthy_shape *shape);
static inline uint32_t et_healthy_packed(uint32_t n) { return n * (n + 1u) / 2u; }

/* Parts behind the head; const is the caller's affair, as with strchr. */
static inline float *et_healthy_mean(const et_healthy *healthy) { return (float *)(uintptr_t)(healthy + 1); }
static inline float *et_healthy_spread(const et_healthy *healthy) { return et_healthy_mean(healthy) + healthy->dimensions; }
static inline float *et_healthy_factor(const et_healthy *healthy) { return et_healthy_spread(healthy) + healthy->dimensions; }

/* Empty: nothing learned. */
void et_healthy_clear(et_healthy *healthy, const et_healthy_shape *shape);

/* A score in slices. Begin with {0}; `solved`: room for `scored` floats. */
typedef struct et_healthy_scoring {
  uint16_t row;
  float square;
} et_healthy_scoring;
/* At most about `budget` work units; true when `*score` is there. */
bool et_healthy_score(const et_healthy *healthy, const float *features, float *solved, et_healthy_scoring *scoring, uint32_t budget,
                      float *score);
/* Standard deviations of log RMS from healthy, either side. */
float et_healthy_baseline(const et_healthy *healthy, float log_rms);
/* Logarithm of a score, which may be 0. */
float et_healthy_log(float score);
/* Standard normal deviate of a score among healthy ones, on the log scale, where their distribution is close to normal. */
float et_healthy_deviate(const et_healthy *healthy, float score);

/* Learn one more window, with weight `weight` beside what is known (an exponentially weighted covariance: the factor takes a rank-one
 * update, Gill, Golub, Murray & Saunders, "Methods for modifying matrix factorizations", 1974). In slices of some features, then of one
 * column. Begin with {0}. */
typedef struct et_healthy_stitching {
  uint16_t feature;
  uint16_t column;
} et_healthy_stitching;
/* `features` in, `vector`: room for `dimensions` floats. True when done. */
bool et_healthy_stitch(et_healthy *healthy, const float *features, float weight, float *vector, et_healthy_stitching *stitching);

/* Untrusted bytes: are they a regime of this shape, learned or empty? */
bool et_healthy_valid(const et_healthy *healthy, const et_healthy_shape *shape);

#endif
