/**
 * Settles a request after an attempt: with its answer, another attempt, or the error; and notes what that
 * says about its unit. The bus sends; this file decides and counts.
 */
import type { Text, Word } from '../text';
import { runningMs } from './clock';
import type { WireCounters } from './counters';
import {
  type BusError,
  BusTimeoutError,
  EXCEPTION_DEVICE_BUSY,
  EXCEPTION_GATEWAY_PATH,
  EXCEPTION_GATEWAY_TARGET,
  FrameError,
  type FrameFault,
  ModbusExceptionError,
  UnitUnreachableError,
} from './errors';
import type { PendingRequest } from './pending_request';
import type { PriorityQueue } from './queue';
import type { IdentificationReply } from './requests';
import type { UnitHealth } from './unit_health';
import type { Units } from './units';

/** Pause before a request that met "busy" is sent again, in milliseconds. */
const BUSY_PAUSE_MS = 50;

/** What there is to know about the bus. */
export interface BusView {
  /** Whether this request is on its way. */
  isCurrent(pending: PendingRequest): boolean;
  /** Whether something can be sent. */
  isOpen(): boolean;
  /** Whether the bus was closed for good. */
  hasEnded(): boolean;
  /** Why the wire is not open. */
  reason(): Word;
}

export class Settling {
  private readonly queue: PriorityQueue<PendingRequest>;
  private readonly units: Units;
  private readonly counters: WireCounters;
  private readonly lateWindowMs: number;
  private readonly bus: BusView;

  constructor(
    queue: PriorityQueue<PendingRequest>,
    units: Units,
    counters: WireCounters,
    lateWindowMs: number,
    bus: BusView,
  ) {
    this.queue = queue;
    this.units = units;
    this.counters = counters;
    this.lateWindowMs = lateWindowMs;
    this.bus = bus;
  }

  /** Earliest time at which a request to this unit may be sent: 0 for one that is alive. */
  probeAt(unit: UnitHealth, now: number): number {
    const livingWaits = (): boolean => this.queue.some((request) => this.units.of(request.target.unit).alive);
    return this.units.probeAt(unit, now, livingWaits);
  }

  /** One part of a device identification; asks for the rest. */
  addIdentification(
    pending: PendingRequest,
    reply: IdentificationReply,
    nextObject: number | undefined,
  ): void {
    const before = pending.identification;
    const whole = { ...reply, objects: { ...before?.reply.objects, ...reply.objects } };
    const asked = before?.nextObject ?? (pending.request as { objectId?: number }).objectId ?? 0;
    // An object id that does not grow would ask for ever.
    if (nextObject === undefined || nextObject <= asked || pending.settled) {
      pending.resolve(whole);
      return;
    }
    pending.identification = { reply: whole, nextObject };
    this.queue.addFirst(pending);
    this.watchDeadline(pending);
  }

  /** The unit, or a gateway for it, answered with an exception. */
  excepted(pending: PendingRequest, unit: UnitHealth, exception: number, sentAt: number): void {
    const now = runningMs();
    this.counters.exceptions++;
    unit.counters.exceptions++;
    const byGateway = exception === EXCEPTION_GATEWAY_TARGET || exception === EXCEPTION_GATEWAY_PATH;
    // A gateway that answers for a unit is the unit's silence, not its life.
    if (byGateway) this.noteSilence(unit, now, now - sentAt);
    else this.units.answered(unit, now - sentAt);
    const error = new ModbusExceptionError(pending.target, exception);
    const pause = exception === EXCEPTION_DEVICE_BUSY ? BUSY_PAUSE_MS : 0;
    this.retryOrReject(pending, unit, error, now + pause);
  }

  /** Nothing came back. `mayBeMistaken`: a late answer would look like the answer to the next request. */
  silent(pending: PendingRequest, unit: UnitHealth, sentAt: number, mayBeMistaken: boolean): void {
    const now = runningMs();
    this.counters.timeouts++;
    unit.counters.timeouts++;
    if (mayBeMistaken && pending.accept === undefined)
      unit.quarantineUntil = now + unit.lateWindowMs(this.lateWindowMs);
    this.noteSilence(unit, now, now - sentAt);
    const error = new BusTimeoutError(pending.target, 'reply', now - sentAt, pending.fared(now));
    this.retryOrReject(pending, unit, error, now);
  }

  /** What came back was no answer. */
  damaged(pending: PendingRequest, unit: UnitHealth, fault: FrameFault, what: Text): void {
    const now = runningMs();
    const counter = fault === 'crc' ? 'crcErrors' : 'frameErrors';
    this.counters[counter]++;
    unit.counters[counter]++;
    this.retryOrReject(pending, unit, new FrameError(pending.target, fault, what, pending.fared(now)), now);
  }

  /** Sends it again, not before `notBefore`, if the request allows it and there is time; else it fails. */
  retryOrReject(pending: PendingRequest, unit: UnitHealth, error: BusError, notBefore: number): void {
    if (pending.settled) return;
    const earliest = Math.max(notBefore, runningMs());
    if (
      !error.retryable ||
      pending.retriesLeft === 0 ||
      earliest >= pending.deadlineAt ||
      this.bus.hasEnded()
    ) {
      pending.reject(error);
      return;
    }
    pending.retriesLeft--;
    this.counters.retries++;
    unit.counters.retries++;
    pending.notBefore = notBefore;
    this.queue.addFirst(pending);
    pending.lastError = error;
    this.watchDeadline(pending);
  }

  watchDeadline(pending: PendingRequest): void {
    pending.watchDeadline(() => this.expire(pending));
  }

  /** The deadline has passed, or is too near. A request on its way keeps the wire until its answer or its time-out. */
  expire(pending: PendingRequest): void {
    if (pending.settled) return;
    const now = runningMs();
    const waited = now - pending.madeAt;
    if (pending.lastError !== undefined) {
      this.queue.remove(pending);
      pending.reject(this.finalError(pending, pending.lastError, now));
    } else if (this.bus.isCurrent(pending)) {
      pending.reject(new BusTimeoutError(pending.target, 'reply', waited, pending.fared(now)));
    } else {
      this.queue.remove(pending);
      this.counters.expired++;
      const phase = this.bus.isOpen() ? 'queue' : 'connect';
      pending.reject(
        new BusTimeoutError(pending.target, phase, waited, pending.fared(now), this.bus.reason()),
      );
    }
  }

  /** The error of the last attempt, telling of all of them. */
  private finalError(pending: PendingRequest, last: BusError, now: number): BusError {
    if (last instanceof BusTimeoutError && last.phase === 'reply')
      return new BusTimeoutError(pending.target, 'reply', last.waitedMs, pending.fared(now));
    return last;
  }

  /** The unit is known not to answer. */
  refusal(pending: PendingRequest, unit: UnitHealth, now: number): UnitUnreachableError {
    this.counters.refusals++;
    unit.counters.refusals++;
    const wait = this.probeAt(unit, now) - now;
    return new UnitUnreachableError(pending.target, unit.silentRequests, wait, pending.wire);
  }

  private noteSilence(unit: UnitHealth, now: number, tookMs: number): void {
    if (!this.units.silent(unit, now, tookMs)) return;
    const waiting = this.queue.takeAll(
      (request) => request.target.unit === unit.unit && request.attempts === 0,
    );
    for (const request of waiting) request.reject(this.refusal(request, unit, now));
  }
}
