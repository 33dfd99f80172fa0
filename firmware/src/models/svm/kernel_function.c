#include "models/svm/kernel_function.h"

#include "models/svm/scale.h"

#define LOG2_E 1.44269504f

/* 2^(31 - i/16) */
static const uint32_t sixteenths[16] = {0x7fffffffu, 0x7a92be8bu, 0x75606374u, 0x70666f76u, 0x6ba27e65u, 0x6712460bu,
                                        0x62b39509u, 0x5e8451d0u, 0x5a82799au, 0x56ac1f75u, 0x52ff6b55u, 0x4f7a9930u,
                                        0x4c1bf829u, 0x48e1e9bau, 0x45cae0f2u, 0x42d561b4u};

void et_svm_kernel_function_begin(const et_definition *definition, et_svm_kernel_function *function) {
  const et_svm_parameters *parameters = et_svm_of(definition);
  const bool standard = definition->core->scaling == ET_SCALING_STANDARD;
  const float unit = standard ? (float)ET_SVM_Z_ONE : definition->core->storage == ET_STORAGE_INT8 ? 127.0f : 32767.0f;
  const float gamma = parameters->gamma > 0.0f ? parameters->gamma : 1.0f / (float)definition->core->features;
  function->kernel = parameters->kernel;
  function->degree = parameters->degree;
  function->wide = standard || definition->core->storage == ET_STORAGE_INT16;
  function->n = definition->core->features;
  function->coef0 = parameters->coef0;
  function->scale = (parameters->kernel == ET_KERNEL_LINEAR ? 1.0f : gamma) / (unit * unit);
  /* |p - q|^2 gamma log2(e) / S^2 in 2^-24, from a sum of squares that lost 8 bits when it is wide. */
  float factor = gamma * LOG2_E / (unit * unit) * (function->wide ? 4294967296.0f : 16777216.0f);
  function->shift = 0;
  while (factor < 1073741824.0f && function->shift < 60) {
    factor *= 2.0f;
    function->shift++;
  }
  function->multiplier = factor >= 2147483648.0f ? 0x7fffffffu : (uint32_t)factor;
}

/* 2^(-u 2^-24) */
static float power(uint64_t u) {
  if (u >= (uint64_t)40 << 24) return 0.0f; /* under 1e-12 */
  const uint32_t whole = (uint32_t)(u >> 24), fraction = (uint32_t)u & 0xffffffu;
  const uint32_t step = sixteenths[fraction >> 20];
  /* x = ln 2 times the rest, below 0.0434, in 2^-28; 1 - x + x^2/2 - x^3/6 is off by x^4/24 < 1.5e-7. */
  const uint32_t x = (uint32_t)(((uint64_t)(fraction & 0xfffffu) * 0xb17217f8u) >> 28);
  const uint32_t x2 = (uint32_t)(((uint64_t)x * x) >> 28), x3 = (uint32_t)(((uint64_t)x2 * x) >> 28);
  const uint32_t cubic = ((uint32_t)1 << 28) - x + x2 / 2u - x3 / 6u;
  float value = (float)(uint32_t)(((uint64_t)step * cubic) >> 28) * (1.0f / 2147483648.0f);
  for (uint32_t k = whole; k >= 8; k -= 8) value *= 1.0f / 256.0f;
  return value / (float)((uint32_t)1 << (whole & 7u));
}

static uint64_t distance(const et_svm_kernel_function *function, const void *p, const void *q) {
  const uint16_t n = function->n;
  if (!function->wide) { /* 120 * 254^2 < 2^23 */
    const int8_t *a = p, *b = q;
    uint32_t sum = 0;
    for (uint16_t j = 0; j < n; j++) {
      const int32_t d = a[j] - b[j];
      sum += (uint32_t)(d * d);
    }
    return sum;
  }
  const int16_t *a = p, *b = q; /* 120 * 2^32 < 2^39; 31 bits are kept */
  uint64_t sum = 0;
  for (uint16_t j = 0; j < n; j++) {
    const int32_t d = a[j] - b[j];
    const uint32_t magnitude = (uint32_t)(d < 0 ? -d : d);
    sum += (uint64_t)magnitude * magnitude;
  }
  return sum >> 8;
}

static float product(const et_svm_kernel_function *function, const void *p, const void *q) {
  const uint16_t n = function->n;
  if (!function->wide) {
    const int8_t *a = p, *b = q;
    int32_t sum = 0;
    for (uint16_t j = 0; j < n; j++) sum += a[j] * b[j];
    return (float)sum;
  }
  const int16_t *a = p, *b = q;
  int64_t sum = 0;
  for (uint16_t j = 0; j < n; j++) sum += (int32_t)a[j] * b[j];
  return (float)sum;
}

float et_svm_kernel_value(const et_svm_kernel_function *function, const void *p, const void *q) {
  if (function->kernel == ET_KERNEL_RBF) {
    return power((distance(function, p, q) * function->multiplier) >> function->shift); /* 31 + 31 bits */
  }
  const float dot = product(function, p, q) * function->scale;
  if (function->kernel == ET_KERNEL_LINEAR) return dot;
  const float base = dot + function->coef0;
  float value = base;
  for (uint8_t k = 1; k < function->degree; k++) value *= base;
  return value;
}
