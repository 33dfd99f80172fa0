#include "loop/registers_write.h"

#include <string.h>

#include "loop/access.h"
#include "loop/bulk.h"
#include "loop/commands.h"
#include "loop/core/lock.h"
#include "loop/decide/io.h"
#include "loop/judge.h"
#include "loop/registers.h"
#include "loop/stream/learning.h"
#include "loop/trainer_state.h"
#include "modbus/register_table.h"
#include "support/bytes.h"

/* ---- Features and ticket ---- */

/* Swap `count` words of a shadow with big-endian bytes: a write that is refused afterwards is taken back by the same call. */
static void swap(int16_t *shadow, uint8_t *bytes, uint16_t count) {
  uint16_t i;
  for (i = 0; i < count; i++) {
    const uint16_t old = (uint16_t)shadow[i];
    shadow[i] = (int16_t)et_be16(bytes + 2u * i);
    et_put_be16(bytes + 2u * i, old);
  }
}

static bool is_unchanged(const int16_t *shadow, const uint8_t *bytes, uint16_t count) {
  uint16_t i;
  for (i = 0; i < count; i++)
    if ((uint16_t)shadow[i] != et_be16(bytes + 2u * i)) return false;
  return true;
}

/* The ticket alone: its features came one by one, or it is a repeat. */
static et_error close_input(et_trainer *trainer, uint16_t number, uint16_t *detail) {
  et_core *core = &trainer->core;
  if (et_sequence_close(&trainer->decide.io.words, number, et_input_words(&core->deployment.definition), et_now_ms(core)))
    return et_io_infer(&trainer->decide, number, detail);
  *detail = ET_A_FEATURES;
  return et_io_repeats(&trainer->decide, number) ? ET_OK : ET_WORDS_MISSING;
}

static et_error write_input(et_trainer *trainer, uint16_t address, uint16_t quantity, uint8_t *bytes, uint16_t *detail) {
  et_core *core = &trainer->core;
  et_write_sequence *words = &trainer->decide.io.words;
  const bool ticket = address == ET_A_TICKET;
  const uint16_t first = ticket ? 0u : (uint16_t)(address - ET_A_FEATURES);
  const uint16_t count = ticket ? (uint16_t)(quantity - 1u) : quantity;
  uint8_t *features = ticket ? bytes + 2 : bytes;
  uint16_t expected;
  et_error error = et_may_process(trainer, ET_WRITE_DECIDE);
  if (error != ET_OK) return error;
  if (core->deployment.model == NULL) return ET_NO_DEFINITION;
  if (et_is_stream(core)) return ET_NOT_SUPPORTED;
  expected = et_input_words(&core->deployment.definition);
  if (address == ET_A_TICKET_CLAIM) {
    et_sequence_claim(words, et_be16(bytes), et_now_ms(core));
    return ET_OK;
  }
  if ((uint32_t)first + count > expected) {
    *detail = (uint16_t)(ET_A_FEATURES + expected);
    return ET_ADDRESS;
  }
  if (!ticket) {
    if (!et_sequence_words(words, first, count, is_unchanged(et_input(core) + first, features, count), et_now_ms(core)))
      return ET_WORDS_MISSING;
    swap(et_input(core) + first, features, count);
    return ET_OK;
  }
  if (count == 0u) return close_input(trainer, et_be16(bytes), detail);
  if (count < expected) {
    *detail = (uint16_t)(ET_A_FEATURES + count);
    return ET_WORDS_MISSING;
  }
  et_sequence_claim(words, 0, et_now_ms(core)); /* whoever writes word by word at the same time has to begin again */
  swap(et_input(core), features, count);
  error = et_io_infer(&trainer->decide, et_be16(bytes), detail);
  if (error != ET_OK) swap(et_input(core), features, count);
  return error;
}

/* ---- Feedback ---- */

/* Where a feedback comes in: the feedback block with one value, or the block of targets with one for each continuous output. In both the
 * ticket comes first, then the kind, then the values. */
typedef struct et_feedback_place {
  uint16_t ticket; /* address */
  uint16_t words;  /* kind and values */
} et_feedback_place;

static et_feedback_place place_of(const et_core *core, uint16_t address) {
  et_feedback_place place = {ET_A_FEEDBACK_TICKET, 2u};
  if (ET_WITH_OUTPUTS == 0 || address < ET_A_TARGET_TICKET) return place;
  place.ticket = ET_A_TARGET_TICKET;
  place.words = (uint16_t)(1u + et_output_count(&core->deployment.definition));
  return place;
}

/* `words`: kind, then `count` values. */
static et_error judge(et_trainer *trainer, uint16_t number, const uint16_t *words, uint16_t count, uint16_t *detail) {
  const et_error error = et_may_process(trainer, words[0] == ET_FEEDBACK_KIND_TEACH ? ET_WRITE_TEACH : ET_WRITE_OUTCOME);
  return error == ET_OK ? et_judge(trainer, number, words[0], (const int16_t *)words + 1, count, detail) : error;
}

/* The ticket alone: kind and value came one by one, or it is a repeat. */
static et_error close_feedback(et_trainer *trainer, const et_feedback_place *place, uint16_t number, uint16_t *detail) {
  et_core *core = &trainer->core;
  et_outcome *outcome = &core->outcome;
  if (et_sequence_close(&outcome->words, number, place->words, et_now_ms(core)))
    return judge(trainer, number, outcome->claimed, (uint16_t)(place->words - 1u), detail);
  *detail = (uint16_t)(place->ticket + 1u);
  if (number == 0u || number != outcome->ticket || et_now_ms(core) - outcome->at_ms >= 1000u * ET_REPEAT_SECONDS) return ET_WORDS_MISSING;
  core->repeats++;
  return ET_OK;
}

static et_error write_feedback(et_trainer *trainer, uint16_t address, uint16_t quantity, const uint8_t *bytes, uint16_t *detail) {
  et_core *core = &trainer->core;
  et_outcome *outcome = &core->outcome;
  const et_error error = et_may_process(trainer, ET_WRITE_OUTCOME);
  const et_feedback_place place = place_of(core, address);
  uint16_t words[1u + ET_FEEDBACK_VALUES];
  uint16_t first, i;
  bool repeated = true;
  if (error != ET_OK) return error;
  if (place.words < 2u || place.words > 1u + ET_FEEDBACK_VALUES) return ET_NOT_SUPPORTED; /* targets, and there are no outputs */
  if (address == ET_A_SET_POINT) return et_trainer_set_point(trainer, (int16_t)et_be16(bytes));
  if (address == ET_A_FEEDBACK_CLAIM || address == ET_A_TARGET_CLAIM) {
    et_sequence_claim(&outcome->words, et_be16(bytes), et_now_ms(core));
    return ET_OK;
  }
  if (address == place.ticket) {
    if (quantity == 1u) return close_feedback(trainer, &place, et_be16(bytes), detail);
    *detail = (uint16_t)(place.ticket + quantity);
    if (quantity <= place.words) return ET_WORDS_MISSING;
    et_sequence_claim(&outcome->words, 0, et_now_ms(core));
    *detail = address;
    for (i = 0; i < place.words; i++) words[i] = et_be16(bytes + 2u * (i + 1u));
    return judge(trainer, et_be16(bytes), words, (uint16_t)(place.words - 1u), detail);
  }
  first = (uint16_t)(address - place.ticket - 1u);
  if ((uint32_t)first + quantity > place.words) return ET_ADDRESS;
  for (i = 0; i < quantity; i++)
    if (outcome->claimed[first + i] != et_be16(bytes + 2u * i)) repeated = false;
  if (!et_sequence_words(&outcome->words, first, quantity, repeated, et_now_ms(core))) return ET_WORDS_MISSING;
  for (i = 0; i < quantity; i++) outcome->claimed[first + i] = et_be16(bytes + 2u * i);
  return ET_OK;
}

/* ---- Samples, commands, lock, bulk ---- */

static et_error write_samples(et_trainer *trainer, uint16_t address, uint16_t quantity, const uint8_t *bytes) {
  const et_error error = et_may_process(trainer, ET_WRITE_DECIDE);
  if (error != ET_OK) return error;
  if (address != ET_A_SAMPLE_SEQUENCE || quantity < 3u) return ET_PARTIAL;
  if (trainer->core.deployment.model != NULL && et_stream_channels(&trainer->core.deployment.definition) != 0u)
    return et_ring_receive(&trainer->decide, et_be16(bytes), et_be16(bytes + 2), bytes + 4, (uint16_t)(quantity - 2u));
  return et_stream_receive(&trainer->stream, et_be16(bytes), et_be16(bytes + 2), bytes + 4, (uint16_t)(quantity - 2u));
}

/* Argument, code and ticket, or code and ticket (argument 0); behind them the proof, where there is one. */
static et_error write_command(et_trainer *trainer, uint16_t address, uint16_t quantity, const uint8_t *bytes) {
  const bool argued = address == ET_A_COMMAND_ARGUMENT;
  const uint8_t *code = argued ? bytes + 4 : bytes;
  const uint16_t least = argued ? 4u : 2u;
  const et_error error = et_may_manage(trainer);
  if (error != ET_OK) return error;
  if ((!argued && address != ET_A_COMMAND_CODE) || (quantity != least && quantity != least + 2u)) return ET_WORDS_MISSING;
  return et_command_run(trainer, argued ? et_be32(bytes) : 0u, et_be16(code), et_be16(code + 2), quantity > least ? code + 4 : NULL);
}

static et_error write_lock(et_trainer *trainer, uint16_t address, uint16_t quantity, const uint8_t *bytes) {
  et_core *core = &trainer->core;
  const et_error error = et_may_manage(trainer);
  if (error != ET_OK) return error;
  if (address == ET_A_RESPONSE && quantity == 8u) return et_lock_respond(core, bytes);
  if (address == ET_A_RESPONSE && quantity == 16u) return et_lock_change_key(core, bytes, bytes + 16);
  if (address == ET_A_KEY && quantity == 8u) return et_lock_set_key(core, bytes);
  return ET_PARTIAL;
}

/* A page of an array: the process writes it, as it writes features. */
static bool is_input_page(uint16_t address, uint16_t quantity, const uint8_t *bytes) {
  return ET_WITH_ARRAY != 0 && address == ET_A_BULK_OBJECT && quantity > 2u && et_be16(bytes) == ET_OBJECT_INPUT;
}

static et_error write_bulk(et_trainer *trainer, uint16_t address, uint16_t quantity, const uint8_t *bytes) {
  et_error put;
  const bool input = is_input_page(address, quantity, bytes);
  const et_error error = input ? et_may_process(trainer, ET_WRITE_DECIDE) : et_may_manage(trainer);
  if (error != ET_OK) return error;
  if (address == ET_A_BULK_OBJECT && quantity == 1u) return et_bulk_select(trainer, et_be16(bytes), 0);
  if (address == ET_A_BULK_OBJECT && quantity == 2u) return et_bulk_select(trainer, et_be16(bytes), et_be16(bytes + 2));
  if (address == ET_A_BULK_PAGE && quantity == 1u) return et_bulk_select(trainer, trainer->bulk.object, et_be16(bytes));
  if (address != ET_A_BULK_OBJECT || quantity < 7u) return ET_PARTIAL;
  put = et_bulk_put(trainer, bytes, quantity);
  if (put == ET_OK && !input) et_lock_keep_open(&trainer->core);
  return put;
}

/* ---- Dispatch ---- */

/* Every register of the request: there, writable, not locked, in range, wide values whole. */
static et_error check_write(et_trainer *trainer, uint16_t address, uint16_t quantity, const uint8_t *bytes, uint16_t *detail) {
  const bool open = is_input_page(address, quantity, bytes);
  uint16_t at = et_register_at(address);
  uint16_t i;
  for (i = 0; i < quantity; i++) {
    const uint16_t here = (uint16_t)(address + i);
    ET_CONSTANT et_register_entry *entry;
    *detail = here;
    while (at < ET_REGISTER_COUNT && here >= et_register_table[at].address + et_register_table[at].words) at++;
    if (at >= ET_REGISTER_COUNT || here < et_register_table[at].address) return ET_ADDRESS;
    entry = &et_register_table[at];
    if ((entry->flags & ET_REGISTER_WRITE) == 0u) return ET_READ_ONLY;
    if ((entry->flags & ET_REGISTER_MANAGE) != 0u && !open) {
      const et_error error = et_may_upload(trainer);
      if (error != ET_OK) return error;
    }
    if (entry->words == 1u && et_be16(bytes + 2u * i) > entry->max) return ET_VALUE;
    if (et_register_element(entry) > 1u) {
      const uint16_t within = (uint16_t)((here - entry->address) % 2u);
      if ((i == 0u && within != 0u) || (i + 1u == quantity && within == 0u)) return ET_PARTIAL;
    }
  }
  return ET_OK;
}

uint8_t et_write_registers(void *user, uint16_t address, uint16_t quantity, uint8_t *bytes) {
  et_trainer *trainer = user;
  uint16_t detail = 0;
  et_error error = check_write(trainer, address, quantity, bytes, &detail);
  if (error == ET_OK) {
    /* The blocks are apart, so a write that passed the check lies within one. */
    detail = address;
    switch (et_register_table[et_register_at(address)].block) {
    case ET_BLOCK_INPUT: error = write_input(trainer, address, quantity, bytes, &detail); break;
    case ET_BLOCK_TARGETS:
    case ET_BLOCK_FEEDBACK: error = write_feedback(trainer, address, quantity, bytes, &detail); break;
    case ET_BLOCK_SAMPLES: error = write_samples(trainer, address, quantity, bytes); break;
    case ET_BLOCK_COMMAND: error = write_command(trainer, address, quantity, bytes); break;
    case ET_BLOCK_LOCK: error = write_lock(trainer, address, quantity, bytes); break;
    case ET_BLOCK_BULK: error = write_bulk(trainer, address, quantity, bytes); break;
    default: error = ET_READ_ONLY; break;
    }
  }
  return error == ET_OK ? 0u : et_refuse(trainer, error, detail);
}
