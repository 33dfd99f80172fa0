#include "payload.h"

#define LONGEST 1880u

static uint32_t length_of(uint32_t n) { return 1u + n * 769u % LONGEST; }

static uint8_t byte_of(uint32_t n, uint32_t at) {
  uint32_t x = n * 2654435761u ^ at * 40503u;
  x ^= x >> 15;
  x *= 2246822519u;
  return (uint8_t)(x >> 24);
}

void put_state(et_store *store, uint32_t n) {
  uint8_t bytes[512];
  const uint32_t length = length_of(n);
  uint32_t at = 0, i;
  et_store_begin(store);
  while (!et_store_erase_step(store)) continue;
  while (at < length) {
    const uint32_t most = 3u + (n * 31u + at * 17u) % (sizeof bytes - 3u);
    const uint32_t step = length - at < most ? length - at : most;
    for (i = 0; i < step; i++) bytes[i] = byte_of(n, at + i);
    et_store_put(store, bytes, step);
    at += step;
  }
  while (!et_store_verify_step(store)) continue;
}

et_error save_state(et_store *store, uint32_t n) {
  put_state(store, n);
  return et_store_end(store);
}

bool is_state(const et_store *store, uint32_t n) {
  uint32_t at;
  uint8_t byte;
  if (n == 0u) return store->active > 1u;
  if (store->active > 1u || store->length != length_of(n)) return false;
  for (at = 0; at < store->length; at++)
    if (!et_store_read(store, at, &byte, 1u) || byte != byte_of(n, at)) return false;
  return true;
}
