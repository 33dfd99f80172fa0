/** A TCP connection, for Modbus TCP (header with transaction id) and for RTU frames inside a TCP stream. */
import { Socket } from 'node:net';
import { text } from '../../text';
import { type Transport, TransportAbandoned, TransportError, type TransportEvents } from './transport';

/** Idle time after which the kernel asks whether the peer is still there, in milliseconds. */
const KEEP_ALIVE_MS = 10_000;

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
  /** Time allowed for the connection to be made, in milliseconds. */
  readonly connectTimeoutMs: number;
}

export class TcpTransport implements Transport {
  readonly framing: 'rtu' | 'mbap';
  readonly mayRest = true;
  private readonly address: TcpAddress;
  private readonly socket = new Socket();
  private abandonOpen: ((reason: Error) => void) | undefined;
  private closing = false;

  constructor(address: TcpAddress, framing: 'rtu' | 'mbap') {
    this.address = address;
    this.framing = framing;
  }

  open(events: TransportEvents): Promise<void> {
    const { host, port, connectTimeoutMs } = this.address;
    return new Promise<void>((resolve, reject) => {
      const { socket } = this;
      let opened = false;
      let failure: Error | undefined;
      const timer = setTimeout(() => {
        failure = new TransportError(
          text('bus.reason.noConnection', { address: `${host}:${port}`, waited: connectTimeoutMs }),
        );
        socket.destroy();
      }, connectTimeoutMs);
      this.abandonOpen = (reason) => {
        clearTimeout(timer);
        if (!opened) reject(reason);
      };
      socket.on('error', (error) => {
        failure ??= error;
      });
      socket.on('data', (bytes) => {
        if (!this.closing) events.data(bytes);
      });
      // Half-open is of no use to a master: when the peer ends, so do we ('close' follows).
      socket.on('close', () => {
        clearTimeout(timer);
        if (this.closing) return;
        const reason =
          failure ?? new TransportError(text('bus.reason.peerClosed', { address: `${host}:${port}` }));
        if (opened) events.lost(reason);
        else reject(reason);
      });
      socket.connect(
        { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS },
        () => {
          clearTimeout(timer);
          if (this.closing) return;
          opened = true;
          resolve();
        },
      );
    });
  }

  write(frame: Uint8Array): void {
    if (this.socket.writable) this.socket.write(frame);
  }

  close(): Promise<void> {
    if (!this.closing) {
      this.closing = true;
      this.abandonOpen?.(new TransportAbandoned());
    }
    return new Promise((resolve) => {
      if (this.socket.closed) {
        resolve();
        return;
      }
      this.socket.once('close', () => resolve());
      this.socket.destroy();
    });
  }
}
