/* The RTU server against the specification: every function, its limits and exceptions, and what a noisy shared line does to it. */
#include <string.h>

#include "../check.h"
#include "support/crc.h"
#include "support/prng.h"
#include "wire.h"

#define UNIT 17u
#define LONG 1000000u /* us: far beyond any frame's end */

static wire line;

static unsigned settle(void) { return wire_settle(&line, UNIT, LONG); }

static void checksums(void) {
  /* Check values of CRC-16/MODBUS and CRC-32/ISO-HDLC for "123456789". */
  const uint8_t digits[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  uint32_t i;
  CHECK(et_crc16(ET_CRC16_START, digits, 9) == 0x4b37u);
  CHECK(et_crc32(0, digits, 9) == 0xcbf43926u);
  CHECK(et_crc32(et_crc32(0, digits, 4), digits + 4, 5) == 0xcbf43926u);
  for (i = 0; i < 256u; i++) { /* every table entry, against the polynomial bit by bit */
    const uint8_t byte = (uint8_t)i;
    uint16_t crc16 = (uint16_t)(0xffffu ^ byte);
    uint32_t crc32 = 0xffffffffu ^ byte;
    int bit;
    for (bit = 0; bit < 8; bit++) crc16 = (uint16_t)((crc16 & 1u) != 0u ? (crc16 >> 1) ^ 0xa001u : crc16 >> 1);
    for (bit = 0; bit < 8; bit++) crc32 = (crc32 & 1u) != 0u ? (crc32 >> 1) ^ 0xedb88320u : crc32 >> 1;
    CHECK(et_crc16(ET_CRC16_START, &byte, 1) == crc16);
    CHECK(et_crc32(0, &byte, 1) == ~crc32);
  }
}

static void functions(void) {
  uint8_t big[300];
  uint16_t i;
  wire_begin(&line, 0);
  line.registers[107] = 0x022b; /* the examples of APP 6.3 */
  line.registers[108] = 0;
  line.registers[109] = 0x0064;
  FRAME(&line, UNIT, 3, 0, 107, 0, 3);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 3, 6, 2, 0x2b, 0, 0, 0, 0x64));
  FRAME(&line, UNIT, 4, 0, 107, 0, 1);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 4, 2, 2, 0x2b));
  FRAME(&line, UNIT, 6, 0, 1, 0, 3); /* APP 6.6 */
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 6, 0, 1, 0, 3) && line.registers[1] == 3);
  FRAME(&line, UNIT, 16, 0, 1, 0, 2, 4, 0, 10, 1, 2); /* APP 6.12 */
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 16, 0, 1, 0, 2) && line.registers[1] == 10 && line.registers[2] == 0x102);
  FRAME(&line, UNIT, 5, 0, 172, 0xff, 0); /* APP 6.5 */
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 5, 0, 172, 0xff, 0) && line.bits[172]);
  FRAME(&line, UNIT, 5, 0, 172, 0, 0);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 5, 0, 172, 0, 0) && !line.bits[172]);
  FRAME(&line, UNIT, 15, 0, 19, 0, 10, 2, 0xcd, 1); /* APP 6.11 */
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 15, 0, 19, 0, 10));
  FRAME(&line, UNIT, 1, 0, 19, 0, 10);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 1, 2, 0xcd, 1));
  FRAME(&line, UNIT, 2, 0, 19, 0, 10); /* inputs are the coils inverted here; unused bits stay 0 */
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 2, 2, 0x32, 2));
  /* Both in one: the read sees what the same frame wrote (APP 6.17). */
  FRAME(&line, UNIT, 23, 0, 3, 0, 2, 0, 4, 0, 1, 2, 0xab, 0xcd);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 23, 4, 0x10, 3, 0xab, 0xcd));
  /* The largest of each. */
  FRAME(&line, UNIT, 3, 0, 0, 0, 125);
  CHECK(settle() == 1 && line.answer_length == 255u && line.answer[2] == 250u);
  FRAME(&line, UNIT, 1, 0, 0, 0x07, 0xd0);
  CHECK(settle() == 1 && line.answer_length == 255u && line.answer[2] == 250u);
  memset(big, 0, sizeof big);
  memcpy(big, (const uint8_t[]){UNIT, 16, 0, 0, 0, 123, 246}, 7);
  for (i = 0; i < 246u; i++) big[7u + i] = (uint8_t)i;
  wire_frame(&line, big, 7u + 246u);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 16, 0, 0, 0, 123) && line.registers[122] == 0xf4f5u);
  memcpy(big, (const uint8_t[]){UNIT, 23, 0, 0, 0, 125, 0, 0, 0, 121, 242}, 11);
  memset(big + 11, 0x5a, 242);
  wire_frame(&line, big, 11u + 242u);
  CHECK(settle() == 1 && line.answer_length == 255u && line.answer[3] == 0x5au && line.registers[120] == 0x5a5au);
  memset(big, 0xff, sizeof big);
  memcpy(big, (const uint8_t[]){UNIT, 15, 0, 0, 0x07, 0xb0, 246}, 7);
  wire_frame(&line, big, 7u + 246u);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 15, 0, 0, 0x07, 0xb0) && line.bits[1967] && !line.bits[1968]);
  CHECK(line.server.frames_bad == 0 && line.server.exceptions == 0 && line.server.frames_good == 15);
}

static void identification(void) {
  static char long_text[201];
  wire_begin(&line, 0);
  FRAME(&line, UNIT, 43, 14, 1, 0);
  CHECK(settle() == 1 &&
        ANSWERED(&line, UNIT, 43, 14, 1, 0x82, 0, 0, 3, 0, 6, 'v', 'e', 'n', 'd', 'o', 'r', 1, 4, 'c', 'o', 'd', 'e', 2, 3, '1', '.', '0'));
  FRAME(&line, UNIT, 43, 14, 2, 2); /* from object 2; 3, 5 and 6 do not exist */
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 43, 14, 2, 0x82, 0, 0, 2, 2, 3, '1', '.', '0', 4, 7, 'p', 'r', 'o', 'd', 'u', 'c', 't'));
  FRAME(&line, UNIT, 43, 14, 3, 2); /* extended: there is none, the regular ones come */
  CHECK(settle() == 1 && line.answer[3] == 3 && line.answer[7] == 2);
  FRAME(&line, UNIT, 43, 14, 1, 99); /* no such object: from the first */
  CHECK(settle() == 1 && line.answer[7] == 3 && line.answer[8] == 0);
  FRAME(&line, UNIT, 43, 14, 4, 4);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 43, 14, 4, 0x82, 0, 0, 1, 4, 7, 'p', 'r', 'o', 'd', 'u', 'c', 't'));
  FRAME(&line, UNIT, 43, 14, 4, 3);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0xab, 2));
  FRAME(&line, UNIT, 43, 14, 5, 0);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0xab, 3));
  FRAME(&line, UNIT, 43, 13, 0, 0); /* another interface type */
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0xab, 1));
  /* What does not fit one frame: more follows, from the object named. */
  memset(long_text, 'x', 200);
  line.texts[1] = long_text;
  line.texts[2] = long_text;
  FRAME(&line, UNIT, 43, 14, 1, 0);
  CHECK(settle() == 1 && line.answer[5] == 0xff && line.answer[6] == 2 && line.answer[7] == 2);
  FRAME(&line, UNIT, 43, 14, 1, 2);
  CHECK(settle() == 1 && line.answer[5] == 0 && line.answer[7] == 1 && line.answer[8] == 2 && line.answer[9] == 200);
}

static void exceptions(void) {
  wire_begin(&line, 0);
  FRAME(&line, UNIT, 7); /* not served */
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0x87, 1));
  FRAME(&line, UNIT, 22, 0, 4, 0, 0xf2, 0, 0x25);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0x96, 1));
  FRAME(&line, UNIT, 3, 1, 0x2c, 0, 1); /* behind the last register */
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0x83, 2));
  FRAME(&line, UNIT, 3, 0xff, 0xff, 0, 2); /* past 65536 */
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0x83, 2));
  FRAME(&line, UNIT, 3, 0, 0, 0, 0);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0x83, 3));
  FRAME(&line, UNIT, 4, 0, 0, 0, 126);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0x84, 3));
  FRAME(&line, UNIT, 1, 0, 0, 0x07, 0xd1);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0x81, 3));
  FRAME(&line, UNIT, 5, 0, 0, 1, 0);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0x85, 3));
  FRAME(&line, UNIT, 16, 0, 0, 0, 2, 2, 0, 0); /* byte count and quantity disagree */
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0x90, 3));
  FRAME(&line, UNIT, 15, 0, 0, 0, 9, 1, 0);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0x8f, 3));
  FRAME(&line, UNIT, 23, 0, 0, 0, 126, 0, 0, 0, 1, 2, 0, 0);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0x97, 3));
  FRAME(&line, UNIT, 23, 0, 0, 0, 1, 0xff, 0xff, 0, 2, 4, 0, 0, 0, 0);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0x97, 2));
  CHECK(line.writes == 0);
  line.fail = ET_MODBUS_DEVICE_FAILURE;
  FRAME(&line, UNIT, 16, 0, 0, 0, 1, 2, 0, 0);
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 0x90, 4));
  CHECK(line.server.exceptions == 13 && line.server.frames_good == 13);
}

static void broadcasts(void) {
  wire_begin(&line, 0);
  FRAME(&line, 0, 6, 0, 5, 0, 55);
  CHECK(settle() == 0 && line.registers[5] == 55);
  FRAME(&line, 0, 16, 0, 5, 0, 1, 2, 0, 56);
  CHECK(settle() == 0 && line.registers[5] == 56);
  FRAME(&line, 0, 5, 0, 5, 0xff, 0);
  CHECK(settle() == 0 && line.bits[5]);
  FRAME(&line, 0, 3, 0, 0, 0, 1);       /* a read makes no sense for everybody */
  FRAME(&line, 0, 6, 0xff, 0xff, 0, 1); /* nor does anybody hear that this failed */
  CHECK(settle() == 0 && line.writes == 3);
  FRAME(&line, 0, 6, 0, 5, 0, 57);
  FRAME(&line, UNIT, 3, 0, 5, 0, 1); /* right behind a broadcast: both count */
  CHECK(settle() == 1 && ANSWERED(&line, UNIT, 3, 2, 0, 57));
}

static void other_units(void) {
  uint8_t answer[253];
  const uint32_t bauds[] = {0, 19200, 115200};
  unsigned b;
  for (b = 0; b < 3u; b++) {
    wire_begin(&line, bauds[b]);
    FRAME(&line, 18, 3, 0, 0, 0, 125);
    CHECK(settle() == 0);
    memset(answer, 0, sizeof answer);
    answer[0] = 18;
    answer[1] = 3;
    answer[2] = 250;
    /* Another unit's answer whose data look like a request to us. */
    memcpy(answer + 40, (const uint8_t[]){UNIT, 6, 0, 1, 0, 3, 0x9a, 0x9b}, 8);
    wire_frame(&line, answer, 253);
    CHECK(settle() == 0 && line.writes == 0);
    FRAME(&line, 18, 0x83, 2);
    CHECK(settle() == 0);
    FRAME(&line, 18, 16, 0, 1, 0, 1, 2, 0, 1);
    FRAME(&line, 18, 16, 0, 1, 0, 1);
    FRAME(&line, 18, 23, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 0);
    FRAME(&line, 18, 23, 2, 0, 0);
    FRAME(&line, UNIT, 3, 0, 2, 0, 1);
    CHECK(settle() == 1 && ANSWERED(&line, UNIT, 3, 2, 0x10, 2));
    CHECK(line.server.frames_bad == 0 && line.server.frames_good == 1 && line.writes == 0);
  }
}

/* Several requests for this unit have piled up: only the last is done and answered. */
static void latest_request(void) {
  const uint32_t bauds[] = {0, 115200};
  unsigned b;
  for (b = 0; b < 2u; b++) {
    wire_begin(&line, bauds[b]);
    FRAME(&line, UNIT, 6, 0, 1, 0, 3);
    FRAME(&line, UNIT, 3, 0, 2, 0, 1);
    CHECK(settle() == 1 && ANSWERED(&line, UNIT, 3, 2, 0x10, 2) && line.writes == 0);
    FRAME(&line, UNIT, 6, 0, 1, 0, 3);
    FRAME(&line, 18, 3, 0, 2, 0, 1); /* the master is talking to somebody else by now */
    CHECK(settle() == 0 && line.writes == 0);
  }
}

static void silence(void) {
  const uint8_t request[] = {UNIT, 6, 0, 1, 0, 3, 0x9a, 0x9b};
  uint8_t good[8];
  uint16_t crc, i;
  memcpy(good, request, 6);
  crc = et_crc16(ET_CRC16_START, good, 6);
  good[6] = (uint8_t)crc;
  good[7] = (uint8_t)(crc >> 8);
  /* At 9600 baud 3.5 characters are 4010 us: no answer before, one after. Gaps inside are tolerated. */
  wire_begin(&line, 9600);
  for (i = 0; i < 8u; i++) {
    wire_put(&line, good + i, 1);
    CHECK(wire_settle(&line, UNIT, 2000) == 0);
  }
  CHECK(wire_settle(&line, UNIT, 3900) == 0);
  CHECK(wire_settle(&line, UNIT, 4011) == 1 && wire_answered(&line, good, 6));
  /* Above 19200 baud 1750 us. */
  wire_begin(&line, 115200);
  wire_put(&line, good, 8);
  CHECK(wire_settle(&line, UNIT, 1700) == 0);
  CHECK(wire_settle(&line, UNIT, 1750) == 1);
  /* A frame that silence cut in two is none. */
  wire_put(&line, good, 5);
  CHECK(wire_settle(&line, UNIT, 1750) == 0);
  wire_put(&line, good + 5, 3);
  CHECK(wire_settle(&line, UNIT, 1750) == 0 && line.writes == 1 && line.server.frames_bad == 2);
  wire_put(&line, good, 8);
  CHECK(wire_settle(&line, UNIT, 1750) == 1);
  /* Stray bytes of the line driver before and behind. */
  PUT(&line, 0, 0xff);
  wire_put(&line, good, 8);
  PUT(&line, 0);
  CHECK(wire_settle(&line, UNIT, 1750) == 1 && line.writes == 3);
  /* In a stream a frame may come in any pieces, however late. */
  wire_begin(&line, 0);
  for (i = 0; i < 8u; i++) {
    wire_put(&line, good + i, 1);
    CHECK(wire_settle(&line, UNIT, LONG) == (i == 7u ? 1u : 0u));
  }
  CHECK(line.server.frames_bad == 0);
  /* Behind the beginning of a frame that never ends, a request is found once it has been silent. */
  PUT(&line, UNIT, 16, 0, 0, 0, 123, 246);
  wire_put(&line, good, 8);
  CHECK(wire_settle(&line, UNIT, 0) == 0);
  CHECK(wire_settle(&line, UNIT, 10000) == 1 && line.server.frames_bad == 1);
  /* While an answer is on its way nothing is taken. */
  line.sending = true;
  wire_put(&line, good, 8);
  CHECK(wire_settle(&line, UNIT, LONG) == 0 && line.waiting_length == 8u);
  line.sending = false;
  CHECK(wire_settle(&line, UNIT, LONG) == 1);
}

/* Whatever came before, the next request is answered. But for what passes the CRC by chance, one in 65536 for each place where
 * noise looks like a frame: the master's second try gets through. */
static void garbage(uint32_t baud, uint32_t rounds) {
  et_prng prng;
  uint32_t round, second_tries = 0;
  et_prng_seed(&prng, 7u + baud);
  wire_begin(&line, baud);
  for (round = 0; round < rounds; round++) {
    uint8_t noise[700];
    const uint16_t length = et_prng_below(&prng, round % 4u == 0u ? 700 : 40);
    const uint32_t kind = et_prng_next(&prng) % 3u;
    const uint16_t value = (uint16_t)et_prng_next(&prng);
    uint16_t i;
    for (i = 0; i < length; i++) {
      noise[i] = (uint8_t)(et_prng_next(&prng) >> 13);
      /* Noise that looks like frames is the hard kind. */
      if (kind == 1u && i % 8u == 0u) noise[i] = UNIT;
      if (kind == 1u && i % 8u == 1u) noise[i] = (uint8_t)(et_prng_next(&prng) % 24u);
      if (kind == 2u && i % 8u == 0u) noise[i] = (uint8_t)et_prng_below(&prng, 20);
    }
    wire_put(&line, noise, length);
    if (et_prng_below(&prng, 2) == 1u) (void)wire_settle(&line, UNIT, LONG);
    FRAME(&line, UNIT, 6, 0, 9, (uint8_t)(value >> 8), (uint8_t)value);
    if (settle() == 0u || line.registers[9] != value) {
      second_tries++;
      FRAME(&line, UNIT, 6, 0, 9, (uint8_t)(value >> 8), (uint8_t)value);
      CHECK(settle() == 1u);
    }
    CHECK(line.registers[9] == value);
    CHECK(ANSWERED(&line, UNIT, 6, 0, 9, (uint8_t)(value >> 8), (uint8_t)value));
  }
  CHECK(line.server.frames_bad > rounds / 4u);
  CHECK(second_tries <= rounds / 4000u);
}

/* Each single damaged byte of a request makes it none, or one for somebody else. */
static void damage(void) {
  uint8_t good[11];
  uint16_t crc, i;
  unsigned bit;
  memcpy(good, (const uint8_t[]){UNIT, 16, 0, 1, 0, 1, 2, 0, 3}, 9);
  crc = et_crc16(ET_CRC16_START, good, 9);
  good[9] = (uint8_t)crc;
  good[10] = (uint8_t)(crc >> 8);
  for (i = 0; i < 11u; i++) {
    for (bit = 0; bit < 8u; bit++) {
      wire_begin(&line, 115200);
      good[i] ^= (uint8_t)(1u << bit);
      wire_put(&line, good, 11);
      CHECK(settle() == 0 && line.writes == 0);
      good[i] ^= (uint8_t)(1u << bit);
    }
  }
}

static void generator(void) {
  et_prng prng, other;
  unsigned counts[10] = {0}, i;
  et_prng_seed(&prng, 0);
  et_prng_seed(&other, 1);
  CHECK(prng.state != 0u && prng.state != other.state);
  prng.state = 1;
  CHECK(et_prng_next(&prng) == 270369u); /* 1 ^ 1 << 13, ^ >> 17, ^ << 5, by hand */
  for (i = 0; i < 100000u; i++) counts[et_prng_below(&prng, 10)]++;
  for (i = 0; i < 10u; i++) CHECK(counts[i] > 9600u && counts[i] < 10400u);
}

int main(void) {
  checksums();
  generator();
  functions();
  identification();
  exceptions();
  broadcasts();
  other_units();
  latest_request();
  silence();
  damage();
  garbage(0, 20000);
  garbage(115200, 20000);
  puts("modbus server: all checks passed");
  return 0;
}
