/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#include "edge_trainer/model.h"

extern const et_model_ops et_svm_linear;
extern const et_model_ops et_svm_kernel_ops;
extern const et_model_ops et_svm_both;
extern const et_model_ops et_esn;
extern const et_model_ops et_correlation;
extern const et_model_ops et_process;
extern const et_model_ops et_dnn_family;
extern const et_model_ops et_autoencoder;

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
#if ET_WITH_ESN
  &et_esn,
#endif
#if ET_WITH_CORRELATION
  &et_correlation,
#endif
#if ET_WITH_PROCESS
  &et_process,
#endif
#if ET_WITH_DNN
  &et_dnn_family,
#endif
#if ET_WITH_DNN
  &et_autoencoder,
#endif
  NULL,
};
