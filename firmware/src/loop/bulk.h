/* Bulk window: definition, models, data set, log, patterns and arrays, page by page, idempotent and resumable. docs/protocol.md */
#ifndef ET_BULK_H
#define ET_BULK_H

#include "edge_trainer/definition.h"
#include "edge_trainer/trainer.h"

/* Header in front of a generation wherever it travels (bulk window, backup, store); little-endian. */
typedef struct et_model_header {
  uint16_t magic; /* ET_MODEL_MAGIC */
  uint8_t layout;
  uint8_t family;  /* et_model */
  uint32_t shape;  /* et_shape_fingerprint of the definition it belongs to */
  uint32_t length; /* bytes of the block */
  uint32_t crc;    /* CRC-32 of the block */
  uint16_t generation;
  uint16_t accuracy; /* held-out balanced accuracy when promoted, permille; 65535 = not evaluated */
  uint32_t reserved;
} et_model_header;
#define ET_MODEL_MAGIC 0x4d45u
#define ET_MODEL_LAYOUT 1u

typedef struct et_bulk {
  uint16_t object, page;
  et_model_header staged_header;
} et_bulk;

/* Choose what the window shows. Errors: OBJECT, PAGE, BUSY (the model's checksum is still being worked out). */
et_error et_bulk_select(et_trainer *trainer, uint16_t object, uint16_t page);

/* Put one page; `wire` is the whole block as on the wire: object, page, total, length, crc, data (big-endian registers).
 * Pages come in order; an earlier one may come again. Errors: OBJECT, PAGE, PAGE_CRC, VALUE, NO_DEFINITION. */
et_error et_bulk_put(et_trainer *trainer, const uint8_t *wire, uint16_t registers);

/* What the block reads, register `index` of it (0 = object, 5 = checksum of the page). */
uint16_t et_bulk_read(const et_trainer *trainer, uint16_t index);

/* Registers of the page's data from `index` on, as on the wire; zero behind its end. */
void et_bulk_read_data(const et_trainer *trainer, uint16_t index, uint8_t *bytes, uint16_t registers);

/* Fingerprint of what a model block belongs to: the fields that give it shape and meaning. */
uint32_t et_shape_fingerprint(const et_definition *definition);

#endif
