#include "loop/core/core.h"
#include "loop/core/log.h"

void et_log(et_core *core, et_event event, uint16_t a, uint16_t b) {
  et_log_record *record = &core->log.records[core->log.next % ET_BUILD_LOG_RECORDS];
  record->number = core->log.next++;
  record->uptime_s = core->clock.uptime_s;
  record->generation = core->generations.number;
  record->event = (uint8_t)event;
  record->reserved = 0;
  record->a = a;
  record->b = b;
}

uint16_t et_log_count(const et_core *core) {
  const uint32_t since_start = core->log.next - core->log.first;
  return (uint16_t)(since_start < ET_BUILD_LOG_RECORDS ? since_start : ET_BUILD_LOG_RECORDS);
}

const et_log_record *et_log_at(const et_core *core, uint16_t index) {
  return &core->log.records[(core->log.next - et_log_count(core) + index) % ET_BUILD_LOG_RECORDS];
}
