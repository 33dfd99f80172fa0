/* The loss at the end of a forward pass. */
#ifndef ET_DNN_LOSS_H
#define ET_DNN_LOSS_H

#include "models/dnn/parts.h"

/* Judges the forward pass of a sample: label, or targets, or its own input. With `errors` also leaves the outputs' errors where the
 * backward pass begins; an error unit there is worth `largest` / 127. In slices: begin with {0}; true when `loss` is known. Classes are
 * few and judged at once, as soon as the budget has room for them. */
bool et_dnn_judge(const et_dnn *net, const et_dnn_set *set, uint32_t sample, const et_dnn_options *options, bool errors, et_dnn_loss *loss,
                  uint32_t *budget);
/* Budget that a first slice wants at least. */
uint32_t et_dnn_loss_least(const et_dnn_plan *plan);

#endif
