/* Settings of the serial line. New ones are tried: unless a request arrives under them, those before come back, so that no wrong word takes a
 * trainer off its wire for good. What has been proven so is noted (loop/notes.h) and holds after a start. */
#ifndef ET_LINE_H
#define ET_LINE_H

#include "edge_trainer/trainer.h"

typedef enum et_line_phase { ET_LINE_STANDS, ET_LINE_AGREED, ET_LINE_TRIED } et_line_phase;

typedef struct et_line_trial {
  et_line built;     /* settings of the build */
  et_line kept;      /* settings that stand; rate 0 = those of the build */
  et_line tried;     /* settings that a command asks for */
  uint32_t since_ms; /* of the command, then of the trial */
  uint32_t heard;    /* requests before the trial */
  uint8_t phase;     /* et_line_phase */
} et_line_trial;

/* Whether the settings can be changed: the build and the port do it. */
bool et_line_settable(const et_trainer *trainer);

/* After the notes: takes the noted settings up. A port that does not do them any more keeps those of its build. */
void et_line_begin(et_trainer *trainer);

/* The command SET_LINE. Argument: parity x 2^24 + stop bits x 2^16 + baud / 100. Errors: BOARD_CANNOT, VALUE. */
et_error et_line_set(et_trainer *trainer, uint32_t argument);

/* Once a round, before bytes are taken: begins a trial, keeps its settings or goes back. */
void et_line_slice(et_trainer *trainer);

/* Before a start without a reset: the line is as a reset leaves it. */
void et_line_end(et_trainer *trainer);

/* Seconds that the trial still has; 0 = there is none. */
uint16_t et_line_trial_left_s(const et_trainer *trainer);

/* The settings as registers and notes have them, and back: rate in 100 baud, parity x 16 + stop bits. */
uint16_t et_line_rate(const et_line *line);
uint8_t et_line_format(const et_line *line);
et_line et_line_from(uint16_t rate, uint8_t format);

#endif
