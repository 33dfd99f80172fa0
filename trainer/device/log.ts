/** The on-board log: a ring of the last events. Record layout: et_log_record in firmware/src/loop/trainer_state.h. */

import { lineText } from '../bus';
import {
  DecidedBy,
  Limits,
  LocalState,
  Event as LogEvent,
  Mode,
  Suspicion,
} from '../contract/contract.generated';
import { text } from '../text';
import { errorText, ProtocolError } from './errors';
import { lineOf } from './line';
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
  /** Where an event means more than one thing, which: its mode, voice, suspicion or state, or that its numbers are not there. */
  readonly detail?: string;
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

const lineWords = (rate: number, format: number): string => lineText(lineOf(rate, format >> 4, format & 15));

/** Of a state of the loop that the board closes by itself; `place` of "input-range" is that of a feature. */
const LOCAL_TEXTS: Readonly<Record<WordOf<typeof LocalState>, (place: number) => string>> = {
  off: () => 'the board closes the loop no longer',
  running: () => 'the board closes the loop again',
  overridden: () => 'somebody else drives the output: the board decides and leaves it alone',
  'input-failed': (place) => `input channel ${place} failed: the fail-safe class drives the output`,
  'input-range': (place) => `feature ${place + 1} is out of its range: the fail-safe class drives the output`,
  'output-failed': (place) => `output channel ${place} failed`,
  'sensor-fault': () => 'the process reports a sensor fault: the fail-safe class drives the output',
  'no-window': () => 'the stream gives no whole window: the fail-safe class drives the output',
};

function localText(state: number, place: number): string {
  const word = wordOf(LocalState, state);
  return word === undefined ? `local loop in state ${state} of a newer firmware` : LOCAL_TEXTS[word](place);
}

/** What a record tells, by its event: from its two numbers and the generation that ran. */
const TEXTS: Readonly<Record<LogEventName, (a: number, b: number, generation: number) => string>> = {
  start: () => 'started',
  definition: (a, b) => `definition ${(a * 65_536 + b).toString(16).padStart(8, '0')} deployed`,
  'train-begin': (a, b) =>
    a === 0 ? 'learning began' : `training began, samples: ${a}, accuracy over the window ${percent(b)}`,
  'train-end': (a, b) => `training ended, iterations: ${b}: ${a === 0 ? 'converged' : errorText(a)}`,
  'train-failed': (a, b) => `no training: ${errorText(a)}${b === 0 ? '' : ` (layer ${b})`}`,
  promoted: (a, b, generation) =>
    isUnproposed(a, b)
      ? `generation ${generation} installed`
      : `generation ${generation} installed; proposed before each truth: models ${percent(a)}, start rule ${percent(b)}`,
  rejected: () => 'the training gave the running model once more: no new generation',
  'rolled-back': (_a, _b, generation) => `rolled back to generation ${generation} by command`,
  'auto-rolled-back': (_a, _b, generation) =>
    `rolled back to generation ${generation} by itself: it did worse in the loop`,
  'model-restored': (_a, _b, generation) => `generation ${generation} restored from a backup`,
  'voice-leads': (a, b) => `${voiceName(a)} has been right most often: ${percent(b)} of the truths`,
  suspicion: (a, b) => suspicionText(a, b),
  mode: (a) => `mode ${wordOf(Mode, a) ?? a}`,
  saved: () => 'state saved',
  'save-failed': (a) => `state not saved: ${errorText(a)}`,
  drift: (a, b) => `drift: accuracy ${percent(a)}, trainings in a row: ${b}`,
  alarm: (a) => `alarm ${a}`,
  'alarm-end': (a, b) =>
    a === 0 ? 'alarm ended, too short to tell its pattern' : `alarm ended: pattern ${a}, times seen: ${b}`,
  'new-pattern': (a, b) => `alarm ${b} shows a new anomaly pattern: ${a}`,
  'stream-stopped': (a) =>
    a === 0 ? 'the stream has stopped: no samples come' : `the stream has stopped during alarm ${a}`,
  'stream-back': () => 'samples come again; a new window begins',
  'patterns-restored': () => 'anomaly patterns restored from a backup',
  unlocked: () => 'management unlocked',
  'lock-refused': (a) => `unlock refused, failures in a row: ${a}`,
  'dataset-cleared': () => 'data set cleared',
  'factory-reset': () => 'reset to factory state',
  'line-kept': (a, b) => `line settings ${lineWords(a, b)} kept`,
  'local-io': (a, b) => localText(a, b),
  'line-back': (a, b) => `no request came under the new line settings: back to ${lineWords(a, b)}`,
};

/** A stream model proposes nothing; nor does a trainer before its first truth. */
const isUnproposed = (a: number, b: number): boolean => a === NOT_KNOWN && b === NOT_KNOWN;

const DETAILS: Partial<Readonly<Record<LogEventName, (a: number, b: number) => string | undefined>>> = {
  'train-begin': (a) => (a === 0 ? 'learning' : undefined),
  promoted: (a, b) => (isUnproposed(a, b) ? 'unproposed' : undefined),
  'alarm-end': (a) => (a === 0 ? 'short' : undefined),
  'stream-stopped': (a) => (a === 0 ? undefined : 'alarm'),
  mode: (a) => wordOf(Mode, a),
  'voice-leads': (a) => wordOf(DecidedBy, a),
  suspicion: (a) => wordOf(Suspicion, a),
  'local-io': (a) => wordOf(LocalState, a),
};

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
    const detail = event === 'unknown' ? undefined : DETAILS[event]?.(a, b);
    return {
      number: view.getUint32(at, true),
      uptimeSeconds: view.getUint32(at + 4, true),
      generation,
      event,
      code,
      ...(detail === undefined ? {} : { detail }),
      a,
      b,
      text: event === 'unknown' ? `event of a newer firmware (${a}, ${b})` : TEXTS[event](a, b, generation),
    };
  });
}
