/* Definitions: any, and the running one a little changed. */
#ifndef FUZZ_DEFINITIONS_H
#define FUZZ_DEFINITIONS_H

#include <stdbool.h>

/* Bytes as they come, in sections that mostly add up, each with its checksum right: what is in them is the fuzzer's. */
void upload_definition(bool variant);
/* Some bytes of the running definition become others: a random blob hardly ever comes so far. `variant`: by a call, not over the wire. */
void change_definition(bool variant);

#endif
