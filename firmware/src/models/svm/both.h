/* Linear and RBF SVM side by side, trained on the same samples: two voices in one generation (firmware/src/decision/voices.h). */
#ifndef ET_MODELS_SVM_BOTH_H
#define ET_MODELS_SVM_BOTH_H

#include "edge_trainer/model.h"

extern const et_model_ops et_svm_both;

#endif
