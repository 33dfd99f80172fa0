/** A serial port (RS-485 adapter, USB board, pseudo-terminal) carrying RTU frames. */
import type { SerialPort } from 'serialport';
import { text } from '../../text';
import type { LineSettings } from '../line_settings';
import { type Transport, TransportAbandoned, TransportError, type TransportEvents } from './transport';

export interface SerialLine extends LineSettings {
  readonly path: string;
}

/** Of each character; Modbus RTU has no other number (Modbus over Serial Line V1.02, section 2.5.1). */
export const DATA_BITS = 8;

/** Time for one character on the line: start bit, data, parity, stop bits; in milliseconds. */
export function characterTimeMs(line: LineSettings): number {
  const bits = 1 + DATA_BITS + (line.parity === 'none' ? 0 : 1) + line.stopBits;
  return (1000 * bits) / line.baudRate;
}

/**
 * Silence between frames: 3.5 characters of 11 bits, and 1.750 ms above 19200 baud
 * (Modbus over Serial Line V1.02, section 2.5.1.1); in milliseconds.
 */
export function interFrameSilenceMs(baudRate: number): number {
  return baudRate > 19200 ? 1.75 : (3.5 * 11 * 1000) / baudRate;
}

/**
 * The package serialport, loaded when the first serial wire is opened: it brings native code, which is not there for every platform,
 * and the other wires do without it.
 * @throws TransportError that says what is missing
 */
export async function loadSerialport(): Promise<typeof import('serialport')> {
  try {
    return await import('serialport');
  } catch (error) {
    const [problem] = String((error as Error).message).split('\n');
    throw new TransportError(text('bus.reason.noSerial', { problem: problem ?? '' }), { cause: error });
  }
}

export class SerialTransport implements Transport {
  readonly framing = 'rtu';
  readonly mayRest = false;
  private readonly line: SerialLine;
  private port: SerialPort | undefined;
  private abandonOpen: ((reason: Error) => void) | undefined;
  private opening: Promise<void> = Promise.resolve();
  private closing: Promise<void> | undefined;

  constructor(line: SerialLine) {
    this.line = line;
  }

  async open(events: TransportEvents): Promise<void> {
    const { SerialPort: Port } = await loadSerialport();
    if (this.closing !== undefined) throw new TransportAbandoned();
    // `lock` keeps a second process from opening the same wire: two masters on one line corrupt each other.
    const port = new Port({ ...this.line, dataBits: DATA_BITS, autoOpen: false, lock: true });
    this.port = port;
    await new Promise<void>((resolve, reject) => {
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
      port.on('close', (error: Error | null) =>
        lost(error ?? new TransportError(text('bus.reason.portGone', { path: port.path }))),
      );
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
    if (this.port?.isOpen === true)
      this.port.write(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength));
  }

  close(): Promise<void> {
    this.closing ??= this.release();
    return this.closing;
  }

  private async release(): Promise<void> {
    this.abandonOpen?.(new TransportAbandoned());
    await this.opening;
    const { port } = this;
    if (port?.isOpen !== true) return;
    await new Promise<void>((resolve) => {
      port.close(() => resolve());
    });
  }
}
