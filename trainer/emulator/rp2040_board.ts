/** A Raspberry Pi Pico inside this process: rp2040js runs the binary. */
import { readFileSync } from 'node:fs';
import type { RP2040 } from 'rp2040js';
import { characterTimeMs, type LineSettings, nearestRate } from '../bus';
import { ChipBoard } from './chip_board';
import { EmulatorMissingError, firmwareImage } from './firmware_image';
import { powerOn } from './rp2040_rom';

export interface Rp2040Options {
  /** Flash content, from its start; default: the binary built for the board. */
  readonly image?: string;
}

const FLASH_BYTES = 2 * 1024 * 1024;
const CYCLE_NS = 8; // 125 MHz
/** Bits of the line control register (RP2040 datasheet, 4.2.8). */
const LCR_H = 0x2c;
const [PARITY, EVEN, TWO_STOP_BITS] = [1 << 1, 1 << 2, 1 << 3];

type Module = typeof import('rp2040js');
type Clock = RP2040['clock'] & { tick(nanoseconds: number): void; nanosToNextAlarm: number };

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

export class Rp2040Board extends ChipBoard {
  /** Flash content; survives restarts of the chip. */
  readonly flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  /** Asked at each conversion for the counts of an input: 0 to 3 are GPIO 26 to 29, 4 is the temperature of the chip. */
  analog: (input: number) => number = () => 0;
  private readonly module: Module;
  private chip!: RP2040;
  private clock!: Clock;

  private constructor(module: Module, image: Uint8Array) {
    super();
    this.module = module;
    this.flash.set(image);
    this.powerUp();
  }

  /** Rejects with EmulatorMissingError when rp2040js or the firmware is not there. */
  static async start(options: Rp2040Options = {}): Promise<Rp2040Board> {
    const board = new Rp2040Board(load(), readFileSync(options.image ?? firmwareImage('rp2040', 'bin')));
    board.begin();
    return board;
  }

  get line(): LineSettings {
    const uart = uartOf(this.chip);
    const control = uart.readUint32(LCR_H);
    return {
      baudRate: nearestRate(uart.baudRate),
      parity: (control & PARITY) === 0 ? 'none' : (control & EVEN) === 0 ? 'odd' : 'even',
      stopBits: (control & TWO_STOP_BITS) === 0 ? 1 : 2,
    };
  }

  /** Whether a GPIO is driven high; undefined: it is not driven. */
  pin(gpio: number): boolean | undefined {
    const pin = this.chip.gpio[gpio];
    return pin?.outputEnable === true ? pin.outputValue : undefined;
  }

  protected powerUp(): void {
    const { RP2040: Chip, ConsoleLogger, LogLevel } = this.module;
    const chip = new Chip();
    chip.logger = new ConsoleLogger(LogLevel.Error, false);
    chip.flash.set(this.flash);
    uartOf(chip).onByte = this.transmitted;
    const watchdog = chip.peripherals[0x40058] as unknown as { onWatchdogTrigger: () => void };
    watchdog.onWatchdogTrigger = this.restart;
    powerOn(
      chip,
      (offset, length) => {
        if (offset + length <= FLASH_BYTES)
          this.flash.set(chip.flash.subarray(offset, offset + length), offset);
      },
      this.leaves,
    );
    const { adc } = chip;
    const convert = adc.onADCRead;
    adc.onADCRead = (input) => {
      adc.channelValues[input] = this.analog(input);
      convert(input);
    };
    this.chip = chip;
    this.clock = chip.clock as Clock;
  }

  protected step(): number {
    const spent = this.chip.core.executeInstruction() * CYCLE_NS;
    this.clock.tick(spent);
    return spent;
  }

  protected asleep(): boolean {
    return this.chip.core.waiting;
  }

  protected untilNext(): number {
    return this.clock.nanosToNextAlarm;
  }

  protected skip(nanoseconds: number): void {
    this.clock.tick(nanoseconds);
  }

  protected feed(byte: number | undefined, arrived: () => void): void {
    const { chip } = this;
    chip.clock
      .createAlarm(() => {
        if (chip !== this.chip) return;
        if (byte !== undefined) uartOf(chip).feedByte(byte);
        arrived();
      })
      .schedule(1e6 * characterTimeMs(this.line));
  }
}
