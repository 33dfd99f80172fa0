#include "edge_trainer/model.h"
#include "support/crc.h"

const et_model_ops *et_model_find(uint8_t family) {
  const et_model_ops *const *model;
  for (model = et_families; *model != NULL; model++)
    if ((*model)->family == family) return *model;
  return NULL;
}

uint32_t et_model_meaning(const et_definition *definition, uint32_t crc) {
  const et_model_ops *model = et_model_find(definition->core->model);
  if (model == NULL) return crc; /* no definition of a family that was left out is ever taken */
  if (model->meaning != NULL) return model->meaning(definition, crc);
  crc = et_crc32(crc, definition->parameters, model->section->bytes);
  return et_crc32(crc, (const uint8_t *)&definition->core->seed, (uint32_t)sizeof definition->core->seed);
}
