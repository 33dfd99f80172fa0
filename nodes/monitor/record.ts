/**
 * The flat record of a trainer's history: one row of a table, one point of a time series. Every value is a number, a text or a
 * boolean; what is not known is left out, which a database takes as NULL. docs/history.md has the table.
 */
import type { BusStatus } from '../../trainer/bus';
import type { LogRecord, StreamResult, TrainerStatus, VoicesStatus } from '../../trainer/device';

/** Columns with their SQL types, in the order of the table. */
export const RECORD_COLUMNS = {
  /** Milliseconds since 1970. */
  time: 'bigint',
  device: 'text',
  unit: 'integer',
  /** `status` or `event`. */
  record: 'text',
  state: 'text',
  mode: 'text',
  generation: 'integer',
  /** Shares from 0 to 1. */
  accuracy: 'real',
  accuracy_model: 'real',
  accuracy_second_model: 'real',
  accuracy_start_rule: 'real',
  accuracy_following_rule: 'real',
  accuracy_last_truth: 'real',
  inferences: 'bigint',
  judged: 'bigint',
  satisfied: 'bigint',
  samples: 'integer',
  samples_capacity: 'integer',
  trainings: 'bigint',
  promoted: 'bigint',
  rejected: 'bigint',
  rolled_back: 'bigint',
  drift: 'boolean',
  suspicion: 'text',
  score: 'real',
  threshold: 'real',
  alarm: 'boolean',
  pattern: 'integer',
  pattern_name: 'text',
  regime: 'integer',
  regime_name: 'text',
  answers: 'boolean',
  timeouts: 'bigint',
  check_sum_errors: 'bigint',
  uptime_seconds: 'bigint',
  saves: 'bigint',
  event: 'text',
  event_number: 'bigint',
  event_text: 'text',
} as const;

type Column = keyof typeof RECORD_COLUMNS;
type Value = string | number | boolean;
export type HistoryRecord = Partial<Record<Column, Value>>;

/** Who the record is about. */
export interface Source {
  readonly device: string;
  readonly unit: number;
}

/** Facts of a look at the trainer, besides its status. */
export interface Findings {
  readonly voices?: VoicesStatus;
  readonly stream?: StreamResult;
  readonly health?: BusStatus;
}

const known = (values: Partial<Record<Column, Value | undefined>>): HistoryRecord =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

function ofVoices(found: VoicesStatus | undefined): HistoryRecord {
  const accuracies = found?.voices.map(({ name, accuracy }) => [
    `accuracy_${name.replace(/-/g, '_')}`,
    accuracy,
  ]);
  const columns = (accuracies ?? []).filter(([name]) => (name as string) in RECORD_COLUMNS);
  return known({ ...Object.fromEntries(columns), suspicion: found?.suspicion });
}

function ofStream(result: StreamResult | undefined): HistoryRecord {
  if (result?.calibrated !== true) return {};
  const { score, threshold, alarm, pattern, patternName, regime, regimeName } = result;
  return { score, threshold, alarm, pattern, pattern_name: patternName, regime, regime_name: regimeName };
}

function ofBus(health: BusStatus | undefined, unit: number): HistoryRecord {
  if (health === undefined) return {};
  const counters = health.units.find((entry) => entry.unit === unit);
  return known({
    answers: health.state === 'open' && counters?.alive === true,
    timeouts: counters?.timeouts,
    check_sum_errors: counters?.crcErrors,
  });
}

export function statusRecord(
  source: Source,
  time: number,
  status: TrainerStatus,
  found: Findings,
): HistoryRecord {
  return known({
    time,
    ...source,
    record: 'status',
    state: status.state,
    mode: status.mode,
    generation: status.generation,
    accuracy: status.windowAccuracy,
    ...ofVoices(found.voices),
    inferences: status.inferences,
    judged: status.judged,
    satisfied: status.satisfied,
    samples: status.samplesStored,
    samples_capacity: status.samplesCapacity,
    trainings: status.trainings,
    promoted: status.promoted,
    rejected: status.rejected,
    rolled_back: status.rolledBack,
    drift: status.drift,
    ...ofStream(found.stream),
    ...ofBus(found.health, source.unit),
    uptime_seconds: status.uptimeSeconds,
    saves: status.saves,
  });
}

/** An event that the host noticed and not the board: the trainer is lost, or back. */
export function linkRecord(
  source: Source,
  time: number,
  event: string,
  text: string,
  health?: BusStatus,
): HistoryRecord {
  return { time, ...source, record: 'event', ...ofBus(health, source.unit), event, event_text: text };
}

/**
 * An event of the on-board log, at the time at which it happened. The log counts seconds; the number of the event fills the
 * milliseconds, so that no two events of a device have the same time.
 * @param now the status that was read with the log, at `time`
 */
export function eventRecord(
  source: Source,
  time: number,
  now: TrainerStatus | undefined,
  log: LogRecord,
): HistoryRecord {
  // An event of before a restart has an uptime of its own.
  const age = now === undefined ? 0 : Math.max(0, now.uptimeSeconds - log.uptimeSeconds);
  const second = Math.floor(time / 1000) - age;
  return {
    time: 1000 * second + (log.number % 1000),
    ...source,
    record: 'event',
    generation: log.generation,
    event: log.event,
    event_number: log.number,
    event_text: log.text,
  };
}
