/**
 * A clock that stands still while this process does. Whoever waits for an answer has not waited while the process was busy with
 * something else (thousands of messages at once, a long garbage collection): the answer may have arrived long ago and nobody looked.
 * So time-outs and deadlines are measured on this clock, and end only after what arrived meanwhile was looked at.
 */
import { performance } from 'node:perf_hooks';

/** The event loop is looked after this often while somebody waits, in milliseconds. */
const TICK_MS = 50;
/** A tick that comes this much too late shows that the process stood still. */
const TOLERANCE_MS = 25;

/** Milliseconds on a clock that never goes back and counts everything. */
export function nowMs(): number {
  return performance.now();
}

class RunningClock {
  private missedMs = 0;
  /** When the last tick was. */
  private tickedAt = 0;
  private waits = 0;
  private ticker: NodeJS.Timeout | undefined;

  /** Stands still from when the next tick is overdue until it comes. */
  now(): number {
    const now = nowMs();
    return (this.ticker === undefined ? now : Math.min(now, this.overdueAt)) - this.missedMs;
  }

  begin(): void {
    this.waits++;
    if (this.ticker !== undefined) return;
    this.tickedAt = nowMs();
    this.ticker = setInterval(() => this.tick(), TICK_MS);
    this.ticker.unref();
  }

  end(): void {
    this.waits--;
  }

  private get overdueAt(): number {
    return this.tickedAt + TICK_MS + TOLERANCE_MS;
  }

  private tick(): void {
    const now = nowMs();
    this.missedMs += Math.max(0, now - this.overdueAt);
    this.tickedAt = now;
    if (this.waits > 0) return;
    clearInterval(this.ticker);
    this.ticker = undefined;
  }
}

const clock = new RunningClock();

/** Milliseconds on the clock that stands still while this process does. */
export function runningMs(): number {
  return clock.now();
}

/** Calls `expired` after so much running time, unless it is cancelled before. */
export class Wait {
  private readonly dueAt: number;
  private readonly expired: () => void;
  private timer: NodeJS.Timeout | undefined;
  private over = false;

  constructor(ms: number, expired: () => void) {
    this.expired = expired;
    clock.begin();
    this.dueAt = clock.now() + ms;
    this.timer = setTimeout(() => this.fire(), ms);
  }

  cancel(): void {
    if (this.over) return;
    this.over = true;
    clock.end();
    clearTimeout(this.timer);
  }

  private fire(): void {
    const left = this.dueAt - clock.now();
    if (left > 1) {
      this.timer = setTimeout(() => this.fire(), left);
      return;
    }
    // Timers come before arrived bytes in a turn of the event loop; the bytes go first.
    setImmediate(() => {
      if (this.over) return;
      this.cancel();
      this.expired();
    });
  }
}
