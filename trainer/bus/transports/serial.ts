/** A serial port (RS-485 adapter, USB board, pseudo-terminal) carrying RTU frames. */
import { SerialPort } from 'serialport';
import { type Transport, TransportAbandoned, type TransportEvents } from './transport';

export interface SerialLine {
  readonly path: string;
  readonly baudRate: number;
  readonly parity: 'none' | 'even' | 'odd';
  readonly dataBits: 7 | 8;
  readonly stopBits: 1 | 2;
}

/** Time for one character on the line: start bit, data, parity, stop bits; in milliseconds. */
export function characterTimeMs(line: SerialLine): number {
  const bits = 1 + line.dataBits + (line.parity === 'none' ? 0 : 1) + line.stopBits;
  return (1000 * bits) / line.baudRate;
}

/**
 * Silence between frames: 3.5 characters of 11 bits, and 1.750 ms above 19200 baud
 * (Modbus over Serial Line V1.02, section 2.5.1.1); in milliseconds.
 */
export function interFrameSilenceMs(baudRate: number): number {
  return baudRate > 19200 ? 1.75 : (3.5 * 11 * 1000) / baudRate;
}

export class SerialTransport implements Transport {
  readonly framing = 'rtu';
  private readonly port: SerialPort;
  private abandonOpen: ((reason: Error) => void) | undefined;
  private opening: Promise<void> = Promise.resolve();
  private closing: Promise<void> | undefined;

  constructor(line: SerialLine) {
    // `lock` keeps a second process from opening the same wire: two masters on one line corrupt each other.
    this.port = new SerialPort({ ...line, autoOpen: false, lock: true });
  }

  open(events: TransportEvents): Promise<void> {
    const { port } = this;
    return new Promise<void>((resolve, reject) => {
      let opened = false;
      let gone = false;
      const lost = (reason: Error): void => {
        if (gone || this.closing !== undefined) return;
        gone = true;
        if (opened) events.lost(reason);
      };
      this.abandonOpen = reject;
      port.on('data', (bytes: Buffer) => {
        if (this.closing === undefined) events.data(bytes);
      });
      port.on('error', (error: Error) => lost(error));
      port.on('close', (error: Error | null) => lost(error ?? new Error(`${port.path} went away`)));
      this.opening = new Promise((settled) => {
        port.open((error) => {
          settled();
          if (error !== null && error !== undefined) {
            reject(error);
          } else if (this.closing === undefined) {
            // Bytes that were in the driver before we came are nobody's answer.
            port.flush(() => {
              opened = true;
              resolve();
            });
          }
        });
      });
    });
  }

  write(frame: Uint8Array): void {
    if (this.port.isOpen) this.port.write(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength));
  }

  close(): Promise<void> {
    this.closing ??= this.release();
    return this.closing;
  }

  private async release(): Promise<void> {
    this.abandonOpen?.(new TransportAbandoned());
    await this.opening;
    if (!this.port.isOpen) return;
    await new Promise<void>((resolve) => {
      this.port.close(() => resolve());
    });
  }
}
