#include "loop/line.h"

#include "loop/core/log.h"
#include "loop/trainer_state.h"

#define RATE 100u /* baud of one unit of a rate */

uint16_t et_line_rate(const et_line *line) { return (uint16_t)(line->baud / RATE); }
uint8_t et_line_format(const et_line *line) { return (uint8_t)(line->parity << 4 | line->stop_bits); }

et_line et_line_from(uint16_t rate, uint8_t format) {
  const et_line line = {(uint32_t)rate * RATE, (uint8_t)(format >> 4), format & 15u};
  return line;
}

static bool is_valid(const et_line *line) {
  return line->baud >= ET_BAUD_LEAST && line->baud <= ET_BAUD_MOST && line->parity <= ET_PARITY_ODD && line->stop_bits >= 1u &&
         line->stop_bits <= 2u;
}

static bool is_same(const et_line *a, const et_line *b) {
  return a->baud == b->baud && a->parity == b->parity && a->stop_bits == b->stop_bits;
}

bool et_line_settable(const et_trainer *trainer) { return ET_WITH_LINE_SETTINGS != 0 && trainer->core.port->set_line != NULL; }

static bool switch_to(const et_trainer *trainer, const et_line *line, bool apply) {
  const et_port *port = trainer->core.port;
  return et_line_settable(trainer) && port->set_line(port->user, line, apply);
}

static const et_line *standing(const et_line_trial *trial) { return trial->kept.baud != 0u ? &trial->kept : &trial->built; }

static void log_line(et_trainer *trainer, et_event event, const et_line *line) {
  et_log(&trainer->core, event, et_line_rate(line), et_line_format(line));
}

void et_line_begin(et_trainer *trainer) {
  et_line_trial *trial = &trainer->line;
  trial->built = trainer->core.port->line;
  if (trial->kept.baud != 0u && is_valid(&trial->kept) && switch_to(trainer, &trial->kept, true)) return;
  trial->kept.baud = 0;
}

et_error et_line_set(et_trainer *trainer, uint32_t argument) {
  et_line_trial *trial = &trainer->line;
  const uint8_t parity = (uint8_t)(argument >> 24), stop_bits = (uint8_t)(argument >> 16);
  const et_line wanted = {(argument & 0xFFFFu) * RATE, parity, stop_bits};
  if (!et_line_settable(trainer)) return ET_BOARD_CANNOT;
  if (!is_valid(&wanted) || !switch_to(trainer, &wanted, false)) return ET_VALUE;
  trial->tried = wanted;
  trial->since_ms = et_now_ms(&trainer->core);
  trial->phase = ET_LINE_AGREED;
  return ET_OK;
}

/* A request has come under the new settings: they stand from now on. */
static void accept_trial(et_trainer *trainer) {
  et_line_trial *trial = &trainer->line;
  et_changes *changes = &trainer->core.changes;
  trial->kept = trial->tried;
  if (is_same(&trial->tried, &trial->built)) trial->kept.baud = 0; /* and follow the build from here on */
  trial->phase = ET_LINE_STANDS;
  changes->noted = true;
  if (trainer->persistence.notes.journal.slot > 1u) changes->important = true; /* no slot yet that a note could go behind */
  log_line(trainer, ET_EVENT_LINE_KEPT, &trial->tried);
}

void et_line_slice(et_trainer *trainer) {
  et_line_trial *trial = &trainer->line;
  const et_port *port = trainer->core.port;
  const uint32_t gone_ms = et_now_ms(&trainer->core) - trial->since_ms;
  if (!et_line_settable(trainer) || trial->phase == ET_LINE_STANDS) return;
  if (trial->phase == ET_LINE_TRIED && trainer->server.frames_good != trial->heard) {
    accept_trial(trainer);
    return;
  }
  if (gone_ms < 1000u * (trial->phase == ET_LINE_AGREED ? ET_LINE_DELAY_SECONDS : ET_LINE_TRIAL_SECONDS) || port->sending(port->user))
    return;
  if (trial->phase == ET_LINE_AGREED) {
    (void)switch_to(trainer, &trial->tried, true);
    trial->phase = ET_LINE_TRIED;
    trial->since_ms = et_now_ms(&trainer->core);
  } else {
    (void)switch_to(trainer, standing(trial), true);
    trial->phase = ET_LINE_STANDS;
    log_line(trainer, ET_EVENT_LINE_BACK, standing(trial));
  }
  trial->heard = trainer->server.frames_good;
  et_modbus_forget(&trainer->server);
}

void et_line_end(et_trainer *trainer) { (void)switch_to(trainer, &trainer->line.built, true); }

uint16_t et_line_trial_left_s(const et_trainer *trainer) {
  const uint32_t gone_s = (et_now_ms(&trainer->core) - trainer->line.since_ms) / 1000u;
  if (!et_line_settable(trainer) || trainer->line.phase != ET_LINE_TRIED || gone_s >= ET_LINE_TRIAL_SECONDS) return 0;
  return (uint16_t)(ET_LINE_TRIAL_SECONDS - gone_s);
}
