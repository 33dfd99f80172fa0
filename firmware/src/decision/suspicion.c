#include "decision/suspicion.h"

#include <stddef.h>
#include <string.h>

#define RECENT 20u                /* truths looked at for a sudden change */
#define BLOCK 64u                 /* truths of a block */
#define BLOCKS_KNOWN 2u           /* before that nothing is usual yet */
#define STABLE 800u               /* permille of agreement that makes a contradiction suspicious */
#define PERMILLE (1000u / RECENT) /* of one of them */
#define SUDDEN 4u                 /* agreed of RECENT, at most: CONTRADICTION */
#define RECENT_BITS ((1ul << RECENT) - 1u)
#define SAME 24u     /* outcomes in a row: OUTCOME_STUCK */
#define TURNS 8u     /* times that the model turned against an outcome that stayed: OUTCOME_STUCK where decisions follow it */
#define APART 16u    /* outcomes between two turns that count */
#define FEW_TURNS 3u /* enough of them against an outcome that stays so many times as long as it ever did: */
#define OUTLASTS 3u
#define STILL 24u /* truths in a row with the same value of a feature */
/* FEATURE_STUCK where only the model became worse: so many times as long as ever before, or at so many times as many truths of a group, when so
 * many times as many truths have come in all. */
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

void et_suspicion_begin(et_feedback_watch *suspicion, et_feature_stillness *still, uint8_t features) {
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

static void remember_run(et_feedback_watch *suspicion) {
  if (suspicion->run.turns > suspicion->turns_most) suspicion->turns_most = suspicion->run.turns;
  et_stillness_remember(&suspicion->outcome);
}

/* Another outcome came: the run before becomes what is usual, unless the alarm is about that run. */
static void end_run(et_feedback_watch *suspicion) {
  if (suspicion->kind != ET_SUSPICION_OUTCOME_STUCK) remember_run(suspicion);
  memset(&suspicion->run, 0, sizeof suspicion->run);
}

/* How long outcome and features have stood still; what a feature did before an alarm is not overwritten by the alarm itself. */
static void watch(et_feedback_watch *suspicion, et_feature_stillness *still, uint8_t features, const et_evidence *evidence) {
  uint8_t i;
  if (et_stillness_ends(&suspicion->outcome, evidence->outcome)) {
    end_run(suspicion);
    et_stillness_begin(&suspicion->outcome, evidence->outcome);
    suspicion->run.model_accuracy = evidence->model_accuracy > 1000u ? 0u : evidence->model_accuracy; /* it has not spoken yet */
    suspicion->run.others = evidence->others;
  }
  watch_model(suspicion, evidence);
  suspicion->run.decided |= (uint16_t)(1u << evidence->decided);
  for (i = 0; i < features; i++) {
    const int16_t value = evidence->narrow ? ((const int8_t *)evidence->features)[i] : ((const int16_t *)evidence->features)[i];
    const bool stuck = suspicion->kind == ET_SUSPICION_FEATURE_STUCK && suspicion->feature == i;
    et_stillness_of_feature(&still[i], value, evidence->truth, stuck);
  }
}

/* What a feature that stands still tells. Decisions became `worse`: it does so twice as long as it ever did. Else nothing but the model tells,
 * for the decisions follow the last truth and stay right. By the minute many features stand still for a night, so it must outlast far what it
 * did at such a value or at such truths, and a long history must have had the time to show it. Where the truths are strange and the outcome,
 * too, stays longer than ever, the feature is taken to be right. */
static uint8_t told_by(const et_feedback_watch *suspicion, const et_feature_stillness *still, uint8_t group, bool worse) {
  const uint32_t same = still->at.same, truths = still->truths[group];
  if (same < STILL || still->at.longest == 0u) return ET_SUSPICION_NONE;
  if (worse) return same > LONGER * (uint32_t)still->at.longest ? ET_SUSPICION_FEATURE_STUCK : ET_SUSPICION_NONE;
  if (et_stillness_outlasts(&still->at, FAR) && suspicion->judged >= HISTORY * same) return ET_SUSPICION_FEATURE_STUCK;
  if (truths < STILL || truths <= FAR * still->most[group] || suspicion->judged < HISTORY * truths) return ET_SUSPICION_NONE;
  return et_stillness_outlasts(&suspicion->outcome, 1) ? ET_SUSPICION_OUTCOME_STUCK : ET_SUSPICION_FEATURE_STUCK;
}

/* Agreement over the last truths is below three quarters of `usual`. */
static bool became_worse(uint32_t recent, uint16_t usual) { return 4u * PERMILLE * bits_set(recent) <= 3u * (uint32_t)usual; }

/* Agreement that proposed and truth would have by chance, each as frequent as in the block; permille. */
static uint32_t agreement_by_chance(const et_feedback_watch *suspicion) {
  uint32_t sum = 0;
  uint8_t c;
  for (c = 0; c < ET_CLASSES_MAX; c++) sum += (uint32_t)suspicion->block.proposed[c] * suspicion->block.came[c];
  return 1000u * sum / (BLOCK * BLOCK);
}

/* Ends a block: are the truths independent of the decisions? Then the usual agreement follows, unless something is wrong. */
static uint8_t end_block(et_feedback_watch *suspicion) {
  const uint32_t agreed = 1000u * suspicion->block.agreed / BLOCK, by_chance = agreement_by_chance(suspicion);
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
  memset(&suspicion->block, 0, sizeof suspicion->block);
  return kind;
}

/* Decisions that follow the last truth agree with a stuck outcome, and where most truths are of one class few decisions are against it. The
 * model's words still come and go as they always did: again and again against the outcome, more than twice as often as in any run before, or
 * several times while the run outlasts all that a longer time before showed; and at least half as many of them as there were samples of other
 * classes. A quiet night with some errors has fewer. */
static bool model_is_denied(const et_feedback_watch *suspicion) {
  const uint32_t same = suspicion->outcome.same;
  const bool turns = suspicion->run.turns >= TURNS && suspicion->run.turns > 2u * (uint32_t)suspicion->turns_most;
  const bool outlasting =
      suspicion->run.turns >= FEW_TURNS && et_stillness_outlasts(&suspicion->outcome, OUTLASTS) && suspicion->judged >= 2u * same;
  return suspicion->outcome.longest != 0u && same >= SAME && suspicion->run.model_accuracy >= STABLE && suspicion->run.against &&
         (turns || outlasting) && 2000u * (uint32_t)suspicion->run.denied >= suspicion->run.others * same; /* both < 2^27 */
}

static uint8_t suspicion_of_block(et_feedback_watch *suspicion, const et_feature_stillness *still, uint8_t features,
                                  const et_evidence *evidence, uint8_t of_block) {
  uint8_t i;
  bool worse;
  const bool one_outcome = suspicion->outcome.longest != 0u && (suspicion->run.decided & (suspicion->run.decided - 1u)) != 0u;
  if (!is_stable(suspicion)) return ET_SUSPICION_NONE;
  if (one_outcome && suspicion->outcome.same >= SAME && 3u * (uint32_t)suspicion->run.wrong >= suspicion->outcome.same)
    return ET_SUSPICION_OUTCOME_STUCK;
  if (model_is_denied(suspicion)) return ET_SUSPICION_OUTCOME_STUCK;
  worse = became_worse(suspicion->recent, suspicion->usual);
  if (worse || (suspicion->run.model_accuracy >= STABLE && became_worse(suspicion->model_recent, suspicion->run.model_accuracy))) {
    for (i = 0; i < features; i++) {
      const uint8_t kind = told_by(suspicion, &still[i], evidence->truth % ET_TRUTH_GROUPS, worse);
      suspicion->feature = i;
      if (kind != ET_SUSPICION_NONE) return kind;
    }
  }
  if (bits_set(suspicion->recent) > SUDDEN) return of_block;
  return one_outcome && suspicion->outcome.same >= RECENT ? ET_SUSPICION_OUTCOME_STUCK : ET_SUSPICION_CONTRADICTION;
}

bool et_suspicion_judged(et_feedback_watch *suspicion, et_feature_stillness *still, uint8_t features, const et_evidence *evidence) {
  const bool agrees = evidence->decided == evidence->truth;
  const uint8_t before = suspicion->kind;
  uint8_t of_block = ET_SUSPICION_NONE;
  watch(suspicion, still, features, evidence);
  suspicion->judged++; /* 2^32 truths are centuries */
  suspicion->recent = (suspicion->recent << 1 | (agrees ? 1u : 0u)) & RECENT_BITS;
  suspicion->model_recent = (suspicion->model_recent << 1 | (suspicion->run.against ? 0u : 1u)) & RECENT_BITS;
  suspicion->block.proposed[evidence->decided]++;
  suspicion->block.came[evidence->truth]++;
  if (agrees) suspicion->block.agreed++;
  else count(&suspicion->run.wrong);
  if (++suspicion->block.judged == BLOCK) of_block = end_block(suspicion);
  if (before == ET_SUSPICION_NONE) suspicion->kind = suspicion_of_block(suspicion, still, features, evidence, of_block);
  /* Over when the truths agree as they used to, nearly, and what stood still moves: decisions that follow a stuck outcome agree with it. */
  else if (PERMILLE * bits_set(suspicion->recent) + 50u >= suspicion->usual &&
           !(before == ET_SUSPICION_OUTCOME_STUCK && suspicion->outcome.same >= SAME) &&
           !(before == ET_SUSPICION_FEATURE_STUCK && still[suspicion->feature].at.same >= STILL))
    suspicion->kind = ET_SUSPICION_NONE;
  return suspicion->kind != before;
}

void et_suspicion_trust(et_feedback_watch *suspicion, et_feature_stillness *still, uint8_t features) {
  const size_t kept = offsetof(et_feedback_watch, usual);
  uint8_t i;
  remember_run(suspicion);
  for (i = 0; i < features; i++) et_stillness_allow(&still[i]);
  memset((uint8_t *)suspicion + kept, 0, sizeof *suspicion - kept);
}
