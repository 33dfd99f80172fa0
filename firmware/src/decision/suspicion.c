#include "decision/suspicion.h"

#include <string.h>

#define RECENT 20u      /* truths looked at for a sudden change */
#define BLOCK 64u       /* truths of a block */
#define BLOCKS_KNOWN 2u /* before that nothing is usual yet */
#define STABLE 800u     /* permille of agreement that makes a contradiction suspicious */
#define SUDDEN 4u       /* agreed of RECENT, at most: CONTRADICTION */
#define RECENT_BITS ((1ul << RECENT) - 1u)
#define SAME 24u    /* outcomes in a row: OUTCOME_STUCK */
#define TURNS 8u    /* times that the model turned against an outcome that stayed: OUTCOME_STUCK where decisions follow it */
#define APART 16u   /* outcomes between two turns that count */
#define STILL 24u   /* truths in a row with the same value of a feature */
#define MARGIN 100u /* permille above chance that a dependent block has at least */

static uint8_t bits_set(uint32_t bits) {
  uint8_t count = 0;
  for (; bits != 0u; bits &= bits - 1u) count++;
  return count;
}

void et_suspicion_begin(et_feedback_watch *suspicion, et_stillness *still, uint8_t features) {
  memset(suspicion, 0, sizeof *suspicion);
  memset(still, 0, features * sizeof *still);
}

static bool is_stable(const et_feedback_watch *suspicion) { return suspicion->blocks >= BLOCKS_KNOWN && suspicion->usual >= STABLE; }

/* The outcome as the model sees it. One long error is one turn, and so is a burst of them: features that drift over the model's border cross it
 * several times within some outcomes, and that is one piece of evidence, not eight. */
static void watch_model(et_feedback_watch *suspicion, const et_evidence *evidence) {
  const bool against = evidence->model != evidence->truth;
  if (suspicion->since_turn < APART) suspicion->since_turn++;
  if (against && suspicion->denied < 65535u) suspicion->denied++;
  if (against && !suspicion->against && suspicion->since_turn == APART) {
    if (suspicion->turns < 65535u) suspicion->turns++;
    suspicion->since_turn = 0;
  }
  suspicion->against = against;
}

/* Another outcome came: the run before becomes what is usual, unless the alarm is about that run. */
static void end_run(et_feedback_watch *suspicion) {
  if (suspicion->turns > suspicion->turns_most && suspicion->kind != ET_SUSPICION_OUTCOME_STUCK) suspicion->turns_most = suspicion->turns;
  suspicion->wrong_in_run = suspicion->decided_in_run = suspicion->denied = suspicion->turns = 0;
  suspicion->against = false;
  suspicion->since_turn = APART;
}

/* How long outcome and features have stood still; what a feature did before an alarm is not overwritten by the alarm itself. */
static void watch(et_feedback_watch *suspicion, et_stillness *still, uint8_t features, const et_evidence *evidence) {
  const bool wrong = evidence->decided != evidence->truth;
  uint8_t i;
  if (suspicion->outcomes_seen != 0u && evidence->outcome == suspicion->outcome) {
    if (suspicion->same_outcomes < 65535u) suspicion->same_outcomes++;
  } else {
    if (suspicion->outcomes_seen < 2u) suspicion->outcomes_seen++;
    suspicion->outcome = evidence->outcome;
    suspicion->same_outcomes = 1;
    end_run(suspicion);
  }
  watch_model(suspicion, evidence);
  suspicion->decided_in_run |= (uint16_t)(1u << evidence->decided);
  if (wrong && suspicion->wrong_in_run < 65535u) suspicion->wrong_in_run++;
  for (i = 0; i < features; i++) {
    const int16_t value = evidence->narrow ? ((const int8_t *)evidence->features)[i] : ((const int16_t *)evidence->features)[i];
    if (value == still[i].value) {
      if (still[i].same < 65535u) still[i].same++;
    } else {
      if (still[i].same > still[i].longest) still[i].longest = still[i].same;
      still[i].value = value;
      still[i].same = 1;
    }
  }
}

/* A feature that stands still much longer than it ever did; ET_FEATURES_MAX when there is none. */
static uint8_t stuck_feature(const et_stillness *still, uint8_t features) {
  uint8_t i;
  for (i = 0; i < features; i++)
    if (still[i].same >= STILL && still[i].longest != 0u && still[i].same > 2u * (uint32_t)still[i].longest) return i;
  return (uint8_t)ET_FEATURES_MAX;
}

/* Agreement that proposed and truth would have by chance, each as frequent as in the block; permille. */
static uint32_t agreement_by_chance(const et_feedback_watch *suspicion) {
  uint32_t sum = 0;
  uint8_t c;
  for (c = 0; c < ET_CLASSES_MAX; c++) sum += (uint32_t)suspicion->proposed[c] * suspicion->came[c];
  return 1000u * sum / (BLOCK * BLOCK);
}

/* Ends a block: are the truths independent of the decisions? Then the usual agreement follows, unless something is wrong. */
static uint8_t end_block(et_feedback_watch *suspicion) {
  const uint32_t agreed = 1000u * suspicion->agreed / BLOCK, by_chance = agreement_by_chance(suspicion);
  const bool tells = by_chance < 700u; /* else one class is all there is, and agreement says nothing */
  uint8_t kind = ET_SUSPICION_NONE;
  if (is_stable(suspicion) && tells && agreed <= by_chance + MARGIN) kind = ET_SUSPICION_INDEPENDENT;
  else if (suspicion->kind == ET_SUSPICION_NONE) {
    /* Up faster than down: a trainer that has just learned is soon known to be good. */
    suspicion->usual = (uint16_t)(suspicion->blocks == 0u     ? agreed
                                  : agreed > suspicion->usual ? (suspicion->usual + agreed) / 2u
                                                              : (3u * (uint32_t)suspicion->usual + agreed) / 4u);
    if (suspicion->blocks < 255u) suspicion->blocks++;
  }
  suspicion->in_block = suspicion->agreed = 0;
  memset(suspicion->proposed, 0, sizeof suspicion->proposed);
  memset(suspicion->came, 0, sizeof suspicion->came);
  return kind;
}

/* Decisions that follow the last truth agree with a stuck outcome, and where most truths are of one class few decisions are against it. The
 * model's words still come and go as they always did: again and again against the outcome, more than twice as often as in any run before, and
 * at least half as many of them as there are samples of other classes. A quiet night with some errors has fewer. */
static bool model_is_denied(const et_feedback_watch *suspicion, const et_evidence *evidence) {
  return suspicion->outcomes_seen == 2u && suspicion->same_outcomes >= SAME && evidence->model_accuracy >= STABLE &&
         evidence->model != evidence->truth && suspicion->turns >= TURNS && suspicion->turns > 2u * (uint32_t)suspicion->turns_most &&
         2000u * (uint32_t)suspicion->denied >= (uint32_t)evidence->others * suspicion->same_outcomes; /* both < 2^27 */
}

static uint8_t suspicion_of_block(et_feedback_watch *suspicion, const et_stillness *still, uint8_t features, const et_evidence *evidence,
                                  uint8_t of_block) {
  const uint8_t agreed = bits_set(suspicion->recent & RECENT_BITS);
  const uint8_t feature = stuck_feature(still, features);
  const bool one_outcome = suspicion->outcomes_seen == 2u && bits_set(suspicion->decided_in_run) >= 2u;
  if (!is_stable(suspicion)) return ET_SUSPICION_NONE;
  if (one_outcome && suspicion->same_outcomes >= SAME && 3u * (uint32_t)suspicion->wrong_in_run >= suspicion->same_outcomes)
    return ET_SUSPICION_OUTCOME_STUCK;
  if (model_is_denied(suspicion, evidence)) return ET_SUSPICION_OUTCOME_STUCK;
  if (suspicion->filled < RECENT) return of_block;
  if (feature != ET_FEATURES_MAX && 4000u * (uint32_t)agreed <= 3u * RECENT * (uint32_t)suspicion->usual) {
    suspicion->feature = feature;
    return ET_SUSPICION_FEATURE_STUCK;
  }
  if (agreed > SUDDEN) return of_block;
  return one_outcome && suspicion->same_outcomes >= RECENT ? ET_SUSPICION_OUTCOME_STUCK : ET_SUSPICION_CONTRADICTION;
}

bool et_suspicion_judged(et_feedback_watch *suspicion, et_stillness *still, uint8_t features, const et_evidence *evidence) {
  const bool agrees = evidence->decided == evidence->truth;
  const uint8_t before = suspicion->kind;
  uint8_t of_block = ET_SUSPICION_NONE;
  watch(suspicion, still, features, evidence);
  suspicion->recent = suspicion->recent << 1 | (agrees ? 1u : 0u);
  if (suspicion->filled < RECENT) suspicion->filled++;
  suspicion->proposed[evidence->decided]++;
  suspicion->came[evidence->truth]++;
  suspicion->agreed = (uint8_t)(suspicion->agreed + (agrees ? 1u : 0u));
  if (++suspicion->in_block == BLOCK) of_block = end_block(suspicion);
  if (before == ET_SUSPICION_NONE) suspicion->kind = suspicion_of_block(suspicion, still, features, evidence, of_block);
  /* Over when the truths agree as they used to, nearly, and what stood still moves: decisions that follow a stuck outcome agree with it. */
  else if (1000u * (uint32_t)bits_set(suspicion->recent & RECENT_BITS) + 50u * RECENT >= (uint32_t)suspicion->usual * RECENT &&
           stuck_feature(still, features) == ET_FEATURES_MAX && !(before == ET_SUSPICION_OUTCOME_STUCK && suspicion->same_outcomes >= SAME))
    suspicion->kind = ET_SUSPICION_NONE;
  return suspicion->kind != before;
}

void et_suspicion_trust(et_feedback_watch *suspicion) {
  suspicion->usual = 0;
  suspicion->blocks = suspicion->in_block = suspicion->agreed = suspicion->filled = 0;
  suspicion->recent = 0;
  memset(suspicion->proposed, 0, sizeof suspicion->proposed);
  memset(suspicion->came, 0, sizeof suspicion->came);
  suspicion->same_outcomes = suspicion->wrong_in_run = suspicion->decided_in_run = suspicion->denied = suspicion->turns = 0;
  suspicion->against = false;
  suspicion->since_turn = APART;
  suspicion->kind = ET_SUSPICION_NONE;
}
