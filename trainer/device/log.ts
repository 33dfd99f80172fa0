/** The on-board log: a ring of the last events. Record layout: et_log_record in firmware/src/loop/trainer_state.h. */

import { Limits, Event as LogEvent, Mode } from '../contract/contract.generated';
import { text } from '../text';
import { errorText, ProtocolError } from './errors';
import { suspicionText, voiceName } from './voices';
import { type WordOf, wordOf } from './words';

export type LogEventName = WordOf<typeof LogEvent>;

export interface LogRecord {
  /** Counts all events since the first start. */
  readonly number: number;
  readonly uptimeSeconds: number;
  /** Generation of the running model at that time. */
  readonly generation: number;
  /** "unknown" for an event of a newer firmware. */
  readonly event: LogEventName | 'unknown';
  readonly code: number;
  /** Two numbers whose meaning depends on the event; `text` spells them out. */
  readonly a: number;
  readonly b: number;
  /** One line for people. */
  readonly text: string;
}

const { LOG_RECORD_BYTES } = Limits;
const NOT_KNOWN = 65_535;

const percent = (permille: number): string =>
  permille === NOT_KNOWN ? 'unknown' : `${(permille / 10).toFixed(1)} %`;

function describe(event: LogEventName | 'unknown', a: number, b: number, generation: number): string {
  switch (event) {
    case 'start':
      return 'started';
    case 'definition':
      return `definition ${(a * 65_536 + b).toString(16).padStart(8, '0')} deployed`;
    case 'train-begin':
      return a === 0
        ? 'learning began'
        : `training began on ${a} samples, accuracy over the window ${percent(b)}`;
    case 'train-end':
      return `training ended after ${b} iterations: ${a === 0 ? 'converged' : errorText(a)}`;
    case 'train-failed':
      return `no training: ${errorText(a)}`;
    case 'promoted':
      return `generation ${generation} installed; truths that were said before: models ${percent(a)}, start rule ${percent(b)}`;
    case 'rejected':
      return 'the training gave the running model once more: no new generation';
    case 'rolled-back':
      return `rolled back to generation ${generation} by command`;
    case 'auto-rolled-back':
      return `rolled back to generation ${generation} by itself: it did worse in the loop`;
    case 'model-restored':
      return `generation ${generation} restored from a backup`;
    case 'voice-leads':
      return `${voiceName(a)} has been right most often: ${percent(b)} of the truths`;
    case 'suspicion':
      return suspicionText(a, b);
    case 'mode':
      return `mode ${wordOf(Mode, a) ?? a}`;
    case 'saved':
      return 'state saved';
    case 'save-failed':
      return `state not saved: ${errorText(a)}`;
    case 'drift':
      return `drift: accuracy ${percent(a)} after ${b} trainings`;
    case 'alarm':
      return `alarm ${a}`;
    case 'alarm-end':
      return a === 0
        ? 'alarm ended, too short to tell its pattern'
        : `alarm ended: pattern ${a}, seen ${b} times`;
    case 'new-pattern':
      return `alarm ${b} shows a new anomaly pattern: ${a}`;
    case 'stream-stopped':
      return a === 0 ? 'the stream has stopped: no samples come' : `the stream has stopped during alarm ${a}`;
    case 'stream-back':
      return 'samples come again; a new window begins';
    case 'patterns-restored':
      return 'anomaly patterns restored from a backup';
    case 'unlocked':
      return 'management unlocked';
    case 'lock-refused':
      return `unlock refused, ${a} failures in a row`;
    case 'dataset-cleared':
      return 'data set cleared';
    case 'factory-reset':
      return 'reset to factory state';
    default:
      return `event of a newer firmware (${a}, ${b})`;
  }
}

/** @throws ProtocolError when the bytes are no log */
export function decodeLog(unit: number, bytes: Uint8Array): LogRecord[] {
  if (bytes.length % LOG_RECORD_BYTES !== 0)
    throw new ProtocolError(unit, text('protocol.logLength', { bytes: bytes.length }));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / LOG_RECORD_BYTES }, (_, index) => {
    const at = index * LOG_RECORD_BYTES;
    const code = view.getUint8(at + 10);
    const event = wordOf(LogEvent, code) ?? 'unknown';
    const generation = view.getUint16(at + 8, true);
    const [a, b] = [view.getUint16(at + 12, true), view.getUint16(at + 14, true)];
    return {
      number: view.getUint32(at, true),
      uptimeSeconds: view.getUint32(at + 4, true),
      generation,
      event,
      code,
      a,
      b,
      text: describe(event, a, b, generation),
    };
  });
}
