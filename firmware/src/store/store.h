/* Power-fail-safe store: two alternating slots in the port's non-volatile memory. A slot is its payload and a header that is
 * written last; cut the power between any two writes and the slot before is still there, whole. Knows bytes, not trainers. */
#ifndef ET_STORE_H
#define ET_STORE_H

#include "edge_trainer/contract.h"
#include "edge_trainer/port.h"

/* Slot, little-endian: magic u32, layout u16, reserved u16, sequence u32, payload length u32, payload CRC-32, 8 reserved bytes,
 * CRC-32 of the 28 bytes before; then the payload. */
#define ET_STORE_HEADER_BYTES 32u

/* Behind the payload there is always room for a few notes (store/journal.h). */
#define ET_STORE_NOTE_BYTES 32u
#define ET_STORE_NOTES_LEAST 4u

typedef struct et_store {
  const et_nvm *nvm;
  void *user;
  uint32_t slot_bytes; /* 0 = no non-volatile memory */
  uint32_t sequence;   /* of the newest valid slot */
  uint32_t length;     /* its payload */
  uint32_t key;        /* its header's checksum */
  uint8_t active;      /* 0, 1; 2 = no valid slot */
  uint8_t layout;      /* of its payload, the newest is the one written */
  /* Writer */
  uint8_t target;
  uint8_t unit_filled;
  bool failed;
  uint8_t unit[8];  /* bytes short of a write unit */
  uint32_t at;      /* next offset in the slot */
  uint32_t written; /* payload bytes so far */
  uint32_t crc;
  uint32_t verified; /* payload bytes read back so far, and their CRC-32 */
  uint32_t verified_crc;
} et_store;

/* Look for the newest valid slot. Returns where the state comes from: SLOT_NEWEST, SLOT_OLDER (the other slot was damaged or half
 * written), DEFAULTS_BLANK, DEFAULTS_CORRUPT, NO_MEMORY. */
et_start_reason et_store_open(et_store *store, const et_port *port);

/* Payload bytes of the newest slot. False when outside it or the hardware failed. */
bool et_store_read(const et_store *store, uint32_t offset, void *bytes, uint32_t length);

/* Largest payload of a slot. */
uint32_t et_store_slot_bytes(const et_store *store);

/* Write a new slot: begin; erase until it returns true (one page a call); put; verify until it returns true (the payload is read back,
 * a little a call); end, which writes the header: only then does the new slot count. What fails shows at the end: STORE_FAILED, and
 * the slot before stays the newest. */
void et_store_begin(et_store *store);
bool et_store_erase_step(et_store *store);
void et_store_put(et_store *store, const void *bytes, uint32_t length);
bool et_store_verify_step(et_store *store);
uint32_t et_store_next_key(const et_store *store); /* the checksum that the header will have: known once the payload is put */
et_error et_store_end(et_store *store);

/* Forget everything; the newest slot goes last. STORE_FAILED: the memory refused, and the newest slot may still be there. */
et_error et_store_erase(et_store *store);

#endif
