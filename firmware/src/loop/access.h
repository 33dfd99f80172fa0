/* Who may write what: the process (PLC blocks and coils) and management, over broadcast, and while a key is set. */
#ifndef ET_ACCESS_H
#define ET_ACCESS_H

#include "edge_trainer/trainer.h"

/* What a process write does. */
typedef enum et_write_level {
  ET_WRITE_DECIDE,  /* features, samples */
  ET_WRITE_OUTCOME, /* outcomes, set point, override, sensor fault, verdicts on alarms */
  ET_WRITE_TEACH    /* lessons, training, freeze */
} et_write_level;

/* Errors: BROADCAST, PROCESS_CLOSED. */
et_error et_may_process(et_trainer *trainer, et_write_level level);

/* Management is never taken by broadcast; commands and key look at the lock themselves. Errors: BROADCAST. */
et_error et_may_manage(const et_trainer *trainer);

/* Errors: BROADCAST, LOCKED. */
et_error et_may_upload(et_trainer *trainer);

#endif
