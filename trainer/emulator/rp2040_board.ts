/** A Raspberry Pi Pico inside this process: rp2040js runs the binary, this feeds its UART and keeps its clock honest. */
import { readFileSync } from 'node:fs';
import type { RP2040 } from 'rp2040js';
import { EmulatedBoard } from './emulated_board';
import { EmulatorMissingError, firmwareImage } from './firmware_image';
import { powerOn } from './rp2040_rom';

export interface Rp2040Options {
  /** Flash content, from its start; default: the binary built for the board. */
  readonly image?: string;
}

const FLASH_BYTES = 2 * 1024 * 1024;
const CYCLE_NS = 8; // 125 MHz
const BYTE_NS = 86_806; // ten bits at 115 200 baud
/** Longest time to compute before others in this process get their turn, in milliseconds. */
const SLICE_MS = 4;
/** Longest sleep of an idle board, and most emulated time it makes up for afterwards, in milliseconds. */
const IDLE_MS = 4;

type Module = typeof import('rp2040js');

function load(): Module {
  try {
    return require('rp2040js') as Module;
  } catch {
    throw new EmulatorMissingError('the emulator of the RP2040 is not installed; npm install rp2040js');
  }
}

function uartOf(chip: RP2040): NonNullable<RP2040['uart'][0]> {
  return chip.uart[0] as NonNullable<RP2040['uart'][0]>;
}

export class Rp2040Board extends EmulatedBoard {
  /** Flash content; survives restarts of the chip. */
  readonly flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  private readonly module: Module;
  private chip: RP2040;
  private readonly received: number[] = [];
  private sent: number[] = [];
  private sleeping = false;
  private idleSince = 0;
  private feeding = false;
  private timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  private closed = false;
  private restarts = false;

  private constructor(module: Module, image: Uint8Array) {
    super();
    this.module = module;
    this.flash.set(image);
    this.chip = this.powerUp();
  }

  /** Rejects with EmulatorMissingError when rp2040js or the firmware is not there. */
  static async start(options: Rp2040Options = {}): Promise<Rp2040Board> {
    const board = new Rp2040Board(load(), readFileSync(options.image ?? firmwareImage('rp2040', 'bin')));
    board.timer = setImmediate(() => board.run(performance.now()));
    return board;
  }

  /** Cuts the power and gives it back; the flash keeps what it holds. */
  powerCycle(): void {
    this.received.length = 0;
    this.feeding = false;
    this.chip = this.powerUp();
  }

  write(bytes: Uint8Array): void {
    if (this.closed) return;
    this.received.push(...bytes);
    if (!this.feeding) this.feedNext();
    // An idle board sleeps in this process too.
    this.reschedule();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.timer as NodeJS.Timeout);
    clearImmediate(this.timer as NodeJS.Immediate);
    this.emit('close');
  }

  private powerUp(): RP2040 {
    const { RP2040: Chip, ConsoleLogger, LogLevel } = this.module;
    const chip = new Chip();
    chip.logger = new ConsoleLogger(LogLevel.Error, false);
    chip.flash.set(this.flash);
    const uart = uartOf(chip);
    uart.onByte = (byte) => {
      this.sent.push(byte);
    };
    const watchdog = chip.peripherals[0x40058] as unknown as { onWatchdogTrigger: () => void };
    watchdog.onWatchdogTrigger = () => {
      this.restarts = true;
    };
    powerOn(chip, (offset, length) => {
      if (offset + length <= FLASH_BYTES)
        this.flash.set(chip.flash.subarray(offset, offset + length), offset);
    });
    return chip;
  }

  /** Bytes arrive at the line's speed in emulated time: the silence between frames is as on a wire. */
  private feedNext(): void {
    const { chip } = this;
    const byte = this.received.shift();
    this.feeding = byte !== undefined;
    if (byte === undefined) return;
    chip.clock
      .createAlarm(() => {
        if (chip !== this.chip) return;
        uartOf(chip).feedByte(byte);
        this.feedNext();
      })
      .schedule(BYTE_NS);
  }

  private reschedule(): void {
    if (this.closed || !this.sleeping) return;
    this.sleeping = false;
    clearTimeout(this.timer as NodeJS.Timeout);
    this.timer = setImmediate(() => this.run(this.idleSince));
  }

  /** One slice. `since`: when the emulated clock last stood still, so that an idle board's clock follows the real one. */
  private run(since: number): void {
    const start = performance.now();
    let budgetNs = Math.min(start - since, IDLE_MS) * 1e6;
    let idle = false;
    const clock = this.chip.clock as InstanceType<Module['RP2040']>['clock'] & {
      tick(nanoseconds: number): void;
      nanosToNextAlarm: number;
    };
    for (let count = 1; !this.restarts; count++) {
      if (this.chip.core.waiting) {
        const wait = clock.nanosToNextAlarm;
        if (wait > budgetNs && !this.feeding) {
          idle = true;
          break;
        }
        budgetNs -= wait;
        clock.tick(wait);
      } else {
        const spent = this.chip.core.executeInstruction() * CYCLE_NS;
        budgetNs -= spent;
        clock.tick(spent);
      }
      if ((count & 1023) === 0 && performance.now() - start > SLICE_MS) break;
    }
    if (this.sent.length > 0) {
      const bytes = Uint8Array.from(this.sent);
      this.sent = [];
      this.emit('data', bytes);
    }
    if (this.restarts) {
      this.restarts = false;
      this.powerCycle();
    }
    if (this.closed) return;
    if (idle) {
      this.sleeping = true;
      this.idleSince = performance.now();
      this.timer = setTimeout(() => {
        this.sleeping = false;
        this.run(this.idleSince);
      }, 1);
    } else {
      this.timer = setImmediate(() => this.run(performance.now()));
    }
  }
}
