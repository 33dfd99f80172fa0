/**
 * One virtual board: the firmware's own C code, driven step by step in this thread. The worker behind VirtualTrainer uses it; tests,
 * benches and property tests use it directly, with a clock of their own.
 */
import { randomFillSync } from 'node:crypto';
import { type LineSettings, sameLine } from '../bus';
import { Parity, StartReason } from '../contract/contract.generated';
import { boardOf } from '../definition';
import { codeOfWord, wordOf } from '../device/words';
import { exchangeOf, type FirmwareExports, instantiate } from './firmware';
import { Nvm, PowerCut } from './nvm';

export interface VirtualBoardOptions {
  /** Memory that the board gives to the trainer, in bytes. Default: that of the board "virtual". */
  readonly arenaBytes?: number;
  /** Modbus unit id, 1 to 247, at switch-on; it stays what a master makes of it. Default: what the memory holds, else 1. */
  readonly unit?: number;
  /** Stable identity. Default: the unit id, or 1. */
  readonly serialNumber?: number;
  /** Board name, at most 16 ASCII characters. Default "virtual". */
  readonly board?: string;
  /** File that keeps the non-volatile memory. Default: none, it lasts as long as the board object. */
  readonly nvmFile?: string;
  /** Reads that file and never writes it: what this board saves is forgotten with it. The file must be there. */
  readonly nvmReadOnly?: boolean;
  /** Size of the non-volatile memory in bytes; 0 = none. Default: two slots that hold the whole arena. */
  readonly nvmBytes?: number;
  /** Flash instead of EEPROM: erase and write granularity in bytes. */
  readonly flash?: {
    readonly pageBytes: number;
    readonly writeBytes: number;
    /** Erases that a page stands. Default: so many that they do not matter. */
    readonly cycles?: number;
  };
  /** Channels of its own, for definitions that let the board close the loop. Default: none. */
  readonly channels?: BoardChannels;
  /** Its chip has a boot loader: called when the firmware has left for it, which switches the board off until `restart`. Default: none. */
  readonly onBootLoader?: () => void;
  /** Settings of its serial line, as built. Default: none, frames arrive whole and the line cannot be set. */
  readonly line?: LineSettings;
  /** 'real' = the machine's, times `speed`; 'manual' = stands still until `advance` is called. Default 'real'. */
  readonly clock?: 'real' | 'manual';
  /** How much faster than real time the board's clock runs. Default 1. */
  readonly speed?: number;
}

/** Sensors and actuators around a virtual board, by their channels. */
export interface BoardChannels {
  readonly inputs: number;
  readonly outputs: number;
  /** Value of an input, -32768 to 32767; undefined: the sensor fails. */
  read(channel: number): number | undefined;
  /** Drives an output. False: the actuator fails. */
  drive(channel: number, value: number): boolean;
}

/** What drives the board's own output. */
export interface Actuation {
  readonly outputClass: number;
  readonly value: number;
}

/** Unwinds the firmware when it asks for a restart. */
class RestartRequest extends Error {}

/** Unwinds it when it leaves for the boot loader. */
class LeaveRequest extends Error {}

const BOARD_NAME_LENGTH = 16;
const STORE_OVERHEAD_BYTES = 8192;
const DEFAULT_PAGE = 4096;

function checked(name: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new RangeError(`${name} must be a whole number from ${least} to ${most}, got ${value}`);
  return value;
}

export class VirtualBoard {
  readonly arenaBytes: number;
  readonly nvm: Nvm;
  /** The last decision that drove the output. */
  actuation: Actuation | undefined;
  /** How often the board has started. */
  starts = 0;
  /** Settings of its serial line now; undefined = it has none. */
  line: LineSettings | undefined;
  private readonly builtLine: LineSettings | undefined;
  private readonly channels: BoardChannels | undefined;
  private readonly onBootLoader: (() => void) | undefined;
  private readonly name: string;
  private readonly serialNumber: number;
  private readonly unitAtStart: number | undefined;
  private readonly manualClock: boolean;
  private readonly speed: number;
  private readonly cycles: number;
  private elapsedUs = 0;
  private switchedOnMs = 0;
  private firmware: FirmwareExports | undefined;

  /** Switches the board on. Throws RangeError (options), FirmwareMissingError, MemoryFileError, or the system's error for the file. */
  constructor(options: VirtualBoardOptions = {}) {
    const { flash, unit, clock = 'real', speed = 1, board = 'virtual' } = options;
    this.arenaBytes = checked('arenaBytes', options.arenaBytes ?? boardOf('virtual').arena, 64, 2 ** 28);
    if (unit !== undefined) checked('unit', unit, 1, 247);
    this.unitAtStart = unit;
    this.serialNumber = checked('serialNumber', options.serialNumber ?? unit ?? 1, 0, 2 ** 32 - 1);
    if (board.length > BOARD_NAME_LENGTH)
      throw new RangeError(`board name longer than ${BOARD_NAME_LENGTH}: ${board}`);
    if (!(speed > 0)) throw new RangeError(`speed must be above 0, got ${speed}`);
    this.name = board;
    this.builtLine = options.line;
    this.channels = options.channels;
    this.onBootLoader = options.onBootLoader;
    this.manualClock = clock === 'manual';
    this.speed = speed;
    this.cycles = flash?.cycles ?? 0;
    const pages = Math.ceil((this.arenaBytes + STORE_OVERHEAD_BYTES) / DEFAULT_PAGE);
    const size = checked('nvmBytes', options.nvmBytes ?? 2 * pages * DEFAULT_PAGE, 0, 2 ** 30);
    this.nvm = new Nvm(
      { size, pageBytes: flash?.pageBytes ?? 1, writeBytes: flash?.writeBytes ?? 1 },
      options.nvmFile,
      { readOnly: options.nvmReadOnly === true },
    );
    this.restart();
    // Given by whoever wires the board up, it wins over what the memory holds.
    if (unit !== undefined) this.running().wasm_set_unit(unit);
  }

  /** Whether it is switched on. */
  get powered(): boolean {
    return this.firmware !== undefined;
  }

  /** Why the memory file did not take the last write; the board decides on and says so in its own status. */
  get memoryFault(): string | undefined {
    return this.nvm.fault?.message;
  }

  /** Whether there is work to do: polls bring it forward. */
  get busy(): boolean {
    return this.firmware !== undefined && this.firmware.wasm_busy() !== 0;
  }

  /** Bytes received that the firmware has yet to make a frame of. */
  get pending(): number {
    return this.firmware?.wasm_pending() ?? 0;
  }

  /** Modbus unit id now in force; 0 while switched off. */
  get unit(): number {
    return this.firmware?.wasm_unit() ?? 0;
  }

  /** Where the state came from at the last start. */
  get startReason(): StartReason {
    return this.running().wasm_start_reason() as StartReason;
  }

  /** Milliseconds on the board's clock since it was switched on. */
  get clockMs(): number {
    return this.nowUs() / 1000;
  }

  /** Puts a manual clock forward. */
  advance(milliseconds: number): void {
    if (!this.manualClock) throw new Error('only a manual clock can be put forward');
    if (!(milliseconds >= 0)) throw new RangeError('a clock never goes back');
    this.elapsedUs += 1000 * milliseconds;
  }

  /** Switches off, at once, and on again. The non-volatile memory stays. */
  restart(): void {
    this.powerCut();
    this.nvm.restorePower();
    this.switchedOnMs = performance.now();
    this.elapsedUs = 0;
    this.starts++;
    this.firmware = this.start();
    const { startReason } = this;
    const blank = startReason !== StartReason.SLOT_NEWEST && startReason !== StartReason.SLOT_OLDER;
    if (blank && this.unitAtStart !== undefined) this.firmware.wasm_set_unit(this.unitAtStart);
  }

  /** Switches off, at once. */
  powerCut(): void {
    this.firmware = undefined;
    this.actuation = undefined;
  }

  /** Cuts the power after so many more bytes of non-volatile memory were written. */
  powerCutAfter(bytes: number): void {
    this.nvm.cutPowerAfter(bytes);
  }

  /** A clean stop: lets the firmware save what is not saved, switches off for good and lets go of the file. */
  close(): void {
    try {
      this.firmware?.wasm_stop();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    } finally {
      this.powerCut();
    }
    this.nvm.close();
  }

  /**
   * Bytes arrive on the line. A board that is switched off does not hear them.
   * @param from settings of who sends them; to a board whose own are others they are noise, and dropped
   */
  receive(bytes: Uint8Array, from?: LineSettings): void {
    if (from !== undefined && this.line !== undefined && !sameLine(from, this.line)) return;
    for (let at = 0; at < bytes.length && this.firmware !== undefined; ) {
      const { firmware } = this;
      const exchange = exchangeOf(firmware);
      const part = bytes.subarray(at, at + exchange.length);
      exchange.set(part);
      const taken = firmware.wasm_receive(part.length);
      if (taken === 0) return; // overrun, as on any UART
      at += taken;
    }
  }

  /**
   * Rounds of the firmware's loop; each takes what was received and runs one slice of the job. Ends early with an answer.
   * @returns the answer's bytes, or undefined
   */
  poll(rounds = 1): Uint8Array | undefined {
    return this.run((firmware) => firmware.wasm_poll(rounds));
  }

  /**
   * One request to its answer, past the line: nothing received before belongs to it, and nothing of it stays behind.
   * @param request whole RTU frame with CRC
   * @returns the answer's frame; undefined when nobody answers (broadcast, other unit, bad CRC, switched off)
   */
  exchange(request: Uint8Array): Uint8Array | undefined {
    return this.run((firmware) => {
      exchangeOf(firmware).set(request);
      return firmware.wasm_frame(request.length);
    });
  }

  /**
   * Runs until no job is left.
   * @returns rounds that it took
   * @throws Error when `rounds` were not enough
   */
  runUntilIdle(rounds = 100_000_000): number {
    let done = 0;
    while (this.busy) {
      if (done >= rounds) throw new Error(`the board is still busy after ${rounds} rounds`);
      this.poll(1);
      done++;
    }
    return done;
  }

  /** Runs the firmware; `step` returns the bytes of an answer. */
  private run(step: (firmware: FirmwareExports) => number): Uint8Array | undefined {
    const { firmware } = this;
    if (firmware === undefined) return undefined;
    try {
      const length = step(firmware);
      return length === 0 ? undefined : exchangeOf(firmware).slice(0, length);
    } catch (error) {
      if (error instanceof RestartRequest) this.restart();
      else if (error instanceof LeaveRequest) {
        this.powerCut();
        this.onBootLoader?.();
      } else if (error instanceof PowerCut) this.powerCut();
      else throw error;
      return undefined;
    }
  }

  private running(): FirmwareExports {
    if (this.firmware === undefined) throw new Error('the board is switched off');
    return this.firmware;
  }

  private nowUs(): number {
    return this.manualClock ? this.elapsedUs : 1000 * (performance.now() - this.switchedOnMs) * this.speed;
  }

  private start(): FirmwareExports {
    const { nvm } = this;
    const bytesAt = (address: number, length: number): Uint8Array =>
      new Uint8Array(firmware.memory.buffer, address >>> 0, length);
    const firmware = instantiate({
      clock_ms: () => Math.floor(this.nowUs() / 1000) >>> 0,
      // Through a remainder: >>> alone would be wrong beyond 2^53.
      clock_us: () => (Math.floor(this.nowUs()) % 2 ** 32) >>> 0,
      nvm_read: (offset, address, length) => Number(nvm.read(offset >>> 0, bytesAt(address, length))),
      nvm_write: (offset, address, length) =>
        Number(nvm.write(offset >>> 0, bytesAt(address, length).slice())),
      nvm_erase: (offset) => Number(nvm.erase(offset >>> 0)),
      random: (address, length) => {
        randomFillSync(bytesAt(address, length));
      },
      actuate: (outputClass, value) => {
        this.actuation = { outputClass, value };
      },
      read_input: (channel, address) => {
        const value = this.channels?.read(channel);
        if (value === undefined) return 0;
        new DataView(firmware.memory.buffer).setInt16(address >>> 0, value, true);
        return 1;
      },
      drive_output: (channel, value) => Number(this.channels?.drive(channel, value) ?? false),
      set_line: (baudRate, parity, stopBits, apply) => {
        if (apply !== 0)
          this.line = {
            baudRate,
            parity: wordOf(Parity, parity) ?? 'none',
            stopBits: stopBits === 2 ? 2 : 1,
          };
        return 1;
      },
      restart: () => {
        throw new RestartRequest();
      },
      boot_loader: () => {
        throw new LeaveRequest();
      },
    });
    const exchange = exchangeOf(firmware);
    exchange.fill(0, 0, BOARD_NAME_LENGTH + 1);
    exchange.set(Buffer.from(this.name, 'ascii'));
    firmware.wasm_channels(this.channels?.inputs ?? 0, this.channels?.outputs ?? 0);
    if (this.onBootLoader !== undefined) firmware.wasm_boot_loader();
    this.line = this.builtLine;
    if (this.line !== undefined)
      firmware.wasm_line(
        this.line.baudRate,
        codeOfWord(Parity, this.line.parity) as number,
        this.line.stopBits,
      );
    const { size, pageBytes, writeBytes } = nvm.geometry;
    if (
      firmware.wasm_begin(this.arenaBytes, this.serialNumber, size, pageBytes, writeBytes, this.cycles) === 0
    )
      throw new RangeError(`no memory for an arena of ${this.arenaBytes} bytes`);
    return firmware;
  }
}
