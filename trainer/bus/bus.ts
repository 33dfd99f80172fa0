/**
 * The one owner of a wire. Every request from every user goes through its queue, one at a time, so that answers
 * cannot be mixed up; it keeps the wire open, and keeps a unit that does not answer from holding up the others.
 */
import { EventEmitter } from 'node:events';
import { Codec, confirmationOf } from './codec';
import type { BusEvents, BusState, BusStatus, RequestOptions, TrafficEvent } from './contract';
import { newWireCounters, type WireCounters } from './counters';
import {
  BusAbortedError,
  BusClosedError,
  type BusError,
  BusFullError,
  BusRequestError,
  BusTimeoutError,
  EXCEPTION_DEVICE_BUSY,
  EXCEPTION_GATEWAY_PATH,
  EXCEPTION_GATEWAY_TARGET,
  FrameError,
  ModbusExceptionError,
  UnitUnreachableError,
} from './errors';
import { Link } from './link';
import { MbapWire } from './mbap_wire';
import type { WirePlan } from './options';
import { PendingRequest } from './pending_request';
import { PRIORITIES, PriorityQueue } from './queue';
import { isException, standaloneIdentification } from './reply_shape';
import {
  type BusReply,
  type BusRequest,
  checkRequest,
  type IdentificationReply,
  isWrite,
  type ReplyTo,
  targetOf,
} from './requests';
import { RtuWire } from './rtu_wire';
import type { Transport } from './transports/transport';
import { PROBE_SHARE, UnitHealth, type UnitStatus } from './unit_health';
import { type ExchangeFault, nowMs, type Wire, type WireEvents } from './wire';

/** Pause before a request that met "busy" is sent again, in milliseconds. */
const BUSY_PAUSE_MS = 50;
/** Requests in a row without a single byte back after which a TCP connection is first made afresh. */
const SILENT_REQUESTS_UNTIL_RECYCLE = 4;

export class Bus extends EventEmitter<BusEvents> {
  /** Identity of the wire; see `planWire`. */
  readonly key: string;
  /** Name of the wire for messages. */
  readonly name: string;
  private readonly plan: WirePlan;
  private readonly link: Link;
  private readonly codec = new Codec();
  private readonly queue = new PriorityQueue<PendingRequest>();
  private readonly units = new Map<number, UnitHealth>();
  private readonly counters: WireCounters = newWireCounters();
  private wire: Wire | undefined;
  private current: PendingRequest | undefined;
  private pumping = false;
  private wakeTimer: NodeJS.Timeout | undefined;
  private wakeAt = Number.POSITIVE_INFINITY;
  private broadcastTimer: NodeJS.Timeout | undefined;
  private probesBlockedUntil = 0;
  private silentInRow = 0;
  private connections = 0;
  private ended = false;

  /** Opens nothing by itself; see `start`. Use `openBus` unless the wire is nobody else's for sure. */
  constructor(plan: WirePlan) {
    super();
    this.plan = plan;
    this.key = plan.key;
    this.name = plan.name;
    const { reconnectMinMs, reconnectMaxMs, settleMs } = plan.tuning;
    this.link = new Link(plan.makeTransport, { minMs: reconnectMinMs, maxMs: reconnectMaxMs }, settleMs, {
      opened: (transport) => this.opened(transport),
      data: (bytes) => {
        this.silentInRow = 0;
        this.wire?.receive(bytes);
      },
      state: (state, reason, nextAttemptMs) => this.stateChanged(state, reason, nextAttemptMs),
    });
  }

  get state(): BusState {
    return this.link.state;
  }

  /** Starts to connect; requests made meanwhile wait for it. */
  start(): void {
    this.link.start();
  }

  /**
   * Sends a request when its turn comes and resolves with the answer.
   *
   * Rejects with BusRequestError (a limit of Modbus is broken, nothing sent), BusFullError, UnitUnreachableError (both
   * at once, nothing sent), BusTimeoutError, FrameError, ModbusExceptionError, BusClosedError or BusAbortedError.
   */
  request<R extends BusRequest>(
    request: R,
    options: RequestOptions<R> = {},
    owner?: object,
  ): Promise<ReplyTo<R>> {
    return new Promise<ReplyTo<R>>((resolve, reject) => {
      const target = targetOf(request);
      if (this.ended) throw new BusClosedError(this.name, 'is closed', false, target);
      checkRequest(request, this.plan.serialAddressing);
      const pending = this.admit(request, options, owner, {
        resolve: resolve as (reply: BusReply) => void,
        reject,
      });
      this.queue.add(pending);
      this.pump();
      if (!pending.settled && this.current !== pending) this.watchDeadline(pending);
      this.counters.longestQueue = Math.max(this.counters.longestQueue, this.queue.size);
    });
  }

  /** Settles every request of one user, without closing the wire. */
  abandon(owner: object): void {
    for (const pending of this.queue.takeAll((one) => one.owner === owner)) this.rejectClosed(pending);
    if (this.current?.owner === owner) this.rejectClosed(this.current);
  }

  /** Closes the wire and settles every request; resolves when the wire is free for another owner. */
  async close(): Promise<void> {
    if (!this.ended) {
      this.ended = true;
      this.dropWire();
      clearTimeout(this.wakeTimer);
      const { current } = this;
      this.current = undefined;
      if (current !== undefined) this.rejectClosed(current);
      for (const pending of this.queue.takeAll()) this.rejectClosed(pending);
    }
    await this.link.close();
  }

  status(): BusStatus {
    return {
      wire: this.name,
      state: this.state,
      reason: this.link.reason,
      waiting: this.queue.size,
      counters: { ...this.counters },
      units: [...this.units.values()].map((unit) => unit.status()),
    };
  }

  /** Health of one unit, undefined when it was never asked anything. */
  unit(unit: number): UnitStatus | undefined {
    return this.units.get(unit)?.status();
  }

  private admit<R extends BusRequest>(
    request: R,
    options: RequestOptions<R>,
    owner: object | undefined,
    settlement: ConstructorParameters<typeof PendingRequest>[2],
  ): PendingRequest {
    const { tuning } = this.plan;
    const target = targetOf(request);
    const retries = options.retries ?? (isWrite(request.fc) ? 0 : tuning.readRetries);
    if (!Number.isInteger(retries) || retries < 0)
      throw new BusRequestError('retries', 'retries must be an integer of at least 0', target);
    const priority = options.priority ?? 'monitoring';
    if (!PRIORITIES.includes(priority))
      throw new BusRequestError('priority', `priority must be one of ${PRIORITIES.join(', ')}`, target);
    const madeAt = nowMs();
    if (options.signal?.aborted === true) throw new BusAbortedError(target, false, options.signal.reason);
    const pending = new PendingRequest(request, target, settlement, {
      priority,
      responseTimeoutMs: options.responseTimeoutMs ?? tuning.responseTimeoutMs,
      deadlineMs: options.deadlineMs ?? tuning.deadlineMs,
      retries,
      madeAt,
      owner,
      accept: options.accept as ((reply: BusReply) => boolean) | undefined,
    });
    const unit = this.healthOf(request.unit);
    if (this.wire !== undefined && this.probeAt(unit, madeAt) > madeAt)
      throw this.refuse(pending, unit, madeAt);
    if (this.queue.size >= tuning.queueLimit) {
      this.counters.queueRefusals++;
      throw new BusFullError(this.name, tuning.queueLimit, target);
    }
    if (options.signal !== undefined) {
      const { signal } = options;
      pending.watchSignal(signal, () => {
        // One that is on its way keeps the wire until its answer or its time-out, so that the answer is not mistaken.
        this.queue.remove(pending);
        pending.reject(new BusAbortedError(target, pending.attempts > 0, signal.reason));
      });
    }
    return pending;
  }

  /** Sends whatever may be sent now. */
  private pump(): void {
    // An in-process far end may answer before `begin` returns; the loop, not the stack, carries on.
    if (this.pumping) return;
    this.pumping = true;
    try {
      while (this.sendNext());
    } finally {
      this.pumping = false;
    }
  }

  private sendNext(): boolean {
    const { wire, queue } = this;
    if (wire === undefined || this.current !== undefined || queue.size === 0) return false;
    const now = nowMs();
    const wait = wire.readyIn(now);
    if (wait > 0) {
      this.wakeIn(wait, now);
      return false;
    }
    let earliest = Number.POSITIVE_INFINITY;
    const pending = queue.take((one) => {
      const at = Math.max(one.notBefore, this.healthOf(one.target.unit).quarantineUntil);
      if (at > now) earliest = Math.min(earliest, at);
      return at <= now;
    });
    if (pending === undefined) {
      this.wakeIn(earliest - now, now);
      return false;
    }
    if (pending.settled) return true;
    const unit = this.healthOf(pending.target.unit);
    const probeAt = this.probeAt(unit, now);
    if (probeAt <= now) {
      this.send(wire, pending, unit, now);
    } else if (pending.attempts > 0) {
      // A request that is being retried waits to become the probe.
      pending.notBefore = probeAt;
      queue.addFirst(pending);
    } else {
      pending.reject(this.refuse(pending, unit, now));
    }
    return true;
  }

  private wakeIn(wait: number, now: number): void {
    if (!Number.isFinite(wait)) return;
    const at = now + wait;
    if (this.wakeTimer !== undefined && this.wakeAt <= at) return;
    clearTimeout(this.wakeTimer);
    this.wakeAt = at;
    this.wakeTimer = setTimeout(() => {
      this.wakeTimer = undefined;
      this.pump();
    }, Math.ceil(wait));
  }

  /** Earliest time at which a request to this unit may be sent: 0 for one that is alive. */
  private probeAt(unit: UnitHealth, now: number): number {
    if (unit.alive) return 0;
    if (unit.nextProbeAt > now) return unit.nextProbeAt;
    // Probes may not eat up the wire while living units wait; with nobody waiting there is nothing to protect.
    const { probesBlockedUntil } = this;
    if (probesBlockedUntil > now && this.queue.some((one) => this.healthOf(one.target.unit).alive)) {
      return probesBlockedUntil;
    }
    return 0;
  }

  private send(wire: Wire, pending: PendingRequest, unit: UnitHealth, now: number): void {
    const { request } = pending;
    const frame = this.codec.encode(request, pending.identification?.nextObject);
    this.current = pending;
    pending.attempts++;
    this.counters.requests++;
    unit.counters.requests++;
    this.trace('sent', request.unit, frame);
    if (request.unit === 0 && this.plan.serialAddressing) {
      this.broadcast(wire, pending, frame);
      return;
    }
    const timeoutMs = Math.max(
      1,
      Math.min(unit.timeoutMs(pending.responseTimeoutMs), pending.deadlineAt - now),
    );
    wire.begin({
      frame,
      timeoutMs,
      confirmMs: unit.confirmMs(),
      identifiable: pending.accept !== undefined,
      answered: (answer) => this.answered(pending, unit, answer, now),
      failed: (fault, detail) => this.failed(pending, unit, fault, detail, now),
    });
  }

  private broadcast(wire: Wire, pending: PendingRequest, frame: Buffer): void {
    this.counters.broadcasts++;
    wire.send(frame);
    this.broadcastTimer = setTimeout(() => {
      if (this.current !== pending) return;
      this.current = undefined;
      pending.resolve(confirmationOf(pending.request as Parameters<typeof confirmationOf>[0], true));
      this.pump();
    }, this.plan.tuning.broadcastTurnaroundMs + wire.readyIn(nowMs()));
  }

  /** False when the answer is not the one to this request. */
  private answered(pending: PendingRequest, unit: UnitHealth, frame: Buffer, sentAt: number): boolean {
    const exception = isException(frame);
    const part = pending.request.fc === 43 && !exception ? standaloneIdentification(frame) : undefined;
    const decoded = this.codec.decode(part?.frame ?? frame);
    if (decoded.kind === 'refused') {
      this.failed(pending, unit, 'mismatch', decoded.why, sentAt);
      return true;
    }
    let refusal: unknown;
    if (decoded.kind === 'reply' && pending.accept !== undefined) {
      try {
        if (!pending.accept(decoded.reply)) return false;
      } catch (error) {
        refusal = error;
      }
    }
    const now = nowMs();
    this.trace('received', unit.unit, frame);
    this.current = undefined;
    this.counters.replies++;
    unit.counters.replies++;
    this.link.proven();
    if (decoded.kind === 'exception') {
      this.excepted(pending, unit, decoded.exception, now, sentAt);
    } else {
      this.noteAnswer(unit, now - sentAt);
      if (refusal !== undefined) pending.reject(refusal);
      else if (part === undefined) pending.resolve(decoded.reply);
      else this.addIdentification(pending, decoded.reply as IdentificationReply, part.nextObject);
    }
    this.pump();
    return true;
  }

  private addIdentification(
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

  private excepted(
    pending: PendingRequest,
    unit: UnitHealth,
    exception: number,
    now: number,
    sentAt: number,
  ): void {
    this.counters.exceptions++;
    unit.counters.exceptions++;
    const byGateway = exception === EXCEPTION_GATEWAY_TARGET || exception === EXCEPTION_GATEWAY_PATH;
    // A gateway that answers for a unit is the unit's silence, not its life.
    if (byGateway) this.noteSilence(unit, now, now - sentAt);
    else this.noteAnswer(unit, now - sentAt);
    const error = new ModbusExceptionError(pending.target, exception);
    const pause = exception === EXCEPTION_DEVICE_BUSY ? BUSY_PAUSE_MS : 0;
    this.retryOrReject(pending, unit, error, now + pause);
  }

  private failed(
    pending: PendingRequest,
    unit: UnitHealth,
    fault: ExchangeFault,
    detail: string,
    sentAt: number,
  ): void {
    const now = nowMs();
    this.current = undefined;
    let error: BusError;
    if (fault === 'silent') {
      this.counters.timeouts++;
      unit.counters.timeouts++;
      if (this.wire?.replyMayBeMistaken === true && pending.accept === undefined) {
        unit.quarantineUntil = now + unit.lateWindowMs(this.plan.tuning.lateWindowMs);
      }
      this.noteSilence(unit, now, now - sentAt);
      error = new BusTimeoutError(pending.target, 'reply', now - sentAt);
    } else {
      if (fault === 'crc') {
        this.counters.crcErrors++;
        unit.counters.crcErrors++;
      } else {
        this.counters.frameErrors++;
        unit.counters.frameErrors++;
      }
      error = new FrameError(pending.target, fault, detail);
    }
    this.retryOrReject(pending, unit, error, now);
    if (fault === 'silent') this.recycleWhenSilent();
    this.pump();
  }

  private retryOrReject(pending: PendingRequest, unit: UnitHealth, error: BusError, notBefore: number): void {
    if (pending.settled) return;
    const earliest = Math.max(notBefore, nowMs());
    if (!error.retryable || pending.retriesLeft === 0 || earliest >= pending.deadlineAt || this.ended) {
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

  private watchDeadline(pending: PendingRequest): void {
    pending.watchDeadline(nowMs(), () => this.expire(pending));
  }

  /** The deadline passed. A request on its way settles with its own time-out, which ends at the deadline too. */
  private expire(pending: PendingRequest): void {
    if (this.current === pending || pending.settled) return;
    this.queue.remove(pending);
    this.counters.expired++;
    const waited = nowMs() - pending.madeAt;
    const phase = this.wire === undefined ? 'connect' : 'queue';
    pending.reject(pending.lastError ?? new BusTimeoutError(pending.target, phase, waited, this.link.reason));
  }

  private refuse(pending: PendingRequest, unit: UnitHealth, now: number): UnitUnreachableError {
    this.counters.refusals++;
    unit.counters.refusals++;
    const wait = this.probeAt(unit, now) - now;
    return new UnitUnreachableError(pending.target, unit.silentRequests, wait);
  }

  private noteAnswer(unit: UnitHealth, replyMs: number | undefined): void {
    if (unit.answered(replyMs)) this.emit('health', unit.status());
  }

  private noteSilence(unit: UnitHealth, now: number, tookMs: number): void {
    const died = unit.silent(now);
    if (unit.alive) return;
    this.probesBlockedUntil = now + tookMs * (1 / PROBE_SHARE - 1);
    if (!died) return;
    this.emit('health', unit.status());
    const waiting = this.queue.takeAll((one) => one.target.unit === unit.unit && one.attempts === 0);
    for (const one of waiting) one.reject(this.refuse(one, unit, now));
  }

  /** TCP can be dead without a sign. After 4, 8, 16, ... requests without a byte back, a new connection is tried. */
  private recycleWhenSilent(): void {
    const silent = ++this.silentInRow;
    const due = silent >= SILENT_REQUESTS_UNTIL_RECYCLE && (silent & (silent - 1)) === 0;
    if (this.plan.recycleWhenSilent && due) {
      this.link.recycle(`nothing came back for the last ${silent} requests`);
    }
  }

  private late(unitId: number, afterMs: number | undefined): void {
    const unit = this.healthOf(unitId);
    this.counters.lateReplies++;
    unit.counters.lateReplies++;
    unit.quarantineUntil = 0;
    if (afterMs !== undefined) unit.answeredLate(afterMs);
    this.noteAnswer(unit, undefined);
    if (this.current === undefined) this.wakeIn(0, nowMs());
  }

  private opened(transport: Transport): void {
    if (this.connections++ > 0) this.counters.reconnects++;
    for (const unit of this.units.values()) unit.wireReopened();
    this.probesBlockedUntil = 0;
    const events: WireEvents = {
      late: (unit, afterMs) => this.late(unit, afterMs),
      dropped: (bytes) => {
        this.counters.droppedBytes += bytes;
      },
      desynchronised: (reason) => {
        this.dropWire();
        queueMicrotask(() => this.link.recycle(reason));
      },
    };
    const write = (frame: Uint8Array): void => transport.write(frame);
    this.wire =
      transport.framing === 'mbap'
        ? new MbapWire(write, events)
        : new RtuWire(write, this.plan.timing, events);
  }

  private stateChanged(state: BusState, reason: string | undefined, nextAttemptMs: number | undefined): void {
    if (state === 'lost') {
      this.dropWire();
      const { current } = this;
      this.current = undefined;
      if (current !== undefined) {
        const error = new BusClosedError(this.name, `was lost (${reason})`, true, current.target);
        this.retryOrReject(current, this.healthOf(current.target.unit), error, 0);
      }
    }
    this.emit('state', { state, reason, nextAttemptMs });
    if (state === 'open') this.pump();
  }

  private dropWire(): void {
    this.wire?.stop();
    this.wire = undefined;
    clearTimeout(this.broadcastTimer);
  }

  private rejectClosed(pending: PendingRequest): void {
    pending.reject(new BusClosedError(this.name, 'was closed', false, pending.target));
  }

  private healthOf(unit: number): UnitHealth {
    let health = this.units.get(unit);
    if (health === undefined) {
      health = new UnitHealth(unit, this.plan.tuning);
      this.units.set(unit, health);
    }
    return health;
  }

  private trace(direction: TrafficEvent['direction'], unit: number, frame: Buffer): void {
    if (this.listenerCount('traffic') > 0) this.emit('traffic', { direction, unit, frame, at: nowMs() });
  }
}
