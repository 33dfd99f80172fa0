/* The upload that the bulk window is receiving. */
#ifndef ET_STAGING_H
#define ET_STAGING_H

#include "edge_trainer/contract.h"

/* What is being received through the bulk window. */
typedef struct et_staging {
  uint8_t object; /* et_object; NONE = nothing */
  uint32_t total; /* bytes announced */
  uint32_t touched_ms;
  uint32_t crc;       /* of the model block's bytes so far */
  uint16_t next_page; /* pages come in order; an earlier one may be repeated */
} et_staging;

struct et_core;

/* An upload is going on and has not stalled: no training starts by itself. */
bool et_upload_runs(const struct et_core *core);
/* Bytes that an upload may have. */
uint32_t et_upload_room(const struct et_core *core);
/* The upload is complete? Errors: INCOMPLETE, OBJECT (something else was uploaded). */
et_error et_upload_complete(const struct et_core *core, et_object object);
void et_upload_forget(struct et_core *core);

#endif
