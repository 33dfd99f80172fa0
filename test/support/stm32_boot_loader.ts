/** An STM32 whose boot loader runs (AN3155), with its flash: what it is sent, it does; its power can be cut at any step. */
import { type ByteLine, ByteQueue } from '../../trainer/flash/byte_line';

const ACK = 0x79;
const NACK = 0x1f;
const COMMANDS = [0x00, 0x01, 0x02, 0x11, 0x21, 0x31, 0x44, 0x63, 0x73, 0x82, 0x92];
const VERSION = 0x31;

export interface SimulatedChip {
  /** Product id. */
  readonly id: number;
  readonly start: number;
  readonly pages: readonly number[];
  readonly sizeAt: number;
}

export const STM32F405: SimulatedChip = {
  id: 0x413,
  start: 0x0800_0000,
  pages: [...Array(4).fill(16_384), 65_536, ...Array(7).fill(131_072)],
  sizeAt: 0x1fff_7a22,
};

export class SimulatedStm32 {
  readonly flash: Uint8Array;
  /** Address that the boot loader jumped to; undefined = it still runs. */
  started: number | undefined;
  readProtected = false;
  /** Bytes that the chip still takes before its power is cut. */
  powerFor = Number.POSITIVE_INFINITY;
  /** Where answers go. */
  answer: (bytes: Uint8Array) => void = () => undefined;
  /** Called when the power goes. */
  dark: () => void = () => undefined;
  readonly chip: SimulatedChip;
  private synced = false;
  private held: number[] = [];
  private expects: ((bytes: number[]) => number | undefined) | undefined;

  constructor(chip: SimulatedChip) {
    this.chip = chip;
    this.flash = new Uint8Array(chip.pages.reduce((sum, bytes) => sum + bytes, 0)).fill(0xff);
  }

  /** Power on, BOOT0 high: the boot loader starts. */
  start(): void {
    this.synced = false;
    this.held = [];
    this.expects = undefined;
    this.started = undefined;
    this.powerFor = Number.POSITIVE_INFINITY;
  }

  receive(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.powerFor <= 0 || this.started !== undefined) return;
      this.powerFor--;
      this.take(byte);
      if (this.powerFor === 0) {
        this.dark();
        return;
      }
    }
  }

  private take(byte: number): void {
    if (!this.synced) {
      if (byte !== 0x7f) return;
      this.synced = true;
      this.say(ACK);
      return;
    }
    this.held.push(byte);
    if (this.expects !== undefined) {
      const used = this.expects(this.held);
      if (used !== undefined) this.held = this.held.slice(used);
    } else if (this.held.length === 2) {
      const [code, check] = this.held as [number, number];
      this.held = [];
      if ((code ^ check) === 0xff && COMMANDS.includes(code)) this.command(code);
      else this.say(NACK);
    }
  }

  private say(...bytes: number[]): void {
    if (this.powerFor > 0) this.answer(Uint8Array.from(bytes));
  }

  private refuse(): undefined {
    this.expects = undefined;
    this.held = [];
    this.say(NACK);
    return undefined;
  }

  /** Waits for what `length` says, checks its XOR, and goes on. */
  private after(length: (bytes: number[]) => number, act: (body: number[]) => void): void {
    this.expects = (bytes) => {
      const wanted = length(bytes);
      if (bytes.length < wanted) return undefined;
      const body = bytes.slice(0, wanted);
      const xor = body.reduce((sum, byte) => sum ^ byte, 0);
      const right = wanted === 2 ? xor === 0xff : xor === 0;
      this.expects = undefined;
      this.held = [];
      if (right) act(body);
      else this.say(NACK);
      return undefined;
    };
  }

  private withAddress(act: (address: number) => void): void {
    this.after(
      () => 5,
      ([a = 0, b = 0, c = 0, d = 0]) => act(((a << 24) | (b << 16) | (c << 8) | d) >>> 0),
    );
  }

  private command(code: number): void {
    const { chip } = this;
    if (this.readProtected && [0x11, 0x21, 0x31, 0x44].includes(code)) {
      this.refuse();
      return;
    }
    switch (code) {
      case 0x00:
        this.say(ACK, COMMANDS.length, VERSION, ...COMMANDS, ACK);
        break;
      case 0x01:
        this.say(ACK, VERSION, 0, 0, ACK);
        break;
      case 0x02:
        this.say(ACK, 1, chip.id >> 8, chip.id & 0xff, ACK);
        break;
      case 0x11:
        this.say(ACK);
        this.withAddress((address) => this.read(address));
        break;
      case 0x21:
        this.say(ACK);
        this.withAddress((address) => {
          this.say(ACK);
          this.started = address;
        });
        break;
      case 0x31:
        this.say(ACK);
        this.withAddress((address) => this.write(address));
        break;
      case 0x44:
        this.say(ACK);
        this.erase();
        break;
      default:
        this.say(NACK);
    }
  }

  private memory(address: number, length: number): Uint8Array | undefined {
    const { start, sizeAt } = this.chip;
    if (address >= start && address + length <= start + this.flash.length)
      return this.flash.subarray(address - start, address - start + length);
    const from = sizeAt & ~3;
    if (address === from && length === 4) {
      const bytes = new Uint8Array(4).fill(0xff);
      new DataView(bytes.buffer).setUint16(sizeAt - from, this.flash.length / 1024, true);
      return bytes;
    }
    return undefined;
  }

  private read(address: number): void {
    if (this.memory(address, address === (this.chip.sizeAt & ~3) ? 4 : 1) === undefined) {
      this.refuse();
      return;
    }
    this.say(ACK);
    this.after(
      () => 2,
      ([count = 0]) => {
        const bytes = this.memory(address, count + 1);
        if (bytes === undefined) this.refuse();
        else this.say(ACK, ...bytes);
      },
    );
  }

  /** Flash can only clear bits. */
  private write(address: number): void {
    if (this.memory(address, 4) === undefined || address % 4 !== 0) {
      this.refuse();
      return;
    }
    this.say(ACK);
    this.after(
      ([count = 0]) => count + 3,
      (body) => {
        const bytes = body.slice(1, -1);
        const place = this.memory(address, bytes.length);
        if (place === undefined || bytes.length % 4 !== 0) {
          this.refuse();
          return;
        }
        // Cut in the middle of it, a part is written.
        const written = this.powerFor === 0 ? bytes.length / 2 : bytes.length;
        for (let i = 0; i < written; i++) place[i] = (place[i] as number) & (bytes[i] as number);
        this.say(ACK);
      },
    );
  }

  private erase(): void {
    this.after(
      (bytes) => {
        const count = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
        return bytes.length < 2 || count >= 0xfff0 ? 3 : 2 * (count + 1) + 3;
      },
      (body) => {
        const count = ((body[0] as number) << 8) | (body[1] as number);
        const numbers =
          count >= 0xfff0
            ? this.chip.pages.map((_, index) => index)
            : Array.from(
                { length: count + 1 },
                (_, i) => ((body[2 * i + 2] as number) << 8) | (body[2 * i + 3] as number),
              );
        for (const number of numbers) {
          const bytes = this.chip.pages[number];
          if (bytes === undefined) {
            this.refuse();
            return;
          }
          const from = this.chip.pages.slice(0, number).reduce((sum, bytes) => sum + bytes, 0);
          // Cut in the middle of it, a part is erased and the rest is as it was.
          this.flash.fill(0xff, from, from + (this.powerFor === 0 ? bytes / 2 : bytes));
        }
        this.say(ACK);
      },
    );
  }
}

/** The chip at the other end of a line inside this process. */
export function lineTo(chip: SimulatedStm32): ByteLine {
  const queue = new ByteQueue();
  chip.answer = (bytes) => queue.push(bytes);
  chip.dark = () => queue.fail(new Error('the adapter was unplugged'));
  return {
    write: async (bytes) => chip.receive(bytes),
    read: (count, timeoutMs) => queue.take(count, timeoutMs),
    discard: () => queue.discard(),
    signals: async () => false,
    close: async () => undefined,
  };
}
