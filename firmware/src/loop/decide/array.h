/* The feature that is an array: it comes in pages through the bulk window (object INPUT), and a ticket with its check sum decides about it. */
#ifndef ET_ARRAY_H
#define ET_ARRAY_H

#include "loop/decide/decide.h"

#if ET_WITH_ARRAY
/* One page of the array, `length` bytes for `start`. Page 0 begins an array, an earlier page may come again as it was. Errors, nothing
 * changes then: BUSY (another array is on its way: its last page came within ET_SEQUENCE_PATIENCE_MS and no ticket has named it), PAGE (not the page that comes next, or an earlier one with other bytes: of another master). */
et_error et_array_take(et_decide *decide, uint16_t page, uint32_t start, const uint8_t *data, uint16_t length);

/* Whether the array that the input block names by its check sum is there, whole; always where the definition has none. Errors:
 * INPUT_OTHER (*detail = page that comes next). */
et_error et_array_ready(const et_decide *decide, uint16_t *detail);

/* The words of the input block that name the array which came last. */
void et_array_name(const et_decide *decide, int16_t words[ET_ARRAY_WORDS]);

/* A ticket has named the array: another one may come. */
void et_array_named(et_decide *decide);

/* The array comes anew. */
void et_array_forget(et_decide *decide);

/* How far it has come. */
const et_staging *et_array_staging(const et_decide *decide);
#else
#define et_array_take(decide, page, start, data, length) ((void)(page), (void)(start), (void)(data), (void)(length), ET_OBJECT)
#define et_array_ready(decide, detail) ((void)(detail), ET_OK)
#define et_array_named(decide) ((void)(decide))
#define et_array_forget(decide) ((void)(decide))
#define et_array_staging(decide) ((const et_staging *)NULL)
#endif

#endif
