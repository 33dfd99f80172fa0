/* What has changed since the last save, and how urgent saving it is. */
#ifndef ET_CHANGES_H
#define ET_CHANGES_H

#include "edge_trainer/contract.h"

typedef struct et_changes {
  bool wanted;    /* something to save */
  bool important; /* a new generation */
  bool urgent;    /* save at once */
  bool replaced;  /* another definition than the newest slot holds */
  bool noted;     /* something that a note keeps has changed: set point, mode, unit id, failures of the lock */
  uint8_t edits;  /* counts changes of what a save reads slice by slice (models, patterns): a save that sees one starts over */
  uint32_t basis; /* counts changes of what a training works with, samples and generations: a cancelled one goes on only while it stands */
} et_changes;

#endif
