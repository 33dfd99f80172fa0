/* Edge Trainer: a self-learning device, on a Modbus wire or in a program of its own. This is all that a board's main() needs:
 *
 *   #include "loop/trainer_state.h"  (the whole struct, so that it can be static; examples/trainer.c is complete)
 *   static et_trainer trainer;
 *   et_trainer_begin(&trainer, &port);
 *   for (;;) (void)et_trainer_poll(&trainer);
 */
#ifndef EDGE_TRAINER_TRAINER_H
#define EDGE_TRAINER_TRAINER_H

#include "edge_trainer/contract.h"
#include "edge_trainer/port.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct et_trainer et_trainer; /* complete in src/loop/trainer_state.h, so that a port can allocate it statically */

/* Start: recover the newest valid state from the non-volatile memory, else defaults. `port` must outlive the trainer. */
void et_trainer_begin(et_trainer *trainer, const et_port *port);

/* One round, for ever: take bytes, answer at most one request, then run one bounded slice of the running job. Returns whether there
 * was such a slice: a port that can sleep may do so after false, until a byte arrives, a sample is due or 20 ms have gone by. */
bool et_trainer_poll(et_trainer *trainer);

/* The same without a wire: a slice alone. A program that has this in the place of poll links no Modbus. */
bool et_trainer_work(et_trainer *trainer);

/* Before the power goes on purpose (a program that ends, a switch for maintenance): one bounded slice of saving what is not saved yet.
 * Nothing is answered any more. False when all is saved, or cannot be. */
bool et_trainer_stop_slice(et_trainer *trainer);

/* ---- The closed loop by calls (examples/closed_loop.c) ----
 *
 * What a master does over the wire, for the program that has the trainer in it; both may do so at the same time. Every call returns at
 * once: what takes longer is done by et_trainer_poll or et_trainer_work. Numbers are those of the registers: features in the order of the
 * definition, round(value * scale); classes by their code. A refused call has changed nothing. */

typedef struct et_answer {
  uint16_t ticket; /* names this decision to et_trainer_feedback */
  bool pending;    /* still being decided: ask et_trainer_answer again; the rest is 0 */
  uint8_t output_class;
  uint8_t by;                     /* et_decided_by */
  int16_t actuation;              /* of the class, or the first output */
  uint16_t confidence;            /* permille */
  uint16_t generation;            /* of the model then; 0 = nothing was learned yet */
  int16_t values[ET_OUTPUTS_MAX]; /* of a definition with outputs */
} et_answer;

/* What a stream model found in its last window; its samples come from et_port.sample. */
typedef struct et_finding {
  uint16_t ticket; /* of the present or last alarm, for et_trainer_feedback (CONFIRMED, FALSE_ALARM; their value says nothing); 0 = none */
  bool alarm, new_pattern, learning, calibrated;
  uint8_t pattern, regime;
  uint32_t windows;
  float score, threshold;
} et_finding;

typedef struct et_status {
  uint8_t state;       /* et_state */
  uint8_t mode;        /* et_mode */
  uint8_t saved;       /* et_save_state */
  uint16_t generation; /* of the running model; 0 = none */
  uint16_t samples;    /* stored */
  uint16_t satisfied;  /* permille of the last outcomes; 65535 = none was judged yet */
  uint32_t model;      /* its CRC-32; 0 = not worked out yet */
} et_status;

/* Deploy a definition, `length` bytes as `edge-trainer plan --c` writes them; they are copied. The present one again changes nothing,
 * another one keeps what was learned as far as docs/definition.md says. Errors: BUSY (saving), DEFINITION_* (detail: bytes that it needs,
 * or the section), MODEL_NOT_BUILT, BOARD_CANNOT. */
et_error et_trainer_deploy(et_trainer *trainer, const void *definition, uint32_t length);

/* Decide. Errors: NO_DEFINITION, NOT_SUPPORTED (a stream model, or features where there is an array), FEATURE_RANGE (detail: the
 * feature), BUSY (the last decision is still being made). */
et_error et_trainer_infer(et_trainer *trainer, const int16_t *features, et_answer *answer);
/* The same about an array, one byte a value over its range. */
et_error et_trainer_infer_array(et_trainer *trainer, const uint8_t *values, et_answer *answer);
/* The same about the newest window of the stream that et_port.sample gives. Errors besides: WINDOW_SHORT (detail: samples held),
 * WINDOW_STOPPED (detail: seconds since the last sample). */
et_error et_trainer_infer_window(et_trainer *trainer, et_answer *answer);
/* The decision under a ticket. Errors: TICKET_UNKNOWN. */
et_error et_trainer_answer(const et_trainer *trainer, uint16_t ticket, et_answer *answer);

/* What became of a decision: the outcome, the class that was right (LABEL, TEACH), what a person chose instead (OVERRIDE), or why it cannot be
 * judged (DISCARD, an et_discard_reason). `values`: one, or a target for each output. `*judgement` (NULL = not asked) gets an
 * et_judgement. Errors: NO_DEFINITION, TICKET_ZERO, TICKET_UNKNOWN, TICKET_JUDGED, CLASS_UNKNOWN, VALUE, TARGET_RANGE (detail: the
 * output), RULE_MISMATCH, BUSY (not decided yet; a lesson during a training). */
et_error et_trainer_feedback(et_trainer *trainer, uint16_t ticket, et_feedback_kind kind, const int16_t *values, uint8_t *judgement);
/* Set point or limit of the feedback rule, register units. Errors: NO_DEFINITION. */
et_error et_trainer_set_point(et_trainer *trainer, int16_t set_point);

/* Start a training, or the learning of a stream model, beside those that begin by themselves. Errors: NO_DEFINITION, BUSY, FROZEN, INCOMPLETE (an upload
 * is going on), what the model says. */
et_error et_trainer_train(et_trainer *trainer);
/* Save now what is not saved yet. Errors: NO_STORE, WEAR (detail: seconds until the memory may be written again). */
et_error et_trainer_save(et_trainer *trainer);

/* Errors: NO_DEFINITION, NOT_SUPPORTED (no stream model). */
et_error et_trainer_finding(const et_trainer *trainer, et_finding *finding);
void et_trainer_status(const et_trainer *trainer, et_status *status);
/* What the call that was refused last is about. */
uint32_t et_trainer_detail(const et_trainer *trainer);

#ifdef __cplusplus
}
#endif

#endif
