#include "loop/bulk.h"

#include <string.h>

#include "loop/core/log.h"
#include "loop/decide/array.h"
#include "loop/decide/stitching.h"
#include "loop/decide/train_on_demand.h"
#include "loop/decide/voices_record.h"
#include "loop/trainer_state.h"
#include "modbus/register_table.h"
#include "support/crc.h"

#define ET_DATASET_MAGIC 0x5344u /* "DS" */
#define ET_DATASET_LAYOUT 1u
#define ET_DATASET_HEADER 12u
#define ET_DATASET_RECORD \
  4u                      /* label, flags, age in stitches (u16), then the stored features, then the targets (i16) of continuous outputs */
#define ET_BULK_HEADER 6u /* registers before the data */

uint32_t et_shape_fingerprint(const et_definition *definition) {
  const uint8_t shape[6] = {definition->core->model,   definition->core->features, definition->core->classes,
                            definition->core->storage, definition->core->scaling,  0};
  const uint16_t count = et_array_count(definition);
  uint32_t crc = et_crc32(0u, shape, sizeof shape);
  if (count != 0u) crc = et_crc32(crc, (const uint8_t *)&count, 2u);
  crc = et_crc32(crc, (const uint8_t *)definition->features, 4u * (uint32_t)definition->core->features);
  if (definition->identities != NULL)
    crc = et_crc32(crc, (const uint8_t *)definition->identities,
                   4u * (2u * (uint32_t)definition->core->features + definition->core->classes));
  return et_model_meaning(definition, crc);
}

static void header_of(const et_trainer *trainer, bool previous, et_model_header *header) {
  const et_core *core = &trainer->core;
  memset(header, 0, sizeof *header);
  header->magic = ET_MODEL_MAGIC;
  header->layout = ET_MODEL_LAYOUT;
  header->family = core->deployment.definition.core->model;
  header->shape = et_shape_fingerprint(&core->deployment.definition);
  header->length = core->deployment.layout.model_bytes;
  header->crc = previous ? core->generations.previous_fingerprint : core->generations.fingerprint;
  header->generation = previous ? core->generations.previous_number : core->generations.number;
  header->accuracy = previous ? core->generations.previous_accuracy : core->generations.accuracy;
}

static bool is_staged(uint16_t object) {
  return object == ET_OBJECT_DEFINITION_STAGED || object == ET_OBJECT_MODEL_STAGED || object == ET_OBJECT_PATTERNS_STAGED ||
         object == ET_OBJECT_VOICES_STAGED || (ET_WITH_ARRAY != 0 && object == ET_OBJECT_INPUT);
}

/* An array comes in beside an upload. */
static const et_staging *staging_of(const et_trainer *trainer, uint16_t object) {
  return ET_WITH_ARRAY != 0 && object == ET_OBJECT_INPUT ? et_array_staging(&trainer->decide) : &trainer->core.staging;
}

/* Bytes of a sample in the data set. */
static uint32_t record_bytes(const et_core *core) {
  return ET_DATASET_RECORD + core->deployment.layout.feature_bytes + 2u * (uint32_t)et_output_count(&core->deployment.definition);
}

static uint32_t total_of(const et_trainer *trainer, uint16_t object) {
  const et_core *core = &trainer->core;
  uint32_t length;
  if (object == ET_OBJECT_LOG) return et_log_count(core) * (uint32_t)sizeof(et_log_record);
  if (is_staged(object)) return staging_of(trainer, object)->object == object ? staging_of(trainer, object)->total : 0u;
  if (core->deployment.model == NULL) return 0;
  switch (object) {
  case ET_OBJECT_DEFINITION: return core->deployment.definition.length;
  case ET_OBJECT_MODEL_RUNNING:
    return core->generations.number == 0u ? 0u : (uint32_t)sizeof(et_model_header) + core->deployment.layout.model_bytes;
  case ET_OBJECT_MODEL_PREVIOUS:
    return core->generations.previous_number == 0u ? 0u : (uint32_t)sizeof(et_model_header) + core->deployment.layout.model_bytes;
  case ET_OBJECT_DATASET:
    if (et_is_stream(core)) return 0;
    return ET_DATASET_HEADER + trainer->decide.stitching.samples * record_bytes(core);
  case ET_OBJECT_PATTERNS:
    if (!et_is_stream(core)) return 0;
    (void)et_stream_patterns(core->deployment.model->stream, &core->deployment.context, &length);
    return length;
  case ET_OBJECT_VOICES: return et_voices_record_bytes(core);
  default: return 0;
  }
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* `length` bytes of the data set from `offset`, which lie within it: the header, then records. */
static void copy_dataset(const et_trainer *trainer, uint32_t offset, uint8_t *out, uint32_t length) {
  const et_core *core = &trainer->core;
  const et_definition *definition = &core->deployment.definition;
  const uint32_t record = record_bytes(core), features = ET_DATASET_RECORD + (uint32_t)core->deployment.layout.feature_bytes;
  const uint8_t header[ET_DATASET_HEADER] = {ET_DATASET_MAGIC & 0xffu,
                                             ET_DATASET_MAGIC >> 8,
                                             ET_DATASET_LAYOUT,
                                             definition->core->storage,
                                             definition->core->features,
                                             definition->core->classes,
                                             (uint8_t)trainer->decide.stitching.samples,
                                             (uint8_t)(trainer->decide.stitching.samples >> 8),
                                             (uint8_t)trainer->decide.stitching.held_out_total,
                                             (uint8_t)(trainer->decide.stitching.held_out_total >> 8),
                                             et_output_count(definition),
                                             0};
  uint16_t sample = 0;
  uint32_t within;
  if (offset < ET_DATASET_HEADER) {
    const uint32_t step = least(ET_DATASET_HEADER - offset, length);
    memcpy(out, header + offset, step);
    out += step;
    length -= step;
    within = 0;
  } else {
    sample = (uint16_t)((offset - ET_DATASET_HEADER) / record);
    within = (offset - ET_DATASET_HEADER) % record;
  }
  for (; length != 0u; sample++, within = 0) {
    const uint16_t age = (uint16_t)(trainer->decide.stitching.order_next - et_orders(core)[sample]);
    const uint8_t judged = et_keeps_outcomes(core) && et_deciders(core)[sample] != 0u ? 2u : 0u;
    const uint8_t flags = (uint8_t)(judged | (et_is_held_out(core, sample) ? 1u : 0u));
    const uint8_t start[ET_DATASET_RECORD] = {et_labels(core)[sample], flags, (uint8_t)age, (uint8_t)(age >> 8)};
    const uint8_t *parts[] = {start, et_sample(core, sample), (const uint8_t *)et_targets(core, sample)};
    const uint32_t ends[] = {0, ET_DATASET_RECORD, features, record};
    uint8_t part;
    for (part = 0; part < 3u; part++) {
      if (within >= ends[part + 1u]) continue;
      const uint32_t step = least(ends[part + 1u] - within, length);
      memcpy(out, parts[part] + (within - ends[part]), step);
      out += step;
      length -= step;
      within += step;
    }
  }
}

static void copy_model(const et_trainer *trainer, bool previous, uint32_t offset, uint8_t *out, uint32_t length) {
  const et_core *core = &trainer->core;
  if (offset < sizeof(et_model_header)) {
    et_model_header header;
    const uint32_t step = least((uint32_t)sizeof header - offset, length);
    header_of(trainer, previous, &header);
    memcpy(out, (const uint8_t *)&header + offset, step);
    out += step;
    offset += step;
    length -= step;
  }
  memcpy(out, et_generation(core, previous ? core->generations.previous : core->generations.running) + (offset - sizeof(et_model_header)),
         length);
}

/* `length` bytes of an object from `offset`, which lie within it; staged objects can be written only. */
static void copy_out(const et_trainer *trainer, uint16_t object, uint32_t offset, uint8_t *out, uint32_t length) {
  const et_core *core = &trainer->core;
  uint32_t all;
  if (length == 0u) return;
  switch (object) {
  case ET_OBJECT_DEFINITION: memcpy(out, et_at(core, core->deployment.layout.definition) + offset, length); break;
  case ET_OBJECT_MODEL_RUNNING:
  case ET_OBJECT_MODEL_PREVIOUS: copy_model(trainer, object == ET_OBJECT_MODEL_PREVIOUS, offset, out, length); break;
  case ET_OBJECT_DATASET: copy_dataset(trainer, offset, out, length); break;
  case ET_OBJECT_LOG:
    for (; length != 0u; length--, offset++)
      *out++ = ((const uint8_t *)et_log_at(core, (uint16_t)(offset / sizeof(et_log_record))))[offset % sizeof(et_log_record)];
    break;
  case ET_OBJECT_PATTERNS:
    if (et_is_stream(core))
      memcpy(out, et_stream_patterns(core->deployment.model->stream, &core->deployment.context, &all) + offset, length);
    break;
  case ET_OBJECT_VOICES: et_voices_record_copy(core, offset, out, length); break;
  default: break;
  }
}

/* A judged decision waits for its place until a save is over. A reader of the data set waits too, so that it sees that sample. A
 * training may take minutes: meanwhile a reader gets the samples that it learns from. */
static bool data_set_waits(const et_trainer *trainer) {
  const uint8_t phase = trainer->core.job.phase;
  return (phase == ET_JOB_NONE || phase == ET_JOB_SAVE) && et_stitch_pending(&trainer->decide);
}

et_error et_bulk_select(et_trainer *trainer, uint16_t object, uint16_t page) {
  et_core *core = &trainer->core;
  if (object > (ET_WITH_ARRAY != 0 ? ET_OBJECT_INPUT : ET_OBJECT_VOICES_STAGED)) return ET_OBJECT;
  if (object == ET_OBJECT_MODEL_RUNNING && core->generations.number != 0u && core->generations.fingerprint == 0u) return ET_BUSY;
  if (object == ET_OBJECT_DATASET && data_set_waits(trainer)) return ET_BUSY;
  if (page != 0u && !is_staged(object) && (uint32_t)page * ET_PAGE_BYTES >= total_of(trainer, object)) return ET_PAGE;
  trainer->bulk.object = object;
  trainer->bulk.page = page;
  return ET_OK;
}

/* The page that the window shows. */
typedef struct et_page {
  uint32_t total, start;
  uint16_t object, page, length;
} et_page;

static void find_page(const et_trainer *trainer, et_page *window) {
  const uint16_t object = trainer->bulk.object;
  const et_staging *staging = staging_of(trainer, object);
  const bool staged = is_staged(object);
  window->object = object;
  window->total = total_of(trainer, object);
  /* A staged object shows the page it waits for next, so that an interrupted upload resumes. */
  window->page = staged ? (staging->object == object ? staging->next_page : 0u) : trainer->bulk.page;
  window->start = (uint32_t)window->page * ET_PAGE_BYTES;
  window->length = (uint16_t)(staged || window->start >= window->total ? 0u : least(window->total - window->start, ET_PAGE_BYTES));
}

static uint16_t page_crc(const et_trainer *trainer, const et_page *window) {
  const uint8_t header[10] = {(uint8_t)(window->object >> 8), (uint8_t)window->object,        (uint8_t)(window->page >> 8),
                              (uint8_t)window->page,          (uint8_t)(window->total >> 24), (uint8_t)(window->total >> 16),
                              (uint8_t)(window->total >> 8),  (uint8_t)window->total,         (uint8_t)(window->length >> 8),
                              (uint8_t)window->length};
  uint16_t crc = et_crc16(ET_CRC16_START, header, sizeof header);
  uint8_t bytes[40];
  uint32_t at, step;
  for (at = 0; at < window->length; at += step) {
    step = least(window->length - at, sizeof bytes);
    copy_out(trainer, window->object, window->start + at, bytes, step);
    crc = et_crc16(crc, bytes, step);
  }
  return crc;
}

uint16_t et_bulk_read(const et_trainer *trainer, uint16_t index) {
  et_page window;
  find_page(trainer, &window);
  switch (index) {
  case 0: return window.object;
  case 1: return window.page;
  case 2: return (uint16_t)(window.total >> 16);
  case 3: return (uint16_t)window.total;
  case 4: return window.length;
  default: return page_crc(trainer, &window);
  }
}

void et_bulk_read_data(const et_trainer *trainer, uint16_t index, uint8_t *bytes, uint16_t registers) {
  const uint32_t at = 2u * (uint32_t)index;
  et_page window;
  find_page(trainer, &window);
  memset(bytes, 0, 2u * (uint32_t)registers);
  if (at < window.length) copy_out(trainer, window.object, window.start + at, bytes, least(2u * (uint32_t)registers, window.length - at));
}

/* Stores byte `offset` of the staged object. */
static void stage_byte(et_trainer *trainer, uint16_t object, uint32_t offset, uint8_t byte) {
  et_core *core = &trainer->core;
  if (object != ET_OBJECT_MODEL_STAGED) {
    et_at(core, core->deployment.layout.staging)[offset] = byte;
  } else if (offset < sizeof(et_model_header)) {
    ((uint8_t *)&trainer->bulk.staged_header)[offset] = byte;
  } else {
    et_generation(core, core->generations.candidate)[offset - sizeof(et_model_header)] = byte;
  }
}

/* Bytes that may be announced for an object. */
static et_error room_of(const et_trainer *trainer, uint16_t object, uint32_t *least, uint32_t *most) {
  const et_core *core = &trainer->core;
  *least = 1;
  *most = et_upload_room(core);
  if (object == ET_OBJECT_DEFINITION_STAGED) return ET_OK;
  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (object == ET_OBJECT_MODEL_STAGED) {
    *most = (uint32_t)sizeof(et_model_header) + core->deployment.layout.model_bytes;
    return ET_OK;
  }
  if (ET_WITH_ARRAY != 0 && object == ET_OBJECT_INPUT) {
    if (et_stream_channels(&core->deployment.definition) != 0u) return ET_INPUT_STREAMED;
    *least = *most = et_array_count(&core->deployment.definition);
    return *least == 0u ? ET_NOT_SUPPORTED : ET_OK;
  }
  if (et_is_stream(core) != (object == ET_OBJECT_PATTERNS_STAGED)) return ET_NOT_SUPPORTED;
  /* Patterns have 16 x 52 bytes at most, voices 8 + 1332 + 144 + 28: less than a definition may have. */
  *least = total_of(trainer, object == ET_OBJECT_PATTERNS_STAGED ? ET_OBJECT_PATTERNS : ET_OBJECT_VOICES);
  if (*least < *most) *most = *least;
  return ET_OK;
}

static et_error refused_total(uint16_t object) {
  if (ET_WITH_ARRAY != 0 && object == ET_OBJECT_INPUT) return ET_VALUE;
  return object == ET_OBJECT_DEFINITION_STAGED ? ET_DEFINITION_LENGTH : ET_MODEL_SHAPE;
}

et_error et_bulk_put(et_trainer *trainer, const uint8_t *wire, uint16_t registers) {
  et_core *core = &trainer->core;
  const uint16_t object = (uint16_t)(wire[0] << 8 | wire[1]);
  const uint16_t page = (uint16_t)(wire[2] << 8 | wire[3]);
  const uint32_t total = (uint32_t)wire[4] << 24 | (uint32_t)wire[5] << 16 | (uint32_t)wire[6] << 8 | wire[7];
  const uint16_t length = (uint16_t)(wire[8] << 8 | wire[9]);
  const uint16_t crc = (uint16_t)(wire[10] << 8 | wire[11]);
  const uint8_t *data = wire + 2u * ET_BULK_HEADER;
  const uint32_t start = (uint32_t)page * ET_PAGE_BYTES;
  uint32_t least, most, i;
  et_error error;

  if (!is_staged(object)) return ET_OBJECT;
  error = room_of(trainer, object, &least, &most);
  if (error != ET_OK) return error;
  if (total < least || total > most) return refused_total(object);
  if (start >= total || length != (total - start < ET_PAGE_BYTES ? total - start : ET_PAGE_BYTES)) return ET_PAGE;
  if (registers < ET_BULK_HEADER + (length + 1u) / 2u) return ET_PARTIAL;
  if (crc != et_crc16(et_crc16(ET_CRC16_START, wire, 10u), data, length)) return ET_PAGE_CRC;

  if (ET_WITH_ARRAY != 0 && object == ET_OBJECT_INPUT) {
    error = et_array_take(&trainer->decide, page, start, data, length);
    if (error == ET_OK) trainer->bulk.object = object;
    return error;
  }
  if (page == 0u && (core->staging.object != object || core->staging.total != total || core->staging.next_page > 1u)) {
    /* A new upload: the room it needs is the jobs' workspace, and a model or definition that is on its way makes a
     * training pointless. The running model is untouched. */
    et_trainer_cancel(trainer);
    core->staging.object = (uint8_t)object;
    core->staging.total = total;
    core->staging.next_page = 0;
  }
  if (core->staging.object != object || core->staging.total != total || page > core->staging.next_page) return ET_PAGE;
  if (object == ET_OBJECT_MODEL_STAGED) core->changes.basis++; /* it lies where a candidate lay */
  for (i = 0; i < length; i++) stage_byte(trainer, object, start + i, data[i]);
  if (page == core->staging.next_page) {
    const uint32_t skip = page == 0u && object == ET_OBJECT_MODEL_STAGED ? (uint32_t)sizeof(et_model_header) : 0u;
    if (page == 0u) core->staging.crc = 0;
    if (length > skip) core->staging.crc = et_crc32(core->staging.crc, data + skip, length - skip);
    core->staging.next_page++;
  }
  core->staging.touched_ms = et_now_ms(core);
  trainer->bulk.object = object;
  return ET_OK;
}
