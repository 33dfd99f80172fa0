/** What the on-board log tells is worded in the sidebar's catalogue, whatever the two numbers of a record mean. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DecidedBy,
  Limits,
  LocalState,
  Event as LogEvent,
  Mode,
  Suspicion,
} from '../../trainer/contract/contract.generated';
import { decodeLog, type LogRecord } from '../../trainer/device/log';
import { ROOT } from './real_node_red';

const NOT_KNOWN = 65_535;
/** Errors and line settings, which the text of the record names. */
const ENGLISH = ['TRAIN_FAILED', 'SAVE_FAILED', 'LINE_KEPT', 'LINE_BACK'];
/** Of decisions; what holds one back has no truths to be right about. */
const VOICES = [
  DecidedBy.START_RULE,
  DecidedBy.FOLLOWING_RULE,
  DecidedBy.LAST_TRUTH,
  DecidedBy.MODEL,
  DecidedBy.SECOND_MODEL,
];
const FIRST_NUMBERS: Readonly<Record<string, readonly number[]>> = {
  MODE: Object.values(Mode),
  VOICE_LEADS: VOICES,
  SUSPICION: Object.values(Suspicion),
  LOCAL_IO: Object.values(LocalState),
};

function record(code: number, a: number, b: number): LogRecord {
  const view = new DataView(new ArrayBuffer(Limits.LOG_RECORD_BYTES));
  view.setUint8(10, code);
  view.setUint16(12, a, true);
  view.setUint16(14, b, true);
  const [found] = decodeLog(1, new Uint8Array(view.buffer));
  if (found === undefined) throw new Error('no record');
  return found;
}

const keyOf = ({ event, detail }: LogRecord): string => (detail === undefined ? event : `${event}-${detail}`);

describe('the words of the on-board log', () => {
  const file = readFileSync(join(ROOT, 'locales/en-US/sidebar.json'), 'utf8');
  const words = new Set(Object.keys((JSON.parse(file) as { log: object }).log));
  const records = Object.entries(LogEvent)
    .filter(([name]) => !ENGLISH.includes(name))
    .flatMap(([name, code]) =>
      (FIRST_NUMBERS[name] ?? [0, 3, NOT_KNOWN]).map((a) => record(code, a, a === NOT_KNOWN ? a : 2)),
    );

  it('are in the catalogue for every event and everything that it may mean', () => {
    assert.deepEqual([...new Set(records.map(keyOf).filter((key) => !words.has(key)))], []);
  });

  it('are none that no record asks for', () => {
    const asked = new Set(records.map(keyOf));
    assert.deepEqual(
      [...words].filter((key) => !asked.has(key)),
      [],
    );
  });
});
