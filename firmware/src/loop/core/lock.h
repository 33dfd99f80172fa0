/* Commissioning lock: management is open until a key is set, then needs challenge and response. SipHash-2-4 with 128-bit output
 * (Aumasson, Bernstein 2012) over the 16-byte challenge; the key never travels after it was set. */
#ifndef ET_LOCK_H
#define ET_LOCK_H

#include "edge_trainer/contract.h"

struct et_core;

typedef struct et_lock {
  uint8_t key[16];
  uint8_t challenge[16];
  uint32_t unlocked_ms; /* since when */
  uint32_t failed_ms;   /* last failure */
  uint8_t failures;
  bool key_set;
  bool unlocked;
  bool challenge_valid;
} et_lock;

#define ET_UNLOCK_MS 300000u    /* management stays open for five minutes */
#define ET_LOCK_WAIT_MAX_S 300u /* back-off after failures: 1, 2, 4 … s, at most this */

/* SipHash-2-4-128. key, out: 16 bytes. */
void et_siphash128(const uint8_t key[16], const uint8_t *bytes, uint32_t length, uint8_t out[16]);

bool et_lock_open(struct et_core *core); /* may management be written now? */
uint16_t et_lock_state(struct et_core *core); /* 0 no key, 1 locked, 2 unlocked */
void et_lock_challenge(struct et_core *core, uint8_t out[16]);
/* Errors: KEY_WAIT (not looked at), KEY_WRONG. Either way a new challenge follows. Compares in constant time. */
et_error et_lock_respond(struct et_core *core, const uint8_t response[16]);
void et_lock_set_key(struct et_core *core, const uint8_t key[16]); /* all zero: no lock */
void et_lock_now(struct et_core *core);
uint16_t et_lock_left_s(struct et_core *core);
uint16_t et_lock_wait_s(struct et_core *core);

#endif
