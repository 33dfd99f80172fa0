/* Simulated non-volatile memory for the store: NOR flash (a write only clears bits, erase goes by pages) or EEPROM, with a power
 * supply that can end at any step and hardware that can fail. One memory at a time. */
#ifndef TEST_STORE_MEMORY_H
#define TEST_STORE_MEMORY_H

#include "edge_trainer/port.h"

#define MEMORY_BYTES 4096u
#define FLASH_PAGE_BYTES 256u

/* What an interrupted erase leaves of its page. */
typedef enum torn_erase { TORN_FIRST_HALF, TORN_SECOND_HALF, TORN_GARBAGE, TORN_KINDS } torn_erase;

typedef struct memory {
  uint8_t bytes[MEMORY_BYTES];
  bool flash;
  uint32_t steps;  /* writes and erases so far */
  uint32_t misuse; /* writes that a real flash would refuse: unaligned, or onto bits that are not erased */
  /* Power */
  uint32_t cut_step;  /* the power ends in this step; UINT32_MAX = never */
  uint32_t cut_bytes; /* of a write: bytes that arrive; the next one arrives with some of its bits only */
  torn_erase cut_erase;
  bool cut_before; /* ... or before anything of the step happens */
  bool dead;
  /* Hardware that fails, in step `fault_step` */
  uint32_t fault_step;
  bool fault_tells;  /* the driver reports it; else it is silent */
  uint32_t fault_at; /* a silent write: this byte of it (modulo its length) has a bit that stayed as it was */
  bool reads_fail;
  uint32_t worn_page; /* a bit of this page never comes back to one; UINT32_MAX = none */
  /* Every step's length in bytes; 0 = an erase */
  uint32_t lengths[128];
} memory;

/* A blank memory with power, and the port that leads to it. */
void memory_begin(memory *memory, et_port *port, bool flash);
/* Power back, no faults, steps counted from 0; the bytes stay. */
void memory_restart(memory *memory);

#endif
