/* The hardware of a board that is only memory: a wire that hands over the bytes that were put on it, and a flash whose power can go. A
 * port that reads or writes outside of it, or not in whole words, ends the program. */
#ifndef TEST_MEMORY_BOARD_H
#define TEST_MEMORY_BOARD_H

#include "edge_trainer/port.h"

#define FLASH_PAGE 512u
#define FLASH_BYTES_MOST (128u * FLASH_PAGE)

typedef struct memory_board {
  const uint8_t *line; /* what is on the wire */
  uint16_t line_length;
  uint32_t flash_bytes; /* whole pages, at most FLASH_BYTES_MOST */
  uint32_t power;       /* bytes that may still be written or erased; UINT32_MAX = no end */
  bool dead;            /* the power went: what was written after that is lost */
  uint8_t flash[FLASH_BYTES_MOST];
} memory_board;

extern memory_board hardware;

/* A flash of `pages` that is erased. */
void hardware_new(uint32_t pages);
/* Power is back, and the wire is quiet. */
void hardware_on(void);
/* Sets what of `port` has to do with wire and flash, all but send. `cycles` as et_nvm has them. */
void hardware_connect(et_port *port, uint32_t cycles);

#endif
