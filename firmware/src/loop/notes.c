#include "loop/notes.h"

#include <string.h>

#include "loop/trainer_state.h"

/* The time of operation is noted this often when nothing else is. */
#define TIME_S 3600u
/* Notes that the time alone leaves free. */
#define TIME_ROOM 8u
/* With so little room left there is a pause between two notes: a master that writes all the time must not use it up at once. */
#define CALM_ROOM 32u
#define CALM_MS 1000u

typedef char et_note_has_its_size[sizeof(et_note) == ET_NOTE_BYTES ? 1 : -1];
typedef char et_note_set_point_is_there[offsetof(et_note, set_point) == 14u ? 1 : -1];
typedef char et_note_failures_are_there[offsetof(et_note, failures) == 20u ? 1 : -1];

/* A number may be given out soon: it is noted first, so that it is never given out twice. */
static bool gives_number(const et_trainer *trainer) {
  switch (et_trainer_state(trainer)) {
  case ET_STATE_EMPTY:
  case ET_STATE_READY:
  case ET_STATE_SAVING: return trainer->core.staging.object == ET_OBJECT_MODEL_STAGED;
  default: return true;
  }
}

static uint16_t next_number(const et_trainer *trainer) {
  return (uint16_t)(trainer->core.generations.next_number + (gives_number(trainer) ? 1u : 0u));
}

static void capture(const et_trainer *trainer, bool for_new_slot, et_note *note) {
  const et_core *core = &trainer->core;
  const et_note *kept = &trainer->persistence.notes.kept;
  memset(note, 0, sizeof *note);
  note->layout = ET_NOTE_LAYOUT;
  note->boots = core->clock.boots;
  note->operating_s = core->clock.operating_s;
  note->begun = trainer->persistence.begun;
  note->unit = trainer->unit;
  note->line_rate = et_line_rate(&trainer->line.kept);
  note->line_format = et_line_format(&trainer->line.kept);
  note->failures = core->lock.failures < ET_LOCK_FAILURES_STORED ? core->lock.failures : (uint8_t)ET_LOCK_FAILURES_STORED;
  if (core->changes.replaced && !for_new_slot) {
    /* The slot still holds the definition of before: its set point and mode stay with it. */
    note->generation_next = kept->generation_next;
    note->set_point = kept->set_point;
    note->mode = kept->mode;
    note->mode_before_freeze = kept->mode_before_freeze;
    note->frozen_by = kept->frozen_by;
    return;
  }
  note->generation_next = next_number(trainer);
  note->set_point = trainer->decide.feedback.set_point;
  note->mode = core->training.mode;
  note->mode_before_freeze = core->training.mode_before_freeze;
  note->frozen_by = core->training.frozen_by;
}

static bool append(et_trainer *trainer) {
  et_notes *notes = &trainer->persistence.notes;
  et_note note;
  capture(trainer, false, &note);
  if (!et_journal_append(&notes->journal, &trainer->persistence.store, (const uint8_t *)&note)) return false;
  notes->kept = note;
  notes->written_ms = et_now_ms(&trainer->core);
  trainer->core.changes.noted = false;
  return true;
}

bool et_notes_slice(et_trainer *trainer) {
  et_core *core = &trainer->core;
  const et_notes *notes = &trainer->persistence.notes;
  const uint32_t room = et_journal_room(&notes->journal);
  const bool time = core->clock.operating_s - notes->kept.operating_s >= TIME_S && room > TIME_ROOM;
  if (notes->journal.slot > 1u) {
    core->changes.noted = false; /* nothing was ever saved: the first save takes it along */
    return false;
  }
  if (!core->changes.replaced && next_number(trainer) > notes->kept.generation_next) core->changes.noted = true;
  if (!core->changes.noted && !time) return false;
  if (room < CALM_ROOM && room != 0u && et_now_ms(core) - notes->written_ms < CALM_MS) return false;
  if (append(trainer)) return true;
  /* No room, or the memory does not take it there: a save begins with a fresh slot. */
  core->changes.important = true;
  core->changes.noted = false;
  return false;
}

bool et_notes_seal(et_trainer *trainer, et_notes *sealed) {
  *sealed = trainer->persistence.notes;
  capture(trainer, true, &sealed->kept);
  et_journal_begin(&sealed->journal, &trainer->persistence.store);
  sealed->written_ms = et_now_ms(&trainer->core);
  return et_journal_append(&sealed->journal, &trainer->persistence.store, (const uint8_t *)&sealed->kept);
}

/* Bytes of a memory: anything may be there. */
static bool is_sound(const et_note *note) {
  return note->layout == ET_NOTE_LAYOUT && note->mode <= ET_MODE_FROZEN && note->mode_before_freeze <= ET_MODE_FROZEN &&
         note->frozen_by <= ET_FROZEN_BY_MANAGEMENT && note->unit >= 1u && note->unit <= 247u;
}

void et_notes_load(et_trainer *trainer) {
  et_core *core = &trainer->core;
  et_notes *notes = &trainer->persistence.notes;
  et_note note;
  core->changes.replaced = false;
  if (et_journal_open(&notes->journal, &trainer->persistence.store, (uint8_t *)&note) && is_sound(&note)) {
    notes->kept = note;
    core->clock.boots = note.boots;
    core->clock.operating_s = note.operating_s;
    trainer->persistence.begun = note.begun;
    trainer->unit = note.unit;
    trainer->line.kept = et_line_from(note.line_rate, note.line_format);
    core->lock.failures = note.failures;
    core->lock.failed_ms = core->lock.looked_ms = et_now_ms(core); /* the back-off begins anew */
    if (core->deployment.model != NULL) {
      trainer->decide.feedback.set_point = note.set_point;
      core->training.mode = note.mode;
      core->training.mode_before_freeze = note.mode_before_freeze;
      core->training.frozen_by = note.frozen_by;
      if (note.generation_next > core->generations.next_number) core->generations.next_number = note.generation_next;
    }
  }
  core->clock.boots++;
  core->changes.noted = notes->journal.slot < 2u && !append(trainer);
}
