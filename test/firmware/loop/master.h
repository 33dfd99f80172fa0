/* A board in memory and the master on its wire: requests as frames, answers taken apart. */
#ifndef TEST_MASTER_H
#define TEST_MASTER_H

#include "loop/trainer_state.h"
#include "modbus/register_table.h"

typedef struct board {
  et_trainer trainer;
  et_port port;
  uint64_t now_us;
  et_line asked; /* what set_line got, when it was to be applied */
  bool restarted;
  uint16_t exception; /* of the last answer; 0 = none */
} board;

extern board bench;

/* A board that has never run; `boot` starts it again with what its memory holds. */
void new_board(void);
void boot(void);

/* Rounds until there is nothing to do, and no job. */
void settle(void);
void later(uint32_t ms);

void read_words(uint16_t address, uint16_t *words, uint8_t count);
uint16_t word_at(uint16_t address);
uint32_t long_at(uint16_t address);
bool bit_at(uint8_t function, uint16_t address);
/* False: refused, by an exception and the error in last_error. */
bool write_words(uint16_t address, const uint16_t *words, uint8_t count);
bool write_word(uint16_t address, uint16_t value);
bool write_coil(uint16_t address, bool on);
uint16_t last_error(void);

/* The command's own error. */
uint16_t command(uint16_t code, uint32_t argument);
uint16_t command_again(uint16_t code, uint32_t argument, uint16_t ticket);

/* A whole object, page by page, each with its checksum checked. Returns its bytes. */
uint32_t download(uint16_t object, uint8_t *bytes, uint32_t most);
bool upload(uint16_t object, const uint8_t *bytes, uint32_t total);

#endif
