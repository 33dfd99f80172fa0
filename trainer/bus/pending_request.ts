/** A request from the moment it is made until its promise settles. */
import { text } from '../text';
import { whenAborted } from './aborts';
import { runningMs, Wait } from './clock';
import type { RequestOptions } from './contract';
import { type Attempts, type BusError, BusRequestError, type Target, type WireKind } from './errors';
import type { Tuning } from './options';
import { PRIORITIES, type Priority } from './queue';
import { type BusReply, type BusRequest, type IdentificationReply, isWrite, targetOf } from './requests';

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
  readonly deadlineMs: number;
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
  /** A read went before it, to find out whether the line echoes. */
  readBefore = false;
  settled = false;
  readonly wire: WireKind;
  private readonly settlement: Settlement;
  private deadline: Wait | undefined;
  private release: (() => void) | undefined;

  /** @throws BusRequestError when an option is wrong */
  constructor(
    request: BusRequest,
    options: RequestOptions,
    owner: object | undefined,
    settlement: Settlement,
    { tuning, wire }: { readonly tuning: Tuning; readonly wire: WireKind },
  ) {
    this.request = request;
    this.target = targetOf(request);
    this.retriesLeft = options.retries ?? (isWrite(request.fc) ? 0 : tuning.readRetries);
    if (!Number.isInteger(this.retriesLeft) || this.retriesLeft < 0)
      throw new BusRequestError('retries', text('bus.request.retries'), this.target);
    this.priority = options.priority ?? 'monitoring';
    if (!PRIORITIES.includes(this.priority))
      throw new BusRequestError(
        'priority',
        text('bus.request.priority', { allowed: PRIORITIES }),
        this.target,
      );
    this.responseTimeoutMs = options.responseTimeoutMs ?? tuning.responseTimeoutMs;
    this.madeAt = runningMs();
    this.deadlineMs = options.deadlineMs ?? tuning.deadlineMs;
    this.deadlineAt = this.madeAt + this.deadlineMs;
    this.owner = owner;
    this.accept = options.accept as ((reply: BusReply) => boolean) | undefined;
    this.settlement = settlement;
    this.wire = wire;
  }

  /** How it has fared so far. */
  fared(now: number): Attempts {
    return { attempts: this.attempts, totalMs: now - this.madeAt, wire: this.wire };
  }

  /**
   * Whether it is too late to send it now: less time is left than its unit takes to answer, `replyMs`. One that has waited for less
   * than half its time is sent in any case: its caller wants it as fast as that.
   */
  isTooLate(now: number, replyMs: number): boolean {
    const wanted = Math.min(replyMs, this.deadlineMs / 2);
    return this.deadlineAt - now < wanted;
  }

  /** Calls `expired` when the deadline passes, unless the request has settled by then. */
  watchDeadline(expired: () => void): void {
    if (this.settled) return;
    this.deadline ??= new Wait(Math.max(0, this.deadlineAt - runningMs()), expired);
  }

  /** Calls `aborted` when the signal fires before the request has settled. */
  watchSignal(signal: AbortSignal, aborted: () => void): void {
    this.release = whenAborted(signal, aborted);
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
    this.deadline?.cancel();
    this.release?.();
    return true;
  }
}
