#include "store/journal.h"

#include <string.h>

#include "support/bytes.h"
#include "support/crc.h"

/* Note, little-endian: key u32, content, CRC-32 of the bytes before. A power of two, so that none straddles a page. */
#define NOTE_BYTES ET_STORE_NOTE_BYTES
#define CRC_AT (NOTE_BYTES - 4u)
/* A note that did not come out right is tried again at the next place. */
#define TRIES 2u

static bool is_blank(const uint8_t *note) {
  uint32_t i;
  for (i = 0; i < NOTE_BYTES; i++)
    if (note[i] != 0xffu) return false;
  return true;
}

static bool read_note(const et_journal *journal, const et_store *store, uint32_t at, uint8_t *note) {
  return store->nvm->read(store->user, journal->slot * store->slot_bytes + at, note, NOTE_BYTES);
}

static bool write_note(const et_journal *journal, const et_store *store, uint32_t at, const uint8_t *note) {
  return store->nvm->write(store->user, journal->slot * store->slot_bytes + at, note, NOTE_BYTES);
}

/* Memory without an erase: what lies at the place from an earlier time must not count. */
static bool blank_note(const et_journal *journal, const et_store *store, uint32_t at) {
  uint8_t blank[NOTE_BYTES];
  if (store->nvm->erase != NULL || at >= journal->end) return true;
  memset(blank, 0xff, sizeof blank);
  return write_note(journal, store, at, blank);
}

static void place(et_journal *journal, const et_store *store, uint8_t slot, uint32_t length, uint32_t key) {
  const uint32_t first = (ET_STORE_HEADER_BYTES + length + NOTE_BYTES - 1u) / NOTE_BYTES * NOTE_BYTES;
  const uint32_t room = first < store->slot_bytes ? (store->slot_bytes - first) / NOTE_BYTES : 0u;
  journal->slot = slot;
  journal->key = key;
  journal->next = first;
  journal->end = first + NOTE_BYTES * (room < ET_JOURNAL_NOTES_MAX ? room : ET_JOURNAL_NOTES_MAX);
}

bool et_journal_open(et_journal *journal, const et_store *store, uint8_t content[ET_NOTE_BYTES]) {
  const bool flash = store->nvm != NULL && store->nvm->erase != NULL;
  uint8_t note[NOTE_BYTES];
  uint32_t at;
  bool found = false;
  memset(journal, 0, sizeof *journal);
  journal->slot = 2;
  if (store->active > 1u) return false;
  place(journal, store, store->active, store->length, store->key);
  for (at = journal->next; at < journal->end; at += NOTE_BYTES) {
    bool whole;
    if (!read_note(journal, store, at, note)) return found;
    whole = et_le32(note) == journal->key && et_le32(note + CRC_AT) == et_crc32(0u, note, CRC_AT);
    if (whole) {
      memcpy(content, note + 4, ET_NOTE_BYTES);
      found = true;
    }
    /* Flash: a torn note cannot be written over, and whole ones may follow it. Else the next note goes onto the torn one. */
    if (whole || (flash && !is_blank(note))) journal->next = at + NOTE_BYTES;
    else if (!flash) break;
  }
  return found;
}

void et_journal_begin(et_journal *journal, const et_store *store) {
  place(journal, store, store->target, store->written, et_store_next_key(store));
  (void)blank_note(journal, store, journal->next);
}

bool et_journal_append(et_journal *journal, const et_store *store, const uint8_t content[ET_NOTE_BYTES]) {
  uint8_t note[NOTE_BYTES], back[NOTE_BYTES];
  uint32_t tries;
  et_put_le32(note, journal->key);
  memcpy(note + 4, content, ET_NOTE_BYTES);
  et_put_le32(note + CRC_AT, et_crc32(0u, note, CRC_AT));
  for (tries = 0; tries < TRIES && journal->slot < 2u && journal->next < journal->end; tries++) {
    const uint32_t at = journal->next;
    journal->next += NOTE_BYTES;
    if (blank_note(journal, store, at + NOTE_BYTES) && write_note(journal, store, at, note) && read_note(journal, store, at, back) &&
        memcmp(note, back, NOTE_BYTES) == 0)
      return true;
    if (store->nvm->erase == NULL) journal->next = at; /* a run of notes has no hole there */
  }
  return false;
}

uint32_t et_journal_room(const et_journal *journal) { return journal->slot > 1u ? 0u : (journal->end - journal->next) / NOTE_BYTES; }
