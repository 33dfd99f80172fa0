/* Tickets: each decision has one, and the outcome that judges it names it. */
#ifndef ET_TICKET_H
#define ET_TICKET_H

#include "edge_trainer/contract.h"
#include "edge_trainer/definition.h"
#include "decision/voices.h"
#include "loop/core/write_sequence.h"

#define ET_NO_TRUTH 0xffffu
/* Values that a feedback may bring. */
#define ET_FEEDBACK_VALUES (ET_WITH_OUTPUTS ? ET_OUTPUTS_MAX : 1u)

/* One decision that waits for its feedback, or has had it (kept so that a repeat gets the same answer). */
typedef enum et_ticket_state {
  ET_SLOT_FREE,
  ET_SLOT_PENDING, /* decided, not judged yet */
  ET_SLOT_JUDGED,
  ET_SLOT_DECIDING /* the decision is being made in slices */
} et_ticket_state;

typedef struct et_ticket {
  uint32_t decided_ms;
  uint32_t asked_ms; /* when a request last named it */
  uint32_t words; /* CRC-32 of the features as they were written: tells any change within two registers, and all but one in 2^32 others */
  uint16_t number;
  uint16_t confidence;
  uint16_t generation;
  uint16_t truth;
  int16_t feedback_value;
  uint8_t feedback_kind;
  uint8_t state; /* et_ticket_state */
  uint8_t output_class;
  uint8_t judgement; /* et_judgement */
  uint8_t reason;    /* et_discard_reason, when it was discarded */
  uint8_t chosen;    /* class that the voices chose; output_class unless a limit of the plant held it back */
  uint8_t by;        /* et_decided_by */
  uint8_t bin;       /* of the confidence */
  uint8_t proposed[ET_VOICES];
  uint8_t together;  /* class that all voices together would have chosen */
  uint8_t tables;    /* class that their tables would have chosen, whatever the standing of the voices */
  uint8_t to_stitch; /* waits for a running job to let go of the data set */
  uint8_t spoiled;   /* bit r: discard reason r came up while it waited */
} et_ticket;

/* The outcome that arrived last, and what became of it. */
typedef struct et_outcome {
  uint16_t ticket, kind;
  int16_t value;
  uint16_t truth;    /* class, or ET_NO_TRUTH */
  uint8_t judgement; /* et_judgement */
  uint8_t reason;    /* et_discard_reason of a discarded or early one */
  uint32_t at_ms;    /* when it came */
  et_write_sequence words;
  uint16_t claimed[1u + ET_FEEDBACK_VALUES]; /* kind and values that came one by one */
} et_outcome;

#endif
