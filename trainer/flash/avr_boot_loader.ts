/**
 * Shared by the boot loaders of AVR boards, whatever protocol they speak: a reset that starts them, pages of flash, words as
 * addresses.
 */
import { resetAvr } from './avr_reset';
import { type BootLoader, type Chip, compare, pieces, type Tick, type Verified } from './boot_loader';
import type { ByteLine } from './byte_line';
import type { Segment } from './image';

export const ANSWER_MS = 1000;
export const SYNC_MS = 200;
const SYNC_TRIES = 5;

export abstract class AvrBootLoader implements BootLoader {
  protected readonly line: ByteLine;
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
        await this.synchronise();
        break;
      } catch (error) {
        if (attempt === SYNC_TRIES) throw error;
      }
    }
    return { id: await this.enter(), erases: 'pages' };
  }

  /** It erases a page as it writes it. */
  erase(): Promise<void> {
    return Promise.resolve();
  }

  async write(segments: readonly Segment[], tick: Tick): Promise<void> {
    let done = 0;
    for (const { address, bytes } of pieces(segments, this.pageBytes, this.pageBytes)) {
      await this.load(address >> 1);
      await this.writePage(bytes);
      done += bytes.length;
      tick(done);
    }
  }

  async verify(segments: readonly Segment[], tick: Tick): Promise<Verified> {
    let done = 0;
    // An even number of bytes: the flash is read in words.
    for (const { address, bytes } of pieces(segments, this.pageBytes, 2)) {
      await this.load(address >> 1);
      compare(address, bytes, await this.readPage(bytes.length));
      done += bytes.length;
      tick(done);
    }
    return 'read-back';
  }

  abstract run(): Promise<void>;

  close(): Promise<void> {
    return this.line.close();
  }

  /** Rejects while the boot loader does not answer yet. */
  protected abstract synchronise(): Promise<unknown>;
  /** Enters programming mode. @returns the signature of the chip, hexadecimal */
  protected abstract enter(): Promise<string>;
  /** The next page is at this address, counted in words. */
  protected abstract load(word: number): Promise<void>;
  protected abstract writePage(bytes: Uint8Array): Promise<void>;
  protected abstract readPage(length: number): Promise<Uint8Array>;
}
