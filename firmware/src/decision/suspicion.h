/* Suspicious feedback. What is learned comes from sensors and people; when they break, the worst that a trainer can do is to believe
 * them. Each truth is compared with what was decided, and with how often the two agreed before:
 *   OUTCOME_STUCK   the same outcome again and again, whatever was decided, or whatever the model proposed: decisions may follow the last truth, and
 *                   that one follows a stuck sensor
 *   FEATURE_STUCK   the decisions became worse, and a feature stands still that used to move
 *   CONTRADICTION   decisions that were right for a long time are suddenly wrong nearly always
 *   INDEPENDENT     truths agree with the decisions no more often than by chance, although they used to
 * The alarm ends when the truths agree again, or when somebody says that the feedback is right. Nothing is unlearned. */
#ifndef ET_SUSPICION_H
#define ET_SUSPICION_H

#include "edge_trainer/contract.h"

typedef struct et_feedback_watch {
  uint32_t recent;         /* the last truths, a bit each: agreed with the decision */
  uint16_t usual;          /* agreement of the blocks before, permille */
  uint16_t same_outcomes;  /* in a row */
  uint16_t wrong_in_run;   /* of them, against the decision */
  uint16_t decided_in_run; /* bit per class decided meanwhile */
  uint16_t denied;         /* of them, against the model's word */
  uint16_t turns;          /* times in the run that the model's word turned against the outcome, those close together once */
  uint16_t turns_most;     /* in a run before */
  int16_t outcome;
  uint8_t outcomes_seen; /* different ones in a row, up to 2 */
  uint8_t filled;        /* bits of `recent` */
  uint8_t blocks;        /* blocks that `usual` knows */
  uint8_t in_block, agreed;
  uint8_t proposed[ET_CLASSES_MAX], came[ET_CLASSES_MAX]; /* counts in the block */
  uint8_t since_turn;                                     /* outcomes since one was counted */
  bool against;                                           /* the model's last word was against the outcome */
  uint8_t kind;                                           /* et_suspicion */
  uint8_t feature;                                        /* FEATURE_STUCK: which */
} et_feedback_watch;

typedef struct et_stillness {
  int16_t value;
  uint16_t same;    /* in a row, this time */
  uint16_t longest; /* before */
} et_stillness;

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

void et_suspicion_begin(et_feedback_watch *suspicion, et_stillness *still, uint8_t features);

/* A truth came. Returns true when the alarm changed: `suspicion->kind` is the new one, NONE when the truths agree again. */
bool et_suspicion_judged(et_feedback_watch *suspicion, et_stillness *still, uint8_t features, const et_evidence *evidence);

/* Somebody says that the feedback is right: what was usual is forgotten, the alarm ends. */
void et_suspicion_trust(et_feedback_watch *suspicion);

#endif
