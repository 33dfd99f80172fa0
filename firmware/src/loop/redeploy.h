/* What installs a definition: on a blank board, or in the place of another one whose learning it takes over. */
#ifndef ET_REDEPLOY_H
#define ET_REDEPLOY_H

#include "edge_trainer/definition.h"
#include "edge_trainer/trainer.h"
#include "loop/core/memory_plan.h"

/* Cut the arena for the checked definition whose blob lies at its start, with an untrained model and no samples. */
void et_install(et_trainer *trainer, const et_definition *definition, const et_memory_layout *layout);
/* No definition. */
void et_uninstall(et_trainer *trainer);

/* Commit the staged definition: what was learned stays as far as et_change_find says, and starts anew otherwise. Errors: INCOMPLETE,
 * BUSY (a save is under way), DEFINITION_*, MODEL_NOT_BUILT; the running definition is untouched then. */
et_error et_redeploy(et_trainer *trainer);

/* The models are as on the first day; definition and data set stay. */
void et_forget_models(et_trainer *trainer);

#endif
