/* Suspicious feedback. What is learned comes from sensors and people; when they break, the worst that a trainer can do is to believe
 * them. Each truth is compared with what was decided, and with how often the two agreed before:
 *   OUTCOME_STUCK   the same outcome again and again, whatever was decided, or whatever the model proposed: decisions may follow the last truth, and
 *                   that one follows a stuck sensor
 *   FEATURE_STUCK   the decisions became worse, or only the model's words, and a feature stands still that used to move, always or at such truths
 *   CONTRADICTION   decisions that were right for a long time are suddenly wrong nearly always
 *   INDEPENDENT     truths agree with the decisions no more often than by chance, although they used to
 * The alarm ends when the truths agree again, or when somebody says that the feedback is right. Nothing is unlearned. */
#ifndef ET_SUSPICION_H
#define ET_SUSPICION_H

#include "decision/stillness.h"
#include "edge_trainer/contract.h"

/* What happened since the outcome changed. */
typedef struct et_outcome_run {
  uint16_t wrong;          /* outcomes that were against the decision */
  uint16_t decided;        /* bit per class decided meanwhile */
  uint16_t denied;         /* outcomes that were against the model's word */
  uint16_t turns;          /* times that the model's word turned against the outcome, those close together once */
  uint16_t model_accuracy; /* as the evidence had it when the run began: a stuck outcome makes a good model look bad */
  uint16_t others;         /* the same */
  uint8_t pause;           /* outcomes until another turn counts */
  bool against;            /* the model's last word was against the outcome */
} et_outcome_run;

/* Counts over a block of truths. */
typedef struct et_truths_block {
  uint8_t judged, agreed;
  uint8_t proposed[ET_CLASSES_MAX], came[ET_CLASSES_MAX];
} et_truths_block;

typedef struct et_feedback_watch {
  et_stillness outcome;
  uint16_t turns_most; /* of `turns`, in a run of outcomes before */
  uint32_t judged;     /* truths since it began */
  /* From here on it begins anew when somebody vouches for the feedback. */
  uint16_t usual;        /* agreement of the blocks before, permille; first, for it fills a gap */
  uint32_t recent;       /* the last truths, a bit each: agreed with the decision */
  uint32_t model_recent; /* the same: agreed with the model's word */
  et_outcome_run run;
  uint8_t blocks; /* blocks that `usual` knows */
  et_truths_block block;
  uint8_t kind;    /* et_suspicion */
  uint8_t feature; /* FEATURE_STUCK: which */
} et_feedback_watch;

typedef struct et_evidence {
  const void *features; /* as stored: int8_t or int16_t each */
  bool narrow;          /* int8_t */
  int16_t outcome;      /* raw: process value, or class of a label */
  uint8_t decided;
  uint8_t truth;
  uint8_t model;           /* class that the model proposed */
  uint16_t model_accuracy; /* permille of its words that came true */
  uint16_t others;         /* permille of the stored samples that are of other classes than the truth */
} et_evidence;

void et_suspicion_begin(et_feedback_watch *suspicion, et_feature_stillness *still, uint8_t features);

/* A truth came. Returns true when the alarm changed: `suspicion->kind` is the new one, NONE when the truths agree again. */
bool et_suspicion_judged(et_feedback_watch *suspicion, et_feature_stillness *still, uint8_t features, const et_evidence *evidence);

/* Somebody says that the feedback is right: the alarm ends, what agreement was usual is forgotten, and what stands still may do so. */
void et_suspicion_trust(et_feedback_watch *suspicion, et_feature_stillness *still, uint8_t features);

#endif
