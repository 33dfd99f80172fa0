/* Parts of the loop that need no definition: figures of an evaluation against ones worked out by hand, the log ring, the lock and its
 * keyed hash against a second implementation. */
#include <math.h>
#include <string.h>

#include "../check.h"
#include "loop/decide/evaluation.h"
#include "loop/core/lock.h"
#include "loop/core/log.h"
#include "loop/trainer_state.h"

static et_trainer trainer;
static et_port port;
static uint32_t now_ms;

static uint32_t clock_ms(void *user) {
  (void)user;
  return now_ms;
}

static void begin(void) {
  memset(&trainer, 0, sizeof trainer);
  memset(&port, 0, sizeof port);
  port.clock_ms = port.clock_us = clock_ms;
  trainer.core.port = &port;
}

/* ---- Evaluation ---- */

static void figures_by_hand(void) {
  /* Rows are truths. 9 of 12 right; recalls 5/6 and 4/6; F1 10/13 and 8/11; (5*4 - 1*2) / sqrt(7*5*6*6) = 0.5071. */
  static const uint16_t two[4] = {5, 1, 2, 4};
  /* The third class never occurs but is decided once. 5 of 7; recalls 3/4 and 2/3; F1 6/8 and 4/5;
   * R = (5*7 - 22) / sqrt((49 - 21) (49 - 25)) = 13 / 25.923 = 0.5015. */
  static const uint16_t three[9] = {3, 0, 1, 1, 2, 0, 0, 0, 0};
  static const uint16_t one_sided[4] = {7, 0, 3, 0};
  static const uint16_t wrong[4] = {0, 2, 2, 0};
  static const uint16_t largest[4] = {2047, 1, 1, 2047};
  static const uint16_t none[9] = {0};
  CHECK(et_accuracy(two, 2) == 750 && et_balanced_accuracy(two, 2) == 750);
  CHECK(et_recall(two, 2, 0) == 833 && et_recall(two, 2, 1) == 667);
  CHECK(et_macro_f1(two, 2) == 748 && et_matthews(two, 2) == 507);
  CHECK(et_accuracy(three, 3) == 714 && et_balanced_accuracy(three, 3) == 708 && et_recall(three, 3, 2) == 65535);
  CHECK(et_macro_f1(three, 3) == 775 && (et_matthews(three, 3) == 501 || et_matthews(three, 3) == 502));
  CHECK(et_balanced_accuracy(one_sided, 2) == 500 && et_matthews(one_sided, 2) == 0);
  CHECK(et_accuracy(wrong, 2) == 0 && et_macro_f1(wrong, 2) == 0 && et_matthews(wrong, 2) == -1000);
  CHECK(et_matthews(largest, 2) == 999 && et_accuracy(largest, 2) == 1000);
  CHECK(et_accuracy(none, 3) == 0 && et_balanced_accuracy(none, 3) == 0 && et_macro_f1(none, 3) == 0 && et_matthews(none, 3) == 0);
}

/* Every figure of random matrices, 1 to 4096 samples, against double precision: at most a permille apart. */
static void figures_in_double(void) {
  static uint16_t confusion[256];
  uint32_t random = 1, round;
  for (round = 0; round < 4000u; round++) {
    const uint8_t classes = (uint8_t)(2u + round % 15u);
    const uint32_t samples = round % 3u == 0u ? 1u + round % 12u : 1u + (random >> 8) % 4096u;
    double all = 0, right = 0, recalls = 0, f1 = 0, cross = 0, p2 = 0, t2 = 0, present = 0, scale;
    uint32_t i, j;
    memset(confusion, 0, sizeof confusion);
    for (i = 0; i < samples; i++) {
      random = random * 1664525u + 1013904223u;
      j = (random >> 10) % classes;
      confusion[j * classes + ((random >> 28) < 9u ? j : (random >> 20) % classes)]++;
    }
    for (i = 0; i < classes; i++) {
      double truth = 0, decided = 0;
      for (j = 0; j < classes; j++) {
        truth += confusion[i * classes + j];
        decided += confusion[j * classes + i];
      }
      all += truth;
      right += confusion[i * classes + i];
      cross += truth * decided;
      p2 += decided * decided;
      t2 += truth * truth;
      if (truth > 0) {
        present++;
        recalls += confusion[i * classes + i] / truth;
        f1 += 2.0 * confusion[i * classes + i] / (truth + decided);
      }
    }
    scale = sqrt((all * all - p2) * (all * all - t2));
    CHECK(fabs(et_accuracy(confusion, classes) - 1000.0 * right / all) <= 0.51);
    CHECK(fabs(et_balanced_accuracy(confusion, classes) - 1000.0 * recalls / present) <= 0.6);
    CHECK(fabs(et_macro_f1(confusion, classes) - 1000.0 * f1 / present) <= 0.6);
    if (scale > 0) CHECK(fabs(et_matthews(confusion, classes) - 1000.0 * (right * all - cross) / scale) <= 1.0);
    else CHECK(et_matthews(confusion, classes) == 0);
  }
}

/* ---- Keyed hash: Aumasson, Bernstein, "SipHash: a fast short-input PRF", 2012, section 2, byte by byte ---- */

static uint64_t left(uint64_t x, unsigned n) { return x << n | x >> (64u - n); }

static void rounds(uint64_t s[4], unsigned count) {
  while (count-- != 0u) {
    s[0] += s[1];
    s[2] += s[3];
    s[1] = left(s[1], 13) ^ s[0];
    s[3] = left(s[3], 16) ^ s[2];
    s[0] = left(s[0], 32);
    s[2] += s[1];
    s[0] += s[3];
    s[1] = left(s[1], 17) ^ s[2];
    s[3] = left(s[3], 21) ^ s[0];
    s[2] = left(s[2], 32);
  }
}

/* `bytes_out` 8: as in the paper; 16: the authors' variant with two words of output. */
static void second_siphash(const uint8_t *key, const uint8_t *message, uint32_t length, uint8_t *out, unsigned bytes_out) {
  static const char constants[] = "somepseudorandomlygeneratedbytes"; /* each word big-endian */
  uint64_t s[4] = {0, 0, 0, 0}, word = 0;
  uint32_t i;
  unsigned done;
  for (i = 0; i < 32u; i++) s[i / 8u] = s[i / 8u] << 8 | (uint8_t)constants[i];
  for (i = 0; i < 16u; i++) {
    s[i / 8u] ^= (uint64_t)key[i] << (8u * (i % 8u));
    s[2u + i / 8u] ^= (uint64_t)key[i] << (8u * (i % 8u));
  }
  if (bytes_out == 16u) s[1] ^= 0xee;
  for (i = 0; i <= length + 7u - length % 8u; i++) {
    const uint64_t byte = i < length ? message[i] : i % 8u == 7u ? length & 0xffu : 0u;
    word |= byte << (8u * (i % 8u));
    if (i % 8u == 7u) {
      s[3] ^= word;
      rounds(s, 2);
      s[0] ^= word;
      word = 0;
    }
  }
  s[2] ^= bytes_out == 16u ? 0xeeu : 0xffu;
  for (done = 0; done < bytes_out; done += 8u) {
    if (done != 0u) s[1] ^= 0xdd;
    rounds(s, 4);
    for (i = 0; i < 8u; i++) out[done + i] = (uint8_t)((s[0] ^ s[1] ^ s[2] ^ s[3]) >> (8u * i));
  }
}

static void siphash(void) {
  /* Appendix A of the paper: key 00..0f, message 00..0e, output a129ca6149be45e5. */
  static const uint8_t paper[8] = {0xe5, 0x45, 0xbe, 0x49, 0x61, 0xca, 0x29, 0xa1};
  uint8_t key[16], message[64], ours[16], theirs[16];
  uint32_t i, length;
  for (i = 0; i < 16u; i++) key[i] = (uint8_t)i;
  for (i = 0; i < sizeof message; i++) message[i] = (uint8_t)i;
  second_siphash(key, message, 15, theirs, 8);
  CHECK(memcmp(theirs, paper, 8) == 0);
  for (length = 0; length <= sizeof message; length++) {
    et_siphash128(key, message, length, ours);
    second_siphash(key, message, length, theirs, 16);
    CHECK(memcmp(ours, theirs, 16) == 0);
  }
}

/* ---- Lock ---- */

static const uint8_t key[16] = {1, 2, 3}, nothing[16] = {0};

static void challenge_of(uint8_t challenge[16]) { et_lock_challenge(&trainer.core, true, challenge); }

/* H(challenge, what) by the second implementation. */
static void keyed(const uint8_t *what, uint32_t length, uint8_t out[16]) {
  uint8_t message[32];
  challenge_of(message);
  memcpy(message + 16, what, length);
  second_siphash(trainer.core.lock.key, message, 16u + length, out, 16);
}

static et_error answer(bool right) {
  uint8_t response[16];
  keyed(nothing, 0, response);
  if (!right) response[15] ^= 1u;
  return et_lock_respond(&trainer.core, response);
}

static et_error prove(bool right) {
  static const uint8_t command[8] = {0, 0, 0, 5, 0, 7, 0, 9};
  uint8_t proof[16];
  keyed(command, sizeof command, proof);
  if (!right) proof[3] ^= 0x80u;
  return et_lock_prove(&trainer.core, 5, 7, 9, proof);
}

static void locked(void) {
  begin();
  now_ms = 0xffffff00u; /* the clock wraps on the way */
  CHECK(et_lock_open(&trainer.core) && et_lock_state(&trainer.core) == 0);
  CHECK(et_lock_prove(&trainer.core, 5, 7, 9, NULL) == ET_OK); /* nothing to prove without a key */
  CHECK(et_lock_set_key(&trainer.core, key) == ET_OK && trainer.core.changes.urgent);
  CHECK(!et_lock_open(&trainer.core) && et_lock_state(&trainer.core) == 1);
}

static void lock(void) {
  uint8_t before[16], after[16], response[16];
  locked();
  /* A response opens once: the challenge is new afterwards. */
  challenge_of(before);
  et_siphash128(key, before, 16, response);
  CHECK(et_lock_respond(&trainer.core, response) == ET_OK && et_lock_open(&trainer.core));
  challenge_of(after);
  CHECK(memcmp(before, after, 16) != 0);
  et_lock_now(&trainer.core);
  /* Once more it is worth nothing, and no attempt at the key either: another owner may have been faster. The one before that is. */
  CHECK(et_lock_respond(&trainer.core, response) == ET_KEY_WRONG && !et_lock_open(&trainer.core) && trainer.core.lock.failures == 0);
  CHECK(answer(true) == ET_OK);
  et_lock_now(&trainer.core);
  CHECK(et_lock_respond(&trainer.core, response) == ET_KEY_WRONG && !et_lock_open(&trainer.core) && trainer.core.lock.failures == 1);
  now_ms += 1000u;

  /* It closes by itself, to the millisecond; a page keeps it open. */
  CHECK(answer(true) == ET_OK && et_lock_left_s(&trainer.core) == ET_UNLOCK_SECONDS);
  now_ms += 1000u * ET_UNLOCK_SECONDS - 1u;
  CHECK(et_lock_open(&trainer.core) && et_lock_left_s(&trainer.core) == 1);
  et_lock_keep_open(&trainer.core);
  now_ms += 1000u * ET_UNLOCK_SECONDS - 1u;
  CHECK(et_lock_open(&trainer.core));
  now_ms += 1u;
  CHECK(!et_lock_open(&trainer.core) && et_lock_left_s(&trainer.core) == 0);

  /* A challenge is good for a minute; an answer to an old one is wrong and counts for nothing. */
  challenge_of(before);
  et_siphash128(key, before, 16, response);
  now_ms += ET_CHALLENGE_MS;
  CHECK(et_lock_respond(&trainer.core, response) == ET_KEY_WRONG && trainer.core.lock.failures == 0);
  challenge_of(after);
  CHECK(memcmp(before, after, 16) != 0);
}

static void proofs(void) {
  uint8_t sealed[16], seal[16], response[16];
  static const uint8_t byte = 1, other[16] = {7, 7, 7};
  uint32_t i;
  locked();
  CHECK(et_lock_prove(&trainer.core, 5, 7, 9, NULL) == ET_LOCKED);
  CHECK(prove(true) == ET_OK && !et_lock_open(&trainer.core)); /* one command, and no door left open */
  CHECK(answer(true) == ET_OK && et_lock_prove(&trainer.core, 5, 7, 9, NULL) == ET_LOCKED);
  keyed(nothing, 8, response); /* the proof of another command */
  CHECK(et_lock_prove(&trainer.core, 5, 7, 9, response) == ET_KEY_WRONG);
  now_ms += 1000u;
  /* The key changes with a response to the old one, over what is sealed; never in clear, never with the response that opens an upload. */
  CHECK(et_lock_set_key(&trainer.core, other) == ET_KEY_RESPONSE && et_lock_set_key(&trainer.core, nothing) == ET_KEY_RESPONSE);
  keyed(&byte, 1, seal);
  for (i = 0; i < 16u; i++) sealed[i] = (uint8_t)(other[i] ^ seal[i]);
  keyed(nothing, 0, response);
  CHECK(et_lock_change_key(&trainer.core, response, sealed) == ET_KEY_WRONG && memcmp(trainer.core.lock.key, key, 16) == 0);
  now_ms += 2000u;
  keyed(sealed, 16, response);
  CHECK(et_lock_change_key(&trainer.core, response, sealed) == ET_OK && memcmp(trainer.core.lock.key, other, 16) == 0);
  CHECK(trainer.core.lock.key_set && !et_lock_open(&trainer.core));
  /* All zero removes it. */
  keyed(&byte, 1, sealed);
  keyed(sealed, 16, response);
  CHECK(et_lock_change_key(&trainer.core, response, sealed) == ET_OK && et_lock_state(&trainer.core) == 0 && et_lock_open(&trainer.core));
  CHECK(et_lock_change_key(&trainer.core, response, sealed) == ET_KEY_WRONG && et_lock_state(&trainer.core) == 0);
}

/* 1, 2, 4 ... s after each wrong response that was looked at, 300 s at most; while it lasts, one response every five seconds is looked at. */
static void back_off(void) {
  uint32_t failure, wait = 1, tries = 0;
  locked();
  for (failure = 1; failure <= 30u; failure++) {
    const uint32_t look = wait < ET_LOCK_LOOK_MS / 1000u ? wait : ET_LOCK_LOOK_MS / 1000u;
    CHECK((failure & 1u ? answer(false) : prove(false)) == ET_KEY_WRONG && trainer.core.lock.failures == failure);
    CHECK(et_lock_wait_s(&trainer.core) == look);
    now_ms += 1000u * look - 1u;
    CHECK(answer(true) == ET_KEY_WAIT && answer(false) == ET_KEY_WAIT && trainer.core.lock.failures == failure);
    now_ms += 1u;
    CHECK(et_lock_wait_s(&trainer.core) == 0);
    wait = wait * 2u > ET_LOCK_WAIT_MAX_S ? ET_LOCK_WAIT_MAX_S : wait * 2u;
  }
  /* A stranger who never stops does not keep the owner out, nor take the challenge from under him. */
  do {
    (void)answer(false);
    now_ms += 350u;
    CHECK(++tries < 100u);
    if (answer(true) == ET_OK) break;
    now_ms += 350u;
  } while (true);
  CHECK(et_lock_open(&trainer.core) && trainer.core.lock.failures == 0);
}

/* A board without a random source, which starts at the very same times again and again: no challenge twice. */
static void challenges(void) {
  enum { BOOTS = 20, EACH = 3 };
  uint8_t seen[BOOTS * EACH][16];
  uint32_t boot, n, i;
  for (boot = 0; boot < BOOTS; boot++) {
    locked();
    now_ms = 5000u;
    trainer.core.clock.boots = (uint16_t)(1u + boot / 2u);
    trainer.core.lock.failures = (uint8_t)(boot % 2u); /* what a note keeps */
    trainer.core.lock.failed_ms = now_ms - 10000u;
    for (n = 0; n < EACH; n++) {
      uint8_t *mine = seen[boot * EACH + n];
      challenge_of(mine);
      for (i = 0; i < boot * EACH + n; i++) CHECK(memcmp(seen[i], mine, 16) != 0);
      now_ms += ET_CHALLENGE_MS;
    }
  }
}

/* ---- Log ---- */

static void log_ring(void) {
  uint32_t i, j;
  begin();
  CHECK(et_log_count(&trainer.core) == 0);
  for (i = 0; i < 3u * ET_BUILD_LOG_RECORDS + 5u; i++) {
    const uint32_t kept = i + 1u < ET_BUILD_LOG_RECORDS ? i + 1u : ET_BUILD_LOG_RECORDS;
    trainer.core.clock.uptime_s = 7u * i;
    et_log(&trainer.core, ET_EVENT_MODE, (uint16_t)i, (uint16_t)(2u * i));
    CHECK(et_log_count(&trainer.core) == kept);
    for (j = 0; j < kept; j++) {
      const et_log_record *record = et_log_at(&trainer.core, (uint16_t)j);
      const uint32_t number = i + 1u - kept + j;
      CHECK(record->number == number && record->uptime_s == 7u * number && record->a == number && record->b == 2u * number);
    }
  }
}

int main(void) {
  siphash();
  lock();
  proofs();
  back_off();
  challenges();
  log_ring();
  figures_by_hand();
  figures_in_double();
  printf("all checks passed\n");
  return 0;
}
