/* Port to WebAssembly: one instance is one board. The host drives it through the exported functions, all named wasm_*; clock,
 * non-volatile memory and random bytes are imported from it. Besides, the firmware's own definition check and memory plan, so
 * that host and board cannot disagree. */
#include <string.h>

#include "edge_trainer/definition.h"
#include "edge_trainer/port.h"
#include "edge_trainer/trainer.h"
#include "loop/core/change.h"
#include "loop/core/memory_plan.h"
#include "loop/trainer_state.h"
#include "models/dnn/family.h"
#include "wasm.h"

#define IMPORT(name) __attribute__((import_module("board"), import_name(#name)))

/* Milliseconds and microseconds since start; wrap at 2^32. */
IMPORT(clock_ms) extern uint32_t board_clock_ms(void);
IMPORT(clock_us) extern uint32_t board_clock_us(void);
/* 1 = done, 0 = the memory failed. Addresses are in the instance's memory. */
IMPORT(nvm_read) extern uint32_t board_nvm_read(uint32_t offset, void *bytes, uint32_t length);
IMPORT(nvm_write) extern uint32_t board_nvm_write(uint32_t offset, const void *bytes, uint32_t length);
IMPORT(nvm_erase) extern uint32_t board_nvm_erase(uint32_t offset);
IMPORT(random) extern void board_random(void *bytes, uint32_t length);
/* The decision drives the board's output. */
IMPORT(actuate) extern void board_actuate(uint32_t output_class, int32_t value);
/* Channels of the board itself: `value` gets the input; 1 = done, 0 = it failed. */
IMPORT(read_input) extern uint32_t board_read_input(uint32_t channel, int16_t *value);
IMPORT(drive_output) extern uint32_t board_drive_output(uint32_t channel, int32_t value);
/* The line has these settings now; `apply` 0: only whether it could. Parity as et_parity. 1 = yes. */
IMPORT(set_line) extern uint32_t board_set_line(uint32_t baud, uint32_t parity, uint32_t stop_bits, uint32_t apply);
/* Start again: the host makes a new instance. */
IMPORT(restart) extern void board_restart(void);
/* The firmware has left for the boot loader of its chip. Does not come back. */
IMPORT(boot_loader) extern void board_boot_loader(void);

#define RECEIVE_BYTES 1024u
#define STORE_CYCLES 10000000u /* a file does not wear out; the budget bounds what is written to its disk */
#define ARENA_ALIGN 16u

static et_trainer trainer;
static et_port port;
static char board_name[17];
static uint8_t received[RECEIVE_BYTES]; /* bytes on the line that the trainer has not taken yet */
static uint32_t received_length, received_us;
static uint8_t transmitted[ET_MODBUS_FRAME_MAX];
static uint32_t transmitted_length;
static bool busy;  /* the last round had work */
static bool whole; /* what was received is one whole frame */
/* Where the host puts and finds bytes: definition blobs (two at most), line bytes, names. */
static uint8_t exchange[2u * ET_DEFINITION_BYTES_MAX];

static uint32_t clock_ms(void *user) {
  (void)user;
  return board_clock_ms();
}

static uint32_t clock_us(void *user) {
  (void)user;
  return board_clock_us();
}

static uint16_t receive(void *user, uint8_t *bytes, uint16_t capacity, uint32_t *silence_us) {
  const uint32_t length = received_length < capacity ? received_length : capacity;
  (void)user;
  memcpy(bytes, received, length);
  received_length -= length;
  memmove(received, received + length, received_length);
  *silence_us = received_length != 0u ? 0u : whole ? UINT32_MAX : board_clock_us() - received_us;
  return (uint16_t)length;
}

static void send(void *user, const uint8_t *bytes, uint16_t length) {
  (void)user;
  memcpy(transmitted, bytes, length);
  transmitted_length = length;
}

static bool sending(void *user) {
  (void)user;
  return transmitted_length != 0u;
}

static bool nvm_read(void *user, uint32_t offset, void *bytes, uint32_t length) {
  (void)user;
  return board_nvm_read(offset, bytes, length) != 0u;
}

static bool nvm_write(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  (void)user;
  return board_nvm_write(offset, bytes, length) != 0u;
}

static bool nvm_erase(void *user, uint32_t offset) {
  (void)user;
  return board_nvm_erase(offset) != 0u;
}

static void random_bytes(void *user, uint8_t *bytes, uint16_t length) {
  (void)user;
  board_random(bytes, length);
}

static void actuate(void *user, uint8_t output_class, int16_t value) {
  (void)user;
  board_actuate(output_class, value);
}

static bool read_input(void *user, uint8_t channel, int16_t *value) {
  (void)user;
  return board_read_input(channel, value) != 0u;
}

static bool drive_output(void *user, uint8_t channel, int16_t value) {
  (void)user;
  return board_drive_output(channel, value) != 0u;
}

static bool set_line(void *user, const et_line *line, bool apply) {
  (void)user;
  if (board_set_line(line->baud, line->parity, line->stop_bits, apply ? 1u : 0u) == 0u) return false;
  if (apply) port.line = *line;
  if (apply) received_length = 0;
  return true;
}

static void restart(void *user) {
  (void)user;
  board_restart();
}

static void boot_loader(void *user) {
  (void)user;
  board_boot_loader();
}

uint8_t *wasm_room(uint32_t bytes) {
  const uint32_t pages = (bytes + 65535u) / 65536u;
  const __SIZE_TYPE__ before = __builtin_wasm_memory_grow(0, pages);
  return before == (__SIZE_TYPE__)-1 ? NULL : (uint8_t *)(before * 65536u);
}

uint8_t *wasm_exchange(void) { return exchange; }
uint32_t wasm_exchange_bytes(void) { return sizeof exchange; }

/* Before wasm_begin: the board has a serial line with these settings. Without it frames arrive whole. */
void EXPORT(wasm_line)(uint32_t baud, uint32_t parity, uint32_t stop_bits) {
  port.line.baud = baud;
  port.line.parity = (uint8_t)parity;
  port.line.stop_bits = (uint8_t)stop_bits;
  port.set_line = set_line;
}

/* So many channels of its own has the board; before wasm_begin. */
void EXPORT(wasm_channels)(uint32_t inputs, uint32_t outputs) {
  port.inputs = (uint8_t)inputs;
  port.outputs = (uint8_t)outputs;
}

/* Before wasm_begin: the chip has a boot loader that the firmware can start. */
void EXPORT(wasm_boot_loader)(void) { port.boot_loader = boot_loader; }

/* Start the board; once an instance. Its name is in the exchange buffer, zero-terminated. nvm_bytes 0 = none; page_bytes > 1:
 * flash, which is erased by pages and written in units of write_bytes; else any byte can be written. cycles: what the memory stands, 0 =
 * that of a file. Returns 0 when there is no memory for the arena. */
uint32_t EXPORT(wasm_begin)(uint32_t arena_bytes, uint32_t serial_number, uint32_t nvm_bytes, uint32_t page_bytes, uint32_t write_bytes,
                            uint32_t cycles) {
  port.arena = wasm_room(arena_bytes + ARENA_ALIGN);
  if (port.arena == NULL) return 0;
  port.arena_bytes = arena_bytes;
  memcpy(board_name, exchange, sizeof board_name - 1u);
  port.board = board_name;
  port.serial_number = serial_number;
  port.clock_ms = clock_ms;
  port.clock_us = clock_us;
  port.receive = receive;
  port.send = send;
  port.sending = sending;
  port.actuate = actuate;
  port.read_input = read_input;
  port.drive_output = drive_output;
  port.random = random_bytes;
  port.restart = restart;
  port.nvm.size = nvm_bytes;
  port.nvm.page_bytes = page_bytes;
  port.nvm.write_bytes = (uint16_t)write_bytes;
  port.nvm.read = nvm_read;
  port.nvm.write = nvm_write;
  port.nvm.erase = page_bytes > 1u ? nvm_erase : NULL;
  port.nvm.cycles = cycles != 0u ? cycles : STORE_CYCLES;
  et_trainer_begin(&trainer, &port);
  busy = true;
  return 1;
}

/* `length` bytes of the exchange buffer arrive on the line. Returns how many there was room for. */
uint32_t EXPORT(wasm_receive)(uint32_t length) {
  const uint32_t room = RECEIVE_BYTES - received_length;
  if (length > room) length = room;
  if (length > sizeof exchange) length = sizeof exchange;
  memcpy(received + received_length, exchange, length);
  received_length += length;
  received_us = board_clock_us();
  return length;
}

/* `rounds` of the trainer's loop at most; ends early when an answer is ready. Returns the bytes of the answer, which the exchange
 * buffer then holds; 0 = none. */
uint32_t EXPORT(wasm_poll)(uint32_t rounds) {
  uint32_t length;
  while (rounds-- != 0u && transmitted_length == 0u) busy = et_trainer_poll(&trainer);
  length = transmitted_length;
  memcpy(exchange, transmitted, length);
  transmitted_length = 0;
  return length;
}

/* Any rate: with one, silence ends a frame. */
#define WHOLE_FRAME_BAUD 115200u

/* The `length` bytes of the exchange buffer are one whole frame, whatever is in it: nothing received before belongs to it, and
 * nothing of it is left for later. At most two rounds of the trainer's loop; the answer as of wasm_poll. */
uint32_t EXPORT(wasm_frame)(uint32_t length) {
  const uint32_t baud = port.line.baud;
  uint32_t answer;
  if (length > RECEIVE_BYTES) return 0;
  memcpy(received, exchange, length);
  received_length = length;
  trainer.server.length = 0;
  whole = true;
  port.line.baud = WHOLE_FRAME_BAUD;
  answer = wasm_poll(2u);
  port.line.baud = baud;
  whole = false;
  received_length = 0;
  trainer.server.length = 0;
  return answer;
}

/* The host is about to end: save what is not saved. */
void EXPORT(wasm_stop)(void) {
  while (et_trainer_stop_slice(&trainer)) continue;
}

/* Bytes on the line that the trainer has yet to take or to make a frame of. */
uint32_t EXPORT(wasm_pending)(void) { return received_length + trainer.server.length; }

/* Whether there is work to do: poll without a pause. */
uint32_t EXPORT(wasm_busy)(void) { return busy ? 1u : 0u; }

/* et_start_reason: where the state came from. */
uint32_t EXPORT(wasm_start_reason)(void) { return trainer.persistence.start_reason; }

/* Modbus unit id now in force. */
uint32_t EXPORT(wasm_unit)(void) { return trainer.unit; }

/* Take this unit id until the store says otherwise: how a virtual wire tells its trainers apart. */
void EXPORT(wasm_set_unit)(uint32_t unit) { trainer.unit = (uint8_t)unit; }

/* Check the definition of `length` bytes in the exchange buffer and plan it for `arena_bytes`. The buffer gets, as 32-bit words:
 * error code, detail, total, data set, one generation, shared, work bytes. All sizes are 0 unless the error is OK or
 * DEFINITION_MEMORY. */
void EXPORT(wasm_plan)(uint32_t length, uint32_t arena_bytes) {
  static uint8_t blob[sizeof exchange] __attribute__((aligned(8)));
  et_definition definition;
  et_memory_layout layout;
  uint32_t words[7] = {0};
  uint16_t detail = 0;
  et_error error;
  if (length > sizeof exchange) length = sizeof exchange;
  memcpy(blob, exchange, length);
  error = et_definition_check(blob, length, &definition, &detail);
  if (error == ET_OK) {
    error = et_memory_plan(&definition, arena_bytes, &layout);
    words[2] = layout.total;
    words[3] = layout.dataset_bytes;
    words[4] = layout.model_bytes;
    words[5] = layout.shared_bytes;
    words[6] = layout.work_bytes;
  }
  words[0] = (uint32_t)error;
  words[1] = detail;
  memcpy(exchange, words, sizeof words);
}

/* ---- The network of a definition ---- */

#define NETWORK_WORDS 9u
#define LAYER_WORDS 8u
#define BUFFER_WORDS 3u

static et_dnn_node nodes[ET_LAYERS_MAX + 1u];

/* Plans the network of the definition of `length` bytes in the exchange buffer, also where its shapes do not match: that is what is asked
 * for. False when it has none. */
static bool plan_network(uint32_t length, et_dnn_plan *plan, et_dnn_status *status) {
  static uint8_t blob[sizeof exchange] __attribute__((aligned(8)));
  et_definition definition;
  uint16_t detail;
  et_error error;
  if (length > sizeof exchange) return false;
  memcpy(blob, exchange, length);
  memset(&definition, 0, sizeof definition);
  error = et_definition_check(blob, length, &definition, &detail);
  if (error != ET_OK && error != ET_DEFINITION_FIELD) return false;
  if (definition.core == NULL || definition.core->model != ET_MODEL_DNN || definition.entries == NULL) return false;
  *status = et_dnn_compile_definition(&definition, true, nodes, plan);
  return true;
}

/* The network's table. The buffer gets, as 32-bit words: et_dnn_status; layer at fault, from 1, 0 = none; layers; bytes of what a training
 * changes, of what it does not, of a training step; parameters; multiply-accumulates forward and backward; then for each layer: height,
 * width, channels of what it gives; parameters, of them trained; multiply-accumulates forward and backward; bytes of its generation.
 * Returns how many words, 0 = the definition has no network. */
uint32_t EXPORT(wasm_network)(uint32_t length) {
  uint32_t words[NETWORK_WORDS + LAYER_WORDS * ET_LAYERS_MAX] = {0};
  et_dnn_plan plan;
  et_dnn_status status;
  uint8_t k;
  if (!plan_network(length, &plan, &status)) return 0;
  words[0] = (uint32_t)status;
  words[1] = status == ET_DNN_OK ? 0u : plan.layer;
  words[2] = plan.network.layer_count;
  words[3] = plan.model_bytes;
  words[4] = plan.frozen_bytes;
  words[5] = plan.work_bytes;
  words[6] = plan.parameters;
  words[7] = plan.forward_macs;
  words[8] = plan.backward_macs;
  for (k = 1; k <= plan.network.layer_count && (status == ET_DNN_OK || k < plan.layer); k++) {
    et_dnn_layer_cost cost;
    uint32_t *row = words + NETWORK_WORDS + LAYER_WORDS * (k - 1u);
    et_dnn_cost_of_layer(&plan, k, &cost);
    row[0] = nodes[k].mid.h;
    row[1] = nodes[k].mid.w;
    row[2] = nodes[k].mid.c;
    row[3] = cost.parameters;
    row[4] = cost.trained;
    row[5] = cost.forward_macs;
    row[6] = cost.backward_macs;
    row[7] = cost.model_bytes;
  }
  memcpy(exchange, words, sizeof words);
  return NETWORK_WORDS + LAYER_WORDS * plan.network.layer_count;
}

/* The buffers of a training step. The exchange buffer gets three words each: node, et_dnn_buffer, first and last step in bytes from the
 * lowest; offset; bytes. Returns how many, as far as there is room; 0 = no network, or shapes that do not match. */
uint32_t EXPORT(wasm_buffers)(uint32_t length) {
  et_dnn_plan plan;
  et_dnn_status status;
  uint32_t count = 0;
  uint8_t k, b;
  if (!plan_network(length, &plan, &status) || status != ET_DNN_OK) return 0;
  for (k = 0; k <= plan.network.layer_count; k++)
    for (b = 0; b < ET_DNN_BUFFERS; b++) {
      uint8_t first, last;
      const uint32_t bytes = et_dnn_buffer_span(&plan, k, (et_dnn_buffer)b, &first, &last);
      const uint32_t words[BUFFER_WORDS] = {k | (uint32_t)b << 8 | (uint32_t)first << 16 | (uint32_t)last << 24, nodes[k].offset[b], bytes};
      if (bytes == 0u || (count + 1u) * sizeof words > sizeof exchange) continue;
      memcpy(exchange + count++ * sizeof words, words, sizeof words);
    }
  return count;
}

/* What the second definition in the exchange buffer (of `after` bytes) does to what was learned under the first (of `before` bytes,
 * 0 = none is deployed), with `samples` stored. The buffer gets, as 32-bit words: error code; fates of samples, models, waiting decisions
 * and labels; cause; register of the feature that it is about. */
void EXPORT(wasm_change)(uint32_t before, uint32_t after, uint32_t samples) {
  static uint8_t blobs[sizeof exchange] __attribute__((aligned(8)));
  et_definition first, second;
  et_change change;
  uint32_t words[8] = {0};
  uint16_t detail = 0;
  et_error error = ET_DEFINITION_LENGTH;
  memcpy(blobs, exchange, sizeof exchange);
  if (before <= sizeof exchange && after <= sizeof exchange - before) {
    error = et_definition_check(blobs + before, after, &second, &detail);
    if (error == ET_OK && before != 0u) error = et_definition_check(blobs, before, &first, &detail);
  }
  words[0] = (uint32_t)error;
  if (error == ET_OK) {
    et_change_find(before == 0u ? NULL : &first, &second, (uint16_t)samples, &change);
    words[1] = change.samples;
    words[2] = change.models;
    words[3] = change.waiting;
    words[4] = change.labels;
    words[5] = change.cause;
    words[6] = et_feature_position(&second, change.place);
    words[7] = change.voices;
  }
  memcpy(exchange, words, sizeof words);
}
