/* Data stitching block (Edge2Train): features, decision and ground truth become a training sample. */
#ifndef ET_STITCHING_H
#define ET_STITCHING_H

#include "edge_trainer/contract.h"
#include "edge_trainer/model.h"

struct et_decide;

/* The search for the stored sample that gives way to a new one; samples do not move meanwhile. */
typedef struct et_search {
  uint32_t best_distance; /* REDUNDANT */
  uint16_t at, left;      /* next sample to look at, and how many more */
  uint16_t best;
  uint16_t looks;         /* REDUNDANT: comparisons left */
  int16_t output_class;   /* -1 = any */
  uint8_t place;          /* of the newcomer among the tickets */
  bool active, found, redundant;
  bool held_out;          /* the newcomer will be held out */
  bool pool;              /* looks among those held out */
  bool keeps;             /* the last of a class stay */
} et_search;

typedef struct et_stitching {
  uint16_t samples, samples_new, held_out_total, order_next, rebase_at, redundant_at;
  et_search search;
  uint16_t share_debt; /* permille accumulated towards the next satisfactory sample */
} et_stitching;

/* Stitch the judged ticket at ring index `place`. `always`: unsatisfactory or taught; else the configured share is taken.
 * While a job holds the data set, a sample that would replace another waits in its ticket. */
void et_stitch(struct et_decide *decide, uint8_t place, bool always);

/* Whether a sample waits. */
bool et_stitch_pending(const struct et_decide *decide);

/* One bounded slice of stitching what waited, once no job holds the data set; false when there is nothing. */
bool et_stitch_waiting(struct et_decide *decide);

/* Forget all samples. */
void et_stitch_clear(struct et_decide *decide);

/* Convert stored samples and waiting decisions to the ranges of `after`, which has the same features. */
void et_data_set_convert(struct et_decide *decide, const et_definition *after);

/* The data set as models see it. */
void et_stitch_set(const struct et_decide *decide, et_sample_set *set);

#endif
