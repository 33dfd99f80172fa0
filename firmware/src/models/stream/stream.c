/* Alarm and patterns of a deployed stream model: the same for every family, which says where they are. */
#include "edge_trainer/stream.h"

#include "models/stream/watch.h"

et_error et_stream_judge(const et_stream_ops *stream, const et_model_context *context, const void *running, bool false_alarm) {
  et_watch_view view;
  return stream->watch(context, running, &view) ? et_watch_judge(&view, false_alarm) : ET_TICKET_UNKNOWN;
}

et_error et_stream_pattern_merge(const et_stream_ops *stream, const et_model_context *context, uint8_t into, uint8_t from) {
  et_watch_view view;
  (void)stream->watch(context, NULL, &view);
  return et_watch_merge(&view, into, from);
}

et_error et_stream_pattern_forget(const et_stream_ops *stream, const et_model_context *context, uint8_t pattern) {
  et_watch_view view;
  (void)stream->watch(context, NULL, &view);
  return et_watch_forget(&view, pattern);
}

void et_stream_pattern_info(const et_stream_ops *stream, const et_model_context *context, uint8_t pattern, uint16_t *hits,
                            bool *confirmed) {
  et_watch_view view;
  (void)stream->watch(context, NULL, &view);
  et_watch_info(&view, pattern, hits, confirmed);
}

uint8_t *et_stream_patterns(const et_stream_ops *stream, const et_model_context *context, uint32_t *length) {
  et_watch_view view;
  (void)stream->watch(context, NULL, &view);
  *length = et_watch_table_bytes(&view);
  return view.table.bytes;
}

et_error et_stream_patterns_load(const et_stream_ops *stream, const et_model_context *context, const uint8_t *bytes) {
  et_watch_view view;
  (void)stream->watch(context, NULL, &view);
  return et_watch_load(&view, bytes);
}
