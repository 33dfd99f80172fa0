/* The loss at the end of a forward pass. */
#ifndef ET_DNN_LOSS_H
#define ET_DNN_LOSS_H

#include "models/dnn/parts.h"

/* What the loss is of one sample: its largest output error, 0..1 for classes; and whether it is right. */
typedef struct et_dnn_judged {
  float largest; /* of the output errors, magnitude */
  float square;  /* sum of their squares */
  bool right;
  bool finite;
} et_dnn_judged;

/* Judges the forward pass of a sample: label, or targets, or its own input. With `errors` also leaves the outputs' errors where the
 * backward pass begins; returns in `*scale` what an error unit is worth. */
et_dnn_judged et_dnn_judge(const et_dnn *net, const et_dnn_set *set, uint32_t sample, float huber, bool errors, float *scale);

#endif
