/**
 * Virtual trainers as a Modbus TCP server, after "MODBUS Messaging on TCP/IP Implementation Guide V1.0b". The header says where a
 * request ends, so each goes to the trainer as one whole frame, whatever is in it; clients take turns, one request each; a client that
 * does not read its answers is not read from either; and when all places are taken, the connection unused for longest gives way.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { hasValidCrc, requestPduLength, sealFrame } from '../bus';
import { text, WordedError } from '../text';
import type { VirtualTrainer } from './virtual_trainer';

export interface TcpServerOptions {
  /** Default 127.0.0.1: Modbus has no authentication, so opening it to others is for the user to say. */
  readonly host?: string;
  /** 0 = any free one. Default 502. */
  readonly port?: number;
  /** Clients at once. A further one takes the place of the connection unused for longest, see `restMs`. Default 32. */
  readonly clientLimit?: number;
  /** A connection that was used within this time does not give way, in milliseconds. Default 1000. */
  readonly restMs?: number;
  /** A connection that is not used for so long is closed, in milliseconds. Default 600 000. */
  readonly idleTimeoutMs?: number;
}

/** A server that runs on went away: its socket or its pseudo-terminal is gone. */
export class ServerEndedError extends WordedError {
  readonly code = 'SERVER_ENDED';

  constructor(address: string) {
    super(text('virtual.serverEnded', { address }));
  }
}

export interface TcpServer {
  readonly host: string;
  readonly port: number;
  /** Clients connected now. */
  readonly clients: number;
  /** Resolves when it serves no longer: it was closed, or the trainer ended. */
  readonly ended: Promise<void>;
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
/** Requests of one client that may wait for their turn; it is not read from meanwhile. */
const PIPELINE_LIMIT = 16;
/** After so long without traffic the kernel asks whether the client is still there, in milliseconds. */
const KEEP_ALIVE_MS = 10_000;

/** One connection: cuts its bytes into requests, and sends answers as fast as they are read. */
class Client {
  /** Requests that wait for their turn. */
  readonly requests: Buffer[] = [];
  readonly socket: Socket;
  usedAt: number;
  private readonly asked: () => void;
  private received: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, idleTimeoutMs: number, asked: () => void) {
    this.socket = socket;
    this.asked = asked;
    this.usedAt = performance.now();
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setTimeout(idleTimeoutMs, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => this.take(bytes));
    socket.on('drain', () => this.readOn());
  }

  answer(request: Buffer, pdu: Uint8Array): void {
    if (this.socket.destroyed) return;
    const head = Buffer.from(request.subarray(0, HEADER + 1));
    head.writeUInt16BE(1 + pdu.length, 4);
    this.socket.write(Buffer.concat([head, pdu]));
    this.readOn();
  }

  private take(bytes: Buffer): void {
    this.received = this.received.length === 0 ? bytes : Buffer.concat([this.received, bytes]);
    this.cut();
  }

  /** Goes on reading once there is room for requests and for answers. */
  private readOn(): void {
    if (this.socket.destroyed || this.socket.writableNeedDrain) return;
    this.cut();
    if (this.requests.length < PIPELINE_LIMIT && this.socket.isPaused()) this.socket.resume();
  }

  private cut(): void {
    while (this.received.length >= HEADER) {
      if (this.requests.length >= PIPELINE_LIMIT || this.socket.writableNeedDrain) {
        this.socket.pause();
        return;
      }
      const protocol = this.received.readUInt16BE(2);
      const length = this.received.readUInt16BE(4);
      // Not Modbus, or out of step: nothing that follows could be trusted.
      if (protocol !== 0 || length < LENGTH_MIN || length > LENGTH_MAX) {
        this.socket.destroy();
        return;
      }
      if (this.received.length < HEADER + length) return;
      this.requests.push(Buffer.from(this.received.subarray(0, HEADER + length)));
      this.received = this.received.subarray(HEADER + length);
      this.usedAt = performance.now();
      this.asked();
    }
  }
}

/** One wire: one request at a time; the clients that wait take turns. */
class Turns {
  private readonly trainer: VirtualTrainer;
  private readonly waiting: Client[] = [];
  private busy = false;

  constructor(trainer: VirtualTrainer) {
    this.trainer = trainer;
  }

  asked(client: Client): void {
    if (!this.waiting.includes(client)) this.waiting.push(client);
    if (!this.busy) void this.serve();
  }

  private async serve(): Promise<void> {
    this.busy = true;
    for (let client = this.waiting.shift(); client !== undefined; client = this.waiting.shift()) {
      const request = client.requests.shift();
      if (request === undefined || client.socket.destroyed) continue;
      if (client.requests.length > 0) this.waiting.push(client);
      try {
        const pdu = await this.carryOut(request);
        if (pdu !== undefined) client.answer(request, pdu);
      } catch {
        client.socket.destroy(); // the trainer is gone
      }
    }
    this.busy = false;
  }

  /** The PDU of the answer; undefined for a broadcast. */
  private async carryOut(request: Buffer): Promise<Uint8Array | undefined> {
    const pdu = request.subarray(HEADER + 1);
    const functionCode = pdu[0] as number;
    const expected = requestPduLength(pdu);
    if (expected !== undefined && expected !== pdu.length)
      return Uint8Array.of(functionCode | 0x80, ILLEGAL_VALUE);
    const target = await this.targetOf(request[HEADER] as number);
    const answer = await this.trainer.exchange(sealFrame(Uint8Array.of(target, ...pdu, 0, 0)));
    if (answer !== undefined && hasValidCrc(answer, 0, answer.length))
      return answer.subarray(1, answer.length - 2);
    return target === 0 ? undefined : Uint8Array.of(functionCode | 0x80, GATEWAY_TARGET_SILENT);
  }

  /** With one board on the wire, the unit ids of "the server itself" mean that board. */
  private async targetOf(unit: number): Promise<number> {
    if (!UNIT_SELF.includes(unit)) return unit;
    const boards = await this.trainer.boards();
    return boards.length === 1 ? (boards[0]?.unit ?? unit) : unit;
  }
}

/** Closes the connection unused for longest, if it has rested; true: there is a place now. */
function makePlace(clients: Set<Client>, restMs: number): boolean {
  let longest: Client | undefined;
  for (const client of clients)
    if (client.requests.length === 0 && (longest === undefined || client.usedAt < longest.usedAt))
      longest = client;
  if (longest === undefined || performance.now() - longest.usedAt < restMs) return false;
  clients.delete(longest);
  longest.socket.destroy();
  return true;
}

/**
 * Puts the trainer on a TCP port. When the trainer ends, so does the server.
 * @throws the system's error when the port cannot be had
 */
export async function serveTcp(trainer: VirtualTrainer, options: TcpServerOptions = {}): Promise<TcpServer> {
  const { host = '127.0.0.1', port = 502, clientLimit = 32, restMs = 1000 } = options;
  const { idleTimeoutMs = 600_000 } = options;
  const clients = new Set<Client>();
  const turns = new Turns(trainer);
  const server: Server = createServer((socket) => {
    if (clients.size >= clientLimit && !makePlace(clients, restMs)) {
      socket.destroy();
      return;
    }
    const client = new Client(socket, idleTimeoutMs, () => turns.asked(client));
    clients.add(client);
    socket.once('close', () => clients.delete(client));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const ended = once(server, 'close').then(() => undefined);
  const close = (): Promise<void> => {
    trainer.off('close', close);
    server.close();
    for (const { socket } of clients) socket.destroy();
    return ended;
  };
  trainer.once('close', close);
  return {
    host: address.address,
    port: address.port,
    get clients() {
      return clients.size;
    },
    ended,
    close,
  };
}
