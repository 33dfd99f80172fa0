#include "decision/standing.h"

#include <string.h>

#define TABLES ET_VOICES  /* the opinion after the voices */
#define BEHIND_MOST 1024u /* 64 errors: a weight of 1/256. Who was bad for long and is good now comes back */
#define ERROR_MOST 64u    /* 4 errors: a class that hardly ever comes does not decide alone */
#define CAME_MOST 250u

void et_standing_forget(et_standing *standing) { memset(standing->behind, 0, sizeof standing->behind); }

/* Half for every eight errors: with the usual rate sqrt(8 ln 6 / n) of n = 1900 truths, twice that at 480. */
static uint32_t weight(const et_standing *standing, uint8_t opinion) { return et_power_of_half(2u * (uint32_t)standing->behind[opinion]); }

uint8_t et_standing_choose(const et_standing *standing, uint8_t classes, const uint8_t proposed[ET_VOICES], uint8_t tables, uint16_t barred,
                           uint8_t *by) {
  uint32_t sums[ET_CLASSES_MAX]; /* at most 10 * 65536 */
  uint32_t most = 0;
  uint8_t voice, c, best = tables;
  memset(sums, 0, sizeof sums);
  /* The tables weigh as much in the beginning as all voices that speak: these cannot overrule them. */
  for (voice = 0; voice < ET_VOICES; voice++) {
    if (proposed[voice] >= classes) continue;
    sums[tables] += weight(standing, TABLES);
    if (((unsigned)barred >> proposed[voice] & 1u) == 0u) sums[proposed[voice]] += weight(standing, voice);
  }
  for (c = 0; c < classes; c++)
    if (sums[c] > sums[best]) best = c;
  if (best == tables) return tables;
  for (voice = 0; voice < ET_VOICES; voice++) {
    if (proposed[voice] != best || weight(standing, voice) <= most) continue;
    most = weight(standing, voice);
    *by = voice;
  }
  return best;
}

/* What an error over this truth costs, in 1/16: 1 / (classes * share of the class). Each class has two truths before it begins. */
static uint16_t cost(const et_standing *standing, uint8_t classes, uint8_t truth) {
  uint32_t all = 2u * (uint32_t)classes, error = 16u; /* all: at most 16 * 252 */
  uint8_t c;
  for (c = 0; c < classes; c++) all += standing->came[c];
  error = error * all / (classes * (standing->came[truth] + 2u));
  return (uint16_t)(error < ERROR_MOST ? error : ERROR_MOST);
}

void et_standing_learn(et_standing *standing, uint8_t classes, const uint8_t proposed[ET_VOICES], uint8_t tables, uint8_t truth) {
  uint16_t error, least = UINT16_MAX;
  uint8_t i;
  if (standing->came[truth] >= CAME_MOST)
    for (i = 0; i < classes; i++) standing->came[i] = (uint8_t)((standing->came[i] + 1u) / 2u);
  standing->came[truth]++;
  error = cost(standing, classes, truth);
  for (i = 0; i <= TABLES; i++) {
    const uint8_t word = i < TABLES && proposed[i] < classes ? proposed[i] : tables;
    if (word != truth) standing->behind[i] = (uint16_t)(standing->behind[i] + error); /* at most 1024 + 64 */
    if (standing->behind[i] < least) least = standing->behind[i];
  }
  for (i = 0; i <= TABLES; i++) {
    standing->behind[i] = (uint16_t)(standing->behind[i] - least);
    if (standing->behind[i] > BEHIND_MOST) standing->behind[i] = BEHIND_MOST;
  }
}

bool et_standing_valid(const et_standing *standing) {
  uint8_t i;
  for (i = 0; i <= TABLES; i++)
    if (standing->behind[i] > BEHIND_MOST) return false;
  return true;
}
