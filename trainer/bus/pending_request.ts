/** A request from the moment it is made until its promise settles. */
import type { BusError, Target } from './errors';
import type { Priority } from './queue';
import type { BusReply, BusRequest, IdentificationReply } from './requests';

export interface Settlement {
  resolve(reply: BusReply): void;
  reject(error: unknown): void;
}

export class PendingRequest {
  readonly request: BusRequest;
  readonly target: Target;
  readonly priority: Priority;
  readonly responseTimeoutMs: number;
  readonly madeAt: number;
  readonly deadlineAt: number;
  /** Whoever closes takes its own requests along. */
  readonly owner: object | undefined;
  /** Says whether an answer is the one to this request. */
  readonly accept: ((reply: BusReply) => boolean) | undefined;
  retriesLeft: number;
  /** Times it was sent. */
  attempts = 0;
  /** Not to be sent before this time. */
  notBefore = 0;
  /** What a device identification in several parts has brought so far, and the object to ask for next. */
  identification: { reply: IdentificationReply; nextObject: number } | undefined;
  /** Why it is being sent again. */
  lastError: BusError | undefined;
  settled = false;
  private readonly settlement: Settlement;
  private deadlineTimer: NodeJS.Timeout | undefined;
  private release: (() => void) | undefined;

  constructor(
    request: BusRequest,
    target: Target,
    settlement: Settlement,
    terms: {
      priority: Priority;
      responseTimeoutMs: number;
      deadlineMs: number;
      retries: number;
      madeAt: number;
      owner: object | undefined;
      accept: ((reply: BusReply) => boolean) | undefined;
    },
  ) {
    this.request = request;
    this.target = target;
    this.settlement = settlement;
    this.priority = terms.priority;
    this.responseTimeoutMs = terms.responseTimeoutMs;
    this.retriesLeft = terms.retries;
    this.madeAt = terms.madeAt;
    this.deadlineAt = terms.madeAt + terms.deadlineMs;
    this.owner = terms.owner;
    this.accept = terms.accept;
  }

  /** Calls `expired` when the deadline passes, unless the request has settled by then. */
  watchDeadline(now: number, expired: () => void): void {
    if (this.settled) return;
    this.deadlineTimer ??= setTimeout(
      () => {
        this.deadlineTimer = undefined;
        expired();
      },
      Math.max(0, this.deadlineAt - now),
    );
  }

  /** Calls `aborted` when the signal fires before the request has settled. */
  watchSignal(signal: AbortSignal, aborted: () => void): void {
    signal.addEventListener('abort', aborted, { once: true });
    this.release = () => signal.removeEventListener('abort', aborted);
  }

  resolve(reply: BusReply): void {
    if (this.settle()) this.settlement.resolve(reply);
  }

  reject(error: unknown): void {
    if (this.settle()) this.settlement.reject(error);
  }

  private settle(): boolean {
    if (this.settled) return false;
    this.settled = true;
    clearTimeout(this.deadlineTimer);
    this.release?.();
    return true;
  }
}
