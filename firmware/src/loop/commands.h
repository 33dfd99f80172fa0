/* Commands of masters, each under a ticket. */
#ifndef ET_COMMANDS_H
#define ET_COMMANDS_H

#include "edge_trainer/trainer.h"

#define ET_COMMANDS_KNOWN 4u /* the last ones: a repeat is known even when other masters' commands came between */

typedef struct et_command_record {
  uint32_t argument, detail;
  uint32_t heard_ms; /* when it came, or came again */
  uint16_t code, ticket, result;
} et_command_record;

typedef struct et_commands {
  et_command_record known[ET_COMMANDS_KNOWN];
  uint8_t shown; /* the one that the command block shows: the last one that came */
  uint8_t next;
  uint32_t detail; /* of the one that runs, or of the last call by the program */
} et_commands;

/* Run a command under `ticket`; `proof`: four bytes, NULL = none. The very same again within ET_REPEAT_SECONDS changes nothing. Its result
 * is in command_result; only what keeps it from being taken is an error here. Errors: TICKET_ZERO, TICKET_TAKEN, LOCKED, KEY_WAIT, KEY_WRONG. */
et_error et_command_run(et_trainer *trainer, uint32_t argument, uint16_t code, uint16_t ticket, const uint8_t *proof);

#endif
