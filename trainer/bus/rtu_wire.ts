/**
 * RTU frames over a stream of bytes: serial line, TCP tunnel or in-process pipe.
 *
 * RTU has no transaction id. So an answer that comes after its time-out looks exactly like the answer to the next
 * request of the same form. Three things keep it from being taken for that: the requests that were left unanswered
 * are remembered and their answers recognised while something else (or nothing) is awaited; where the forms agree,
 * the first answer is held until it is clear that no second one follows; and a caller whose protocol numbers its
 * requests says itself whether the answer is the right one (`identifiable`).
 */
import { type Text, text } from '../text';
import { runningMs as nowMs, Wait } from './clock';
import { answerIsCopy, EchoFilter } from './echo';
import {
  BAD_CRC,
  confusable,
  INCOMPLETE,
  MAX_FRAME_LENGTH,
  matchAt,
  NO_MATCH,
  type ReplyShape,
  shapeOfReply,
} from './reply_shape';
import type { Exchange, Wire, WireEvents } from './wire';

export interface RtuTiming {
  /** Silence between frames, in milliseconds. */
  readonly interFrameMs: number;
  /** Time for one character on the line, in milliseconds; 0 where bytes do not travel one by one. */
  readonly characterMs: number;
  /** Silence asked for before the next request after anything unexpected, in milliseconds. */
  readonly drainMs: number;
  /** Silence after which a frame that began and is not whole will not become whole, in milliseconds. */
  readonly frameGapMs: number;
  /** The line may bring back what is sent on it. */
  readonly mayEcho: boolean;
}

/** A line that never falls silent is used again after this many drain times. */
const DRAIN_PATIENCE = 25;
/** How long an unanswered request is remembered, in milliseconds. */
const UNANSWERED_MEMORY_MS = 10_000;
const UNANSWERED_LIMIT = 16;

interface Unanswered {
  readonly shape: ReplyShape;
  readonly givenUpAt: number;
}

interface UnderWay {
  readonly exchange: Exchange;
  readonly shape: ReplyShape;
  /** A header of the right form was seen with a wrong check sum. */
  badCrc: boolean;
  /** A header of the right form was seen and the rest is missing. */
  begun: boolean;
  /** An answer that may be a late one, kept until a second one or the end of the confirmation time. */
  held: Buffer | undefined;
}

export class RtuWire implements Wire {
  readonly replyMayBeMistaken = true;
  private readonly write: (frame: Uint8Array) => void;
  private readonly timing: RtuTiming;
  private readonly events: WireEvents;
  private readonly echo: EchoFilter | undefined;
  private readonly buffer = Buffer.alloc(2 * MAX_FRAME_LENGTH);
  private length = 0;
  private current: UnderWay | undefined;
  private previous: ReplyShape | undefined;
  private unanswered: Unanswered[] = [];
  private replyWait: Wait | undefined;
  private gapWait: Wait | undefined;
  private holdWait: Wait | undefined;
  private freeAt = 0;
  private lastByteAt = 0;
  private drainingSince: number | undefined;

  constructor(write: (frame: Uint8Array) => void, timing: RtuTiming, events: WireEvents) {
    this.write = write;
    this.timing = timing;
    this.events = events;
    this.echo = timing.mayEcho ? new EchoFilter(() => events.echoes()) : undefined;
  }

  begin(exchange: Exchange): void {
    const shape = shapeOfReply(exchange.frame);
    this.discard();
    this.drainingSince = undefined;
    this.current = { exchange, shape, badCrc: false, begun: false, held: undefined };
    const characters = exchange.frame.length + (shape.length === 0 ? MAX_FRAME_LENGTH : shape.length);
    this.replyWait = new Wait(exchange.timeoutMs + characters * this.timing.characterMs, () =>
      this.timeOut(),
    );
    this.transmit(exchange.frame);
  }

  send(frame: Uint8Array): void {
    this.discard();
    this.drainingSince = undefined;
    this.transmit(frame);
  }

  wantsReadBefore(functionCode: number): boolean {
    return this.echo?.isUnknown === true && answerIsCopy(functionCode);
  }

  receive(bytes: Uint8Array): void {
    this.lastByteAt = nowMs();
    const foreign = this.echo?.filter(bytes) ?? bytes;
    if (foreign.length === 0) return;
    if (this.current === undefined) this.drainingSince ??= this.lastByteAt;
    this.append(foreign);
    this.scan();
  }

  readyIn(now: number): number {
    const free = Math.max(this.freeAt, this.lastByteAt + this.timing.interFrameMs);
    if (this.drainingSince === undefined) return Math.max(0, free - now);
    const silent = Math.max(this.lastByteAt, this.drainingSince) + this.timing.drainMs;
    const patience = this.drainingSince + DRAIN_PATIENCE * this.timing.drainMs;
    return Math.max(0, free - now, Math.min(silent, patience) - now);
  }

  stop(): void {
    this.current = undefined;
    this.unanswered = [];
    this.length = 0;
    this.clearTimers();
  }

  private transmit(frame: Uint8Array): void {
    const { characterMs, interFrameMs } = this.timing;
    this.freeAt = nowMs() + frame.length * characterMs + interFrameMs;
    this.echo?.sent(frame);
    this.write(frame);
  }

  private append(bytes: Uint8Array): void {
    let added = bytes;
    if (added.length > this.buffer.length) {
      this.events.dropped(added.length - this.buffer.length);
      added = added.subarray(added.length - this.buffer.length);
    }
    const over = this.length + added.length - this.buffer.length;
    if (over > 0) {
      this.events.dropped(over);
      this.remove(over);
    }
    this.buffer.set(added, this.length);
    this.length += added.length;
  }

  private remove(count: number): void {
    this.buffer.copyWithin(0, count, this.length);
    this.length -= count;
  }

  /** Discards the rest of earlier answers. */
  private discard(): void {
    if (this.length > 0) this.events.dropped(this.length);
    this.length = 0;
  }

  private scan(): void {
    let current = this.current;
    while (current !== undefined) {
      const frame = this.takeFrame(current.shape, current);
      if (frame === undefined) break;
      this.offer(current, frame);
      if (this.current !== current) return;
      current = this.current;
    }
    this.takeLate();
    if (current === undefined || current.held !== undefined) return;
    if (current.badCrc || current.begun) {
      this.gapWait?.cancel();
      this.gapWait = new Wait(this.timing.frameGapMs, () => this.giveUpOnFrame());
    }
  }

  /** Cuts the first sound frame of this shape out of the buffer, with whatever stands before it. */
  private takeFrame(shape: ReplyShape, current?: UnderWay): Buffer | undefined {
    let badCrc = false;
    let begun = false;
    for (let at = 0; at < this.length; at++) {
      const match = matchAt(this.buffer, at, this.length, shape);
      if (match > 0) {
        const frame = Buffer.from(this.buffer.subarray(at, at + match));
        if (at > 0 && current !== undefined) this.takeLateBefore(at);
        else if (at > 0) this.events.dropped(at);
        this.remove(at + match);
        return frame;
      }
      if (match === BAD_CRC) badCrc = true;
      else if (match === INCOMPLETE && at + 2 <= this.length) begun = true;
    }
    if (current !== undefined) {
      current.badCrc = badCrc;
      current.begun = begun;
    }
    return undefined;
  }

  /** Decides whether a sound frame of the right form is the answer. */
  private offer(current: UnderWay, frame: Buffer): void {
    const { exchange } = current;
    this.forgetOld();
    const ghost = this.unanswered.findIndex((unanswered) => confusable(unanswered.shape, current.shape));
    if (!exchange.identifiable && ghost >= 0) {
      if (current.held === undefined) {
        current.held = frame;
        this.holdWait = new Wait(exchange.confirmMs, () => this.settleHeld(current));
        return;
      }
      // A second answer: the first one was the late one.
      this.forget(ghost);
      current.held = frame;
      if (!this.unanswered.some((unanswered) => confusable(unanswered.shape, current.shape)))
        this.settleHeld(current);
      return;
    }
    this.finish(current, frame);
  }

  private settleHeld(current: UnderWay): void {
    const { held } = current;
    if (this.current !== current || held === undefined) return;
    this.unanswered = this.unanswered.filter((unanswered) => !confusable(unanswered.shape, current.shape));
    current.held = undefined;
    this.finish(current, held);
  }

  private finish(current: UnderWay, frame: Buffer): void {
    const { replyWait } = this;
    this.current = undefined;
    this.freeAt = 0;
    this.echo?.concluded();
    const leftOver = this.length > 0;
    if (leftOver) this.drainingSince = nowMs();
    if (!current.exchange.identifiable) {
      this.conclude(current);
      current.exchange.answered(frame);
      return;
    }
    // The callee may begin the next exchange before it returns; the timers are ours until it has said yes.
    this.replyWait = undefined;
    this.conclude(current);
    if (current.exchange.answered(frame)) {
      replyWait?.cancel();
      return;
    }
    this.replyWait = replyWait;
    this.current = current;
    this.drainingSince = undefined;
    const ghost = this.unanswered.findIndex((unanswered) => confusable(unanswered.shape, current.shape));
    if (ghost >= 0) this.forget(ghost);
    else this.events.late(current.shape.unit, undefined);
  }

  private conclude(current: UnderWay): void {
    this.clearTimers();
    this.previous = current.shape;
    this.takeLate();
  }

  /** Recognises answers to requests that were given up, and doubled ones, in what nobody has claimed. */
  private takeLate(): void {
    if (this.length === 0) return;
    if (this.unanswered.length > 0) {
      this.forgetOld();
      for (let i = 0; i < this.unanswered.length; ) {
        const { shape } = this.unanswered[i] as Unanswered;
        const claimed = this.current !== undefined && confusable(this.current.shape, shape);
        if (!claimed && this.takeFrame(shape) !== undefined) {
          this.forget(i);
        } else {
          i++;
        }
      }
    }
    if (this.current === undefined && this.previous !== undefined) {
      while (this.takeFrame(this.previous) !== undefined) this.events.late(this.previous.unit, undefined);
    }
  }

  /** The answer to an unanswered request has come after all. */
  private forget(index: number): void {
    const [{ shape, givenUpAt }] = this.unanswered.splice(index, 1) as [Unanswered];
    this.events.late(shape.unit, nowMs() - givenUpAt);
  }

  private forgetOld(): void {
    if (this.unanswered.length === 0) return;
    const now = nowMs();
    this.unanswered = this.unanswered.filter(
      (unanswered) => now - unanswered.givenUpAt < UNANSWERED_MEMORY_MS,
    );
  }

  private takeLateBefore(end: number): void {
    let rest = end;
    for (let i = 0; i < this.unanswered.length; i++) {
      const { shape } = this.unanswered[i] as Unanswered;
      for (let at = 0; at < end; at++) {
        const match = matchAt(this.buffer, at, end, shape);
        if (match > NO_MATCH) {
          rest -= match;
          this.forget(i--);
          break;
        }
      }
    }
    if (rest > 0) this.events.dropped(rest);
  }

  private giveUpOnFrame(): void {
    const { current } = this;
    this.gapWait = undefined;
    if (current === undefined || current.held !== undefined) return;
    if (current.badCrc) this.fail(current, 'crc', text('bus.frame.crc'));
    else if (current.begun)
      this.fail(current, 'truncated', text('bus.frame.truncated', { bytes: this.length }));
  }

  private timeOut(): void {
    const { current } = this;
    if (current === undefined) return;
    const keptBack = this.echo?.concluded();
    if (keptBack !== undefined && keptBack.length > 0) {
      this.append(keptBack);
      this.scan();
      if (this.current !== current) return;
    }
    if (current.held !== undefined) {
      this.settleHeld(current);
    } else if (current.badCrc) {
      this.fail(current, 'crc', text('bus.frame.crc'));
    } else if (current.begun) {
      this.fail(current, 'truncated', text('bus.frame.truncated', { bytes: this.length }));
    } else {
      const stranger = this.otherUnit(current.shape);
      if (stranger !== undefined) {
        this.fail(current, 'unit', text('bus.frame.unit', { unit: stranger }));
        return;
      }
      this.unanswered.push({ shape: current.shape, givenUpAt: nowMs() });
      if (this.unanswered.length > UNANSWERED_LIMIT) this.unanswered.shift();
      this.fail(current, 'silent', undefined);
    }
  }

  private fail(current: UnderWay, fault: Parameters<Exchange['failed']>[0], what: Text | undefined): void {
    this.current = undefined;
    this.clearTimers();
    this.previous = undefined;
    this.discard();
    this.drainingSince = nowMs();
    current.exchange.failed(fault, what);
  }

  /** Unit id of a sound frame of this shape that another unit sent. */
  private otherUnit(shape: ReplyShape): number | undefined {
    for (let at = 0; at < this.length; at++) {
      const unit = this.buffer[at] as number;
      if (unit !== shape.unit && matchAt(this.buffer, at, this.length, shape, unit) > 0) return unit;
    }
    return undefined;
  }

  private clearTimers(): void {
    this.replyWait?.cancel();
    this.gapWait?.cancel();
    this.holdWait?.cancel();
    this.replyWait = undefined;
    this.gapWait = undefined;
    this.holdWait = undefined;
  }
}
