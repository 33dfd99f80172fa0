#include "loop/core/lock.h"

#include <string.h>

#include "loop/core/core.h"
#include "support/bytes.h"

static uint64_t rotate(uint64_t x, unsigned by) { return (x << by) | (x >> (64u - by)); }

static void sip_round(uint64_t v[4]) {
  v[0] += v[1];
  v[1] = rotate(v[1], 13);
  v[1] ^= v[0];
  v[0] = rotate(v[0], 32);
  v[2] += v[3];
  v[3] = rotate(v[3], 16);
  v[3] ^= v[2];
  v[0] += v[3];
  v[3] = rotate(v[3], 21);
  v[3] ^= v[0];
  v[2] += v[1];
  v[1] = rotate(v[1], 17);
  v[1] ^= v[2];
  v[2] = rotate(v[2], 32);
}

static uint64_t load64(const uint8_t *bytes) {
  uint64_t value = 0;
  unsigned i;
  for (i = 0; i < 8u; i++) value |= (uint64_t)bytes[i] << (8u * i);
  return value;
}

void et_siphash128(const uint8_t key[16], const uint8_t *bytes, uint32_t length, uint8_t out[16]) {
  const uint64_t k0 = load64(key), k1 = load64(key + 8);
  uint64_t v[4] = {k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du ^ 0xeeu, k0 ^ 0x6c7967656e657261u, k1 ^ 0x7465646279746573u};
  uint64_t word;
  uint32_t i;
  unsigned half, j;
  for (i = 0; i + 8u <= length; i += 8u) {
    word = load64(bytes + i);
    v[3] ^= word;
    sip_round(v);
    sip_round(v);
    v[0] ^= word;
  }
  word = (uint64_t)length << 56;
  for (j = 0; i + j < length; j++) word |= (uint64_t)bytes[i + j] << (8u * j);
  v[3] ^= word;
  sip_round(v);
  sip_round(v);
  v[0] ^= word;
  for (half = 0; half < 2u; half++) {
    if (half == 0u) v[2] ^= 0xeeu;
    else v[1] ^= 0xddu;
    for (j = 0; j < 4u; j++) sip_round(v);
    word = v[0] ^ v[1] ^ v[2] ^ v[3];
    for (j = 0; j < 8u; j++) out[8u * half + j] = (uint8_t)(word >> (8u * j));
  }
}

/* ---- Challenges ---- */

static void draw_challenge(et_core *core) {
  et_lock *lock = &core->lock;
  lock->drawn++;
  memcpy(lock->used, lock->challenge, sizeof lock->used);
  if (core->port->random != NULL) {
    core->port->random(core->port->user, lock->challenge, sizeof lock->challenge);
  } else {
    /* Without a random source: a keyed hash over what never repeats (start and number of the challenge) and what a stranger cannot set
     * (clocks, counters, the last challenge). Cannot be predicted without the key. */
    uint8_t seed[48];
    memcpy(seed, lock->challenge, 16);
    et_put_le32(seed + 16, core->clock.boots);
    et_put_le32(seed + 20, lock->drawn);
    et_put_le32(seed + 24, lock->failures);
    et_put_le32(seed + 28, core->clock.operating_s);
    et_put_le32(seed + 32, core->port->clock_us(core->port->user));
    et_put_le32(seed + 36, et_now_ms(core));
    et_put_le32(seed + 40, core->counters.inferences);
    et_put_le32(seed + 44, core->port->serial_number);
    et_siphash128(lock->key, seed, sizeof seed, lock->challenge);
  }
  lock->drawn_ms = et_now_ms(core);
  lock->drawn_valid = true;
}

static bool is_good(et_core *core) { return core->lock.drawn_valid && et_now_ms(core) - core->lock.drawn_ms < ET_CHALLENGE_MS; }

void et_lock_challenge(et_core *core, bool begin, uint8_t out[16]) {
  if (begin ? !is_good(core) : !core->lock.drawn_valid) draw_challenge(core);
  memcpy(out, core->lock.challenge, 16);
}

/* H(challenge, `length` bytes of `what`). */
static void keyed(const et_lock *lock, const uint8_t challenge[16], const uint8_t *what, uint32_t length, uint8_t out[16]) {
  uint8_t message[32];
  memcpy(message, challenge, 16);
  if (length != 0u) memcpy(message + 16, what, length);
  et_siphash128(lock->key, message, 16u + length, out);
}

/* ---- Looking at responses ---- */

/* Seconds that the back-off still lasts, rounded up. */
static uint32_t back_off_ms(et_core *core) {
  const et_lock *lock = &core->lock;
  const uint32_t since = et_now_ms(core) - lock->failed_ms;
  uint32_t wait_ms;
  if (lock->failures == 0u) return 0;
  wait_ms = lock->failures >= ET_LOCK_FAILURES_STORED ? ET_LOCK_WAIT_MAX_S * 1000u : 1000u << (lock->failures - 1u);
  if (wait_ms > ET_LOCK_WAIT_MAX_S * 1000u) wait_ms = ET_LOCK_WAIT_MAX_S * 1000u;
  return since >= wait_ms ? 0u : wait_ms - since;
}

uint16_t et_lock_wait_s(et_core *core) {
  const uint32_t since = et_now_ms(core) - core->lock.looked_ms;
  const uint32_t back_off = back_off_ms(core), look = since >= ET_LOCK_LOOK_MS ? 0u : ET_LOCK_LOOK_MS - since;
  return (uint16_t)(((back_off < look ? back_off : look) + 999u) / 1000u);
}

/* Whether the first `length` bytes of the keyed hash are those given; in constant time. */
static bool matches(const et_lock *lock, const uint8_t challenge[16], const uint8_t *what, uint32_t what_length, const uint8_t *given,
                    uint32_t length) {
  uint8_t expected[16], difference = 0;
  uint32_t i;
  keyed(lock, challenge, what, what_length, expected);
  for (i = 0; i < length; i++) difference |= (uint8_t)(expected[i] ^ given[i]);
  return difference == 0u;
}

static et_error check_answer(et_core *core, const uint8_t *what, uint32_t what_length, const uint8_t *given, uint32_t length) {
  et_lock *lock = &core->lock;
  if (et_lock_wait_s(core) != 0u) return ET_KEY_WAIT;
  /* Nobody can have answered a challenge that is not out: that is no attempt at the key. */
  if (!is_good(core)) return ET_KEY_WRONG;
  lock->looked_ms = et_now_ms(core);
  if (!matches(lock, lock->challenge, what, what_length, given, length)) {
    if (matches(lock, lock->used, what, what_length, given, length)) return ET_KEY_WRONG;
    /* The challenge stays: a stranger must not be able to take it from under the owner. */
    if (lock->failures < 255u) lock->failures++;
    lock->failed_ms = lock->looked_ms;
    if (lock->failures <= ET_LOCK_FAILURES_STORED) core->changes.noted = true;
    et_log(core, ET_EVENT_LOCK_REFUSED, lock->failures, 0);
    return ET_KEY_WRONG;
  }
  if (lock->failures != 0u) core->changes.noted = true;
  lock->failures = 0;
  draw_challenge(core);
  return ET_OK;
}

et_error et_lock_respond(et_core *core, const uint8_t response[16]) {
  et_lock *lock = &core->lock;
  et_error error;
  if (!lock->key_set) return ET_OK;
  error = check_answer(core, NULL, 0u, response, 16u);
  if (error != ET_OK) return error;
  lock->open = true;
  lock->opened_ms = et_now_ms(core);
  et_log(core, ET_EVENT_UNLOCKED, 0, 0);
  return ET_OK;
}

et_error et_lock_prove(et_core *core, uint32_t argument, uint16_t code, uint16_t ticket, const uint8_t *proof) {
  uint8_t what[8];
  if (!core->lock.key_set) return ET_OK;
  if (proof == NULL) return ET_LOCKED;
  et_put_be32(what, argument);
  et_put_be16(what + 4, code);
  et_put_be16(what + 6, ticket);
  return check_answer(core, what, sizeof what, proof, 4u);
}

/* ---- The key ---- */

static void adopt_key(et_core *core, const uint8_t key[16]) {
  et_lock *lock = &core->lock;
  uint8_t any = 0;
  unsigned i;
  for (i = 0; i < 16u; i++) any |= key[i];
  memcpy(lock->key, key, 16);
  lock->key_set = any != 0u;
  lock->open = lock->drawn_valid = false;
  core->changes.wanted = core->changes.urgent = true;
}

et_error et_lock_set_key(et_core *core, const uint8_t key[16]) {
  if (core->lock.key_set) return ET_KEY_RESPONSE;
  adopt_key(core, key);
  return ET_OK;
}

et_error et_lock_change_key(et_core *core, const uint8_t response[16], const uint8_t sealed[16]) {
  static const uint8_t seal = 1;
  uint8_t key[16];
  et_error error;
  unsigned i;
  if (!core->lock.key_set) return ET_KEY_WRONG;
  keyed(&core->lock, core->lock.challenge, &seal, 1u, key);
  for (i = 0; i < 16u; i++) key[i] ^= sealed[i];
  error = check_answer(core, sealed, 16u, response, 16u);
  if (error == ET_OK) adopt_key(core, key);
  return error;
}

/* ---- Uploads ---- */

uint16_t et_lock_left_s(et_core *core) {
  et_lock *lock = &core->lock;
  const uint32_t since = et_now_ms(core) - lock->opened_ms;
  if (lock->open && since >= 1000u * ET_UNLOCK_SECONDS) lock->open = false;
  return lock->open ? (uint16_t)((1000u * ET_UNLOCK_SECONDS - since + 999u) / 1000u) : 0u;
}

bool et_lock_open(et_core *core) { return !core->lock.key_set || et_lock_left_s(core) != 0u; }

uint16_t et_lock_state(et_core *core) {
  if (!core->lock.key_set) return 0;
  return et_lock_left_s(core) != 0u ? 2u : 1u;
}

void et_lock_keep_open(et_core *core) { core->lock.opened_ms = et_now_ms(core); }

void et_lock_now(et_core *core) { core->lock.open = false; }
