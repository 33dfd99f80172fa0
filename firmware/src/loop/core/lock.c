#include "loop/core/core.h"
#include "loop/core/lock.h"

#include <string.h>


static uint64_t rotate(uint64_t x, unsigned by) { return (x << by) | (x >> (64u - by)); }

static void sip_round(uint64_t v[4]) {
  v[0] += v[1]; v[1] = rotate(v[1], 13); v[1] ^= v[0]; v[0] = rotate(v[0], 32);
  v[2] += v[3]; v[3] = rotate(v[3], 16); v[3] ^= v[2];
  v[0] += v[3]; v[3] = rotate(v[3], 21); v[3] ^= v[0];
  v[2] += v[1]; v[1] = rotate(v[1], 17); v[1] ^= v[2]; v[2] = rotate(v[2], 32);
}

static uint64_t load64(const uint8_t *bytes) {
  uint64_t value = 0;
  unsigned i;
  for (i = 0; i < 8u; i++) value |= (uint64_t)bytes[i] << (8u * i);
  return value;
}

void et_siphash128(const uint8_t key[16], const uint8_t *bytes, uint32_t length, uint8_t out[16]) {
  const uint64_t k0 = load64(key), k1 = load64(key + 8);
  uint64_t v[4] = { k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du ^ 0xeeu, k0 ^ 0x6c7967656e657261u, k1 ^ 0x7465646279746573u };
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

static void new_challenge(et_core *core) {
  et_lock *lock = &core->lock;
  if (core->port->random != NULL) {
    core->port->random(core->port->user, lock->challenge, sizeof lock->challenge);
  } else {
    /* Without a random source: a keyed hash over clock, counters and the last challenge. Never repeats, and cannot be
     * predicted without the key. */
    uint8_t seed[32];
    const uint32_t now[4] = { core->port->clock_us(core->port->user), et_now_ms(core), core->log.next,
                              core->port->serial_number };
    memcpy(seed, lock->challenge, 16);
    memcpy(seed + 16, now, 16);
    et_siphash128(lock->key, seed, sizeof seed, lock->challenge);
  }
  lock->challenge_valid = true;
}

uint16_t et_lock_left_s(et_core *core) {
  et_lock *lock = &core->lock;
  const uint32_t since = et_now_ms(core) - lock->unlocked_ms;
  if (lock->unlocked && since >= ET_UNLOCK_MS) lock->unlocked = false;
  return lock->unlocked ? (uint16_t)((ET_UNLOCK_MS - since + 999u) / 1000u) : 0u;
}

bool et_lock_open(et_core *core) { return !core->lock.key_set || et_lock_left_s(core) != 0u; }

uint16_t et_lock_state(et_core *core) {
  if (!core->lock.key_set) return 0;
  return et_lock_left_s(core) != 0u ? 2u : 1u;
}

uint16_t et_lock_wait_s(et_core *core) {
  et_lock *lock = &core->lock;
  uint32_t wait_ms, since = et_now_ms(core) - lock->failed_ms;
  if (lock->failures == 0u) return 0;
  wait_ms = lock->failures > 8u ? ET_LOCK_WAIT_MAX_S * 1000u : 1000u << (lock->failures - 1u);
  return since >= wait_ms ? 0u : (uint16_t)((wait_ms - since + 999u) / 1000u);
}

void et_lock_challenge(et_core *core, uint8_t out[16]) {
  if (!core->lock.challenge_valid) new_challenge(core);
  memcpy(out, core->lock.challenge, 16);
}

et_error et_lock_respond(et_core *core, const uint8_t response[16]) {
  et_lock *lock = &core->lock;
  uint8_t expected[16], difference = 0;
  unsigned i;
  if (!lock->key_set) return ET_OK;
  if (et_lock_wait_s(core) != 0u) return ET_KEY_WAIT;
  if (!lock->challenge_valid) new_challenge(core);
  et_siphash128(lock->key, lock->challenge, 16, expected);
  for (i = 0; i < 16u; i++) difference |= (uint8_t)(expected[i] ^ response[i]);
  new_challenge(core);
  if (difference != 0u) {
    if (lock->failures < 255u) lock->failures++;
    lock->failed_ms = et_now_ms(core);
    et_log(core, ET_EVENT_LOCK_REFUSED, lock->failures, 0);
    return ET_KEY_WRONG;
  }
  lock->failures = 0;
  lock->unlocked = true;
  lock->unlocked_ms = et_now_ms(core);
  et_log(core, ET_EVENT_UNLOCKED, 0, 0);
  return ET_OK;
}

void et_lock_set_key(et_core *core, const uint8_t key[16]) {
  et_lock *lock = &core->lock;
  uint8_t any = 0;
  unsigned i;
  for (i = 0; i < 16u; i++) any |= key[i];
  memcpy(lock->key, key, 16);
  lock->key_set = any != 0u;
  lock->challenge_valid = false;
  /* Whoever sets the key is still at work: open for the unlock time. */
  lock->unlocked = lock->key_set;
  lock->unlocked_ms = et_now_ms(core);
  core->changes.wanted = core->changes.urgent = true;
}

void et_lock_now(et_core *core) { core->lock.unlocked = false; }
