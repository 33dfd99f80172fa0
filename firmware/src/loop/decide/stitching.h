/* Data stitching block (Edge2Train): features, decision and ground truth become a training sample. */
#ifndef ET_STITCHING_H
#define ET_STITCHING_H

#include "edge_trainer/contract.h"
#include "edge_trainer/model.h"
#include "loop/decide/neighbours.h"

struct et_decide;

/* The search for the stored sample that gives way to a new one; samples do not move meanwhile. */
typedef struct et_search {
  uint16_t at; /* next place to look at in the order in time */
  uint16_t best, narrowest;
  uint16_t floor; /* samples that a class keeps */
  uint8_t place;  /* of the newcomer among the tickets */
  bool active;
  bool found;    /* `best` gives way: in a slice of its own, because it moves all that came later */
  bool held_out; /* the newcomer will be held out */
  bool pool;     /* looks among those held out */
  bool doubts;   /* too little comes true: some labels may be wrong */
#if ET_WITH_NEIGHBOURS
  et_neighbours neighbours; /* of the newcomer, while there are doubts */
#endif
} et_search;

typedef struct et_stitching {
  uint16_t samples, samples_new, held_out_total;
  uint16_t order_next;   /* stamp of the next sample */
  uint16_t relabel_left; /* samples that wait to be judged again */
  uint16_t share_debt;   /* permille accumulated towards the next satisfactory sample */
  et_search search;
} et_stitching;

/* Stitch the judged ticket at ring index `place`. `always`: unsatisfactory or taught; else the configured share is taken.
 * While a job holds the data set, a sample that would replace another waits in its ticket. */
void et_stitch(struct et_decide *decide, uint8_t place, bool always);

/* Whether a sample waits. */
bool et_stitch_pending(const struct et_decide *decide);

/* A new decision takes the place of the ticket at ring index `place`: its sample waits no longer. */
void et_stitch_give_up(struct et_decide *decide, uint8_t place);

/* One bounded slice of stitching what waited, once no job holds the data set; false when there is nothing. */
bool et_stitch_waiting(struct et_decide *decide);

/* Forget all samples. */
void et_stitch_clear(struct et_decide *decide);

/* Convert stored samples and waiting decisions to the ranges of `after`, which has the same features. */
void et_data_set_convert(struct et_decide *decide, const et_definition *after);

/* The data set as models see it. */
void et_stitch_set(const struct et_decide *decide, et_sample_set *set);

#endif
