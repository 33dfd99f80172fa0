/* What a board gives to the trainer: a clock, a UART, non-volatile memory, an arena. A port fills one et_port and
 * contains no logic. Every callback gets the port's own `user` pointer. */
#ifndef EDGE_TRAINER_PORT_H
#define EDGE_TRAINER_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Non-volatile memory, seen as `size` bytes at offsets 0..size-1. `write` may only clear bits of an erased page unless
 * `erase` is NULL (EEPROM, file: any byte can be written at any time). Callbacks return false when the hardware failed. */
typedef struct et_nvm {
  uint32_t size;        /* bytes; 0 = the board has none */
  uint32_t page_bytes;  /* erase granularity; 1 where nothing needs erasing */
  uint16_t write_bytes; /* write granularity and alignment, 1..8 */
  bool (*read)(void *user, uint32_t offset, void *bytes, uint32_t length);
  bool (*write)(void *user, uint32_t offset, const void *bytes, uint32_t length);
  bool (*erase)(void *user, uint32_t offset); /* one page; NULL where nothing needs erasing */
  uint32_t cycles; /* erases (or writes of a byte) that the memory stands, by its data sheet; 0 = not known, 10 000 are taken */
} et_nvm;

/* Settings of a serial line with eight data bits. */
typedef struct et_line {
  uint32_t baud;     /* 0 = frames arrive whole (USB, pipes): the frame ends where its function code says, silence is not needed */
  uint8_t parity;    /* et_parity of contract.h */
  uint8_t stop_bits; /* 1 or 2 */
} et_line;

typedef struct et_port {
  void *user;
  const char *board;      /* at most 16 ASCII characters */
  uint32_t serial_number; /* stable identity: chip id, or hash of it */

  /* Milliseconds since start, wrapping at 2^32. Must never go back. */
  uint32_t (*clock_ms)(void *user);
  /* Microseconds, wrapping at 2^32; frame timing. */
  uint32_t (*clock_us)(void *user);

  /* Bytes received since the last call, at most `capacity`; returns how many. Never blocks. `*silence_us` gets the time
   * since the last byte arrived (RTU frames end by silence). */
  uint16_t (*receive)(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us);
  /* Queue a whole answer. The bytes stay valid until `sending` returns false. Never blocks. */
  void (*send)(void *user, const uint8_t *bytes, uint16_t length);
  bool (*sending)(void *user);
  et_line line; /* in force; at start those of the build */
  /* Switch the UART to these settings and write them to `line` above; `apply` false: only ask. False: the UART cannot do them, and nothing has
   * changed. Called while nothing is being sent; bytes received before are forgotten. NULL = the line stays as it is. */
  bool (*set_line)(void *user, const et_line *line, bool apply);

  /* One sample of the board's own sensor: `channels` values in register units. NULL = no own sensor. False = none due yet. */
  bool (*sample)(void *user, int16_t *values, uint8_t channels);
  /* The board's own channels, for a definition whose section io closes the loop on the board: how many, then how one is read and driven. Each
   * is answered at once, without waiting for a slow sensor. False: sensor or actuator failed; the fail-safe class is driven then. */
  uint8_t inputs, outputs;
  bool (*read_input)(void *user, uint8_t channel, int16_t *value);  /* units of the channel, such as counts of its converter */
  bool (*drive_output)(void *user, uint8_t channel, int16_t value); /* actuation value of a class: what it means, the channel says */
  /* Told the actuation value of every decision, whoever asked for it. NULL = nobody listens. */
  void (*actuate)(void *user, uint8_t output_class, int16_t value);
  /* Fill with random bytes (lock challenges); NULL = the trainer mixes clock and serial number. */
  void (*random)(void *user, uint8_t *bytes, uint16_t length);
  /* Stack bytes never used so far; NULL = not measured. */
  uint16_t (*stack_free)(void *user);
  /* Restart the board; NULL = not possible, the trainer starts again from its store. */
  void (*restart)(void *user);

  /* Start the boot loader of the chip, which takes a new firmware; everything is saved. NULL = only a hand can do that. */
  void (*boot_loader)(void *user);

  et_nvm nvm;

  uint8_t *arena; /* 8-byte aligned; everything that depends on the definition lives here */
  uint32_t arena_bytes;
} et_port;

#ifdef __cplusplus
}
#endif

#endif
