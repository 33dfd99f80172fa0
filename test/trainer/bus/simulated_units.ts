/** Modbus units for tests, behind any framing, that answer properly or go wrong in the way that the test asks for. */
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { crc16, hasValidCrc, type RtuPipe, sealFrame } from '../../../trainer/bus';

export type Fault =
  | 'none'
  /** The request is carried out and not answered. */
  | 'silent'
  /** The answer is kept until `release()`. */
  | 'hold'
  /** The answer is sent twice. */
  | 'double'
  /** The answer's last data byte is flipped, its CRC left as it was (RTU framing). */
  | 'crc'
  /** Only the first half of the answer is sent. */
  | 'truncate'
  /** Random-looking bytes before the answer. */
  | 'noise-before'
  /** Random-looking bytes in place of the answer. */
  | 'noise'
  /** The answer carries the next unit id. */
  | 'wrong-unit'
  /** The answer carries unit id 0. */
  | 'unit-zero'
  /** The answer carries transaction id 0 (Modbus TCP). */
  | 'transaction-zero'
  /** The connection is cut in place of an answer. */
  | 'disconnect'
  /** A Modbus exception. */
  | { readonly exception: number };

export type Framing = 'rtu' | 'mbap';

export interface SeenRequest {
  readonly unit: number;
  readonly fc: number;
  /** Function code and data. */
  readonly pdu: Buffer;
}

/** The other end of a connection to the units. */
interface Line {
  readonly framing: Framing;
  send(bytes: Buffer): void;
  cut(): void;
}

const NOISE = Buffer.from([0x00, 0xff, 0x55, 0x13, 0x37, 0xa5]);

function requestLength(bytes: Buffer): number {
  // unit + pdu + CRC
  switch (bytes[1]) {
    case 15:
    case 16:
      return 9 + (bytes[6] ?? 0);
    case 22:
      return 10;
    case 23:
      return 13 + (bytes[10] ?? 0);
    case 43:
      return 7;
    default:
      return 8;
  }
}

export class SimulatedUnits extends EventEmitter<{ request: [SeenRequest] }> {
  /** What happens to each request; default: a proper answer. */
  decide: (request: SeenRequest) => Fault = () => 'none';
  readonly seen: SeenRequest[] = [];
  /** Identification objects; two per answer. */
  objects: readonly string[] = ['Edge Trainer', 'ET-TEST', '1.2', 'https://example.org', 'Trainer'];
  private readonly memory = new Map<number, Uint16Array>();
  private readonly coils = new Map<number, Uint8Array>();
  private held: (() => void)[] = [];

  /** Holding registers (and input registers) of a unit; register i starts as 1000 * unit + i. */
  registers(unit: number): Uint16Array {
    let registers = this.memory.get(unit);
    if (registers === undefined) {
      registers = Uint16Array.from({ length: 1024 }, (_, i) => (1000 * unit + i) & 0xffff);
      this.memory.set(unit, registers);
    }
    return registers;
  }

  bits(unit: number): Uint8Array {
    let bits = this.coils.get(unit);
    if (bits === undefined) {
      bits = Uint8Array.from({ length: 4096 }, (_, i) => (i % 3 === 0 ? 1 : 0));
      this.coils.set(unit, bits);
    }
    return bits;
  }

  /** Applies these faults to the next requests, one each, then answers properly. */
  next(...faults: Fault[]): void {
    this.decide = () => faults.shift() ?? 'none';
  }

  /** Sends the answers kept back, oldest first. */
  release(): void {
    const held = this.held;
    this.held = [];
    for (const send of held) send();
  }

  /** Number of answers kept back. */
  get kept(): number {
    return this.held.length;
  }

  async nextRequest(): Promise<SeenRequest> {
    const [request] = await once(this, 'request');
    return request as SeenRequest;
  }

  /** A function that takes the bytes of one connection and answers on it. */
  attach(line: Line): (bytes: Uint8Array) => void {
    let buffer = Buffer.alloc(0);
    return (bytes) => {
      buffer = Buffer.concat([buffer, bytes]);
      for (;;) {
        if (line.framing === 'mbap') {
          if (buffer.length < 6 || buffer.length < 6 + buffer.readUInt16BE(4)) return;
          const end = 6 + buffer.readUInt16BE(4);
          const message = buffer.subarray(0, end);
          buffer = buffer.subarray(end);
          this.take(line, message[6] as number, message.subarray(7), message.readUInt16BE(0));
        } else {
          if (buffer.length < 7) return;
          const length = requestLength(buffer);
          if (buffer.length < length) return;
          if (!hasValidCrc(buffer, 0, length)) {
            buffer = buffer.subarray(1);
            continue;
          }
          const frame = buffer.subarray(0, length);
          buffer = buffer.subarray(length);
          this.take(line, frame[0] as number, frame.subarray(1, -2), 0);
        }
      }
    };
  }

  private take(line: Line, unit: number, pdu: Buffer, transaction: number): void {
    const request: SeenRequest = { unit, fc: pdu[0] as number, pdu: Buffer.from(pdu) };
    this.seen.push(request);
    const fault = this.decide(request);
    const answer =
      typeof fault === 'object'
        ? Buffer.from([(pdu[0] as number) | 0x80, fault.exception])
        : this.carryOut(unit, request.pdu);
    if (unit !== 0 || line.framing === 'mbap') this.answer(line, unit, answer, transaction, fault);
    this.emit('request', request);
  }

  private answer(line: Line, unit: number, pdu: Buffer, transaction: number, fault: Fault): void {
    const body = Buffer.from([fault === 'wrong-unit' ? unit + 1 : fault === 'unit-zero' ? 0 : unit, ...pdu]);
    let frame: Buffer;
    if (line.framing === 'mbap') {
      frame = Buffer.alloc(6 + body.length);
      frame.writeUInt16BE(fault === 'transaction-zero' ? 0 : transaction, 0);
      frame.writeUInt16BE(body.length, 4);
      body.copy(frame, 6);
    } else {
      frame = sealFrame(Buffer.concat([body, Buffer.alloc(2)]));
    }
    switch (fault) {
      case 'silent':
        return;
      case 'hold':
        this.held.push(() => line.send(frame));
        return;
      case 'double':
        line.send(Buffer.concat([frame, frame]));
        return;
      case 'crc':
        frame[frame.length - 3] = (frame[frame.length - 3] as number) ^ 0x10;
        line.send(frame);
        return;
      case 'truncate':
        line.send(frame.subarray(0, frame.length >>> 1));
        return;
      case 'noise-before':
        line.send(Buffer.concat([NOISE, frame]));
        return;
      case 'noise':
        line.send(NOISE);
        return;
      case 'disconnect':
        line.cut();
        return;
      default:
        line.send(frame);
    }
  }

  private carryOut(unit: number, pdu: Buffer): Buffer {
    const fc = pdu[0] as number;
    const at = pdu.length >= 3 ? pdu.readUInt16BE(1) : 0;
    const count = pdu.length >= 5 ? pdu.readUInt16BE(3) : 0;
    const registers = this.registers(unit);
    const read = (from: number, quantity: number): Buffer => {
      const out = Buffer.alloc(2 + 2 * quantity);
      out[0] = fc;
      out[1] = 2 * quantity;
      for (let i = 0; i < quantity; i++) out.writeUInt16BE(registers[from + i] as number, 2 + 2 * i);
      return out;
    };
    switch (fc) {
      case 1:
      case 2: {
        const out = Buffer.alloc(2 + Math.ceil(count / 8));
        out[0] = fc;
        out[1] = Math.ceil(count / 8);
        for (let i = 0; i < count; i++) {
          if (this.bits(unit)[at + i] === 1)
            out[2 + (i >> 3)] = (out[2 + (i >> 3)] as number) | (1 << (i & 7));
        }
        return out;
      }
      case 3:
      case 4:
        return read(at, count);
      case 5:
        this.bits(unit)[at] = count === 0xff00 ? 1 : 0;
        return pdu.subarray(0, 5);
      case 6:
        registers[at] = count;
        return pdu.subarray(0, 5);
      case 15:
        for (let i = 0; i < count; i++)
          this.bits(unit)[at + i] = ((pdu[6 + (i >> 3)] as number) >> (i & 7)) & 1;
        return pdu.subarray(0, 5);
      case 16:
        for (let i = 0; i < count; i++) registers[at + i] = pdu.readUInt16BE(6 + 2 * i);
        return pdu.subarray(0, 5);
      case 22: {
        const and = pdu.readUInt16BE(3);
        const or = pdu.readUInt16BE(5);
        registers[at] = ((registers[at] as number) & and) | (or & ~and);
        return pdu;
      }
      case 23: {
        const writeAt = pdu.readUInt16BE(5);
        for (let i = 0; i < pdu.readUInt16BE(7); i++) registers[writeAt + i] = pdu.readUInt16BE(10 + 2 * i);
        return read(at, count);
      }
      case 43: {
        const first = pdu[3] as number;
        const some = this.objects.slice(first, first + 2);
        const more = first + 2 < this.objects.length;
        const head = Buffer.from([
          43,
          14,
          pdu[2] as number,
          0x81,
          more ? 0xff : 0,
          more ? first + 2 : 0,
          some.length,
        ]);
        const parts = some.map((text, i) => Buffer.from([first + i, text.length, ...Buffer.from(text)]));
        return Buffer.concat([head, ...parts]);
      }
      default:
        return Buffer.from([fc | 0x80, 1]);
    }
  }
}

/** The units behind a TCP port on loopback. */
export class UnitServer {
  readonly units: SimulatedUnits;
  readonly port: number;
  private readonly server: Server;
  private readonly sockets: Set<Socket>;

  private constructor(units: SimulatedUnits, server: Server, sockets: Set<Socket>) {
    this.units = units;
    this.server = server;
    this.sockets = sockets;
    this.port = (server.address() as AddressInfo).port;
  }

  static async listen(framing: Framing, units = new SimulatedUnits(), port = 0): Promise<UnitServer> {
    const sockets = new Set<Socket>();
    const server = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket);
      const receive = units.attach({
        framing,
        send: (bytes) => {
          if (socket.writable) socket.write(bytes);
        },
        cut: () => socket.destroy(),
      });
      socket.on('data', receive);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new UnitServer(units, server, sockets);
  }

  /** Sends raw bytes to everybody connected. */
  shout(bytes: Uint8Array): void {
    for (const socket of this.sockets) socket.write(bytes);
  }

  get connections(): number {
    return this.sockets.size;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (this.server.listening) {
      this.server.close();
      await once(this.server, 'close');
    }
  }
}

/** The units behind an in-process pipe that answers before `write` returns. */
export class UnitPipe extends EventEmitter<{ data: [Uint8Array]; close: [Error?] }> implements RtuPipe {
  closed = false;
  private readonly receive: (bytes: Uint8Array) => void;

  constructor(units: SimulatedUnits) {
    super();
    this.receive = units.attach({
      framing: 'rtu',
      send: (bytes) => this.emit('data', bytes),
      cut: () => this.fail(new Error('cut')),
    });
  }

  write(bytes: Uint8Array): void {
    this.receive(bytes);
  }

  /** Bytes that no request asked for. */
  inject(bytes: Uint8Array): void {
    this.emit('data', bytes);
  }

  fail(reason: Error): void {
    this.closed = true;
    this.emit('close', reason);
  }

  close(): void {
    this.closed = true;
    this.emit('close');
  }
}

/** A reply frame with its CRC, for `inject`. */
export function rtuFrame(...bytes: number[]): Buffer {
  const frame = Buffer.from([...bytes, 0, 0]);
  frame.writeUInt16LE(crc16(frame, 0, frame.length - 2), frame.length - 2);
  return frame;
}
