/**
 * STK500, version 2 (Atmel application note AVR068), as the boot loader of the Arduino Mega 2560 speaks it: numbered messages with a
 * check sum. It erases a page as it writes it.
 */
import { ANSWER_MS, AvrBootLoader, SYNC_MS } from './avr_boot_loader';
import { BootLoaderError } from './errors';

const START = 0x1b;
const TOKEN = 0x0e;
const SIGN_ON = 0x01;
const LOAD_ADDRESS = 0x06;
const ENTER = 0x10;
const LEAVE = 0x11;
const WRITE_FLASH = 0x13;
const READ_FLASH = 0x14;
const READ_SIGNATURE = 0x1b;
const OK = 0;
/** Instruction "read signature byte" of serial programming (ATmega2560 data sheet, table 30-17). */
const SIGNATURE_INSTRUCTION = 0x30;
/** Set in an address: the chip needs the extended address byte. */
const EXTENDED = 0x8000_0000;

export class Stk500v2BootLoader extends AvrBootLoader {
  private sequence = 0;

  async run(): Promise<void> {
    await this.ask(Uint8Array.of(LEAVE, 1, 1));
  }

  protected synchronise(): Promise<unknown> {
    return this.ask(Uint8Array.of(SIGN_ON), SYNC_MS);
  }

  protected async enter(): Promise<string> {
    const signature: number[] = [];
    for (let index = 0; index < 3; index++) {
      const answer = await this.ask(Uint8Array.of(READ_SIGNATURE, 4, SIGNATURE_INSTRUCTION, 0, index, 0));
      signature.push(answer[0] ?? 0);
    }
    await this.ask(Uint8Array.of(ENTER, 200, 100, 25, 32, 0, 0x53, 3, 0xac, 0x53, 0, 0));
    return Buffer.from(signature).toString('hex');
  }

  protected async load(word: number): Promise<void> {
    const body = Buffer.alloc(5);
    body[0] = LOAD_ADDRESS;
    body.writeUInt32BE(EXTENDED + word, 1);
    await this.ask(body);
  }

  protected async writePage(bytes: Uint8Array): Promise<void> {
    // Mode, delay and instructions are those of AVR068 for paged flash; a boot loader does not look at them.
    const head = [WRITE_FLASH, bytes.length >> 8, bytes.length & 0xff, 0xc1, 10, 0x40, 0x4c, 0x20, 0, 0];
    await this.ask(Uint8Array.of(...head, ...bytes));
  }

  protected async readPage(length: number): Promise<Uint8Array> {
    const answer = await this.ask(Uint8Array.of(READ_FLASH, length >> 8, length & 0xff, 0x20));
    return answer.subarray(0, length);
  }

  /** @returns the bytes behind command and status */
  private async ask(body: Uint8Array, timeoutMs = ANSWER_MS): Promise<Buffer> {
    const sequence = this.sequence;
    this.sequence = (sequence + 1) & 0xff;
    const message = Buffer.from([START, sequence, body.length >> 8, body.length & 0xff, TOKEN, ...body, 0]);
    message[message.length - 1] = message.reduce((sum, byte) => sum ^ byte, 0);
    await this.line.write(message);
    const head = await this.line.read(5, timeoutMs);
    const length = head.readUInt16BE(2);
    const rest = await this.line.read(length + 1, timeoutMs);
    const sum = Buffer.concat([head, rest]).reduce((total, byte) => total ^ byte, 0);
    if (head[0] !== START || head[1] !== sequence || sum !== 0 || rest[0] !== body[0])
      throw new BootLoaderError('flash.line.strange', { doing: `0x${body[0]?.toString(16)}` });
    if (rest[1] !== OK) throw new BootLoaderError('flash.line.nack', { doing: `0x${body[0]?.toString(16)}` });
    return rest.subarray(2, -1);
  }
}
