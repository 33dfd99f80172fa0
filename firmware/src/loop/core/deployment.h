/* The deployed definition, and how it cuts the arena. */
#ifndef ET_DEPLOYMENT_H
#define ET_DEPLOYMENT_H

#include "edge_trainer/model.h"
#include "loop/core/memory_plan.h"

typedef struct et_deployment {
  et_definition definition;
  et_memory_layout layout;
  const et_model_ops *model; /* NULL = no definition */
  et_model_context context;
} et_deployment;

#endif
