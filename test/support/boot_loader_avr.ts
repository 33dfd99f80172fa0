/** An ATmega with the boot loader that Arduino boards ship, emulated (avr8js): its UART, and the flash that the boot loader writes. */
import { readFileSync } from 'node:fs';
import {
  AVRClock,
  AVRTimer,
  AVRUSART,
  AVRWatchdog,
  avrInstruction,
  CPU,
  clockConfig,
  timer1Config,
  usart0Config,
  watchdogConfig,
} from 'avr8js';
import { type ByteLine, ByteQueue } from '../../trainer/flash/byte_line';
import { parseHex } from '../../trainer/flash/image';

const CLOCK_HZ = 16e6;
const SLICE = 20_000;
/** Times that the emulated chip may be slower than a real one. */
const SLOWER = 25;
/** Cycles without a byte after which nothing is emulated until the next one. */
const REST_AFTER = 4 * CLOCK_HZ;
const SPM = 0x95e8;
/** Addresses in data space and bits (ATmega328P and ATmega2560 data sheets, "Boot Loader Support"). */
const SPMCSR = 0x57;
const MCUSR = 0x54;
const RAMPZ = 0x5b;
const EXTERNAL_RESET = 0x02;
const UCSR0A = 0xc0;
const RECEIVED = 0x80;

export interface AvrChip {
  /** Intel hex file of the boot loader, as the Debian package arduino-core-avr installs it. */
  readonly bootLoader: string;
  readonly flashBytes: number;
  readonly pageBytes: number;
  readonly sramBytes: number;
  /** Where the boot loader starts, in bytes (fuse BOOTSZ). */
  readonly bootStart: number;
  /** A record of the file that is left out. */
  readonly without?: string;
}

const BOOT_LOADERS = '/usr/share/arduino/hardware/arduino/avr/bootloaders';

/**
 * Optiboot as Debian builds it has 532 bytes, 20 more than its place of 512 from 0x7E00 on has, and runs over its own version number. It
 * jumps relatively only: here it lies in a boot section of 1 kB, without the number.
 */
export const ATMEGA328P: AvrChip = {
  bootLoader: `${BOOT_LOADERS}/optiboot/optiboot_atmega328.hex`,
  flashBytes: 0x8000,
  pageBytes: 128,
  without: ':027FFE00',
  sramBytes: 2048,
  bootStart: 0x7c00,
};

export const ATMEGA2560: AvrChip = {
  bootLoader: `${BOOT_LOADERS}/stk500v2/stk500boot_v2_mega2560.hex`,
  flashBytes: 0x4_0000,
  pageBytes: 256,
  sramBytes: 8192 + 256, // its registers take 512 bytes, the emulator counts 256
  bootStart: 0x3_e000,
};

export class BootLoaderAvr {
  readonly flash: Uint8Array;
  /** Pages that are still erased or written before the power is cut, in the middle of the last one. */
  operationsLeft = Number.POSITIVE_INFINITY;
  answer: (bytes: Uint8Array) => void = () => undefined;
  dark: () => void = () => undefined;
  private readonly chip: AvrChip;
  private cpu!: CPU;
  private uart!: AVRUSART;
  private readonly buffer: Uint8Array;
  private readonly waiting: number[] = [];
  private running = false;
  private powered = true;
  private lastByteAt = 0;

  constructor(chip: AvrChip) {
    this.chip = chip;
    this.flash = new Uint8Array(chip.flashBytes).fill(0xff);
    const lines = readFileSync(chip.bootLoader, 'latin1').split('\n');
    const text = lines
      .filter((line) => chip.without === undefined || !line.startsWith(chip.without))
      .join('\n');
    const [boot] = parseHex(text, chip.bootLoader);
    this.flash.set(boot?.bytes as Uint8Array, chip.bootStart);
    this.buffer = new Uint8Array(chip.pageBytes).fill(0xff);
    this.pressReset();
  }

  /** The application runs, and not the boot loader. */
  get started(): boolean {
    return this.cpu.pc * 2 < this.chip.bootStart;
  }

  pressReset(): void {
    const { chip } = this;
    this.powered = true;
    this.waiting.length = 0;
    this.operationsLeft = Number.POSITIVE_INFINITY;
    this.lastByteAt = 0;
    this.buffer.fill(0xff);
    const cpu = new CPU(new Uint16Array(this.flash.buffer), chip.sramBytes);
    this.cpu = cpu;
    const { reset } = cpu;
    // The fuse BOOTRST: every reset starts the boot loader, which looks at its reason.
    cpu.reset = () => {
      reset.call(cpu);
      cpu.pc = chip.bootStart / 2;
    };
    cpu.reset();
    new AVRTimer(cpu, timer1Config);
    new AVRWatchdog(cpu, watchdogConfig, new AVRClock(cpu, CLOCK_HZ, clockConfig));
    this.uart = new AVRUSART(cpu, usart0Config, CLOCK_HZ);
    this.uart.onByteTransmit = (byte) => this.answer(Uint8Array.of(byte));
    cpu.data[MCUSR] = EXTERNAL_RESET;
  }

  receive(bytes: Uint8Array): void {
    if (!this.powered) return;
    this.waiting.push(...bytes);
    this.lastByteAt = this.cpu.cycles;
    if (this.running) return;
    this.running = true;
    setImmediate(() => this.run());
  }

  /** Emulates until nothing has come for a while. */
  private run(): void {
    const { cpu, uart, waiting } = this;
    for (let count = 0; count < SLICE && this.powered; count++) {
      // The next byte comes when the one before was read: the chip's receiver holds two, the emulator's one.
      const taken = ((cpu.data[UCSR0A] as number) & RECEIVED) === 0;
      if (waiting.length > 0 && taken && !uart.rxBusy && uart.writeByte(waiting[0] as number) === true) {
        waiting.shift();
        this.lastByteAt = cpu.cycles;
      }
      if (cpu.progMem[cpu.pc] === SPM) this.storeProgramMemory();
      const { interruptsEnabled } = cpu;
      avrInstruction(cpu);
      // One more instruction runs after interrupts are enabled: see AtmegaBoard.
      if (interruptsEnabled || !cpu.interruptsEnabled) cpu.tick();
    }
    this.running = this.powered && !this.started && cpu.cycles - this.lastByteAt < REST_AFTER;
    if (this.running) setImmediate(() => this.run());
  }

  /** The instruction that writes flash, which the emulator leaves out. Done at once: a boot loader that asks finds it ready. */
  private storeProgramMemory(): void {
    const { data } = this.cpu;
    const { pageBytes } = this.chip;
    const high = this.chip.flashBytes > 0x1_0000 ? ((data[RAMPZ] as number) & 3) << 16 : 0;
    const z = high | ((data[31] as number) << 8) | (data[30] as number);
    const page = z - (z % pageBytes);
    const what = (data[SPMCSR] as number) & 0x1f;
    if (what === 0x01) {
      this.buffer[(z % pageBytes) & ~1] = data[0] as number;
      this.buffer[(z % pageBytes) | 1] = data[1] as number;
    } else if (what === 0x03 || what === 0x05) {
      this.operationsLeft--;
      const done = this.operationsLeft <= 0 ? pageBytes / 2 : pageBytes;
      for (let i = 0; i < done; i++)
        this.flash[page + i] =
          what === 0x03 ? 0xff : (this.flash[page + i] as number) & (this.buffer[i] as number);
      if (what === 0x05) this.buffer.fill(0xff);
      if (this.operationsLeft <= 0) {
        this.powered = false;
        this.dark();
      }
    }
    data[SPMCSR] = (data[SPMCSR] as number) & ~0x1f;
  }
}

/** The board at the other end of a line inside this process; its line DTR resets it. */
export function lineToAvr(board: BootLoaderAvr): ByteLine {
  const queue = new ByteQueue();
  board.answer = (bytes) => queue.push(bytes);
  board.dark = () => queue.fail(new Error('the adapter was unplugged'));
  return {
    write: async (bytes) => board.receive(bytes),
    // Its time is emulated, and slower than the clock of a busy machine.
    read: (count, timeoutMs) => queue.take(count, SLOWER * timeoutMs),
    discard: () => queue.discard(),
    signals: async ({ dtr }) => {
      if (dtr) board.pressReset();
      return true;
    },
    close: async () => undefined,
  };
}
