/**
 * Modbus TCP: every frame carries a header with a transaction id (Modbus Messaging on TCP/IP V1.0b, section 3.1.3).
 * The id runs over all 16 bits, from a start of its own per connection, so that an answer that comes after its
 * time-out is never taken for another (modbus-serial counts to 256 and starts every connection at 1).
 */
import { type Text, text } from '../text';
import { Wait } from './clock';
import { sealFrame } from './crc16';
import { MAX_FRAME_LENGTH, matchAt, type ReplyShape, shapeOfReply } from './reply_shape';
import type { Exchange, ExchangeFault, Wire, WireEvents } from './wire';

const HEADER_LENGTH = 6;
const CRC_LENGTH = 2;
/** Length field: unit id and PDU, 2..254 bytes. */
const LEAST_LENGTH = 2;
const MOST_LENGTH = 254;
const ABANDONED_LIMIT = 64;

interface UnderWay {
  readonly exchange: Exchange;
  readonly shape: ReplyShape;
  readonly transactionId: number;
  /** Transaction id of an answer that came meanwhile and answers nothing that was asked. */
  stranger?: number;
}

export class MbapWire implements Wire {
  readonly replyMayBeMistaken = false;
  private readonly write: (frame: Uint8Array) => void;
  private readonly events: WireEvents;
  private readonly buffer = Buffer.alloc(4 * (MAX_FRAME_LENGTH + HEADER_LENGTH));
  private length = 0;
  private transactionId = Math.floor(Math.random() * 65536);
  private current: UnderWay | undefined;
  private timer: Wait | undefined;
  /** Unit of each transaction that timed out, by id. */
  private readonly abandoned = new Map<number, number>();

  constructor(write: (frame: Uint8Array) => void, events: WireEvents) {
    this.write = write;
    this.events = events;
  }

  begin(exchange: Exchange): void {
    this.transactionId = (this.transactionId + 1) & 0xffff;
    this.current = { exchange, shape: shapeOfReply(exchange.frame), transactionId: this.transactionId };
    this.timer = new Wait(exchange.timeoutMs, () => this.timeOut());
    this.transmit(exchange.frame);
  }

  send(frame: Uint8Array): void {
    this.transactionId = (this.transactionId + 1) & 0xffff;
    this.transmit(frame);
  }

  private transmit(frame: Uint8Array): void {
    const body = frame.length - CRC_LENGTH;
    const message = Buffer.allocUnsafe(HEADER_LENGTH + body);
    message.writeUInt16BE(this.transactionId, 0);
    message.writeUInt16BE(0, 2);
    message.writeUInt16BE(body, 4);
    message.set(frame.subarray(0, body), HEADER_LENGTH);
    this.write(message);
  }

  receive(bytes: Uint8Array): void {
    let from = 0;
    while (from < bytes.length) {
      const take = Math.min(bytes.length - from, this.buffer.length - this.length);
      this.buffer.set(bytes.subarray(from, from + take), this.length);
      this.length += take;
      from += take;
      if (!this.cutMessages()) return;
    }
  }

  /** Hands on every whole message; false when the stream makes no sense any more. */
  private cutMessages(): boolean {
    let at = 0;
    while (at + HEADER_LENGTH <= this.length) {
      const protocol = this.buffer.readUInt16BE(at + 2);
      const body = this.buffer.readUInt16BE(at + 4);
      if (protocol !== 0 || body < LEAST_LENGTH || body > MOST_LENGTH) {
        this.loseTrack('protocol', text('bus.frame.protocol'), text('bus.reason.protocol'));
        return false;
      }
      const end = at + HEADER_LENGTH + body;
      if (end > this.length) break;
      const frame = Buffer.allocUnsafe(body + CRC_LENGTH);
      this.buffer.copy(frame, 0, at + HEADER_LENGTH, end);
      const transactionId = this.buffer.readUInt16BE(at);
      at = end;
      this.take(transactionId, sealFrame(frame));
    }
    this.buffer.copyWithin(0, at, this.length);
    this.length = Math.max(0, this.length - at);
    return true;
  }

  private take(transactionId: number, frame: Buffer): void {
    const { current } = this;
    if (current === undefined || current.transactionId !== transactionId) {
      const late = this.abandoned.get(transactionId);
      const unit = late ?? (frame[0] as number);
      this.abandoned.delete(transactionId);
      if (late === undefined && current !== undefined) current.stranger = transactionId;
      // The id tells it apart however late it is; how late does not matter here.
      this.events.late(unit, undefined);
      return;
    }
    const { shape, exchange } = current;
    const { timer } = this;
    this.current = undefined;
    if (matchAt(frame, 0, frame.length, shape) === frame.length) {
      if (exchange.answered(frame)) {
        timer?.cancel();
      } else {
        this.current = current;
        this.events.late(shape.unit, undefined);
      }
      return;
    }
    timer?.cancel();
    const unit = frame[0] as number;
    if (unit !== shape.unit) exchange.failed('unit', text('bus.frame.unit', { unit }));
    else
      exchange.failed(
        'mismatch',
        text('bus.frame.form', { function: frame[1] as number, bytes: frame.length - CRC_LENGTH }),
      );
  }

  private timeOut(): void {
    const { current } = this;
    if (current === undefined) return;
    if (this.length > 0) {
      // The rest may never come, and then the next answer would be read as that rest.
      const bytes = this.length;
      this.loseTrack(
        'truncated',
        text('bus.frame.truncated', { bytes }),
        text('bus.reason.truncated', { bytes }),
      );
      return;
    }
    const { stranger, transactionId } = current;
    this.current = undefined;
    this.abandoned.set(current.transactionId, current.shape.unit);
    if (this.abandoned.size > ABANDONED_LIMIT) {
      const [oldest] = this.abandoned.keys();
      this.abandoned.delete(oldest as number);
    }
    if (stranger === undefined) current.exchange.failed('silent', undefined);
    else
      current.exchange.failed(
        'mismatch',
        text('bus.frame.transaction', { found: stranger, expected: transactionId }),
      );
  }

  private loseTrack(fault: ExchangeFault, what: Text, reason: Text): void {
    const { current } = this;
    this.current = undefined;
    this.timer?.cancel();
    this.events.dropped(this.length);
    this.length = 0;
    // The connection goes first: a request sent again must not go out on it.
    this.events.desynchronised(reason);
    current?.exchange.failed(fault, what);
  }

  wantsReadBefore(): boolean {
    return false;
  }

  readyIn(): number {
    return 0;
  }

  stop(): void {
    this.current = undefined;
    this.length = 0;
    this.timer?.cancel();
  }
}
