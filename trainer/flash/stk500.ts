/**
 * STK500, version 1 (Atmel application note AVR061), as optiboot speaks it: one byte for a command, answers between IN_SYNC and OK.
 * Optiboot erases a page as it writes it.
 */
import { ANSWER_MS, AvrBootLoader, SYNC_MS } from './avr_boot_loader';
import type { LineSettings } from './byte_line';
import { BootLoaderError } from './errors';

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

export class Stk500BootLoader extends AvrBootLoader {
  async run(): Promise<void> {
    await this.ask(Uint8Array.of(LEAVE));
  }

  protected synchronise(): Promise<unknown> {
    return this.ask(Uint8Array.of(GET_SYNC), 0, SYNC_MS);
  }

  protected async enter(): Promise<string> {
    // Late answers to earlier attempts may still come.
    await new Promise((resolve) => setTimeout(resolve, SYNC_MS));
    this.line.discard();
    const signature = await this.ask(Uint8Array.of(READ_SIGNATURE), 3);
    await this.ask(Uint8Array.of(ENTER));
    return signature.toString('hex');
  }

  protected async load(word: number): Promise<void> {
    await this.ask(Uint8Array.of(LOAD_ADDRESS, word & 0xff, word >> 8));
  }

  protected async writePage(bytes: Uint8Array): Promise<void> {
    await this.ask(Uint8Array.of(WRITE_PAGE, bytes.length >> 8, bytes.length & 0xff, FLASH, ...bytes));
  }

  protected readPage(length: number): Promise<Uint8Array> {
    return this.ask(Uint8Array.of(READ_PAGE, length >> 8, length & 0xff, FLASH), length);
  }

  private async ask(command: Uint8Array, answerBytes = 0, timeoutMs = ANSWER_MS): Promise<Buffer> {
    await this.line.write(Uint8Array.of(...command, END));
    const answer = await this.line.read(answerBytes + 2, timeoutMs);
    if (answer[0] !== IN_SYNC || answer.at(-1) !== OK)
      throw new BootLoaderError('flash.line.strange', { doing: `0x${command[0]?.toString(16)}` });
    return answer.subarray(1, -1);
  }
}
