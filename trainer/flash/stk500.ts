/**
 * STK500, version 1 (Atmel application note AVR061), as optiboot speaks it: one byte for a command, answers between IN_SYNC and OK.
 * Optiboot erases a page as it writes it.
 */
import { resetAvr } from './avr_reset';
import { type BootLoader, type Chip, compare, pieces, type Tick, type Verified } from './boot_loader';
import type { ByteLine, LineSettings } from './byte_line';
import { BootLoaderError } from './errors';
import type { Segment } from './image';

export const STK500_LINE: LineSettings = { baudRate: 115_200, parity: 'none' };

const END = 0x20;
const IN_SYNC = 0x14;
const OK = 0x10;
const GET_SYNC = 0x30;
const ENTER = 0x50;
const LEAVE = 0x51;
const LOAD_ADDRESS = 0x55;
const WRITE_PAGE = 0x64;
const READ_PAGE = 0x74;
const READ_SIGNATURE = 0x75;
const FLASH = 0x46;
const ANSWER_MS = 1000;
const SYNC_MS = 200;
const SYNC_TRIES = 5;

export class Stk500BootLoader implements BootLoader {
  private readonly line: ByteLine;
  private readonly pageBytes: number;

  /** @param pageBytes what the chip writes at once (data sheet, "Page Size") */
  constructor(line: ByteLine, pageBytes: number) {
    this.line = line;
    this.pageBytes = pageBytes;
  }

  async probe(): Promise<Chip> {
    await resetAvr(this.line);
    for (let attempt = 1; ; attempt++) {
      this.line.discard();
      try {
        await this.ask(Uint8Array.of(GET_SYNC), 0, SYNC_MS);
        break;
      } catch (error) {
        if (attempt === SYNC_TRIES) throw error;
      }
    }
    // Answers to the attempts before may still come.
    await new Promise((resolve) => setTimeout(resolve, SYNC_MS));
    this.line.discard();
    const signature = await this.ask(Uint8Array.of(READ_SIGNATURE), 3);
    await this.ask(Uint8Array.of(ENTER));
    return { id: signature.toString('hex'), erases: 'pages' };
  }

  erase(): Promise<void> {
    return Promise.resolve();
  }

  async write(segments: readonly Segment[], tick: Tick): Promise<void> {
    let done = 0;
    for (const { address, bytes } of pieces(segments, this.pageBytes, this.pageBytes)) {
      await this.at(address);
      await this.ask(Uint8Array.of(WRITE_PAGE, bytes.length >> 8, bytes.length & 0xff, FLASH, ...bytes));
      done += bytes.length;
      tick(done);
    }
  }

  async verify(segments: readonly Segment[], tick: Tick): Promise<Verified> {
    let done = 0;
    for (const { address, bytes } of pieces(segments, this.pageBytes, 1)) {
      await this.at(address);
      const length = bytes.length;
      compare(
        address,
        bytes,
        await this.ask(Uint8Array.of(READ_PAGE, length >> 8, length & 0xff, FLASH), length),
      );
      done += length;
      tick(done);
    }
    return 'read-back';
  }

  async run(): Promise<void> {
    await this.ask(Uint8Array.of(LEAVE));
  }

  close(): Promise<void> {
    return this.line.close();
  }

  /** The protocol counts words. */
  private async at(address: number): Promise<void> {
    const word = address >> 1;
    await this.ask(Uint8Array.of(LOAD_ADDRESS, word & 0xff, word >> 8));
  }

  private async ask(command: Uint8Array, answerBytes = 0, timeoutMs = ANSWER_MS): Promise<Buffer> {
    await this.line.write(Uint8Array.of(...command, END));
    const answer = await this.line.read(answerBytes + 2, timeoutMs);
    if (answer[0] !== IN_SYNC || answer.at(-1) !== OK)
      throw new BootLoaderError('flash.line.strange', { doing: `0x${command[0]?.toString(16)}` });
    return answer.subarray(1, -1);
  }
}
