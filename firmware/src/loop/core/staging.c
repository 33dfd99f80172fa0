#include "loop/core/core.h"

bool et_upload_runs(const et_core *core) {
  return core->staging.object != ET_OBJECT_NONE && et_now_ms(core) - core->staging.touched_ms < ET_STAGING_PATIENCE_MS;
}

uint32_t et_upload_room(const et_core *core) {
  const uint32_t room = core->port->arena_bytes - core->deployment.layout.staging;
  return room < ET_BUILD_STAGING_BYTES ? room : ET_BUILD_STAGING_BYTES;
}

et_error et_upload_complete(const et_core *core, et_object object) {
  if (core->staging.object != (uint8_t)object) return ET_INCOMPLETE;
  return (uint32_t)core->staging.next_page * ET_PAGE_BYTES >= core->staging.total ? ET_OK : ET_INCOMPLETE;
}

void et_upload_forget(et_core *core) { core->staging.object = ET_OBJECT_NONE; }
