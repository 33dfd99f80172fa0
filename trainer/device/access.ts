/** One unit on a bus, as registers: reads, writes, and both in one transaction where the path can. */

import {
  type BusRequest,
  BusTimeoutError,
  FrameError,
  ModbusExceptionError,
  type Priority,
  type ReplyTo,
  type RequestOptions,
} from '../bus';
import { Registers, TrainerErrors } from '../contract/contract.generated';
import type { Text } from '../text';
import { TrainerError } from './errors';
import { RegisterWindow } from './registers';

/** What the client needs of a bus; BusHandle and Bus have it. */
export interface RegisterBus {
  request<R extends BusRequest>(request: R, options?: RequestOptions<R>): Promise<ReplyTo<R>>;
}

/** How requests are sent. Times in milliseconds. */
export interface AccessOptions {
  readonly priority?: Priority;
  /** Whole time, queue and retries included. */
  readonly deadlineMs?: number;
  /** Wait for one answer. */
  readonly responseTimeoutMs?: number;
  /** Every request of the protocol can be repeated safely, writes included. Default 3. */
  readonly retries?: number;
  readonly signal?: AbortSignal;
}

/** What is done, in the words of the error texts, and how. */
export interface Doing extends AccessOptions {
  readonly doing: Text;
}

const DEFAULT_RETRIES = 3;
const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
const ILLEGAL_VALUE = 3;
const DEVICE_FAILURE = 4;
const DEVICE_BUSY = 6;
/** A write, and the read of its answer. */
interface Exchange {
  readonly writeAddress: number;
  readonly values: readonly number[];
  readonly readAddress: number;
  /** Registers to read. */
  readonly quantity: number;
  /** Whether the registers that were read answer this very write; others are dropped. */
  readonly belongs: (window: RegisterWindow) => boolean;
}

/** Exceptions that a trainer answers with when it refuses a request. */
const REFUSALS = [ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE, DEVICE_FAILURE];
/** Read/write requests in a row that only the separate functions got through, after which FC 23 is no longer tried. */
const STRIKES = 2;
/** Registers that FC 23 may write. */
const READ_WRITE_MOST = 121;

function isSilence(error: unknown): boolean {
  return error instanceof FrameError || (error instanceof BusTimeoutError && error.phase === 'reply');
}

export class UnitAccess {
  readonly unit: number;
  private readonly bus: RegisterBus;
  private readonly defaults: AccessOptions;
  /** Whether FC 23 gets through; learned from the first requests. */
  private combined: 'unknown' | 'yes' | 'no' = 'unknown';
  private strikes = 0;

  constructor(bus: RegisterBus, unit: number, defaults: AccessOptions) {
    this.bus = bus;
    this.unit = unit;
    this.defaults = defaults;
  }

  /** False once FC 23 was found not to work on this path. */
  get usesReadWrite(): boolean {
    return this.combined !== 'no';
  }

  /** The path may be another one: find out again whether FC 23 gets through. */
  forgetPath(): void {
    this.combined = 'unknown';
    this.strikes = 0;
  }

  private options({ doing: _, ...given }: Doing): AccessOptions {
    return { retries: DEFAULT_RETRIES, ...this.defaults, ...given };
  }

  async read(address: number, quantity: number, how: Doing): Promise<RegisterWindow> {
    try {
      const reply = await this.bus.request({ unit: this.unit, fc: 3, address, quantity }, this.options(how));
      return new RegisterWindow(address, reply.values);
    } catch (error) {
      throw await this.explain(error, how, false);
    }
  }

  /** Coils (FC 1) or discrete inputs (FC 2). */
  async readBits(fc: 1 | 2, address: number, quantity: number, how: Doing): Promise<boolean[]> {
    const { values } = await this.bus.request({ unit: this.unit, fc, address, quantity }, this.options(how));
    return values;
  }

  async writeCoil(address: number, value: boolean, how: Doing): Promise<void> {
    try {
      await this.bus.request({ unit: this.unit, fc: 5, address, value }, this.options(how));
    } catch (error) {
      throw await this.explain(error, how, true);
    }
  }

  async write(address: number, values: readonly number[], how: Doing): Promise<void> {
    try {
      await this.bus.request({ unit: this.unit, fc: 16, address, values }, this.options(how));
    } catch (error) {
      throw await this.explain(error, how, true);
    }
  }

  /**
   * Writes, then reads: in one transaction (FC 23) where the path supports it, else with FC 16 and FC 3. Another master may come
   * between the two separate functions, so the caller asks again when the result is undefined.
   */
  async writeRead(exchange: Exchange, how: Doing): Promise<RegisterWindow | undefined> {
    const { writeAddress, values, readAddress, quantity, belongs } = exchange;
    if (this.combined === 'no' || values.length > READ_WRITE_MOST) return this.writeThenRead(exchange, how);
    const options = this.options(how);
    const windowOf = (words: readonly number[]): RegisterWindow => new RegisterWindow(readAddress, words);
    try {
      const reply = await this.bus.request(
        { unit: this.unit, fc: 23, address: readAddress, quantity, writeAddress, values },
        {
          ...options,
          // While it is not known whether FC 23 gets through, the separate functions are the retry.
          ...(this.combined === 'unknown' ? { retries: 0 } : {}),
          accept: ({ values: words }) => belongs(windowOf(words)),
        },
      );
      this.combined = 'yes';
      return windowOf(reply.values);
    } catch (error) {
      if (error instanceof ModbusExceptionError && error.exception === ILLEGAL_FUNCTION) {
        this.combined = 'no';
        return this.writeThenRead(exchange, how);
      }
      if (this.combined === 'unknown' && isSilence(error)) {
        const window = await this.writeThenRead(exchange, how);
        if (++this.strikes >= STRIKES) this.combined = 'no';
        return window;
      }
      throw await this.explain(error, how, true);
    }
  }

  private async writeThenRead(exchange: Exchange, how: Doing): Promise<RegisterWindow | undefined> {
    const { writeAddress, values, readAddress, quantity, belongs } = exchange;
    await this.write(writeAddress, values, how);
    const window = await this.read(readAddress, quantity, how);
    return belongs(window) ? window : undefined;
  }

  /** A Modbus exception says only that a request was refused; the trainer's last_error says why. */
  private async explain(error: unknown, how: Doing, wrote: boolean): Promise<unknown> {
    if (!(error instanceof ModbusExceptionError)) return error;
    // "Busy" has one reason only; asking for the reason would take as long as repeating the request.
    if (error.exception === DEVICE_BUSY)
      return new TrainerError(this.unit, how.doing, TrainerErrors.BUSY.code, 0);
    if (!wrote || !REFUSALS.includes(error.exception)) return error;
    try {
      const { address } = Registers.lastError;
      const reply = await this.bus.request(
        { unit: this.unit, fc: 3, address, quantity: 2 },
        this.options(how),
      );
      const window = new RegisterWindow(address, reply.values);
      const code = window.number('lastError');
      return code === 0
        ? error
        : new TrainerError(this.unit, how.doing, code, window.number('lastErrorDetail'));
    } catch {
      return error;
    }
  }
}
