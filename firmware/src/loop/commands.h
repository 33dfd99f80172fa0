/* Commands, and what installs a definition or a restored model. */
#ifndef ET_COMMANDS_H
#define ET_COMMANDS_H

#include "edge_trainer/definition.h"
#include "edge_trainer/trainer.h"
#include "loop/core/memory_plan.h"

typedef struct et_commands {
  uint32_t argument, detail;
  uint16_t code, ticket, done, result;
} et_commands;

/* Run the command in the command block under `ticket`; the same ticket again changes nothing. Its result is in
 * command_result; only a refused ticket is an error here. Errors: TICKET_ZERO. */
et_error et_command_run(et_trainer *trainer, uint16_t ticket);

/* Cut the arena for the checked definition whose blob lies at its start, with an untrained model and no samples. */
void et_install(et_trainer *trainer, const et_definition *definition, const et_memory_layout *layout);
/* No definition. */
void et_uninstall(et_trainer *trainer);

#endif
