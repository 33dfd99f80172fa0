/* Sizes a build may shrink for a small board. The contract's limits (contract.h) stay what a master may ask for; a build with
 * smaller ones refuses what does not fit, with the error of the contract. */
#ifndef ET_LIMITS_H
#define ET_LIMITS_H

#include "edge_trainer/definition.h"

#ifndef ET_BUILD_LOG_RECORDS
#define ET_BUILD_LOG_RECORDS ET_LOG_RECORDS
#endif

/* Room for a definition that is being received. */
#ifndef ET_BUILD_STAGING_BYTES
#define ET_BUILD_STAGING_BYTES ((uint32_t)ET_DEFINITION_BYTES_MAX)
#endif

/* The next definition may be longer than the present one by so many bytes, which about 35 features take. */
#define ET_STAGING_SPARE 512u

/* Work units (multiply-accumulates) a job may spend in one slice; docs/how-it-learns.md gives the instructions it takes. */
#ifndef ET_SLICE_WORK
#define ET_SLICE_WORK 2048u
#endif

/* A decision of more work units is made in slices; a shorter one is made at once, within its request. */
#ifndef ET_DECISION_WORK
#define ET_DECISION_WORK 4096u
#endif

/* Longest window of judged outcomes, bits. */
#ifndef ET_BUILD_WINDOW_MAX
#define ET_BUILD_WINDOW_MAX ET_WINDOW_MAX
#endif

/* A stream without a sample for so long has stopped: the log says so, and the next sample begins a new window. */
#define ET_STREAM_PATIENCE_MS 5000u

/* A staged upload that stalls this long no longer holds trainings back. */
#define ET_STAGING_PATIENCE_MS 30000u

#endif
