/* What has changed since the last save, and how urgent saving it is. */
#ifndef ET_CHANGES_H
#define ET_CHANGES_H

#include "edge_trainer/contract.h"

typedef struct et_changes {
  bool wanted;    /* something to save */
  bool important; /* a new generation */
  bool urgent;    /* save at once */
  bool noted;     /* something that a note keeps has changed: set point, mode, unit id, failures of the lock */
  uint8_t generations; /* counts promotions and rollbacks: a save that sees it change starts over */
} et_changes;

#endif
