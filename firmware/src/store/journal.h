/* What is small and changes at any time, noted behind the payload of the newest slot, where flash is still erased: nothing has to be
 * erased for a note, so it wears nothing, and it is there after one write. The last whole note counts; cut the power in the middle of
 * one and the one before counts. A note belongs to one slot, by the checksum of that slot's header: what an earlier save or one that was
 * cut short has left there is never taken for one. Knows bytes, not trainers. */
#ifndef ET_JOURNAL_H
#define ET_JOURNAL_H

#include "store/store.h"

#define ET_NOTE_BYTES 24u         /* content of a note */
#define ET_JOURNAL_NOTES_MAX 512u /* notes of one slot at most: how many a start looks at */

typedef struct et_journal {
  uint32_t next; /* offset in the slot of the next note */
  uint32_t end;  /* behind the last one that has room */
  uint32_t key;  /* of the slot: its header's checksum */
  uint8_t slot;  /* 2 = none: nothing can be noted */
} et_journal;

/* Look for the notes of the store's newest slot. Returns whether there is one; `content` gets the last. */
bool et_journal_open(et_journal *journal, const et_store *store, uint8_t content[ET_NOTE_BYTES]);

/* No notes yet, for the slot that is being written: between the last et_store_verify_step and et_store_end. */
void et_journal_begin(et_journal *journal, const et_store *store);

/* Add a note and read it back. False: no room left, no slot, or the memory did not take it. */
bool et_journal_append(et_journal *journal, const et_store *store, const uint8_t content[ET_NOTE_BYTES]);

/* Notes that there is still room for. */
uint32_t et_journal_room(const et_journal *journal);

#endif
