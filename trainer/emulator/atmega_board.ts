/** An ATmega2560 (Arduino Mega 2560) inside this process: avr8js runs the binary. */
import { readFileSync } from 'node:fs';
import type { AVRUSART, CPU, EEPROMMemoryBackend } from 'avr8js';
import { characterTimeMs, type LineSettings, nearestRate } from '../bus';
import { ChipBoard } from './chip_board';
import { EmulatorMissingError, firmwareImage } from './firmware_image';

export interface AtmegaOptions {
  /** Flash content, from its start; default: the binary built for the board. */
  readonly image?: string;
}

const CLOCK_HERTZ = 16e6;
const CYCLE_NS = 1e9 / CLOCK_HERTZ;
const FLASH_BYTES = 256 * 1024;
const SRAM_BYTES = 8192;
const EXTENDED_IO_BYTES = 256; // registers at 0x100..0x1FF, which avr8js counts as SRAM
const EEPROM_BYTES = 4096;
const SLEEP = 0x9588;
/** Port B (data sheet 2549, 13.4). */
const PINB = 0x23;
const DDRB = 0x24;
const PORTB = 0x25;
const RECEIVER_ON = 0x10; // in UCSR0B
const TICK_NS = 1e6;

type Module = typeof import('avr8js');

function load(): Module {
  try {
    return require('avr8js') as Module;
  } catch {
    throw new EmulatorMissingError('the emulator of the ATmega2560 is not installed; npm install avr8js');
  }
}

export class AtmegaBoard extends ChipBoard {
  /** Asked at each conversion for the counts of an input: 0 to 1023. */
  analog: (input: number) => number = () => 0;
  private readonly module: Module;
  private readonly flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  private readonly eeprom: EEPROMMemoryBackend;
  private cpu!: CPU;
  private uart!: AVRUSART;
  private sleeps = false;

  private constructor(module: Module, image: Uint8Array) {
    super();
    this.module = module;
    this.flash.set(image);
    this.eeprom = new module.EEPROMMemoryBackend(EEPROM_BYTES);
    this.powerUp();
  }

  /** Rejects with EmulatorMissingError when avr8js or the firmware is not there. */
  static async start(options: AtmegaOptions = {}): Promise<AtmegaBoard> {
    const board = new AtmegaBoard(load(), readFileSync(options.image ?? firmwareImage('atmega2560', 'bin')));
    board.begin();
    return board;
  }

  /** Content of the EEPROM; survives restarts of the chip. */
  get store(): Uint8Array {
    return this.eeprom.memory;
  }

  /** Whether a pin of port B is driven high; undefined: it is not driven. Bit 7 is pin 13 of an Arduino Mega. */
  pin(bit: number): boolean | undefined {
    const on = (register: number): boolean => (((this.cpu.data[register] as number) >> bit) & 1) === 1;
    return on(DDRB) ? on(PORTB) : undefined;
  }

  /** Drives a pin of port B from outside, such as a button; a pin that nobody has driven is low. */
  input(bit: number, high: boolean): void {
    const before = this.cpu.data[PINB] as number;
    this.cpu.data[PINB] = high ? before | (1 << bit) : before & ~(1 << bit);
  }

  get line(): LineSettings {
    const { baudRate, parityEnabled, parityOdd, stopBits } = this.uart;
    return {
      baudRate: nearestRate(baudRate),
      parity: !parityEnabled ? 'none' : parityOdd ? 'odd' : 'even',
      stopBits: stopBits === 2 ? 2 : 1,
    };
  }

  /** Interrupt vectors of the ATmega2560 (data sheet 2549, table 14-1), as word addresses. */
  protected powerUp(): void {
    const { CPU: Core, AVRUSART: Uart, AVRTimer, AVREEPROM, AVRWatchdog, AVRClock } = this.module;
    const cpu = new Core(new Uint16Array(this.flash.buffer), SRAM_BYTES + EXTENDED_IO_BYTES);
    this.sleeps = false;
    this.uart = new Uart(
      cpu,
      {
        ...this.module.usart0Config,
        rxCompleteInterrupt: 0x32,
        dataRegisterEmptyInterrupt: 0x34,
        txCompleteInterrupt: 0x36,
      },
      CLOCK_HERTZ,
    );
    this.uart.onByteTransmit = this.transmitted;
    this.keepReceived(cpu);
    new AVRTimer(cpu, {
      ...this.module.timer0Config,
      compAInterrupt: 0x2a,
      compBInterrupt: 0x2c,
      ovfInterrupt: 0x2e,
    });
    new AVREEPROM(cpu, this.eeprom, { ...this.module.eepromConfig, eepromReadyInterrupt: 0x3c });
    this.converter(cpu);
    const watchdog = { ...this.module.watchdogConfig, watchdogInterrupt: 0x18 };
    new AVRWatchdog(cpu, watchdog, new AVRClock(cpu, CLOCK_HERTZ));
    // avr8js resets the core alone; a reset also resets what is around it.
    cpu.reset = this.restart;
    this.cpu = cpu;
  }

  protected step(): number {
    const { cpu } = this;
    const before = cpu.cycles;
    // To avr8js the instruction does nothing.
    if (cpu.progMem[cpu.pc] === SLEEP) this.sleeps = true;
    const { interruptsEnabled } = cpu;
    this.module.avrInstruction(cpu);
    // After interrupts are enabled one more instruction runs before the first of them (data sheet 2549, section 7.8). The compiler relies
    // on it between the two halves of the stack pointer; avr8js does not know it.
    if (interruptsEnabled || !cpu.interruptsEnabled) this.tick();
    return (cpu.cycles - before) * CYCLE_NS;
  }

  protected asleep(): boolean {
    return this.sleeps;
  }

  protected untilNext(): number {
    const { nextClockEvent } = this.cpu as unknown as { nextClockEvent: { cycles: number } | null };
    if (nextClockEvent === null) return TICK_NS;
    return Math.max(1, nextClockEvent.cycles - this.cpu.cycles) * CYCLE_NS;
  }

  protected skip(nanoseconds: number): void {
    this.cpu.cycles += Math.ceil(nanoseconds / CYCLE_NS);
    this.tick();
  }

  protected feed(byte: number | undefined, arrived: () => void): void {
    this.uart.onRxComplete = arrived;
    // A receiver that is not switched on hears nothing.
    if (byte !== undefined && this.uart.writeByte(byte) === true) return;
    this.cpu.addClockEvent(arrived, (CLOCK_HERTZ / 1000) * characterTimeMs(this.line));
  }

  /** Inputs 0 to 7, asked when a conversion begins. */
  private converter(cpu: CPU): void {
    const adc = new this.module.AVRADC(cpu, { ...this.module.adcConfig, adcInterrupt: 0x3a });
    adc.onADCRead = (input) => {
      const counts = 'channel' in input ? this.analog(input.channel) : 0;
      cpu.addClockEvent(() => adc.completeADCRead(counts), adc.sampleCycles);
    };
  }

  /** To avr8js every write to UCSR0B takes away a byte that has arrived; to the chip only one that switches the receiver off. */
  private keepReceived(cpu: CPU): void {
    const { UCSRA, UCSRB } = this.module.usart0Config;
    const { RXC } = this.uart as unknown as { RXC: Parameters<CPU['setInterruptFlag']>[0] };
    const write = cpu.writeHooks[UCSRB];
    cpu.writeHooks[UCSRB] = (value, ...rest) => {
      const received = ((cpu.data[UCSRA] as number) & RXC.flagMask) !== 0;
      const done = write?.(value, ...rest);
      if (received && (value & RECEIVER_ON) !== 0) cpu.setInterruptFlag(RXC);
      return done;
    };
  }

  /** What is due by now; an interrupt wakes the core. */
  private tick(): void {
    const { pc } = this.cpu;
    this.cpu.tick();
    if (this.cpu.pc !== pc) this.sleeps = false;
  }
}
