/* Bulk window: definition, models, data set, log and patterns, page by page, idempotent and resumable. docs/protocol.md */
#ifndef ET_BULK_H
#define ET_BULK_H

#include "loop/trainer_state.h"

/* Choose what the window shows. Errors: OBJECT, PAGE, BUSY (the model's checksum is still being worked out). */
et_error et_bulk_select(et_trainer *trainer, uint16_t object, uint16_t page);

/* Put one page; `wire` is the whole block as on the wire: object, page, total, length, crc, data (big-endian registers).
 * Pages come in order; an earlier one may come again. Errors: OBJECT, PAGE, PAGE_CRC, VALUE, NO_DEFINITION. */
et_error et_bulk_put(et_trainer *trainer, const uint8_t *wire, uint16_t registers);

/* What the block reads, register `index` of it (0 = object, 5 = checksum of the page). */
uint16_t et_bulk_read(const et_trainer *trainer, uint16_t index);

/* Registers of the page's data from `index` on, as on the wire; zero behind its end. */
void et_bulk_read_data(const et_trainer *trainer, uint16_t index, uint8_t *bytes, uint16_t registers);

/* An upload is going on and has not stalled: no training starts by itself. */
bool et_bulk_uploading(const et_trainer *trainer);

/* The upload is complete? Errors: INCOMPLETE, OBJECT (something else was uploaded). */
et_error et_bulk_complete(const et_trainer *trainer, et_object object);
void et_bulk_forget(et_trainer *trainer);

/* Fingerprint of what a model block belongs to: the fields that give it shape and meaning. */
uint32_t et_shape_fingerprint(const et_definition *definition);

#endif
