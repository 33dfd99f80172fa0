/**
 * Recognising, in a stream of bytes, the one frame that answers a request.
 *
 * modbus-serial's own RTU ports look the answer's length up in a table by function code; codes that are not in the
 * table (22, 23, and over TCP also 43) get length 0 and the port then drops every byte, so that even an exception
 * ends as a time-out. Here the expected form is derived from the request frame itself: length, byte count, and the
 * fields that the unit must echo. A frame counts only when its check sum fits.
 */
import { hasValidCrc, sealFrame } from './crc16';
import { functionFacts } from './functions';

/** Unit id, 253 bytes of PDU, CRC (Modbus over Serial Line V1.02, section 2.3). */
export const MAX_FRAME_LENGTH = 256;
const EXCEPTION_LENGTH = 5;
const EXCEPTION_BIT = 0x80;

/** What the answer to a request must look like. All lengths in bytes, with unit id and CRC. */
export interface ReplyShape {
  readonly unit: number;
  readonly fc: number;
  /** Whole length; 0 when only the answer itself tells (FC 43). */
  readonly length: number;
  /** Value of the byte count field, -1 when the answer has none. */
  readonly byteCount: number;
  /** Bytes that must follow the function code, as sent. */
  readonly echo: Uint8Array;
}

const NO_ECHO = new Uint8Array(0);

/** Unit id, function code and CRC around what an answer carries. */
const ANSWER_FRAME_BYTES = 4;

/** Shape of the answer to an RTU request frame (with CRC). */
export function shapeOfReply(request: Uint8Array): ReplyShape {
  const unit = request[0] as number;
  const fc = request[1] as number;
  const facts = functionFacts(fc);
  const quantity = ((request[4] as number) << 8) | (request[5] as number);
  if (facts?.answer === 'bits' || facts?.answer === 'registers') {
    const byteCount = facts.answer === 'bits' ? (quantity + 7) >>> 3 : 2 * quantity;
    return { unit, fc, length: ANSWER_FRAME_BYTES + 1 + byteCount, byteCount, echo: NO_ECHO };
  }
  const echoBytes = facts?.echoBytes ?? 0;
  const length = facts?.answer === 'echo' ? ANSWER_FRAME_BYTES + echoBytes : 0;
  return { unit, fc, length, byteCount: -1, echo: request.slice(2, 2 + echoBytes) };
}

/** Whether an answer to one could be taken for an answer to the other. */
export function confusable(a: ReplyShape, b: ReplyShape): boolean {
  if (a.unit !== b.unit || a.fc !== b.fc || a.length !== b.length) return false;
  return a.echo.every((byte, i) => byte === b.echo[i]);
}

/**
 * Length of an FC 43/14 answer that starts at `at`: 0 while more bytes are needed, -1 when it can be none.
 * Fields: unit, fc, MEI type, category, conformity, more follows, next object, count, then { id, length, text }*.
 */
function identificationLength(bytes: Uint8Array, at: number, end: number): number {
  if (at + 8 > end) return 0;
  const moreFollows = bytes[at + 5] !== 0;
  const count = bytes[at + 7] as number;
  let next = at + 8;
  for (let i = 0; i < count; i++) {
    // Some units put the number of objects of the whole identification here, not of this answer (the example in the
    // specification does); the answer then ends where its check sum says so.
    if (i > 0 && moreFollows && next + 2 <= end && hasValidCrc(bytes, at, next + 2)) break;
    if (next + 2 > end) return 0;
    next += 2 + (bytes[next + 1] as number);
    if (next - at > MAX_FRAME_LENGTH - 2) return -1;
  }
  return next + 2 - at;
}

/** Result of looking at one position: a length when a sound frame starts there, else one of the constants. */
export const NO_MATCH = 0;
/** It begins like the answer and more bytes are needed. */
export const INCOMPLETE = -1;
/** It has the form of the answer and a wrong check sum. */
export const BAD_CRC = -2;

/** Looks whether the answer of this shape starts at `at`. `unit` may stand in for the shape's own unit. */
export function matchAt(
  bytes: Uint8Array,
  at: number,
  end: number,
  shape: ReplyShape,
  unit: number = shape.unit,
): number {
  if (at + 2 > end) return at < end && bytes[at] === unit ? INCOMPLETE : NO_MATCH;
  if (bytes[at] !== unit) return NO_MATCH;
  const fc = bytes[at + 1];
  let length: number;
  if (fc === (shape.fc | EXCEPTION_BIT)) {
    length = EXCEPTION_LENGTH;
  } else if (fc !== shape.fc) {
    return NO_MATCH;
  } else if (shape.byteCount >= 0) {
    if (at + 2 < end && bytes[at + 2] !== shape.byteCount) return NO_MATCH;
    length = shape.length;
  } else {
    for (let i = 0; i < shape.echo.length && at + 2 + i < end; i++) {
      if (bytes[at + 2 + i] !== shape.echo[i]) return NO_MATCH;
    }
    length = shape.length;
    if (length === 0) {
      length = identificationLength(bytes, at, end);
      if (length < 0) return NO_MATCH;
      if (length === 0) return INCOMPLETE;
    }
  }
  if (at + length > end) return INCOMPLETE;
  return hasValidCrc(bytes, at, at + length) ? length : BAD_CRC;
}

/** Whether a frame is an exception answer. */
export function isException(frame: Uint8Array): boolean {
  return ((frame[1] as number) & EXCEPTION_BIT) !== 0;
}

/** One answer of a device identification, taken apart as far as the follow-up request needs it. */
export interface IdentificationPart {
  /** The frame with "more follows" cleared and the count set to the objects in it. */
  readonly frame: Buffer;
  /** Object to ask for next, undefined when this was the last part. */
  readonly nextObject: number | undefined;
}

/**
 * Makes an FC 43 answer stand alone. modbus-serial follows "more follows" by itself, without a deadline, and when the
 * follow-up fails its callback throws a TypeError into the port's data handler; so the bus asks for the rest itself.
 */
export function standaloneIdentification(frame: Uint8Array): IdentificationPart {
  const copy = Buffer.from(frame);
  const nextObject = copy[5] === 0 ? undefined : copy[6];
  let objects = 0;
  for (let at = 8; at + 2 < copy.length - 1; at += 2 + (copy[at + 1] as number)) objects++;
  copy[5] = 0;
  copy[6] = 0;
  copy[7] = objects;
  return { frame: sealFrame(copy), nextObject };
}
