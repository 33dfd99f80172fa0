/** A serial port as the client of a boot loader needs it: so many bytes within so much time, and the lines that reset a board. */
import type { SerialPort } from 'serialport';
import { loadSerialport, portError, reasonOf } from '../bus';
import { BootLoaderError } from './errors';

export interface ByteLine {
  write(bytes: Uint8Array): Promise<void>;
  /** Exactly `count` bytes. @throws BootLoaderError when they do not come in time, or the port is gone */
  read(count: number, timeoutMs: number): Promise<Buffer>;
  /** Throws away what has come so far. */
  discard(): void;
  /** Sets the modem lines; false when the port has none (pseudo-terminals, some adapters). */
  signals(lines: { readonly dtr: boolean; readonly rts: boolean }): Promise<boolean>;
  /** From here on both sides talk at this rate; lines that have none leave it out. */
  setRate?(baudRate: number): Promise<void>;
  /** Lets go of the port; never rejects. */
  close(): Promise<void>;
}

/** Bytes that have come and those that somebody waits for; a line of any kind feeds it. */
export class ByteQueue {
  private held = Buffer.alloc(0);
  private lost: Error | undefined;
  private wake: (() => void) | undefined;

  push(bytes: Uint8Array): void {
    this.held = Buffer.concat([this.held, bytes]);
    this.wake?.();
  }

  /** Whoever waits now or later gets this error. */
  fail(reason: Error): void {
    this.lost ??= reason;
    this.wake?.();
  }

  discard(): void {
    this.held = Buffer.alloc(0);
  }

  async take(count: number, timeoutMs: number): Promise<Buffer> {
    const end = performance.now() + timeoutMs;
    while (this.held.length < count) {
      if (this.lost !== undefined)
        throw new BootLoaderError('flash.line.lost', { reason: reasonOf(this.lost) }, { cause: this.lost });
      const left = end - performance.now();
      if (left <= 0) throw new BootLoaderError('flash.line.silent', { waited: timeoutMs });
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = undefined;
    }
    const taken = this.held.subarray(0, count);
    this.held = this.held.subarray(count);
    return taken;
  }
}

export interface LineSettings {
  readonly baudRate: number;
  readonly parity: 'none' | 'even';
}

class SerialByteLine implements ByteLine {
  private readonly port: SerialPort;
  private readonly queue = new ByteQueue();

  constructor(port: SerialPort) {
    this.port = port;
    port.on('data', (bytes: Buffer) => this.queue.push(bytes));
    port.on('error', (error: Error) => this.queue.fail(error));
    port.on('close', (error: Error | null) => this.queue.fail(error ?? new Error('closed')));
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void =>
        reject(new BootLoaderError('flash.line.lost', { reason: error.message }, { cause: error }));
      if (!this.port.isOpen) return failed(new Error('closed'));
      this.port.write(Buffer.from(bytes));
      this.port.drain((error) => (error ? failed(error) : resolve()));
    });
  }

  read(count: number, timeoutMs: number): Promise<Buffer> {
    return this.queue.take(count, timeoutMs);
  }

  discard(): void {
    this.queue.discard();
  }

  signals(lines: { readonly dtr: boolean; readonly rts: boolean }): Promise<boolean> {
    return new Promise((resolve) => {
      this.port.set(lines, (error) => resolve(error === null || error === undefined));
    });
  }

  setRate(baudRate: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.port.update({ baudRate }, (error) => {
        if (error)
          reject(new BootLoaderError('flash.line.lost', { reason: error.message }, { cause: error }));
        else resolve();
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.port.isOpen) this.port.close(() => resolve());
      else resolve();
    });
  }
}

/** @throws PortError when the system does not let this program have the port; BootLoaderError when it cannot be opened */
export async function openLine(path: string, settings: LineSettings): Promise<ByteLine> {
  const { SerialPort: Port } = await loadSerialport();
  const port = new Port({ path, ...settings, dataBits: 8, stopBits: 1, autoOpen: false, lock: true });
  const failure = await new Promise<Error | null | undefined>((resolve) => port.open(resolve));
  if (failure)
    throw (
      (await portError(path, failure)) ??
      new BootLoaderError('flash.line.notOpened', { path, reason: failure.message }, { cause: failure })
    );
  return new SerialByteLine(port);
}
