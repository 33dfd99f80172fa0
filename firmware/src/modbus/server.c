#include "modbus/server.h"

#include <string.h>

#include "modbus/frame.h"
#include "modbus/functions.h"
#include "support/crc.h"

/* With baud 0: silence after which an unfinished frame no longer keeps the bytes behind it from being looked at. */
#define STREAM_GAP_US 10000u

#define NOWHERE ET_MODBUS_FRAME_MAX

/* How to look at the received bytes. */
typedef enum reach {
  REACH_WAIT, /* stop where a frame may still be arriving */
  REACH_PAST, /* look behind it too: it has been silent for long */
  REACH_ENDED /* no more bytes belong to these: what is unfinished is garbage */
} reach;

/* What a search found. */
typedef struct search {
  uint16_t at;     /* last request for this unit */
  uint16_t length; /* of it; 0 = none */
  uint16_t done;   /* bytes that will never be part of a frame to come */
  bool broadcast;  /* one was executed */
} search;

void et_modbus_begin(et_modbus_server *server) { memset(server, 0, sizeof *server); }

void et_modbus_forget(et_modbus_server *server) {
  server->length = 0;
  server->scanned = false;
}

/* 3.5 characters of 11 bits; fixed above 19200 baud (SER 2.5.1.1). */
static uint32_t frame_silence_us(uint32_t baud) { return baud > 19200u ? 1750u : 38500000u / baud; }

static bool is_broadcast_write(const uint8_t *frame) { return frame[1] == 5u || frame[1] == 6u || frame[1] == 15u || frame[1] == 16u; }

/* Go through the received bytes frame by frame. Broadcasts are executed on the way; a request for this unit with another frame
 * behind it is out of date. */
static search find_request(et_modbus_server *server, uint8_t unit, const et_modbus_space *space, reach how) {
  search found = {0, 0, 0, false};
  uint16_t at = 0, known = 0, unfinished = NOWHERE; /* known: end of the last frame; from there on garbage so far */
  while (at < server->length) {
    uint8_t *frame = server->frame + at;
    const uint16_t available = (uint16_t)(server->length - at);
    uint16_t length = et_modbus_frame_length(frame, available, unit);
    if (length == ET_MODBUS_NO_FRAME && at == known && available > 1u)
      length = et_modbus_unknown_length(frame, available, unit, how == REACH_ENDED);
    if (length == ET_MODBUS_NO_FRAME || length == ET_MODBUS_UNFINISHED) {
      if (length == ET_MODBUS_UNFINISHED && how != REACH_ENDED && unfinished == NOWHERE) unfinished = at;
      if (unfinished != NOWHERE && how == REACH_WAIT) break;
      at++;
      continue;
    }
    if (at > known) server->frames_bad++;
    found.length = 0;
    if (frame[0] == unit || frame[0] == 0u) server->frames_good++;
    if (frame[0] == unit) {
      found.at = at;
      found.length = length;
    } else if (frame[0] == 0u && is_broadcast_write(frame)) {
      server->broadcast = true;
      (void)et_modbus_execute(frame, length, frame, space); /* onto itself: nobody gets the answer */
      server->broadcast = false;
      found.broadcast = true;
    }
    at = known = (uint16_t)(at + length);
    unfinished = NOWHERE;
  }
  found.done = unfinished != NOWHERE ? unfinished : at;
  if (found.done > known) server->frames_bad++;
  return found;
}

static void answer(et_modbus_server *server, const et_port *port, const et_modbus_space *space, search request) {
  uint16_t length = et_modbus_execute(server->frame + request.at, request.length, server->frame, space);
  const uint16_t crc = et_crc16(ET_CRC16_START, server->frame, length);
  if (et_modbus_is_exception(server->frame)) server->exceptions++;
  server->frame[length++] = (uint8_t)crc; /* low byte first (SER 2.5.1.2) */
  server->frame[length++] = (uint8_t)(crc >> 8);
  port->send(port->user, server->frame, length);
}

bool et_modbus_poll(et_modbus_server *server, const et_port *port, uint8_t unit, const et_modbus_space *space) {
  uint32_t silence_us = 0;
  uint16_t received;
  search found;
  reach how;
  if (port->sending(port->user)) return false; /* the frame buffer holds the answer */
  received = port->receive(port->user, server->frame + server->length, (uint16_t)(ET_MODBUS_FRAME_MAX - server->length), &silence_us);
  server->length = (uint16_t)(server->length + received);
  if (received != 0u) server->scanned = false;
  if (server->length == 0u || server->scanned) return false;

  if (port->line.baud == 0u) how = silence_us < STREAM_GAP_US ? REACH_WAIT : REACH_PAST;
  else if (silence_us >= frame_silence_us(port->line.baud)) how = REACH_ENDED;
  else if (server->length == ET_MODBUS_FRAME_MAX) how = REACH_WAIT; /* make room; a full buffer always yields some */
  else return false;

  found = find_request(server, unit, space, how);
  server->scanned = how == REACH_PAST;
  if (port->line.baud != 0u && how != REACH_ENDED) found.length = 0; /* the line is busy: somebody else's turn */
  if (found.length != 0u) {
    server->length = 0;
    answer(server, port, space, found);
    return true;
  }
  server->length = (uint16_t)(server->length - found.done);
  memmove(server->frame, server->frame + found.done, server->length);
  return found.broadcast;
}
