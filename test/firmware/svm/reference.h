/* The dual of the L1-loss SVM solved in double, independently of the firmware: SMO with the most violating pair (Keerthi et al.
 * 2001) on a full kernel matrix, to 1e-9. */
#ifndef TEST_SVM_REFERENCE_H
#define TEST_SVM_REFERENCE_H

#include "problem.h"

typedef struct reference {
  int count;
  double *alpha;
  double *bound; /* C_i */
  double *y;
  double *kernel; /* count x count */
  int *sample;    /* index in the problem */
  double bias;
} reference;

/* Kernel value of two samples, from the definition, in double. STANDARD scaling learns mean and deviation in double. */
void reference_begin(reference *r, const problem *p, int positive, int negative);
void reference_solve(reference *r);
/* 1/2 alpha' Q alpha - e' alpha of any multipliers. */
double reference_objective(const reference *r, const double *alpha);
/* sum of alpha y K + bias for place t. */
double reference_decision(const reference *r, const double *alpha, double bias, int t);
/* The multipliers that a training left with the samples of the problem, for the pair of r. */
void reference_read(const reference *r, const problem *p, int positive, int negative, double *alpha);
void reference_free(reference *r);

#endif
