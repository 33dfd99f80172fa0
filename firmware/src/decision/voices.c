#include "decision/voices.h"

#include <string.h>

#include "decision/standing.h"

/* A table begins with this many truths in every place, so that one lucky word does not decide. */
#define START 3u
/* And with so many more where the voice was right: a new voice is believed a little. */
#define TRUST 5u
/* A row whose sum passes this is halved: places stay bytes, and what was long ago weighs less. */
#define ROW_MOST 250u
/* Truths that the tables' own probability is worth in a bin of the confidence. */
#define BIN_PRIOR 4u
#define COUNTED_MOST 2000u
/* Truths that the tables and the following rule are compared over. */
#define COMPARED_MOST 128u
/* Of so many decisions in a row half as many right as usual: the plant has changed, and what was before weighs half. */
#define CHANGE_LOOKS 16u
#define ROW_LEAST 40u

static uint32_t table_bytes(uint8_t classes) { return (uint32_t)classes * classes; }

static uint8_t *row_of(et_voices *voices, uint8_t voice, uint8_t truth) {
  return voices->tables + voice * table_bytes(voices->classes) + (uint32_t)truth * voices->classes;
}

void et_voices_begin(et_voices *voices, uint8_t classes) {
  uint8_t voice;
  memset(voices, 0, sizeof *voices);
  voices->classes = classes;
  voices->last = ET_SILENT;
  for (voice = 0; voice < ET_VOICES; voice++) et_voices_forget(voices, voice);
}

void et_voices_forget(et_voices *voices, uint8_t voice) {
  uint8_t c;
  memset(row_of(voices, voice, 0), START, table_bytes(voices->classes));
  for (c = 0; c < voices->classes; c++) row_of(voices, voice, c)[c] = START + TRUST;
  voices->counted[voice] = voices->right[voice] = 0;
  voices->ahead = voices->behind = voices->together = 0;
}

/* ---- Logarithm and power of two, in 1/256 ---- */

uint16_t et_log2(uint8_t value) {
  /* 256 log2(1 + i / 16); between two places a straight line, at most 0.0007 off. */
  static const uint16_t PLACES[17] = {0, 22, 44, 63, 82, 100, 118, 134, 150, 165, 179, 193, 207, 220, 232, 244, 256};
  uint16_t whole = 7;
  uint32_t mantissa = value == 0u ? 1u : value, place, rest;
  while (mantissa < 128u) {
    mantissa <<= 1;
    whole--;
  }
  place = (mantissa - 128u) >> 3;
  rest = mantissa & 7u;
  return (uint16_t)(256u * whole + (PLACES[place] * (8u - rest) + PLACES[place + 1u] * rest + 4u) / 8u);
}

/* 65536 * 2^(-x / 256). The fraction by 1 - f (0.6713 - 0.1713 f), which is right at both ends and 0.002 off between. */
uint32_t et_power_of_half(uint32_t x) {
  const uint32_t f = x & 255u, whole = x >> 8;
  const uint32_t fraction = 65536u - f * (43994u - 44u * f) / 256u; /* 255 * 43994 < 2^24 */
  return whole > 16u ? 0u : fraction >> whole;
}

/* ---- Decision ---- */

static int32_t likelihood(const et_voices *voices, uint8_t voice, uint8_t proposed, uint8_t c) {
  const uint8_t *row = voices->tables + voice * table_bytes(voices->classes) + (uint32_t)c * voices->classes;
  uint32_t sum = 0; /* at most ROW_MOST, kept by learning */
  uint8_t i;
  for (i = 0; i < voices->classes; i++) sum += row[i];
  return (int32_t)et_log2(row[proposed]) - (int32_t)et_log2((uint8_t)sum);
}

/* A voice that is regularly wrong is not heard; it is not read the other way round. A rule that wants heat in a room that people like
 * cool would else be taken for a wish to cool, in a room where it is freezing and nobody has ever voted. */
static int32_t support(const et_voices *voices, uint8_t voice, uint8_t proposed, uint8_t c) {
  const int32_t own = likelihood(voices, voice, proposed, proposed), other = likelihood(voices, voice, proposed, c);
  return other < own ? other : own;
}

static bool is_barred(uint16_t barred, uint8_t c) { return ((unsigned)barred >> c & 1u) != 0u; }

/* The voice whose word made the most difference between the two classes; the first of those that are alike. */
static uint8_t loudest(const et_voices *voices, const uint8_t proposed[ET_VOICES], uint8_t best, uint8_t next) {
  int32_t most = INT32_MIN;
  uint8_t voice, by = 0;
  for (voice = 0; voice < ET_VOICES; voice++) {
    int32_t difference;
    if (proposed[voice] == ET_SILENT) continue;
    difference = support(voices, voice, proposed[voice], best) - support(voices, voice, proposed[voice], next);
    if (difference > most) {
      most = difference;
      by = voice;
    }
  }
  return by;
}

/* Probability of the best class by the tables, then what came true of such probabilities. */
static void set_confidence(const et_voices *voices, const int32_t sums[ET_CLASSES_MAX], et_choice *choice) {
  uint32_t all = 65536u, own; /* the class itself */
  uint8_t c;
  for (c = 0; c < voices->classes; c++) {
    const int32_t below = sums[choice->output_class] - sums[c];
    if (c == choice->output_class) continue;
    all += below >= 0 ? et_power_of_half((uint32_t)below) : 65536u; /* a barred class may be above: then they are alike */
  }
  own = 65536u * 1000u / all;
  choice->bin = (uint8_t)(own * ET_CONFIDENCE_BINS / 1001u);
  if (voices->counted[0] + voices->counted[1] + voices->counted[2] + voices->counted[3] + voices->counted[4] == 0u) {
    choice->confidence = 0; /* nothing has come true yet */
    return;
  }
  choice->confidence = (uint16_t)((1000u * voices->bin_right[choice->bin] + BIN_PRIOR * own) / (voices->bin_all[choice->bin] + BIN_PRIOR));
}

void et_voices_decide(const et_voices *voices, const et_standing *standing, const uint8_t proposed[ET_VOICES], uint16_t barred,
                      uint8_t fallback, et_choice *choice) {
  int32_t sums[ET_CLASSES_MAX];
  const bool all_barred = (barred | ~((1ul << voices->classes) - 1u)) == ~0ul;
  uint8_t c, voice, best = ET_SILENT, next = ET_SILENT, speaking = 0;
  memset(sums, 0, sizeof sums);
  for (voice = 0; voice < ET_VOICES; voice++) {
    if (proposed[voice] >= voices->classes) continue;
    speaking++;
    for (c = 0; c < voices->classes; c++) sums[c] += support(voices, voice, proposed[voice], c);
  }
  if (speaking == 0u) sums[fallback] = 1;
  /* Where the tables do not tell two classes apart, the first voice that speaks does: the start rule. */
  for (voice = 0; voice < ET_VOICES && speaking != 0u; voice++) {
    if (proposed[voice] >= voices->classes) continue;
    sums[proposed[voice]]++;
    break;
  }
  for (c = 0; c < voices->classes; c++) {
    if (!all_barred && is_barred(barred, c)) continue;
    if (best == ET_SILENT || sums[c] > sums[best]) {
      next = best;
      best = c;
    } else if (next == ET_SILENT || sums[c] > sums[next]) {
      next = c;
    }
  }
  choice->tables = best;
  choice->by = speaking == 0u || next == ET_SILENT ? 0u : loudest(voices, proposed, best, next);
  choice->output_class =
      standing == NULL ? best : et_standing_choose(standing, voices->classes, proposed, best, all_barred ? 0u : barred, &choice->by);
  set_confidence(voices, sums, choice);
}

/* ---- Learning ---- */

/* Old truths weigh half in a row whose sum passes `most`. */
static void halve_above(uint8_t *row, uint8_t classes, uint32_t most) {
  uint32_t sum = 0;
  uint8_t i;
  for (i = 0; i < classes; i++) sum += row[i];
  for (i = 0; i < classes && sum > most; i++) row[i] = (uint8_t)((row[i] + 1u) / 2u);
}

static void count(et_voices *voices, uint8_t voice, uint8_t proposed, uint8_t truth) {
  uint8_t *row = row_of(voices, voice, truth);
  row[proposed]++; /* the row's sum was at most ROW_MOST: no place was over 250 */
  halve_above(row, voices->classes, ROW_MOST);
  if (voices->counted[voice] >= COUNTED_MOST) {
    voices->counted[voice] /= 2u;
    voices->right[voice] /= 2u;
  }
  voices->counted[voice]++;
  if (proposed == truth) voices->right[voice]++;
}

/* Halves the rows of all tables, down to ROW_LEAST truths a row. */
static void halve_tables(et_voices *voices) {
  uint8_t voice, c;
  for (voice = 0; voice < ET_VOICES; voice++)
    for (c = 0; c < voices->classes; c++) halve_above(row_of(voices, voice, c), voices->classes, ROW_LEAST);
}

/* A changed plant shows in wrong decisions, one after the other. */
static void detect_change(et_voices *voices, bool right) {
  uint32_t bits, good = 0;
  voices->usual = (uint16_t)(voices->usual + ((right ? 1000 : 0) - (int32_t)voices->usual) / 64);
  voices->recent = voices->recent << 1 | (right ? 1u : 0u);
  if (voices->judged < CHANGE_LOOKS && ++voices->judged < CHANGE_LOOKS) return;
  for (bits = voices->recent & ((1ul << CHANGE_LOOKS) - 1u); bits != 0u; bits &= bits - 1u) good++;
  if (2000u * good >= CHANGE_LOOKS * (uint32_t)voices->usual) return;
  halve_tables(voices);
  voices->judged = 0;
}

void et_voices_learn(et_voices *voices, const uint8_t proposed[ET_VOICES], uint8_t truth, bool right, uint8_t bin) {
  uint8_t voice;
  for (voice = 0; voice < ET_VOICES; voice++)
    if (proposed[voice] < voices->classes) count(voices, voice, proposed[voice], truth);
  detect_change(voices, right);
  if (bin < ET_CONFIDENCE_BINS) {
    if (voices->bin_all[bin] >= ROW_MOST) {
      voices->bin_all[bin] /= 2u;
      voices->bin_right[bin] /= 2u;
    }
    voices->bin_all[bin]++;
    if (right) voices->bin_right[bin]++;
  }
}

/* A sign test, at three deviations, because it is asked again and again: of `ahead + behind` truths that only one had proposed, each has half
 * by chance. Old truths weigh half. */
void et_voices_compare(et_voices *voices, uint8_t tables, uint8_t rule, uint8_t truth) {
  int32_t lead, truths;
  if (tables == rule || (tables != truth && rule != truth)) return;
  if (voices->ahead + voices->behind >= COMPARED_MOST) {
    voices->ahead /= 2u;
    voices->behind /= 2u;
  }
  if (tables == truth) voices->ahead++;
  else voices->behind++;
  lead = (int32_t)voices->ahead - voices->behind;
  truths = (int32_t)voices->ahead + voices->behind;
  if (lead <= 0) voices->together = 0;
  else if (lead * lead > 9 * truths) voices->together = 1;
}

uint8_t et_voices_last(et_voices *voices) {
  if (voices->since < UINT16_MAX) voices->since++;
  /* The next decision after a truth is the freshest. Older than four times what is usual, and one more: nobody has proposed anything lately. */
  return 16u * (uint32_t)voices->since > 4u * (uint32_t)voices->usually + 16u ? ET_SILENT : voices->last;
}

void et_voices_truth(et_voices *voices, uint8_t truth) {
  const uint32_t since = voices->since > 1000u ? 1000u : voices->since; /* 16 * 1000 < 2^16 */
  voices->usually = (uint16_t)((7u * (uint32_t)voices->usually + 16u * since + 7u) / 8u);
  voices->last = truth;
  voices->since = 0;
}

uint16_t et_voices_accuracy(const et_voices *voices, uint8_t voice) {
  const uint32_t counted = voices->counted[voice];
  if (counted == 0u) return 65535u;
  return (uint16_t)((1000u * (uint32_t)voices->right[voice] + counted / 2u) / counted);
}

bool et_voices_valid(const et_voices *voices, uint8_t classes) {
  uint8_t voice, c, i;
  if ((uint32_t)voices->ahead + voices->behind > COMPARED_MOST) return false;
  if (voices->classes != classes || (voices->last >= classes && voices->last != ET_SILENT)) return false;
  for (i = 0; i < ET_CONFIDENCE_BINS; i++)
    if (voices->bin_all[i] > ROW_MOST || voices->bin_right[i] > voices->bin_all[i]) return false;
  for (voice = 0; voice < ET_VOICES; voice++) {
    if (voices->right[voice] > voices->counted[voice]) return false;
    for (c = 0; c < classes; c++) {
      const uint8_t *row = voices->tables + voice * table_bytes(classes) + (uint32_t)c * classes;
      uint32_t sum = 0;
      for (i = 0; i < classes; i++) {
        if (row[i] == 0u) return false;
        sum += row[i];
      }
      if (sum > ROW_MOST) return false;
    }
  }
  return true;
}
