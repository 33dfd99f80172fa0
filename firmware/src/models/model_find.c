#include "edge_trainer/model.h"

/* Which families a build contains. A board with little flash leaves some out: -DET_WITH_SVM_KERNEL=0. */
#ifndef ET_WITH_SVM_LINEAR
#define ET_WITH_SVM_LINEAR 1
#endif
#ifndef ET_WITH_SVM_KERNEL
#define ET_WITH_SVM_KERNEL 1
#endif
#ifndef ET_WITH_ESN
#define ET_WITH_ESN 1
#endif

#ifndef ET_WITH_PROCESS
#define ET_WITH_PROCESS 1
#endif
#ifndef ET_WITH_CORRELATION
#define ET_WITH_CORRELATION 1
#endif

#if ET_WITH_SVM_LINEAR
#include "models/svm/linear.h"
#endif
#if ET_WITH_SVM_KERNEL
#include "models/svm/kernel.h"
#endif
#if ET_WITH_ESN
#include "models/esn/model.h"
#endif
#if ET_WITH_PROCESS
#include "models/process/model.h"
#endif
#if ET_WITH_CORRELATION
#include "models/correlation/model.h"
#endif

const et_model_ops *et_model_find(uint8_t family) {
#if ET_WITH_SVM_LINEAR
  if (family == ET_MODEL_SVM_LINEAR) return &et_svm_linear;
#endif
#if ET_WITH_SVM_KERNEL
  if (family == ET_MODEL_SVM_KERNEL) return &et_svm_kernel_ops;
#endif
#if ET_WITH_ESN
  if (family == ET_MODEL_ESN) return &et_esn;
#endif
#if ET_WITH_PROCESS
  if (family == ET_MODEL_PROCESS) return &et_process;
#endif
#if ET_WITH_CORRELATION
  if (family == ET_MODEL_CORRELATION) return &et_correlation;
#endif
  return NULL;
}
