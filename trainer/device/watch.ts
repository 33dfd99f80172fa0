/** Watches one trainer: polls its status, reads its log when there is news, and says when it is lost and back. */
import { EventEmitter } from 'node:events';
import type { LogRecord } from './log';
import type { TrainerStatus } from './status';

export interface WatchOptions {
  /** Time between the end of one poll and the start of the next, in milliseconds. Default 1000, least 20. */
  readonly intervalMs?: number;
  /** Longest time between two polls of a trainer that is lost. Default 15 000. */
  readonly lostIntervalMs?: number;
  /** Emit the events that were in the log before the watch began, too. Default false. */
  readonly history?: boolean;
}

export interface WatchEvents {
  status: [TrainerStatus];
  /** Every log record, oldest first. */
  event: [LogRecord];
  /** The record behind a change of state, under its own name. */
  training: [LogRecord];
  promoted: [LogRecord];
  rejected: [LogRecord];
  'rolled-back': [LogRecord];
  alarm: [LogRecord];
  drift: [LogRecord];
  /** Events that were overwritten in the ring before they could be read. */
  missed: [number];
  /** The uptime went back. */
  restarted: [TrainerStatus];
  /** No answer; emitted once, until it is back. */
  lost: [Error];
  back: [TrainerStatus];
}

/** The part of a trainer that a watch needs. */
export interface Watched {
  status(): Promise<TrainerStatus>;
  readonly log: { read(): Promise<LogRecord[]> };
}

const DEFAULT_INTERVAL_MS = 1000;
const LEAST_INTERVAL_MS = 20;
const DEFAULT_LOST_INTERVAL_MS = 15_000;
/** What setTimeout can wait. */
const LONGEST_INTERVAL_MS = 2 ** 31 - 1;

/** Which named event a record is, besides "event". */
const NAMED: Partial<
  Record<LogRecord['event'], 'training' | 'promoted' | 'rejected' | 'rolled-back' | 'alarm' | 'drift'>
> = {
  'train-begin': 'training',
  promoted: 'promoted',
  rejected: 'rejected',
  'rolled-back': 'rolled-back',
  'auto-rolled-back': 'rolled-back',
  alarm: 'alarm',
  drift: 'drift',
};

/** At least `least`. A timer that is given more than it can wait fires at once, again and again: so that is refused. */
function interval(name: string, milliseconds: number, least: number): number {
  if (!(milliseconds <= LONGEST_INTERVAL_MS))
    throw new RangeError(
      `${name} must be a number of at most ${LONGEST_INTERVAL_MS} (24 days), got ${milliseconds}`,
    );
  return Math.max(least, milliseconds);
}

export class Watch extends EventEmitter<WatchEvents> {
  private readonly trainer: Watched;
  private readonly intervalMs: number;
  private readonly lostIntervalMs: number;
  private readonly history: boolean;
  private timer: NodeJS.Timeout | undefined;
  private polling: Promise<void> | undefined;
  private closed = false;
  private lostPolls = 0;
  /** Number of the next log record to emit. */
  private logNext: number | undefined;
  private last: TrainerStatus | undefined;

  /** @throws RangeError for an interval that is no number or longer than a timer can wait */
  constructor(trainer: Watched, options: WatchOptions = {}) {
    super();
    this.trainer = trainer;
    this.intervalMs = interval('intervalMs', options.intervalMs ?? DEFAULT_INTERVAL_MS, LEAST_INTERVAL_MS);
    this.lostIntervalMs = interval(
      'lostIntervalMs',
      options.lostIntervalMs ?? DEFAULT_LOST_INTERVAL_MS,
      this.intervalMs,
    );
    this.history = options.history ?? false;
    this.schedule(0);
  }

  /** The last status; undefined before the first answer. */
  get status(): TrainerStatus | undefined {
    return this.last;
  }

  get lost(): boolean {
    return this.lostPolls > 0;
  }

  /** Polls now instead of at the next turn; resolves when that is done. Never overlaps another poll. */
  refresh(): Promise<void> {
    if (this.closed) return Promise.resolve();
    if (this.polling !== undefined) return this.polling;
    clearTimeout(this.timer);
    return this.run();
  }

  /** Ends the watch; resolves when its last request has settled. Nothing is emitted any more. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.polling;
  }

  private schedule(waitMs: number): void {
    if (this.closed) return;
    this.timer = setTimeout(() => void this.run(), waitMs);
  }

  private run(): Promise<void> {
    this.polling = this.poll().finally(() => {
      this.polling = undefined;
      this.schedule(
        this.lost
          ? Math.min(this.lostIntervalMs, this.intervalMs * 2 ** Math.min(this.lostPolls, 16))
          : this.intervalMs,
      );
    });
    return this.polling;
  }

  private async poll(): Promise<void> {
    let status: TrainerStatus;
    let records: LogRecord[];
    try {
      status = await this.trainer.status();
      records = await this.news(status);
    } catch (error) {
      if (this.closed) return;
      if (this.lostPolls++ === 0)
        this.emit('lost', error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (this.closed) return;
    const wasLost = this.lost;
    const before = this.last;
    this.lostPolls = 0;
    this.last = status;
    if (wasLost) this.emit('back', status);
    if (before !== undefined && status.uptimeSeconds < before.uptimeSeconds) this.emit('restarted', status);
    this.emit('status', status);
    for (const record of records) {
      this.emit('event', record);
      const name = NAMED[record.event];
      if (name !== undefined) this.emit(name, record);
    }
  }

  /** Log records that were not emitted yet, oldest first. */
  private async news(status: TrainerStatus): Promise<LogRecord[]> {
    const seen = this.logNext ?? (this.history ? 0 : status.logNext);
    // A log that begins anew: the board lost its memory.
    const restarted = this.last !== undefined && status.uptimeSeconds < this.last.uptimeSeconds;
    const from = status.logNext < seen || restarted ? 0 : seen;
    if (status.logNext === from) {
      this.logNext = from;
      return [];
    }
    const records = (await this.trainer.log.read()).filter(({ number }) => number >= from);
    const [first] = records;
    this.logNext = (records.at(-1)?.number ?? status.logNext - 1) + 1;
    if (first !== undefined && first.number > from && this.last !== undefined && !this.closed)
      this.emit('missed', first.number - from);
    return records;
  }
}
