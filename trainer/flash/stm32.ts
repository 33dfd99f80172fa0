/**
 * The UART boot loader in the ROM of every STM32 (AN3155 "USART protocol used in the STM32 bootloader", AN2606 "STM32 microcontroller
 * system memory boot mode"). It measures the baud rate at the first byte, and speaks with even parity.
 */
import {
  type BootLoader,
  type Chip,
  compare,
  type Page,
  pieces,
  type Tick,
  type Verified,
} from './boot_loader';
import type { ByteLine, LineSettings } from './byte_line';
import { BootLoaderError, hex } from './errors';
import type { Segment } from './image';

export const STM32_LINE: LineSettings = { baudRate: 115_200, parity: 'even' };

const SYNC = 0x7f;
const ACK = 0x79;
const NACK = 0x1f;
const GET = 0x00;
const GET_ID = 0x02;
const READ = 0x11;
const GO = 0x21;
const WRITE = 0x31;
const ERASE = 0x43;
const EXTENDED_ERASE = 0x44;
/** Bytes of one read or write, at most. */
const BLOCK = 256;
/** Writes are in words. */
const WORD = 4;
const ANSWER_MS = 1000;
/** A sector of 128 kB takes up to 4 s at 1.8 V (STM32F405 data sheet, flash memory programming). */
const ERASE_MS = 8000;
const SYNC_MS = 250;
const SYNC_TRIES = 4;

const xor = (bytes: Uint8Array, first = 0): number => bytes.reduce((sum, byte) => sum ^ byte, first);

function addressBytes(address: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(address);
  bytes[4] = xor(bytes.subarray(0, 4));
  return bytes;
}

export class Stm32BootLoader implements BootLoader {
  private readonly line: ByteLine;
  private readonly sizeAt: number | undefined;
  private extendedErase = false;

  /** @param sizeAt address of the register that holds the size of the flash in kB (reference manual, device electronic signature) */
  constructor(line: ByteLine, sizeAt?: number) {
    this.line = line;
    this.sizeAt = sizeAt;
  }

  async probe(): Promise<Chip> {
    await this.synchronise();
    await this.command(GET);
    const [count = 0] = await this.line.read(1, ANSWER_MS);
    const listed = await this.line.read(count + 1, ANSWER_MS);
    await this.acknowledged(ANSWER_MS, 'get');
    this.extendedErase = listed.subarray(1).includes(EXTENDED_ERASE);
    await this.command(GET_ID);
    const [more = 0] = await this.line.read(1, ANSWER_MS);
    const id = await this.line.read(more + 1, ANSWER_MS);
    await this.acknowledged(ANSWER_MS, 'get ID');
    const flashBytes = await this.flashBytes();
    return {
      id: `0x${id.toString('hex').replace(/^0+/, '')}`,
      ...(flashBytes === undefined ? {} : { flashBytes }),
      erases: 'pages',
    };
  }

  async erase(pages: readonly Page[], tick: Tick): Promise<void> {
    let done = 0;
    for (const { number, bytes } of pages) {
      // One page at a time: a user who gives up does not wait for all of them.
      const body = this.extendedErase
        ? Buffer.from([0, 0, number >> 8, number & 0xff])
        : Buffer.from([0, number & 0xff]);
      await this.command(this.extendedErase ? EXTENDED_ERASE : ERASE);
      await this.line.write(Buffer.concat([body, Buffer.from([xor(body)])]));
      await this.acknowledged(ERASE_MS, 'erase');
      done += bytes;
      tick(done);
    }
  }

  async write(segments: readonly Segment[], tick: Tick): Promise<void> {
    let done = 0;
    for (const { address, bytes } of pieces(segments, BLOCK, WORD)) {
      await this.command(WRITE);
      await this.line.write(addressBytes(address));
      await this.acknowledged(ANSWER_MS, 'write');
      const body = Buffer.concat([Buffer.from([bytes.length - 1]), bytes]);
      await this.line.write(Buffer.concat([body, Buffer.from([xor(body)])]));
      await this.acknowledged(ANSWER_MS, 'write');
      done += bytes.length;
      tick(done);
    }
  }

  async verify(segments: readonly Segment[], tick: Tick): Promise<Verified> {
    let done = 0;
    for (const { address, bytes } of pieces(segments, BLOCK, 1)) {
      compare(address, bytes, await this.read(address, bytes.length));
      done += bytes.length;
      tick(done);
    }
    return 'read-back';
  }

  async run(segments: readonly Segment[]): Promise<void> {
    await this.command(GO);
    await this.line.write(addressBytes(segments[0]?.address ?? 0));
    await this.acknowledged(ANSWER_MS, 'go');
  }

  close(): Promise<void> {
    return this.line.close();
  }

  /** The first byte sets the baud rate. One that has been set already makes a command of two bytes, which is refused: good too. */
  private async synchronise(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.line.discard();
      await this.line.write(Uint8Array.of(SYNC));
      try {
        const [answer] = await this.line.read(1, SYNC_MS);
        if (answer === ACK || answer === NACK) return;
      } catch (error) {
        if (attempt === SYNC_TRIES) throw error;
      }
      if (attempt === SYNC_TRIES) throw new BootLoaderError('flash.line.strange', { doing: 'synchronise' });
    }
  }

  /** Not every chip lets this register be read. */
  private async flashBytes(): Promise<number | undefined> {
    if (this.sizeAt === undefined) return undefined;
    try {
      const bytes = await this.read(this.sizeAt - (this.sizeAt % WORD), WORD);
      const kilobytes = bytes.readUInt16LE(this.sizeAt % WORD);
      return kilobytes === 0 || kilobytes === 0xffff ? undefined : 1024 * kilobytes;
    } catch (error) {
      if (error instanceof RefusedError) return undefined;
      throw error;
    }
  }

  private async read(address: number, count: number): Promise<Buffer> {
    await this.command(READ);
    await this.line.write(addressBytes(address));
    await this.acknowledged(ANSWER_MS, 'read');
    await this.line.write(Uint8Array.of(count - 1, (count - 1) ^ 0xff));
    await this.acknowledged(ANSWER_MS, 'read');
    return this.line.read(count, ANSWER_MS);
  }

  private async command(code: number): Promise<void> {
    await this.line.write(Uint8Array.of(code, code ^ 0xff));
    await this.acknowledged(ANSWER_MS, hex(code));
  }

  private async acknowledged(timeoutMs: number, doing: string): Promise<void> {
    const [answer] = await this.line.read(1, timeoutMs);
    if (answer === NACK) throw new RefusedError(doing);
    if (answer !== ACK) throw new BootLoaderError('flash.line.strange', { doing });
  }
}

/** The boot loader said no: read-out protection is on, or the address is not the chip's. */
class RefusedError extends BootLoaderError {
  constructor(doing: string) {
    super('flash.line.nack', { doing });
  }
}
