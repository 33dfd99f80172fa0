#include "edge_trainer/model.h"

const et_model_ops *et_model_find(uint8_t family) {
  const et_model_ops *const *model;
  for (model = et_families; *model != NULL; model++)
    if ((*model)->family == family) return *model;
  return NULL;
}
