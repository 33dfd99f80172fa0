/* What must hold at once and is small: set point, mode, unit id, line settings, starts, numbers given out, wrong responses to the lock. Noted behind the
 * newest slot (store/journal.h), which costs no erase; a save takes it over. */
#ifndef ET_NOTES_H
#define ET_NOTES_H

#include "edge_trainer/trainer.h"
#include "store/journal.h"

/* As it is stored; little-endian. */
typedef struct et_note {
  uint16_t layout; /* ET_NOTE_LAYOUT */
  uint16_t boots;
  uint32_t operating_s;
  uint32_t begun;           /* saves begun in the life of the memory */
  uint16_t generation_next; /* numbers of generations up to here may have been given out */
  int16_t set_point;
  uint8_t mode, mode_before_freeze, frozen_by; /* et_mode, et_mode, et_frozen_by */
  uint8_t unit;
  uint8_t failures;    /* wrong responses to the lock in a row */
  uint8_t line_format; /* et_line_format */
  uint16_t line_rate;  /* in 100 baud; 0 = the line is as the build has it */
} et_note;

#define ET_NOTE_LAYOUT 1u

typedef struct et_notes {
  et_journal journal;
  et_note kept; /* the last one that is in the memory */
  uint32_t written_ms;
} et_notes;

/* After the sections of the newest slot: take over its last note, and note this start. */
void et_notes_load(et_trainer *trainer);

/* Note what has changed; true when something was written. Before everything else that a round does. */
bool et_notes_slice(et_trainer *trainer);

/* The first note of the slot that is being saved, before its header; false when the memory did not take it. */
bool et_notes_seal(et_trainer *trainer, et_notes *sealed);

#endif
