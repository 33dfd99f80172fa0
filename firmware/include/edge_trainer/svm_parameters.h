/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#ifndef EDGE_TRAINER_SVM_PARAMETERS_H
#define EDGE_TRAINER_SVM_PARAMETERS_H

#include "edge_trainer/definition.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ET_SECTION_SVM_ID 16u
#define ET_SECTION_SVM_LAYOUT 1u

/* Parameters of svm-linear and svm-kernel and svm-both. */
typedef struct et_svm_parameters {
  float cost; /* C, the price of a violated margin: larger fits the samples closer; 0.0001 to 10000 */
  float tolerance; /* training stops when the largest violation of the optimality conditions is below this; 0.000001 to 1 */
  uint16_t max_epochs; /* iteration bound: passes over the data (linear) or thousands of working sets (kernel); 1 to 65535 */
  uint8_t class_weights; /* weight of a class in the loss: none, balanced (inversely to its number of samples), or explicit (that of the class); et_class_weights */
  uint8_t kernel; /* kernel function: shape of the borders; et_kernel */
  float gamma; /* width of the RBF and polynomial kernels, on features scaled to -1..1; 0 = 1 / number of features; 0 to 1000 */
  float coef0; /* constant term of the polynomial kernel; -1000 to 1000 */
  uint8_t degree; /* degree of the polynomial kernel; 0 to 5 */
  uint8_t warm_start; /* start each training from the solution of the last one; 0 to 1 */
  uint16_t sv_budget; /* most support vectors kept per pair of classes; 0 = as many as the data set holds */
} et_svm_parameters;

extern const et_section_format et_section_svm;

static inline const et_svm_parameters *et_svm_of(const et_definition *definition) {
  return (const et_svm_parameters *)definition->parameters;
}

#ifdef __cplusplus
}
#endif

#endif
