/* Kernels K(p, q) of the SVM on rows of stored integers (int8 or int16, S standing for 1.0), as if the rows were p / S and q / S:
 *   linear p.q    RBF exp(-gamma |p - q|^2)    polynomial (gamma p.q + coef0)^degree
 * Sums are integers; the exponential is integer too (no libm): 16 table steps and a cubic, relative error below 1e-6. */
#ifndef ET_MODELS_SVM_KERNEL_FUNCTION_H
#define ET_MODELS_SVM_KERNEL_FUNCTION_H

#include "edge_trainer/svm_parameters.h"

typedef struct et_svm_kernel_function {
  uint8_t kernel; /* et_kernel */
  uint8_t degree;
  bool wide; /* rows are int16 */
  uint8_t shift;
  uint16_t n;
  uint32_t multiplier; /* RBF: exponent in 2^-24 = (sum of squares >> (wide ? 8 : 0)) * multiplier >> shift */
  float scale;         /* linear: 1 / S^2; polynomial: gamma / S^2 */
  float coef0;
} et_svm_kernel_function;

/* gamma = 0 in the definition stands for 1 / features. */
void et_svm_kernel_function_begin(const et_definition *definition, et_svm_kernel_function *function);
float et_svm_kernel_value(const et_svm_kernel_function *function, const void *p, const void *q);

#endif
