/**
 * The one owner of a wire. Every request from every user goes through its queue, one at a time, so that answers
 * cannot be mixed up; it keeps the wire open, and keeps a unit that does not answer from holding up the others.
 */
import { EventEmitter } from 'node:events';
import { type Text, text, type Word, worded } from '../text';
import { nowMs, runningMs, Wait } from './clock';
import { Codec, confirmationOf } from './codec';
import type { BusEvents, BusState, BusStatus, RequestOptions, TrafficEvent } from './contract';
import { newWireCounters, type WireCounters } from './counters';
import { BusAbortedError, BusClosedError, BusConfigError, BusFullError } from './errors';
import { Link } from './link';
import { MbapWire } from './mbap_wire';
import type { WirePlan } from './options';
import { PendingRequest } from './pending_request';
import { PriorityQueue } from './queue';
import { isException, standaloneIdentification } from './reply_shape';
import {
  type BusReply,
  type BusRequest,
  checkRequest,
  type IdentificationReply,
  type ReplyTo,
  targetOf,
} from './requests';
import { RtuWire } from './rtu_wire';
import { Settling } from './settling';
import type { Transport } from './transports/transport';
import type { UnitHealth, UnitStatus } from './unit_health';
import { Units } from './units';
import type { ExchangeFault, Wire, WireEvents } from './wire';

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
  private readonly units: Units;
  private readonly settling: Settling;
  private readonly counters: WireCounters = newWireCounters();
  private wire: Wire | undefined;
  private current: PendingRequest | undefined;
  private pumping = false;
  private wakeTimer: NodeJS.Timeout | undefined;
  private wakeAt = Number.POSITIVE_INFINITY;
  private broadcastWait: Wait | undefined;
  private silentInRow = 0;
  private connections = 0;
  private echoes = false;
  private ended = false;
  /** The port serves something else. */
  private lent = false;

  /** Opens nothing by itself; see `start`. Use `openBus` unless the wire is nobody else's for sure. */
  constructor(plan: WirePlan) {
    super();
    // Every device on the wire listens.
    this.setMaxListeners(0);
    this.plan = plan;
    this.key = plan.key;
    this.name = plan.name;
    this.units = new Units(plan.tuning, (status) => this.emit('health', status));
    this.settling = new Settling(this.queue, this.units, this.counters, plan.tuning.lateWindowMs, {
      isCurrent: (pending) => this.current === pending,
      isOpen: () => this.wire !== undefined,
      hasEnded: () => this.ended,
      reason: () => this.link.reason,
    });
    const { reconnectMinMs, reconnectMaxMs, settleMs } = plan.tuning;
    this.link = new Link(plan.makeTransport, { minMs: reconnectMinMs, maxMs: reconnectMaxMs }, settleMs, {
      opened: (transport, quietly) => this.opened(transport, quietly),
      ended: () => this.dropWire(),
      busy: () => this.current !== undefined,
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
      if (this.ended) throw new BusClosedError(this.name, 'byOwner', targetOf(request));
      checkRequest(request, this.plan.serialAddressing);
      const settlement = { resolve: resolve as (reply: BusReply) => void, reject };
      const pending = new PendingRequest(request, options as RequestOptions, owner, settlement, {
        tuning: this.plan.tuning,
        wire: this.plan.kind,
      });
      this.admit(pending, options.signal);
      this.queue.add(pending);
      this.pump();
      // The time-out of a request that is on its way comes first.
      if (this.current !== pending || pending.responseTimeoutMs >= pending.deadlineMs)
        this.settling.watchDeadline(pending);
      this.counters.longestQueue = Math.max(this.counters.longestQueue, this.queue.size);
    });
  }

  /**
   * Frees the port, runs `action`, and takes the port back, also when `action` fails. Requests made meanwhile wait within their deadlines.
   * @param why what the wire's state says meanwhile
   */
  async lend<T>(why: Text, action: () => Promise<T>): Promise<T> {
    if (this.lent) throw new BusConfigError(text('bus.config.lent', { wire: this.name }));
    this.lent = true;
    try {
      await this.link.lend(why);
      return await action();
    } finally {
      this.lent = false;
      this.link.takeBack();
    }
  }

  /** Settles every request of one user, without closing the wire. */
  abandon(owner: object): void {
    for (const pending of this.queue.takeAll((request) => request.owner === owner))
      this.rejectClosed(pending);
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
      reason: worded(this.link.reason),
      why: this.link.reason,
      echoes: this.echoes,
      waiting: this.queue.size,
      counters: { ...this.counters },
      units: this.units.statuses(),
    };
  }

  /** Health of one unit, undefined when it was never asked anything. */
  unit(unit: number): UnitStatus | undefined {
    return this.units.statusOf(unit);
  }

  /** Throws what stands in the way of a request. */
  private admit(pending: PendingRequest, signal: AbortSignal | undefined): void {
    const { target } = pending;
    if (signal?.aborted === true) throw new BusAbortedError(target, false, signal.reason);
    const unit = this.units.of(target.unit);
    if (this.wire !== undefined && this.settling.probeAt(unit, pending.madeAt) > pending.madeAt)
      throw this.settling.refusal(pending, unit, pending.madeAt);
    const { queueLimit } = this.plan.tuning;
    if (this.queue.size >= queueLimit) {
      this.counters.queueRefusals++;
      throw new BusFullError(this.name, queueLimit, target);
    }
    if (signal === undefined) return;
    pending.watchSignal(signal, () => {
      // A request that is on its way keeps the wire until its answer or its time-out, so that the answer is not mistaken.
      this.queue.remove(pending);
      pending.reject(new BusAbortedError(target, pending.attempts > 0, signal.reason));
    });
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
    if (this.current !== undefined || queue.size === 0) return false;
    if (wire === undefined) {
      this.link.wake();
      return false;
    }
    const now = runningMs();
    const wait = wire.readyIn(now);
    if (wait > 0) {
      this.wakeIn(wait, now);
      return false;
    }
    let earliest = Number.POSITIVE_INFINITY;
    const pending = queue.take((request) => {
      const at = Math.max(request.notBefore, this.units.of(request.target.unit).quarantineUntil);
      if (at > now) earliest = Math.min(earliest, at);
      return at <= now;
    });
    if (pending === undefined) {
      this.wakeIn(earliest - now, now);
      return false;
    }
    if (pending.settled) return true;
    const unit = this.units.of(pending.target.unit);
    const probeAt = this.settling.probeAt(unit, now);
    if (pending.isTooLate(now, unit.replyMs)) {
      this.settling.expire(pending);
    } else if (probeAt <= now) {
      if (!pending.readBefore && wire.wantsReadBefore(pending.request.fc))
        this.readBefore(wire, pending, unit, now);
      else this.send(wire, pending, unit, now);
    } else if (pending.attempts > 0) {
      // A request that is being retried waits to become the probe.
      pending.notBefore = probeAt;
      queue.addFirst(pending);
    } else {
      pending.reject(this.settling.refusal(pending, unit, now));
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
    // The caller's deadline may come first; the wire still waits the whole time, so that only real silence counts as such.
    const timeoutMs = Math.max(1, unit.timeoutMs(pending.responseTimeoutMs));
    wire.begin({
      frame,
      timeoutMs,
      confirmMs: unit.confirmMs(),
      identifiable: pending.accept !== undefined,
      answered: (answer) => this.answered(pending, unit, answer, now),
      failed: (fault, what) => this.failed(pending, unit, fault, what, now),
    });
  }

  /** Reads anything from the same unit, so that the line shows whether it echoes; the answer itself does not matter. */
  private readBefore(wire: Wire, pending: PendingRequest, unit: UnitHealth, now: number): void {
    pending.readBefore = true;
    this.queue.addFirst(pending);
    this.settling.watchDeadline(pending);
    const ignore = { resolve: () => undefined, reject: () => undefined };
    const read: BusRequest = { unit: unit.unit, fc: 3, address: 0, quantity: 1 };
    const { priority, responseTimeoutMs } = pending;
    const options = { priority, responseTimeoutMs, retries: 0 };
    const { tuning, kind } = this.plan;
    this.send(wire, new PendingRequest(read, options, this, ignore, { tuning, wire: kind }), unit, now);
  }

  private broadcast(wire: Wire, pending: PendingRequest, frame: Buffer): void {
    this.counters.broadcasts++;
    wire.send(frame);
    this.broadcastWait = new Wait(this.plan.tuning.broadcastTurnaroundMs + wire.readyIn(runningMs()), () => {
      if (this.current !== pending) return;
      this.current = undefined;
      pending.resolve(confirmationOf(pending.request as Parameters<typeof confirmationOf>[0], true));
      this.pump();
    });
  }

  /** False when the answer is not the one to this request. */
  private answered(pending: PendingRequest, unit: UnitHealth, frame: Buffer, sentAt: number): boolean {
    const exception = isException(frame);
    const part = pending.request.fc === 43 && !exception ? standaloneIdentification(frame) : undefined;
    const decoded = this.codec.decode(part?.frame ?? frame);
    if (decoded.kind === 'refused') {
      this.failed(pending, unit, 'mismatch', text('bus.frame.content', { detail: decoded.why }), sentAt);
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
    const now = runningMs();
    this.trace('received', unit.unit, frame);
    this.current = undefined;
    this.counters.replies++;
    unit.counters.replies++;
    this.link.answered(now);
    if (decoded.kind === 'exception') {
      this.settling.excepted(pending, unit, decoded.exception, sentAt);
    } else {
      this.units.answered(unit, now - sentAt);
      if (refusal !== undefined) pending.reject(refusal);
      else if (part === undefined) pending.resolve(decoded.reply);
      else this.settling.addIdentification(pending, decoded.reply as IdentificationReply, part.nextObject);
    }
    this.pump();
    return true;
  }

  private failed(
    pending: PendingRequest,
    unit: UnitHealth,
    fault: ExchangeFault,
    what: Text | undefined,
    sentAt: number,
  ): void {
    this.current = undefined;
    if (fault === 'silent') {
      const mayBeMistaken = this.wire?.replyMayBeMistaken === true;
      this.settling.silent(pending, unit, sentAt, mayBeMistaken);
      this.recycleWhenSilent();
    } else {
      this.settling.damaged(pending, unit, fault, what ?? text('bus.frame.protocol'));
    }
    this.pump();
  }

  /** TCP can be dead without a sign. After 4, 8, 16, ... requests without a byte back, a new connection is tried. */
  private recycleWhenSilent(): void {
    const silent = ++this.silentInRow;
    const due = silent >= SILENT_REQUESTS_UNTIL_RECYCLE && (silent & (silent - 1)) === 0;
    if (this.plan.recycleWhenSilent && due) {
      this.link.recycle(text('bus.reason.silent', { requests: silent }));
    }
  }

  private late(unitId: number, afterMs: number | undefined): void {
    const unit = this.units.of(unitId);
    this.counters.lateReplies++;
    unit.counters.lateReplies++;
    unit.quarantineUntil = 0;
    if (afterMs !== undefined) unit.answeredLate(afterMs);
    this.units.answered(unit);
    if (this.current === undefined) this.wakeIn(0, runningMs());
  }

  private opened(transport: Transport, quietly: boolean): void {
    if (this.connections++ > 0) this.counters.reconnects++;
    if (!quietly) this.units.wireReopened();
    this.echoes = false;
    const events: WireEvents = {
      late: (unit, afterMs) => this.late(unit, afterMs),
      dropped: (bytes) => {
        this.counters.droppedBytes += bytes;
      },
      desynchronised: (reason) => {
        this.dropWire();
        queueMicrotask(() => this.link.recycle(reason));
      },
      echoes: () => {
        this.echoes = true;
        this.emit('echo');
      },
    };
    const write = (frame: Uint8Array): void => transport.write(frame);
    this.wire =
      transport.framing === 'mbap'
        ? new MbapWire(write, events)
        : new RtuWire(write, this.plan.timing, events);
    if (quietly) this.pump();
  }

  private stateChanged(state: BusState, reason: Word | undefined, nextAttemptMs: number | undefined): void {
    if (state === 'lost') {
      this.dropWire();
      const { current } = this;
      this.current = undefined;
      if (current !== undefined) {
        const error = new BusClosedError(this.name, { lost: reason ?? '' }, current.target);
        this.settling.retryOrReject(current, this.units.of(current.target.unit), error, 0);
      }
    }
    const said = reason === undefined ? undefined : worded(reason);
    this.emit('state', { state, reason: said, why: reason, nextAttemptMs });
    if (state === 'open') this.pump();
  }

  private dropWire(): void {
    this.wire?.stop();
    this.wire = undefined;
    this.broadcastWait?.cancel();
  }

  private rejectClosed(pending: PendingRequest): void {
    pending.reject(new BusClosedError(this.name, 'byOwner', pending.target));
  }

  private trace(direction: TrafficEvent['direction'], unit: number, frame: Buffer): void {
    if (this.listenerCount('traffic') > 0) this.emit('traffic', { direction, unit, frame, at: nowMs() });
  }
}
