/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#include "support/error_text.h"

const char *et_error_text(et_error error) {
  switch (error) {
  case ET_OK: return "done";
  case ET_BUSY: return "another long job is running; wait for it or cancel it";
  case ET_NO_DEFINITION: return "no definition is deployed; deploy one first";
  case ET_ADDRESS: return "no such register";
  case ET_READ_ONLY: return "this register cannot be written";
  case ET_VALUE: return "value out of its range";
  case ET_PARTIAL: return "a value wider than one register must be written whole";
  case ET_LOCKED: return "management is locked; give the key";
  case ET_FEATURE_RANGE: return "a feature is outside the range of the definition; the detail register holds its index";
  case ET_TICKET_UNKNOWN: return "no decision is waiting under this ticket: it expired, was never made, was pushed out or lost in a restart";
  case ET_TICKET_JUDGED: return "this ticket was already judged with another outcome; the first one stands";
  case ET_TICKET_TAKEN: return "this ticket already stands for something else; take another number";
  case ET_WORDS_MISSING: return "words are missing, come out of order or belong to another master; write them all again, in one request or under a claim";
  case ET_BROADCAST: return "this is never taken by broadcast; write it to the trainer's own unit id";
  case ET_PROCESS_CLOSED: return "closed to the process while a key is set; the definition says what stays open";
  case ET_TARGET_RANGE: return "a target is outside the range of its output; the detail register holds the output's index";
  case ET_INPUT_OTHER: return "the array under this check sum is not here: pages are missing, or another one has come in between; send its pages again";
  case ET_TICKET_ZERO: return "ticket 0 is reserved; use 1 to 65535";
  case ET_CLASS_UNKNOWN: return "no such class in the definition";
  case ET_RULE_MISMATCH: return "this kind of feedback does not fit the definition's rule or model";
  case ET_DEFINITION_CRC: return "definition refused: checksum wrong";
  case ET_DEFINITION_VERSION: return "definition refused: layout version not known to this firmware";
  case ET_DEFINITION_LENGTH: return "definition refused: length does not fit its content";
  case ET_DEFINITION_FIELD: return "definition refused: a field is out of range; the detail register holds its byte offset";
  case ET_DEFINITION_MEMORY: return "definition refused: it needs more memory than the board has";
  case ET_DEFINITION_SECTION: return "definition refused: a section is missing, unknown to this firmware or of another layout; the detail register holds its number";
  case ET_MODEL_NOT_BUILT: return "this model, kernel or start rule is not in this firmware build";
  case ET_MODEL_CRC: return "model refused: checksum wrong";
  case ET_MODEL_SHAPE: return "model refused: made for another definition";
  case ET_MODEL_VERSION: return "model refused: layout version not known to this firmware";
  case ET_MODEL_CONTENT: return "model refused: its numbers are out of range";
  case ET_WEIGHTS_MISSING: return "layers that are not trained have no weights yet; restore or import a model that has them";
  case ET_NO_PREVIOUS: return "there is no previous generation to roll back to";
  case ET_TOO_FEW_SAMPLES: return "too few samples to train on; add samples, or let decisions be judged";
  case ET_SINGLE_CLASS: return "all samples belong to one class, and there is nothing to tell apart; add samples of another class";
  case ET_FROZEN: return "the trainer is frozen and learns nothing; set the mode to auto or manual first";
  case ET_FROZEN_FOR_PROCESS: return "frozen by management; only the command SET_MODE lifts it";
  case ET_ALARM_ACTIVE: return "refused while an alarm is active; wait for its end, or answer it as false";
  case ET_CANCELLED: return "cancelled; the running model is untouched";
  case ET_NOT_CONVERGED: return "the iteration bound was reached before convergence";
  case ET_NUMERIC: return "the training met a number that is not finite; the running model is untouched";
  case ET_REGULARISED: return "the signal says less than the model could hold: the solution was regularised; the candidate is valid";
  case ET_WORKSPACE: return "the training needs more room than was planned";
  case ET_PAGE: return "no such page in this object";
  case ET_PAGE_CRC: return "page refused: checksum wrong";
  case ET_OBJECT: return "no such object, or it cannot be written";
  case ET_INCOMPLETE: return "not all pages have arrived";
  case ET_STORE_FULL: return "the state does not fit a slot of the non-volatile memory; it is kept in RAM only";
  case ET_STORE_FAILED: return "the non-volatile memory did not take the data; the older state is still there";
  case ET_NO_STORE: return "this board has no non-volatile memory";
  case ET_WEAR: return "the wear budget of the memory allows no save now; what was learned stays in RAM until the next save is allowed; the detail register holds the seconds until then";
  case ET_KEY_WRONG: return "refused: the response or proof does not match the key";
  case ET_KEY_WAIT: return "refused: too many wrong responses; wait";
  case ET_KEY_RESPONSE: return "a key is set: it changes only together with a response to it";
  case ET_COMMAND_UNKNOWN: return "no such command";
  case ET_NOT_SUPPORTED: return "the deployed model does not support this";
  case ET_BOARD_CANNOT: return "this board cannot do that; it goes on as it was";
  case ET_SEQUENCE_GAP: return "samples are missing before this sequence number; the window was restarted";
  case ET_WINDOW_SHORT: return "the window does not hold enough samples yet; the detail register says how many it holds";
  case ET_WINDOW_STOPPED: return "the stream has stopped; the detail register says for how many seconds. The next sample begins a new window";
  case ET_WINDOW_BEHIND: return "the stream has not reached the sample that the request names; read next_sequence and ask again";
  case ET_INPUT_STREAMED: return "the definition takes its values from the stream: stream the samples instead of an array";
  }
  return "unknown error";
}
