/* Commissioning lock: management is open until a key is set. Then each command carries a proof, an upload is opened by a response, and the
 * key changes only together with a response to the old one. All are SipHash-2-4 with 128-bit output (Aumasson, Bernstein 2012) under the
 * key, over the challenge and what is proved; their lengths differ, so that none passes for another. After it was set first, the key
 * never travels in clear again. */
#ifndef ET_LOCK_H
#define ET_LOCK_H

#include "edge_trainer/contract.h"

struct et_core;

typedef struct et_lock {
  uint8_t key[16];
  uint8_t challenge[16];
  uint8_t used[16];   /* the challenge before: who answers it was only overtaken by another owner */
  uint32_t drawn;     /* challenges since start */
  uint32_t drawn_ms;  /* when the present one was drawn */
  uint32_t opened_ms; /* when an upload was opened, or its last page came */
  uint32_t failed_ms; /* last wrong response */
  uint32_t looked_ms; /* last one that was looked at */
  uint8_t failures;   /* wrong ones in a row */
  bool key_set;
  bool open;
  bool drawn_valid;
} et_lock;

#define ET_LOCK_WAIT_MAX_S 300u     /* back-off after wrong responses: 1, 2, 4 ... s, at most this */
#define ET_LOCK_FAILURES_STORED 10u /* more make no difference to the back-off */
#define ET_LOCK_LOOK_MS 5000u       /* while it lasts one response in this time is looked at: nobody is locked out for ever */
#define ET_CHALLENGE_MS 60000u      /* a challenge is good for so long */

/* SipHash-2-4-128. key, out: 16 bytes. */
void et_siphash128(const uint8_t key[16], const uint8_t *bytes, uint32_t length, uint8_t out[16]);

uint16_t et_lock_state(struct et_core *core); /* 0 no key, 1 locked, 2 open for an upload */
bool et_lock_open(struct et_core *core);      /* may an upload be written now? */
uint16_t et_lock_left_s(struct et_core *core);
uint16_t et_lock_wait_s(struct et_core *core);
void et_lock_keep_open(struct et_core *core); /* a page has come */
void et_lock_now(struct et_core *core);

/* The present challenge; `begin`: it is read from its first byte, so that one that is too old may be drawn anew. */
void et_lock_challenge(struct et_core *core, bool begin, uint8_t out[16]);

/* All compare in constant time. A wrong answer counts; a right one draws a new challenge. Errors: KEY_WAIT (not looked at), KEY_WRONG. */
/* Opens an upload. response = H(challenge). */
et_error et_lock_respond(struct et_core *core, const uint8_t response[16]);
/* proof = first four bytes of H(challenge, argument, code, ticket), big-endian. Errors: LOCKED when there is none (NULL). */
et_error et_lock_prove(struct et_core *core, uint32_t argument, uint16_t code, uint16_t ticket, const uint8_t *proof);
/* Another key, all zero = no lock. sealed = key xor H(challenge, 01h), response = H(challenge, sealed). */
et_error et_lock_change_key(struct et_core *core, const uint8_t response[16], const uint8_t sealed[16]);
/* The first key, in clear. Errors: KEY_RESPONSE when there is one already. */
et_error et_lock_set_key(struct et_core *core, const uint8_t key[16]);

#endif
