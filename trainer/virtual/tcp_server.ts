/**
 * Virtual trainers as a Modbus TCP server, after "MODBUS Messaging on TCP/IP Implementation Guide V1.0b": unwraps each request into
 * an RTU frame for the wire and wraps the answer up again.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { hasValidCrc, sealFrame } from '../bus';
import type { VirtualTrainer } from './virtual_trainer';

export interface TcpServerOptions {
  /** Default 127.0.0.1: Modbus has no authentication, so opening it to others is for the user to say. */
  readonly host?: string;
  /** 0 = any free one. Default 502. */
  readonly port?: number;
  /** Further clients are turned away. Default 32. */
  readonly clientLimit?: number;
}

export interface TcpServer {
  readonly host: string;
  readonly port: number;
  /** Clients connected now. */
  readonly clients: number;
  /** Closes all connections; the trainer goes on. */
  close(): Promise<void>;
}

const HEADER = 6;
/** Unit id and PDU: 1 + 1 to 1 + 253 bytes. */
const LENGTH_MIN = 2;
const LENGTH_MAX = 254;
/** The two unit ids that name a Modbus TCP server itself, not a unit behind it. */
const UNIT_SELF = [0, 255];
const ILLEGAL_VALUE = 3;
const GATEWAY_TARGET_SILENT = 11;
/** Requests of one client that may wait; a client that sends more without reading is cut off. */
const PIPELINE_LIMIT = 16;

/** Length of a request PDU by its function code and byte count; undefined when the function is not known. */
function pduLength(pdu: Uint8Array): number | undefined {
  const byte = (at: number): number => pdu[at] ?? 0;
  switch (pdu[0]) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
      return 5;
    case 15:
    case 16:
      return 6 + byte(5);
    case 23:
      return 10 + byte(9);
    case 43:
      return byte(1) === 14 ? 4 : undefined;
    default:
      return undefined;
  }
}

class Client {
  private readonly socket: Socket;
  private readonly trainer: VirtualTrainer;
  private readonly turn: (work: () => Promise<void>) => Promise<void>;
  private received: Buffer = Buffer.alloc(0);
  private waiting = 0;

  constructor(socket: Socket, trainer: VirtualTrainer, turn: (work: () => Promise<void>) => Promise<void>) {
    this.socket = socket;
    this.trainer = trainer;
    this.turn = turn;
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => this.take(bytes));
  }

  private take(bytes: Buffer): void {
    this.received = this.received.length === 0 ? bytes : Buffer.concat([this.received, bytes]);
    while (this.received.length >= HEADER) {
      const protocol = this.received.readUInt16BE(2);
      const length = this.received.readUInt16BE(4);
      // Not Modbus, or out of step: nothing that follows could be trusted.
      if (protocol !== 0 || length < LENGTH_MIN || length > LENGTH_MAX || this.waiting >= PIPELINE_LIMIT) {
        this.socket.destroy();
        return;
      }
      if (this.received.length < HEADER + length) return;
      const request = Buffer.from(this.received.subarray(0, HEADER + length));
      this.received = this.received.subarray(HEADER + length);
      this.waiting++;
      void this.turn(() => this.answer(request)).finally(() => this.waiting--);
    }
  }

  private async answer(request: Buffer): Promise<void> {
    const unit = request[HEADER] as number;
    const pdu = request.subarray(HEADER + 1);
    const function_ = pdu[0] as number;
    const expected = pduLength(pdu);
    let reply: Uint8Array | undefined;
    if (expected !== undefined && expected !== pdu.length) {
      reply = Uint8Array.of(function_ | 0x80, ILLEGAL_VALUE);
    } else {
      const target = await this.targetOf(unit);
      const answer = await this.trainer.exchange(sealFrame(Uint8Array.of(target, ...pdu, 0, 0)));
      const good = answer !== undefined && hasValidCrc(answer, 0, answer.length);
      if (good) reply = answer.subarray(1, answer.length - 2);
      else if (target === 0)
        return; // a broadcast: nobody answers
      else reply = Uint8Array.of(function_ | 0x80, GATEWAY_TARGET_SILENT);
    }
    if (this.socket.destroyed) return;
    const head = Buffer.from(request.subarray(0, HEADER + 1));
    head.writeUInt16BE(1 + reply.length, 4);
    this.socket.write(Buffer.concat([head, reply]));
  }

  /** With one board on the wire, the unit ids of "the server itself" mean that board. */
  private async targetOf(unit: number): Promise<number> {
    if (!UNIT_SELF.includes(unit)) return unit;
    const boards = await this.trainer.boards();
    return boards.length === 1 ? (boards[0]?.unit ?? unit) : unit;
  }
}

/**
 * Puts the trainer on a TCP port.
 * @throws the system's error when the port cannot be had
 */
export async function serveTcp(trainer: VirtualTrainer, options: TcpServerOptions = {}): Promise<TcpServer> {
  const { host = '127.0.0.1', port = 502, clientLimit = 32 } = options;
  const sockets = new Set<Socket>();
  // One wire: one request at a time, in the order in which they came.
  let last: Promise<void> = Promise.resolve();
  const turn = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work).catch(() => {
      for (const socket of sockets) socket.destroy(); // the trainer is gone
    });
    return last;
  };
  const server: Server = createServer((socket) => {
    if (sockets.size >= clientLimit) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new Client(socket, trainer, turn);
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const closed = once(server, 'close');
  return {
    host: address.address,
    port: address.port,
    get clients() {
      return sockets.size;
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
