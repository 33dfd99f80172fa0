#include "edge_trainer/model.h"

/* The families of a trainer that names none itself: all, but for those that a board with little flash leaves out
 * (-DET_WITH_SVM_KERNEL=0). Nothing but et_model_find refers to this table, so a program that uses one family alone links that one. */
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
#if ET_WITH_SVM_LINEAR && ET_WITH_SVM_KERNEL
#include "models/svm/both.h"
#endif
#if ET_WITH_DNN
#include "models/dnn/family.h"
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

const et_model_ops *const et_families[] = {
#if ET_WITH_SVM_LINEAR
  &et_svm_linear,
#endif
#if ET_WITH_SVM_KERNEL
  &et_svm_kernel_ops,
#endif
#if ET_WITH_SVM_LINEAR && ET_WITH_SVM_KERNEL
  &et_svm_both,
#endif
#if ET_WITH_DNN
  &et_dnn_family,
#endif
#if ET_WITH_ESN
  &et_esn,
#endif
#if ET_WITH_CORRELATION
  &et_correlation,
#endif
#if ET_WITH_PROCESS
  &et_process,
#endif
  NULL,
};
