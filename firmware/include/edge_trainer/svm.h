/* The SVM alone, for a sketch or a CMake project that wants no Modbus: the five functions of Edge2Train (Sudharsan, Breslin, Ali,
 * IoT '20) over the same models that a trainer runs. In the paper's symbols: x_i is a row of X, y_i its class, alpha_i its
 * multiplier, C the cost, K the kernel, b the bias.
 *
 *   static et_svm svm;
 *   static uint32_t memory[1024];
 *   const et_svm_options options = ET_SVM_DEFAULTS(&et_svm_linear, 4, 2, 70);
 *   if (et_svm_setup(&svm, &options, memory, sizeof memory) == ET_OK && et_svm_train(&svm, X, y, 70, &report) == ET_OK) ...
 */
#ifndef EDGE_TRAINER_SVM_H
#define EDGE_TRAINER_SVM_H

#include "edge_trainer/model.h"
#include "edge_trainer/svm_parameters.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The two families. Only the one that the options name is linked. */
extern const et_model_ops et_svm_linear;     /* dual coordinate descent, integers */
extern const et_model_ops et_svm_kernel_ops; /* sequential minimal optimisation */

typedef struct et_svm_options {
  const et_model_ops *model; /* &et_svm_linear or &et_svm_kernel_ops */
  uint8_t features;          /* 1..FEATURES_MAX */
  uint8_t classes;           /* 2..CLASSES_MAX, one-vs-one */
  uint8_t storage;           /* et_storage: rows are int8_t in +-127 or int16_t in +-32767, scaled from each feature's range */
  uint8_t scaling;           /* et_scaling: STANDARD also learns mean and deviation of every feature */
  uint16_t samples;          /* most rows that a training takes */
  uint32_t seed;
  et_svm_parameters parameters; /* C, tolerance, kernel K, ...; weights of classes: BALANCED or NONE */
} et_svm_options;

/* Options as most problems want them: C = 1, tolerance 0.01, at most 1000 epochs, balanced classes, RBF kernel of width 1 / features (the
 * linear family has none), int8_t rows, warm start. Change what is to be otherwise afterwards. */
#define ET_SVM_DEFAULTS(model, features, classes, samples)                                 \
  {                                                                                        \
    (model), (features), (classes), ET_STORAGE_INT8, ET_SCALING_RANGE, (samples), 1u, {    \
      1.0f, 0.01f, 1000u, ET_CLASS_WEIGHTS_BALANCED, ET_KERNEL_RBF, 0.0f, 0.0f, 3u, 1u, 0u \
    }                                                                                      \
  }

/* Everything that a setup keeps; the caller owns it and the memory behind it. */
typedef struct et_svm {
  et_definition_core core;
  et_svm_parameters parameters;
  et_class_entry classes[ET_CLASSES_MAX];
  et_definition definition;
  const et_model_ops *ops;
  et_model_context context;
  void *generation[2]; /* two blocks: training fills the one that does not answer */
  uint8_t current;
  uint8_t *extra;
  uint32_t extra_bytes;
  uint32_t model_bytes;
  et_sample_set set;      /* of the training that runs */
  et_train_report report; /* of the last training */
} et_svm;

/* Bytes of memory that et_svm_setup needs for these options; 0 when they are not valid. */
uint32_t et_svm_bytes(const et_svm_options *options);

/* setup: take `memory` (4-byte aligned, `bytes` of it). Errors: MODEL_NOT_BUILT, DEFINITION_FIELD (an option is out of its
 * range), DEFINITION_MEMORY (too little, or not aligned). */
et_error et_svm_setup(et_svm *svm, const et_svm_options *options, void *memory, uint32_t bytes);

/* A reading as int8_t rows store it: min..max to -127..127, what is outside is cut, not a number is the middle. min < max. */
int8_t et_svm_scaled(float value, float min, float max);

/* train: find alpha and b for `count` rows of X, classes y (0..classes-1). Runs to its end; who has to do something else
 * meanwhile uses the two functions below. With warm_start the same rows in the same places start from their multipliers. ET_OK, or ET_NOT_CONVERGED
 * (the bound was reached; the model is valid), else the model before stays: TOO_FEW_SAMPLES, SINGLE_CLASS, WORKSPACE (more than
 * `samples`), CLASS_UNKNOWN. */
et_error et_svm_train(et_svm *svm, const void *X, const uint8_t *y, uint16_t count, et_train_report *report);

/* The same in slices of about `budget` work units (2048 are some milliseconds on a Cortex-M0). begin: ET_BUSY, or why there is nothing to
 * train. step: ET_BUSY until the training has ended, then its result, which is also svm->report. X and y must not change meanwhile;
 * infer answers from the model before. */
et_error et_svm_train_begin(et_svm *svm, const void *X, const uint8_t *y, uint16_t count);
et_error et_svm_train_step(et_svm *svm, uint32_t budget);

/* save: the model with a header and a checksum, for a flash page or an EEPROM. Returns its bytes, 0 when `size` is less than
 * et_svm_saved_bytes. */
uint32_t et_svm_saved_bytes(const et_svm *svm);
uint32_t et_svm_save(const et_svm *svm, void *bytes, uint32_t size);

/* load: a model saved under the same options. Errors, after which the model before answers on: MODEL_VERSION (no saved model),
 * MODEL_SHAPE (of other options), MODEL_CRC, MODEL_CONTENT, BUSY (a training runs). */
et_error et_svm_load(et_svm *svm, const void *bytes, uint32_t size);

/* infer: the class of row x, from sign(sum of alpha_i y_i K(x_i, x) + b) of each pair of classes. Before a training: class 0 with
 * confidence 0. */
et_decision et_svm_infer(const et_svm *svm, const void *x);

/* eval: how many of `count` rows are given their class. */
uint16_t et_svm_eval(const et_svm *svm, const void *X, const uint8_t *y, uint16_t count);

/* kernel: K(x_i, x_j) of the definition, on rows as stored (RANGE scaling; the linear family's is the dot product). */
float et_svm_kernel(const et_svm *svm, const void *x_i, const void *x_j);

#ifdef __cplusplus
}
#endif

#endif
