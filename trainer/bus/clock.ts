/**
 * A clock that stands still while this process does. Whoever waits for an answer has not waited while the process was busy with
 * something else (thousands of messages at once, a long garbage collection): the answer may have arrived long ago and nobody looked.
 * So time-outs and deadlines are measured on this clock, and end only after what arrived meanwhile was looked at.
 */

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
  private lookedAt = 0;
  private waits = 0;
  private ticker: NodeJS.Timeout | undefined;

  now(): number {
    const now = nowMs();
    if (this.ticker !== undefined) {
      const late = now - this.lookedAt - TICK_MS;
      if (late > TOLERANCE_MS) {
        this.missedMs += late;
        this.lookedAt = now;
      }
    }
    return now - this.missedMs;
  }

  begin(): void {
    this.waits++;
    if (this.ticker !== undefined) return;
    this.lookedAt = nowMs();
    this.ticker = setInterval(() => this.tick(), TICK_MS);
    this.ticker.unref();
  }

  end(): void {
    this.waits--;
  }

  private tick(): void {
    this.now();
    this.lookedAt = nowMs();
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
