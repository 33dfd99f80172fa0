/* A board that is only memory, the master on its wire, and the plant around it. */
#ifndef FUZZ_BOARD_H
#define FUZZ_BOARD_H

#include "loop/trainer_state.h"

#define ARENA_BYTES 24576u
#define ROUNDS_MOST 400u /* of jobs per operation: an input stays short */
#define CHANNELS 4u      /* inputs and outputs of the board */

typedef struct fuzz_board {
  et_trainer trainer;
  et_port port;
  uint64_t now_us;
  uint16_t command_ticket, decision_ticket;
  int16_t inputs[CHANNELS];
  uint8_t failing;     /* bit k: input k fails; from bit CHANNELS on: output k */
  uint8_t own_samples; /* that the own sensor still has */
  uint8_t answer[256]; /* what went out last */
  uint16_t answer_length;
  uint32_t noise;
  uint32_t rounds;   /* between two requests */
  uint32_t refusals; /* of the store: so many writes and erases fail */
  uint8_t request[260];
  uint16_t request_length; /* what went out last */
} fuzz_board;

extern fuzz_board board;

/* A new board, its memory blank. `kind` chooses what it has: channels, own sensor, size of the arena; `store` its memory. */
void board_new(uint8_t kind, uint8_t store);
/* The power comes. */
void board_start(void);
/* Rounds until there is nothing to do, or `most`. */
void board_run(uint32_t most);
/* A number that does not repeat soon. */
uint32_t board_noise(void);

/* ---- The wire ---- */

void bytes_arrive(const uint8_t *bytes, size_t length);
/* Sends `length` bytes and their checksum, for which there is room behind them. */
void frame(uint8_t *bytes, size_t length);
/* The last of them again. */
void frame_again(void);
/* Function 16. */
void write_words(uint16_t address, const uint16_t *words, size_t count);
/* A request of six bytes: a read, or a write of one coil or register. */
void ask(uint8_t function, uint16_t address, uint16_t value);
/* A command under its own ticket, with a proof where a key is set. */
void command(uint16_t code, uint32_t argument);
/* Whatever came before, everything can be read. */
void read_everything(void);

#endif
