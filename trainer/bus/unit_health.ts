/**
 * Whether a unit answers. One that left several requests in a row unanswered is taken for dead: its requests are
 * refused at once, and now and then one is let through as a probe with a short time-out, at growing intervals.
 * So a dead unit costs the wire a bounded share of its time, whatever its users ask of it.
 */
import { newUnitCounters, type UnitCounters } from './counters';

export interface HealthRules {
  /** Unanswered requests in a row that make a unit dead. */
  readonly failuresUntilDead: number;
  /** First and longest time between probes, in milliseconds. */
  readonly probeMinMs: number;
  readonly probeMaxMs: number;
}

/** Share of the wire's time that probes of dead units may take while others wait. */
export const PROBE_SHARE = 0.1;
/** Shortest time-out of a probe, in milliseconds. */
const PROBE_TIMEOUT_FLOOR_MS = 50;
/** A probe waits this many times the slowest answer lately seen from the unit. */
const PROBE_SLACK = 2;
/** Weight of a new round-trip time in the running mean. */
const MEAN_WEIGHT = 0.1;
/** The slowest answer fades by this factor with every faster one. */
const PEAK_FADE = 0.99;

/** The late window of a unit is this many times the lateness seen, and never longer than the limit. */
const LATENESS_SLACK = 1.5;
const LATENESS_FADE = 0.9;
const LATE_WINDOW_LIMIT_MS = 5000;

/** What a user sees of a unit. */
export interface UnitStatus extends Readonly<UnitCounters> {
  readonly unit: number;
  readonly alive: boolean;
  /** Requests left unanswered since the last answer. */
  readonly silentRequests: number;
  /** Running mean of the time from sending to answer, in milliseconds; 0 before the first answer. */
  readonly meanReplyMs: number;
}

export class UnitHealth {
  readonly unit: number;
  readonly counters: UnitCounters = newUnitCounters();
  alive = true;
  silentRequests = 0;
  /** How late this unit's answers have been at most, in milliseconds after their time-out; fades. */
  private latestMs = 0;
  /** No request goes out before this time, so that the bus can tell a late answer apart. */
  quarantineUntil = 0;
  /** When a dead unit may be tried again. */
  nextProbeAt = 0;
  private probeIntervalMs = 0;
  private meanReplyMs = 0;
  private slowestReplyMs = 0;
  private readonly rules: HealthRules;

  constructor(unit: number, rules: HealthRules) {
    this.unit = unit;
    this.rules = rules;
  }

  /** The unit answered after `replyMs` (undefined when the answer came too late to be timed). True: it was dead. */
  answered(replyMs?: number): boolean {
    this.silentRequests = 0;
    if (replyMs !== undefined) {
      this.meanReplyMs =
        this.meanReplyMs === 0 ? replyMs : this.meanReplyMs + MEAN_WEIGHT * (replyMs - this.meanReplyMs);
      this.slowestReplyMs = Math.max(replyMs, this.slowestReplyMs * PEAK_FADE);
    }
    if (this.alive) return false;
    this.alive = true;
    return true;
  }

  /** A request was left unanswered. True: the unit is now taken for dead and was not before. */
  silent(now: number): boolean {
    this.silentRequests++;
    if (this.alive) {
      if (this.silentRequests < this.rules.failuresUntilDead) return false;
      this.alive = false;
      this.probeIntervalMs = this.rules.probeMinMs;
      this.nextProbeAt = now + this.probeIntervalMs;
      return true;
    }
    this.probeIntervalMs = Math.min(this.rules.probeMaxMs, 2 * this.probeIntervalMs);
    this.nextProbeAt = now + this.probeIntervalMs;
    return false;
  }

  /** An answer came `afterMs` after its request was given up. */
  answeredLate(afterMs: number): void {
    this.latestMs = Math.max(afterMs, this.latestMs * LATENESS_FADE);
  }

  /**
   * Pause after an unanswered request in which a late answer is recognised for what it is, in milliseconds: `leastMs`,
   * or longer for a unit whose answers have been later than that.
   */
  lateWindowMs(leastMs: number): number {
    return Math.min(LATE_WINDOW_LIMIT_MS, Math.max(leastMs, LATENESS_SLACK * this.latestMs));
  }

  /** The wire was opened afresh: the unit may be back, too. */
  wireReopened(): void {
    this.quarantineUntil = 0;
    this.nextProbeAt = 0;
  }

  /**
   * Time-out of the next request. For a probe it is short at first and grows with the interval, so that a unit which
   * has become slow is found again; never more than `responseTimeoutMs`.
   */
  timeoutMs(responseTimeoutMs: number): number {
    if (this.alive) return responseTimeoutMs;
    const known = Math.max(PROBE_TIMEOUT_FLOOR_MS, PROBE_SLACK * this.slowestReplyMs);
    return Math.min(responseTimeoutMs, Math.max(known, PROBE_SHARE * this.probeIntervalMs));
  }

  /** What an answer takes at most, as far as is known; 0 before the first one. */
  get replyMs(): number {
    return this.slowestReplyMs;
  }

  /** How long an answer that could be a late one is held: twice what the unit usually takes, 20..500 ms. */
  confirmMs(): number {
    return Math.min(500, Math.max(20, PROBE_SLACK * this.slowestReplyMs));
  }

  status(): UnitStatus {
    const { unit, alive, silentRequests, meanReplyMs } = this;
    return { unit, alive, silentRequests, meanReplyMs, ...this.counters };
  }
}
