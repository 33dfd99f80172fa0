/* States for the store to keep: state n has its own length and bytes. State 0 is "nothing was ever saved". */
#ifndef TEST_STORE_PAYLOAD_H
#define TEST_STORE_PAYLOAD_H

#include "store/store.h"

/* Saves state `n` in pieces of uneven length, as a trainer saves its sections. */
et_error save_state(et_store *store, uint32_t n);
/* The same without its end: the slot does not count yet. */
void put_state(et_store *store, uint32_t n);
/* Whether the store's newest slot is exactly state `n`. */
bool is_state(const et_store *store, uint32_t n);

#endif
