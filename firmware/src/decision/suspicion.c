#include "decision/suspicion.h"

#include <stddef.h>
#include <string.h>

#define RECENT 20u      /* truths looked at for a sudden change */
#define BLOCK 64u       /* truths of a block */
#define BLOCKS_KNOWN 2u /* before that nothing is usual yet */
#define STABLE 800u     /* permille of agreement that makes a contradiction suspicious */
#define SUDDEN 4u       /* agreed of RECENT, at most: CONTRADICTION */
#define RECENT_BITS ((1ul << RECENT) - 1u)
#define SAME 24u     /* outcomes in a row: OUTCOME_STUCK */
#define TURNS 8u     /* times that the model turned against an outcome that stayed: OUTCOME_STUCK where decisions follow it */
#define APART 16u    /* outcomes between two turns that count */
#define FEW_TURNS 3u /* enough of them against an outcome that stays so many times as long as it ever did: */
#define OUTLASTS 3u
#define STILL 24u /* truths in a row with the same value of a feature */
/* FEATURE_STUCK where only the model became worse: so many times as long as ever before, when so many times as many truths have
 * come in all. */
#define LONGER 2u
#define FAR 4u
#define HISTORY 16u
#define MARGIN 100u /* permille above chance that a dependent block has at least */

static void count(uint16_t *events) {
  if (*events < 65535u) ++*events;
}

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
  if (suspicion->run.pause != 0u) suspicion->run.pause--;
  if (against) count(&suspicion->run.denied);
  if (against && !suspicion->run.against && suspicion->run.pause == 0u) {
    count(&suspicion->run.turns);
    suspicion->run.pause = APART;
  }
  suspicion->run.against = against;
}

/* Another outcome came: the run before becomes what is usual, unless the alarm is about that run. */
static void end_run(et_feedback_watch *suspicion) {
  if (suspicion->run.turns > suspicion->turns_most && suspicion->kind != ET_SUSPICION_OUTCOME_STUCK)
    suspicion->turns_most = suspicion->run.turns;
  memset(&suspicion->run, 0, sizeof suspicion->run);
}

/* What stands still has done so for a while, and nothing was wrong. */
static void remember(et_stillness *still) {
  if (still->same > still->longest && still->value != still->rest) {
    still->elsewhere = still->longest;
    still->rest = still->value;
  }
  if (still->value != still->rest) {
    if (still->same > still->elsewhere) still->elsewhere = still->same;
  } else if (still->same > still->longest) {
    still->longest = still->same;
  }
}

/* Returns true when the value is another one. `stuck`: an alarm is about it, and how long it stood still is nothing to remember. */
static bool moved(et_stillness *still, int16_t value, bool stuck) {
  if (still->same != 0u && value == still->value) {
    count(&still->same);
    return false;
  }
  if (!stuck) remember(still);
  still->value = value;
  still->same = 1;
  return true;
}

/* It stands still more than `times` times as long as ever before, here or, where it does not usually rest, elsewhere. */
static bool outlasts(const et_stillness *still, uint32_t times) {
  const uint32_t usual = still->value == still->rest ? still->longest : still->elsewhere;
  return usual != 0u && still->same > times * usual; /* times < 2^16 */
}

/* How long outcome and features have stood still; what a feature did before an alarm is not overwritten by the alarm itself. */
static void watch(et_feedback_watch *suspicion, et_stillness *still, uint8_t features, const et_evidence *evidence) {
  const bool wrong = evidence->decided != evidence->truth;
  uint8_t i;
  if (moved(&suspicion->outcome, evidence->outcome, suspicion->kind == ET_SUSPICION_OUTCOME_STUCK)) {
    if (suspicion->outcomes_seen < 2u) suspicion->outcomes_seen++;
    end_run(suspicion);
    suspicion->run.model_accuracy = evidence->model_accuracy > 1000u ? 0u : evidence->model_accuracy; /* it has not spoken yet */
    suspicion->run.others = evidence->others;
  }
  watch_model(suspicion, evidence);
  suspicion->run.decided |= (uint16_t)(1u << evidence->decided);
  if (wrong) count(&suspicion->run.wrong);
  for (i = 0; i < features; i++) {
    const int16_t value = evidence->narrow ? ((const int8_t *)evidence->features)[i] : ((const int16_t *)evidence->features)[i];
    (void)moved(&still[i], value, suspicion->kind == ET_SUSPICION_FEATURE_STUCK && suspicion->feature == i);
  }
}

/* A feature that stands still twice as long as it ever did; ET_FEATURES_MAX when there is none. `alone`: nothing else tells, for the decisions follow
 * the last truth and stay right. By the minute many features stand still for a night, so it must outlast far what it did at such a value, and a long
 * history must have had the time to show it. */
static uint8_t stuck_feature(const et_feedback_watch *suspicion, const et_stillness *still, uint8_t features, bool alone) {
  uint8_t i;
  for (i = 0; i < features; i++) {
    const uint32_t same = still[i].same;
    if (same < STILL || still[i].longest == 0u) continue;
    if (alone ? outlasts(&still[i], FAR) && suspicion->judged >= HISTORY * same : same > LONGER * (uint32_t)still[i].longest) return i;
  }
  return (uint8_t)ET_FEATURES_MAX;
}

/* Agreement over the last truths is below three quarters of `usual`. */
static bool became_worse(uint32_t recent, uint16_t usual) {
  return 4000u * (uint32_t)bits_set(recent & RECENT_BITS) <= 3u * RECENT * usual;
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
 * model's words still come and go as they always did: again and again against the outcome, more than twice as often as in any run before, or
 * several times while the run outlasts all that a longer time before showed; and at least half as many of them as there were samples of other
 * classes. A quiet night with some errors has fewer. */
static bool model_is_denied(const et_feedback_watch *suspicion, const et_evidence *evidence) {
  const uint32_t same = suspicion->outcome.same;
  const bool turns = suspicion->run.turns >= TURNS && suspicion->run.turns > 2u * (uint32_t)suspicion->turns_most;
  const bool outlasting = suspicion->run.turns >= FEW_TURNS && outlasts(&suspicion->outcome, OUTLASTS) && suspicion->judged >= 2u * same;
  return suspicion->outcomes_seen == 2u && same >= SAME && suspicion->run.model_accuracy >= STABLE && evidence->model != evidence->truth &&
         (turns || outlasting) && 2000u * (uint32_t)suspicion->run.denied >= suspicion->run.others * same; /* both < 2^27 */
}

static uint8_t suspicion_of_block(et_feedback_watch *suspicion, const et_stillness *still, uint8_t features, const et_evidence *evidence,
                                  uint8_t of_block) {
  const uint8_t agreed = bits_set(suspicion->recent & RECENT_BITS);
  uint8_t feature = (uint8_t)ET_FEATURES_MAX;
  bool worse;
  const bool one_outcome = suspicion->outcomes_seen == 2u && bits_set(suspicion->run.decided) >= 2u;
  if (!is_stable(suspicion)) return ET_SUSPICION_NONE;
  if (one_outcome && suspicion->outcome.same >= SAME && 3u * (uint32_t)suspicion->run.wrong >= suspicion->outcome.same)
    return ET_SUSPICION_OUTCOME_STUCK;
  if (model_is_denied(suspicion, evidence)) return ET_SUSPICION_OUTCOME_STUCK;
  if (suspicion->filled < RECENT) return of_block;
  worse = became_worse(suspicion->recent, suspicion->usual);
  if (worse || (suspicion->run.model_accuracy >= STABLE && became_worse(suspicion->model_recent, suspicion->run.model_accuracy)))
    feature = stuck_feature(suspicion, still, features, !worse);
  if (feature != ET_FEATURES_MAX) {
    suspicion->feature = feature;
    return ET_SUSPICION_FEATURE_STUCK;
  }
  if (agreed > SUDDEN) return of_block;
  return one_outcome && suspicion->outcome.same >= RECENT ? ET_SUSPICION_OUTCOME_STUCK : ET_SUSPICION_CONTRADICTION;
}

bool et_suspicion_judged(et_feedback_watch *suspicion, et_stillness *still, uint8_t features, const et_evidence *evidence) {
  const bool agrees = evidence->decided == evidence->truth;
  const uint8_t before = suspicion->kind;
  uint8_t of_block = ET_SUSPICION_NONE;
  watch(suspicion, still, features, evidence);
  suspicion->judged++; /* 2^32 truths are centuries */
  suspicion->recent = suspicion->recent << 1 | (agrees ? 1u : 0u);
  suspicion->model_recent = suspicion->model_recent << 1 | (evidence->model == evidence->truth ? 1u : 0u);
  if (suspicion->filled < RECENT) suspicion->filled++;
  suspicion->proposed[evidence->decided]++;
  suspicion->came[evidence->truth]++;
  suspicion->agreed = (uint8_t)(suspicion->agreed + (agrees ? 1u : 0u));
  if (++suspicion->in_block == BLOCK) of_block = end_block(suspicion);
  if (before == ET_SUSPICION_NONE) suspicion->kind = suspicion_of_block(suspicion, still, features, evidence, of_block);
  /* Over when the truths agree as they used to, nearly, and what stood still moves: decisions that follow a stuck outcome agree with it. */
  else if (1000u * (uint32_t)bits_set(suspicion->recent & RECENT_BITS) + 50u * RECENT >= (uint32_t)suspicion->usual * RECENT &&
           !(before == ET_SUSPICION_OUTCOME_STUCK && suspicion->outcome.same >= SAME) &&
           !(before == ET_SUSPICION_FEATURE_STUCK && still[suspicion->feature].same >= STILL))
    suspicion->kind = ET_SUSPICION_NONE;
  return suspicion->kind != before;
}

void et_suspicion_trust(et_feedback_watch *suspicion, et_stillness *still, uint8_t features) {
  const size_t kept = offsetof(et_feedback_watch, usual);
  uint8_t i;
  if (suspicion->run.turns > suspicion->turns_most) suspicion->turns_most = suspicion->run.turns;
  remember(&suspicion->outcome);
  for (i = 0; i < features; i++) remember(&still[i]);
  memset((uint8_t *)suspicion + kept, 0, sizeof *suspicion - kept);
}
