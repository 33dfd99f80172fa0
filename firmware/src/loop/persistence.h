/* What of a trainer is kept through a power cut, and when: definition, generations, data set, counters, lock. A state is the sections of
 * firmware/contract/saved.json. */
#ifndef ET_PERSISTENCE_H
#define ET_PERSISTENCE_H

#include "edge_trainer/trainer.h"
#include "loop/core/saved_sections.h"
#include "loop/notes.h"
#include "store/store.h"

/* The structs of a state, as captured when its save began or as read at start-up. */
typedef struct et_saved {
  et_saved_identity identity;
  et_counters counters;
  et_saved_policy policy;
  et_saved_generations generations;
  et_saved_stitching stitching;
  et_saved_alarm alarm;
} et_saved;

typedef struct et_persistence {
  et_store store;
  et_saved saved;
  et_notes notes;
  uint32_t begun; /* saves begun in the life of the memory: its wear */
  bool fault;
  uint8_t edits;   /* core->changes.edits when the save began */
  uint8_t section; /* place of the section being written; 0 = erasing */
  bool measured;   /* its checksum is known */
  uint32_t crc, at;
  uint32_t saves, saved_ms;
  uint8_t start_reason;
  uint16_t refused; /* number of the section that the start refused; 0 = none */
} et_persistence;

/* Take over the newest state of the store, or stay with defaults; sets start_reason and refused. */
void et_persistence_load(et_trainer *trainer);

/* One bounded slice of a save, or the decision to start one. Returns true when a save is going on. */
bool et_persistence_slice(et_trainer *trainer);

/* ---- Between saving and restoring ---- */

#define ET_SAVED_SECTIONS 12u

/* Number and layout of the section at `place`, 1..ET_SAVED_SECTIONS, in the order of a state. */
uint16_t et_saved_id(uint8_t place);
uint16_t et_saved_layout(uint8_t place);

/* Where a section's bytes are in memory, and how many; 0 when the trainer has nothing for it. */
void *et_saved_span(et_trainer *trainer, uint16_t id, uint32_t *length);

/* A state of store layout 1 (what firmware 0.1 saved): its sections as this layout has them. False when it is not there or does not
 * fit. The definition goes to the start of the arena. */
bool et_restore_1_structs(const et_store *store, et_saved *saved);
bool et_restore_1_definition(const et_trainer *trainer, uint32_t *length);
bool et_restore_1_samples(et_trainer *trainer);
bool et_restore_1_bytes(const et_store *store, uint16_t id, void *bytes, uint32_t length);

#endif
