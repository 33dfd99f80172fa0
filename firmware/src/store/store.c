#include "store/store.h"

#include <string.h>

#include "support/bytes.h"
#include "support/crc.h"

#define ET_STORE_MAGIC 0x53545445u /* "ETTS" */
#define ET_STORE_LAYOUT_NEWEST 2u  /* what is written; payloads from layout 1 on are read */
#define ET_STORE_VERIFY_STEP 128u  /* bytes read back in one step */

#define RESERVE_BYTES (ET_STORE_NOTES_LEAST * ET_STORE_NOTE_BYTES)

typedef struct et_slot {
  uint32_t sequence, length, crc, key;
  uint8_t layout;
  bool valid;
  bool blank; /* nothing was ever begun here */
} et_slot;

static bool is_blank(const uint8_t *bytes, uint32_t length) {
  uint32_t i;
  for (i = 1; i < length; i++)
    if (bytes[i] != bytes[0]) return false;
  return bytes[0] == 0xffu || bytes[0] == 0u;
}

static bool raw_read(const et_store *store, uint8_t slot, uint32_t offset, void *bytes, uint32_t length) {
  return store->nvm->read(store->user, slot * store->slot_bytes + offset, bytes, length);
}

static void read_slot(const et_store *store, uint8_t index, et_slot *slot) {
  uint8_t bytes[64];
  uint32_t at, crc = 0;
  memset(slot, 0, sizeof *slot);
  /* A save that was cut short leaves the header blank, but not the payload's first bytes. */
  if (store->slot_bytes < sizeof bytes || !raw_read(store, index, 0, bytes, sizeof bytes)) return;
  slot->blank = is_blank(bytes, sizeof bytes);
  if (et_le32(bytes) != ET_STORE_MAGIC || et_le32(bytes + 28) != et_crc32(0u, bytes, 28u)) return;
  if (bytes[4] < 1u || bytes[4] > ET_STORE_LAYOUT_NEWEST || bytes[5] != 0u) return;
  slot->layout = bytes[4];
  slot->sequence = et_le32(bytes + 8);
  slot->length = et_le32(bytes + 12);
  slot->crc = et_le32(bytes + 16);
  slot->key = et_le32(bytes + 28);
  if (slot->length > store->slot_bytes - ET_STORE_HEADER_BYTES) return;
  for (at = 0; at < slot->length;) {
    const uint32_t step = slot->length - at < sizeof bytes ? slot->length - at : (uint32_t)sizeof bytes;
    if (!raw_read(store, index, ET_STORE_HEADER_BYTES + at, bytes, step)) return;
    crc = et_crc32(crc, bytes, step);
    at += step;
  }
  slot->valid = crc == slot->crc;
}

et_start_reason et_store_open(et_store *store, const et_port *port) {
  et_slot slots[2];
  uint32_t page;
  memset(store, 0, sizeof *store);
  store->nvm = &port->nvm;
  store->user = port->user;
  store->active = 2;
  page = port->nvm.page_bytes > ET_STORE_HEADER_BYTES ? port->nvm.page_bytes : ET_STORE_HEADER_BYTES;
  if (port->nvm.size / 2u < page || port->nvm.size / 2u <= 2u * ET_STORE_HEADER_BYTES + RESERVE_BYTES) return ET_START_REASON_NO_MEMORY;
  store->slot_bytes = port->nvm.size / 2u / page * page;
  read_slot(store, 0, &slots[0]);
  read_slot(store, 1, &slots[1]);
  if (!slots[0].valid && !slots[1].valid)
    return slots[0].blank && slots[1].blank ? ET_START_REASON_DEFAULTS_BLANK : ET_START_REASON_DEFAULTS_CORRUPT;
  if (slots[0].valid && slots[1].valid) store->active = (int32_t)(slots[1].sequence - slots[0].sequence) > 0 ? 1u : 0u;
  else store->active = slots[1].valid ? 1u : 0u;
  store->sequence = slots[store->active].sequence;
  store->length = slots[store->active].length;
  store->layout = slots[store->active].layout;
  store->key = slots[store->active].key;
  return slots[1u - store->active].valid || slots[1u - store->active].blank ? ET_START_REASON_SLOT_NEWEST : ET_START_REASON_SLOT_OLDER;
}

bool et_store_read(const et_store *store, uint32_t offset, void *bytes, uint32_t length) {
  if (store->active > 1u || offset > store->length || length > store->length - offset) return false;
  return raw_read(store, store->active, ET_STORE_HEADER_BYTES + offset, bytes, length);
}

uint32_t et_store_slot_bytes(const et_store *store) {
  return store->slot_bytes == 0u ? 0u : store->slot_bytes - ET_STORE_HEADER_BYTES - RESERVE_BYTES;
}

void et_store_begin(et_store *store) {
  store->target = store->active == 0u ? 1u : 0u;
  store->failed = false;
  store->unit_filled = 0;
  store->at = 0;
  store->written = store->verified = 0;
  store->crc = store->verified_crc = 0;
}

bool et_store_erase_step(et_store *store) {
  if (store->nvm->erase != NULL && store->at < store->slot_bytes) {
    if (!store->nvm->erase(store->user, store->target * store->slot_bytes + store->at)) store->failed = true;
    store->at += store->nvm->page_bytes;
    if (store->at < store->slot_bytes && !store->failed) return false;
  }
  store->at = ET_STORE_HEADER_BYTES;
  return true;
}

static void raw_write(et_store *store, uint32_t offset, const void *bytes, uint32_t length) {
  if (store->failed || offset + length > store->slot_bytes ||
      !store->nvm->write(store->user, store->target * store->slot_bytes + offset, bytes, length))
    store->failed = true;
}

static uint8_t write_unit(const et_store *store) {
  const uint16_t unit = store->nvm->write_bytes;
  return (uint8_t)(unit < 1u ? 1u : unit > sizeof store->unit ? sizeof store->unit : unit);
}

void et_store_put(et_store *store, const void *bytes, uint32_t length) {
  const uint8_t *from = bytes;
  const uint8_t unit = write_unit(store);
  store->crc = et_crc32(store->crc, from, length);
  store->written += length;
  if (store->written > et_store_slot_bytes(store)) store->failed = true;
  while (length != 0u) {
    if (store->unit_filled == 0u && length >= unit) {
      const uint32_t whole = length / unit * unit;
      raw_write(store, store->at, from, whole);
      store->at += whole;
      from += whole;
      length -= whole;
      continue;
    }
    store->unit[store->unit_filled++] = *from++;
    length--;
    if (store->unit_filled == unit) {
      raw_write(store, store->at, store->unit, unit);
      store->at += unit;
      store->unit_filled = 0;
    }
  }
}

/* The last bytes, short of a write unit. */
static void flush(et_store *store) {
  const uint8_t unit = write_unit(store);
  if (store->unit_filled == 0u) return;
  memset(store->unit + store->unit_filled, 0xff, (size_t)(unit - store->unit_filled));
  raw_write(store, store->at, store->unit, unit);
  store->at += unit;
  store->unit_filled = 0;
}

bool et_store_verify_step(et_store *store) {
  uint8_t bytes[ET_STORE_VERIFY_STEP];
  const uint32_t left = store->written - store->verified;
  const uint32_t step = left < sizeof bytes ? left : (uint32_t)sizeof bytes;
  flush(store);
  if (!store->failed && !raw_read(store, store->target, ET_STORE_HEADER_BYTES + store->verified, bytes, step)) store->failed = true;
  if (store->failed) return true;
  store->verified_crc = et_crc32(store->verified_crc, bytes, step);
  store->verified += step;
  return store->verified == store->written;
}

static void next_header(const et_store *store, uint8_t header[ET_STORE_HEADER_BYTES]) {
  memset(header, 0, ET_STORE_HEADER_BYTES);
  et_put_le32(header, ET_STORE_MAGIC);
  header[4] = ET_STORE_LAYOUT_NEWEST;
  et_put_le32(header + 8, store->sequence + 1u);
  et_put_le32(header + 12, store->written);
  et_put_le32(header + 16, store->crc);
  et_put_le32(header + 28, et_crc32(0u, header, 28u));
}

uint32_t et_store_next_key(const et_store *store) {
  uint8_t header[ET_STORE_HEADER_BYTES];
  next_header(store, header);
  return et_le32(header + 28);
}

et_error et_store_end(et_store *store) {
  uint8_t header[ET_STORE_HEADER_BYTES], back[ET_STORE_HEADER_BYTES];
  if (store->failed || store->verified != store->written || store->verified_crc != store->crc) return ET_STORE_FAILED;
  next_header(store, header);
  raw_write(store, 0, header, sizeof header);
  if (store->failed || !raw_read(store, store->target, 0, back, sizeof back) || memcmp(header, back, sizeof back) != 0)
    return ET_STORE_FAILED;
  store->active = store->target;
  store->sequence++;
  store->length = store->written;
  store->layout = ET_STORE_LAYOUT_NEWEST;
  store->key = et_le32(header + 28);
  return ET_OK;
}

/* The header alone decides: its page (or its bytes) is enough. */
static bool erase_header(const et_store *store, uint8_t slot) {
  uint8_t blank[ET_STORE_HEADER_BYTES];
  if (store->nvm->erase != NULL) return store->nvm->erase(store->user, slot * store->slot_bytes);
  memset(blank, 0xff, sizeof blank);
  return store->nvm->write(store->user, slot * store->slot_bytes, blank, sizeof blank);
}

et_error et_store_erase(et_store *store) {
  const uint8_t last = store->active > 1u ? 0u : store->active;
  if (store->slot_bytes == 0u) return ET_OK;
  /* The older slot first: cut short after the newest one, the board would come back with an older state. */
  if (!erase_header(store, (uint8_t)(1u - last)) || !erase_header(store, last)) return ET_STORE_FAILED;
  store->active = 2;
  store->length = 0;
  return ET_OK;
}
