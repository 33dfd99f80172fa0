/** What esptool-js needs of a line, as its own class `Transport` for browsers offers it: packets in SLIP frames (RFC 1055), and the modem lines. */
import type { ByteLine } from '../byte_line';
import { BootLoaderError } from '../errors';

const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;
/** Between two changes of rate, what is still on its way has come. */
const SETTLE_MS = 50;

export interface UsbIds {
  readonly vendor?: number;
  readonly product?: number;
}

/** A packet as it goes over the line. */
export function framed(packet: Uint8Array): Buffer {
  const bytes: number[] = [END];
  for (const byte of packet) {
    if (byte === END) bytes.push(ESCAPE, ESCAPED_END);
    else if (byte === ESCAPE) bytes.push(ESCAPE, ESCAPED_ESCAPE);
    else bytes.push(byte);
  }
  return Buffer.from([...bytes, END]);
}

export class EspTransport {
  readonly tracing = false;
  baudrate = 0;
  private readonly line: ByteLine;
  private readonly usb: UsbIds;
  private readonly silence: (cause: BootLoaderError) => Error;
  private dtr = false;
  private rts = false;
  private lost: BootLoaderError | undefined;

  /** @param silence the error that esptool-js takes for "no answer", and asks again */
  constructor(line: ByteLine, usb: UsbIds, silence: (cause: BootLoaderError) => Error) {
    this.line = line;
    this.usb = usb;
    this.silence = silence;
  }

  getInfo(): string {
    return '';
  }

  getVid(): number | undefined {
    return this.usb.vendor;
  }

  getPid(): number | undefined {
    return this.usb.product;
  }

  trace(): void {
    // Nobody reads along.
  }

  peek(): Uint8Array {
    return new Uint8Array();
  }

  flushInput(): void {
    this.line.discard();
  }

  async drainInput(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    this.line.discard();
  }

  async write(packet: Uint8Array): Promise<void> {
    await this.kept(this.line.write(framed(packet)));
  }

  /** The next packet; what comes outside of frames, such as the words of a starting ROM, is passed over. */
  async read(timeoutMs: number): Promise<Uint8Array> {
    const packet: number[] = [];
    let inside = false;
    for (;;) {
      let byte = await this.byte(timeoutMs);
      if (byte === END) {
        if (packet.length > 0) return Uint8Array.from(packet);
        inside = true;
        continue;
      }
      if (!inside) continue;
      if (byte === ESCAPE) byte = (await this.byte(timeoutMs)) === ESCAPED_END ? END : ESCAPE;
      packet.push(byte);
    }
  }

  /** The line is open; it gets another rate. */
  async connect(baud: number): Promise<void> {
    await this.changeBaudrate(baud);
  }

  /** @returns whether the port was opened anew */
  async changeBaudrate(baud: number): Promise<boolean> {
    if (this.baudrate !== baud) await this.line.setRate?.(baud);
    this.baudrate = baud;
    return false;
  }

  /** Whoever opened the line closes it. */
  async disconnect(): Promise<void> {
    this.line.discard();
  }

  /** The line collects by itself. */
  async readLoop(): Promise<void> {}

  setDTR(state: boolean): Promise<void> {
    return this.setSignals(state, this.rts);
  }

  setRTS(state: boolean): Promise<void> {
    return this.setSignals(this.dtr, state);
  }

  async setSignals(dtr: boolean, rts: boolean): Promise<void> {
    // A line that is gone stays gone: nobody goes on to ask it.
    if (this.lost !== undefined) throw this.lost;
    this.dtr = dtr;
    this.rts = rts;
    await this.line.signals({ dtr, rts });
  }

  private async byte(timeoutMs: number): Promise<number> {
    const [byte = 0] = await this.kept(this.line.read(1, timeoutMs));
    return byte;
  }

  private async kept<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof BootLoaderError)) throw error;
      if (error.text.key === 'flash.line.silent') throw this.silence(error);
      this.lost = error;
      throw error;
    }
  }
}
