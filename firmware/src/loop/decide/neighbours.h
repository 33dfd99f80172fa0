/* The stored samples most like a new one: do they confirm its truth, and which of them contradicts it? */
#ifndef ET_NEIGHBOURS_H
#define ET_NEIGHBOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "edge_trainer/switches.h"

/* Odd, so that there is no draw. With 30 % of all truths wrong, four of seven neighbours are wrong in one case of eight. */
#define ET_NEIGHBOURS 7u
#define ET_NO_NEIGHBOUR UINT16_MAX

typedef struct et_neighbour {
  uint32_t distance;
  uint16_t at; /* its place, as whoever notes it counts */
  bool same;   /* it has the class of the newcomer */
  bool stays;  /* whatever it says */
} et_neighbour;

typedef struct et_neighbours {
  et_neighbour nearest[ET_NEIGHBOURS]; /* nearest first; of two as near the one that was noted last */
  uint8_t count;
} et_neighbours;

/* Sum of the differences of all features, 8 or 16 bit wide. */
uint32_t et_distance(const void *a, const void *b, uint16_t features, bool wide);

/* Keeps the sample as long as it is one of the nearest. Noted oldest first, newer ones count before older ones as near. */
void et_neighbours_note(et_neighbours *neighbours, const et_neighbour *sample);

/* Place of the nearest one that contradicts the newcomer, if most neighbours confirm it; else ET_NO_NEIGHBOUR. */
uint16_t et_neighbours_contradict(const et_neighbours *neighbours);

#endif
