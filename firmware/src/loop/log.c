#include "loop/log.h"

void et_log(et_trainer *trainer, et_event event, uint16_t a, uint16_t b) {
  et_log_record *record = &trainer->log[trainer->log_next % ET_BUILD_LOG_RECORDS];
  record->number = trainer->log_next++;
  record->uptime_s = trainer->uptime_s;
  record->generation = trainer->generation;
  record->event = (uint8_t)event;
  record->reserved = 0;
  record->a = a;
  record->b = b;
}

uint16_t et_log_count(const et_trainer *trainer) {
  return (uint16_t)(trainer->log_next < ET_BUILD_LOG_RECORDS ? trainer->log_next : ET_BUILD_LOG_RECORDS);
}

const et_log_record *et_log_at(const et_trainer *trainer, uint16_t index) {
  return &trainer->log[(trainer->log_next - et_log_count(trainer) + index) % ET_BUILD_LOG_RECORDS];
}
